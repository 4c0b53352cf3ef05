"""What must hold for any bytes at all: one input goes the ways a file goes, and each law is asserted.

No exception may come out of `Laws.hold`: an `AssertionError` is a law that is broken, any other is a crash.
"""

import io
import itertools
import json
import random
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from edi_gateway import mapping
from edi_gateway.flows.guides import Guides
from edi_gateway.flows.reading import GroupReading
from edi_gateway.issues import Finding, GatewayError, x12
from edi_gateway.mapping.rows import Record
from edi_gateway.model import Noun
from edi_gateway.reports.answering import Answering
from edi_gateway.reports.drawing import draw
from edi_gateway.reports.page import Page
from edi_gateway.reports.rules import Ids, Rules
from edi_gateway.reports.validation import write_json
from edi_gateway.store.shelf import DataShelf
from edi_gateway.x12 import elements, envelope
from edi_gateway.x12.compile import Table
from edi_gateway.x12.diagnose import NOWHERE, Walk
from edi_gateway.x12.envelope import Interchange, Reading, Transaction
from edi_gateway.x12.read import Tree, Verdict, read
from edi_gateway.x12.tallies import FINDINGS_MAX
from edi_gateway.x12.tokens import CONTROL, Separators, odd_rows
from edi_gateway.x12.verdicts import ECHOES, FUNCTIONAL_GROUP, acknowledge, acknowledge_interchange
from edi_gateway.x12.walk import walk
from edi_gateway.x12.write import Heading, can_be_told_apart, write, write_ta1

SECONDS_MAX, SECONDS_PER_BYTE = 4.0, 0.001
"""An input may take so much of the processor, all laws together, with every line of the codec watched."""

ACKNOWLEDGMENT = "997"
NOON = datetime(2025, 9, 1, 12, 0, tzinfo=UTC)
_REFUSED = (x12.VALUE_HOLDS_SEPARATOR, x12.ENVELOPE_UNWRITABLE)
"""Why something may not be written: the partner's own ids or values cannot be."""

_CHUNKS = (1, 2, 3, 5, 64, 105, 106, 107, 1000, 16_384)
_ID_MAX = 200


@dataclass
class Sets:
    """A group that has been read, with its sets and the verdicts on them."""

    group: GroupReading
    sets: list[tuple[Transaction, Verdict]]

    @property
    def verdicts(self) -> list[Verdict]:
        """Those on the sets."""
        return [verdict for _, verdict in self.sets]


@dataclass
class Read:
    """A file that has been read to its end."""

    reading: Reading
    interchanges: list[tuple[Interchange, list[Sets]]]

    @property
    def groups(self) -> Iterator[Sets]:
        """Those of all interchanges."""
        return (group for _, groups in self.interchanges for group in groups)

    @property
    def findings(self) -> Iterator[Finding]:
        """Everything found in the file."""
        yield from self.reading.findings
        for interchange, groups in self.interchanges:
            yield from interchange.findings
            for one in groups:
                yield from one.group.group.findings
                yield from itertools.chain.from_iterable(verdict.findings for verdict in one.verdicts)

    @property
    def told(self) -> list[Any]:
        """All that reading tells, as values that can be compared."""
        told: list[Any] = []
        for interchange, groups in self.interchanges:
            told.append((interchange.isa, interchange.offset, interchange.separators, interchange.ta1s))
            for one in groups:
                told.append((one.group.group.gs, one.group.group.offset, one.group.verdict))
                told += [(each.segments, _offsets(each), verdict.outcome, verdict.places) for each, verdict in one.sets]
        return [*told, list(self.findings)]


