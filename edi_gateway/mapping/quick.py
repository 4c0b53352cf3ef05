"""Generates one function for each map and definition: the parts of a noun, straight from a tree without faults.

It does what `reading.Walk` does, as long as there is nothing to remark. Whatever else comes up, a value that
cannot be read, a field said twice, one that is missing, raises `Unusual`, and the set is walked the careful
way from the start. A law test holds that both give the same noun. `Quick.source` shows what runs.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from edi_gateway.mapping import lineage
from edi_gateway.mapping.expressions import Expressions, NoMakerError, defaults, maker_of, many, word
from edi_gateway.mapping.memo import pairs
from edi_gateway.mapping.plan import Line, Sheet
from edi_gateway.mapping.steps import Opening, Plain, Step, Steps, Take
from edi_gateway.model import Noun
from edi_gateway.x12.read import Tree
from edi_gateway.x12.spec import Definition, Hierarchy

INDENT = "    "
_SILENT = 3
"""With so many fields of which nothing is said, a copy of a record is made sooner than a new one."""


@dataclass(frozen=True, slots=True)
class Quick:
    """The function that reads trees of one definition, and its `source`."""

    source: str
    read: Callable[[Tree], Noun]
    """Raises `Unusual` and `pydantic.ValidationError`; both mean: walk the set with care."""


def quick(sheet: Sheet, steps: Steps, definition: Definition) -> Quick | None:
    """The quick way through a resolved map; None where a class of its noun has no maker."""
    writing = Writing(sheet, definition)
    try:
        source = "\n".join(writing.lines(steps)) + "\n"
    except NoMakerError:
        return None
    scope: dict[str, Any] = {}
    exec(compile(source, "<map>", "exec"), writing.say.names, scope)
    return Quick(source, scope["read"])


@dataclass(frozen=True, slots=True)
class Slot:
    """A record of the map while its code is written: the variable it is in, and what makes a value of it."""

    variable: str
    sheet: Sheet
    maker: str
    fields: Mapping[str, Any]


class Writing:
    """One function being written. `say` are the expressions of what it reads."""

    def __init__(self, sheet: Sheet, definition: Definition) -> None:
        self.sheet = sheet
        self.definition = definition
        self.say = Expressions()
        self.slots: dict[int, Slot] = {}
        self.levels: dict[str, lineage.Level] = {}
        self.singles: dict[str, tuple[str, str]] = {}

    def lines(self, steps: Steps) -> Iterator[str]:
        """The whole function, line by line."""
        blocks = self.prepared(steps)
        yield "def read(tree):"
        yield "    try:"
        yield from (INDENT + line for line in self.body(blocks))
        yield "    except ArithmeticError:"
        yield "        raise Unusual from None"

    def prepared(self, steps: Steps) -> list[Step]:
        """The steps that say something; names the variables of their records."""
        blocks = [step for step in steps.by_place if step is not None]
        self.slots[0] = self.slot("document", self.sheet)
        levels = self.sheet.levels
        self.levels = {key: lineage.level(sheet, levels, maker_of(sheet.record.model)) for key, sheet in levels.items()}
        for opening in sorted(one for step in blocks for one in step.openings):
            self.slots[opening.slot] = self.slot(f"{opening.key}_{opening.slot}", opening.sheet)
        return blocks

    def body(self, blocks: Sequence[Step]) -> Iterator[str]:
        """What stands within `try`: Python asks nothing for it, and no number needs one of its own."""
        body = {step.place.index: list(self.block(step)) for step in blocks}
        yield "    mark, later, levels, owing, numbers = tree.separators.component, [], [], [], []"
        yield "    asked = numbers.append"
        for single in self.singles:
            yield f"    {single}, in_{single} = [], []"
        yield from (f"    {line}" for line in self.record(self.slots[0], {}))
        unset = [slot.variable for number, slot in self.slots.items() if number] + [*self.say.codes.values()]
        yield f"    {' = '.join([*unset, 'None'])}" if unset else "    pass"
        yield "    for place, row in zip(tree.places, tree.segments):"
        for nth, places in enumerate(_stretches(self.definition)):
            inside = [place for place in places if place in body]
            yield f"        {'elif' if nth else 'if'} place >= {places[0]}:"
            for at, place in enumerate(inside):
                yield f"            {'elif' if at else 'if'} {body[place][0]}"
                yield from (f"                {line}" for line in body[place][1:])
            yield from () if inside else ("            continue",)
        yield from (f"    {line}" for line in self.end())

    def slot(self, variable: str, sheet: Sheet) -> Slot:
        """Names the maker of a record's values, once for each class."""
        cls = sheet.record.model
        return Slot(variable, sheet, self.say.made(cls), defaults(cls))

    def block(self, step: Step) -> Iterator[str]:
        """What happens at one place, the condition first."""
        yield f"place == {step.place.index}:  # {word(step.place.segment.id)}{_of(step.place.loop.path)}"
        own = self.say.bind(f"OWN_{step.place.index}", step.own) if step.own else ""
        if own:
            yield f"own = tuple(row) in {own}"
        if longest := _longest(step, self.definition.hierarchy):
            yield f"if len(row) <= {longest}:"
            yield f"    row = row + PAD[len(row):{longest + 1}]"
        if step.marks:
            yield f"{self.say.code(step.place.loop.path)} = row[{step.marks}]"
        done: set[int] = set()
        by = self.definition.hierarchy
        tree = bool(self.levels and by and by.place == step.place.index)
        if tree and not own and _are_told_apart(step.openings):
            yield from self.one_of(step, done)
        else:
            for opening in step.openings:
                yield from self.opening(opening, step, own, done)
            if tree:
                yield "if not levels or levels[-1][0] is not row:"
                yield "    levels.append((row, '', None))"
        actions: list[Plain | Take] = [*step.plain, *step.takes]
        actions = [one for one in actions if id(one) not in done]
        for slot, inside in groupby(actions, lambda one: one.slot):
            yield from self.into(slot, inside)
        if not (step.openings or step.plain or step.takes or step.marks):
            yield "pass"

    def one_of(self, step: Step, done: set[int]) -> Iterator[str]:
        """Opens the item that belongs to the level's code, the only one that does, and closes all others."""
        yield f"{' = '.join(self.slots[opening.slot].variable for opening in step.openings)} = None"
        for nth, opening in enumerate(step.openings):
            slot = self.slots[opening.slot]
            yield f"{'elif' if nth else 'if'} {self.say.condition(opening.conditions[0])}:"
            yield from (INDENT + line for line in self.opened(opening, slot, "document", step, done))
        yield "else:"
        yield "    levels.append((row, '', None))"

    def into(self, slot: int, actions: Iterable[Plain | Take]) -> Iterator[str]:
        """What a segment says in one slot, where the slot's record is open and the conditions hold."""
        if slot:
            yield f"if {self.slots[slot].variable} is not None:"
        indent = INDENT if slot else ""
        for action in actions:
            if isinstance(action, Plain):
                lines = self.put(self.slots[slot], action.line, self.say.plain(action))
                yield from (indent + line for line in lines)
                continue
            asked = " and ".join(map(self.say.condition, action.conditions))
            yield from (f"{indent}if {asked}:",) if asked else ()
            yield from (f"{indent}{INDENT if asked else ''}{line}" for line in self.take(action))

    def opening(self, opening: Opening, step: Step, own: str, done: set[int]) -> Iterator[str]:
        """Opens an item, with all that its first segment says of it."""
        slot, parent = self.slots[opening.slot], self.slots[opening.parent].variable
        asked = [f"{parent} is not None"] if opening.parent else []
        asked += ["not own"] if own else []
        asked += map(self.say.condition, opening.conditions)
        if opening.unless:
            unless = self.say.bind(f"UNLESS_{opening.slot}", frozenset(opening.unless))
            asked.append(f"row[1] not in {unless}")
        yield f"if {' and '.join(asked)}:" if asked else "if True:"
        yield from (INDENT + line for line in self.opened(opening, slot, parent, step, done))
        yield "else:"
        yield f"    {slot.variable} = None"

    def opened(self, opening: Opening, slot: Slot, parent: str, step: Step, done: set[int]) -> Iterator[str]:
        if opening.needs:
            yield f"if given(row[{opening.needs}]) is None:"
            yield "    raise Unusual"
        said: dict[str, str] = {}
        paired: list[Take] = []
        actions: list[Plain | Take] = [*step.plain, *step.takes]
        for action in actions:
            if action.slot == opening.slot and self.say.is_plain(action) and action.line.key not in said:
                said[action.line.key] = "()" if action.line.pairs else self.say.at_once(action)
                paired += [action] if isinstance(action, Take) and action.line.pairs else []
                done.add(id(action))
        yield from self.record(slot, said)
        yield from self.required(slot, said)
        for take in paired:
            yield from self.pairs(slot, take, opens=True)
        parts = f"({slot.variable}, None, {slot.maker})"
        if opening.sheet.level:
            yield f"levels.append((row, {opening.key!r}, {slot.variable}))"
        elif opening.many:
            yield f"items = {parent}[{opening.key!r}] or begun({parent}, {opening.key!r}, later, make_{slot.maker})"
            yield f"items.append({parts})"
        else:
            yield f"if {parent}[{opening.key!r}] is not None:"
            yield "    raise Unusual"
            yield f"{parent}[{opening.key!r}] = {parts}"
            yield f"later.append(({parent}, {opening.key!r}, make_one_{slot.maker}))"

    def required(self, slot: Slot, said: Mapping[str, str]) -> Iterator[str]:
        """Asks whether that is said which must be; of levels most is asked when their lists are put in order."""
        links = {link.key for link in slot.sheet.links}
        later = self.levels[slot.sheet.key].must if slot.sheet.level else ()
        for key, info in slot.sheet.record.model.model_fields.items():
            if info.is_required() and key not in links and key not in later:
                if key in said:
                    yield f"if {slot.variable}[{key!r}] is None:"
                    yield "    raise Unusual"
                else:
                    yield f"owing.append(({slot.variable}, {key!r}))"

    def record(self, slot: Slot, said: Mapping[str, str]) -> Iterator[str]:
        """Makes a record with all fields of its class, in their order; where many say nothing, of a copy."""
        told = {key: said[key] for key, default in slot.fields.items() if key in said and said[key] != repr(default)}
        if len(slot.fields) - len(told) < _SILENT:
            fields = [f"{key!r}: {told.get(key, repr(default))}" for key, default in slot.fields.items()]
            yield f"{slot.variable} = {{{', '.join(fields)}}}"
            return
        yield f"{slot.variable} = {self.say.bind(f'new_{slot.maker}', dict(slot.fields).copy)}()"
        for key, value in told.items():
            yield f"{slot.variable}[{key!r}] = {value}"

    def put(self, slot: Slot, line: Line, value: str) -> Iterator[str]:
        """Puts a value into the open record; one that differs from what stands there is a remark, and unusual."""
        record = f"{slot.variable}[{line.key!r}]"
        yield f"if {record} is None:"
        yield f"    {record} = {value}"
        yield f"elif (value := {value}) is not None and {record} != value:"
        yield "    raise Unusual"

    def take(self, take: Take) -> Iterator[str]:
        slot, line = self.slots[take.slot], take.line
        if not many(line):
            yield from self.put(slot, line, self.say.value(take))
        elif line.pairs:
            yield f"if {slot.variable}[{line.key!r}]:"
            yield "    raise Unusual"
            yield from self.pairs(slot, take, opens=False)
        else:
            record = f"{slot.variable}[{line.key!r}]"
            for spot, form in zip(take.spots, take.forms, strict=True):
                yield f"value = {self.say.read(form.read, spot, self.say.text(spot.position, spot.component))}"
                yield "if value is not None:"
                yield f"    items = {record} or begun({slot.variable}, {line.key!r}, later, tuple)"
                yield "    items.append(value)"

    def pairs(self, slot: Slot, take: Take, opens: bool) -> Iterator[str]:
        """Puts the values of pairs: by far the most segments have one, which is made with all others at the end.

        Until then the list stands in its place, so that it is known to be said; what `opens` needs no such mark.
        """
        line, (at, *_) = take.line, take.line.pairs
        code, name, several, alone = self.pairing(line)
        record = f"{slot.variable}[{line.key!r}]"
        if alone:
            one = f"len(row) == {at + 2} and (k := {code}[row[{at}]]) is not None and '!' <= (e := row[{at + 1}]) < END"
            single = f"one_of_{slot.variable}_{line.key}"
            self.singles[single] = line.key, name
            yield f"if {one}:"
            yield f"    {single}.append(({{'kind': k, 'value': e}}, None, {name}))"
            yield f"    in_{single}.append({slot.variable})"
            yield from () if opens else (f"    {record} = {single}",)
            yield "else:"
        yield f"{INDENT if alone else ''}{record} = {several}(row)"

    def pairing(self, line: Line) -> tuple[str, str, str, bool]:
        """The names of what reads the kinds of pairs, of their class, and of what makes all of a segment at once.

        Last, whether kind and value are all that the class has.
        """
        cls = line.row.shape.type
        code, name = self.say.memo(line.forms[0].read or str), self.say.made(cls)
        others = {key: default for key, default in defaults(cls).items() if key not in {"kind", "value"}}
        make = pairs(line, self.say.names[code], maker_of(cls), others)
        return code, name, self.say.bind(f"pairs_of_{line.row.name.removeprefix('fields.')}", make), not others

    def end(self) -> Iterator[str]:
        """What is left when all segments are read: what is missing, the lists, and the noun itself."""
        document = self.slots[0]
        yield "if not are_numbers(numbers):"
        yield "    raise Unusual"
        by = self.definition.hierarchy
        if self.levels and by:
            self.say.names["LEVELS"] = self.levels
            yield from lineage.lines(self.levels, by, self.say.bind)
        for key, info in self.sheet.record.model.model_fields.items():
            if info.is_required():
                yield f"owing.append((document, {key!r}))"
        yield "for record, key in owing:"
        yield "    if record[key] is None or record[key] == ():"
        yield "        raise Unusual"
        for single, (key, name) in self.singles.items():
            yield f"for record, value in zip(in_{single}, make_{name}({single})):"
            yield f"    record[{key!r}] = (value,)"
        yield "for record, key, make in reversed(later):"
        yield "    record[key] = make(record[key])"
        if self.levels:
            yield "for key, level in LEVELS.items():"
            yield "    document[key] = level.make(document[key])"
        yield f"return make_one_{document.maker}((document, None, {document.maker}))"


