"""The segments of one interchange after the other, a block at a time, out of a source of bytes."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from edi_gateway.issues import Finding, Kind, envelope
from edi_gateway.x12 import header
from edi_gateway.x12.header import Header
from edi_gateway.x12.tokens import BLANKS, BLOCK_BYTES, LINE_ENDS, Block, Separators, Source

CLOSING = frozenset({"IEA", "GS", "GE", "ST", "SE"})
"""The segments that begin or end something, so that they end a run of others."""

_AHEAD = BLOCK_BYTES + header.LOOK_AHEAD + header.WIDTH
_FILLERS = "\x00\x1a"
_LINE_END = re.compile(r"[\r\n]{0,2}")
_SAMPLE = 60


@dataclass(frozen=True, slots=True)
class Limits:
    """How large one transaction set may be; what is larger is a finding. A segment has at most 128 KB."""

    set_bytes: int = 64_000_000
    set_segments: int = 2_000_000


@dataclass(frozen=True, slots=True)
class Spot:
    """A segment's place in a block; its byte offset is found again only when somebody asks."""

    block: Block
    index: int

    @property
    def offset(self) -> int:
        """The byte offset of the segment's first character."""
        return self.block.offset(self.index)


class Found(NamedTuple):
    """A header and the byte offset where it stands."""

    header: Header
    offset: int


class Search:
    """Looks for interchange headers; what lies between interchanges becomes findings."""

    def __init__(self, source: Source, findings: list[Finding]) -> None:
        self._source = source
        self._findings = findings
        self._found = 0
        self._padded = False

    def next_header(self) -> Found | None:
        """The next header, taken with its line end; None when the bytes end."""
        self._pass_mark()
        while True:
            self._pass_blanks()
            source = self._source
            if not source.ensure(_AHEAD):
                self._finish()
                return None
            found = header.parse(source.text, source.at)
            if found is not None:
                self._found += 1
                offset = source.offset
                source.take(found.length)
                source.skip(LINE_ENDS)
                return Found(found, offset)
            self._pass_garbage()

    def _finish(self) -> None:
        if not self._found and not any(finding.verdict == "R" for finding in self._findings):
            note = "the file is empty" if not self._source.offset else "there is nothing but blanks"
            self._findings.append(envelope.NO_INTERCHANGE.finding(note, offset=0))

    def _pass_mark(self) -> None:
        source = self._source
        if source.offset == 0 and source.ensure(3) and source.text.startswith("\xef\xbb\xbf"):
            source.take(3)
            self._findings.append(envelope.BYTE_ORDER_MARK.finding("the file begins with EF BB BF", offset=0))

    def _pass_blanks(self) -> None:
        source = self._source
        start = source.offset
        passed = skipped = source.skip(BLANKS + _FILLERS)
        while skipped := source.skip(BLANKS + _FILLERS):
            passed = skipped
        if passed.strip(BLANKS) and not self._padded:
            self._padded = True
            self._findings.append(envelope.PADDING.finding("there are NUL or SUB characters", offset=start))
        elif passed and not self._found and not self._findings:
            self._findings.append(envelope.BLANKS.finding("blanks stand before the first segment", offset=start))

    def _pass_garbage(self) -> None:
        source = self._source
        start, sample = source.offset, source.text[source.at:source.at + _SAMPLE]
        source.take(1)
        skip_to_header(source)
        kind = envelope.HEADER_UNREADABLE if sample.startswith("ISA") else envelope.GARBAGE
        note = f"{source.offset - start} bytes belong to no interchange; they begin with {sample!r}"
        self._findings.append(kind.finding(note, offset=start, segment="ISA" if kind is not envelope.GARBAGE else None))


def skip_to_header(source: Source) -> None:
    """Passes over text until a header stands there, or to the end."""
    while ahead := source.ensure(_AHEAD):
        window = min(ahead, BLOCK_BYTES)
        at = _next_header(source, window, None)
        source.take(window if at is None else at - source.at)
        if at is not None:
            return


def _next_header(source: Source, window: int, terminator: str | None) -> int | None:
    """Where in the text the next header begins, within a window.

    One with all its separators in place is known anywhere, so that a lost terminator never swallows
    the next interchange. Any other is known only where a segment may begin: behind the terminator or,
    outside of interchanges, behind anything but a letter or digit. So "ISA" in a name is no header.
    """
    text, at = source.text, source.at
    end = at + window
    while (at := text.find("ISA", at, end + 2)) >= 0:
        if header.stands_strictly(text, at) or _may_begin(text, at, terminator) and header.parse(text, at):
            return at
        at += 1
    return None


