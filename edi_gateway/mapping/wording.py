"""How values become text in the function that writes: expressions, and what they call."""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from edi_gateway.mapping import texts
from edi_gateway.mapping.fitting import TextRules
from edi_gateway.mapping.foresight import UnfitError
from edi_gateway.mapping.forms import Forms
from edi_gateway.mapping.memo import Unusual
from edi_gateway.mapping.plan import Form, Line
from edi_gateway.mapping.template import joined
from edi_gateway.x12.spec import Element
from edi_gateway.x12.tokens import Separators

_REMEMBERED = 10_000
_LONGEST = 30


class Said(dict[Any, Any]):
    """What is written for values, each made once; forgets everything when it has grown large."""

    def __init__(self, write: Callable[[Any], Any]) -> None:
        self._write = write

    def __missing__(self, value: Any) -> Any:
        if len(self) >= _REMEMBERED:
            self.clear()
        if isinstance(value, str) and len(value) > _LONGEST:
            return self._write(value)
        made = self[value] = self._write(value)
        return made


def odd(_: object) -> str:
    """Leaves the noun to the careful way."""
    raise Unusual


def clean(text: str, sound: bytes, marks: int) -> bool:
    """Whether there is nothing but so many separators in a text beside the bytes that it may hold."""
    try:
        return len(text.encode().translate(None, sound)) == marks
    except UnicodeEncodeError:
        return False


def sound_bytes(separators: Separators, rules: TextRules) -> bytes:
    """The bytes that a value may hold: no separators, no control characters, and nothing that the partner refuses."""
    marks = separators.all.encode("ascii")
    odd = {*marks, *range(32), 127, *(byte for byte in range(128) if rules.fault(chr(byte)))}
    beyond = range(128, 256) if rules.fault("é") else ()
    return bytes({*range(256)} - odd - {*beyond})


def checked(line: Line, form: Form, element: Element, rules: TextRules, forms: Forms) -> Callable[[Any], str]:
    """The function from a value to its text, which raises `Unusual` for one that would not be read as it is."""
    free = rules.upper_case and element.id in rules.free and not (line.pairs or line.row.codes)

    def made(value: Any) -> str:
        try:
            if isinstance(value, dt.time) and forms.cut(value) != value:
                raise Unusual
            text = form.write(value)
            text = text if isinstance(value, str) else forms.said(text, element)
            if texts.fault(text, element) or (form.read or str)(text) != value:
                raise Unusual
        except ValueError:
            raise Unusual from None
        if free and isinstance(value, str) and value.upper() != value:
            raise Unusual
        return text

    return made


def is_free(element: Element) -> bool:
    """Whether an element takes any text of the right length."""
    return element.type == "AN" and not (element.narrowed and element.codes is not None)


def by_verb(line: Line, forms: Forms) -> Callable[[Any], tuple[str, ...]]:
    """The function from a value to the texts that the row's verb makes of it."""
    elements, write, read = [spot.element for spot in line.spots], line.verb.write, line.verb.read

    def made(value: Any) -> tuple[str, ...]:
        try:
            if isinstance(value, dt.time | dt.datetime) and forms.cut(value) != value:
                raise Unusual
            pairs = list(zip(elements, write(value), strict=True))
            said = tuple([forms.clock(text, element) if text else "" for element, text in pairs])
            faults = [text and texts.fault(text, element) for text, element in zip(said, elements, strict=True)]
            if not any(said) or any(faults) or read(said) != value:
                raise Unusual
        except ValueError:
            raise Unusual from None
        return said

    def one(value: Any) -> tuple[str, ...]:
        """The same for a single text that is neither number nor time nor one of a list."""
        try:
            (text,) = write(value)
            if not shortest <= len(text) <= longest or text.isspace() or read((text,)) != value:
                raise Unusual
        except ValueError:
            raise Unusual from None
        return (text,)

    shortest, longest = elements[0].min, elements[0].max
    return one if len(elements) == 1 and is_free(elements[0]) and line.row.shape.type is str else made


class Wording:
    """The expressions of values under a partner's rules; `name` makes names for the function."""

    def __init__(self, rules: TextRules, forms: Forms, name: Callable[..., str]) -> None:
        self.rules = rules
        self.forms = forms
        self.name = name

    def value(self, line: Line, form: Form, element: Element, value: str, sure: bool = False) -> str:
        """The expression of a value's text; empty where nothing is said."""
        careful = checked(line, form, element, self.rules, self.forms)
        kind = str if line.pairs else line.row.shape.type
        plain = is_free(element) and not (self.rules.upper_case and element.id in self.rules.free)
        if kind is str and form.read is None and plain:
            short = f" and len(e) >= {element.min}" if element.min > 1 else ""
            text = f"e if e >= '!' and len(e) <= {element.max}{short} else odd(e)"
        elif kind is Decimal and form.read is texts.read_number and self.as_it_is(element):
            other = self.name("number", careful)
            text = f"s if ':' > (s := str(e)) >= '0' and len(s) <= {element.max} and 'E' not in s else {other}(e)"
        elif kind is Decimal:
            text = f"{self.name('number', careful)}(e)"
        else:
            text = f"{self.name('said', Said(careful))}[e]"
        if sure:
            return f"({_first(text, value)})"
        return f"('' if (e := {value}) is None else {text})"

    def pairs(self, line: Line, value: str, row: str, mark: str) -> Iterator[str]:
        """The code that says a list of pairs at the end of a segment's text."""
        kind, text = line.forms
        cls: Any = line.row.shape.type
        elements = _pair_elements(line)
        if len({(e.min, e.max, e.type, e.narrowed, id(e.codes)) for e in elements[1::2]}) > 1:
            raise UnfitError
        if len({(e.min, e.max, e.type, e.narrowed) for e in elements[::2]}) > 1 or any(e.narrowed for e in elements):
            raise UnfitError
        if any(e.components for e in elements):
            raise UnfitError
        yield f"if len({value}) > {len(line.pairs)}:"
        yield "    raise Unusual"
        yield f"for pair in {value}:"
        yield "    pair = pair.__dict__"
        for key, info in cls.model_fields.items():
            if key not in {"kind", "value"}:
                yield f"    if pair[{key!r}] != {self.name('default', (info.get_default(),))}[0]:"
                yield "        raise Unusual"
        if not all(cls.model_fields[key].is_required() for key in ("kind", "value")):
            raise UnfitError
        first, second = (
            self.value(line, form, element, f"pair[{key!r}]", sure=True)
            for form, element, key in ((kind, elements[0], "kind"), (text, elements[1], "value"))
        )
        yield f"    {row} += {joined(mark, (first, second))}"
        yield "    marks += 2"

    def as_it_is(self, element: Element) -> bool:
        forms = self.forms
        return (
            element.type == "R" and element.min <= 1 and element.id not in forms.places and forms.trailing_zeros
            and forms.leading_zero and not (element.narrowed and element.codes is not None)
        )


def _first(text: str, value: str) -> str:
    """The expression with `e` bound to the value where it is evaluated first."""
    if text.endswith("[e]"):
        return f"{text[:-3]}[{value}]"
    if text.startswith("e if "):
        return text.replace("if e", f"if (e := {value})", 1)
    return text.replace("str(e)", f"str(e := {value})", 1) if "str(e)" in text else text.replace("(e)", f"({value})")


def _pair_elements(line: Line) -> list[Element]:
    """The elements of a row's pairs, kinds and values by turns."""
    elements = line.spot.place.segment.elements
    return [elements[at - 1 + offset] for at in line.pairs for offset in (0, 1)]
