"""Trees to nouns: one walk over the segments, one validation for the whole document.

The walk looks up by its place what a segment says, and puts it into plain records; the noun checks
them all at once. What is in the way is a finding with its place in the document, never an exception.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from edi_gateway.issues import Finding, Kind
from edi_gateway.issues import mapping as issues
from edi_gateway.mapping import ancestry
from edi_gateway.mapping.memo import Unusual
from edi_gateway.mapping.paths import PathError, Spot, grammar
from edi_gateway.mapping.plan import Line, Read, Sheet
from edi_gateway.mapping.steps import Opening, Record, Segment, Step, Steps, Take
from edi_gateway.model import Noun
from edi_gateway.x12.read import Tree
from edi_gateway.x12.spec import Definition

if TYPE_CHECKING:
    from edi_gateway.mapping.compile import Map

_FINDINGS_MAX = 100


def to_canonical(tree: Tree, by: "Map") -> tuple[Noun | None, tuple[Finding, ...]]:
    """The noun that a set says, and remarks; None instead of the noun where a finding is an error.

    Segments that no row names are no fault. Raises `GatewayError` (`mapping.map-wrong`) where the
    map does not fit the tree's definition.
    """
    plan = by.plan(tree.definition)
    if plan.quick is not None:
        try:
            return plan.quick.read(tree), ()
        except (Unusual, ValidationError):
            pass  # There is something to remark.
    return carefully(tree, by)


def carefully(tree: Tree, by: "Map") -> tuple[Noun | None, tuple[Finding, ...]]:
    """What `to_canonical` gives, by the walk that knows how to say what is wrong."""
    plan = by.plan(tree.definition)
    walk = Walk(tree)
    said = walk.read(plan.steps)
    if walk.levels:
        ancestry.settle(said, plan.sheet, walk)
    try:
        noun: Noun | None = by.noun.model_validate(said)
    except ValidationError as error:
        noun = None
        walk.findings += _incomplete(error, said, plan.sheet, walk)
    found = (*walk.findings, *walk.repeated())[:_FINDINGS_MAX]
    return (None if any(one.severity == "error" for one in found) else noun), found


class Walk:
    """One pass over a tree. `origins` is where each record was opened, by its identity.

    `levels` are the records of the set's levels, by the segment that opened them.
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.separator: str = tree.separators.component
        self.findings: list[Finding] = []
        self.origins: dict[int, int] = {}
        self.levels: dict[int, tuple[Sheet, Record]] = {}
        self.twice: dict[tuple[str, str], tuple[int, Finding]] = {}
        self.codes: dict[str, str] = {}
        self.index = 0

    def read(self, steps: Steps) -> Record:
        root: Record = {}
        records: list[Record | None] = [root] + [None] * (steps.slots - 1)
        by_place = steps.by_place
        for index, (place, segment) in enumerate(zip(self.tree.places, self.tree.segments, strict=True)):
            step = by_place[place]
            if step is None:
                continue
            self.index = index
            if step.openings or step.marks or step.own:
                self.enter(step, segment, records)
            size = len(segment)
            for slot, key, position, read, line in step.plain:
                record = records[slot]
                if position < size and record is not None and (text := segment[position]) and not text.isspace():
                    if read is None and key not in record:
                        record[key] = text
                    else:
                        self.put(record, line, read, text, line.spots[0])
            for take in step.takes:
                record = records[take.slot]
                if record is not None and self.holds(take.conditions, segment):
                    self.take(take, record, segment)
        return root

    def enter(self, step: Step, segment: Segment, records: list[Record | None]) -> None:
        if step.marks:
            self.codes[step.place.loop.path] = self.text(segment, step.marks, 0)
        constant = bool(step.own) and tuple(segment) in step.own
        for opening in step.openings:
            parent = records[opening.parent]
            opens = parent is not None and not constant and self.holds(opening.conditions, segment)
            if opening.unless and self.text(segment, 1, 0) in opening.unless:
                opens = False
            records[opening.slot] = self.open(opening, parent, segment) if opens and parent is not None else None

    def open(self, opening: Opening, parent: Record, segment: Segment) -> Record | None:
        if opening.needs and not self.text(segment, opening.needs, 0):
            note = f"{_plain(opening.sheet.record.name)}: {segment[0]} says nothing in element {opening.needs}"
            self.remark(issues.NOT_TAKEN, opening.sheet.record.name, note, opening.sheet.needs)
            return None
        record: Record = {}
        self.origins[id(record)] = self.index
        if opening.sheet.level:
            self.levels[self.index] = (opening.sheet, record)
        if opening.many:
            parent.setdefault(opening.key, []).append(record)
        elif opening.key in parent:
            note = f"{_plain(opening.sheet.record.name)} is said again"
            self.remark(issues.SAID_TWICE, opening.sheet.record.name, note, opening.sheet.spot)
            return None
        else:
            parent[opening.key] = record
        return record

    def holds(self, conditions: tuple[Any, ...], segment: Segment) -> bool:
        for loop, position, component, text in conditions:
            if (self.codes.get(loop) if loop else self.text(segment, position, component)) != text:
                return False
        return True

    def text(self, segment: Segment, position: int, component: int) -> str:
        text = segment[position] if position < len(segment) else ""
        if component and text:
            parts = text.split(self.separator)
            text = parts[component - 1] if component <= len(parts) else ""
        return "" if text.isspace() else text

    def take(self, take: Take, record: Record, segment: Segment) -> None:
        line = take.line
        if line.pairs:
            self.pairs(line, record, segment)
            return
        texts = [self.text(segment, spot.position, spot.component) for spot in take.spots]
        if line.verb and any(texts):
            self.put(record, line, lambda _: line.verb.read(texts), "".join(texts), line.spot)
        elif not line.verb:
            for text, form, spot in zip(texts, take.forms, take.spots, strict=True):
                if text:
                    self.put(record, line, form.read, text, spot)

    def pairs(self, line: Line, record: Record, segment: Segment) -> None:
        read, size = line.forms[0].read, len(segment)
        for position in line.pairs:
            if position >= size:
                break
            kind, value = self.text(segment, position, 0), self.text(segment, position + 1, 0)
            if kind and value:
                record.setdefault(line.row.key, []).append({"kind": read(kind) if read else kind, "value": value})
            elif kind or value:
                note = f"{_plain(line.row.name)}: elements {position} and {position + 1} say something only together"
                self.remark(issues.NOT_TAKEN, line.row.name, note, line.spot)

    def put(self, record: Record, line: Line, read: Read | None, text: str, spot: Spot) -> None:
        row = line.row
        key = row.key
        try:
            value = text if read is None else read(text)
        except ValueError as error:
            if not row.shape.many:
                record.setdefault(key, None)
            note = f"{text!r} cannot be {_plain(row.name)}: {error}"
            self.findings.append(self.finding(issues.VALUE_UNREADABLE, note, spot, self.index, text))
            return
        if row.shape.many:
            record.setdefault(key, []).append(value)
        elif key not in record:
            record[key] = value
        elif record[key] != value:
            self.remark(issues.SAID_TWICE, row.name, f"{_plain(row.name)} is said again, as {text!r}", spot)

    def remark(self, kind: Kind, name: str, note: str, spot: Spot | None) -> None:
        count, first = self.twice.get((kind.code, name), (0, None))
        self.twice[kind.code, name] = count + 1, first or self.finding(kind, note, spot, self.index)

    def repeated(self) -> Iterator[Finding]:
        """The remarks, one for each row: what happens in every line is told once, with its number."""
        for count, first in self.twice.values():
            more = f" (and {count - 1} more of the kind)" if count > 1 else ""
            yield replace(first, note=first.note + more)

    def finding(self, kind: Kind, note: str, spot: Spot | None, index: int | None, value: str | None = None) -> Finding:
        where: dict[str, Any] = {"position": None if index is None else index + 1, "value": value}
        if spot is not None:
            where |= {"segment": spot.place.segment.id, "loop": spot.place.loop.path or None}
            where |= {"element": spot.position or None, "component": spot.component or None}
        return kind.finding(note, **where)


