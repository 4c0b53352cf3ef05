"""Compiles a definition into a transition table: from each place, which segment ids lead where.

Pieces are compiled when they are first needed, so that a set with hundreds of places costs only what it uses.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from sys import intern
from typing import NamedTuple

from edi_gateway.x12.agreed import Agreed
from edi_gateway.x12.judge import Judge
from edi_gateway.x12.pattern import Pattern
from edi_gateway.x12.pieces import Pieces, Places
from edi_gateway.x12.spec import Definition, Place, Rows, knows_segment
from edi_gateway.x12.tokens import Separators

SHAPE_MAX, SHAPES_MAX = 1_000, 10_000
"""So many segments a set may have whose shape is kept, and so many all of these sets together."""


class Move(NamedTuple):
    """Where a segment id leads: its place, the mandatory places passed over, and whether it is a repeat.

    `limit` is how often place or loop may occur in a row, None without limit.
    """

    place: int
    skipped: tuple[int, ...]
    again: bool
    limit: int | None


class Stand(dict[str, "Stand"]):
    """Where a segment stands, for the quick walk; by the next segment's id where that one does, if without fault.

    `again` says that it repeats what came before; `repeats` how often it may do so in a row, 0 without limit.
    The stands that follow are found when the first of them is asked for.
    """

    # Two are the same only where they are one.
    __hash__ = object.__hash__  # type: ignore[assignment]

    def __init__(self, place: int, again: bool, repeats: int, onward: "Callable[[int], Iterable[Onward]]") -> None:
        self.place = place
        self.again = again
        self.repeats = repeats
        self._onward = onward

    def __missing__(self, id: str) -> "Stand":
        if not self:
            self.update(self._onward(self.place))
        return self.get(id, ASTRAY)


Onward = tuple[str, Stand]
"""A segment id that may come next, and where it then stands."""

ASTRAY = Stand(-1, False, 0, lambda _: ())
"""Of a segment that has no place or before which one is missing, and of all behind it."""


class _Known(dict[int, Judge]):
    """The checking functions by place, found when they are first asked for."""

    def __init__(self, found: Callable[[int], Judge]) -> None:
        self._found = found

    def __missing__(self, place: int) -> Judge:
        self[place] = found = self._found(place)
        return found


class Shape(NamedTuple):
    """What follows from the ids of a set's segments alone: where each stands, and the functions that check it.

    `totals` are the elements that tell a count, by segment and position, with the count as text; None for a sum.
    """

    places: Places
    checks: list[Judge]
    totals: list[tuple[int, int, str | None]]

    def agrees(self, segments: Sequence[list[str]]) -> bool:
        """Whether the set's totals are as they should be; of sums only whether there are none to be looked at."""
        for at, position, count in self.totals:
            row = segments[at]
            if position < len(row) and row[position] and row[position] != count:
                return False
        return True


class Table:
    """A definition ready to be walked."""

    def __init__(self, definition: Definition, rows: Rows | None = None) -> None:
        self.definition = definition
        self.agreed = Agreed(definition)
        self._rows = rows
        self._moves: dict[int, Mapping[str, Move]] = {}
        self._steps: dict[tuple[str | None, str | None], Steps] = {}
        self._levels = _levels(definition)
        self._stands: dict[str, list[Place]] = {}
        for place in definition.places:
            self._stands.setdefault(place.segment.id, []).append(place)

    def knows(self, id: str) -> bool:
        """Whether the standard has a segment of that id, in this set or another."""
        if id in self._stands:
            return True
        return self._rows is not None and knows_segment(self._rows, self.definition.version, id)

    def stands(self, id: str) -> Sequence[Place]:
        """The places where a segment of that id may stand, in the order of the grammar."""
        return self._stands.get(id, ())

    def moves(self, place: int) -> Mapping[str, Move]:
        """Where each segment id leads from a place, faultless or with what is missing in between."""
        found = self._moves.get(place)
        if found is None:
            found = self._moves[place] = dict(self._compiled(place))
        return found

    def steps(self, separators: Separators, compound: bool) -> "Steps":
        """The quick table; `compound` where component or repetition separators may occur in the text."""
        key = (separators.component, separators.repetition) if compound else (None, None)
        found = self._steps.get(key)
        if found is None:
            found = self._steps[key] = Steps(self, *key)
        return found

    def opens(self, loop: str) -> int:
        """The place that opens a loop."""
        return self._levels[loop][0]

    def chain(self, place: int) -> Iterator[str]:
        """The paths of the loops around a place, from the innermost to the set itself."""
        path = self.definition.places[place].loop.path
        while path:
            yield path
            path = path.rpartition("/")[0]
        yield ""

    def _compiled(self, index: int) -> dict[str, Move]:
        """In the order in which a segment's place is sought: onward in the loop, again, then onward further out.

        A repeat beyond the limit of one comes last, so that another place for the segment goes first.
        """
        places = self.definition.places
        found: dict[str, Move] = {}
        beyond: dict[str, Move] = {}
        skipped: tuple[int, ...] = ()
        here = places[index]
        if not here.trigger:
            move = Move(index, (), True, here.max)
            (beyond if here.max == 1 else found)[here.segment.id] = move
        node = index
        for path in self.chain(index):
            level = self._levels[path]
            for entry in level[level.index(node) + 1:]:
                place = places[entry]
                found.setdefault(place.segment.id, Move(entry, skipped, False, _limit(place)))
                if _need(place, path) == "M":
                    skipped = (*skipped, entry)
            if path:
                node = level[0]
                opening = places[node]
                move = Move(node, skipped, True, opening.loop.repeat)
                (beyond if opening.loop.repeat == 1 else found).setdefault(opening.segment.id, move)
        return {**beyond, **found}


