"""The segments of one interchange after the other, a block at a time, out of a source of bytes."""

import re
from collections.abc import Iterator, Sequence
from operator import itemgetter
from sys import intern
from typing import NamedTuple

from edi_gateway.issues import Finding, envelope
from edi_gateway.x12 import header
from edi_gateway.x12.header import Header
from edi_gateway.x12.limits import Limits
from edi_gateway.x12.repairs import Repairs
from edi_gateway.x12.source import Source
from edi_gateway.x12.tokens import BLANKS, BLOCK_BYTES, LINE_ENDS, Block, Layout, Run, clip, even_end, has_parts
from edi_gateway.x12.wrapping import stands, wrapping
from edi_gateway.x12.wraps import Wrap

CLOSING = frozenset({"IEA", "GS", "GE", "ST", "SE"})
"""The segments that begin or end something, so that they end a run of others."""

_AHEAD = BLOCK_BYTES + header.LOOK_AHEAD + header.WIDTH
_ID = itemgetter(0)
_SOUND_MAX = 200
_FILLERS = "\x00\x1a"
_MARK = "\xef\xbb\xbf"
_LINE_END = re.compile(r"[\r\n]{0,2}")
_SAMPLE = 60


class Spot(NamedTuple):
    """A segment's place in a block; its byte offset is found again only when somebody asks."""

    block: Block
    row: int

    @property
    def offset(self) -> int:
        """The byte offset of the segment's first character."""
        return self.block.offset(self.row)


class Found(NamedTuple):
    """A header, where it stands, how the interchange was wrapped, and what was repaired before it."""

    header: Header
    position: int
    offset: int
    wrap: Wrap | None
    repairs: Repairs


class Search:
    """Looks for interchange headers; what belongs to no interchange becomes findings."""

    def __init__(self, source: Source, findings: list[Finding]) -> None:
        self._source = source
        self._findings = findings
        self._found = False
        self._repairs = Repairs()

    def next_header(self) -> Found | None:
        """The next header, taken with its line end; None when the bytes end."""
        while True:
            self._pass_blanks()
            source = self._source
            if not source.ensure(_AHEAD):
                self._finish()
                return None
            parsed = header.parse(source.text, source.at)
            wrap = wrapping(source.text, source.at, source.position - source.line, parsed)
            if wrap is not None:
                source.join_lines(wrap)
                source.ensure(_AHEAD)
                parsed = header.parse(source.text, source.at)
            if parsed is not None:
                return self._taken(parsed, wrap)
            self._pass_garbage()

    def _taken(self, parsed: Header, wrap: Wrap | None) -> Found:
        self._found = True
        found = Found(parsed, self._source.position, self._source.offset, wrap, self._repairs)
        self._repairs = Repairs()
        self._source.take(parsed.length)
        self._source.skip(LINE_ENDS)
        return found

    def _finish(self) -> None:
        if not self._found and not self._findings:
            note = "the file is empty" if not self._source.offset else "there is nothing but blanks"
            self._findings.append(envelope.NO_INTERCHANGE.finding(note, offset=0))

    def _pass_blanks(self) -> None:
        source = self._source
        while True:
            start, passed = source.offset, source.skip(BLANKS + _FILLERS)
            if passed:
                _note_padding(self._repairs, passed, start)
                blanks = len(passed) - _fillers(passed)
                if blanks:
                    what = "characters of blanks or line ends before the ISA"
                    self._repairs.add(envelope.BLANKS, what, start + _first(passed, BLANKS), blanks)
            elif source.ensure(len(_MARK)) and source.text.startswith(_MARK, source.at):
                self._repairs.add(envelope.BYTE_ORDER_MARK, "the bytes EF BB BF stand before the ISA", start)
                source.take(len(_MARK))
                source.line = source.position
            else:
                return

    def _pass_garbage(self) -> None:
        source = self._source
        start, sample = source.offset, source.text[source.at:source.at + header.WIDTH]
        source.take(1)
        skip_to_header(source)
        length = source.offset - start
        beginning = sample[:length].rstrip(BLANKS + _FILLERS)
        kind = envelope.GARBAGE
        if beginning.startswith("ISA"):
            short = length < header.WIDTH and header.cut_short(beginning)
            kind = envelope.HEADER_CUT_SHORT if short else envelope.HEADER_UNREADABLE
        note = f"{length} bytes belong to no interchange; they begin with {sample[:min(length, _SAMPLE)]!r}"
        self._findings.append(kind.finding(
            note, offset=start, segment=None if kind is envelope.GARBAGE else "ISA", value=clip(beginning),
        ))


def _fillers(text: str) -> int:
    return sum(text.count(filler) for filler in _FILLERS)


def _first(text: str, characters: str) -> int:
    """Where the first of those characters stands in a text that holds one."""
    return min(at for one in characters if (at := text.find(one)) >= 0)


