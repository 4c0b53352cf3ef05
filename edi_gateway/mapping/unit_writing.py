"""Generates the function that reads a set unit by unit: what is known of a unit's segments is not asked again.

A *unit* is a segment outside of all loops, or an outermost loop once through, such as a line of an order with all
that belongs to it. Of each of its segments the `Form` is known: how many elements it has, and what it says where
the map asks for a code. So a record is made at once, with all that the unit says of it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat
from operator import setitem
from typing import NamedTuple

from edi_gateway.mapping import lineage
from edi_gateway.mapping.expressions import many
from edi_gateway.mapping.memo import Unusual
from edi_gateway.mapping.plan import Sheet
from edi_gateway.mapping.quick import INDENT, Slot, Writing
from edi_gateway.mapping.steps import Condition, Opening, Plain, Step, Steps, Take
from edi_gateway.x12.spec import Definition, Place

_PAIRS_MAX = 4
_ELEMENT = re.compile(r"\br(\d+)(?:_(\d+))?\b")


class OddError(Exception):
    """A unit that is better read place by place."""


class UnmetError(Unusual):
    """A unit whose segments say other codes than those that are known of it."""


class Form(NamedTuple):
    """What is known of a segment: its place, what happens there, its size with the id, and its codes."""

    place: Place
    step: Step | None
    size: int
    codes: tuple[tuple[int, str, frozenset[str]], ...]

    def code(self, position: int) -> str:
        """What the segment says of the codes that are asked for."""
        return next((text for at, text, _ in self.codes if at == position), "")


class Unit(NamedTuple):
    """One way of a unit: what is asked of its codes, and the lines that read it."""

    forms: Sequence[Form]
    asked: str
    lines: Sequence[str]


class _Group(NamedTuple):
    """Values that are made together: so many of them for a field of each record of a slot, or all of the document's.

    What stands in others is made before them; `order` tells it.
    """

    order: float
    slot: int
    key: str
    each: int
    maker: str

    @property
    def parts(self) -> str:
        return f"parts_of_{self.key}_{self.slot}_{self.each}"

    @property
    def owners(self) -> str:
        return f"owners_of_{self.key}_{self.slot}_{self.each}"


@dataclass(slots=True, eq=False)
class _Said:
    """A record of a unit: what its segments say of its fields, and the lines of what is to be done when it is made.

    `lists` are its fields of several texts.
    """

    slot: Slot
    opening: Opening | None = None
    above: "_Said | None" = None
    fields: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    lists: set[str] = field(default_factory=set)

    def around(self) -> "Iterator[_Said]":
        """The record, and all that it stands in, outward."""
        yield self
        if self.above:
            yield from self.above.around()

    @property
    def parts(self) -> str:
        return f"({self.slot.variable}, None, {self.slot.maker})"


class UnitWriting(Writing):
    """The function of a map and a definition, and the units that it knows."""

    def __init__(self, sheet: Sheet, steps: Steps, definition: Definition) -> None:
        super().__init__(sheet, definition)
        self.prepared(steps)
        self.named = dict(self.slots)
        self.times: Counter[int] = Counter()
        self.groups: dict[tuple[int, str, int], _Group] = {}
        self.say.names |= {"UnmetError": UnmetError, "setitem": setitem, "repeat": repeat}

    def source(self, units: Mapping[int, Sequence[Unit]]) -> str:
        """The function that takes a tree, and the numbers of its units; `units` are the ways of each."""
        inside = [2 * INDENT + line for line in self.whole([*units.items()])]
        around = ["    except ArithmeticError:", "        raise Unusual from None"]
        return "\n".join(["def read(tree, units):", "    try:", *inside, *around, ""])

    def whole(self, units: Sequence[tuple[int, Sequence[Unit]]]) -> Iterator[str]:
        """What stands within `try`."""
        yield "mark, later, numbers = tree.separators.component, [], []"
        yield "asked, rows = numbers.append, iter(tree.segments)"
        for group in self.groups.values():
            yield f"{group.parts}, {group.owners} = [], []" if group.each else f"{group.parts} = []"
        yield from self.record(self.slots[0], {})
        if self.levels:
            self.say.names["LEVELS"] = self.levels
            yield from lineage.begun(self.levels, self.say.bind)
            yield "number = -1"
        yield "for unit in units:"
        yield from (INDENT + line for line in _told_apart(units))
        yield from self.finished()

    def finished(self) -> Iterator[str]:
        """What is left when all units are read."""
        yield "if not are_numbers(numbers):"
        yield "    raise Unusual"
        yield "for record, key, make in later:"
        yield "    record[key] = make(record[key])"
        for group in sorted(self.groups.values(), reverse=True):
            yield f"if {group.parts}:"
            yield from (INDENT + line for line in self.together(group))
        for key in self.levels:
            yield f"document[{key!r}] = LEVELS[{key!r}].make(all_{key})"
        for key, info in self.sheet.record.model.model_fields.items():
            if info.is_required():
                yield f"if document[{key!r}] is None or document[{key!r}] == ():"
                yield "    raise Unusual"
        document = self.slots[0]
        yield f"return make_one_{document.maker}((document, None, {document.maker}))"

    def together(self, group: _Group) -> Iterator[str]:
        made = f"make_{group.maker}({group.parts})"
        if not group.each:
            yield f"document[{group.key!r}] = {made}"
            return
        yield f"made = iter({made})"
        yield f"for _ in map(setitem, {group.owners}, repeat({group.key!r}), zip({', '.join(['made'] * group.each)})):"
        yield "    pass"

    def unit(self, forms: Sequence[Form]) -> Unit:
        """Learns one unit. Raises `OddError`."""
        self.slots, self.times = dict(self.named), Counter()
        document = _Said(self.slots[0])
        records = list(self.said(forms, document))
        lines = [*document.lines, *self.made(records), *self.levelled(forms[0], records)]
        return Unit(forms, " and ".join(self.codes_of(forms)), lines)

    def codes_of(self, forms: Sequence[Form]) -> Iterator[str]:
        """What is asked of a unit's codes."""
        for at, form in enumerate(forms):
            for position, text, wanted in form.codes:
                if position < form.size:
                    name = self.say.bind(f"CODES_{form.place.index}_{position}", wanted)
                    yield f"r{at}_{position} == {text!r}" if text else f"r{at}_{position} not in {name}"

    def said(self, forms: Sequence[Form], document: _Said) -> Iterator[_Said]:
        """The records of a unit as they are opened; each is complete when all are."""
        open: dict[int, _Said] = {0: document}
        codes: dict[str, str] = {}
        inside: list[str] = []
        for at, form in enumerate(forms):
            path, step = form.place.loop.path, form.step
            if path and form.place.trigger:
                inside = [*(other for other in inside if path.startswith(f"{other}/")), path]
            if step is None:
                continue
            if step.own or (path not in inside if path else at):
                raise OddError
            self.say.elements = [f"r{at}_{position}" for position in range(form.size)]
            if step.marks:
                codes[path] = form.code(step.marks)
            for opening in step.openings:
                above = open.get(opening.parent)
                open.pop(opening.slot, None)
                if above and _holds(opening.conditions, form, codes) and form.code(1) not in opening.unless:
                    open[opening.slot] = record = self.opens(opening, above, form.size)
                    yield record
            actions: list[Plain | Take] = [*step.plain, *step.takes]
            for action in actions:
                told = open.get(action.slot)
                if told and (isinstance(action, Plain) or _holds(action.conditions, form, codes)):
                    self.tell(told, action, at, form.size)

    def opens(self, opening: Opening, above: _Said, size: int) -> _Said:
        """A new record; its variable is its own in the unit."""
        if opening.needs >= size or not opening.many:
            raise OddError
        slot, again = self.named[opening.slot], self.times[opening.slot]
        self.slots[opening.slot] = slot = replace(slot, variable=f"{slot.variable}_{again}") if again else slot
        self.times[opening.slot] += 1
        record = _Said(slot, opening, above)
        if opening.needs:
            record.lines = [f"if not {self.say.text(opening.needs)}:", f"{INDENT}raise Unusual"]
        if above.opening:
            above.fields[opening.key] = "()"
        return record

    def tell(self, record: _Said, action: Plain | Take, at: int, size: int) -> None:
        """Puts to a record what a segment says in one of its fields."""
        line = action.line
        spots = [line.spot] if isinstance(action, Plain) else action.spots
        if all(spot.position >= size for spot in spots):
            return
        if line.pairs and not isinstance(action, Plain):
            if record.opening is None or line.key in record.fields:
                raise OddError
            record.fields[line.key] = "()"
            record.lines += self.paired(record, action, at, size)
        elif many(line) and not isinstance(action, Plain):
            there = [(spot, form) for spot, form in zip(spots, action.forms, strict=True) if spot.position < size]
            spots, forms = zip(*there, strict=True)
            record.lines += self.take(action._replace(spots=spots, forms=forms))
            record.lists.add(line.key)
        elif record.opening and line.key not in record.fields:
            record.fields[line.key] = self.say.at_once(action)
        else:
            record.lines += self.put(record.slot, line, self.say.at_once(action))

    def paired(self, record: _Said, take: Take, at: int, size: int) -> Iterator[str]:
        """The values of a segment's pairs; few of them are made together with those of other records."""
        line, variable = take.line, record.slot.variable
        kinds, name, several, alone = self.pairing(line)
        count, odd = divmod(size - line.pairs[0], 2)
        if odd or not alone or count > min(_PAIRS_MAX, len(line.pairs)) or _is_compared(record):
            yield f"{variable}[{line.key!r}] = {several}(r{at})"
            return
        group = self.group(take.slot + 0.5, take.slot, line.key, count, name)
        for position in line.pairs[:count]:
            kind, value = self.say.text(position), self.say.text(position + 1)
            yield f"if (k := {kinds}[{kind}]) is None or not {value}:"
            yield "    raise Unusual"
            yield f"{group.parts}.append(({{'kind': k, 'value': {value}}}, None, {name}))"
        yield f"{group.owners}.append({variable})"

    def made(self, records: Sequence[_Said]) -> Iterator[str]:
        """Makes the records, and puts each to those that are made with it; what a level holds is made at once."""
        beside: dict[tuple[_Said, str], list[_Said]] = {}
        for record in records:
            if record.above and record.opening and not record.opening.sheet.level:
                beside.setdefault((record.above, record.opening.key), []).append(record)
        for record in records:
            yield from self.record(record.slot, record.fields)
            yield from self.required(record.slot, record.fields)
            yield from record.lines
            if _is_compared(record):
                variable = record.slot.variable
                yield from (f"{variable}[{key!r}] = tuple({variable}[{key!r}])" for key in sorted(record.lists))
            if record.above and record.opening and not (record.opening.sheet.level or _is_compared(record.above)):
                yield from self.attached(record, record.opening, record.above, beside[record.above, record.opening.key])
        for (above, key), others in sorted(beside.items(), key=lambda one: -len([*one[0][0].around()])):
            if _is_compared(above):
                made = f"make_{others[0].slot.maker}([{', '.join(one.parts for one in others)}])"
                yield f"{above.slot.variable}[{key!r}] = {made}"

    def attached(self, record: _Said, opening: Opening, above: _Said, others: Sequence[_Said]) -> Iterator[str]:
        """Puts a record to its group, and that in which it stands with the first of them."""
        count = len(others) if above.opening else 0
        group = self.group(opening.slot, opening.parent, opening.key, count, record.slot.maker)
        yield f"{group.parts}.append({record.parts})"
        if group.each and record is others[0]:
            yield f"{group.owners}.append({above.slot.variable})"

    def required(self, slot: Slot, said: Mapping[str, str]) -> Iterator[str]:
        for line in super().required(slot, said):
            if line.startswith("owing"):
                raise OddError
            yield line

    def group(self, order: float, slot: int, key: str, count: int, maker: str) -> _Group:
        """The group that a value belongs to. One field may be filled from several places, and is made when all are."""
        known = self.groups.get((slot, key, count))
        found = _Group(min(order, known.order) if known else order, slot, key, count, maker)
        self.groups[slot, key, count] = found
        return found

    def levelled(self, form: Form, records: Sequence[_Said]) -> Iterator[str]:
        """What a unit that is a level of the set's tree stands under."""
        by = self.definition.hierarchy
        if not self.levels or by is None or form.place.index != by.place:
            return
        levels = [one for one in records if one.opening and one.opening.sheet.level]
        if len(levels) > 1 or by.id >= form.size:
            raise OddError
        yield "number += 1"
        yield from lineage.under(self.levels, f"r0_{by.id}", f"r0_{by.parent}" if by.parent < form.size else "''")
        for level in levels:
            yield f"record = {level.slot.variable}"
            yield from lineage.item(self.levels, level.slot.sheet.key, self.say.bind)
        yield from lineage.known_by_id(self.levels)


