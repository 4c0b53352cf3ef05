"""Generates the function that looks, as segments go by, whether a set is as agreed; what is not, `disagreed` words.

One function for all rows of a guide. What it has to remember from one segment to the next are a few names for
each row: `Glance(...).source` shows what runs.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple

from edi_gateway.x12.checks import Checks
from edi_gateway.x12.guided import Counted, Spot
from edi_gateway.x12.ruled import Ruled, begun, spots_of
from edi_gateway.x12.spec import Definition, Element
from edi_gateway.x12.tokens import Separators

State = Sequence[Any]
_INDENT = "    "


class Wrong(NamedTuple):
    """What is not as agreed: of the row `number` of `counted` or of the rules, seen at a segment.

    `since` is the segment that began the loop around it. Of a rule, `blamed` is the segment that must be
    otherwise, or else `first` the one that lacks something; both are -1 where it is missing. `told` are the
    values that are still to be compared: such a rule asks of segments that may stand behind its loop.
    """

    what: Literal["many", "element", "missing", "rule", "late"]
    number: int
    at: int
    since: int = 0
    first: int = -1
    blamed: int = -1
    told: tuple[frozenset[str], ...] = ()


class Glance:
    """The generated functions for one pair of separators, and the names of what they remember.

    `take(state, rows, places, first, wrong)` looks at segments from the index `first` on, and returns the state
    behind them; `begin()` is the state of a set without a segment. `close(state, at, wrong, shut)` looks at what
    is only known at the end, of the rows in `shut`: those of `counted` by number, behind them the rules.
    `late(state, number, told)` says whether a rule is broken after all, with `first` and `blamed` as in `Wrong`.
    """

    begin: Callable[[], State]
    take: Callable[[State, Sequence[list[str]], Sequence[int], int, list[Wrong]], State]
    close: Callable[[State, int, list[Wrong], Any], None]
    late: Callable[[State, int, Sequence[frozenset[str]]], tuple[bool, int, int]]

    def __init__(self, definition: Definition, separators: Separators) -> None:
        self.definition = definition
        self._separators = separators
        self._names: dict[str, Any] = {"Wrong": Wrong, "part": self._part}
        self._blocks: dict[int, list[tuple[str, list[str]]]] = {}
        self._fetched: dict[int, set[int]] = {}
        self._begun: dict[str, str] = {}
        self._closing: list[str] = []
        self._late: list[str] = []
        self._flags: dict[tuple[int, int, str], str] = {}
        self.everything = range(len(definition.counted) + len(definition.rules))
        for counted in definition.counted:
            self._watch(counted.spot)
        for rule in definition.rules:
            for spot in (*spots_of(rule), *([rule.scope] if rule.scope else [])):
                self._watch(spot)
        for number, counted in enumerate(definition.counted):
            if counted.spot.scope is not None:
                self._scope(number, counted)
        for number, rule in enumerate(definition.rules):
            Ruled(self, number, rule).begins()
        for number, counted in enumerate(definition.counted):
            self._count(number, counted)
        for number, rule in enumerate(definition.rules):
            Ruled(self, number, rule).asks()
        self.heeded = frozenset(self._blocks)
        self.slots = {name: slot for slot, name in enumerate(self._begun)}
        exec(compile(self.source, "<glance>", "exec"), self._names | {"heeded": self.heeded}, self.__dict__)

    @property
    def source(self) -> str:
        """What runs, as Python."""
        names = "".join(f"{name}, " for name in self._begun)
        loaded = f"{_INDENT}{names}= state\n" if names else ""
        values = "".join(f"{value}, " for value in self._begun.values())
        return "\n".join([
            f"def begin():\n    return ({values})\n", "def take(state, rows, places, first, wrong):", loaded,
            "    for at, place in enumerate(places, first):", "        if place not in heeded:", "            continue",
            "        row = rows[at - first]", "        n = len(row)", *self._chosen(sorted(self._blocks), 2),
            f"    return ({names})\n", "def close(state, at, wrong, shut):", loaded,
            *(f"{_INDENT}{line}" for line in self._closing), "    return None\n",
            "def late(state, number, told):", loaded, *(f"{_INDENT}{line}" for line in self._late),
            "    return False, -1, -1\n",
        ])

    def _chosen(self, places: Sequence[int], depth: int) -> Iterator[str]:
        """The block of each place, found by halves."""
        indent = _INDENT * depth
        if len(places) > 1:
            half = len(places) // 2
            yield f"{indent}if place < {places[half]}:"
            yield from self._chosen(places[:half], depth + 1)
            yield f"{indent}else:"
            yield from self._chosen(places[half:], depth + 1)
            return
        for place in places:
            for position in sorted(self._fetched.get(place, ())):
                yield f"{indent}e{position} = row[{position}] if n > {position} else ''"
            for asked, lines in self._blocks[place]:
                if asked:
                    yield f"{indent}if {asked}:"
                yield from (f"{indent}{_INDENT if asked else ''}{line}" for line in lines)

    # What the blocks are made of

    def at(self, place: int, asked: str, *lines: str) -> None:
        """Adds lines to the block of a place, under a condition if there is one."""
        block = self._blocks.setdefault(place, [])
        if block and block[-1][0] == asked:
            block[-1][1].extend(lines)
        elif lines:
            block.append((asked, list(lines)))

    def remembers(self, name: str, value: str) -> str:
        """A name that is remembered from one segment to the next, and what it is at the beginning."""
        self._begun[name] = value
        return name

    def closes(self, lines: Sequence[str]) -> None:
        """Adds to what is looked at in the end."""
        self._closing += lines

    def decides(self, lines: Sequence[str]) -> None:
        """Adds a rule that is decided late."""
        self._late += lines

    def binds(self, name: str, value: object) -> str:
        """A name for a value."""
        self._names[name] = value
        return name

    def value(self, place: int, position: int, component: int | None = None) -> str:
        """An element of the segment in hand, or its component; empty where there is none."""
        self._fetched.setdefault(place, set()).add(position)
        return f"e{position}" if component is None else f"part(e{position}, {component})"

    def on_the_way(self, spot: Spot, place: int, *more: str) -> str:
        """The condition that a segment at a place is the one a spot means, beside more conditions."""
        asked = [*more]
        if spot.code is not None:
            asked.append(f"{self.value(place, spot.code[0])} == {spot.code[1]!r}")
        asked += (self._flags[each] for each in spot.around)
        return " and ".join(asked)

    def _part(self, value: str, number: int) -> str:
        parts = value.split(self._separators.component)
        return parts[number - 1] if number <= len(parts) else ""

    def _watch(self, spot: Spot) -> None:
        """Remembers whether the loop that a spot is in has the code it asks for."""
        for each in spot.around:
            if each not in self._flags:
                place, position, code = each
                name = self._flags[each] = self.remembers(f"in{len(self._flags)}", "False")
                self.at(place, "", f"{name} = {self.value(place, position)} == {code!r}")

    # What is counted

    def _scope(self, number: int, counted: Counted) -> None:
        assert counted.spot.scope is not None
        asked = " and ".join(self._flags[each] for each in counted.spot.around)
        if counted.least:
            since = self.remembers(f"since{number}", "-1")
            self.at(counted.spot.scope, "", *_missing(number, counted), f"{since} = {begun(asked)}")
        if _is_counted(counted):
            self.at(counted.spot.scope, "", f"count{number} = 0")

    def _count(self, number: int, counted: Counted) -> None:
        if _is_counted(counted):
            self.remembers(f"count{number}", "0")
        for place in sorted(counted.spot.places):
            asked = self.on_the_way(counted.spot, place)
            if _is_counted(counted):
                self.at(place, asked, f"count{number} += 1")
            if counted.most is not None:
                many = f"wrong.append(Wrong('many', {number}, at))"
                self.at(place, asked, f"if count{number} > {counted.most}:", f"    {many}")
            if counted.elements:
                agreed = " and ".join(self._agrees(number, told, place) for told in counted.elements)
                self.at(place, asked, f"if not ({agreed}):", f"    wrong.append(Wrong('element', {number}, at))")
        missing = _missing(number, counted)
        self.closes([f"if {number} in shut:", *(f"    {line}" for line in missing)] if missing else [])

    def _agrees(self, number: int, told: Element, place: int) -> str:
        """The condition that an element has a value it may have, as a guide has it."""
        marks = self._separators
        check = Checks([replace(told, position=1)], (), marks.component, marks.repetition, hollow=True)[2]
        return f"{self.binds(f'agreed{number}_{told.position}', check)}(['', {self.value(place, told.position)}])"


def _is_counted(counted: Counted) -> bool:
    return counted.least > 0 or counted.most is not None


def _missing(number: int, counted: Counted) -> list[str]:
    """Whether a segment has not occurred often enough, at the end of the loop around it."""
    if not counted.least:
        return []
    scoped = counted.spot.scope is not None
    return [
        f"if {f'since{number} >= 0 and ' if scoped else ''}count{number} < {counted.least}:",
        f"    wrong.append(Wrong('missing', {number}, at{f', since{number}' if scoped else ''}))",
    ]
