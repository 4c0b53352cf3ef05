"""One expression for a table and a layout, which passes over the text of sound segments many at a time.

The checks remain the judges. A segment's *form* is which of its elements hold something. Whether those that must be
there are there, and whether the relations between them hold, depends on the form alone: an expression knows only forms
that a check has accepted, and asks of each value what the check asks of it, or allows less. Where it stops, the
segment's `judge` is asked, which tells at once what is wrong. A law test holds that both say the same.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from edi_gateway.x12.elements import Fault
from edi_gateway.x12.judge import Judge
from edi_gateway.x12.spec import Element

_WARM = 2_000
"""So many segments are judged by their checks alone before an expression is worth making."""

_FORMS_MAX, _CODES_MAX, _AGREED_MAX = 500, 40, 5_000
_FIRST_DUE = 10
_MISSES_MAX, _SHARE, _RESTING = 500, 8, 1_000_000
_CALENDAR = "(?:(?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])(?:29|30)|(?:0[13578]|1[02])31)"
_DATES = {6: "[0-9]{2}" + _CALENDAR, 8: "(?:19|20)[0-9]{2}" + _CALENDAR}
_TIME = "(?:[01][0-9]|2[0-3])[0-5][0-9]"

Form = tuple[str, tuple[bool, ...]]
"""A segment's id, and of each of its elements whether it holds something."""

Unsound = tuple[int, int | None, Sequence[Fault]]
"""The index of a segment whose elements are faulty, where it begins in the text, if that is known, and the faults."""