class Laws:
    """The laws, with the rows that come with the gateway; senders of a partner's fixtures go by its files."""

    def __init__(self, fixtures: Path) -> None:
        self._guides = Guides(DataShelf())
        self._rules = Rules(self._guides, dict(_agreed(fixtures)))

    def hold(self, content: bytes, all_of_them: bool = True) -> None:
        """Raises where a law does not hold for the bytes. The costly ones can be left out for three inputs in four."""
        started = time.process_time()
        all_of_them = all_of_them or zlib.crc32(content) % 4 == 0
        found = self._read([content])
        self._it_does_not_matter_how_bytes_are_cut(content, found)
        _findings_are_few_and_stand_in_the_file(content, found)
        for one in found.groups:
            for transaction, verdict in one.sets:
                _segments_are_found_again(content, transaction)
                self._the_quick_walk_and_the_slow_one_agree(one, transaction)
                _a_verdict_is_the_worst_of_its_findings(transaction, verdict)
                if verdict.tree is not None:
                    _what_is_written_reads_back(transaction, verdict.tree)
                    self._what_is_accepted_is_understood(one.group.partner, verdict.tree, all_of_them)
        self._what_we_answer_is_good(found)
        if all_of_them:
            self._people_are_told(content)
        taken = time.process_time() - started
        assert taken < SECONDS_MAX + SECONDS_PER_BYTE * len(content), f"{len(content)} bytes took {taken:.1f} seconds"

    def _read(self, chunks: Iterable[bytes]) -> Read:
        reading = envelope.read(chunks)
        return Read(reading, [
            (one.interchange, [Sets(group, list(group)) for group in one]) for one in self._rules.read(reading)
        ])

    def _it_does_not_matter_how_bytes_are_cut(self, content: bytes, found: Read) -> None:
        assert self._read(cut(content)).told == found.told

    def _table(self, one: Sets, set_id: str) -> Table | None:
        release = self._guides.standard.release(set_id, one.group.group.version)
        return self._guides.table(set_id, release, one.group.partner) if release else None

    def _the_quick_walk_and_the_slow_one_agree(self, one: Sets, transaction: Transaction) -> None:
        table, rows = self._table(one, transaction.set), transaction.segments
        if table is None:
            return
        slowly = Walk(table, rows)
        faults = list(slowly.faults())
        quick = walk(rows, table.steps(transaction.separators, transaction.compound))
        assert (quick is None) == bool(faults)
        assert len(slowly.places) == len(slowly.judged) == len(rows)
        if quick is None:
            return
        places, faulty = quick
        assert places == slowly.places
        odd = frozenset() if transaction.plain else odd_rows(rows)
        for index, row in enumerate(rows):
            segment = table.definition.places[places[index]].segment
            named = next(elements.faults(segment, row, transaction.separators), None)
            assert index in odd or (named is not None) == (index in faulty), (row, named)

    def _what_is_accepted_is_understood(self, partner: str, tree: Tree, said_again: bool) -> None:
        """A noun or a reason; and what the noun says can be said again, or a finding tells why not."""
        set_id, version = tree.definition.set, tree.definition.version
        plan, definition = self._guides.map(set_id, version, partner), tree.definition
        if plan is None:
            return
        noun, findings = mapping.to_canonical(tree, plan)
        assert (noun is None) == any(finding.severity == "error" for finding in findings)
        if noun is None or not said_again:
            return
        assert type(noun).model_validate_json(noun.model_dump_json()) == noun
        again, remarks = mapping.from_canonical(noun, plan, definition, tree.separators)
        assert again or remarks
        if again and not remarks:
            said = mapping.to_canonical(again, plan)[0]
            assert said is not None
            # A set with levels comes back in the order of its structure, and what a partner's map leaves out on
            # purpose does not come back: what is said then stays.
            exact = plan.plan(definition).structure is None and not _leaves_out(plan.record)
            settled = noun if exact else _said_again(said, plan, tree)
            assert said == settled

    def _what_we_answer_is_good(self, found: Read) -> None:
        for interchange, groups in found.interchanges:
            marks = self._guides.partner("").marks_in("004010")
            ta1 = acknowledge_interchange(interchange, marks)
            _reads_back_without_fault(write_ta1(_heading("", "004010"), [ta1], marks))
            for one in groups if interchange.accepted else ():
                if one.group.group.code != FUNCTIONAL_GROUP:
                    self._acknowledged(one)

    def _acknowledged(self, one: Sets) -> None:
        release, partner = one.group.release, one.group.partner
        rules, table = self._guides.partner(partner), self._guides.table(ACKNOWLEDGMENT, release, partner)
        assert table is not None
        marks = rules.marks_in(release)
        body = acknowledge(
            one.group.group, one.verdicts, one.group.verdict, not rules.acknowledgments.accepted_sets, marks,
            lambda copy: rules.texts.fault(copy) is None, table.definition,
        )
        answer = write(_heading(FUNCTIONAL_GROUP, release), [(ACKNOWLEDGMENT, "0001", body)], marks)
        (transaction,) = _reads_back_without_fault(answer)
        findings = read(transaction, table, ECHOES).findings
        assert [finding for finding in findings if finding.verdict] == []

    def _people_are_told(self, content: bytes) -> None:
        """What `validate --json` says, `show --html` draws and `ack` prints."""
        assert self._validated(cut(content)) == self._validated([content])
        reading = envelope.read([content])
        page = Page()
        page.draw("file.edi", draw(reading, self._rules.read(reading), self._guides))
        page.text().encode("utf-8")
        answering = Answering(self._guides, NOON, always=True)
        for one in self._rules.read(envelope.read([content])):
            for answer in answering.answers(one):
                assert answer
                assert not isinstance(answer, GatewayError) or answer.kind in _REFUSED, answer

    def _validated(self, chunks: Iterable[bytes]) -> Any:
        """What `validate --json` says: one line, in JSON."""
        out = io.StringIO()
        clean = write_json("file.edi", chunks, self._rules, out)
        line = out.getvalue()
        assert line.endswith("\n")
        assert len(line.splitlines()) == 1
        told = json.loads(line)
        assert not clean or told["accepted"]
        return told