def _may_begin(text: str, at: int, terminator: str | None) -> bool:
    if terminator is None:
        return at == 0 or not text[at - 1].isalnum()
    before = text[max(at - 8, 0):at].rstrip(BLANKS)
    return not before or before[-1] == terminator


class Segments:
    """The segments of one interchange; the next header, or the end of the bytes, ends them."""

    def __init__(self, source: Source, separators: Separators, limits: Limits, findings: list[Finding]) -> None:
        self.separators = separators
        self.limits = limits
        self._source = source
        self._findings = findings
        self._noted: set[str] = set()
        self._block = Block("", source.offset, separators)
        self._at = 0
        self._closings: list[int] = []

    def peek(self) -> str | None:
        """The next segment's id; None at the end."""
        if self._at == len(self._block.rows) and not self._load():
            return None
        return self._block.rows[self._at][0]

    @property
    def spot(self) -> Spot:
        """Where the next segment stands; at the end, where it would stand."""
        return Spot(self._block, self._at)

    def take(self) -> list[str]:
        """The next segment; only after `peek` told that there is one."""
        self._at += 1
        return self._block.rows[self._at - 1]

    def take_set(self) -> Iterator[tuple[Spot, list[list[str]]]]:
        """The segments of a set in runs, from the ST that stands next to its SE or to where another segment ends it."""
        at = self._at + 1
        while True:
            rows, first = self._block.rows, self._at
            closing = bisect_left(self._closings, at)
            if closing < len(self._closings):
                end = self._closings[closing]
                end += rows[end][0] == "SE"
                self._at = end
                yield Spot(self._block, first), rows[first:end]
                return
            self._at = len(rows)
            yield Spot(self._block, first), rows[first:]
            if self.peek() is None:
                return
            at = 0

    def close(self) -> None:
        """Gives back what lies behind the segment that was taken last."""
        if 0 < self._at < len(self._block.rows):
            self._source.give_back(self._block.after(self._at - 1))

    def _load(self) -> bool:
        while text := self._next_text():
            block = Block(text, self._source.offset - len(text), self.separators)
            self._note(block)
            self._block, self._at = block, 0
            self._closings = [index for index, row in enumerate(block.rows) if row[0] in CLOSING]
            if block.rows:
                return True
        return False

    def _next_text(self) -> str:
        """Text of whole segments up to IEA, or what is left of a segment before the next header or the end."""
        source, separators = self._source, self.separators
        ahead = source.ensure(_AHEAD)
        window = min(ahead, BLOCK_BYTES)
        barrier = _next_header(source, window, separators.segment)
        text, at = source.text, source.at
        stop = at + window if barrier is None else barrier
        trailer = text.find(f"IEA{separators.element}", at, stop)
        end = text.find(separators.segment, trailer, stop) if trailer >= 0 else -1
        if end < 0:
            end = text.rfind(separators.segment, at, stop)
        if end >= 0:
            line_end = _LINE_END.match(text, end + 1, stop)
            return source.take((line_end.end() if line_end else end + 1) - at)
        if barrier is None and ahead > BLOCK_BYTES:
            self._pass_endless()
            return ""
        rest = source.take(stop - at)
        if rest.strip(BLANKS):
            self._once(envelope.TERMINATOR_MISSING, f"the file or interchange ends with {rest[-20:]!r}", source.offset)
        return rest

    def _pass_endless(self) -> None:
        start = self._source.offset
        self._source.take(1)
        skip_to_header(self._source)
        note = f"no terminator {self.separators.segment!r} within {BLOCK_BYTES} characters; the rest is passed over"
        self._findings.append(envelope.SEGMENT_ENDLESS.finding(note, offset=start))

    def _note(self, block: Block) -> None:
        if block.indented is not None:
            self._once(envelope.BLANKS, "blanks stand before a segment", block.indented)
        if block.hollow is not None:
            self._once(envelope.SEGMENT_EMPTY, "a terminator follows a terminator", block.hollow)

    def _once(self, kind: Kind, note: str, offset: int) -> None:
        if kind.code not in self._noted:
            self._noted.add(kind.code)
            self._findings.append(kind.finding(note, offset=offset))
