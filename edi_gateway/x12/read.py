"""A transaction set against its definition: a verdict, and the tree where it is good enough to be used."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Literal, NamedTuple

from edi_gateway.issues import Finding
from edi_gateway.issues import x12 as kinds
from edi_gateway.x12 import diagnose, hierarchy, paging, placed, totals
from edi_gateway.x12.compile import Table
from edi_gateway.x12.diagnose import NOWHERE, Walk
from edi_gateway.x12.envelope import Transaction, element
from edi_gateway.x12.settling import settle
from edi_gateway.x12.spec import Definition
from edi_gateway.x12.tallies import bounded
from edi_gateway.x12.tokens import Separators, odd_rows
from edi_gateway.x12.walk import judged

Outcome = Literal["accepted", "accepted_with_errors", "rejected"]


class Tree(NamedTuple):
    """A parsed set, flat: `places[i]` is the index of the place where `segments[i]` stands.

    Composites are text as sent, their components parted by the separators' `component`. `tidy` says, when it is
    asked, that every value is printable ASCII and none begins with a blank; where that is not known, it does not.
    """

    definition: Definition
    segments: list[list[str]]
    places: list[int]
    separators: Separators
    tidy: Callable[[], bool] = bool


class Verdict(NamedTuple):
    """What became of a set. `tree` is None where it was rejected, or came in pages because of its size.

    `places` are those of all segments, `NOWHERE` for what has none; None where the set could not be followed, or
    came in pages.
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
    if transaction.pages is not None:
        return _streamed(transaction, table, verdicts or {}, exact)
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
    findings = tuple(bounded(settled))
    outcome = _outcome(findings)
    for _ in onward:
        pass
    tree = None
    if outcome != "rejected" and table is not None and transaction.whole:
        tree = _tree(table.definition, transaction, places)
    guide = element(transaction.segments[0], 3)
    return Verdict(transaction.set, transaction.control, outcome, findings, tree, places or None, guide)


def _streamed(
    transaction: Transaction, table: Table | None, verdicts: Mapping[str, str], exact: bool
) -> Verdict:
    """Judges a set that is too large to be held; of such a one there is no tree."""
    if table is None:
        transaction.finish()
        listed = bounded(settle(chain(transaction.findings, _unknown(transaction)), verdicts))
    else:
        listed = paging.judged(
            transaction, table, _of_group(transaction, table), lambda found: settle(found, verdicts, exact)
        )
    findings = tuple(listed)
    guide = element(transaction.segments[0], 3)
    return Verdict(transaction.set, transaction.control, _outcome(findings), findings, implementation=guide)


def _clean(transaction: Transaction, definition: Definition, places: list[int]) -> Verdict:
    """The verdict on a set about which there is nothing to say."""
    segments = transaction.segments
    tree = Tree(definition, segments, places, transaction.separators, transaction.tidy)
    st = segments[0]
    return Verdict(transaction.set, transaction.control, "accepted", (), tree, places, element(st, 3))


def _inspect(transaction: Transaction, table: Table) -> tuple[list[Iterable[Finding]], list[int], Iterable[object]]:
    """The findings by what they are about, where each segment stands, and what must be exhausted before
    that is complete. There are no findings where the list is empty."""
    odd: frozenset[int] = frozenset() if transaction.plain else odd_rows(transaction.segments)
    steps = table.steps(transaction.separators, transaction.compound)
    walked = judged(transaction.segments, transaction.ids, steps, transaction.alone)
    found: list[Iterable[Finding]] = []
    if transaction.group_code != table.definition.group:
        found.append(_of_group(transaction, table))
    onward: Iterable[diagnose.Fault] = ()
    if walked is None:
        # The places are complete once the structural faults are exhausted, before anything after them is asked.
        slowly = Walk(table, transaction.segments)
        places, onward = slowly.places, slowly.faults()
        structural = (placed.of_structure(transaction, fault) for fault in onward)
        faulty = placed.faulty(transaction, steps, slowly.judged, odd)
        found += [structural, placed.of_segments(transaction, table.definition, slowly.judged, faulty)]
    else:
        shape, wrong = walked
        places = shape.places
        if odd or wrong:
            closely = placed.closely(transaction, steps, places, wrong, odd) if odd else wrong
            found.append(placed.of_segments(transaction, table.definition, places, closely, transaction.origin))
        # Where segments are missing or out of place, a total that differs is no fault of its own.
        if not shape.agrees(transaction.segments):
            found += _if_any(totals.differing(transaction, table.definition, places))
    definition = table.definition
    if definition.hierarchy is not None and not hierarchy.sound(definition.hierarchy, transaction.segments):
        found.append(hierarchy.findings(transaction, definition))
    if odd:
        found.append(placed.not_ascii(transaction, odd))
    if definition.counted or definition.rules:
        disagreed = table.agreed.findings(transaction, places)
        # Until a slow walk is exhausted the places are not complete, so that nothing may be asked yet.
        found += [disagreed] if walked is None else _if_any(disagreed)
    return found, places, onward


def _if_any(findings: Iterator[Finding]) -> list[Iterable[Finding]]:
    """The findings, or an empty list where there are none."""
    first = next(findings, None)
    return [] if first is None else [chain([first], findings)]


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
    return Tree(definition, segments, places, transaction.separators, transaction.tidy)