def _told_apart(units: Sequence[tuple[int, Sequence[Unit]]]) -> Iterator[str]:
    """The lines of the unit whose number it is, by few comparisons; `units` come in the order of their numbers."""
    if len(units) > 1:
        half = len(units) // 2
        yield f"if unit < {units[half][0]}:"
        yield from (INDENT + line for line in _told_apart(units[:half]))
        yield "else:"
        yield from (INDENT + line for line in _told_apart(units[half:]))
        return
    [(_, ways)] = units
    of_size: dict[tuple[int, ...], list[Unit]] = {}
    for way in ways:
        of_size.setdefault(tuple(form.size for form in way.forms), []).append(way)
    if len(of_size) == 1:
        yield from _taken(ways)
        return
    yield from (f"r{at} = next(rows)" for at in range(len(ways[0].forms)))
    differing = [at for at, sizes in enumerate(zip(*of_size, strict=True)) if len({*sizes}) > 1]
    for nth, (sizes, alike) in enumerate(of_size.items()):
        asked = " and ".join(f"len(r{at}) == {sizes[at]}" for at in differing)
        yield f"{'elif' if nth else 'if'} {asked}:"
        yield from (INDENT + line for line in _taken(alike, "r{}"))
    yield "else:"
    yield "    raise UnmetError"


