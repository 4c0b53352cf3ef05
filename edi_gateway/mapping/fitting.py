"""Nouns as a partner can take them: the characters, case and length of texts, the form of times, the order of lists.

Only free texts are ever changed, and times cut to what the partner's form can say; each change is
remarked. Ids, codes, numbers and dates stay as they are, and what no rule may change is refused by
whoever writes it. The order of a list that is told by codes says nothing, so that is no remark.
"""

import datetime as dt
import re
import string
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from edi_gateway.issues import Finding
from edi_gateway.issues import mapping as issues
from edi_gateway.mapping.forms import Forms
from edi_gateway.mapping.paths import Spot
from edi_gateway.mapping.plan import Line, Sheet
from edi_gateway.model import Noun
from edi_gateway.x12.spec import Element
from edi_gateway.x12.tokens import Separators
from edi_gateway.x12.write import held

Characters = Literal["basic", "extended", "ascii", "utf-8"]
Unfit = Literal["refuse", "replace", "cut"]

# The basic and the extended character set: X12.6, 3.3.1 and 3.3.2.
_BASIC = frozenset(string.ascii_uppercase + string.digits + "!\"&'()*+,-./:;?= ")
_EXTENDED = _BASIC | frozenset(string.ascii_lowercase + "%~@[]_{}\\|<>#$")
_ASCII = frozenset(map(chr, range(0x20, 0x7F)))
_ODD: Mapping[Characters, re.Pattern[str]] = {
    "basic": re.compile(f"[^{re.escape(''.join(sorted(_BASIC)))}]"),
    "extended": re.compile(f"[^{re.escape(''.join(sorted(_EXTENDED)))}]"),
    "ascii": re.compile(f"[^{re.escape(''.join(sorted(_ASCII)))}]"),
    "utf-8": re.compile(r"[\x00-\x1f\x7f]"),
}
_REMARKS_MAX = 1000


@dataclass(frozen=True, slots=True)
class TextRules:
    """What a partner takes, and what may be done with free text that is otherwise.

    `free` are the elements that hold free text, by their number in the standard. `replace` says the
    characters that a partner does not take with others (`letters`, the letter without its accent), and
    puts `replacement` for the rest; `cut` does that too, and ends a text where its element does.
    """

    characters: Characters = "utf-8"
    upper_case: bool = False
    unfit: Unfit = "refuse"
    replacement: str = " "
    free: frozenset[str] = frozenset()
    letters: Mapping[str, str] = field(default_factory=dict)

    def fault(self, text: str) -> str | None:
        """Why the partner cannot take the text, None where they can."""
        odd = _ODD[self.characters].search(text)
        return odd and f"it holds {odd[0]!r}, which is none of the partner's characters ({self.characters})"

    def fitted(self, text: str, element: Element, marks: str) -> str:
        """The free text as far as the rules may change it; `marks` are separators, which no text may hold."""
        said = text
        if self.unfit != "refuse":
            said = "".join(self._said(character, marks) for character in said)
        if self.upper_case:
            said = said.upper()
        if self.unfit == "cut":
            said = said[: element.max]
        return text if said == text or not said.strip() else said.strip()

    def _said(self, character: str, marks: str) -> str:
        if self._takes(character, marks):
            return character
        parts = unicodedata.normalize("NFKD", character)
        bare = "".join(self.letters.get(part, part) for part in parts if not unicodedata.combining(part))
        for way in (self.letters.get(character, bare), bare, bare.upper()):
            if all(self._takes(one, marks) for one in way):
                return way
        return self.replacement

    def _takes(self, character: str, marks: str = "") -> bool:
        return held(character, marks) is None and not _ODD[self.characters].search(character)


AS_IT_IS = TextRules()
"""Every text as it is said."""


def fitted(
    noun: Noun, sheet: Sheet, rules: TextRules, forms: Forms, separators: Separators
) -> tuple[Noun, tuple[Finding, ...]]:
    """The noun as the partner can take it, and a remark for each free text or time that was changed."""
    if rules.unfit == "refuse" and not rules.upper_case and forms.time == "exact" and not _ordered(sheet):
        return noun, ()
    fitting = _Fitting(rules, forms, separators.all)
    return fitting.record(sheet, noun, ""), tuple(fitting.told())


def _ordered(sheet: Sheet) -> bool:
    return any(_ordered(line) if isinstance(line, Sheet) else bool(line.order) for line in sheet.lines)


_Item = TypeVar("_Item", bound=BaseModel)


class _Fitting:
    """One document being fitted; the changes are collected as they are made."""

    def __init__(self, rules: TextRules, forms: Forms, marks: str) -> None:
        self.rules = rules
        self.forms = forms
        self.marks = marks
        self.remarks: list[Finding] = []
        self.more = 0

    def record(self, sheet: Sheet, said: _Item, name: str) -> _Item:
        changes: dict[str, Any] = {}
        for line in sheet.lines:
            value = getattr(said, line.key)
            if value is None or line.key in sheet.record.leave_out:
                continue
            path = f"{name}.{line.key}".lstrip(".")
            new = self.items(line, value, path) if isinstance(line, Sheet) else self.line(line, value, path)
            if new != value:
                changes[line.key] = new
        return said.model_copy(update=changes) if changes else said

    def items(self, sheet: Sheet, value: Any, name: str) -> Any:
        if not sheet.record.many:
            return self.record(sheet, value, name)
        if by := sheet.told_by:
            value = sorted(value, key=lambda one: by.rank(getattr(one, by.key) or ""))
        return tuple(self.record(sheet, one, f"{name}[{number}]") for number, one in enumerate(value))

    def line(self, line: Line, value: Any, name: str) -> Any:
        if line.pairs and line.order:
            return tuple(sorted(value, key=lambda one: line.rank(one.kind)))
        if isinstance(value, dt.time | dt.datetime):
            return self.time(value, line.spot, name)
        if line.row.shape.type is not str or line.verb or line.pairs or line.row.codes:
            return value
        if not line.row.shape.many:
            return self.text(value, line.spot, name)
        spots = line.spots
        return tuple(
            self.text(one, spots[number % len(spots)], f"{name}[{number}]") for number, one in enumerate(value)
        )

    def text(self, text: str, spot: Spot, name: str) -> str:
        element = spot.element
        if element.id not in self.rules.free:
            return text
        said = self.rules.fitted(text, element, self.marks)
        if said != text:
            self.remark(f"{name} was {text!r} and is sent as {said!r}", spot, text)
        return said

    def time(self, value: dt.time | dt.datetime, spot: Spot, name: str) -> dt.time | dt.datetime:
        said = self.forms.cut(value)
        if said != value:
            self.remark(f"{name} was {value} and is sent as {said}", spot, str(value))
        return said

    def remark(self, note: str, spot: Spot, value: str) -> None:
        if len(self.remarks) == _REMARKS_MAX:
            self.more += 1
            return
        place = spot.place
        self.remarks.append(
            issues.TEXT_CHANGED.finding(
                note, value=value, loop=place.loop.path or None, segment=place.segment.id, element=spot.position,
                component=spot.component or None,
            )
        )

    def told(self) -> Iterator[Finding]:
        """The remarks; behind as many as anybody reads, how many more there are."""
        yield from self.remarks
        if self.more:
            yield issues.TEXT_CHANGED.finding(f"{self.more} more texts were changed")
