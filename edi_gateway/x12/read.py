"""A transaction set against its definition: a verdict, and the tree where it is good enough to be used."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Literal

from edi_gateway.issues import Finding, clipped
from edi_gateway.issues import x12 as kinds
from edi_gateway.x12 import diagnose, elements, hierarchy, totals
from edi_gateway.x12.compile import Steps, Table
from edi_gateway.x12.diagnose import NOWHERE, Walk
from edi_gateway.x12.envelope import Transaction, element
from edi_gateway.x12.settling import settle
from edi_gateway.x12.spec import Definition, Segment
from edi_gateway.x12.tokens import Separators, odd_rows
from edi_gateway.x12.walk import judged

FINDINGS_MAX = 1_000
COUNTED_MAX = 10_000
"""So many more are counted; of a set that is rejected anyway the rest is not looked at."""

Outcome = Literal["accepted", "accepted_with_errors", "rejected"]


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed set, flat: `places[i]` is the index of the place where `segments[i]` stands.

    Composites are text as sent, their components parted by the separators' `component`.
    """

    definition: Definition
    segments: list[list[str]]
    places: list[int]
    separators: Separators


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a set. `tree` is None where it was rejected.

    `places` are those of all segments, `NOWHERE` for what has none; None where the set could not be followed.
    """

    set: str
    control: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    tree: Tree | None = None
    places: Sequence[int] | None = None
    implementation: str = ""
    """ST03 as sent: the convention that the set says it keeps to."""


def read(
    transaction: Transaction, table: Table | None, verdicts: Mapping[str, str] | None = None, exact: bool = True
) -> Verdict:
    """Judges a set. `table` is None where the set is not known; `verdicts` overrule the kinds' own, by code.

    `exact` is False where the table is of another release than the set.
    """
    places: list[int] = []
    found: Iterable[Finding] = ()
    onward: Iterable[object] = ()
    if table is None:
        found = _unknown(transaction)
    elif transaction.whole:
        inspected, places, onward = _inspect(transaction, table)
        if not inspected and not transaction.findings:
            return _clean(transaction, table.definition, places)
        found = chain.from_iterable(inspected)
    settled = settle(chain(transaction.findings, found), verdicts or {}, exact or table is None)
    findings = tuple(sorted(_bounded(settled), key=_standing))
    outcome = _outcome(findings)
    for _ in onward:
        pass
    tree = None
    if outcome != "rejected" and table is not None and transaction.whole:
        tree = _tree(table.definition, transaction, places)
    guide = element(transaction.segments[0], 3)
    return Verdict(transaction.set, transaction.control, outcome, findings, tree, places or None, guide)


def _clean(transaction: Transaction, definition: Definition, places: list[int]) -> Verdict:
    """The verdict on a set about which there is nothing to say."""
    segments = transaction.segments
    tree = Tree(definition, segments, places, transaction.separators)
    st = segments[0]
    return Verdict(transaction.set, transaction.control, "accepted", (), tree, places, element(st, 3))


def _inspect(transaction: Transaction, table: Table) -> tuple[list[Iterable[Finding]], list[int], Iterable[object]]:
    """The findings by what they are about, where each segment stands, and what must be exhausted before
    that is complete. There are no findings where the list is empty."""
    odd: frozenset[int] = frozenset() if transaction.plain else odd_rows(transaction.segments)
    steps = table.steps(transaction.separators, transaction.compound)
    walked = judged(transaction.segments, transaction.ids, steps)
    found: list[Iterable[Finding]] = []
    if transaction.group_code != table.definition.group:
        found.append(_of_group(transaction, table))
    onward: Iterable[diagnose.Fault] = ()
    if walked is None:
        # The places are complete once the structural faults are exhausted, before anything after them is asked.
        slowly = Walk(table, transaction.segments)
        places, onward = slowly.places, slowly.faults()
        structural = (_located(transaction, fault) for fault in onward)
        faulty = _faulty(transaction, steps, slowly.judged, odd)
        found += [structural, _of_segments(transaction, table, slowly.judged, faulty)]
    else:
        shape, wrong = walked
        places = shape.places
        if odd or wrong:
            found.append(_of_segments(transaction, table, places, sorted(odd.union(wrong)) if odd else wrong))
        # Where segments are missing or out of place, a total that differs is no fault of its own.
        if not shape.agrees(transaction.segments):
            found += _if_any(totals.differing(transaction, table.definition, places))
    definition = table.definition
    if definition.hierarchy is not None and not hierarchy.sound(definition.hierarchy, transaction.segments):
        found.append(hierarchy.findings(transaction, definition))
    if odd:
        found.append(_not_ascii(transaction, odd))
    if definition.counted or definition.rules:
        disagreed = table.agreed.findings(transaction, places)
        # Until a slow walk is exhausted the places are not complete, so that nothing may be asked yet.
        found += [disagreed] if walked is None else _if_any(disagreed)
    return found, places, onward


def _if_any(findings: Iterator[Finding]) -> list[Iterable[Finding]]:
    """The findings, or an empty list where there are none."""
    first = next(findings, None)
    return [] if first is None else [chain([first], findings)]


def _faulty(transaction: Transaction, steps: Steps, places: Sequence[int], odd: frozenset[int]) -> Iterator[int]:
    """The segments whose elements are worth a closer look; those that stand nowhere have one fault already."""
    for index, row in enumerate(transaction.segments):
        place = places[index]
        if place != NOWHERE and (index in odd or not steps.checks(place)[len(row)](row)):
            yield index


def _of_segments(
    transaction: Transaction, table: Table, places: Sequence[int], indexes: Iterable[int]
) -> Iterator[Finding]:
    """The element faults of some segments."""
    for index in indexes:
        place = table.definition.places[places[index]]
        for fault in elements.faults(place.segment, transaction.segments[index], transaction.separators):
            yield fault.kind.finding(
                fault.note, remedy=fault.remedy, element=fault.element, component=fault.component,
                repetition=fault.repetition, value=fault.value, segment=place.segment.id, position=index + 1,
                loop=place.loop.path or None, offset=transaction.offset(index + 1),
                reference=_reference(place.segment, fault),
            )


def _reference(segment: Segment, fault: elements.Fault) -> str | None:
    """The number of the element in the standard; composites have none of their own."""
    if fault.element is None or fault.element > len(segment.elements):
        return None
    element = segment.elements[fault.element - 1]
    if fault.component is not None and fault.component <= len(element.components):
        element = element.components[fault.component - 1]
    return element.id if element.id.isdecimal() else None


def _located(transaction: Transaction, fault: diagnose.Fault) -> Finding:
    position = fault.index + 1
    return fault.kind.finding(
        fault.note, remedy=fault.remedy, segment=fault.segment, position=position, loop=fault.loop or None,
        offset=transaction.offset(position),
    )


def _unknown(transaction: Transaction) -> Iterator[Finding]:
    if transaction.set.strip():
        note = f"ST01 is {transaction.set!r}, and there are no rows of such a set in this version"
        yield kinds.SET_UNKNOWN.finding(note, **_header(transaction, transaction.set))


def _of_group(transaction: Transaction, table: Table) -> Iterator[Finding]:
    group = table.definition.group
    if transaction.group_code != group:
        note = f"set {transaction.set} belongs into a group {group}, not {transaction.group_code!r}"
        yield kinds.SET_NOT_IN_GROUP.finding(note, **_header(transaction, transaction.set))


def _header(transaction: Transaction, value: str) -> dict[str, Any]:
    return {"segment": "ST", "position": 1, "element": 1, "value": value, "offset": transaction.offset(1)}


def _not_ascii(transaction: Transaction, odd: frozenset[int]) -> Iterator[Finding]:
    """One remark a set: a value is read as UTF-8 where it is valid UTF-8, else as Latin-1."""
    for index in sorted(odd):
        for position, value in enumerate(transaction.segments[index]):
            if not value.isascii():
                yield kinds.NOT_ASCII.finding(
                    f"{clipped(value, 80)!r} is read as UTF-8 if it can be, else as Latin-1; there may be more",
                    segment=transaction.segments[index][0], position=index + 1, element=position or None,
                    value=value, offset=transaction.offset(index + 1),
                )
                return


def _bounded(findings: Iterator[Finding]) -> list[Finding]:
    """The first thousand, then one that counts the rest and carries the worst of their verdicts."""
    listed = list(islice(findings, FINDINGS_MAX))
    if len(listed) < FINDINGS_MAX:
        return listed
    rest: Counter[str] = Counter()
    refused = "R" in {finding.verdict for finding in listed}
    counted = 0
    for finding in findings:
        rest[finding.verdict] += 1
        refused, counted = refused or finding.verdict == "R", counted + 1
        if refused and counted == COUNTED_MAX:
            break
    if counted:
        worst = next(effect for effect in ("R", "E", "") if rest[effect])
        severity = "error" if worst else "warning"
        note = f"{counted}{' or more' if counted == COUNTED_MAX else ''} more findings are not listed"
        listed.append(kinds.MORE_FINDINGS.finding(note, verdict=worst, severity=severity))
    return listed


def _standing(finding: Finding) -> tuple[bool, int]:
    """By place, what has none first; the count of those that are not listed comes last."""
    return finding.kind == kinds.MORE_FINDINGS.code, finding.position or 0


def _outcome(findings: Iterable[Finding]) -> Outcome:
    effects = {finding.verdict for finding in findings}
    if "R" in effects:
        return "rejected"
    return "accepted_with_errors" if "E" in effects else "accepted"


def _tree(definition: Definition, transaction: Transaction, places: list[int]) -> Tree:
    segments = transaction.segments
    if NOWHERE in places:
        kept = [index for index, place in enumerate(places) if place != NOWHERE]
        segments, places = [segments[index] for index in kept], [places[index] for index in kept]
    return Tree(definition, segments, places, transaction.separators)
