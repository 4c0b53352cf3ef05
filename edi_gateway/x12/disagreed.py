"""Words what is not as agreed with a partner: of a row of the guide that was seen not to be kept, one finding."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from edi_gateway.issues import Ack, Finding, x12
from edi_gateway.x12 import elements
from edi_gateway.x12.envelope import element
from edi_gateway.x12.guided import Clause, Counted, Rule, Spot, cited
from edi_gateway.x12.spec import Definition, Element, Place
from edi_gateway.x12.tokens import Separators

KINDS = frozenset(kind.code for kind in (
    x12.AGREED_ELEMENT_MISSING, x12.ELEMENT_NOT_AGREED, x12.SHORTER_THAN_AGREED, x12.LONGER_THAN_AGREED,
    x12.CODE_NOT_AGREED,
))
_MISSING, _UNWANTED = Ack(segment="3", set="5"), Ack(segment="2", set="5")


class Held(Protocol):
    """The segments that can still be looked at, by index."""

    def row(self, at: int) -> list[str]:
        """A segment; one without elements behind the last."""

    def place(self, at: int) -> int:
        """Where it stands."""

    def offset(self, at: int) -> int:
        """Where it begins in the file."""

    def beyond(self, place: int, since: int, end: int) -> int:
        """The first segment of a stretch that stands behind a place; the end where none does."""

    def strays(self, spot: Spot, since: int, end: int) -> bool:
        """Whether a segment such as the spot's is in the stretch and has no place there."""


class Words:
    """The findings on one set, of which `held` is at hand."""

    def __init__(self, definition: Definition, separators: Separators, held: Held) -> None:
        self._places = definition.places
        self._separators = separators
        self._held = held

    def missing(self, counted: Counted, since: int, before: int) -> Iterator[Finding]:
        """A segment that does not occur often enough in the loop that began at `since`."""
        end = self.end(counted.spot.loop, since, before)
        if not self._held.strays(counted.spot, since, end):
            yield self._missing(counted.spot, self._should(counted.spot, since, end), counted.page)

    def end(self, loop: str, since: int, before: int) -> int:
        """Where the loop's occurrence that began at `since` ends."""
        if not loop:
            return before
        return next((
            at for at in range(since + 1, before)
            if self._held.place(at) >= 0
            and not f"{self._places[self._held.place(at)].loop.path}/".startswith(f"{loop}/")
        ), before)

    def _should(self, spot: Spot, since: int, end: int) -> int:
        """Before which segment of a stretch what is missing should have stood."""
        return self._held.beyond(last_of(self._places, spot), since, end)

    def _missing(self, spot: Spot, at: int, page: str) -> Finding:
        what = f"{spot.segment} with {spot.segment}{spot.code[0]:02} = {spot.code[1]}" if spot.code else spot.segment
        where = f" in {spot.path.rpartition('/')[0]}" if spot.loop else ""
        follows = element(self._held.row(at), 0)[:20]
        before = f" before {follows} (segment {at + 1})" if follows else " at the end"
        return x12.AGREED_SEGMENT_MISSING.finding(
            f"{what} is missing{where}{before}, which is agreed with the partner{cited(page)}", segment=spot.segment,
            position=at + 1, loop=spot.loop or None, offset=self._held.offset(at),
            remedy=f"Ask the partner to send {what}{where}, or change the row {spot.path} of the guide file.",
        )

    def of_element(self, counted: Counted, told: Element, at: int) -> Iterator[Finding]:
        """What an element is otherwise than agreed; nothing where the standard has a fault to find with it."""
        place, row = self._place(at), self._held.row(at)
        for fault in elements.of_element(place.segment.id, told, row, self._separators):
            if fault.kind.code not in KINDS:
                continue
            own = place.segment.elements[told.position - 1]
            if any(elements.of_element(place.segment.id, own, row, self._separators)):
                return
            note, remedy = fault.told
            yield fault.kind.finding(
                f"{note}; that is agreed for {counted.spot.path}", remedy=remedy, element=fault.element,
                component=fault.component, repetition=fault.repetition, value=fault.value,
                reference=told.id if told.id.isdecimal() else None, **self._stands(at),
            )

    def many(self, counted: Counted, at: int) -> Finding:
        """A segment that occurs once too often."""
        what, most = counted.spot.path, counted.most
        if not most:
            note = f"{what} is not used, as is agreed with the partner{cited(counted.page)}"
            return x12.SEGMENT_NOT_AGREED.finding(note, **self._stands(at))
        opens = self._place(at).trigger and self._place(at).loop.path
        kind = x12.LOOP_MORE_THAN_AGREED if opens else x12.SEGMENT_MORE_THAN_AGREED
        note = f"{what} occurs again, {most} is the most that is agreed with the partner{cited(counted.page)}"
        return kind.finding(note, **self._stands(at))

    def rule(self, rule: Rule, since: int, before: int, first: int, blamed: int) -> Finding:
        """A rule that is broken in the stretch; `first` and `blamed` are those of `glance.Wrong`."""
        spot = rule.then.spot
        note = f"the rule is broken that is agreed with the partner: {rule.words}{cited(rule.page)}"
        remedy = f"Ask the partner to keep to the rule: {rule.words}."
        at = first if blamed < 0 else blamed
        if at < 0:
            loop = self._places[min(rule.scope.places)].loop.path if rule.scope is not None else ""
            at = self._should(spot, since, self.end(loop, since, before))
            return x12.RULE_BROKEN.finding(
                note, remedy=remedy, ack=_MISSING, segment=spot.segment, position=at + 1, loop=spot.loop or None,
                offset=self._held.offset(at),
            )
        if spot.element is None:
            return x12.RULE_BROKEN.finding(note, remedy=remedy, ack=_UNWANTED, **self._stands(at))
        value = self._value(rule.then, at)
        ack = Ack(segment="8", element="7" if rule.then.codes else "10" if value else "2", set="5")
        own = self._place(at).segment.elements[spot.element - 1]
        return x12.RULE_BROKEN.finding(
            note, remedy=remedy, ack=ack, element=spot.element, component=spot.component, value=value or None,
            reference=own.id if own.id.isdecimal() else None, **self._stands(at),
        )

    def _value(self, clause: Clause, at: int) -> str:
        spot = clause.spot
        value = element(self._held.row(at), spot.element or 0)
        if spot.component is None:
            return value
        parts = value.split(self._separators.component)
        return parts[spot.component - 1] if spot.component <= len(parts) else ""

    def _place(self, at: int) -> Place:
        return self._places[self._held.place(at)]

    def _stands(self, at: int) -> dict[str, Any]:
        place = self._place(at)
        return {"segment": place.segment.id, "position": at + 1, "loop": place.loop.path or None,
                "offset": self._held.offset(at)}


def last_of(places: Sequence[Place], spot: Spot) -> int:
    """The last place at which a spot's segment may stand; of a loop, the last one inside of it."""
    opening = places[max(spot.places)]
    loop = f"{opening.loop.path}/" if opening.trigger and opening.loop.path else None
    return max(
        place.index for place in places
        if place.index in spot.places or loop and f"{place.loop.path}/".startswith(loop)
    )
