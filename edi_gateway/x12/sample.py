"""A valid document of a set as a guide has it: whatever must be there, and one of each qualifier that is spoken of.

It is made from the rows alone and always the same. What stands in it are the names of the elements.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal

from edi_gateway.x12 import spots
from edi_gateway.x12.compile import Table
from edi_gateway.x12.guided import Clause, Spot
from edi_gateway.x12.spec import Definition, Element, Place, Segment, SyntaxNote
from edi_gateway.x12.tokens import Separators
from edi_gateway.x12.write import REPEATS_FROM, Heading, write

Row = list[str]

_ROUNDS_MAX = 40
_LEVELS = "SOTPI"
"""From the top down, as most guides have the levels of a shipment."""


def _as_it_is(text: str, _: Element) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Looks:
    """How a partner wants numbers: the digits of ST02 and GS06, and a value of an element in its agreed form."""

    set_digits: int = 4
    group_digits: int = 1
    value: Callable[[str, Element], str] = _as_it_is


PLAIN = Looks()


def sample(by: Table, separators: Separators | None = None, looks: Looks = PLAIN) -> list[Row]:
    """The segments from ST to SE. Raises `ValueError` where the guide contradicts itself."""
    wanted = _Wanted.of(by.definition)
    for _ in range(_ROUNDS_MAX):
        made = _Making(by, wanted, separators or Separators(), looks)
        made.loop("")
        rows = made.finished()
        broken = by.agreed.broken(made, made.places)
        if not broken:
            return rows
        for rule in broken:
            wanted.mend(rule.then, made)
    raise ValueError(f"no document of set {by.definition.set} fulfils all rules of the guide")


def written(
    by: Table, separators: Separators | None = None, newline: str = "\n", looks: Looks = PLAIN
) -> bytes:
    """The sample as a file, in an envelope of nobody's. Raises as `sample` does."""
    one = by.definition
    at = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
    number = f"{1:0{looks.group_digits}}"
    heading = Heading("ZZ:SENDER", "ZZ:RECEIVER", "SENDER", "RECEIVER", one.group, one.version, 1, number, at)
    marks = separators or Separators(repetition="^" if one.version >= REPEATS_FROM else None)
    rows = sample(by, marks, looks)
    heading = replace(heading, implementation=rows[0][3] if len(rows[0]) > 3 else "")
    return write(heading, [(one.set, rows[0][2], rows[1:-1])], marks, newline)


@dataclass
class _Wanted:
    """What is to be there beside what must be: codes by place, and elements by place and code."""

    spots: list[Spot] = field(default_factory=list)
    without: list[Spot] = field(default_factory=list)
    filled: list[Spot] = field(default_factory=list)
    values: list[tuple[Spot, str]] = field(default_factory=list)

    @classmethod
    def of(cls, definition: Definition) -> "_Wanted":
        """What the rows of a guide speak of."""
        told = [one.spot for one in definition.counted if one.most != 0]
        return cls(spots=[replace(spot, element=None, component=None) for spot in told])

    def mend(self, clause: Clause, made: "_Making") -> None:
        """What a rule demands that was broken is wanted as well."""
        spot = clause.spot
        if clause.verb == "is missing":
            self.without.append(spot)
            return
        self.spots.append(replace(spot, element=None, component=None))
        if spot.element is None:
            return
        self.filled.append(spot)
        if clause.verb == "is":
            self.values.append((spot, clause.codes[0]))
        elif clause.verb == "is not":
            known = made.definition.places[min(spot.places)].segment.elements[spot.element - 1]
            self.values.append((spot, _other(known, clause.codes)))
        elif clause.other is not None:
            other = clause.other
            found = next((
                row[other.element] for row, place in zip(made.segments, made.places, strict=True)
                if place in other.places and other.element and other.element < len(row) and row[other.element]
            ), "")
            if found:
                self.values.append((spot, found))
            else:
                self.without.append(spot)


