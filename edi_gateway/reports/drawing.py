"""A file as an outline: its interchanges, groups, sets and segments line by line, what was found at its place."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from edi_gateway import issues
from edi_gateway.flows.guides import Guides
from edi_gateway.flows.reading import GroupReading, InterchangeReading
from edi_gateway.issues import Finding, x12
from edi_gateway.reports.spoken import Speaker, Value, clock, day, faults
from edi_gateway.reports.unfolding import DEPTH_MAX, Leaf, depth_of, unfold, within
from edi_gateway.x12 import meanings
from edi_gateway.x12.envelope import TA1, Interchange, Reading, Transaction, element
from edi_gateway.x12.read import Verdict
from edi_gateway.x12.settling import settle
from edi_gateway.x12.spec import Definition, Segment
from edi_gateway.x12.steering import NOWHERE

Level = Literal["interchange", "group", "set", "segment", "missing", "remark"]
_USAGES = {"P": "production", "T": "test", "I": "information"}
_INSIDE = 3
"""The depth of a set's first segments: they stand in a set, a group and an interchange."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the outline, below the last line before it that stands less deep.

    `id` is that of a segment or set, or a control number; a `missing` segment stands where it should have,
    a `remark` is nothing but its findings. Of a set, `outcome` is its verdict and `faults` how many findings it has.
    """

    depth: int
    level: Level
    id: str = ""
    name: str = ""
    values: tuple[Value, ...] = ()
    findings: tuple[Finding, ...] = ()
    position: int | None = None
    outcome: str = ""
    faults: int = 0

    def as_json(self) -> dict[str, Any]:
        """The line as the JSON object that `show` prints."""
        return {**asdict(self), "findings": [finding.as_json() for finding in self.findings]}


@dataclass
class Tally:
    """What a drawing has held so far."""

    levels: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    rejected: bool = False

    def counting(self, lines: Iterable[Line]) -> Iterator[Line]:
        """The same lines, counted as they pass."""
        for line in lines:
            self.levels[line.level] += 1
            self.rejected |= line.outcome == "rejected" or any(finding.verdict == "R" for finding in line.findings)
            self.severities.update(finding.severity for finding in line.findings)
            yield line

    @property
    def ending(self) -> str:
        """What became of the file as a whole."""
        if self.rejected:
            return "rejected"
        return "accepted with errors" if self.severities["error"] else "accepted"


def draw(reading: Reading, interchanges: Iterable[InterchangeReading], guides: Guides) -> Iterator[Line]:
    """The lines of a file, as it is read; no more than one set is held."""
    told = 0
    for one in interchanges:
        yield from _remarks(0, reading.findings[told:])
        told = len(reading.findings)
        yield from _interchange(one, guides)
    yield from _remarks(0, reading.findings[told:])


def _interchange(read: InterchangeReading, guides: Guides) -> Iterator[Line]:
    interchange = read.interchange
    early = list(settle(interchange.findings, guides.partner(read.partner).verdicts))
    values = _heading(interchange)
    yield Line(0, "interchange", interchange.control.strip(), "Interchange", values, tuple(early))
    told = 0
    for group in read:
        yield from map(_ta1, interchange.ta1s[told:])
        told = len(interchange.ta1s)
        yield from _group(group, guides)
    yield from map(_ta1, interchange.ta1s[told:])
    yield from _remarks(1, _later(early, interchange.findings))


def _heading(interchange: Interchange) -> tuple[Value, ...]:
    at = f"{day(interchange.date)} {clock(interchange.time)}"
    usage = _USAGES.get(interchange.usage, interchange.usage)
    return (
        _party("ISA06", "from", interchange.sender), _party("ISA08", "to", interchange.receiver),
        Value("ISA09", "", at), Value("ISA15", "", usage), Value("ISA12", "version", interchange.version),
    )


def _party(at: str, name: str, party: str) -> Value:
    qualifier, _, id = party.partition(":")
    meaning = meanings.of_party(qualifier)
    return Value(at, name, id, f"{qualifier}, {meaning}" if meaning else qualifier)


def _ta1(ta1: TA1) -> Line:
    """What a TA1 says; its note has the title of the fault that it tells of."""
    _, number, date, time, code, note = [*ta1.elements, *[""] * 6][:6]
    outcome = {"A": "accepted", "E": "accepted with errors", "R": "rejected"}.get(code, "")
    title = next((kind.title for kind in issues.catalogue() if note and kind.ack.interchange == note), "")
    values = (
        Value("TA101", "Interchange", number), Value("TA102", "Date", day(date)), Value("TA103", "Time", clock(time)),
        Value("TA104", "Outcome", code, outcome), Value("TA105", "Note", note, title),
    )
    return Line(1, "segment", "TA1", "Interchange acknowledgment", tuple(value for value in values if value.text))


def _group(read: GroupReading, guides: Guides) -> Iterator[Line]:
    group = read.group
    early = list(settle(group.findings, guides.partner(read.partner).verdicts))
    values = (
        Value("GS01", "", group.code), Value("GS02", "from", group.sender), Value("GS03", "to", group.receiver),
        Value("GS04", "", f"{day(element(group.gs, 4))} {clock(element(group.gs, 5))}"),
        Value("GS08", "version", group.version),
    )
    yield Line(1, "group", group.control.strip(), "Group", values, tuple(early))
    for transaction, verdict in read:
        yield from _set(transaction, verdict, read, guides)
    yield from _remarks(2, _later(early, group.findings))


def _later(early: Sequence[Finding], now: Iterable[Finding]) -> list[Finding]:
    """What was found since."""
    told = Counter(early)
    later = []
    for finding in now:
        if told[finding]:
            told[finding] -= 1
        else:
            later.append(finding)
    return later


def _set(transaction: Transaction, verdict: Verdict, read: GroupReading, guides: Guides) -> Iterator[Line]:
    release = guides.standard.release(verdict.set, read.group.version) or read.release
    definition = guides.definition(verdict.set, release, read.partner, read.direction)
    at, behind, own = _placed(transaction, verdict.findings)
    yield Line(
        2, "set", verdict.set, definition.name if definition else "unknown set",
        (Value("ST02", "number", verdict.control),), tuple(own), None, verdict.outcome, len(verdict.findings),
    )
    if verdict.places is None or len(verdict.places) != len(transaction.segments):
        definition = None
    speaker = Speaker(guides, release, transaction.separators)
    for leaf in _leaves(transaction, definition, verdict.places or ()):
        row, found = transaction.segments[leaf.at], at.get(leaf.at, ())
        segment = _stands(definition, verdict.places or (), leaf.at) or guides.segment(release, row[0])
        values = tuple(speaker.values(segment, row, faults(found)))
        name = segment.name if segment else "unknown segment"
        yield Line(_INSIDE + leaf.depth, "segment", row[0], name, values, tuple(found), leaf.at + 1)
        for finding in behind.get(leaf.at, ()):
            yield _missing(finding, definition, leaf, guides.segment(release, finding.segment or ""))


def _leaves(transaction: Transaction, definition: Definition | None, places: Sequence[int]) -> Iterator[Leaf]:
    if definition is None:
        return (Leaf(index, 0, 0) for index in range(len(transaction.segments)))
    return unfold(definition, transaction.segments, places)


def _stands(definition: Definition | None, places: Sequence[int], index: int) -> Segment | None:
    """The segment as the partner's guide has narrowed it, if it stands where it may."""
    return definition.places[places[index]].segment if definition and places[index] != NOWHERE else None


