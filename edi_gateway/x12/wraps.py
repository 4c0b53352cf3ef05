"""Lines that were broken at a width: joined while the text streams, and their byte offsets found again.

A position counts the characters as they are read, an offset the bytes as they were sent: they differ
where line ends were taken out. A line of exactly the width lost its end; any other line is left as it is.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text in a row: its first position, that character's offset, and the width of the lines that were joined.

    `gap` is how many bytes the end of each of these lines had. Without a width the text is as sent.
    """

    position: int
    offset: int
    width: int = 0
    gap: int = 0

    def locate(self, position: int) -> int:
        """The offset of a character of it."""
        ahead = position - self.position
        return self.offset + ahead + (ahead // self.width * self.gap if self.width else 0)


Stretches = tuple[Stretch, ...]


def containing(stretches: Stretches, position: int) -> Stretch:
    """The stretch a position lies in."""
    if len(stretches) == 1:
        return stretches[0]
    found = bisect_right(stretches, position, key=lambda stretch: stretch.position)
    return stretches[max(found - 1, 0)]


@dataclass(frozen=True, slots=True)
class Wrap:
    """How lines were broken: at that width, with that end; `column` is where in its line the text begins."""

    width: int
    end: str
    column: int = 0

    def lines(self, text: str) -> Iterator[tuple[str, str, bool]]:
        """The lines of a text, their ends, and whether each was broken at the width."""
        at, column = 0, self.column
        while at < len(text):
            stop = text.find(self.end, at)
            line = text[at:] if stop < 0 else text[at:stop]
            end = "" if stop < 0 else self.end
            yield line, end, bool(end) and column + len(line) == self.width
            at, column = at + len(line) + len(end), 0

    def joined(self, text: str) -> str:
        """The text as it was before it was wrapped."""
        return "".join(line if broken else line + end for line, end, broken in self.lines(text))


@dataclass
class Joiner:
    """Joins the lines of one wrapped text piece by piece; the pieces may be cut anywhere.

    `stretches` grows with what was joined; it must begin with the stretch of the text's first line.
    """

    wrap: Wrap
    stretches: Stretches
    undecided: str = field(default="", repr=False)
    _amid: bool = field(default=False, repr=False)

    def join(self, text: str, position: int, ended: bool) -> str:
        """The text, which begins at that position, without the line ends; what is not yet clear is held back."""
        text = self.undecided + text
        width, end = self.wrap.width, self.wrap.end
        pieces, at = [], 0
        while at < len(text):
            if self._amid:
                stop = text.find(end[-1], at)
                self._amid = stop < 0
                piece = text[at:] if stop < 0 else text[at:stop + 1]
                self._go_on(position, 0, 0)
                at += len(piece)
            elif len(text) - at < width + len(end) and not ended:
                break
            elif text.startswith(end, at + width) and text.find(end[-1], at, at + width) < 0:
                piece = text[at:at + width]
                self._go_on(position, width, len(end))
                at += width + len(end)
            else:
                self._amid = True
                continue
            pieces.append(piece)
            position += len(piece)
        self.undecided = text[at:]
        return "".join(pieces)

    def split(self, text: str, position: int) -> str:
        """Text that was joined, which begins at that position, as it was sent, and what was held back."""
        cuts = [cut - position for cut in self._cuts(position, position + len(text))]
        pieces = [text[start:cut] + self.wrap.end for start, cut in zip([0, *cuts], cuts, strict=False)]
        return "".join(pieces) + text[cuts[-1] if cuts else 0:] + self.undecided

    def _go_on(self, position: int, width: int, gap: int) -> None:
        last = self.stretches[-1]
        if (last.width, last.gap) != (width, gap):
            self.stretches = (*self.stretches, Stretch(position, last.locate(position), width, gap))

    def _cuts(self, start: int, end: int) -> Iterator[int]:
        """The positions behind the start where line ends were taken out."""
        for index, stretch in enumerate(self.stretches):
            if stretch.width:
                behind = self.stretches[index + 1].position if index + 1 < len(self.stretches) else end
                first = max(start - stretch.position, 0) // stretch.width + 1
                yield from range(stretch.position + first * stretch.width, behind + 1, stretch.width)
