"""Names every structural fault of a set, and goes on after each where the rest fits best.

One fault is one finding: before a segment is taken for out of place, or what stands between for
missing, the next few segments are tried both ways.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from edi_gateway.issues import Kind, x12
from edi_gateway.x12.compile import Move, Table

NOWHERE = -1
_LOOK_AHEAD = 6


@dataclass(frozen=True, slots=True)
class Fault:
    """A structural fault. `index` is the segment it is noticed at; `place` where that, or the missing one, belongs."""

    kind: Kind
    note: str
    index: int
    segment: str
    loop: str


class Walk:
    """One walk over a set's segments: `places` is where each stands, `NOWHERE` for those that have no place."""

    def __init__(self, table: Table, rows: Sequence[Sequence[str]]) -> None:
        self._table = table
        self._rows = rows
        self._counts: Counter[int] = Counter()
        self._at = 0
        self.places: list[int] = []

    def faults(self) -> Iterator[Fault]:
        """The faults in the order of the segments; `places` is complete once they are exhausted."""
        self.places.append(0)
        for index in range(1, len(self._rows)):
            yield from self._step(index)

    def _step(self, index: int) -> Iterator[Fault]:
        id = self._rows[index][0]
        move = self._table.moves(self._at).get(id)
        if move is None or self._better_left_out(move, index):
            self.places.append(NOWHERE)
            yield self._out_of_place(index, id)
            return
        for place in move.skipped:
            yield self._missing(index, place)
        yield from self._count(move, index)
        self.places.append(move.place)
        self._at = move.place

    def _better_left_out(self, move: Move, index: int) -> bool:
        """Whether fewer faults follow when this segment is passed over than when others are missing before it."""
        # The segment that closes the set is where it is: the envelope was cut by it.
        if not move.skipped or index == len(self._rows) - 1:
            return False
        taken = len(move.skipped) + self._cost(move.place, index + 1)
        return 1 + self._cost(self._at, index + 1) < taken

    def _cost(self, at: int, index: int) -> int:
        cost = 0
        for row in self._rows[index:index + _LOOK_AHEAD]:
            move = self._table.moves(at).get(row[0])
            if move is None:
                cost += 1
            else:
                cost += len(move.skipped)
                at = move.place
        return cost

    def _count(self, move: Move, index: int) -> Iterator[Fault]:
        place = self._table.definition.places[move.place]
        if not move.again:
            self._counts[move.place] = 1
        else:
            self._counts[move.place] += 1
        if place.trigger:
            self._forget_inside(place.loop.path, move.place)
        if move.limit is not None and self._counts[move.place] > move.limit:
            loop, id = place.loop.path, place.segment.id
            if place.trigger:
                note = f"loop {loop} occurs {self._counts[move.place]} times, {move.limit} is allowed"
                yield Fault(x12.LOOP_TOO_MANY, note, index, id, loop)
            else:
                note = f"{id} occurs {self._counts[move.place]} times, {move.limit} is allowed"
                yield Fault(x12.SEGMENT_TOO_MANY, note, index, id, loop)

    def _forget_inside(self, path: str, opening: int) -> None:
        for place in list(self._counts):
            inside = self._table.definition.places[place].loop.path
            if place != opening and (inside == path or inside.startswith(f"{path}/")):
                del self._counts[place]

    def _missing(self, index: int, place: int) -> Fault:
        missing = self._table.definition.places[place]
        note = f"{missing.segment.id} ({missing.segment.name}) is missing before {self._rows[index][0]}"
        return Fault(x12.SEGMENT_MISSING, note, index, missing.segment.id, missing.loop.path)

    def _out_of_place(self, index: int, id: str) -> Fault:
        kind, note, loop = self._reason(id)
        return Fault(kind, note, index, id, loop)

    def _reason(self, id: str) -> tuple[Kind, str, str]:
        shown = id[:20]
        places = self._table.definition.places
        here = places[self._at].loop.path
        if not self._table.knows(id):
            return x12.SEGMENT_UNKNOWN, f"{shown!r} is no segment of the standard", here
        own = self._table.stands(id)
        if not own:
            return x12.SEGMENT_NOT_IN_SET, f"{shown} has no place in set {self._table.definition.set}", here
        open_loops = list(self._table.chain(self._at))
        for place in own:
            if place.loop.path in open_loops and place.max is not None and self._counts[place.index] >= place.max:
                note = f"{id} occurs again, {place.max} is allowed"
                return x12.SEGMENT_TOO_MANY, note, place.loop.path
        reachable = [
            place for place in own
            if place.loop.path in open_loops or place.trigger and place.loop.path.rpartition("/")[0] in open_loops
        ]
        if reachable:
            after = places[self._at].segment.id
            return x12.SEGMENT_MISPLACED, f"{id} may not stand after {after}", reachable[0].loop.path
        path = own[0].loop.path.rpartition("/")[0] if own[0].trigger else own[0].loop.path
        opener = places[self._table.opens(path)].segment.id
        return x12.SEGMENT_UNEXPECTED, f"{id} stands in no open loop; {opener} would open one", own[0].loop.path
