"""Where a set's structure breaks: which way onward leaves the fewest faults, so that one fault is one finding.

A way is tried over the next few segments, and over the few before: each may be taken for what it says, with
something missing before it; passed over; or taken for part of a loop whose opening segment is missing.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from edi_gateway.x12.compile import Move, Table

NOWHERE = -1
LOOK_BACK = 3
LOOK_AHEAD = 7
_WAYS_MAX = 6

# A finding costs about one. What is a little dearer gives way where two ways cost the same.
_PASSED_OVER = 1.05
_UNOPENED = 1.1
_PASSED_OVER_IN_HINDSIGHT = 1.3


class Step(NamedTuple):
    """What becomes of one segment: the place it stands at, `NOWHERE` where it is passed over.

    `missing` are the mandatory places passed on the way there; `over` says that it comes too often. `unopened`
    is the place of the missing segment that opens its loop, None where the loop is open.
    """

    place: int
    cost: float
    missing: tuple[int, ...] = ()
    again: bool = False
    over: bool = False
    unopened: int | None = None


class Position(NamedTuple):
    """Where a walk stands: its place, how often places occurred, and the loop that is open without its first segment.

    `unopened` is that loop's path, None where there is none.
    """

    at: int
    counts: Mapping[int, int]
    unopened: str | None = None


def ahead(table: Table, position: Position, id: str) -> Step | None:
    """The step of a segment that is taken for what it says; None where it has no place onward."""
    move = table.moves(position.at).get(id)
    return None if move is None else _taken(position, move)


def after(table: Table, position: Position, step: Step) -> Position:
    """Where the walk stands behind a step."""
    if step.place == NOWHERE:
        return position
    counts = dict(position.counts)
    if step.unopened is not None:
        _count(table, counts, step.unopened, True)
    _count(table, counts, step.place, step.again)
    return Position(step.place, counts, _unopened(table, position, step))


def best(
    table: Table, start: Position, ids: Sequence[str], looked_back: int, passed: frozenset[str] = frozenset()
) -> list[Step]:
    """The cheapest way over some segments, of which the first few were already taken for what they say.

    `passed` are the ids of segments passed over shortly before.
    """
    closing = table.definition.places[-1].segment.id
    ways: list[tuple[float, Position, tuple[Step, ...]]] = [(0.0, start, ())]
    for number, id in enumerate(ids):
        grown = []
        for cost, position, way in ways:
            lately = _lately(ids, way) | passed if number < LOOK_BACK else _lately(ids, way)
            for step in _options(table, position, id, lately, id == closing, number < looked_back):
                grown.append((cost + step.cost, position, (*way, step)))
        grown.sort(key=lambda way: way[0])
        ways, seen = [], set()
        for cost, position, way in grown:
            reached = after(table, position, way[-1])
            mark = (reached.at, reached.unopened)
            if mark not in seen:
                seen.add(mark)
                ways.append((cost, reached, way))
            if len(ways) == _WAYS_MAX:
                break
    return list(ways[0][2])


def _lately(ids: Sequence[str], way: Sequence[Step]) -> frozenset[str]:
    """The ids that a way has passed over in its last steps: what they stand for is not missing as well."""
    recent = range(max(len(way) - LOOK_BACK, 0), len(way))
    return frozenset(ids[at] for at in recent if way[at].place == NOWHERE)


def _options(
    table: Table, position: Position, id: str, lately: frozenset[str], closing: bool, hindsight: bool
) -> Iterator[Step]:
    step = ahead(table, position, id)
    if step is not None:
        yield step._replace(cost=step.cost - _pardoned(table, step, lately)) if lately and step.missing else step
    # The segment that closes the set is where it is: the envelope was cut by it.
    if step is None or not closing:
        yield Step(NOWHERE, _PASSED_OVER_IN_HINDSIGHT if hindsight else _PASSED_OVER)
    if (step is None or step.cost) and not hindsight:
        yield from _unopened_steps(table, position, id, lately)


def _pardoned(table: Table, step: Step, lately: frozenset[str]) -> int:
    return sum(table.definition.places[place].segment.id in lately for place in step.missing)


def _unopened_steps(table: Table, position: Position, id: str, lately: frozenset[str]) -> Iterator[Step]:
    """The segment as part of a loop whose opening segment could stand here, and does not."""
    places, seen = table.definition.places, set()
    for place in table.stands(id):
        path = place.loop.path.rpartition("/")[0] if place.trigger else place.loop.path
        if not path or path in seen:
            continue
        seen.add(path)
        opener = table.opens(path)
        opening = table.moves(position.at).get(places[opener].segment.id)
        inside = table.moves(opener).get(id)
        if opening and inside and opening.place == opener and inside.place == place.index:
            missing = (*opening.skipped, *inside.skipped)
            # One that was passed over, or that nobody knows, was meant to open the loop.
            meant = any(each == places[opener].segment.id or not table.knows(each) for each in lately)
            yield Step(place.index, _UNOPENED - meant + len(missing), missing, False, False, opener)


def _taken(position: Position, move: Move) -> Step:
    over = move.again and move.limit is not None and position.counts.get(move.place, 0) >= move.limit
    return Step(move.place, len(move.skipped) + over, move.skipped, move.again, over)


def _unopened(table: Table, position: Position, step: Step) -> str | None:
    loop = table.definition.places[step.place].loop.path
    if step.unopened is not None:
        return table.definition.places[step.unopened].loop.path
    path = position.unopened
    inside = path is not None and (loop == path or loop.startswith(f"{path}/"))
    return path if inside and step.place != table.opens(path or "") else None


def _count(table: Table, counts: dict[int, int], place: int, again: bool) -> None:
    """Counts an occurrence of a place; what is inside a loop begins anew with each of its own."""
    counts[place] = counts.get(place, 0) + 1 if again else 1
    here = table.definition.places[place]
    if here.trigger:
        path = here.loop.path
        for other in [other for other in counts if other != place]:
            inside = table.definition.places[other].loop.path
            if inside == path or inside.startswith(f"{path}/"):
                del counts[other]
