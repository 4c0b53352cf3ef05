"""One transaction set: its segments, which block each lies in, and its pages where it is too large to be held."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import ClassVar

from edi_gateway.issues import Finding
from edi_gateway.x12.limits import Limits
from edi_gateway.x12.pages import Page, Share, alone, offset, origin
from edi_gateway.x12.tokens import Block, Run, Separators


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
    _shares: list[Share] = field(default_factory=list, repr=False)

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
        return alone(self._shares, self.segments, self._ids)

    def tidy(self) -> bool:
        """Whether every value is printable ASCII, and none begins with a blank, as far as that is known."""
        return all(block.tidy for _, block, _ in self._shares)

    def offset(self, position: int) -> int:
        """The byte offset of a segment, ST = 1; of the end, for a position behind the last one."""
        return offset(self._shares, position)

    @property
    def origin(self) -> int | None:
        """The byte offset at which the text of `alone` begins; None where places in it are no byte offsets."""
        return origin(self._shares)

    def finish(self) -> None:
        """Passes over the pages that nobody has taken."""
        for _ in self.pages or ():
            pass

    def add(self, run: Run, limits: Limits) -> bool:
        """Adds some segments of a block, as far as the limits allow.

        Returns whether the set is too large to be held, and is to be handed on in pages.
        """
        block, first, end = run
        self.counted += end - first
        size = block.base - self._shares[0][1].base if self._shares else 0
        outgrown = self.counted > limits.set_segments or size > limits.set_bytes
        if outgrown and not limits.page_segments:
            self.whole = False
            if self.segments:
                return False
            end, outgrown = first + 1, False
        self._shares.append((len(self.segments) + 1, block, first))
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

    def stream(self, runs: Iterator[Run], limits: Limits) -> Iterator[Page]:
        """The set in pages: what has been added, of which only the ST is kept, and then its other runs."""
        ends = [first for first, _, _ in self._shares[1:]] + [self.counted + 1]
        shares = zip(self._shares, ends, strict=True)
        held = [(block, row, row + end - first) for (first, block, row), end in shares][::-1]
        self.counted = 0
        del self._shares[1:], self.segments[1:]
        self._ids = self._ids[:1]
        page = Page(0, self.separators)
        for block, first, end in chain((held.pop() for _ in range(len(held))), runs):
            self._shares[1:] = [(self.counted + 1, block, first)]
            for row in range(first, end, limits.page_segments):
                if len(page.segments) >= limits.page_segments:
                    yield page
                    page = Page(self.counted, self.separators)
                count = min(limits.page_segments, end - row)
                page.add((block, row, row + count))
                self.counted += count
        yield page


def of_block(ordinal: int, code: str, block: Block) -> Transaction:
    """The set that a block holds alone."""
    rows = block.rows
    return Transaction(
        ordinal, code, block.separators, rows, [], len(rows), True, True, block.compound, None, block.ids,
        [(1, block, 0)],
    )