class _Making:
    """One document in the making."""

    def __init__(self, by: Table, wanted: _Wanted, separators: Separators, looks: Looks) -> None:
        self._by = by
        self._looks = looks
        self.definition = by.definition
        self._wanted = wanted
        self.separators = separators
        self._codes: dict[int, str] = {}
        self.segments: list[Row] = []
        self.places: list[int] = []

    def offset(self, position: int) -> int:
        """Nowhere, since it is not written yet."""
        return 0

    def loop(self, path: str) -> None:
        """One occurrence of a loop, or the set itself."""
        for place in self._members(path):
            inner = bool(place.trigger and place.loop.path != path)
            opens = place.trigger and not inner
            need, limit = (place.loop.need, place.loop.repeat) if inner else (place.need, place.max)
            for code in [None] if opens else self._times(place, need == "M", limit):
                if self._stands(place):
                    self._codes[place.index] = code or self._codes.get(place.index, "") if opens else code or ""
                    if inner:
                        self.loop(place.loop.path)
                    else:
                        self._add(place)

    def finished(self) -> list[Row]:
        """The document with what depends on all of it: levels, totals, and its end."""
        self._levels()
        self._totals()
        number = f"{1:0{self._looks.set_digits}}"
        self.segments[0][1:3] = [self.definition.set, number]
        self.segments[-1][1:3] = [str(len(self.segments)), number]
        return self.segments

    def _members(self, path: str) -> Iterator[Place]:
        for place in self.definition.places:
            inner = place.trigger and bool(place.loop.path) and spots.above(place) == path
            if (place.loop.path == path or inner) and not place.segment.unused:
                yield place

    def _times(self, place: Place, must: bool, limit: int | None) -> list[str | None]:
        """The codes with which a segment or loop occurs here; None for one whatever its code."""
        found: list[str | None] = []
        for spot in self._wanted.spots:
            for index, _, code in (*spot.around, *((min(spot.places), *(spot.code or (1, ""))),)):
                if index == place.index and (code or None) not in found and self._inside(spot, index):
                    found.append(code or None)
        for spot in self._wanted.without:
            if spot.element is None and place.index in spot.places:
                found = [code for code in found if spot.code is not None and code != spot.code[1]]
        if len(found) > 1 and None in found:
            found.remove(None)
        tree = self.definition.hierarchy
        if tree is not None and tree.place == place.index:
            found.sort(key=lambda code: _LEVELS.find(code or "S") % 9)
        if must and not found:
            found = [None]
        return found if limit is None else found[:limit]

    def _inside(self, spot: Spot, index: int) -> bool:
        """Whether the loops around a place have the codes that a path asks for on its way there."""
        return all(self._codes.get(place) == code for place, _, code in spot.around if place < index)

    def _stands(self, place: Place) -> bool:
        """Whether the segment would be read as standing there: an earlier place that may hold it goes first."""
        if not self.places:
            return True
        move = self._by.moves(self.places[-1]).get(place.segment.id)
        return move is not None and move.place == place.index and not move.skipped

    def _add(self, place: Place) -> None:
        self.places.append(place.index)
        self.segments.append([place.segment.id, *self._elements(place)])

    def _elements(self, place: Place) -> list[str]:
        fixed, filled, empty = self._said(place)
        segment = self._as_agreed(place, fixed)
        there = _chosen(segment.elements, segment.notes, filled | set(fixed), empty)
        row = [
            fixed.get(one.position) or self._value(one) if one.position in there else "" for one in segment.elements
        ]
        return _trimmed(row)

    def _said(self, place: Place) -> tuple[dict[int, str], set[int], set[int]]:
        """The values that elements of a segment have here, which are filled, and which are empty."""
        fixed: dict[int, str] = {}
        code = self._codes.get(place.index)
        tree = self.definition.hierarchy
        told = tree.level if tree is not None and tree.place == place.index else 1
        if code:
            fixed[told] = code
        elif tree is not None and tree.place == place.index:
            fixed[told] = _LEVELS[0]
        for spot, value in self._wanted.values:
            if spot.element is not None and spot.component is None and self._meant(spot, place, fixed):
                fixed[spot.element] = value
        filled, empty = ({
            spot.element for spot in listed if spot.element is not None and self._meant(spot, place, fixed)
        } for listed in (self._wanted.filled, self._wanted.without))
        return fixed, filled, empty

    def _meant(self, spot: Spot, place: Place, fixed: Mapping[int, str]) -> bool:
        own = spot.code is None or fixed.get(spot.code[0]) == spot.code[1]
        return place.index in spot.places and own and self._inside(spot, place.index)

    def _as_agreed(self, place: Place, fixed: Mapping[int, str]) -> Segment:
        """The segment, with the elements that are narrower for its code."""
        elements = list(place.segment.elements)
        for counted in self.definition.counted:
            if self._meant(counted.spot, place, fixed):
                for element in counted.elements:
                    elements[element.position - 1] = element
        return replace(place.segment, elements=tuple(elements))

    def _value(self, element: Element) -> str:
        if element.components:
            there = _chosen(element.components, element.notes, set(), set())
            parts = [self._value(one) if one.position in there else "" for one in element.components]
            return self.separators.component.join(_trimmed(parts))
        if element.codes is not None:
            fitting = (code for code in element.codes if element.min <= len(code) <= element.max)
            return min(fitting, key=lambda code: (not code.isalnum(), code), default="")
        if element.type == "DT":
            return "20260302"[-element.max:] if element.max >= 8 else "260302"
        if element.type == "TM":
            return self._looks.value("0815" if element.min <= 4 else "081500", element)
        if element.type[0] in "RN":
            return self._looks.value("1".rjust(element.min, "1"), element)
        words = re.sub(r"[^A-Z0-9]+", " ", element.name.upper()).strip() or "X"
        return words[:element.max].strip().ljust(element.min, "X")

    def _levels(self) -> None:
        """The ids and parents of the levels: each below the one before it."""
        tree = self.definition.hierarchy
        ordinal = 0
        for row, place in zip(self.segments, self.places, strict=True):
            if tree is not None and place == tree.place:
                ordinal += 1
                row.extend([""] * (max(tree.id, tree.parent) + 1 - len(row)))
                row[tree.id], row[tree.parent] = str(ordinal), str(ordinal - 1) if ordinal > 1 else ""

    def _totals(self) -> None:
        for total in self.definition.totals:
            counted = [row for row, place in zip(self.segments, self.places, strict=True) if place in total.places]
            held = Decimal(len(counted)) if total.of is None else sum(
                (Decimal(row[total.of] or 0) for row in counted if total.of < len(row)), Decimal(0)
            )
            for row in self.segments:
                if row[0] == total.segment and total.element < len(row) and row[total.element]:
                    row[total.element] = f"{held:f}"


