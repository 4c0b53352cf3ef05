"""Bytes to segments: a segment is a plain list of its elements, its id first.

Bytes are read as Latin-1, one character a byte, so that every place in the text is a byte offset;
elements that hold more than ASCII are then decoded one by one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from operator import itemgetter

from edi_gateway.x12.wraps import Stretch, Stretches, containing

BLOCK_BYTES = 1 << 14
LINE_ENDS = "\r\n"
BLANKS = " \t\r\n"
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
VALUE_MAX = 80
_ID = itemgetter(0)
AS_SENT = (Stretch(0, 0),)
_NEAR = 64
"""So near to an end it is as quick to seek each row that is asked for as to note where all of them begin."""
_FIRST_ID = " ~"
"""What ids that are empty or begin with a blank come before."""
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_PRINTABLE = bytes([*range(0x20, 0x7F), *range(0x80, 0x100)])


@dataclass(frozen=True, slots=True)
class Separators:
    """The characters that part a segment from the next, its elements, their components and repetitions."""

    element: str = "*"
    component: str = ">"
    segment: str = "~"
    repetition: str | None = None

    @property
    def all(self) -> str:
        """Every separator in one text."""
        return self.segment + self.element + self.component + (self.repetition or "")

    def first_end(self, text: str, start: int, stop: int) -> int:
        """Where the first terminator stands; -1 where none does. Where lines end segments, any line end does."""
        if self.segment not in LINE_ENDS:
            return text.find(self.segment, start, stop)
        found = [end for mark in LINE_ENDS if (end := text.find(mark, start, stop)) >= 0]
        return min(found, default=-1)

    def last_end(self, text: str, start: int, stop: int) -> int:
        """Where the last terminator stands; -1 where none does."""
        marks = LINE_ENDS if self.segment in LINE_ENDS else self.segment
        return max(text.rfind(mark, start, stop) for mark in marks)


@dataclass
class Layout:
    """What was out of the ordinary around the segments of a block: the positions of each, in order.

    `indented` are segments behind blanks, `trailing` the blanks before a terminator or on the end of a
    line, `hollow` the empty segments.
    """

    indented: list[int] = field(default_factory=list)
    trailing: list[int] = field(default_factory=list)
    hollow: list[int] = field(default_factory=list)


def even_end(text: str, separators: Separators) -> str | None:
    """What every segment ends with, the terminator and perhaps a line end; None where a blank or line end stands
    elsewhere beside a terminator, or the last segment lacks it. Segments may be empty or begin with a blank."""
    terminator = separators.segment
    residue = text.encode("latin-1").translate(None, _PRINTABLE + separators.all.encode("latin-1"))
    if " " + terminator in text:
        return None
    if not residue:
        return terminator if text.endswith(terminator) else None
    line_end = "\r\n" if residue.startswith(b"\r\n") else "\n"
    if text.endswith(terminator):
        text, residue = text + line_end, residue + line_end.encode()
    end, count = terminator + line_end, text.count(terminator)
    return end if residue == line_end.encode() * count and text.endswith(end) and text.count(end) == count else None


def has_parts(text: str, separators: Separators) -> bool:
    """Whether a component or repetition separator occurs in a text."""
    return separators.component in text or (separators.repetition or separators.component) in text


class Block:
    """Whole segments in a row. `text` begins at the position `base`; its last segment may lack the terminator.

    `rows` are the segments that are not empty, `ids` their ids. `plain` says that every value is known to be
    printable ASCII, `compound` that component or repetition separators may occur, `alone` that the block is
    one transaction set and nothing else. `end` is what each segment ends with, empty where that is not known.
    `layout` tells what was out of the ordinary, None where nothing was. `stretches` tell the byte offsets.
    """

    def __init__(
        self, text: str, base: int, separators: Separators, stretches: Stretches = AS_SENT,
        rows: list[list[str]] | None = None, ids: Sequence[str] = (), compound: bool = True,
        alone: bool = False, end: str = "",
    ) -> None:
        """Takes the segments apart, unless their rows and ids are given because they are evenly laid out."""
        self.text = text
        self.base = base
        self.separators = separators
        self.stretches = stretches
        self.layout: Layout | None = None
        self.plain = rows is not None
        self.alone = alone
        self.end = end
        self.ids = ids
        self.compound = compound
        self.rows = self._taken_apart() if rows is None else rows
        self._tidy: bool | None = None

    @property
    def tidy(self) -> bool:
        """Whether every value of a transaction set in the block is printable ASCII, and none begins with a blank."""
        if self._tidy is None:
            mark = self.separators.element
            first = max(self.text.find(f"ST{mark}"), 0)
            self._tidy = self.plain and self.text.find(f"{mark} ", first) < 0
        return self._tidy

    def _taken_apart(self) -> list[list[str]]:
        marks, text, ascii = self.separators, self.text, self.text.isascii()
        self.compound = has_parts(text, marks)
        end = even_end(text, marks) if ascii else None
        if end is not None:
            line = text if text.endswith(end) else text + end.removeprefix(marks.segment)
            rows = [segment.split(marks.element) for segment in line.removesuffix(end).split(end)]
            self.ids = list(map(_ID, rows))
            self.plain = min(self.ids) > _FIRST_ID
            if self.plain:
                self.end = end
                return rows
        self.layout = Layout()
        rows = [segment.split(marks.element) for _, segment in self._segments(self.layout)]
        if not ascii:
            rows = [self._decoded(row) for row in rows]
        self.ids = list(map(_ID, rows))
        return rows

    def _segments(self, layout: Layout) -> list[tuple[int, str]]:
        """Where each segment begins, and its text; the general way, which notes what is out of the ordinary."""
        marks = self.separators.all
        blanks = "".join(blank for blank in BLANKS if blank not in marks)
        lines = self.separators.segment in LINE_ENDS
        found = []
        for at, raw, terminated in self._pieces():
            body = raw.lstrip(blanks)
            start = self.base + at + len(raw) - len(body)
            text = body.rstrip(blanks)
            if len(body) < len(raw):
                _note_blanks(layout, raw[:len(raw) - len(body)], self.base + at, bool(text))
            if text:
                found.append((start, text))
            elif terminated and not lines:
                layout.hollow.append(self.base + at)
            if terminated and len(text) < len(body):
                layout.trailing.append(start + len(text))
        return found

    def _pieces(self) -> Iterator[tuple[int, str, bool]]:
        """What stands between the terminators: where, the text, and whether a terminator follows."""
        terminator, at = self.separators.segment, 0
        if terminator in LINE_ENDS:
            yield from ((line.start(), line[1], bool(line[2])) for line in _LINE.finditer(self.text) if line[0])
            return
        pieces = self.text.split(terminator)
        for number, raw in enumerate(pieces, start=1):
            yield at, raw, number < len(pieces)
            at += len(raw) + len(terminator)

    def _decoded(self, row: list[str]) -> list[str]:
        return [value if value.isascii() else decode(value, self.separators) for value in row]

    @cached_property
    def _positions(self) -> list[int]:
        if self.end:
            lengths = map(len(self.end).__add__, map(len, self.text.split(self.end)))
            return list(accumulate(lengths, initial=self.base))[:len(self.rows)]
        return [position for position, _ in self._segments(Layout())]

    def position(self, index: int) -> int:
        """The position of a row's first character; of the end, behind the last row."""
        end, rows = self.end, len(self.rows)
        if not end or index >= rows or _NEAR <= index <= rows - _NEAR:
            return self._positions[index] if index < rows else self.base + len(self.text)
        if 2 * index < rows:
            return self.base + len(self.text) - len(self.text.split(end, index)[-1])
        behind = rows - index + self.text.endswith(end)
        return self.base + len(self.text.rsplit(end, behind)[0]) + len(end)

    def offset(self, index: int) -> int:
        """The byte offset of a row's first character; of the end, behind the last row."""
        position = self.position(index)
        return position if self.stretches is AS_SENT else self.locate(position)

    def locate(self, position: int) -> int:
        """The byte offset of a position in the block."""
        return containing(self.stretches, position).locate(position)

    def after(self, index: int) -> str:
        """The text behind a row and its terminator."""
        end = self.separators.first_end(self.text, self.position(index) - self.base, len(self.text))
        return "" if end < 0 else self.text[end + 1:]