def _taken(ways: Sequence[Unit], row: str = "next(rows)") -> Iterator[str]:
    """Takes the segments of a unit apart, as far as its lines speak of them, and tells its ways apart by their codes.

    There is a `ValueError` where a segment that says something is of another size.
    """
    used: dict[int, set[str]] = {}
    for line in (line for way in ways for line in (way.asked, *way.lines)):
        for at, position in _ELEMENT.findall(line):
            used.setdefault(int(at), set()).add(position)
    for at, form in enumerate(ways[0].forms):
        positions, taken = used.get(at, set()), row.format(at)
        whole = f"r{at} = " if "" in positions and taken != f"r{at}" else ""
        names = [f"r{at}_{one}" if str(one) in positions else "_" for one in range(form.size)]
        yield f"{whole}{', '.join(names)}, = {taken}" if form.step else taken
    if not ways[0].asked:
        yield from ways[0].lines
        return
    for nth, way in enumerate(ways):
        yield f"{'elif' if nth else 'if'} {way.asked}:"
        yield from (INDENT + line for line in way.lines or ("pass",))
    yield "else:"
    yield "    raise UnmetError"


def _holds(conditions: Iterable[Condition], form: Form, codes: Mapping[str, str]) -> bool:
    for one in conditions:
        if one.component:
            raise OddError
        if (codes.get(one.loop) if one.loop else form.code(one.position)) != one.text:
            return False
    return True


def _is_compared(record: _Said) -> bool:
    """Whether it is, or stands in, a level that may stand again: all that it holds is compared, and made at once."""
    return any(one.slot.sheet.level and one.slot.sheet.record.same for one in record.around())
