"""Makes documents out of a set's definition: valid ones, and ones with random damage. The same dice give the same.

The generator reads the rows for itself. Only where the standard's own order leaves a segment to an earlier
place does it ask the table, and then it makes something else.
"""

import random
import string
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from edi_gateway.store.shelf import DataShelf
from edi_gateway.x12.compile import Table
from edi_gateway.x12.spec import Definition, Element, Place, SyntaxNote
from edi_gateway.x12.standard import Standard
from edi_gateway.x12.tokens import Separators

Row = list[str]

REPEATING = Separators(repetition="^")
_WORDS = string.ascii_uppercase + string.digits
_JUNK = (
    "", "X", "ZZZZZ", "0", "-1.5", "+1", ".", "20230229", "20240229", "2460", "12:30", "A>B", "A>B>C>D>E>F>G", ">",
    "A^B", "^", "a^b>c", "Q" * 90, "9" * 20, " ",
)
_UNKNOWN = ("ZZZ", "QQ1", "OFF", "N1", "REF", "HL", "LS", "LE", "PO1", "CTT", "ST")


@cache
def shelf() -> DataShelf:
    """The rows that come with the gateway."""
    return DataShelf()


@cache
def standard() -> Standard:
    """The tables of those rows."""
    return Standard(shelf().rows, shelf().names("specs"), shelf().names("specs/x12"))


@cache
def defined() -> tuple[tuple[str, str], ...]:
    """Each set and version there are rows of."""
    return tuple(
        (set_id, name.removesuffix(".toml"))
        for set_id in shelf().names("specs") if set_id != "x12"
        for name in shelf().names(f"specs/{set_id}") if name.endswith(".toml")
    )


def table(set_id: str, version: str) -> Table:
    """The table of one of them."""
    found = standard().table(set_id, version)
    assert found is not None
    return found


def body(by: Table, dice: random.Random, fill: float = 0.3, separators: Separators | None = None) -> list[Row]:
    """The segments of a valid document between ST and SE; `fill` is how much of what is optional is there."""
    marks = separators or Separators()
    walk = _Structure(by, dice, fill)
    walk.loop("")
    places = [by.definition.places[index] for index in walk.places[1:-1]]
    rows = [segment(place.segment.id, place.segment.elements, place.segment.notes, dice, fill, marks)
            for place in places]
    _levels(by.definition, places, rows, dice)
    _totals(by.definition, places, rows)
    return rows


def whole(by: Table, rows: Sequence[Row], control: str = "0001") -> list[Row]:
    """The document with its ST and SE."""
    return [["ST", by.definition.set, control], *rows, ["SE", str(len(rows) + 2), control]]


def damaged(rows: Sequence[Row], dice: random.Random, faults: int = 1) -> list[Row]:
    """The segments with so many things done to them, each of which may be a fault or not."""
    found = [list(row) for row in rows]
    for _ in range(faults):
        dice.choice(_DAMAGES)(found, dice)
    return found


class _Structure:
    """Chooses which places are used, how often, in the order of the definition."""

    def __init__(self, by: Table, dice: random.Random, fill: float) -> None:
        self._by = by
        self._dice = dice
        self._fill = fill
        self._members = _members(by.definition)
        self.places: list[int] = []

    def loop(self, path: str) -> None:
        """One occurrence of a loop, or the set itself."""
        for place in self._members[path]:
            inner = place.trigger and place.loop.path != path
            need, limit = (place.loop.need, place.loop.repeat) if inner else (place.need, place.max)
            opens = place.trigger and not inner
            for again in range(1 if opens else self._times(need, limit, path)):
                if (again or need != "M") and not self._stands(place):
                    break
                if inner:
                    self.loop(place.loop.path)
                else:
                    self.places.append(place.index)

    def _times(self, need: str, limit: int | None, path: str) -> int:
        least = 1 if need == "M" else 0
        rare = self._fill / (1 + path.count("/") + (path != ""))
        most = least + (self._dice.random() < rare) + (self._dice.random() < rare / 3)
        return most if limit is None else min(most, limit)

    def _stands(self, place: Place) -> bool:
        """Whether the segment would be read as standing there: an earlier place that may hold it goes first."""
        move = self._by.moves(self.places[-1]).get(place.segment.id)
        return move is not None and move.place == place.index and not move.skipped


def _members(definition: Definition) -> Mapping[str, list[Place]]:
    """For each loop its members in order; an inner loop is there as the place that opens it."""
    members: dict[str, list[Place]] = {}
    for place in definition.places:
        members.setdefault(place.loop.path, []).append(place)
        if place.trigger and place.loop.path:
            members[place.loop.path.rpartition("/")[0]].append(place)
    return members


def segment(
    id: str, elements: Sequence[Element], notes: Sequence[SyntaxNote], dice: random.Random, fill: float,
    marks: Separators,
) -> Row:
    """One segment whose elements obey their rows and notes; a composite is made the same way, with an empty id."""
    there = _chosen(elements, notes, dice, fill)
    row = [_value(element, dice, fill, marks) if element.position in there else "" for element in elements]
    while row and not row[-1]:
        row.pop()
    return [id, *row]


def _chosen(
    elements: Sequence[Element], notes: Sequence[SyntaxNote], dice: random.Random, fill: float
) -> set[int]:
    """Which positions are filled, so that every note holds that is looked at."""
    musts = {element.position for element in elements if element.need == "M"}
    for chance in (fill, fill / 2, 0.0):
        there = musts | {element.position for element in elements if dice.random() < chance}
        there = there or {elements[0].position}
        for _ in range(3 * len(elements) + 3):
            broken = next((note for note in notes if not _holds(note, there)), None)
            if broken is None:
                return there
            _mend(broken, there, musts)
    raise AssertionError(f"no choice of elements obeys {notes}")