Run = tuple[Block, int, int]
"""Segments that lie in a row in a block: that, the first of its rows, and the one behind the last."""


def _note_blanks(layout: Layout, blanks: str, position: int, before_segment: bool) -> None:
    """Blanks up to the last line end trail what stands before them; those behind it indent the segment."""
    line = max(blanks.rfind("\n"), blanks.rfind("\r")) + 1
    trailing = len(blanks[:line]) - len(blanks[:line].lstrip(LINE_ENDS))
    if trailing < line:
        layout.trailing.append(position + trailing)
    if before_segment and line < len(blanks):
        layout.indented.append(position + len(blanks))


def clip(value: str) -> str:
    """A value as findings show it: its first 80 characters."""
    return value[:VALUE_MAX]


def decode(value: str, separators: Separators) -> str:
    """A value read as Latin-1, decoded as UTF-8 where it is valid UTF-8; component by component."""
    inner = [mark for mark in (separators.repetition, separators.component) if mark and mark in value]
    if inner:
        return inner[0].join(decode(part, separators) for part in value.split(inner[0]))
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return value


def odd_rows(rows: Sequence[Sequence[str]]) -> frozenset[int]:
    """The segments whose text is not printable ASCII, separators that are control characters included."""
    return frozenset(
        index for index, row in enumerate(rows) if not (text := "".join(row)).isascii() or CONTROL.search(text)
    )