class Pattern:
    """The expression for one element separator and one end of segments; `marks` are all separators of the text."""

    def __init__(self, element: str, end: str, marks: str) -> None:
        self._layout = (element, end, marks)
        # A digit that parts elements would be taken for one of a number.
        self._rest: float = math.inf if any(mark.isalnum() or mark in ".-" for mark in marks) else _WARM
        self._learned = Learned(*self._layout)

    @property
    def source(self) -> str:
        """What is matched, as a regular expression."""
        return self._learned.source

    def unsound(
        self, text: str, segments: Sequence[list[str]], ids: Sequence[str], checks: list[Judge]
    ) -> Iterable[Unsound]:
        """The segments whose elements are faulty. `checks` are those of each segment, `text` is that of all."""
        # Whoever else gives up meanwhile begins with another, so that what is known here is of these checks.
        learned = self._learned
        if self._rest > 0 or not learned.knows(ids, checks):
            self._rest -= len(segments)
            return unsound(segments, checks)
        learned.debt = max(learned.debt - len(segments) // _SHARE, 0)
        stop, behind = learned.match(text).span(1)  # type: ignore[union-attr]  # It matches anywhere.
        return self._stops(learned, text, segments, checks, stop, behind) if stop >= 0 else ()

    def _stops(
        self, learned: "Learned", text: str, segments: Sequence[list[str]], checks: list[Judge], stop: int, behind: int
    ) -> Iterator[Unsound]:
        index, begun, end = 0, 0, self._layout[1]
        while stop >= 0:
            index += text.count(end, begun, stop)
            row = segments[index]
            if faults := checks[index].closely[len(row)](row):
                yield index, stop, faults
            elif not learned.take_up(row, checks[index]):
                self._learned, self._rest = Learned(*self._layout), _RESTING
                yield from unsound(segments, checks, index + 1)
                break
            index, begun = index + 1, behind
            stop, behind = learned.match(text, behind).span(1)  # type: ignore[union-attr]  # It matches anywhere.


class Learned:
    """What an expression knows. `debt` is how often it stopped without need, less what it has passed over since."""

    def __init__(self, element: str, end: str, marks: str) -> None:
        self._element = re.escape(element)
        self._end = re.escape(end)
        self._unknown = f"[^{re.escape(end[0])}]++(?:{self._end})?+"
        self._any = _all_but(marks)
        self._inner = set(marks).difference(element, end)
        self._checks: dict[str, Judge] = {}
        self._alone: set[Judge] = set()
        self._agreed: dict[int, list[Judge]] = {}
        self._agreed_size = 0
        self._forms: set[Form] = set()
        self._codes: dict[tuple[str, int], set[str]] = {}
        self._missed, self._due = 0, _FIRST_DUE
        self.match = re.compile(self.source).match
        self.debt = 0

    def knows(self, ids: Sequence[str], checks: list[Judge]) -> bool:
        """Whether each id has the checks here that it always had; takes up those of ids that are new."""
        if self._agreed.get(id(checks)) is checks:
            return True
        # Checks are of one segment, so that they tell its id.
        if not self._alone.issuperset(checks):
            pairs = zip(ids, checks, strict=True)
            self._alone.update(each for segment, each in pairs if self._checks.setdefault(segment, each) is each)
            if not self._alone.issuperset(checks):
                return False
        self._agreed_size += len(checks)
        if self._agreed_size > _AGREED_MAX:
            self._agreed, self._agreed_size = {}, len(checks)
        self._agreed[id(checks)] = checks
        return True

    def take_up(self, row: list[str], checks: Judge) -> bool:
        """Learns the form of a segment that its check accepted, and its codes; makes the expression anew in time.

        Returns False where too little comes again.
        """
        self._missed, self.debt = self._missed + 1, self.debt + 1
        filled = [told for told in checks.elements if told.position < len(row) and row[told.position]]
        # What holds separators says nothing of a value without them: a second component may have to be there.
        plain = self._inner.isdisjoint("".join(row))
        if plain and all(self._value(row[0], element) is not None for element in filled):
            if len(self._forms) < _FORMS_MAX:
                self._forms.add((row[0], tuple(map(bool, row[1:]))))
            for element in filled:
                codes = self._codes.setdefault((row[0], element.position), set())
                if _told_by(element).codes is not None and len(codes) < _CODES_MAX:
                    codes.add(row[element.position])
        if self._missed == self._due:
            self.match = re.compile(self.source).match
            self._due *= 2
        return self.debt <= _MISSES_MAX

    @property
    def source(self) -> str:
        """What is matched, as a regular expression: sound segments, and as its group one that is not known to be."""
        tree: dict[str, Any] = {}
        for id, form in sorted(self._forms):
            branch = tree.setdefault(re.escape(id), {})
            for element, filled in zip(self._checks[id].elements, form, strict=False):
                value = self._value(id, element) if filled else ""
                branch = branch.setdefault(f"{self._element}{value}", {})
            branch[self._end] = {}
        return f"(?:{_spelled(tree)})*+({self._unknown})?+"

    def _value(self, id: str, element: Element) -> str | None:
        """What a value that is there looks like; None where that is not said here. No component follows the first."""
        position, element = element.position, _told_by(element)
        if element.codes is not None:
            codes = sorted(self._codes.get((id, position), ()), reverse=True)
            return f"(?:{'|'.join(map(re.escape, codes))})"
        low, high, type = max(element.min, 1), element.max, element.type[0]
        if type == "B" or type in "NR" and low > 1:
            return None
        if type == "D":
            return _DATES.get(high) if low == high else None
        if type == "T":
            return _TIME if low <= 4 <= high else None
        if type == "N":
            return f"[0-9]{{1,{high}}}+"
        return _number(high) if type == "R" else f"{self._any}{{{low},{high}}}+"


def _told_by(element: Element) -> Element:
    """What the text of an element is, in which no separator of components occurs."""
    return element.components[0] if element.components else element


def _all_but(marks: str) -> str:
    """The class of all printable characters but some.

    Of more than two ranges a table is made, which is quicker: the character that no text holds sees to that.
    """
    codes = [code for code in (1, *range(0x20, 0x7F)) if chr(code) not in marks]
    ranges = [[code for _, code in run] for _, run in groupby(enumerate(codes), lambda each: each[1] - each[0])]
    return f"[{''.join(f'{re.escape(chr(run[0]))}-{re.escape(chr(run[-1]))}' for run in ranges)}]"


def _number(high: int) -> str:
    """So many digits, up to four of them behind a decimal point, which is not counted."""
    behind = min(4, high - 1)
    before = high - behind
    fraction = f"\\.[0-9]{{1,{behind}}}+|" if behind else ""
    return f"[0-9]{{1,{before}}}+(?:{fraction}[0-9]{{0,{behind}}}+)"


def _spelled(tree: dict[str, Any]) -> str:
    branches = [token + (_spelled(behind) if behind else "") for token, behind in tree.items()]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def unsound(segments: Sequence[list[str]], checks: Sequence[Judge], first: int = 0) -> Iterable[Unsound]:
    """The segments that fail their checks, from one on."""
    judged = zip(checks[first:], segments[first:], strict=True) if first else zip(checks, segments, strict=True)
    sound = [check[len(row)](row) for check, row in judged]
    if all(sound):
        return ()
    failed = [at for at, one in enumerate(sound, start=first) if not one]
    return ((at, None, checks[at].closely[len(segments[at])](segments[at])) for at in failed)
