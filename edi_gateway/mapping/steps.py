"""A map flattened: for each place of a definition, what a segment there says.

A *slot* is a record of the map; slot 0 is the document. `Opening` starts an item, `Plain` and
`Take` put values into the item that is open in their slot.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from edi_gateway.mapping.paths import Grammar, Spot
from edi_gateway.mapping.plan import Fixed, Form, Line, Read, Sheet
from edi_gateway.x12.spec import Place

Segment = Sequence[str]
Record = dict[str, Any]


class Condition(NamedTuple):
    """What an element of the segment (`loop` empty) or the code of a loop's first segment must say."""

    loop: str
    position: int
    component: int
    text: str


class Opening(NamedTuple):
    """An item starts here, if the conditions hold and the element `needs` (0: none) says something.

    A segment whose element 1 says one of `unless` starts none.
    """

    slot: int
    parent: int
    key: str
    many: bool
    conditions: tuple[Condition, ...]
    needs: int
    unless: frozenset[str]
    sheet: Sheet


class Plain(NamedTuple):
    """An element that is one field, without conditions: by far the most of them."""

    slot: int
    key: str
    position: int
    read: Read | None
    line: Line


class Take(NamedTuple):
    """Elements that become one value (`texts` of one spot, or more with a verb), items of a list, or pairs."""

    slot: int
    line: Line
    spots: tuple[Spot, ...]
    forms: tuple[Form, ...]
    conditions: tuple[Condition, ...]


@dataclass(slots=True)
class Step:
    """What happens at one place. `own` are segments that only repeat the map's constants.

    `marks` is the element whose code is asked for later in the loop, 0 for none.
    """

    place: Place
    marks: int = 0
    openings: tuple[Opening, ...] = ()
    plain: tuple[Plain, ...] = ()
    takes: tuple[Take, ...] = ()
    own: set[tuple[str, ...]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Steps:
    """The actions by place index; None where a place means nothing to the map."""

    by_place: tuple[Step | None, ...]
    slots: int


def steps(sheet: Sheet, grammar: Grammar) -> Steps:
    """The flat form of a resolved map."""
    making = _Making(grammar)
    making.sheet(sheet, parent=0)
    return Steps(tuple(making.steps.get(place.index) for place in grammar.definition.places), making.slots)


class _Making:
    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.steps: dict[int, Step] = {}
        self.slots = 0

    def at(self, place: Place) -> Step:
        return self.steps.setdefault(place.index, Step(place))

    def sheet(self, sheet: Sheet, parent: int) -> None:
        slot, self.slots = self.slots, self.slots + 1
        if sheet.spot is not None:
            step, record = self.at(sheet.spot.place), sheet.record
            needs = sheet.needs.position if sheet.needs else 0
            opening = Opening(
                slot, parent, record.key, record.many, self.conditions(sheet.spot, ()), needs,
                frozenset(record.unless), sheet,
            )
            step.openings = (*step.openings, opening)
        for line in sheet.lines:
            if isinstance(line, Sheet):
                self.sheet(line, parent=slot)
            else:
                self.line(line, slot)
        self.own(sheet)
        for other in sheet.also:
            self.sheet(other, parent)

    def line(self, line: Line, slot: int) -> None:
        step, spot, row = self.at(line.spot.place), line.spot, line.row
        conditions = self.conditions(spot, line.when)
        if not (conditions or spot.component or row.shape.many or line.verb):
            step.plain = (*step.plain, Plain(slot, row.key, spot.position, line.forms[0].read, line))
        else:
            step.takes = (*step.takes, Take(slot, line, line.spots, line.forms, conditions))
        for also, form in line.also:
            step = self.at(also.place)
            step.takes = (*step.takes, Take(slot, line, (also,), (form,), self.conditions(also, ())))

    def conditions(self, spot: Spot, when: tuple[Fixed, ...]) -> tuple[Condition, ...]:
        found = []
        for hop in spot.hops:
            if hop.code is not None:
                self.at(self.grammar.triggers[hop.loop]).marks = hop.position
                found.append(Condition(hop.loop, hop.position, 0, hop.code))
        if spot.code is not None:
            found.append(Condition("", 1, 0, spot.code))
        found += [Condition("", one.spot.position, one.spot.component, str(one.text)) for one in when]
        return tuple(found)

    def own(self, sheet: Sheet) -> None:
        """Segments written for constants only: read back, they say nothing about the document."""
        constants: dict[tuple[int, tuple[str | None, ...]], dict[int, str]] = {}
        for fixed in sheet.always:
            spot = fixed.spot
            code = spot.hops[-1].code if spot.hops and spot.place.trigger else spot.code
            if isinstance(fixed.text, str) and code is not None and not spot.component:
                constants.setdefault((spot.place.index, spot.codes), {1: code})[spot.position] = fixed.text
        lines = {(line.spot.place.index, line.spot.codes) for line in sheet.lines if isinstance(line, Line)}
        for (index, codes), values in constants.items():
            if (index, codes) not in lines:
                place = self.grammar.definition.places[index]
                self.at(place).own.add((place.segment.id, *(values.get(at, "") for at in range(1, max(values) + 1))))

