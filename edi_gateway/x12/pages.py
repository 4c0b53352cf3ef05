"""A stretch of a transaction set that is judged while the set streams, and a list of which only the end is kept."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, SupportsIndex, TypeVar, overload

from edi_gateway.x12.segments import Spot
from edi_gateway.x12.tokens import AS_SENT, Block, Separators

T = TypeVar("T")


class Rows(Protocol):
    """Segments in a row: a page, or a set as a whole. `first` is the index of the first of them in the set."""

    @property
    def first(self) -> int: ...
    @property
    def segments(self) -> list[list[str]]: ...
    @property
    def separators(self) -> Separators: ...
    def offset(self, position: int) -> int: ...


@dataclass(slots=True)
class Page:
    """Some segments of a set in a row, and their ids. `first` is the index of the first in the set, where ST is 0.

    `plain` says that every value is printable ASCII, `compound` that component or repetition separators may occur.
    """

    first: int
    separators: Separators
    segments: list[list[str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    plain: bool = True
    compound: bool = False
    _pieces: list[tuple[int, Spot]] = field(default_factory=list, repr=False)

    def add(self, spot: Spot, end: int) -> None:
        """Adds the segments of a block from a spot up to a row."""
        block, start = spot
        self._pieces.append((self.first + len(self.segments) + 1, spot))
        self.segments += block.rows[start:end]
        self.ids += block.ids[start:end]
        self.plain = self.plain and block.plain
        self.compound = self.compound or block.compound

    def offset(self, position: int) -> int:
        """The byte offset of a segment of the page, where ST has position 1; of its end, for one position more."""
        return offset(self._pieces, position)

    def followed_by(self, page: "Page") -> "Page":
        """Both in one; the other begins where this ends."""
        if not self.segments:
            return page
        return Page(
            self.first, self.separators, self.segments + page.segments, self.ids + page.ids,
            self.plain and page.plain, self.compound or page.compound, self._pieces + page._pieces,
        )

    def parted(self, count: int) -> tuple["Page", "Page"]:
        """So many segments from its beginning, and the others."""
        # What lies before the piece in which the second part begins is let go with the first.
        piece = max(bisect_right(self._pieces, self.first + count + 1, key=lambda piece: piece[0]) - 1, 0)
        begun = Page(
            self.first, self.separators, self.segments[:count], self.ids[:count], self.plain, self.compound,
            self._pieces,
        )
        rest = Page(
            self.first + count, self.separators, self.segments[count:], self.ids[count:], self.plain, self.compound,
            self._pieces[piece:],
        )
        return begun, rest


def offset(pieces: list[tuple[int, Spot]], position: int) -> int:
    """The byte offset of a segment by the position at which each piece begins, and its spot."""
    at = bisect_right(pieces, position, key=lambda piece: piece[0]) - 1 if len(pieces) > 1 else 0
    first, (block, row) = pieces[max(at, 0)]
    return block.offset(row + position - first)


def alone(pieces: list[tuple[int, Spot]], rows: list[list[str]], ids: Sequence[str]) -> Block | None:
    """A block that holds these rows and nothing else, evenly laid out; None where they do not lie like that."""
    block = pieces[0][1].block
    if len(pieces) == 1:
        return block if block.plain and block.end and len(block.rows) == len(rows) else None
    blocks = [each for _, (each, row) in pieces if row == 0 and each.plain and each.end == block.end]
    whole = len(blocks) == len(pieces) and sum([len(each.rows) for each in blocks]) == len(rows)
    if not (whole and block.end):
        return None
    text = "".join(each.text for each in blocks)
    return Block(text, block.base, block.separators, rows=rows, ids=ids, alone=True, end=block.end)


def offsets(pieces: list[tuple[int, Spot]], begun: Mapping[int, int | None]) -> dict[int, int]:
    """The byte offsets of those segments of a single block of which is known where in its text they begin."""
    block = pieces[0][1].block
    if len(pieces) > 1 or block.stretches is not AS_SENT:
        return {}
    return {at: block.base + start for at, start in begun.items() if start is not None}


class Tail(list[T]):
    """A list whose first items have been let go, while the others keep their indexes. `start` is the first index."""

    def __init__(self, start: int = 0, items: Iterable[T] = ()) -> None:
        super().__init__(items)
        self.start = start

    def __len__(self) -> int:
        return self.start + super().__len__()

    @overload
    def __getitem__(self, at: SupportsIndex) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> list[T]: ...
    def __getitem__(self, at: SupportsIndex | slice) -> T | list[T]:
        if isinstance(at, slice):
            return super().__getitem__(self._own(at))
        return super().__getitem__(at.__index__() - self.start)

    def __delitem__(self, at: SupportsIndex | slice) -> None:
        super().__delitem__(self._own(at) if isinstance(at, slice) else at.__index__() - self.start)

    def _own(self, at: slice) -> slice:
        start, stop, _ = at.indices(len(self))
        return slice(max(start - self.start, 0), max(stop - self.start, 0))
