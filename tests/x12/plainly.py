"""What a set is not as agreed in, told slowly: each row of the guide by itself, with all of the set at hand."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence

from edi_gateway.issues import Finding, x12
from edi_gateway.x12 import elements
from edi_gateway.x12.disagreed import KINDS
from edi_gateway.x12.envelope import element
from edi_gateway.x12.guided import Clause, Counted, Rule, Spot, cited
from edi_gateway.x12.spec import Definition
from edi_gateway.x12.tokens import Separators

Told = Counter[tuple[str, str]]
_MANY = {x12.SEGMENT_NOT_AGREED.code, x12.SEGMENT_MORE_THAN_AGREED.code, x12.LOOP_MORE_THAN_AGREED.code}


def told(findings: Sequence[Finding]) -> Told:
    """Findings as `Plainly` tells them."""
    return Counter(map(_told, findings))


def _told(finding: Finding) -> tuple[str, str]:
    if finding.kind == x12.RULE_BROKEN.code:
        return "rule", finding.note.partition(": ")[2]
    what = "many" if finding.kind in _MANY else "missing" if finding.kind not in KINDS else "element"
    return what, finding.segment or ""


class Plainly:
    """A set whose segments all have their places."""

    def __init__(
        self, definition: Definition, rows: Sequence[list[str]], places: Sequence[int], separators: Separators
    ) -> None:
        self._definition = definition
        self._rows = rows
        self._places = places
        self._separators = separators

    def told(self) -> Told:
        """What is wrong, and how often."""
        return Counter([
            *(one for counted in self._definition.counted for one in self._of_counted(counted)),
            *(
                ("rule", f"{rule.words}{cited(rule.page)}")
                for rule in self._definition.rules for _ in self._broken(rule)
            ),
        ])

    def _of_counted(self, counted: Counted) -> Iterator[tuple[str, str]]:
        spot = counted.spot
        for begun, end in self._stretches(spot.scope):
            if spot.scope is not None and not self._around(spot, begun):
                continue
            found = [at for at in range(begun, end) if self._means(spot, at)]
            yield from [("missing", spot.segment)] * (len(found) < counted.least)
            if counted.most is not None:
                yield from [("many", spot.segment)] * max(len(found) - counted.most, 0)
            for at in found:
                own = self._definition.places[self._places[at]].segment
                for each in counted.elements:
                    faults = elements.of_element(own.id, each, self._rows[at], self._separators)
                    standard = elements.of_element(
                        own.id, own.elements[each.position - 1], self._rows[at], self._separators
                    )
                    yield from [("element", own.id)] * (
                        not any(standard) and sum(fault.kind.code in KINDS for fault in faults)
                    )

    def _broken(self, rule: Rule) -> Iterator[int]:
        whole = range(len(self._rows))
        opens = min(rule.scope.places) if rule.scope else None
        for begun, end in self._stretches(opens):
            if rule.scope is None or self._means(rule.scope, begun):
                inside = [at for at in range(begun, end) if not rule.inside or self._places[at] in rule.inside]
                holds = [
                    self._holds(clause, *(
                        self._values(spot, inside if not rule.scope or spot.places & rule.inside else whole)
                        for spot in (clause.spot, clause.other or clause.spot)
                    )) for clause in (*rule.when, rule.then)
                ]
                if all(holds[:-1]) and not holds[-1]:
                    yield begun

    def _holds(self, clause: Clause, these: set[str], those: set[str]) -> bool:
        return {
            "is there": bool(these), "is missing": not these, "equals": these == those,
            "is": bool(these) and these <= set(clause.codes), "is not": not these & set(clause.codes),
        }[clause.verb]

    def _values(self, spot: Spot, among: Sequence[int]) -> set[str]:
        found = set()
        for at in among:
            if self._means(spot, at):
                value = element(self._rows[at], spot.element or 0)
                parts = value.split(self._separators.component)
                number = (spot.component or 1) - 1
                found.add(value if spot.component is None else parts[number] if number < len(parts) else "")
        return found - {""}

    def _means(self, spot: Spot, at: int) -> bool:
        said = spot.code is None or element(self._rows[at], spot.code[0]) == spot.code[1]
        return self._places[at] in spot.places and said and self._around(spot, at)

    def _around(self, spot: Spot, at: int) -> bool:
        for place, position, code in spot.around:
            opened = [before for before in range(at + 1) if self._places[before] == place]
            if not opened or element(self._rows[opened[-1]], position) != code:
                return False
        return True

    def _stretches(self, opener: int | None) -> Iterator[tuple[int, int]]:
        """From each segment that opens a loop up to the next; the whole set where there is no loop."""
        begun = [0] if opener is None else [at for at, place in enumerate(self._places) if place == opener]
        yield from itertools.pairwise([*begun, len(self._places)])
