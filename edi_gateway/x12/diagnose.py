"""Names every structural fault of a set, and goes on after each where the rest fits best.

One fault is one finding: `steering` chooses the way that leaves the fewest.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from edi_gateway.issues import Kind, x12
from edi_gateway.x12.compile import Table
from edi_gateway.x12.spec import Place
from edi_gateway.x12.steering import LOOK_AHEAD, LOOK_BACK, NOWHERE, Position, Step, after, ahead, best

__all__ = ["NOWHERE", "Fault", "Walk"]

STEERED_MAX = 1_000
"""So many faults are looked at closely; more are not listed, and every segment is then taken for what it says."""

_ID_MAX = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """A structural fault. `index` is the segment it is noticed at; `loop` where that, or the missing one, belongs."""

    kind: Kind
    note: str
    index: int
    segment: str
    loop: str
    remedy: str | None = None


class Walk:
    """One walk over a set's segments: `places` is where each stands, `NOWHERE` for those that have no place.

    `judged` are the places by whose rows the segments' elements are judged: a segment of a loop whose first
    segment is missing stands nowhere, and is what it is nevertheless.
    """

    def __init__(self, table: Table, rows: Sequence[Sequence[str]]) -> None:
        self._table = table
        self._rows = rows
        self._position = Position(0, {})
        self._before: deque[Position] = deque(maxlen=LOOK_BACK)
        self._told = 0
        self._passed: dict[str, int] = {}
        self._adrift: set[str] = set()
        self.places: list[int] = []
        self.judged: list[int] = []

    def faults(self) -> Iterator[Fault]:
        """The faults in the order of the segments; `places` is complete once they are exhausted."""
        self.places.append(0)
        self.judged.append(0)
        for index in range(1, len(self._rows)):
            yield from self._at(index)

    def _at(self, index: int) -> Iterator[Fault]:
        """Takes one segment; `steering.LOOK_AHEAD` are looked at from there on, as far as there are any."""
        step = ahead(self._table, self._position, self._rows[index][0])
        if step is not None and (not step.cost or self._told_before(step)):
            self._before.append(self._position)
            self._go(step)
            return
        for fault in self._steered(index, step):
            self._told += 1
            yield fault

    def _told_before(self, step: Step) -> bool:
        """Whether nothing is wrong but that a segment comes too often, and that was told of the one before it."""
        place = self._table.definition.places[step.place]
        limit = place.loop.repeat if place.trigger and place.loop.path else place.max
        return step.over and not step.missing and limit is not None and self._position.counts[step.place] > limit

    def _steered(self, index: int, step: Step | None) -> Iterator[Fault]:
        """The faults that are found at a segment which cannot simply be taken, or shortly before it."""
        first, steps = index, [step or Step(NOWHERE, 1)]
        if self._told < STEERED_MAX:
            first, steps = self._steps(index)
        for at in range(first, index + 1):
            yield from self._named(at, steps[at - first], hindsight=at < index, onward=steps[at - first + 1:])
            self._go(steps[at - first])
        self._before.clear()

    def _steps(self, index: int) -> tuple[int, list[Step]]:
        """Goes back as far as nothing has been told of yet; the steps from there to this segment and some further."""
        back = len(self._before)
        first = index - back
        ids = [row[0] for row in self._rows[first:index + LOOK_AHEAD]]
        if back:
            self._position = self._before[0]
            del self.places[first:], self.judged[first:]
        passed = frozenset(id for id, at in self._passed.items() if first - at <= LOOK_BACK)
        return first, best(self._table, self._position, ids, back, passed)

    def _go(self, step: Step) -> None:
        self._position = after(self._table, self._position, step)
        if step.place != NOWHERE:
            self._adrift.clear()
        self.places.append(step.place if self._position.unopened is None else NOWHERE)
        self.judged.append(step.place)

    def _named(self, index: int, step: Step, hindsight: bool, onward: Sequence[Step]) -> Iterator[Fault]:
        id = self._rows[index][0]
        if step.place == NOWHERE:
            if self._goes_along(id):
                # It cost as much to look at as one that is told.
                self._told += 1
            else:
                yield self._in_the_way(index) if hindsight else self._out_of_place(index, id)
            self._passed[id] = index
            return
        for place in step.missing:
            if not self._stands_nearby(self._table.definition.places[place].segment.id, index, onward):
                yield self._missing(index, place)
        if step.unopened is not None:
            yield from self._without_opener(index, id, step.unopened)
        if step.over and not self._told_before(step):
            yield self._too_many(index, step)

    def _goes_along(self, id: str) -> bool:
        """Whether a segment belongs to a loop whose first segment was just told to be out of place."""
        places, own = self._table.definition.places, self._table.stands(id)
        outer = (place.loop.path.rpartition("/")[0] if place.trigger else place.loop.path for place in own)
        along = any(path and places[self._table.opens(path)].segment.id in self._adrift for path in outer)
        if any(place.trigger and place.loop.path for place in own):
            self._adrift.add(id)
        return along

    def _stands_nearby(self, id: str, index: int, onward: Sequence[Step]) -> bool:
        """Whether a segment stands shortly before or behind, out of its place: then it is not missing as well."""
        behind = zip(self._rows[index + 1:index + 1 + LOOK_BACK], onward, strict=False)
        if index - self._passed.pop(id, -LOOK_AHEAD) <= LOOK_BACK:
            return True
        return any(row[0] == id and step.place == NOWHERE for row, step in behind)

    def _without_opener(self, index: int, id: str, opener: int) -> Iterator[Fault]:
        """A segment of a loop that has not begun; behind one that nobody knows, that one was meant to begin it."""
        place = self._table.definition.places[opener]
        unknown = self.places[index - 1] == NOWHERE and not self._table.knows(self._rows[index - 1][0])
        if unknown or self._stands_nearby(place.segment.id, index, ()):
            return
        path, name = place.loop.path, f"{place.segment.id} ({place.segment.name})"
        remedy = f"Ask the partner to send {place.segment.id} before {id}, which belongs into its loop."
        if path in self._table.chain(self._position.at):
            note = f"{id} may not stand after {self._here}; another {name} would open its loop again"
            yield Fault(x12.SEGMENT_MISPLACED, note, index, id, path, remedy)
        elif place.loop.need == "M" and not self._position.counts.get(opener, 0):
            yield self._missing(index, opener)
        else:
            note = f"{id} stands in no open loop; {name} would open one"
            yield Fault(x12.SEGMENT_UNEXPECTED, note, index, id, path, remedy)

    @property
    def _here(self) -> str:
        return self._table.definition.places[self._position.at].segment.id

    def _too_many(self, index: int, step: Step) -> Fault:
        place, times = self._table.definition.places[step.place], self._position.counts[step.place] + 1
        id, loop = place.segment.id, place.loop
        if place.trigger:
            note = f"loop {loop.path} occurs {times} times, {loop.repeat} is the most"
            remedy = f"Ask the partner to send {_at_most(loop.repeat)} {id} here, or to split the document."
            agreed = "repeat" in loop.guided.words
            kind = x12.LOOP_MORE_THAN_AGREED if agreed else x12.LOOP_TOO_MANY
            return Fault(kind, f"{note}{loop.guided.cited if agreed else ''}", index, id, loop.path, remedy)
        note = f"{id} ({place.segment.name}) occurs {times} times, {place.max} is the most"
        kind, note = _of_repeat(place, note)
        remedy = f"Ask the partner to send {_at_most(place.max)} {id} here."
        return Fault(kind, note, index, id, loop.path, remedy)

    def _missing(self, index: int, place: int) -> Fault:
        missing = self._table.definition.places[place]
        follows = f"{self._rows[index][0][:_ID_MAX]} (segment {index + 1})"
        segment, loop = missing.segment, missing.loop.path
        within = f" in loop {loop}" if loop and not missing.trigger else ""
        note = f"{segment.id} ({segment.name}) is missing{within}: it must stand before {follows}"
        remedy = f"Ask the partner to send {segment.id}{within} before {follows}."
        guided = missing.loop.guided if missing.trigger and loop else missing.guided
        if "use" in guided.words:
            note = f"{note}, which is agreed with the partner{guided.cited}"
            return Fault(x12.AGREED_SEGMENT_MISSING, note, index, segment.id, loop, remedy)
        return Fault(x12.SEGMENT_MISSING, note, index, segment.id, loop, remedy)

    def _in_the_way(self, index: int) -> Fault:
        """A segment that might stand there, but for those behind it."""
        id, loop = self._rows[index][0], self._table.definition.places[self._position.at].loop.path
        note = f"{id} may not stand before {self._rows[index + 1][0][:_ID_MAX]}"
        return Fault(x12.SEGMENT_MISPLACED, note, index, id, loop)

    def _out_of_place(self, index: int, id: str) -> Fault:
        kind, note, loop = self._reason(id)
        return Fault(kind, note, index, id[:_ID_MAX], loop)

    def _reason(self, id: str) -> tuple[Kind, str, str]:
        shown = id[:_ID_MAX]
        places = self._table.definition.places
        at = self._position.at
        here = places[at].loop.path
        if not self._table.knows(id):
            return x12.SEGMENT_UNKNOWN, f"{shown!r} is no segment of the standard", here
        own = self._table.stands(id)
        if not own:
            return x12.SEGMENT_NOT_IN_SET, f"{shown} has no place in set {self._table.definition.set}", here
        open_loops = list(self._table.chain(at))
        for place in own:
            occurs = self._position.counts.get(place.index, 0)
            if place.loop.path in open_loops and place.max is not None and occurs >= place.max:
                note = f"{id} ({place.segment.name}) occurs again, {place.max} is the most"
                return *_of_repeat(place, note), place.loop.path
        reachable = [
            place for place in own
            if place.loop.path in open_loops or place.trigger and place.loop.path.rpartition("/")[0] in open_loops
        ]
        if reachable:
            note = f"{id} ({own[0].segment.name}) may not stand after {self._here}"
            return x12.SEGMENT_MISPLACED, note, reachable[0].loop.path
        path = own[0].loop.path.rpartition("/")[0] if own[0].trigger else own[0].loop.path
        opener = places[self._table.opens(path)].segment
        note = f"{id} stands in no open loop; {opener.id} ({opener.name}) would open one"
        return x12.SEGMENT_UNEXPECTED, note, own[0].loop.path


def _of_repeat(place: Place, note: str) -> tuple[Kind, str]:
    """The kind of a segment that comes too often: by the standard, or by a guide."""
    if "repeat" in place.guided.words:
        return x12.SEGMENT_MORE_THAN_AGREED, f"{note} that is agreed with the partner{place.guided.cited}"
    return x12.SEGMENT_TOO_MANY, note


def _at_most(times: int | None) -> str:
    return "only one" if times == 1 else f"at most {times}"
