"""Bytes to interchanges, groups and transaction sets. Any bytes give interchanges and findings; nothing is raised.

Reading streams: an interchange, group or set is complete when it has been asked for everything it
holds, and asking for the next one drains what was left of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from edi_gateway.issues import Finding
from edi_gateway.x12 import header, trailers
from edi_gateway.x12.limits import Limits
from edi_gateway.x12.pages import Page
from edi_gateway.x12.plain import Plain, plainly
from edi_gateway.x12.segments import Search, Segments, skip_to_header
from edi_gateway.x12.source import Source
from edi_gateway.x12.tokens import Block, Run, Separators
from edi_gateway.x12.transaction import Transaction, element, of_block

__all__ = ["TA1", "Group", "Interchange", "Reading", "Transaction", "element", "read"]

_USUAL = Limits()


@dataclass(slots=True)
class Group:
    """A functional group. `gs` has "GS" first, and stands at the byte `offset`; `counted` and `stated` are known
    once its sets are exhausted."""

    ordinal: int
    gs: list[str]
    offset: int
    transactions: Iterator[Transaction] = field(default=iter(()), repr=False)
    findings: list[Finding] = field(default_factory=list)
    stated: str | None = None
    counted: int = 0

    @property
    def code(self) -> str:
        """GS01, such as `PO`."""
        return element(self.gs, 1)

    @property
    def sender(self) -> str:
        """GS02 without padding."""
        return element(self.gs, 2).strip()

    @property
    def receiver(self) -> str:
        """GS03 without padding."""
        return element(self.gs, 3).strip()

    @property
    def control(self) -> str:
        """GS06 as sent."""
        return element(self.gs, 6)

    @property
    def version(self) -> str:
        """GS08 as sent, such as `004010VICS`."""
        return element(self.gs, 8)


@dataclass(frozen=True, slots=True)
class TA1:
    """An acknowledgment of an interchange: the segment with "TA1" first, its byte offset, and which one it is."""

    elements: list[str]
    offset: int
    ordinal: int


@dataclass(slots=True)
class Interchange:
    """An interchange. `findings` is complete once `groups` is exhausted; `ta1s` are the TA1 segments met."""

    ordinal: int
    offset: int
    separators: Separators
    isa: tuple[str, ...]
    groups: Iterator[Group] = field(default=iter(()), repr=False)
    findings: list[Finding] = field(default_factory=list)
    ta1s: list[TA1] = field(default_factory=list)

    @property
    def sender(self) -> str:
        """ISA05 and ISA06 as `ZZ:ID`, without padding."""
        return f"{self.isa[4].strip()}:{self.isa[5].strip()}"

    @property
    def receiver(self) -> str:
        """ISA07 and ISA08 as `ZZ:ID`, without padding."""
        return f"{self.isa[6].strip()}:{self.isa[7].strip()}"

    @property
    def date(self) -> str:
        """ISA09 as sent, YYMMDD."""
        return self.isa[8]

    @property
    def time(self) -> str:
        """ISA10 as sent, HHMM."""
        return self.isa[9]

    @property
    def version(self) -> str:
        """ISA12, such as `00401`."""
        return self.isa[11]

    @property
    def control(self) -> str:
        """ISA13 as sent."""
        return self.isa[12]

    @property
    def usage(self) -> str:
        """ISA15: P, T or I."""
        return self.isa[14]

    @property
    def test(self) -> bool:
        """Whether ISA15 is T."""
        return self.usage == "T"

    @property
    def requests_ta1(self) -> bool:
        """Whether ISA14 asks for an acknowledgment of the interchange."""
        return self.isa[13] == "1"

    @property
    def accepted(self) -> bool:
        """Whether no finding refuses the interchange as a whole."""
        return all(finding.verdict != "R" for finding in self.findings)


class Reading:
    """The interchanges as they come; `findings` about bytes outside of them is complete when exhausted."""

    def __init__(self, chunks: Iterable[bytes], limits: Limits) -> None:
        self.findings: list[Finding] = []
        self._interchanges = self._read(chunks, limits)

    def __iter__(self) -> Iterator[Interchange]:
        return self._interchanges

    @property
    def accepted(self) -> bool:
        """Whether no finding outside of the interchanges refuses the file."""
        return all(finding.verdict != "R" for finding in self.findings)

    def _read(self, chunks: Iterable[bytes], limits: Limits) -> Iterator[Interchange]:
        found = plainly(chunks, limits)
        if isinstance(found, Plain):
            interchange = Interchange(1, 0, found.separators, found.isa, _plain_groups(found))
            yield interchange
            for _ in interchange.groups:
                pass
        else:
            yield from self._read_with_care(Source(found), limits)

    def _read_with_care(self, source: Source, limits: Limits) -> Iterator[Interchange]:
        search = Search(source, self.findings)
        ordinal = 0
        while (found := search.next_header()) is not None:
            ordinal += 1
            interchange = Interchange(ordinal, found.offset, found.header.separators, found.header.isa)
            interchange.findings.extend(header.judge(found.header, found.offset))
            segments = Segments(source, found, limits, interchange.findings)
            if found.header.fault is None:
                interchange.groups = _groups(interchange, segments)
            else:
                interchange.groups = _none(interchange, segments, source)
            yield interchange
            for _ in interchange.groups:
                pass


def read(chunks: Iterable[bytes], limits: Limits | None = None) -> Reading:
    """The interchanges of some bytes; the chunks may be cut anywhere."""
    return Reading(chunks, limits or _USUAL)


def _plain_groups(plain: Plain) -> Iterator[Group]:
    for ordinal, (gs, begun, blocks) in enumerate(plain.groups, start=1):
        group = Group(ordinal, gs, begun, _plain_sets(gs[1], blocks), [], str(len(blocks)), len(blocks))
        yield group
        for _ in group.transactions:
            pass


def _plain_sets(code: str, blocks: Sequence[Block]) -> Iterator[Transaction]:
    for ordinal, block in enumerate(blocks, start=1):
        yield of_block(ordinal, code, block)


def _groups(interchange: Interchange, segments: Segments) -> Iterator[Group]:
    seen: set[tuple[str, ...]] = set()
    stray, ordinal = trailers.Stray(), 0
    while (id := segments.peek()) is not None and id != "IEA":
        if id == "GS":
            ordinal += 1
            spot = segments.spot
            group = Group(ordinal, segments.take(), spot.offset)
            group.findings.extend(trailers.judge_gs(group.gs, spot, seen))
            group.transactions = _transactions(group, segments)
            yield group
            for _ in group.transactions:
                pass
        elif id == "TA1":
            spot = segments.spot
            ta1 = TA1(segments.take(), spot.offset, len(interchange.ta1s) + 1)
            interchange.ta1s.append(ta1)
            interchange.findings.extend(trailers.judge_ta1(ta1.elements, ta1.offset))
        else:
            stray.take(segments)
    interchange.findings.extend(stray.in_interchange())
    spot = segments.spot
    iea = segments.take() if id == "IEA" else None
    interchange.findings.extend(trailers.judge_iea(iea, interchange.control, ordinal, spot))
    interchange.findings.extend(segments.close())


def _none(interchange: Interchange, segments: Segments, source: Source) -> Iterator[Group]:
    """No group: the segments cannot be told apart, so that all is passed over up to the next header."""
    skip_to_header(source)
    interchange.findings.extend(segments.close())
    yield from ()


def _transactions(group: Group, segments: Segments) -> Iterator[Transaction]:
    seen: set[str] = set()
    stray = trailers.Stray()
    while (id := segments.peek()) is not None and id not in ("GE", "GS", "IEA"):
        if id != "ST":
            stray.take(segments)
            continue
        group.counted += 1
        block = segments.take_alone()
        if block is None:
            transaction = _gathered(group, segments, seen)
        else:
            transaction = of_block(group.counted, group.code, block)
            _judge(transaction, block.rows[-1], seen)
        yield transaction
        transaction.finish()
        # The next set is gathered without this one.
        del transaction, block
    group.findings.extend(stray.in_group())
    spot = segments.spot
    ge = segments.take() if id == "GE" else None
    group.stated = element(ge, 1) if ge else None
    group.findings.extend(trailers.judge_ge(ge, group.control, group.counted, spot))


def _gathered(group: Group, segments: Segments, seen: set[str]) -> Transaction:
    """The set that stands next, out of all blocks it lies in, or in pages where it is too large to be held."""
    transaction = Transaction(group.counted, group.code, segments.separators)
    closing: list[str] = []
    runs = segments.take_set()
    for block, first, end in runs:
        closing = block.rows[end - 1] if end > first else closing
        if transaction.add((block, first, end), segments.limits):
            transaction.pages = _streamed(transaction, runs, closing, segments.limits, seen)
            return transaction
    _judge(transaction, closing, seen)
    return transaction


def _judge(transaction: Transaction, closing: list[str], seen: set[str]) -> None:
    if trailers.agrees(transaction, closing, seen):
        seen.add(transaction.control)
    else:
        transaction.findings.extend(trailers.judge_se(transaction, closing, seen))


def _streamed(
    transaction: Transaction, runs: Iterator[Run], closing: list[str], limits: Limits, seen: set[str]
) -> Iterator[Page]:
    """The pages of a set; `closing` is its last segment so far."""
    for page in transaction.stream(runs, limits):
        closing = page.segments[-1] if page.segments else closing
        yield page
    _judge(transaction, closing, seen)
