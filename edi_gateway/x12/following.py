"""The walk over a set that comes in pages: where each segment stands, and every structural fault on the way.

A page is walked quickly as long as nothing is wrong in it, else by `diagnose`, from where the one before it ended.
The last segments of a page wait for the next: what stands there may still be seen otherwise in the light of it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from operator import getitem
from typing import NamedTuple

from edi_gateway.x12.compile import ASTRAY, Stand, Table
from edi_gateway.x12.diagnose import Fault, Walk
from edi_gateway.x12.pages import Page, Tail
from edi_gateway.x12.steering import LOOK_AHEAD, LOOK_BACK, Position


class Walked(NamedTuple):
    """A page whose segments are settled: where each stands, and by which places' rows its elements are judged.

    Where the page was faultless both are the same list. The faults are those noticed since the page before; some may
    be about segments that are not settled yet, which `around` holds as well.
    """

    page: Page
    places: list[int]
    judged: list[int]
    faults: list[Fault]
    around: Page


class Following:
    """One walk over a set, page by page: `take` hands on what is settled, `close` what is left at the end."""

    def __init__(self, table: Table, page: Page) -> None:
        """Begins with a page of no segments."""
        self._table = table
        self._steps = table.steps(page.separators, True)
        self._position = Position(0, {})
        self._waiting = page
        self._before: tuple[list[list[str]], list[int]] = [], []
        """The segment before those that wait, and its place."""
        self._careful = _Careful(table)
        self.faultless = True
        """Whether no structural fault was found so far."""

    @property
    def begun(self) -> bool:
        """Whether any segment has come."""
        return bool(self._waiting.segments)

    def take(self, page: Page) -> Walked:
        """The next page, which need not be whole: what is settled by it."""
        return self._walked(self._waiting.followed_by(page), last=False)

    def close(self) -> Walked:
        """What was waiting, at the end of the set."""
        return self._walked(self._waiting, last=True)

    def _walked(self, page: Page, last: bool) -> Walked:
        places = self._quickly(page.ids[not page.first:]) if self._position.unopened is None else None
        if places is None:
            return self._carefully(page, last)
        if not page.first:
            places.insert(0, 0)
        settled = len(places) if last else max(len(places) - LOOK_BACK, 0)
        del places[settled:]
        if settled:
            self._position = beyond(self._table, self._position, places if page.first else places[1:])
            self._careful.forget()
        return self._settled(page, places, places, [])

    def _quickly(self, ids: Sequence[str]) -> list[int] | None:
        """The places of those segments; None where there is a fault, but for one that was told before."""
        begin = self._steps.stand(self._position.at)
        stands = list(accumulate(ids, getitem, initial=begin))[1:]
        if stands and stands[-1] is ASTRAY or _too_often(stands, self._position.counts):
            return None
        return [stand.place for stand in stands]

    def _carefully(self, page: Page, last: bool) -> Walked:
        rows, places = self._before
        first = page.first
        walk = self._careful
        walk.begin(self._position, Tail(first - len(rows), rows + page.segments), Tail(first - len(rows), places))
        faults = list(walk.onward(first, first + len(page.segments) - (0 if last else LOOK_AHEAD - 1)))
        self.faultless = self.faultless and not faults
        self._position, settled = walk.settled(last)
        return self._settled(page, walk.places[first:settled], walk.judged[first:settled], faults)

    def _settled(self, page: Page, places: list[int], judged: list[int], faults: list[Fault]) -> Walked:
        done, self._waiting = page.parted(len(places))
        if places:
            self._before = done.segments[-1:], places[-1:]
        return Walked(done, places, judged, faults, page)


def _too_often(stands: Sequence[Stand], before: Mapping[int, int]) -> bool:
    """Whether something comes more often in a row than it may, and did not so before."""
    for stand, times in Counter([stand for stand in stands if stand.repeats]).items():
        already = before.get(stand.place, 0)
        # Where there were too many already, only what begins anew can be at fault.
        if (already if 0 < already <= stand.repeats + 1 else 1) + times > stand.repeats + 1:
            break
    else:
        return False
    counts = dict(before)
    for stand in stands:
        counts[stand.place] = counts.get(stand.place, 0) + 1 if stand.again else 1
        if stand.repeats and counts[stand.place] == stand.repeats + 2:
            return True
    return False


class _Careful(Walk):
    """The walk that names faults, begun anew at each page with what it knows of the one before."""

    def __init__(self, table: Table) -> None:
        super().__init__(table, ())

    def begin(self, position: Position, rows: Tail[list[str]], places: Tail[int]) -> None:
        """Stands before the first segment behind those that have places."""
        self._position, self._rows = position, rows
        self.places, self.judged = places, Tail(places.start, places[places.start:])
        self._before.clear()

    def onward(self, first: int, end: int) -> Iterator[Fault]:
        """The faults from a segment up to another one."""
        if not first and end > 0:
            self.places.append(0)
            self.judged.append(0)
        for index in range(max(first, 1), end):
            yield from self._at(index)

    def settled(self, last: bool) -> tuple[Position, int]:
        """Behind how many segments nothing can change before it, and where the walk stood there."""
        if last or not self._before:
            return self._position, len(self.places)
        return self._before[0], len(self.places) - len(self._before)

    def forget(self) -> None:
        """Notes that a segment was taken faultlessly."""
        self._adrift.clear()


def beyond(table: Table, start: Position, places: Sequence[int]) -> Position:
    """Where a walk stands behind segments at those places, when each was taken faultlessly, as `steering.after` tells.

    What counts is how often a place occurred since the loop around it was opened last.
    """
    if not places:
        return start
    backward = places[::-1]
    distinct = set(places)
    opened = {
        table.definition.places[place].loop.path: (place, backward.index(place))
        for place in distinct if table.definition.places[place].trigger
    }
    counts = dict(_counts(table, start.counts, backward, distinct, opened))
    return Position(places[-1], counts)


def _counts(
    table: Table, before: Mapping[int, int], backward: Sequence[int], distinct: set[int],
    opened: Mapping[str, tuple[int, int]],
) -> Iterator[tuple[int, int]]:
    for place in (*before, *(distinct - before.keys())):
        path = table.definition.places[place].loop.path
        around = (path.rsplit("/", cut)[0] for cut in range(path.count("/") + 1))
        behind = [at for loop in around if loop in opened for opener, at in [opened[loop]] if opener != place]
        since = min(behind, default=len(backward))
        count = backward[:since].count(place) if place in distinct else 0
        count += 0 if behind else before.get(place, 0)
        if count:
            yield place, count
