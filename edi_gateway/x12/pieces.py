"""Sets in pieces: one is cut before each segment that opens its largest loop, such as a line of an order or a level.

Sets differ in how many lines or levels they have, and of what kind. So a whole set may never come again by the ids of
its segments, while each of its pieces has come many times.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from edi_gateway.x12.judge import Judge
from edi_gateway.x12.spec import Definition, Place

_SEGMENTS_MAX = 10_000
"""So many segments are remembered in pieces, then everything is forgotten."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Segments in a row: where each stands, the functions that check it, and whether a further piece may follow."""

    places: list[int]
    checks: list[Judge]
    onward: bool


class Places(list[int]):
    """Where the segments of a set stand. `pieces` are those it was put together of."""

    __slots__ = ("pieces",)
    pieces: Sequence[Piece]


class Pieces:
    """The pieces of the sets of one definition that came before. `seam` is the place at which they are cut."""

    def __init__(self, definition: Definition) -> None:
        self.seam = _seam(definition)
        self._cut = f"\t{self.seam.segment.id}\n" if self.seam else "\t\n"
        limit = self.seam.loop.repeat if self.seam else 0
        self._most = math.inf if limit is None else 1 + limit
        self._known: dict[str, Piece] = {}
        self._size = 0

    def of(self, ids: Sequence[str], walk: Callable[[Sequence[str], bool], Piece | None]) -> Places | None:
        """A set in pieces, by the ids of its segments; None for any structural fault. `walk` makes a piece by its ids
        and whether it is the first; it returns None likewise."""
        texts = ("\n\t".join(ids) + "\n").split(self._cut)
        places, onward, known = Places(), True, self._known
        pieces: list[Piece] = []
        for text in texts:
            piece = known.get(text)
            if piece is None:
                piece = walk(text[bool(pieces):-1].split("\n\t") if text else [], not pieces)
                if piece is None:
                    return None
                self._remember(text, piece)
            if not onward:
                return None
            places += piece.places
            pieces.append(piece)
            onward = piece.onward
        places.pieces = pieces
        # An id that holds a line break would count as two.
        return places if len(places) == len(ids) and len(pieces) <= self._most else None

    def _remember(self, text: str, piece: Piece) -> None:
        if self._size > _SEGMENTS_MAX:
            self._known, self._size = {}, 0
        self._known[text] = piece
        self._size += len(piece.places)


def _seam(definition: Definition) -> Place | None:
    """The segment that opens the outermost loop with the most places, where it stands nowhere else."""
    stands = Counter(place.segment.id for place in definition.places)
    sizes = Counter(place.loop.path.partition("/")[0] for place in definition.places)
    opening = [
        place for place in definition.places
        if place.trigger and place.loop.path and "/" not in place.loop.path and stands[place.segment.id] == 1
    ]
    return max(opening, key=lambda place: sizes[place.loop.path], default=None)