class Steps:
    """The stands of a set and the checks of its places, made on first use.

    `limited` are the stands that may come only so often in a row; `shapes` are of sets met before.
    """

    def __init__(self, table: Table, component: str | None, repetition: str | None) -> None:
        self._table = table
        self._separators = (component, repetition)
        self._checks: dict[int, Judge] = {}
        self._of_place = _Known(self._checks_of)
        self._stands: dict[tuple[int, bool], Stand] = {}
        self.limited: set[Stand] = set()
        self.shapes: dict[tuple[str, ...], Shape] = {}
        self.pieces = Pieces(table.definition)
        self._patterns: dict[tuple[str, str], Pattern] = {}
        self._remembered = 0

    def stand(self, place: int, again: bool = False, repeats: int = 0) -> Stand:
        """The stand at a place; one for all that come there anew, and one for all that come again."""
        found = self._stands.get((place, again))
        if found is None:
            found = self._stands[place, again] = Stand(place, again, repeats, self._following)
            if repeats:
                self.limited.add(found)
        return found

    def remember(self, ids: tuple[str, ...], shape: Shape) -> None:
        """Keeps the shape of a set for the next of its kind; forgets everything when that has grown large."""
        if len(ids) > SHAPE_MAX:
            return
        self._remembered += len(ids)
        if self._remembered > SHAPES_MAX:
            self.shapes.clear()
            self._remembered = len(ids)
        self.shapes[tuple(map(intern, ids))] = shape

    def pattern(self, element: str, end: str) -> Pattern:
        """What passes over sound segments whose elements are so parted, and which end so."""
        found = self._patterns.get((element, end))
        if found is None:
            marks = element + end + "".join(mark for mark in self._separators if mark is not None)
            found = self._patterns[element, end] = Pattern(element, end, marks)
        return found

    def checks(self, place: int) -> Judge:
        """The checking functions of the segment at a place."""
        return self._of_place[place]

    def shape(self, ids: Sequence[str], places: Places) -> Shape:
        """The shape of a set whose segments all have their places."""
        totals = []
        for total in self._table.definition.totals:
            for at in range(len(ids) - 1, 0, -1):
                if ids[at] == total.segment:
                    count = str(sum(map(places.count, total.places))) if total.of is None else None
                    totals.append((at, total.element, count))
                    break
        checks: list[Judge] = []
        for piece in places.pieces:
            checks += piece.checks
        return Shape(places, checks, totals)

    def _following(self, place: int) -> Iterator[Onward]:
        """Where the segments behind a place stand, as far as none is missing before them nor one too many."""
        for id, move in self._table.moves(place).items():
            if not move.skipped and not (move.again and move.limit == 1):
                yield id, self.stand(move.place, move.again, move.limit - 1 if move.again and move.limit else 0)

    def _checks_of(self, place: int) -> Judge:
        segment = self._table.definition.places[place].segment
        found = self._checks.get(id(segment))
        if found is None:
            found = self._checks[id(segment)] = Judge(segment, *self._separators)
        return found


def compile(definition: Definition, rows: Rows | None = None) -> Table:
    """The table of a definition. `rows` tell whether a segment that the set has not is of the standard at all."""
    return Table(definition, rows)


def _levels(definition: Definition) -> dict[str, list[int]]:
    """For each loop its members in order; a loop within it is there as its opening place."""
    levels: dict[str, list[int]] = {}
    for place in definition.places:
        path = place.loop.path
        levels.setdefault(path, []).append(place.index)
        if place.trigger and path:
            levels[path.rpartition("/")[0]].append(place.index)
    return levels


def _limit(place: Place) -> int | None:
    return place.loop.repeat if place.trigger and place.loop.path else place.max


def _need(place: Place, path: str) -> str:
    """Whether a member of the level `path` must be there: a loop within it by its own need."""
    return place.need if place.loop.path == path else place.loop.need
