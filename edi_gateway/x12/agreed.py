"""What a guide says and the grammar cannot: what depends on a code, and the rules; looked at when places are known.

A generated function (`glance`) tells whether a set is as agreed; `Look` asks it page by page, and words what is not.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from edi_gateway.issues import Finding
from edi_gateway.x12.disagreed import Words, last_of
from edi_gateway.x12.glance import Glance, Wrong
from edi_gateway.x12.guided import Rule, Spot
from edi_gateway.x12.ruled import is_outside
from edi_gateway.x12.spec import Definition
from edi_gateway.x12.tokens import Separators

PENDING_MAX = 11_000
"""So many findings of one set are held back until its end is seen: more than are ever counted."""


class Segments(Protocol):
    """What is looked at: a transaction, or one that is being made."""

    @property
    def segments(self) -> list[list[str]]:
        """From ST to SE."""

    @property
    def separators(self) -> Separators:
        """What parts its components."""

    def offset(self, position: int) -> int:
        """Where a segment begins, ST = 1."""


class Source(Protocol):
    """Where the segments of a page are from."""

    @property
    def separators(self) -> Separators:
        """What parts their components."""

    def offset(self, position: int) -> int:
        """Where a segment of the page begins, ST = 1, or the end of the page."""


class Agreed:
    """The rows of a definition, ready to be looked for."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._glances: dict[tuple[str, str | None], Glance] = {}

    def glance(self, separators: Separators) -> Glance:
        """The generated functions for a set with those separators."""
        key = separators.component, separators.repetition
        found = self._glances.get(key)
        if found is None:
            found = self._glances[key] = Glance(self.definition, separators)
        return found

    def broken(self, transaction: Segments, places: Sequence[int]) -> list[Rule]:
        """The rules that do not hold."""
        look = Look(self, transaction)
        for _ in (*look.take(transaction.segments, places), *look.close()):
            pass
        return look.broken

    def findings(self, transaction: Segments, places: Sequence[int]) -> Iterator[Finding]:
        """What is not as agreed in a set whose segments stand at `places`."""
        if not self.keeps(transaction, places):
            look = Look(self, transaction)
            yield from look.take(transaction.segments, places)
            yield from look.close()

    def keeps(self, transaction: Segments, places: Sequence[int]) -> bool:
        """Whether the set is as agreed, as far as can be seen at a glance: False is no verdict."""
        glance, wrong = self.glance(transaction.separators), list[Wrong]()
        state = glance.take(glance.begin(), transaction.segments, places, 0, wrong)
        glance.close(state, len(places), wrong, glance.everything)
        return not wrong


class _Pending(NamedTuple):
    """A rule that is broken unless segments behind its loop say otherwise: its number, the values to compare."""

    number: int
    told: tuple[frozenset[str], ...]
    finding: Finding


class Look:
    """One look over a set, page by page: `take` yields what is not as agreed as soon as that is known.

    Held are the segments of loops that are open, the few that rules for the whole set speak of, and what rules
    ask of segments that may stand behind their loop.
    """

    def __init__(self, agreed: Agreed, source: Source) -> None:
        definition = agreed.definition
        self._counted, self._rules = definition.counted, definition.rules
        self._glance = agreed.glance(source.separators)
        self._state = self._glance.begin()
        self._held = _Page(definition, source)
        self._words = Words(definition, source.separators, self._held)
        self._pending: list[_Pending] = []
        self._compared: set[tuple[int, tuple[frozenset[str], ...]]] = set()
        self._loops = [
            *((number, f"since{number}", one.spot.loop) for number, one in enumerate(self._counted)
              if one.spot.scope is not None and one.least),
            *((number + len(self._counted), f"begun{number}", definition.places[min(rule.scope.places)].loop.path)
              for number, rule in enumerate(self._rules) if rule.scope is not None),
        ]
        """What is looked for in each occurrence of a loop: its number, the name that tells since when, the loop."""
        self._named = [
            name for number, rule in enumerate(self._rules) for name in (f"first{number}", f"blamed{number}")
            if name in self._glance.slots and (rule.scope is None or is_outside(rule, rule.then.spot))
        ]
        self.broken: list[Rule] = []
        """The rules found not to hold."""

    @property
    def held(self) -> int:
        """How many segments of earlier pages are still held."""
        return self._held.kept

    def take(self, rows: Sequence[list[str]], places: Sequence[int], first: int = 0) -> Iterator[Finding]:
        """Looks at the next segments, of which the first has that index in the set; to be exhausted before the next.

        What `source` tells of offsets is asked of this page only.
        """
        wrong: list[Wrong] = []
        self._held.turn(rows, places, first)
        self._state = self._glance.take(self._state, rows, places, first, wrong)
        yield from self._worded(wrong)
        yield from self._ended()
        slots = self._glance.slots
        begun = [self._state[slots[name]] for _, name, _ in self._loops]
        named = [self._state[slots[name]] for name in self._named]
        self._held.keep(min((at for at in begun if at >= 0), default=self._held.total), named)

    def close(self) -> Iterator[Finding]:
        """What is only known when the set is at its end."""
        wrong: list[Wrong] = []
        self._glance.close(self._state, self._held.total, wrong, self._glance.everything)
        yield from self._worded(wrong)
        for pending in self._pending:
            broken, first, blamed = self._glance.late(self._state, pending.number, pending.told)
            if broken:
                rule = self._rules[pending.number]
                self.broken.append(rule)
                elsewhere = max(first, blamed) >= 0 and is_outside(rule, rule.then.spot)
                yield self._words.rule(rule, 0, 0, first, blamed) if elsewhere else pending.finding

    def _ended(self) -> Iterator[Finding]:
        """What is wrong in loops that ended in this page, though none of their kind has begun behind them."""
        shut = set()
        state = list(self._state)
        for number, name, loop in self._loops:
            since = state[self._glance.slots[name]]
            start = max(since, self._held.first - 1)
            if since >= 0 and self._words.end(loop, start, self._held.total) < self._held.total:
                shut.add(number)
                state[self._glance.slots[name]] = -1
        if shut:
            wrong: list[Wrong] = []
            self._glance.close(self._state, self._held.total, wrong, shut)
            self._state = state
            yield from self._worded(wrong)

    def _worded(self, wrong: Sequence[Wrong]) -> Iterator[Finding]:
        for one in wrong:
            if one.what in ("rule", "late"):
                rule = self._rules[one.number]
                finding = self._words.rule(rule, one.since, one.at, one.first, one.blamed)
                if one.what == "late":
                    self._waits(_Pending(one.number, one.told, finding))
                else:
                    self.broken.append(rule)
                    yield finding
            elif one.what == "missing":
                yield from self._words.missing(self._counted[one.number], one.since, one.at)
            elif one.what == "many":
                yield self._words.many(self._counted[one.number], one.at)
            else:
                counted = self._counted[one.number]
                for told in counted.elements:
                    yield from self._words.of_element(counted, told, one.at)

    def _waits(self, pending: _Pending) -> None:
        """Holds back a finding; of values that no other has, in any case."""
        if len(self._pending) < PENDING_MAX or pending[:2] not in self._compared:
            self._compared.add(pending[:2])
            self._pending.append(pending)


