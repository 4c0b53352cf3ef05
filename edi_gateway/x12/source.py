"""Chunks of bytes as one text that can be looked at ahead of being taken.

Bytes are read as Latin-1, one character a byte, so that places in the text are places in the bytes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from edi_gateway.x12.tokens import AS_SENT, BLOCK_BYTES
from edi_gateway.x12.wraps import Joiner, Stretch, Stretches, Wrap, containing

_REMEMBERED = BLOCK_BYTES * 4


@dataclass
class Source:
    """Chunks of bytes, cut anywhere, read as text.

    `at` is where reading stands in `text`; `base` is the position of the text's first character, `line`
    the one where the line begins, as far as that is known.
    """

    chunks: Iterable[bytes]
    text: str = ""
    at: int = 0
    base: int = 0
    line: int = 0
    ended: bool = False
    _sent: Stretches = field(default=AS_SENT, repr=False)
    _joiner: Joiner | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self._chunks = iter(self.chunks)

    @property
    def stretches(self) -> Stretches:
        """What tells the byte offsets of the text that lies about here."""
        return self._joiner.stretches if self._joiner else self._sent

    @property
    def position(self) -> int:
        """How many characters lie before the place where reading stands."""
        return self.base + self.at

    @property
    def offset(self) -> int:
        """The byte offset of the place where reading stands."""
        return containing(self.stretches, self.position).locate(self.position)

    def ensure(self, wanted: int) -> int:
        """Reads until that many characters lie ahead or the bytes end; returns how many lie ahead."""
        ahead = len(self.text) - self.at
        if ahead >= wanted or self.ended:
            return ahead
        # One character of what was taken stays, so that it can be seen what stands before a header.
        kept = max(self.at - 1, 0)
        pieces = [self.text[kept:]]
        self.base, self.at = self.base + kept, self.at - kept
        self._forget()
        while ahead < wanted and not self.ended:
            chunk = next(self._chunks, None)
            self.ended = chunk is None
            piece = (chunk or b"").decode("latin-1")
            if self._joiner is not None:
                piece = self._joiner.join(piece, self.position + ahead, self.ended)
            pieces.append(piece)
            ahead += len(piece)
        self.text = "".join(pieces)
        return ahead

    def skip(self, characters: str) -> str:
        """Takes those characters as long as they come, at most a block of them, and returns them."""
        if not self.ensure(BLOCK_BYTES) or self.text[self.at] not in characters:
            return ""
        ahead = self.text[self.at:self.at + BLOCK_BYTES]
        return self.take(len(ahead) - len(ahead.lstrip(characters)))

    def take(self, length: int) -> str:
        """Takes what lies ahead, to that length."""
        taken = self.text[self.at:self.at + length]
        line = max(taken.rfind("\n"), taken.rfind("\r")) + 1
        if line:
            self.line = self.position + line
        self.at += len(taken)
        return taken

    def give_back(self, text: str) -> None:
        """Puts back what was taken last."""
        if text:
            self.base, self.at, self.text = self.position - len(text), 0, text + self.text[self.at:]
            self.line = min(self.line, self.base)

    def join_lines(self, wrap: Wrap) -> None:
        """From here on, lines of that width lose their ends."""
        here = self.position
        start = Stretch(here - wrap.column, self.offset - wrap.column, wrap.width, len(wrap.end))
        before = tuple(one for one in self._sent if one.position < start.position)
        self._joiner = Joiner(wrap, (*before, start))
        # The first line is made as long as the others: its beginning has been taken already.
        ahead = " " * wrap.column + self.text[self.at:]
        self.text = self.text[:self.at] + self._joiner.join(ahead, start.position, self.ended)[wrap.column:]

    def split_lines(self) -> None:
        """Leaves the lines as they were sent, from here on."""
        if self._joiner is None:
            return
        here, offset = self.position, self.offset
        stretch = containing(self.stretches, here)
        self.line = here - ((here - stretch.position) % stretch.width if stretch.width else 0)
        self.text = self.text[:self.at] + self._joiner.split(self.text[self.at:], here)
        before = tuple(one for one in self.stretches if one.position < here)
        self._sent, self._joiner = (*before, Stretch(here, offset)), None

    def _forget(self) -> None:
        """Lets go of the stretches of text that lies far behind."""
        stretches = self.stretches
        while len(stretches) > 1 and stretches[1].position < self.base - _REMEMBERED:
            stretches = stretches[1:]
        if self._joiner is not None:
            self._joiner.stretches = stretches
        else:
            self._sent = stretches