def _note_padding(repairs: Repairs, text: str, offset: int) -> None:
    count = _fillers(text)
    if count:
        what = "NUL or SUB characters stand around the interchange"
        repairs.add(envelope.PADDING, what, offset + _first(text, _FILLERS), count)


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
        if stands(text, at) or _may_begin(text, at, terminator) and header.parse(text, at):
            return at
        at += 1
    return None


def _may_begin(text: str, at: int, terminator: str | None) -> bool:
    if terminator is None:
        return at == 0 or not text[at - 1].isalnum()
    before = text[max(at - 8, 0):at].rstrip(BLANKS)
    return not before or before[-1] == terminator


def _end_of_set(ids: Sequence[str], start: int) -> int | None:
    """Behind the SE, or before another segment that ends a set; None where neither stands in the block."""
    try:
        end = ids.index("SE", start) + 1
    except ValueError:
        end = len(ids) + 1
    inside = ids[start:end - 1]
    if not CLOSING.isdisjoint(inside):
        return start + next(at for at, id in enumerate(inside) if id in CLOSING)
    return end if end <= len(ids) else None


class Segments:
    """The segments of one interchange; the next header, or the end of the bytes, ends them."""

    def __init__(self, source: Source, found: Found, limits: Limits, findings: list[Finding]) -> None:
        self.separators = found.header.separators
        self.limits = limits
        self._source = source
        self._found = found
        self._findings = findings
        self._repairs = found.repairs
        self._block = Block("", source.position, self.separators, source.stretches, [])
        self._at = 0
        # Up to here whole segments are known to lie ahead, and no header of another interchange.
        self._known = source.position
        self._opening = f"ST{self.separators.element}"
        self._closing = self._end = ""
        self._compound = True
        self._sound: dict[tuple[str, ...], tuple[str, ...]] = {}

    def peek(self) -> str | None:
        """The next segment's id; None at the end."""
        if self._at == len(self._block.ids) and not self._load():
            return None
        return self._block.ids[self._at]

    @property
    def spot(self) -> Spot:
        """Where the next segment stands; at the end, where it would stand."""
        return Spot(self._block, self._at)

    def take(self) -> list[str]:
        """The next segment; only after `peek` told that there is one."""
        self._at += 1
        return self._block.rows[self._at - 1]

    def take_alone(self) -> Block | None:
        """The set that stands next, where it is known to lie alone in a block; else nothing is taken."""
        block = self._block
        if not block.alone or len(block.ids) > self.limits.set_segments:
            return None
        self._at = len(block.ids)
        return block

    def take_set(self) -> Iterator[Run]:
        """A set in runs, from the ST that stands next to its SE or to where another segment ends it."""
        at = self._at + 1
        while True:
            block, first = self._block, self._at
            end = _end_of_set(block.ids, at)
            self._at = len(block.ids) if end is None else end
            yield block, first, self._at
            if end is not None or self.peek() is None:
                return
            at = 0

    def close(self) -> Iterator[Finding]:
        """Gives back what lies behind the segment that was taken last, passes over blanks, and tells the repairs."""
        if 0 < self._at < len(self._block.rows):
            self._source.give_back(self._block.after(self._at - 1))
        if self._found.wrap is not None:
            self._note_wrap(self._found.wrap)
        self._source.split_lines()
        self._pass_blanks()
        yield from self._repairs.findings()

    def _note_wrap(self, wrap: Wrap) -> None:
        source, found = self._source, self._found
        first = found.offset + wrap.width - wrap.column
        count = (source.offset - found.offset - (source.position - found.position)) // len(wrap.end)
        self._repairs.add(envelope.WRAPPED, f"lines are broken at {wrap.width} characters", first, count)

    def _pass_blanks(self) -> None:
        """What fills up the interchange's last line, and all lines behind it that hold nothing."""
        source, goes_on = self._source, True
        while goes_on:
            start, passed = source.offset, source.skip(BLANKS + _FILLERS)
            goes_on = bool(passed) and (not source.ensure(1) or source.text[source.at] in BLANKS + _FILLERS)
            if passed and not goes_on:
                kept = max(passed.rfind(mark) for mark in LINE_ENDS + _FILLERS) + 1
                source.give_back(passed[kept:])
                passed = passed[:kept]
            _note_padding(self._repairs, passed, start)
            blanks = passed.count(" ") + passed.count("\t")
            if blanks:
                self._note_trailing(start + _first(passed, " \t"))

    def _note_trailing(self, offset: int, count: int = 1) -> None:
        self._repairs.add(envelope.TRAILING_BLANKS, "blanks stand before a terminator or line end", offset, count)

    def _load(self) -> bool:
        while True:
            block = self._even_block()
            if block is None:
                text = self._next_text()
                if not text:
                    return False
                block = Block(text, self._source.position - len(text), self.separators, self._source.stretches)
                if "IEA" in block.ids:
                    block = self._up_to_trailer(block)
                if block.layout is not None:
                    self._note(block, block.layout)
            self._block, self._at = block, 0
            if block.rows:
                return True

    def _even_block(self) -> Block | None:
        """The set that lies next, or what of it lies in the window, where that is evenly laid out.

        None is no verdict: then the segments are taken apart the general way.
        """
        source, end = self._source, self._end
        text, start, base = source.text, source.at, source.position
        stop = start + self._known - base
        if start >= stop or not end:
            return None
        closing = text.find(self._closing, start, stop) if text.startswith(self._opening, start) else -1
        behind = text.find(end, closing + len(end), stop) if closing >= 0 else stop - len(end)
        if behind <= start:
            return None
        mark = self.separators.element
        rows = [segment.split(mark) for segment in text[start:behind].split(end)]
        ids = tuple(map(_ID, rows))
        known = self._sound.get(ids)
        alone = known is not None
        if known is not None:
            ids = known
        else:
            if min(ids) < " ~" or "IEA" in ids[:-1] or not text.startswith(end, behind):
                return None
            alone = closing >= 0 and CLOSING.isdisjoint(ids[1:-1])
            if alone:
                ids = self._remember(ids)
        taken = source.take(behind + len(end) - start)
        return Block(taken, base, self.separators, source.stretches, rows, ids, self._compound, alone, end)

    def _remember(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        if len(self._sound) == _SOUND_MAX:
            self._sound.clear()
        # The same few texts again and again: whoever looks them up compares no characters.
        found = self._sound[ids] = tuple(map(intern, ids))
        return found

    def _know(self, text: str) -> None:
        """Notes of a window of whole segments how they end, if evenly, and as far as its last set is whole."""
        end = even_end(text, self.separators) if text.isascii() else None
        self._end, self._compound = end or "", has_parts(text, self.separators)
        self._closing = f"{self._end}SE{self.separators.element}"
        last = text.rfind(self._closing) if end else -1
        behind = text.find(self._end, last + len(self._end)) if last >= 0 else -1
        self._known = self._source.position + (len(text) if behind < 0 else behind + len(self._end))

    def _up_to_trailer(self, block: Block) -> Block:
        """The block as far as its IEA and the line end behind that; the rest is given back."""
        behind = block.after(block.ids.index("IEA"))
        line_end = _LINE_END.match(behind)
        rest = behind[line_end.end() if line_end else 0:]
        if not rest:
            return block
        self._source.give_back(rest)
        return Block(block.text[:-len(rest)], block.base, block.separators, block.stretches)

    def _next_text(self) -> str:
        """Text of whole segments, or what is left of a segment before the next header or the end."""
        source = self._source
        if source.position >= self._known:
            return self._looked_ahead()
        text, at = source.text, source.at
        stop = at + self._known - source.position
        found = text.find(self._end + self._opening, at, stop) if self._end else -1
        return source.take((stop if found < 0 else found + len(self._end)) - at)

    def _looked_ahead(self) -> str:
        """The first piece of the next window of whole segments, or what is left of a segment."""
        source, separators = self._source, self.separators
        ahead = source.ensure(_AHEAD)
        window = min(ahead, BLOCK_BYTES)
        barrier = _next_header(source, window, separators.segment)
        text, at = source.text, source.at
        stop = at + window if barrier is None else barrier
        end = separators.last_end(text, at, stop)
        if end >= 0:
            line_end = _LINE_END.match(text, end + 1, stop)
            self._know(text[at:line_end.end() if line_end else end + 1])
            return self._next_text()
        if barrier is None and ahead > BLOCK_BYTES:
            self._pass_endless()
            return ""
        left = text[at:stop].rstrip(BLANKS + _FILLERS).removesuffix(_MARK)
        rest = source.take(len(left.rstrip(BLANKS + _FILLERS)))
        if rest.strip(BLANKS):
            what = f"no terminator behind {clip(rest[-20:])!r}"
            self._repairs.add(envelope.TERMINATOR_MISSING, what, source.offset)
        return rest

    def _pass_endless(self) -> None:
        start = self._source.offset
        self._source.take(1)
        skip_to_header(self._source)
        note = f"no terminator {self.separators.segment!r} within {BLOCK_BYTES} characters; the rest is passed over"
        self._findings.append(envelope.SEGMENT_ENDLESS.finding(note, offset=start))

    def _note(self, block: Block, layout: Layout) -> None:
        if layout.indented:
            what, first = "blanks stand before a segment", block.locate(layout.indented[0])
            self._repairs.add(envelope.INDENTATION, what, first, len(layout.indented))
        if layout.hollow:
            what, first = "a terminator follows a terminator", block.locate(layout.hollow[0])
            self._repairs.add(envelope.SEGMENT_EMPTY, what, first, len(layout.hollow))
        if layout.trailing:
            self._note_trailing(block.locate(layout.trailing[0]), len(layout.trailing))
