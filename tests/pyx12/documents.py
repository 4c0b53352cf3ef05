"""Whole documents of a set that both judges may take: from the fixtures, and made up out of the rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from edi_gateway.x12 import elements, envelope
from edi_gateway.x12.compile import Table
from edi_gateway.x12.read import read
from edi_gateway.x12.spec import Definition, Element, Place, Segment
from edi_gateway.x12.tokens import Separators

NUMBER = "@"
"""Stands for the control number, which a set gets where it goes into an interchange."""

SEPARATORS = Separators("*", ":", "~")
_LONGEST = 50
_CHOSEN = 16
_LETTERS = "ABCDEFGHKLMNPRSTVWX"


@dataclass(frozen=True)
class Document:
    """A set's segments from ST to SE, and the place of each."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    places: tuple[int, ...]


def invented(table: Table, random: Random, count: int) -> Iterator[Document]:
    """Documents made up out of the rows: every mandatory part, and a few of the others."""
    found = 0
    for attempt in range(count * 20):
        rows = _Author(table.definition, random).rows()
        known = _read(table, f"invented-{attempt}", rows)
        if known is not None and len(rows) <= _LONGEST:
            yield known
            found += 1
            if found == count:
                return


def of_fixtures(folder: Path, table: Table) -> Iterator[Document]:
    """The documents of a `pass` folder that are not long and hold no separator of ours."""
    for file in sorted(folder.glob("*.edi")):
        for interchange in envelope.read([file.read_bytes()]):
            for group in interchange.groups:
                for one in group.transactions:
                    if one.set != table.definition.set or not group.version.startswith(table.definition.version):
                        continue
                    rows = [_with_ours(row, one.separators) for row in one.segments]
                    held = "".join("".join(row) for row in rows)
                    if not one.compound and len(rows) <= _LONGEST and not set("*:~^") & set(held):
                        rows[0][2] = rows[-1][2] = NUMBER
                        known = _read(table, file.stem, rows)
                        if known is not None:
                            yield known


def trimmed(row: Sequence[str]) -> tuple[str, ...]:
    """A row without the empty elements at its end."""
    end = len(row)
    while end > 1 and not row[end - 1]:
        end -= 1
    return tuple(row[:end])


def text(sets: Sequence[Sequence[Sequence[str]]], definition: Definition) -> str:
    """An interchange of one group around the sets; those with `NUMBER` are numbered from 0001."""
    version = definition.version[:5]
    eleventh = "U" if version < "00402" else "^"
    head = (
        f"ISA*00*          *00*          *ZZ*ACME           *ZZ*US             *250115*1200*{eleventh}*{version}"
        "*000000001*0*P*:"
    )
    lines = [head, f"GS*{definition.group}*ACME*US*20250115*1200*1*X*{definition.version}"]
    for number, rows in enumerate(sets, start=1):
        lines += ["*".join(f"{number:04}" if value == NUMBER else value for value in row) for row in rows]
    return "".join(f"{line}~" for line in [*lines, f"GE*{len(sets)}*1", "IEA*1*000000001"])


def _with_ours(row: list[str], separators: Separators) -> list[str]:
    return [value.replace(separators.component, SEPARATORS.component) for value in row]


def _read(table: Table, name: str, rows: Sequence[Sequence[str]]) -> Document | None:
    """The document, None unless it is read without any finding."""
    content = text([rows], table.definition).encode("latin-1")
    for interchange in envelope.read([content]):
        for group in interchange.groups:
            for one in group.transactions:
                verdict = read(one, table)
                if verdict.tree is not None and not verdict.findings:
                    return Document(name, tuple(trimmed(row) for row in rows), tuple(verdict.tree.places))
    return None