def _other(element: Element, codes: Sequence[str]) -> str:
    """A value that is none of these."""
    if element.codes is not None:
        return min((code for code in element.codes - set(codes) if code.isalnum()), default="")
    numbers = (str(number).rjust(element.min, "1") for number in range(1, 10))
    words = ("OTHER"[:element.max].ljust(element.min, "X"), "ELSE"[:element.max].ljust(element.min, "X"))
    return next((value for value in (numbers if element.type[0] in "RN" else words) if value not in codes), "")


def _trimmed(values: list[str]) -> list[str]:
    while values and not values[-1]:
        values.pop()
    return values


def _chosen(
    elements: Sequence[Element], notes: Sequence[SyntaxNote], wanted: set[int], empty: set[int]
) -> set[int]:
    """Which positions are filled, so that every relation holds that is looked at."""
    shut = {element.position for element in elements if element.unused} | empty
    musts = {element.position for element in elements if element.need == "M"}
    there = (musts | wanted) - shut
    if not there:
        there = {next((element.position for element in elements if element.position not in shut), 1)}
    for _ in range(4 * len(elements)):
        broken = next((note for note in notes if not _holds(note, there)), None)
        if broken is None:
            break
        _mend(broken, there, musts | wanted, shut)
    return there


def _holds(note: SyntaxNote, there: set[int]) -> bool:
    first, *rest = (position in there for position in note.positions)
    return note.confidence == "U" or {
        "P": all((first, *rest)) or not any((first, *rest)), "R": any((first, *rest)),
        "E": sum((first, *rest)) <= 1, "C": not first or all(rest), "L": not first or any(rest),
    }[note.rule[0]]


def _mend(note: SyntaxNote, there: set[int], kept: set[int], shut: set[int]) -> None:
    free = [position for position in note.positions if position not in shut]
    if note.rule[0] == "E":
        there.difference_update([position for position in note.positions if position in there - kept])
    elif note.rule[0] == "R":
        there.update(free[:1])
    elif note.rule[0] == "L":
        there.update([position for position in free if position != note.positions[0]][:1])
    elif len(free) < len(note.positions):
        there.difference_update(note.positions)
    else:
        there.update(note.positions)