def cut(content: bytes) -> list[bytes]:
    """The bytes in chunks of odd sizes, the same each time."""
    draw_lot = random.Random(zlib.crc32(content))
    sizes = draw_lot.sample(_CHUNKS, 3)
    places = [0]
    while places[-1] < len(content):
        places.append(min(places[-1] + draw_lot.choice(sizes), len(content)))
    return [content[start:end] for start, end in itertools.pairwise(places)]


def _agreed(fixtures: Path) -> Iterator[tuple[Ids, dict[str, str]]]:
    for file in sorted(fixtures.glob("partners/*/*/*/*.edi")):
        folder = file.relative_to(fixtures).parts[1]
        for interchange in envelope.read([file.read_bytes()]):
            for group in interchange.groups:
                yield (interchange.sender, interchange.receiver, group.sender, group.receiver), {"both": folder}


def _leaves_out(record: Record) -> bool:
    return bool(record.leave_out) or any(_leaves_out(row) for row in record.rows if isinstance(row, Record))


def _said_again(noun: Noun, plan: mapping.Map, tree: Tree) -> Noun | None:
    again, _ = mapping.from_canonical(noun, plan, tree.definition, tree.separators)
    return mapping.to_canonical(again, plan)[0] if again else None


def _offsets(transaction: Transaction) -> list[int]:
    return [transaction.offset(position) for position in range(1, len(transaction.segments) + 2)]


def _findings_are_few_and_stand_in_the_file(content: bytes, found: Read) -> None:
    for finding in found.findings:
        assert finding.offset is None or 0 <= finding.offset <= len(content), finding
        assert finding.note, finding
        assert finding.remedy, finding
    for one in found.groups:
        for transaction, verdict in one.sets:
            assert len(verdict.findings) <= FINDINGS_MAX + 1
            for finding in verdict.findings:
                at = finding.position
                assert at is None or 1 <= at <= transaction.counted + 1, finding
                assert at is None or not transaction.whole or finding.offset == transaction.offset(at), finding


def _segments_are_found_again(content: bytes, transaction: Transaction) -> None:
    offsets = _offsets(transaction)
    assert all(one < other for one, other in itertools.pairwise(offsets[:-1]))
    assert offsets[-2] < offsets[-1] <= len(content)
    for offset, row in zip(offsets, transaction.segments, strict=False):
        if row[0].isascii() and not CONTROL.search(row[0]) and len(row[0]) < _ID_MAX:
            # Lines may have been broken inside the id.
            here = content[offset:offset + _ID_MAX * 2].translate(None, b"\r\n")
            assert here.startswith(row[0].encode()), (offset, row)


def _a_verdict_is_the_worst_of_its_findings(transaction: Transaction, verdict: Verdict) -> None:
    effects = {finding.verdict for finding in verdict.findings}
    expected = "rejected" if "R" in effects else "accepted_with_errors" if "E" in effects else "accepted"
    # The sets of a group that is refused unread are rejected with it.
    assert verdict.outcome in (expected, "rejected")
    assert verdict.tree is None or verdict.outcome != "rejected"
    assert verdict.tree is None or NOWHERE not in verdict.tree.places
    plain = "".join(itertools.chain.from_iterable(transaction.segments))
    for mark in (transaction.separators.component, transaction.separators.repetition):
        plain = plain.replace(mark, "") if mark else plain
    assert not transaction.plain or (plain.isascii() and not CONTROL.search(plain))


def _what_is_written_reads_back(transaction: Transaction, tree: Tree) -> None:
    """With the separators it came with where those can be written, else with ours."""
    separators, rows = transaction.separators, tree.segments
    own = can_be_told_apart(separators)
    heading = _heading(tree.definition.group, "004020" if separators.repetition else "004010")
    try:
        content = write(heading, [(rows[0][1], rows[0][2], rows[1:-1])], separators if own else Separators())
    except GatewayError as refused:
        may_be = not own or bool(CONTROL.search("".join(itertools.chain.from_iterable(rows))))
        if may_be and refused.kind in _REFUSED:
            return
        raise
    (again,) = _reads_back_without_fault(content)
    assert again.segments[1:-1] == rows[1:-1]


def _reads_back_without_fault(content: bytes) -> Sequence[Transaction]:
    reading = envelope.read([content])
    found: list[Transaction] = []
    findings: list[Finding] = []
    for interchange in reading:
        for group in interchange.groups:
            found += group.transactions
            findings += group.findings
        findings += interchange.findings
    faults = [finding for finding in (*findings, *reading.findings) if finding.verdict]
    assert faults == []
    return found


def _heading(code: str, version: str) -> Heading:
    return Heading("ZZ:US", "ZZ:THEM", "US", "THEM", code, version, 1, 1, NOON)
