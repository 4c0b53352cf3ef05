"""A stretch of a transaction set that is judged while the set streams, and a list of which only the end is kept."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, SupportsIndex, TypeVar, overload

from edi_gateway.x12.tokens import AS_SENT, Block, Run, Separators

T = TypeVar("T")

Share = tuple[int, Block, int]
"""Where segments of a set lie: the position of the first of them, where ST is 1, the block, and its row there."""


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
    _shares: list[Share] = field(default_factory=list, repr=False)

    def add(self, run: Run) -> None:
        """Adds some segments of a block."""
        block, start, end = run
        self._shares.append((self.first + len(self.segments) + 1, block, start))
        self.segments += block.rows[start:end]
        self.ids += block.ids[start:end]
        self.plain = self.plain and block.plain
        self.compound = self.compound or block.compound

    def offset(self, position: int) -> int:
        """The byte offset of a segment of the page, where ST has position 1; of its end, for one position more."""
        return offset(self._shares, position)

    def followed_by(self, page: "Page") -> "Page":
        """Both in one; the other begins where this ends."""
        if not self.segments:
            return page
        return Page(
            self.first, self.separators, self.segments + page.segments, self.ids + page.ids,
            self.plain and page.plain, self.compound or page.compound, self._shares + page._shares,
        )

    def parted(self, count: int) -> tuple["Page", "Page"]:
        """So many segments from its beginning, and the others."""
        # What lies before the share in which the second part begins is let go with the first.
        share = max(bisect_right(self._shares, self.first + count + 1, key=lambda share: share[0]) - 1, 0)
        begun = Page(
            self.first, self.separators, self.segments[:count], self.ids[:count], self.plain, self.compound,
            self._shares,
        )
        rest = Page(
            self.first + count, self.separators, self.segments[count:], self.ids[count:], self.plain, self.compound,
            self._shares[share:],
        )
        return begun, rest


def offset(shares: list[Share], position: int) -> int:
    """The byte offset of a segment by its position."""
    at = bisect_right(shares, position, key=lambda share: share[0]) - 1 if len(shares) > 1 else 0
    first, block, row = shares[max(at, 0)]
    return block.offset(row + position - first)


def alone(shares: list[Share], rows: list[list[str]], ids: Sequence[str]) -> Block | None:
    """A block that holds these rows and nothing else, evenly laid out; None where they do not lie like that."""
    block = shares[0][1]
    if len(shares) == 1:
        return block if block.plain and block.end and len(block.rows) == len(rows) else None
    blocks = [each for _, each, row in shares if row == 0 and each.plain and each.end == block.end]
    whole = len(blocks) == len(shares) and sum([len(each.rows) for each in blocks]) == len(rows)
    if not (whole and block.end):
        return None
    text = "".join(each.text for each in blocks)
    return Block(text, block.base, block.separators, rows=rows, ids=ids, alone=True, end=block.end)


def origin(shares: list[Share]) -> int | None:
    """The byte offset at which a single block begins; None where places in its text are no byte offsets."""
    block = shares[0][1]
    return block.base if len(shares) == 1 and block.stretches is AS_SENT else None


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