def _holds(note: SyntaxNote, there: set[int]) -> bool:
    if note.confidence == "U":
        return True
    first, *rest = (position in there for position in note.positions)
    return {
        "P": all((first, *rest)) or not any((first, *rest)), "R": any((first, *rest)),
        "E": sum((first, *rest)) <= 1, "C": not first or all(rest), "L": not first or any(rest),
    }[note.rule[0]]


def _mend(note: SyntaxNote, there: set[int], musts: set[int]) -> None:
    if note.rule[0] == "E":
        there.difference_update([position for position in note.positions if position in there - musts][1:] or
                                [position for position in note.positions if position in there - musts])
    elif note.rule[0] == "R":
        there.add(note.positions[0])
    elif note.rule[0] == "L":
        there.add(note.positions[1])
    else:
        there.update(note.positions)


def _value(element: Element, dice: random.Random, fill: float, marks: Separators) -> str:
    if element.repeat > 1 and marks.repetition and dice.random() < fill:
        return marks.repetition.join(_single(element, dice, fill, marks) for _ in range(2))
    return _single(element, dice, fill, marks)


def _single(element: Element, dice: random.Random, fill: float, marks: Separators) -> str:
    if element.components:
        return marks.component.join(segment("", element.components, element.notes, dice, fill, marks)[1:])
    if element.codes is not None:
        return dice.choice(_codes(element.codes, element.min, element.max))
    if element.type == "DT":
        year = dice.randint(1990, 2060) if element.max >= 8 else dice.randint(0, 99)
        return f"{year:02}{dice.randint(1, 12):02}{dice.randint(1, 28):02}"
    if element.type == "TM":
        return f"{dice.randint(0, 23):02}{dice.randint(0, 59):02}{dice.randint(0, 59):02}"[:4 if element.max < 6 else 6]
    if element.type[0] in "RN":
        return str(dice.randint(1, 9)).rjust(element.min, "1")
    length = dice.randint(element.min, min(element.max, element.min + 4))
    return "".join(dice.choice(_WORDS) for _ in range(length))


@cache
def _codes(codes: frozenset[str], low: int, high: int) -> tuple[str, ...]:
    return tuple(sorted(code for code in codes if low <= len(code) <= high))


def _levels(definition: Definition, places: Sequence[Place], rows: Sequence[Row], dice: random.Random) -> None:
    """The ids and parents of the levels: each below the one before it or one further up."""
    by = definition.hierarchy
    ordinal = 0
    for place, row in zip(places, rows, strict=True):
        if by is not None and place.index == by.place:
            ordinal += 1
            row.extend([""] * (max(by.id, by.parent) + 1 - len(row)))
            row[by.id], row[by.parent] = str(ordinal), str(dice.randint(1, ordinal - 1)) if ordinal > 1 else ""
            while not row[-1]:
                row.pop()


def _totals(definition: Definition, places: Sequence[Place], rows: Sequence[Row]) -> None:
    """What the totals say, where they are there at all."""
    for total in definition.totals:
        for row in rows:
            if row[0] == total.segment and total.element < len(row) and row[total.element]:
                row[total.element] = f"{_held(total, places, rows):f}"


def _held(total: Any, places: Sequence[Place], rows: Sequence[Row]) -> Decimal:
    counted = [row for place, row in zip(places, rows, strict=True) if place.index in total.places]
    if total.of is None:
        return Decimal(len(counted))
    return sum((Decimal(row[total.of] or 0) for row in counted if total.of < len(row)), Decimal(0))


# What may be done to a document; each changes it in place.


def _drop(rows: list[Row], dice: random.Random) -> None:
    if rows:
        del rows[dice.randrange(len(rows))]


def _double(rows: list[Row], dice: random.Random) -> None:
    if rows:
        at = dice.randrange(len(rows))
        rows[at:at] = [list(rows[at]) for _ in range(dice.choice((1, 1, 30)))]


def _swap(rows: list[Row], dice: random.Random) -> None:
    if len(rows) > 1:
        at = dice.randrange(len(rows) - 1)
        rows[at], rows[at + 1] = rows[at + 1], rows[at]


def _move(rows: list[Row], dice: random.Random) -> None:
    if rows:
        rows.insert(dice.randrange(len(rows)), rows.pop(dice.randrange(len(rows))))


def _stray(rows: list[Row], dice: random.Random) -> None:
    rows.insert(dice.randint(0, len(rows)), [dice.choice(_UNKNOWN), "1"])


def _junk(rows: list[Row], dice: random.Random) -> None:
    row = dice.choice(rows) if rows else []
    if len(row) > 1:
        row[dice.randrange(1, len(row))] = dice.choice(_JUNK)


def _lengthen(rows: list[Row], dice: random.Random) -> None:
    if rows:
        dice.choice(rows).extend([""] * dice.randrange(12) + [dice.choice(_JUNK)])


def _shorten(rows: list[Row], dice: random.Random) -> None:
    row = dice.choice(rows) if rows else []
    if len(row) > 1:
        del row[dice.randrange(1, len(row)):]


_DAMAGES = (_drop, _double, _swap, _move, _stray, _junk, _junk, _junk, _lengthen, _shorten)


def documents(by: Table, seed: int, count: int, fill: float = 0.3) -> Iterator[list[Row]]:
    """So many valid documents, the same for the same seed."""
    dice = random.Random(seed)
    for _ in range(count):
        yield body(by, dice, fill)