def _of(loop: str) -> str:
    return f" in {' '.join(map(word, loop.split('/')))}" if loop else ""


def _are_told_apart(openings: Sequence[Opening]) -> bool:
    """Whether all are levels of one tree, each with a code of its own and nothing else to ask."""
    codes = {one.conditions[0] for one in openings if one.sheet.level and len(one.conditions) == 1}
    more = any(one.parent or one.needs or one.unless for one in openings)
    return bool(openings) and len(codes) == len(openings) and not more


def _longest(step: Step, hierarchy: Hierarchy | None) -> int:
    """The last element that is looked at, but for pairs, which look after themselves."""
    conditional: list[Opening | Take] = [*step.openings, *step.takes]
    conditions = [one for action in conditional for one in action.conditions if not one.loop]
    spots = [spot for take in step.takes if not take.line.pairs for spot in take.spots]
    tree = hierarchy if hierarchy and hierarchy.place == step.place.index else None
    looked_at = [step.marks, *([tree.id, tree.parent] if tree else [])]
    looked_at += [max(one.needs, 1 if one.unless else 0) for one in step.openings]
    looked_at += [one.position for one in step.plain]
    looked_at += [one.position for one in conditions] + [one.position for one in spots]
    return max(looked_at)


def _stretches(definition: Definition) -> list[list[int]]:
    """The places from the last to the first, by the outermost loop they stand in: few comparisons lead to each."""
    found: list[list[int]] = []
    for _, places in groupby(definition.places, lambda place: place.loop.path.partition("/")[0]):
        found.insert(0, [place.index for place in places])
    return found