class _Page:
    """The segments in hand, and those that were kept of pages before."""

    def __init__(self, definition: Definition, source: Source) -> None:
        self._source = source
        self._rows: Sequence[list[str]] = ()
        self._places: Sequence[int] = ()
        self._kept: dict[int, tuple[int, list[str], int]] = {}
        self._pinned: set[int] = set()
        self._open = 0
        self.first = 0
        self.total = 0
        whole = [one.spot for one in definition.counted if one.spot.scope is None and one.least]
        self._spots = set(whole)
        whole += [rule.then.spot for rule in definition.rules if rule.scope is None]
        self._beyond = dict.fromkeys((last_of(definition.places, spot) for spot in whole), -1)
        """For each place of interest to the whole set, the first segment behind it; -1 where there is none yet."""
        self._strayed: set[Spot] = set()

    @property
    def kept(self) -> int:
        """How many segments of earlier pages there are."""
        return len(self._kept)

    def turn(self, rows: Sequence[list[str]], places: Sequence[int], first: int) -> None:
        """The next page."""
        self._rows, self._places, self.first, self.total = rows, places, first, first + len(rows)

    def keep(self, since: int, named: Sequence[int]) -> None:
        """Keeps what will be looked at later: all from an index on, the named ones, and what the whole set asks for."""
        for last, at in self._beyond.items():
            if at < 0 and max(self._places, default=-1) > last:
                self._beyond[last] = self.beyond(last, self.first, self.total)
        strays = [at for at, place in enumerate(self._places, self.first) if place < 0] if self._spots else []
        self._strayed |= {spot for spot in self._spots for at in strays if self._strays(spot, at)}
        self._pinned.update(at for at in (*named, *self._beyond.values()) if at >= self.first)
        for at in range(self._open, min(since, self.first)):
            if at not in self._pinned:
                self._kept.pop(at, None)
        for at in {*self._pinned, *range(max(since, self.first), self.total)} - self._kept.keys():
            self._kept[at] = self.place(at), self.row(at), self.offset(at)
        self._open = since
        self._rows = self._places = ()
        self.first = self.total

    def row(self, at: int) -> list[str]:
        """A segment; one without elements behind the last."""
        if at >= self.first:
            return self._rows[at - self.first] if at < self.total else []
        return self._kept[at][1]

    def place(self, at: int) -> int:
        """Where a segment stands."""
        return self._places[at - self.first] if at >= self.first else self._kept[at][0]

    def offset(self, at: int) -> int:
        """Where a segment begins in the file."""
        return self._kept[at][2] if at in self._kept else self._source.offset(at + 1)

    def beyond(self, place: int, since: int, end: int) -> int:
        """The first segment of a stretch that stands behind a place; the end where none does."""
        known = self._beyond.get(place, -1) if since == 0 else -1
        if known >= 0:
            return known
        return next((at for at in range(max(since, self._open), end) if self.place(at) > place), end)

    def strays(self, spot: Spot, since: int, end: int) -> bool:
        """Whether a segment such as the spot's is in the stretch and has no place there."""
        if spot in self._strayed and since == 0:
            return True
        return any(self.place(at) < 0 and self._strays(spot, at) for at in range(max(since, self._open), end))

    def _strays(self, spot: Spot, at: int) -> bool:
        row = self.row(at)
        said = spot.code is None or spot.code[0] < len(row) and row[spot.code[0]] == spot.code[1]
        return row[0] == spot.segment and said
