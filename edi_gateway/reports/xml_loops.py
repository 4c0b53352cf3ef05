"""Which loops begin and end before each segment of a set."""

from collections.abc import Iterator
from typing import NamedTuple

from edi_gateway.reports.unfolding import opens, within
from edi_gateway.x12.diagnose import NOWHERE
from edi_gateway.x12.read import Verdict
from edi_gateway.x12.spec import Place


class Step(NamedTuple):
    """Before a segment: how many loops end, the paths of those that begin, and the segment's place, if it has one."""

    closed: int = 0
    opened: tuple[str, ...] = ()
    place: Place | None = None


def steps(verdict: Verdict, count: int) -> Iterator[Step]:
    """A step for each of so many segments; in a set that is rejected, or of no known kind, there are no loops."""
    places = verdict.places
    if verdict.tree is None or places is None or len(places) != count:
        yield from (Step() for _ in range(count))
        return
    inside: list[str] = []
    for index in places:
        if index == NOWHERE:
            yield Step()
            continue
        step = _step(verdict.tree.definition.places[index], inside)
        del inside[len(inside) - step.closed:]
        inside += step.opened
        yield step


def _step(place: Place, inside: list[str]) -> Step:
    """A segment that opens its loop begins another; loops around it that were never opened begin as well."""
    path = place.loop.path
    around = [loop for loop in inside if loop and within(path, loop) and not (opens(place) and loop == path)]
    wanted = ["/".join(path.split("/")[:depth]) for depth in range(1, path.count("/") + 2)] if path else []
    return Step(len(inside) - len(around), tuple(wanted[len(around):]), place)