def _incomplete(error: ValidationError, said: Record, sheet: Sheet, walk: Walk) -> Iterator[Finding]:
    """The noun's complaints, each at the segment where the value should have stood."""
    told = {(found.position, found.element) for found in walk.findings}
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        spot, index = _whereabouts(fault["loc"], said, sheet, walk)
        name = ".".join(str(part) for part in fault["loc"])
        note = f"{name} is missing" if fault["type"] == "missing" else f"{name}: {fault['msg']}"
        found = walk.finding(issues.NOUN_INCOMPLETE, note, spot, index)
        if (found.position, found.element) not in told:
            yield found


def _whereabouts(loc: tuple[int | str, ...], said: Any, sheet: Sheet, walk: Walk) -> tuple[Spot | None, int | None]:
    spot, start = None, 0
    for part in loc:
        if isinstance(part, int):
            said = said[part]
        else:
            start = walk.origins.get(id(said), start)
            line = next((line for line in sheet.lines if line.key == part), None)
            if line is None:
                break
            spot, sheet = (line.spot, sheet) if isinstance(line, Line) else (line.spot, line)
            said = said.get(part) if isinstance(said, Mapping) else None
    return spot, None if spot is None else _first(walk.tree, spot, start)


def _first(tree: Tree, spot: Spot, start: int) -> int | None:
    """The segment at that place from `start` on, before the item ends; else where the item starts, if it has one."""
    for index in range(start, len(tree.places)):
        if tree.places[index] == spot.place.index:
            return index
        if index > start and start and tree.places[index] <= tree.places[start]:
            break
    return start or None


def _plain(name: str) -> str:
    return name.removeprefix("fields.")

def reference_spot(definition: Definition, path: str) -> Spot:
    """Where a reference path leads in a set. Raises `GatewayError` (`mapping.map-wrong`) where it leads nowhere."""
    try:
        return grammar(definition).element("", path)
    except PathError as error:
        raise issues.MAP_WRONG.error(f"the reference path {error}") from error


def reference(tree: Tree, path: str) -> str | None:
    """What a set says at a path such as `REF[IA]02` or `N1[VN]04`: the first that is there, or None.

    Raises `GatewayError` (`mapping.map-wrong`) for a path that the set cannot have.
    """
    spot = reference_spot(tree.definition, path)
    walk = Walk(tree)
    loops = {hop.loop: hop for hop in spot.hops if hop.code is not None}
    for place, segment in zip(tree.places, tree.segments, strict=True):
        found = tree.definition.places[place]
        if found.trigger and found.loop.path in loops:
            walk.codes[found.loop.path] = walk.text(segment, loops[found.loop.path].position, 0)
        if place == spot.place.index and spot.code in {None, walk.text(segment, 1, 0)}:
            text = walk.text(segment, spot.position, spot.component)
            if text and all(walk.codes.get(loop) == hop.code for loop, hop in loops.items()):
                return text
    return None
