"""One segment of the XML view as the bytes it stands for, put together while its elements are read."""

import re
from collections.abc import Mapping

from edi_gateway.reports.xml_texts import SKIPPED_MAX, VALUE_MAX, is_id, unescaped, untold
from edi_gateway.x12.tokens import BLANKS, LINE_ENDS, Separators

_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


class WrongError(ValueError):
    """What keeps a view from being read."""


def separators(attributes: Mapping[str, str]) -> tuple[Separators, str]:
    """The separators of an interchange, that of components empty where it has none, and its line end."""
    found = {name: _escaped(attributes[name]) for name in ("element", "component", "segment", "repetition")
             if name in attributes}
    if not {"element", "segment"} <= set(found):
        raise WrongError("the interchange does not tell its separators: the attributes element and segment")
    for name, mark in found.items():
        if len(mark) != 1 or ord(mark) > 255:
            raise WrongError(f"{name} is {attributes[name]!r}, which is not one character of one byte")
    if len(set(found.values())) < len(found):
        raise WrongError("two of the separators are the same")
    line_end = _escaped(attributes.get("line-end", ""))
    if line_end.strip(LINE_ENDS):
        raise WrongError(f"line-end is {attributes['line-end']!r}, which is no line end")
    return Separators(
        found["element"], found.get("component", ""), found["segment"], found.get("repetition")
    ), line_end


class Row:
    """A segment that is being read: `start`, `data` and `end` are told of everything inside, in its order."""

    def __init__(self, marks: Separators, usual: str, tag: str, attributes: Mapping[str, str]) -> None:
        self.id = _escaped(attributes.get("id", "")) if tag == "segment" else tag
        if tag != "segment" and not is_id(tag):
            raise WrongError(f"{tag} is no id of a segment; one that is unlike others is <segment id=…>")
        self._marks = marks
        self._tag = tag
        self._before, self._end = _layout(attributes.get("before", "")), _layout(attributes.get("end", usual), usual)
        self._forbidden = frozenset(self._no_values())
        self._values = [_checked(self.id, self._forbidden - frozenset(marks.component + (marks.repetition or "")))]
        self._parts: list[str] = []
        self._element = ""
        self._repeated = False
        self._depth = 0
        self._text: list[str] = []
        self._size = 0
        self._leaf: Mapping[str, str] | None = None
        self._positions = [0, 0]

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element of the segment begins, or a component of an element."""
        if self._depth == 2:
            raise WrongError(f"{tag} stands inside of a component")
        self._no_text()
        position = self._position(tag, attributes)
        before = self._positions[self._depth]
        again = self._depth == 0 and position == before
        if position <= before and not again:
            raise WrongError(f"{tag} stands behind a later one")
        if again and self._marks.repetition is None:
            raise WrongError(f"{tag} comes twice, and the interchange has no separator of repetitions")
        if position > max(before, SKIPPED_MAX) + 1:
            raise WrongError(f"{tag} is far behind the one before it: beyond {SKIPPED_MAX} none is left out")
        (self._parts if self._depth else self._values).extend([""] * (position - before - 1))
        self._positions[self._depth:] = [position, 0][:2 - self._depth]
        if self._depth == 0:
            self._parts, self._element, self._repeated = [], tag, again
        self._leaf = dict(attributes)
        self._depth += 1

    def data(self, text: str) -> None:
        """Text of a value, or blanks between elements."""
        self._size += len(text)
        if self._size > VALUE_MAX:
            raise WrongError(f"the segment has more than {VALUE_MAX} characters")
        self._text.append(text)

    def end(self) -> bool:
        """What was begun last ends; True when that is the segment itself."""
        if self._depth == 0:
            self._no_text()
            return True
        self._depth -= 1
        value = self._value() if self._leaf is not None else None
        self._leaf = None
        if self._depth == 1:
            self._no_text()
            self._parts.append(value or "")
        else:
            self._add(value)
        return False

    @property
    def content(self) -> bytes:
        """The segment, and what stands before and behind it."""
        text = self._marks.element.join(self._values)
        return f"{self._before}{text}{self._end}".encode("latin-1")

    def _add(self, value: str | None) -> None:
        if value is None:
            self._no_text()
            if not self._marks.component and len(self._parts) > 1:
                raise WrongError(f"{self._element} has components, and the interchange has no separator of them")
            value = self._marks.component.join(self._parts)
        if self._repeated:
            self._values[-1] += f"{self._marks.repetition}{value}"
        else:
            self._values.append(value)

    def _value(self) -> str:
        text, self._text = "".join(self._text), []
        assert self._leaf is not None
        try:
            return _checked(untold(text, self._leaf), self._forbidden)
        except UnicodeEncodeError as error:
            raise WrongError(f"the value {text[:40]!r} does not fit its charset") from error
        except ValueError as error:
            raise WrongError(str(error)) from error

    def _no_text(self) -> None:
        if "".join(self._text).strip(BLANKS):
            raise WrongError(f"the text {''.join(self._text).strip(BLANKS)[:40]!r} stands beside elements")
        self._text = []

    def _no_values(self) -> str:
        """What no value may hold. The ISA is parted by its element separator alone, and names others itself."""
        marks = self._marks
        if self.id == "ISA":
            return marks.element
        ends = LINE_ENDS if marks.segment in LINE_ENDS else marks.segment
        return marks.element + ends + marks.component + (marks.repetition or "")

    def _position(self, tag: str, attributes: Mapping[str, str]) -> int:
        own = self._tag if self._depth == 0 else f"{self._element}-"
        if self._tag == "segment":
            number = attributes.get("position", "") if tag == ("element", "component")[self._depth] else ""
        else:
            number = tag.removeprefix(own) if tag.startswith(own) else ""
            if self._depth == 0:
                number = number.removeprefix("0") if len(number) == 2 else number if len(number) > 2 else ""
        if not _NUMBER.fullmatch(number):
            raise WrongError(f"{tag} stands in {self._tag if self._depth == 0 else self._element}")
        return int(number)


def _escaped(text: str) -> str:
    try:
        return unescaped(text)
    except ValueError as error:
        raise WrongError(str(error)) from error


def _layout(text: str, usual: str = "") -> str:
    """What stands around a segment: separators and blanks, as one character a byte."""
    found = text if text == usual else _escaped(text)
    try:
        found.encode("latin-1")
    except UnicodeEncodeError as error:
        raise WrongError(f"{text[:40]!r} around a segment is more than one byte a character") from error
    return found


def _checked(value: str, forbidden: frozenset[str]) -> str:
    if not forbidden.isdisjoint(value):
        raise WrongError(f"the value {value[:40]!r} holds a separator")
    return value
