"""What the reader would make of a segment that is being written: known beforehand, or asked by the function."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from edi_gateway.mapping.paths import Hop, Spot
from edi_gateway.mapping.plan import Line, Sheet
from edi_gateway.mapping.steps import Condition, Opening, Plain, Step, Take
from edi_gateway.mapping.template import Template
from edi_gateway.x12.spec import Place


class UnfitError(Exception):
    """A map of which the quick way cannot be sure."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written somewhere: a field, the items of a list, or a constant.

    `hops` are the loops still to be entered, `owner` is the field that a constant stands beside, `said` the
    expression that asks whether there is anything to say, empty where it is always written.
    """

    order: int
    what: "Line | Sheet | str"
    spot: Spot
    hops: tuple[Hop, ...]
    value: str
    said: str
    owner: Line | None = None


def shared(entries: Sequence[Entry]) -> Iterator[Entry]:
    """The entries of a segment; a constant that stands beside several fields comes once, where any is said."""
    constants: dict[tuple[int, int, str], list[str]] = {}
    for one in entries:
        if isinstance(one.what, str) and not one.value:
            constants.setdefault((one.spot.position, one.spot.component, one.what), []).append(one.said)
    for one in entries:
        if not isinstance(one.what, str) or one.value:
            yield one
        elif told := constants.pop((one.spot.position, one.spot.component, one.what), None):
            yield replace(one, said=" or ".join(dict.fromkeys(told)) if all(told) else "")


def asked_of_loops(steps: Sequence[Step | None]) -> frozenset[tuple[str, int]]:
    """The elements that the reader asks for in the first segment of a loop: the loop's path and the position."""
    known = [step for step in steps if step]
    actions = chain.from_iterable(chain[Opening | Take](step.openings, step.takes) for step in known)
    return frozenset((one.loop, one.position) for action in actions for one in action.conditions if one.loop)


class Foresight:
    """Holds every action of the reader at a place against what is written there.

    `slots` are the reader's records by the identity of their sheets; `name` makes names for the function.
    """

    def __init__(
        self, steps: Sequence[Step | None], slots: Mapping[int, int], name: Callable[..., str]
    ) -> None:
        self.steps = steps
        self.slots = slots
        self.name = name
        self.openings = {opening.slot: opening for step in steps if step for opening in step.openings}

    def read(
        self, template: Template, entries: Sequence[Entry], sheet: Sheet, known: Mapping[str, Template]
    ) -> Iterator[str]:
        """Asks what only the reader could find: another field or list that would take this segment for its own."""
        step = self.steps[template.place.index]
        own = {id(one.what): one for one in entries if isinstance(one.what, Line)}
        if step is None:
            if own:
                raise UnfitError
            return
        slot, met = self.slots.get(id(sheet), -1), set()
        closed = {opening.slot for opening in step.openings if opening.sheet is not sheet}
        for opening in step.openings:
            if opening.sheet is not sheet and not self.alive(opening.parent, template, known):
                continue
            yield from self.opens(opening, step, template, sheet, known)
        actions: list[Plain | Take] = [*step.plain, *step.takes]
        for action in actions:
            spots = (action.line.spot,) if isinstance(action, Plain) else action.spots
            conditions = () if isinstance(action, Plain) else action.conditions
            if id(action.line) in own and action.slot == slot and spots == action.line.spots:
                met.add(id(action.line))
                if not all(self.held(one, template, action.line, known, entries) for one in conditions):
                    raise UnfitError
            elif action.slot in closed or not self.alive(action.slot, template, known):
                continue
            elif self.touches(action, spots, template):
                yield from self.refused(conditions, template, known)
        if met != set(own):
            raise UnfitError

    def alive(self, slot: int, template: Template, known: Mapping[str, Template]) -> bool:
        """Whether the reader's item can be open in a slot, by what the loops around say that are open here.

        That was asked last where its place is, so it counts only in the loop which that opens, and in its segment.
        """
        while slot:
            opening = self.openings[slot]
            spot = opening.sheet.spot
            if spot is not None and _within(spot.place, template.place):
                around = [(one, known[one.loop]) for one in opening.conditions if one.loop and one.loop in known]
                if any(at.sure.get(one.position, one.text) != one.text for one, at in around):
                    return False
            slot = opening.parent
        return True

    def touches(self, action: Plain | Take, spots: Sequence[Spot], template: Template) -> bool:
        """Whether another field would find something in the segment."""
        positions = {*template.sure, *template.open}
        if action.line.pairs or template.pairs:
            starts = [line.pairs[0] for line in (action.line, template.pairs) if line and line.pairs]
            return any(at >= min(starts) for at in (*positions, *(spot.position for spot in spots))) or all(
                (action.line.pairs, template.pairs)
            )
        return any(spot.position in positions for spot in spots)

    def opens(
        self, opening: Opening, step: Step, template: Template, sheet: Sheet, known: Mapping[str, Template]
    ) -> Iterator[str]:
        row = template.row
        own = self.name("own", frozenset(map(template.mark.join, step.own))) if step.own else ""
        mine = opening.sheet is sheet and sheet.spot is not None and sheet.spot.place is template.place
        if mine:
            if not all(self.held(one, template, None, known, ()) for one in opening.conditions):
                raise UnfitError
            if own:
                yield f"if {row} in {own}:"
                yield "    raise Unusual"
            if opening.needs and opening.needs not in template.certain:
                yield f"if not {template.text(opening.needs)}:"
                yield "    raise Unusual"
            if opening.unless:
                yield f"if {template.text(1)} in {self.name('unless', frozenset(opening.unless))}:"
                yield "    raise Unusual"
            return
        first = template.sure.get(1)
        if first is not None and first in opening.unless:
            return
        unless = self.name("unless", frozenset(opening.unless)) if opening.unless else ""
        extra = [f"{row} not in {own}"] if own else []
        extra += [f"{template.text(1)} not in {unless}"] if unless else []
        yield from self.refused(opening.conditions, template, known, extra)

    def held(
        self, condition: Condition, template: Template, line: Line | None, known: Mapping[str, Template],
        entries: Sequence[Entry],
    ) -> bool:
        """Whether a condition of what is written here holds for certain."""
        if condition.component:
            return False
        at = known.get(condition.loop) if condition.loop else template
        if at is None:
            return False
        if at.sure.get(condition.position) == condition.text:
            return True
        return at is template and line is not None and any(
            one.owner is line and one.spot.position == condition.position and one.what == condition.text
            for one in entries
        )

    def refused(
        self, conditions: Sequence[Condition], template: Template, known: Mapping[str, Template],
        extra: Sequence[str] = (),
    ) -> Iterator[str]:
        """Leaves the noun to the careful way where all conditions hold."""
        asked = list(extra)
        for one in conditions:
            at = known.get(one.loop) if one.loop else template
            if at is None or one.component:
                raise UnfitError
            if one.position in at.sure:
                if at.sure[one.position] != one.text:
                    return
            elif one.position not in at.open and not at.pairs:
                return
            else:
                asked.append(f"{at.text(one.position)} == {one.text!r}")
        if not asked:
            raise UnfitError
        yield f"if {' and '.join(asked)}:"
        yield "    raise Unusual"


def _within(opens: Place, place: Place) -> bool:
    """Whether a place is the one that opens an item, or stands in the loop that it opens."""
    return place is opens or (opens.trigger and f"{place.loop.path}/".startswith(f"{opens.loop.path}/"))