class _Author:
    """Writes one document: what is mandatory, a few places chosen by lot, and the loops around them."""

    def __init__(self, definition: Definition, random: Random) -> None:
        self._definition = definition
        self._random = random
        self._rows: list[list[str]] = []
        self._places: list[int] = []
        self._above: list[int] = []
        self._levels = 0
        self._chosen = {place.index for place in random.sample(definition.places, min(_CHOSEN, len(definition.places)))}
        self._loops = {place.loop.path for place in definition.places if place.index in self._chosen}

    def rows(self) -> list[list[str]]:
        """Its segments, with counts and totals as they are."""
        self._loop("")
        for total in self._definition.totals:
            held = str(sum(place in total.places for place in self._places))
            for row in self._rows:
                if row[0] == total.segment and len(row) > total.element:
                    row[total.element] = held if total.verb == "count" else ""
        self._rows[0][1:] = [self._definition.set, NUMBER]
        self._rows[-1][1:] = [str(len(self._rows)), NUMBER]
        return [list(trimmed(row)) for row in self._rows]

    def _loop(self, path: str) -> None:
        for place in self._definition.places:
            if place.loop.path == path:
                for _ in range(self._times(place)):
                    self._segment(place)
            elif place.trigger and place.loop.path.rpartition("/")[0] == path and place.loop.path:
                for _ in range(self._repeats(place)):
                    self._loop(place.loop.path)

    def _times(self, place: Place) -> int:
        if place.need == "M":
            return 1
        tree = self._definition.hierarchy
        seldom = 0.7 if tree is not None and f"{place.loop.path}/".startswith(f"{tree.loop}/") else 0.2
        if place.index not in self._chosen or self._random.random() < seldom:
            return 0
        return min(self._random.choice((1, 1, 2)), place.max or 2)

    def _repeats(self, place: Place) -> int:
        path, at_most = place.loop.path, place.loop.repeat or 3
        tree = self._definition.hierarchy
        if tree is not None and place.index == tree.place:
            return min(self._random.choice((1, 2, 3, 4)), at_most)
        if any(f"{loop}/".startswith(f"{path}/") for loop in self._loops):
            return min(self._random.choice((1, 1, 2)), at_most)
        return 1 if place.loop.need == "M" else 0

    def _segment(self, place: Place) -> None:
        row = filled(place.segment, self._random)
        tree = self._definition.hierarchy
        if tree is not None and place.index == tree.place:
            self._level(row, tree.id, tree.parent)
        self._rows.append(row)
        self._places.append(place.index)

    def _level(self, row: list[str], id: int, parent: int) -> None:
        self._levels += 1
        if self._above:
            self._above = self._above[:self._random.randint(1, len(self._above))]
        row[id], row[parent] = str(self._levels), str(self._above[-1]) if self._above else ""
        self._above.append(self._levels)


def filled(segment: Segment, random: Random, often: float = 0.3) -> list[str]:
    """A segment with values in every mandatory element and in some others, its syntax notes kept."""
    row = [segment.id] + [
        value(element, random) if element.need == "M" or random.random() < often else "" for element in segment.elements
    ]
    if not any(row[1:]):
        row[1] = value(segment.elements[0], random)
    for _ in range(6):
        broken = list(elements.broken_notes(segment.notes, row))
        for note, blamed in broken:
            if note.rule[0] == "E" and segment.elements[blamed - 1].need != "M":
                row[blamed] = ""
            else:
                row[blamed] = value(segment.elements[blamed - 1], random)
        if not broken:
            break
    return row


def value(element: Element, random: Random) -> str:
    """A value the element takes."""
    if element.components:
        inner = Segment(element.id, element.name, element.components, element.notes)
        return ":".join(trimmed(filled(inner, random, 0.2))[1:])
    known = _of_meaning(element)
    if known:
        return known
    if element.codes is not None:
        return random.choice(_sorted(element.codes, element.min, element.max))
    if element.type == "DT":
        return f"20250{random.randint(1, 9)}{random.randint(10, 28)}"[8 - element.max:]
    if element.type == "TM":
        return f"{random.randint(0, 23):02}{random.randint(0, 59):02}"
    if element.type[0] in "RN":
        digits = "".join(random.choice("123456789") for _ in range(random.randint(element.min, min(element.max, 4))))
        return digits if element.type != "R" or random.random() < 0.5 else f"{digits[:-1]}.{digits[-1]}"
    length = random.randint(element.min, min(element.max, element.min + 6))
    return "".join(random.choice(_LETTERS) for _ in range(length))


@cache
def _sorted(codes: frozenset[str], low: int, high: int) -> list[str]:
    """The codes of a length, in an order that is the same in each run."""
    return sorted(code for code in codes if low <= len(code) <= high)


def _of_meaning(element: Element) -> str:
    """A date and its qualifier, told in two elements (1250 and 1251), belong together."""
    return {"1250": "D8", "1251": "20250115"}.get(element.id, "")
