"""A transaction set against its definition: a verdict, and the tree where it is good enough to be used."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any, Literal, cast

from edi_gateway.issues import NO_ACK, Finding
from edi_gateway.issues import Verdict as Effect
from edi_gateway.issues import x12 as kinds
from edi_gateway.x12 import diagnose, elements, hierarchy, totals
from edi_gateway.x12.compile import Table
from edi_gateway.x12.diagnose import NOWHERE, Walk
from edi_gateway.x12.envelope import Transaction
from edi_gateway.x12.spec import Definition, Segment
from edi_gateway.x12.tokens import Separators, odd_rows
from edi_gateway.x12.walk import walk

FINDINGS_MAX = 1_000
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
    """What became of a set. `tree` is None where it was rejected."""

    set: str
    control: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    tree: Tree | None = None


def read(transaction: Transaction, table: Table | None, verdicts: Mapping[str, str] | None = None) -> Verdict:
    """Judges a set. `table` is None where the set is not known; `verdicts` overrule the kinds' own, by code."""
    places: list[int] = []
    found: Iterable[Finding] = ()
    if table is None:
        found = _unknown(transaction)
    elif transaction.whole:
        found, places = _inspect(transaction, table)
    settled = _settled(chain(transaction.findings, found), verdicts or {})
    findings = tuple(sorted(_bounded(settled), key=lambda finding: finding.position or 0))
    outcome = _outcome(findings)
    tree = None
    if outcome != "rejected" and table is not None and transaction.whole:
        tree = _tree(table.definition, transaction, places)
    return Verdict(transaction.set, transaction.control, outcome, findings, tree)


def _inspect(transaction: Transaction, table: Table) -> tuple[Iterable[Finding], list[int]]:
    odd: frozenset[int] = frozenset() if transaction.plain else odd_rows(transaction.segments)
    steps = table.steps(transaction.separators, transaction.compound)
    walked = walk(transaction.segments, steps)
    found: list[Iterable[Finding]] = [_of_group(transaction, table)]
    if walked is None:
        # The places are complete once the structural faults are exhausted, before anything after them is asked.
        slowly = Walk(table, transaction.segments)
        places = slowly.places
        structural = (_located(transaction, fault) for fault in slowly.faults())
        found += [structural, _of_segments(transaction, table, places, range(len(transaction.segments)))]
    else:
        places, faulty = walked
        faulty = sorted(odd.union(faulty)) if odd else faulty
        # Where segments are missing or out of place, a total that differs is no fault of its own.
        found += [
            _of_segments(transaction, table, places, faulty),
            totals.differing(transaction, table.definition, places),
        ]
    found += [
        hierarchy.findings(transaction, table.definition), _not_ascii(transaction, odd),
        totals.missing(transaction, table.definition, places),
    ]
    return chain.from_iterable(found), places


def _of_segments(
    transaction: Transaction, table: Table, places: list[int], indexes: Iterable[int]
) -> Iterator[Finding]:
    """The element faults of some segments; those that stand nowhere have one fault already."""
    for index in indexes:
        if places[index] == NOWHERE:
            continue
        place = table.definition.places[places[index]]
        for fault in elements.faults(place.segment, transaction.segments[index], transaction.separators):
            effect: dict[str, Effect] = {} if fault.verdict is None else {"verdict": fault.verdict}
            yield fault.kind.finding(
                fault.note, **effect, element=fault.element, component=fault.component, repetition=fault.repetition,
                value=fault.value, segment=place.segment.id, position=index + 1, loop=place.loop.path or None,
                offset=transaction.offset(index + 1), reference=_reference(place.segment, fault),
            )


def _reference(segment: Segment, fault: elements.Fault) -> str | None:
    """The number of the element in the standard; composites have none of their own."""
    if fault.element > len(segment.elements):
        return None
    element = segment.elements[fault.element - 1]
    if fault.component is not None and fault.component <= len(element.components):
        element = element.components[fault.component - 1]
    return element.id if element.id.isdecimal() else None


def _located(transaction: Transaction, fault: diagnose.Fault) -> Finding:
    position = fault.index + 1
    return fault.kind.finding(
        fault.note, segment=fault.segment, position=position, loop=fault.loop or None,
        offset=transaction.offset(position),
    )


def _unknown(transaction: Transaction) -> Iterator[Finding]:
    if transaction.set.strip():
        note = f"set {transaction.set!r} has no rows in this version"
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
                    f"{value!r} is read as UTF-8 if it can be, else as Latin-1; there may be more",
                    segment=transaction.segments[index][0], position=index + 1, element=position or None,
                    value=value, offset=transaction.offset(index + 1),
                )
                return


def _settled(findings: Iterable[Finding], verdicts: Mapping[str, str]) -> Iterator[Finding]:
    """The findings under the partner's verdicts; what changes nothing is not acknowledged either."""
    for finding in findings:
        effect = cast(Effect, verdicts.get(finding.kind, finding.verdict))
        changes: dict[str, Any] = {} if effect else {"ack": NO_ACK}
        if effect != finding.verdict:
            changes |= {"verdict": effect, "severity": "error" if effect else "warning"}
        yield replace(finding, **changes) if changes else finding


def _bounded(findings: Iterator[Finding]) -> list[Finding]:
    """The first thousand, then one that counts the rest and carries the worst of their verdicts."""
    listed = list(islice(findings, FINDINGS_MAX))
    if len(listed) < FINDINGS_MAX:
        return listed
    rest: Counter[str] = Counter(finding.verdict for finding in findings)
    if rest:
        worst = next(effect for effect in ("R", "E", "") if rest[effect])
        severity = "error" if worst else "warning"
        note = f"{rest.total()} more findings are not listed"
        listed.append(kinds.MORE_FINDINGS.finding(note, verdict=worst, severity=severity))
    return listed


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
