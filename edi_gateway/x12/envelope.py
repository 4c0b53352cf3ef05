"""Bytes to interchanges, groups and transaction sets. Any bytes give interchanges and findings; nothing is raised.

Reading streams: an interchange, group or set is complete when it has been asked for everything it
holds, and asking for the next one drains what was left of it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from edi_gateway.issues import Finding
from edi_gateway.x12 import header, trailers
from edi_gateway.x12.segments import Limits, Search, Segments, Spot
from edi_gateway.x12.tokens import Separators, Source


def element(segment: list[str], position: int) -> str:
    """An element of a segment, empty where the segment is too short for it."""
    return segment[position] if position < len(segment) else ""


@dataclass
class Transaction:
    """One transaction set: `segments` from ST to SE, each a list of elements with its id first.

    `plain` says that every value is printable ASCII; `whole` is False when the set was larger than
    the limits, and then `segments` is only its beginning. `counted` counts all of it.
    """

    ordinal: int
    group_code: str
    separators: Separators
    segments: list[list[str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    counted: int = 0
    plain: bool = True
    whole: bool = True
    compound: bool = False
    """Whether a component or repetition separator may occur in the set."""
    _pieces: list[tuple[int, Spot]] = field(default_factory=list, repr=False)

    @property
    def set(self) -> str:
        """ST01, such as `850`."""
        return element(self.segments[0], 1)

    @property
    def control(self) -> str:
        """ST02 as sent."""
        return element(self.segments[0], 2)

    def offset(self, position: int) -> int:
        """The byte offset of a segment, ST = 1; of the end, for a position behind the last one."""
        piece = bisect_right(self._pieces, position, key=lambda piece: piece[0])
        first, spot = self._pieces[max(piece - 1, 0)]
        return spot.block.offset(spot.index + position - first)

    def add(self, spot: Spot, segments: list[list[str]], limits: Limits) -> None:
        """Adds a run of segments that stands there, as far as the limits allow."""
        self.counted += len(segments)
        size = spot.block.base - self._pieces[0][1].block.base if self._pieces else 0
        if self.counted > limits.set_segments or size > limits.set_bytes:
            self.whole = False
            if self.segments:
                return
            segments = segments[:1]
        self._pieces.append((len(self.segments) + 1, spot))
        self.segments += segments
        marks = self.separators
        text = spot.block.text
        self.plain = self.plain and spot.block.plain
        self.compound = self.compound or marks.component in text or (marks.repetition or marks.component) in text


@dataclass
class Group:
    """A functional group. `gs` has "GS" first; `counted` and `stated` are known once its sets are exhausted."""

    ordinal: int
    gs: list[str]
    spot: Spot = field(repr=False)
    transactions: Iterator[Transaction] = field(default_factory=lambda: iter(()), repr=False)
    findings: list[Finding] = field(default_factory=list)
    stated: str | None = None
    counted: int = 0

    @property
    def offset(self) -> int:
        """The byte offset of the GS."""
        return self.spot.offset

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


@dataclass
class Interchange:
    """An interchange. `findings` is complete once `groups` is exhausted; `ta1s` are the TA1 segments met."""

    ordinal: int
    offset: int
    separators: Separators
    isa: tuple[str, ...]
    groups: Iterator[Group] = field(default_factory=lambda: iter(()), repr=False)
    findings: list[Finding] = field(default_factory=list)
    ta1s: list[list[str]] = field(default_factory=list)

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
    def accepted(self) -> bool:
        """Whether no finding refuses the interchange as a whole."""
        return all(finding.verdict != "R" for finding in self.findings)


class Reading:
    """The interchanges as they come; `findings` about bytes outside of them is complete when exhausted."""

    def __init__(self, chunks: Iterable[bytes], limits: Limits) -> None:
        self.findings: list[Finding] = []
        self._interchanges = self._read(Source(chunks), limits)

    def __iter__(self) -> Iterator[Interchange]:
        return self._interchanges

    @property
    def accepted(self) -> bool:
        """Whether no finding outside of the interchanges refuses the file."""
        return all(finding.verdict != "R" for finding in self.findings)

    def _read(self, source: Source, limits: Limits) -> Iterator[Interchange]:
        search = Search(source, self.findings)
        ordinal = 0
        while (found := search.next_header()) is not None:
            ordinal += 1
            interchange = Interchange(ordinal, found.offset, found.header.separators, found.header.isa)
            interchange.findings.extend(header.judge(found.header, found.offset))
            segments = Segments(source, found.header.separators, limits, interchange.findings)
            interchange.groups = _groups(interchange, segments)
            yield interchange
            for _ in interchange.groups:
                pass
            segments.close()


def read(chunks: Iterable[bytes], limits: Limits | None = None) -> Reading:
    """The interchanges of some bytes; the chunks may be cut anywhere."""
    return Reading(chunks, limits or Limits())


def _groups(interchange: Interchange, segments: Segments) -> Iterator[Group]:
    seen: set[tuple[str, ...]] = set()
    stray = trailers.Stray()
    ordinal = 0
    while (id := segments.peek()) is not None and id != "IEA":
        if id == "GS":
            ordinal += 1
            spot = segments.spot
            group = Group(ordinal, segments.take(), spot)
            group.findings.extend(trailers.judge_gs(group.gs, spot, seen))
            group.transactions = _transactions(group, segments)
            yield group
            for _ in group.transactions:
                pass
        elif id == "TA1":
            interchange.ta1s.append(segments.take())
        else:
            stray.take(segments)
    interchange.findings.extend(stray.in_interchange())
    spot = segments.spot
    iea = segments.take() if id == "IEA" else None
    interchange.findings.extend(trailers.judge_iea(iea, interchange.control, ordinal, spot))


def _transactions(group: Group, segments: Segments) -> Iterator[Transaction]:
    seen: set[str] = set()
    stray = trailers.Stray()
    while (id := segments.peek()) is not None and id not in ("GE", "GS", "IEA"):
        if id != "ST":
            stray.take(segments)
            continue
        group.counted += 1
        transaction = Transaction(group.counted, group.code, segments.separators)
        closing: list[str] = []
        for spot, run in segments.take_set():
            transaction.add(spot, run, segments.limits)
            closing = run[-1] if run else closing
        transaction.findings.extend(trailers.judge_se(transaction, closing, seen))
        yield transaction
    group.findings.extend(stray.in_group())
    spot = segments.spot
    ge = segments.take() if id == "GE" else None
    group.stated = element(ge, 1) if ge else None
    group.findings.extend(trailers.judge_ge(ge, group.control, group.counted, spot))
