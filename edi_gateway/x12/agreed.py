"""What a guide says and the grammar cannot: what depends on a code, and the rules; looked at when the walk is done.

One pass over the places, in which only those that a row speaks of are stopped at.
"""

from collections import defaultdict
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

_At = dict[str, list[int]]
"""The segments that stand where the paths of a rule lead."""


class Agreed:
    """The rows of a definition, by the places they speak of."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.counted = definition.counted
        self.rules = definition.rules
        self.watched: set[int] = set()
        self.scopes: dict[int, list[int]] = defaultdict(list)
        self.targets: dict[int, list[int]] = defaultdict(list)
        self.ruled: dict[int, list[int]] = defaultdict(list)
        self.told: dict[int, list[tuple[int, Spot]]] = defaultdict(list)
        for number, counted in enumerate(self.counted):
            self._count(number, counted)
        for number, rule in enumerate(self.rules):
            self._rule(number, rule)
        self.outside = [
            (number, spot) for number, rule in enumerate(self.rules) if rule.scope is not None
            for spot in dict.fromkeys(_spots(rule)) if not spot.places & rule.inside
        ]
        """What rules for each occurrence of a loop ask of segments outside of it."""
        self.heeded = frozenset(self.watched) | set(self.scopes) | set(self.targets) | set(self.ruled) | set(self.told)

    def _count(self, number: int, counted: Counted) -> None:
        self._watch(counted.spot)
        if counted.spot.scope is not None:
            self.scopes[counted.spot.scope].append(number)
        for place in counted.spot.places:
            self.targets[place].append(number)

    def _rule(self, number: int, rule: Rule) -> None:
        for spot in dict.fromkeys(_spots(rule)):
            self._watch(spot)
            for place in spot.places:
                self.told[place].append((number, spot))
        if rule.scope is not None:
            self._watch(rule.scope)
            self.ruled[min(rule.scope.places)].append(number)

    def _watch(self, spot: Spot) -> None:
        self.watched.update(place for place, _, _ in spot.around)

    def broken(self, transaction: "Segments", places: Sequence[int]) -> list[Rule]:
        """The rules that do not hold."""
        look = _Look(self, transaction, places)
        look.over()
        return look.broken

    def findings(self, transaction: "Segments", places: Sequence[int]) -> Iterator[Finding]:
        """What is not as agreed in a set whose segments stand at `places`."""
        if self.heeded:
            look = _Look(self, transaction, places)
            look.over()
            yield from look.found


def _spots(rule: Rule) -> Iterator[Spot]:
    for clause in (*rule.when, rule.then):
        yield clause.spot
        if clause.other is not None:
            yield clause.other


class Segments(Protocol):
    """What is looked at: a transaction, or one that is being made."""

    @property
    def segments(self) -> list[list[str]]:
        """From ST to SE."""

    @property
    def separators(self) -> Separators:
        """What parts its components."""

    def offset(self, position: int) -> int:
        """Where a segment begins."""


class _Look:
    """One look over a set: how often what is counted has occurred, and where the segments of the rules stand."""

    def __init__(self, agreed: Agreed, transaction: Segments, places: Sequence[int]) -> None:
        self._agreed = agreed
        self._transaction = transaction
        self._rows = transaction.segments
        self._places = places
        self._current: dict[int, int] = {}
        self._since: list[int | None] = [0 if one.spot.scope is None else None for one in agreed.counted]
        self._counts = [0] * len(agreed.counted)
        self._begun: list[int | None] = [0 if rule.scope is None else None for rule in agreed.rules]
        self._seen: list[_At] = [{} for _ in agreed.rules]
        self._always: list[_At] = [{} for _ in agreed.rules]
        self.broken: list[Rule] = []
        self.found: list[Finding] = []

    def over(self) -> None:
        """Looks at all of it: `found` is what is not as agreed, `broken` the rules that do not hold."""
        if self._agreed.outside:
            self._outside()
        heeded = self._agreed.heeded
        for at, place in enumerate(self._places):
            if place in heeded:
                self._at(at, place)
        for number in range(len(self._agreed.counted)):
            self._closed(number, len(self._places))
        for number in range(len(self._agreed.rules)):
            self._judged(number, len(self._places))

    def _at(self, at: int, place: int) -> None:
        """One segment, and the loops that it ends."""
        agreed = self._agreed
        if place in agreed.watched:
            self._current[place] = at
        for number in agreed.scopes.get(place, ()):
            self._closed(number, at)
            self._since[number] = at if self._around(agreed.counted[number].spot) else None
            self._counts[number] = 0
        for number in agreed.ruled.get(place, ()):
            self._judged(number, at)
            scope = agreed.rules[number].scope
            assert scope is not None
            self._begun[number] = at if self._around(scope) and self._says(scope, at) else None
            self._seen[number] = {}
        for number in agreed.targets.get(place, ()):
            self._counted(number, at)
        for number, spot in agreed.told.get(place, ()):
            begun = self._begun[number] is not None and (place in agreed.rules[number].inside or self._whole(number))
            if begun and self._says(spot, at) and self._around(spot):
                self._seen[number].setdefault(spot.path, []).append(at)

    def _whole(self, number: int) -> bool:
        """Whether a rule is one for the whole set."""
        return self._agreed.rules[number].scope is None

    def _around(self, spot: Spot) -> bool:
        return not spot.around or all(
            place in self._current and element(self._rows[self._current[place]], position) == code
            for place, position, code in spot.around
        )

    def _says(self, spot: Spot, at: int) -> bool:
        return spot.code is None or element(self._rows[at], spot.code[0]) == spot.code[1]

    def _outside(self) -> None:
        """Finds the segments outside of a rule's loop that it asks for, wherever these stand."""
        asked = self._agreed.outside
        for at, place in enumerate(self._places):
            if place in self._agreed.heeded:
                if place in self._agreed.watched:
                    self._current[place] = at
                for number, spot in asked:
                    if place in spot.places and self._around(spot) and self._says(spot, at):
                        self._always[number].setdefault(spot.path, []).append(at)
        self._current.clear()

    # What is counted

    def _counted(self, number: int, at: int) -> None:
        counted = self._agreed.counted[number]
        if self._since[number] is None or not self._says(counted.spot, at) or not self._around(counted.spot):
            return
        self._counts[number] += 1
        if counted.most is not None and self._counts[number] > counted.most:
            self.found.append(self._too_many(counted, at))
        for told in counted.elements:
            self.found += self._of_element(counted, told, at)

    def _closed(self, number: int, before: int) -> None:
        counted, since = self._agreed.counted[number], self._since[number]
        if since is not None and self._counts[number] < counted.least:
            end = self._end(counted.spot.loop, since, before)
            if not self._strays(counted.spot, since, end):
                position = self._should(counted.spot, since, end) + 1
                self.found.append(self._missing(counted.spot, position, counted.page))

    def _end(self, loop: str, since: int, before: int) -> int:
        """Where the loop's occurrence that began at `since` ends."""
        if not loop:
            return before
        places = self._agreed.definition.places
        return next((
            at for at in range(since + 1, before)
            if self._places[at] >= 0 and not f"{places[self._places[at]].loop.path}/".startswith(f"{loop}/")
        ), before)

    def _should(self, spot: Spot, since: int, end: int) -> int:
        """Before which segment of a stretch what is missing should have stood; a loop behind those that are there."""
        places = self._agreed.definition.places
        opening = places[max(spot.places)]
        loop = f"{opening.loop.path}/" if opening.trigger and opening.loop.path else None
        last = max(
            place.index for place in places
            if place.index in spot.places or loop and f"{place.loop.path}/".startswith(loop)
        )
        return next((at for at in range(since, end) if self._places[at] > last), end)

    def _strays(self, spot: Spot, since: int, end: int) -> bool:
        """Whether the segment is there, out of place: then that is the fault, and it is not missing as well."""
        return any(
            self._places[at] < 0 and self._rows[at][0] == spot.segment and self._says(spot, at)
            for at in range(since, end)
        )

    def _of_element(self, counted: Counted, told: Element, at: int) -> Iterator[Finding]:
        place = self._place(at)
        for fault in elements.of_element(place.segment.id, told, self._rows[at], self._transaction.separators):
            if fault.kind.code not in KINDS:
                continue
            own = place.segment.elements[told.position - 1]
            if any(elements.of_element(place.segment.id, own, self._rows[at], self._transaction.separators)):
                return
            yield fault.kind.finding(
                f"{fault.note}; that is agreed for {counted.spot.path}", remedy=fault.remedy, element=fault.element,
                component=fault.component, repetition=fault.repetition, value=fault.value,
                reference=told.id if told.id.isdecimal() else None, **self._stands(at),
            )

    def _too_many(self, counted: Counted, at: int) -> Finding:
        what, most = counted.spot.path, counted.most
        if not most:
            note = f"{what} is not used, as is agreed with the partner{cited(counted.page)}"
            return x12.SEGMENT_NOT_AGREED.finding(note, **self._stands(at))
        opens = self._place(at).trigger and self._place(at).loop.path
        kind = x12.LOOP_MORE_THAN_AGREED if opens else x12.SEGMENT_MORE_THAN_AGREED
        note = f"{what} occurs again, {most} is the most that is agreed with the partner{cited(counted.page)}"
        return kind.finding(note, **self._stands(at))

    # Rules

    def _judged(self, number: int, end: int) -> None:
        rule, begun = self._agreed.rules[number], self._begun[number]
        if begun is None:
            return
        always, seen = self._always[number], self._seen[number]
        seen = {**always, **seen} if always else seen
        if all(self._holds(clause, seen) for clause in rule.when) and not self._holds(rule.then, seen):
            if rule.scope is not None:
                end = self._end(self._agreed.definition.places[min(rule.scope.places)].loop.path, begun, end)
            self.broken.append(rule)
            self.found.append(self._broken(rule, seen, begun, end))

    def _holds(self, clause: Clause, seen: _At) -> bool:
        values = self._values(clause.spot, seen)
        if clause.verb == "is there":
            return bool(values)
        if clause.verb == "is missing":
            return not values
        if clause.verb == "equals":
            assert clause.other is not None
            return set(values) == set(self._values(clause.other, seen))
        if clause.verb == "is":
            return bool(values) and all(value in clause.codes for value in values)
        return not any(value in clause.codes for value in values)

    def _values(self, spot: Spot, seen: _At) -> list[str]:
        """What stands there, without what is empty; of a segment its id."""
        found = [self._value(spot, at) for at in seen.get(spot.path, ())]
        return [value for value in found if value]

    def _value(self, spot: Spot, at: int) -> str:
        value = element(self._rows[at], spot.element or 0)
        if spot.component is None:
            return value
        parts = value.split(self._transaction.separators.component)
        return parts[spot.component - 1] if spot.component <= len(parts) else ""

    def _broken(self, rule: Rule, seen: _At, begun: int, end: int) -> Finding:
        spot, stands = rule.then.spot, seen.get(rule.then.spot.path, ())
        note = f"the rule is broken that is agreed with the partner: {rule.words}{cited(rule.page)}"
        remedy = f"Ask the partner to keep to the rule: {rule.words}."
        if not stands:
            position = self._should(spot, begun, end) + 1
            return x12.RULE_BROKEN.finding(
                note, remedy=remedy, ack=_MISSING, segment=spot.segment, position=position, loop=spot.loop or None,
                offset=self._transaction.offset(position),
            )
        at = next((at for at in stands if self._blamed(rule.then, at)), stands[0])
        if spot.element is None:
            return x12.RULE_BROKEN.finding(note, remedy=remedy, ack=_UNWANTED, **self._stands(at))
        value = self._value(spot, at)
        ack = Ack(segment="8", element="7" if rule.then.codes else "10" if value else "2", set="5")
        own = self._place(at).segment.elements[spot.element - 1]
        return x12.RULE_BROKEN.finding(
            note, remedy=remedy, ack=ack, element=spot.element, component=spot.component, value=value or None,
            reference=own.id if own.id.isdecimal() else None, **self._stands(at),
        )

    def _blamed(self, clause: Clause, at: int) -> bool:
        value = self._value(clause.spot, at)
        if clause.verb == "is":
            return value not in clause.codes
        return value in clause.codes if clause.codes else bool(value)

    # Where it stands

    def _place(self, at: int) -> Place:
        return self._agreed.definition.places[self._places[at]]

    def _stands(self, at: int) -> dict[str, Any]:
        place = self._place(at)
        return {"segment": place.segment.id, "position": at + 1, "loop": place.loop.path or None,
                "offset": self._transaction.offset(at + 1)}

    def _missing(self, spot: Spot, position: int, page: str) -> Finding:
        what = f"{spot.segment} with {spot.segment}{spot.code[0]:02} = {spot.code[1]}" if spot.code else spot.segment
        where = f" in {spot.path.rpartition('/')[0]}" if spot.loop else ""
        follows = element(self._rows[position - 1], 0)[:20] if position <= len(self._rows) else ""
        before = f" before {follows} (segment {position})" if follows else " at the end"
        return x12.AGREED_SEGMENT_MISSING.finding(
            f"{what} is missing{where}{before}, which is agreed with the partner{cited(page)}", segment=spot.segment,
            position=position, loop=spot.loop or None, offset=self._transaction.offset(position),
            remedy=f"Ask the partner to send {what}{where}, or change the row {spot.path} of the guide file.",
        )


_MISSING, _UNWANTED = Ack(segment="3", set="5"), Ack(segment="2", set="5")

