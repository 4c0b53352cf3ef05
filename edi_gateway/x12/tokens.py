"""Bytes to segments: a segment is a plain list of its elements, its id first.

Bytes are read as Latin-1, one character a byte, so that every place in the text is a byte offset;
elements that hold more than ASCII are then decoded one by one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

BLOCK_BYTES = 1 << 14
LINE_ENDS = "\r\n"
BLANKS = " \t\r\n"
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
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


@dataclass
class Source:
    """Chunks of bytes, cut anywhere, as text that can be looked at ahead of being taken.

    `at` is where reading stands in `text`; `base` is the byte offset of the text's first character.
    """

    chunks: Iterable[bytes]
    text: str = ""
    at: int = 0
    base: int = 0
    ended: bool = False

    def __post_init__(self) -> None:
        self._chunks = iter(self.chunks)

    @property
    def offset(self) -> int:
        """The byte offset of the place where reading stands."""
        return self.base + self.at

    def ensure(self, wanted: int) -> int:
        """Reads until that many characters lie ahead or the bytes end; returns how many lie ahead."""
        ahead = len(self.text) - self.at
        if ahead >= wanted or self.ended:
            return ahead
        # One character of what was taken stays, so that it can be seen what stands before a header.
        kept = max(self.at - 1, 0)
        pieces = [self.text[kept:]]
        self.base, self.at = self.base + kept, self.at - kept
        while ahead < wanted:
            chunk = next(self._chunks, None)
            if chunk is None:
                self.ended = True
                break
            pieces.append(chunk.decode("latin-1"))
            ahead += len(chunk)
        self.text = "".join(pieces)
        return ahead

    def skip(self, characters: str) -> str:
        """Takes those characters as long as they come, at most a block of them, and returns them."""
        self.ensure(BLOCK_BYTES)
        ahead = self.text[self.at:self.at + BLOCK_BYTES]
        return self.take(len(ahead) - len(ahead.lstrip(characters)))

    def take(self, length: int) -> str:
        """Takes what lies ahead, to that length."""
        taken = self.text[self.at:self.at + length]
        self.at += len(taken)
        return taken

    def give_back(self, text: str) -> None:
        """Puts back what was taken last."""
        if text:
            self.base, self.at, self.text = self.offset - len(text), 0, text + self.text[self.at:]


@dataclass
class Block:
    """Whole segments in a row. `text` is as sent; its last segment may lack the terminator.

    `rows` are the segments that are not empty. `plain` says that every value is known to be printable
    ASCII; `indented` and `hollow` are the offsets of the first segment behind blanks and of the
    first empty one.
    """

    text: str
    base: int
    separators: Separators
    indented: int | None = field(default=None, init=False)
    hollow: int | None = field(default=None, init=False)

    plain: bool = field(default=False, init=False)
    rows: list[list[str]] = field(init=False)

    def __post_init__(self) -> None:
        ascii, element = self.text.isascii(), self.separators.element
        segments = self._evenly_laid_out()
        self.plain = ascii and segments is not None
        if segments is None:
            segments = [text for _, text in self._segments()]
        self.rows = [segment.split(element) for segment in segments]
        if not ascii:
            self.rows = [self._decoded(row) for row in self.rows]

    def _evenly_laid_out(self) -> list[str] | None:
        """The segments, when each is followed by the same line end and nothing else is out of the ordinary."""
        terminator, text = self.separators.segment, self.text
        count = text.count(terminator)
        residue = text.encode("latin-1").translate(None, _PRINTABLE + self.separators.all.encode("latin-1"))
        line_end = (b"\r\n" if residue.startswith(b"\r\n") else residue[:1]).decode("latin-1")
        if line_end not in ("", "\n", "\r\n"):
            return None
        end = terminator + line_end
        if text.endswith(terminator):
            text, residue = text + line_end, residue + line_end.encode()
        if not text.endswith(end) or residue != line_end.encode() * count or text.count(end) != count:
            return None
        if text[0] == " " or text[0] == terminator or end + " " in text or end + terminator in text:
            return None
        segments = text.split(end)
        segments.pop()
        return segments

    def _segments(self) -> list[tuple[int, str]]:
        """Where each segment begins, and its text; the general way."""
        terminator = self.separators.segment
        blanks = "".join(blank for blank in BLANKS if blank not in self.separators.all)
        found, at = [], self.base
        pieces = self.text.split(terminator)
        for number, raw in enumerate(pieces, start=1):
            text = raw.lstrip(blanks)
            start = at + len(raw) - len(text)
            if text and self.indented is None and raw[:len(raw) - len(text)].strip(LINE_ENDS):
                self.indented = start
            if number == len(pieces):
                text = text.rstrip(blanks)
            elif terminator == "\n":
                text = text.rstrip("\r")
            if text:
                found.append((start, text))
            elif number < len(pieces) and terminator not in LINE_ENDS and self.hollow is None:
                self.hollow = at
            at += len(raw) + 1
        return found

    def _decoded(self, row: list[str]) -> list[str]:
        return [value if value.isascii() else decode(value, self.separators) for value in row]

    @cached_property
    def _offsets(self) -> list[int]:
        return [offset for offset, _ in self._segments()]

    def offset(self, index: int) -> int:
        """The byte offset of a row's first character; of the end, behind the last row."""
        return self._offsets[index] if index < len(self._offsets) else self.base + len(self.text)

    def after(self, index: int) -> str:
        """The text behind a row and its terminator."""
        end = self.text.find(self.separators.segment, self.offset(index) - self.base)
        return "" if end < 0 else self.text[end + 1:]


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