Placed = Mapping[int, Sequence[Finding]]


def _placed(transaction: Transaction, findings: Iterable[Finding]) -> tuple[Placed, Placed, Sequence[Finding]]:
    """The findings about each segment by its index, those about what is missing behind it, and those about the set."""
    at: dict[int, list[Finding]] = {}
    behind: dict[int, list[Finding]] = {}
    own: list[Finding] = []
    rows = transaction.segments
    for finding in findings:
        if finding.position is None:
            own.append(finding)
            continue
        index = finding.position - 1
        there = index < len(rows) and finding.segment in (None, rows[index][0])
        if there and finding.kind != x12.SEGMENT_MISSING.code:
            at.setdefault(index, []).append(finding)
        else:
            behind.setdefault(max(min(index, len(rows)) - 1, 0), []).append(finding)
    return at, behind, own


def _missing(finding: Finding, definition: Definition | None, leaf: Leaf, segment: Segment | None) -> Line:
    """A segment that is not there, as deep as it would stand behind that leaf."""
    depth, loop = leaf.depth, finding.loop or ""
    for place in definition.places if definition else ():
        if (place.segment.id, place.loop.path) == (finding.segment, loop):
            by = definition.hierarchy if definition else None
            depth = depth_of(place) + (leaf.level if by and within(loop, by.loop) else 0)
            break
    name = segment.name if segment else ""
    return Line(_INSIDE + min(depth, DEPTH_MAX), "missing", finding.segment or "", name, (), (finding,))


def _remarks(depth: int, findings: Sequence[Finding]) -> Iterator[Line]:
    if findings:
        yield Line(depth, "remark", findings=tuple(findings))
