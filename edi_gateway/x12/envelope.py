"""Bytes to interchanges, groups and transaction sets. Any bytes give interchanges and findings; nothing is raised.

Reading streams: an interchange, group or set is complete when it has been asked for everything it
holds, and asking for the next one drains what was left of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import ClassVar

from edi_gateway.issues import Finding
from edi_gateway.x12 import header, trailers
from edi_gateway.x12.limits import Limits
from edi_gateway.x12.pages import Page, alone, offset, offsets
from edi_gateway.x12.plain import Plain, plainly
from edi_gateway.x12.segments import Search, Segments, Spot, skip_to_header
from edi_gateway.x12.source import Source
from edi_gateway.x12.tokens import Block, Separators

_USUAL = Limits()


def element(segment: list[str], position: int) -> str:
    """An element of a segment, empty where the segment is too short for it."""
    return segment[position] if position < len(segment) else ""


@dataclass(slots=True)
class Transaction:
    """One transaction set: `segments` from ST to SE, each a list of elements with its id first.

    `plain` says that every value is printable ASCII; `whole` is False when the set was larger than
    the limits, and then `segments` is only its beginning. `counted` counts all of it.

    Where the limits let a larger set stream, `pages` are its segments, to be taken once and at once; `segments`
    is then the ST alone, and `findings` and `counted` are complete when the pages are exhausted.
    """

    first: ClassVar[int] = 0
    """The index of the first segment in the set, as of a page."""
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
    pages: Iterator[Page] | None = field(default=None, repr=False)
    _ids: Sequence[str] = field(default=(), repr=False)
    _pieces: list[tuple[int, Spot]] = field(default_factory=list, repr=False)

    @property
    def set(self) -> str:
        """ST01, such as `850`."""
        return element(self.segments[0], 1)

    @property
    def control(self) -> str:
        """ST02 as sent."""
        return element(self.segments[0], 2)

    @property
    def ids(self) -> Sequence[str]:
        """The ids of the segments."""
        return self._ids

    @property
    def alone(self) -> Block | None:
        """A block that holds this set and nothing else, evenly laid out; None where it does not lie like that."""
        return alone(self._pieces, self.segments, self._ids)

    def tidy(self) -> bool:
        """Whether every value is printable ASCII, and none begins with a blank, as far as that is known."""
        return all(spot.block.tidy for _, spot in self._pieces)

    def offset(self, position: int) -> int:
        """The byte offset of a segment, ST = 1; of the end, for a position behind the last one."""
        return offset(self._pieces, position)

    def offsets(self, begun: Mapping[int, int | None]) -> dict[int, int]:
        """The byte offsets of those segments of which is known at once where they begin in the text of `alone`."""
        return offsets(self._pieces, begun)

    def finish(self) -> None:
        """Passes over the pages that nobody has taken."""
        for _ in self.pages or ():
            pass

    def add(self, spot: Spot, end: int, limits: Limits) -> bool:
        """Adds the segments of a block from a spot up to a row, as far as the limits allow.

        Returns whether the set is too large to be held, and is to be handed on in pages.
        """
        block, first = spot
        self.counted += end - first
        size = block.base - self._pieces[0][1].block.base if self._pieces else 0
        outgrown = self.counted > limits.set_segments or size > limits.set_bytes
        if outgrown and not limits.page_segments:
            self.whole = False
            if self.segments:
                return False
            end, outgrown = first + 1, False
        self._pieces.append((len(self.segments) + 1, spot))
        if not self.segments:
            self.segments, self._ids = block.rows[first:end], block.ids[first:end]
        else:
            ids: list[str] = self._ids if isinstance(self._ids, list) else list(self._ids)
            ids += block.ids[first:end]
            self._ids = ids
            self.segments += block.rows[first:end]
        self.plain = self.plain and block.plain
        self.compound = self.compound or block.compound
        return outgrown

    def stream(self, runs: Iterator[tuple[Spot, int]], limits: Limits) -> Iterator[Page]:
        """The set in pages: what has been added, of which only the ST is kept, and then its other runs."""
        behind = [first for first, _ in self._pieces[1:]] + [self.counted + 1]
        held = [(spot, spot.row + end - first) for (first, spot), end in zip(self._pieces, behind, strict=True)][::-1]
        self.counted = 0
        del self._pieces[1:], self.segments[1:]
        self._ids = self._ids[:1]
        page = Page(0, self.separators)
        for spot, end in chain((held.pop() for _ in range(len(held))), runs):
            self._pieces[1:] = [(self.counted + 1, spot)]
            for row in range(spot.row, end, limits.page_segments):
                if len(page.segments) >= limits.page_segments:
                    yield page
                    page = Page(self.counted, self.separators)
                count = min(limits.page_segments, end - row)
                page.add(Spot(spot.block, row), row + count)
                self.counted += count
        yield page


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


@dataclass(frozen=True, slots=True)
class TA1:
    """An acknowledgment of an interchange: the segment with "TA1" first, its byte offset, and which one it is."""

    elements: list[str]
    offset: int
    ordinal: int


@dataclass
class Interchange:
    """An interchange. `findings` is complete once `groups` is exhausted; `ta1s` are the TA1 segments met."""

    ordinal: int
    offset: int
    separators: Separators
    isa: tuple[str, ...]
    groups: Iterator[Group] = field(default_factory=lambda: iter(()), repr=False)
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
            interchange = Interchange(1, 0, found.separators, found.isa)
            interchange.groups = _plain_groups(found)
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
    for ordinal, (gs, sets) in enumerate(plain.groups, start=1):
        group = Group(ordinal, plain.block.rows[gs], Spot(plain.block, gs))
        group.transactions = _plain_sets(plain, group, sets)
        yield group
        for _ in group.transactions:
            pass


def _plain_sets(plain: Plain, group: Group, sets: Sequence[tuple[int, int]]) -> Iterator[Transaction]:
    block = plain.block
    for first, end in sets:
        group.counted += 1
        yield Transaction(
            group.counted, group.code, plain.separators, block.rows[first:end], counted=end - first,
            compound=block.compound, _ids=block.ids[first:end], _pieces=[(1, Spot(block, first))],
        )
    group.stated = str(group.counted)


def _groups(interchange: Interchange, segments: Segments) -> Iterator[Group]:
    seen: set[tuple[str, ...]] = set()
    stray, ordinal = trailers.Stray(), 0
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
        transaction = Transaction(group.counted, group.code, segments.separators)
        closing: list[str] = []
        runs = segments.take_set()
        for spot, end in runs:
            closing = spot.block.rows[end - 1] if end > spot.row else closing
            if transaction.add(spot, end, segments.limits):
                transaction.pages = _streamed(transaction, runs, closing, segments.limits, seen)
                break
        else:
            _judge(transaction, closing, seen)
        yield transaction
        transaction.finish()
        # The next set is gathered without this one.
        del transaction
    group.findings.extend(stray.in_group())
    spot = segments.spot
    ge = segments.take() if id == "GE" else None
    group.stated = element(ge, 1) if ge else None
    group.findings.extend(trailers.judge_ge(ge, group.control, group.counted, spot))


def _judge(transaction: Transaction, closing: list[str], seen: set[str]) -> None:
    if trailers.agrees(transaction, closing, seen):
        seen.add(transaction.control)
    else:
        transaction.findings.extend(trailers.judge_se(transaction, closing, seen))


def _streamed(
    transaction: Transaction, runs: Iterator[tuple[Spot, int]], closing: list[str], limits: Limits, seen: set[str]
) -> Iterator[Page]:
    """The pages of a set; `closing` is its last segment so far."""
    for page in transaction.stream(runs, limits):
        closing = page.segments[-1] if page.segments else closing
        yield page
    _judge(transaction, closing, seen)
