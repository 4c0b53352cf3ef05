"""Generates the function that reads a set unit by unit: what is known of a unit's segments is not asked again.

A *unit* is a segment outside of all loops, or an outermost loop once through, such as a line of an order with all
that belongs to it. Of each of its segments the `Form` is known: how many elements it has, and what it says where
the map asks for a code. So a record is made at once, with all that the unit says of it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
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


@dataclass(slots=True, eq=False)
class _Said:
    """A record of a unit: what its segments say of its fields, and the lines of what is to be done when it is made.

    `lists` are its fields of several values, each with the expressions of these; `held` the records in it, by field.
    """

    slot: Slot
    opening: Opening | None = None
    depth: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    lists: dict[str, list[str]] = field(default_factory=dict)
    held: "dict[str, list[_Said]]" = field(default_factory=dict)

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
        self.lists: dict[str, str] = {}
        self.say.names["UnmetError"] = UnmetError

    def source(self, units: Mapping[int, Sequence[Unit]]) -> str:
        """The function that takes a tree, and the numbers of its units; `units` are the ways of each."""
        inside = [2 * INDENT + line for line in self.whole([*units.items()])]
        around = ["    except ArithmeticError:", "        raise Unusual from None"]
        return "\n".join(["def read(tree, units):", "    try:", *inside, *around, ""])

    def whole(self, units: Sequence[tuple[int, Sequence[Unit]]]) -> Iterator[str]:
        """What stands within `try`."""
        yield "mark, later, numbers = tree.separators.component, [], []"
        yield "asked, rows = numbers.append, iter(tree.segments)"
        for key in self.lists:
            yield f"parts_of_{key} = []"
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
        for key, name in self.lists.items():
            yield f"if parts_of_{key}:"
            yield f"    document[{key!r}] = make_{name}(parts_of_{key})"
        for key in self.levels:
            yield f"document[{key!r}] = LEVELS[{key!r}].make(all_{key})"
        for key, info in self.sheet.record.model.model_fields.items():
            if info.is_required():
                yield f"if document[{key!r}] is None or document[{key!r}] == ():"
                yield "    raise Unusual"
        document = self.slots[0]
        yield f"return make_one_{document.maker}((document, None, {document.maker}))"

    def unit(self, forms: Sequence[Form]) -> Unit:
        """Learns one unit. Raises `OddError`."""
        self.slots, self.times = dict(self.named), Counter()
        document = _Said(self.slots[0])
        records = list(self.said(forms, document))
        inward = sorted(records, key=attrgetter("depth"), reverse=True)
        lines = [line for record in inward for line in self.made(record)]
        lines += [*document.lines, *self.listed(document), *self.levelled(forms[0], records)]
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
        record = _Said(slot, opening, above.depth + 1)
        if opening.needs:
            record.lines = [f"if not {self.say.text(opening.needs)}:", f"{INDENT}raise Unusual"]
        if not opening.sheet.level:
            above.held.setdefault(opening.key, []).append(record)
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
            record.lines += self.paired(record, action, at, size)
        elif many(line) and not isinstance(action, Plain):
            there = [(spot, form) for spot, form in zip(spots, action.forms, strict=True) if spot.position < size]
            if record.opening:
                texts = [self.say.text(spot.position, spot.component) for spot, _ in there]
                values = [self.say.read(form.read, spot, text) for (spot, form), text in zip(there, texts, strict=True)]
                record.lists.setdefault(line.key, []).extend(values)
            else:
                spots, forms = zip(*there, strict=True)
                record.lines += self.take(action._replace(spots=spots, forms=forms))
        elif record.opening and line.key not in record.fields:
            record.fields[line.key] = self.say.at_once(action)
        else:
            record.lines += self.put(record.slot, line, self.say.at_once(action))

    def paired(self, record: _Said, take: Take, at: int, size: int) -> Iterator[str]:
        """Puts to a record the values of a segment's pairs; gives the lines that ask whether they are all there."""
        line = take.line
        kinds, name, several, alone = self.pairing(line)
        count, odd = divmod(size - line.pairs[0], 2)
        if odd or not alone or count > min(_PAIRS_MAX, len(line.pairs)):
            record.fields[line.key] = f"{several}(r{at})"
            return
        told = [(self.say.text(position), self.say.text(position + 1)) for position in line.pairs[:count]]
        fields = [f"{{'kind': {kinds}[{kind}], 'value': {value}}}" for kind, value in told]
        record.fields[line.key] = f"({''.join(f'make_one_{name}(({each}, None, {name})), ' for each in fields)})"
        yield f"if not ({' and '.join(f'{kind} and {value}' for kind, value in told)}):"
        yield f"{INDENT}raise Unusual"

    def made(self, record: _Said) -> Iterator[str]:
        """Makes a record of all that it holds; what stands in it was made before."""
        for key, values in record.lists.items():
            record.fields[key] = f"tuple([one for one in ({', '.join(values)},) if one is not None])"
        for key, others in record.held.items():
            parts = ", ".join(one.parts for one in others)
            record.fields[key] = f"make_{others[0].slot.maker}([{parts}])"
        yield from self.record(record.slot, record.fields)
        yield from self.required(record.slot, record.fields)
        yield from record.lines

    def listed(self, document: _Said) -> Iterator[str]:
        """Puts the records of the document's own lists to these; they become values in the end."""
        for key, others in document.held.items():
            self.lists[key] = others[0].slot.maker
            yield from (f"parts_of_{key}.append({one.parts})" for one in others)

    def required(self, slot: Slot, said: Mapping[str, str]) -> Iterator[str]:
        for line in super().required(slot, said):
            if line.startswith("owing"):
                raise OddError
            yield line

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
