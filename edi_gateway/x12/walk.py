"""The quick walk over a set's segments: where each stands, as long as nothing is missing or out of place."""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from operator import attrgetter, getitem

from edi_gateway.x12.compile import ASTRAY, Shape, Stand, Steps
from edi_gateway.x12.pattern import Unsound, unsound
from edi_gateway.x12.pieces import Piece
from edi_gateway.x12.tokens import Block

_PLACE = attrgetter("place")


def walk(segments: Sequence[list[str]], steps: Steps) -> tuple[list[int], list[int]] | None:
    """The place of each segment, and the indexes of those whose elements are faulty; see `judged`."""
    found = judged(segments, [row[0] for row in segments], steps)
    return None if found is None else (found[0].places, [index for index, _, _ in found[1]])


def judged(
    segments: Sequence[list[str]], ids: Sequence[str], steps: Steps, alone: Block | None = None
) -> tuple[Shape, Iterable[Unsound]] | None:
    """The shape of a set, and the segments whose elements are faulty; `ids` are those of the segments.

    None for any structural fault: `diagnose` names it. Sets of one shape are walked once. `alone` is the block
    that holds these segments and nothing else; without it they are looked at one by one.
    """
    key = tuple(ids)
    shape = steps.shapes.get(key)
    if shape is None:
        shape = _walked(key, steps)
        if shape is None:
            return None
        steps.remember(key, shape)
    if alone is None:
        return shape, unsound(segments, shape.checks)
    pattern = steps.pattern(alone.separators.element, alone.end)
    return shape, pattern.unsound(alone.text, segments, key, shape.checks)


def _walked(ids: Sequence[str], steps: Steps) -> Shape | None:
    """The shape of a set, put together of pieces that were walked before."""
    places = steps.pieces.of(ids, lambda inside, first: _piece(inside, first, steps))
    return None if places is None else steps.shape(ids, places)


def _piece(ids: Sequence[str], first: bool, steps: Steps) -> Piece | None:
    """The interpreter goes from stand to stand by itself: one look-up a segment tells order and loops."""
    seam = steps.pieces.seam
    start = seam.index if seam and not first else 0
    stands = list(accumulate(ids[1:] if first else ids, getitem, initial=steps.stand(start)))
    places = list(map(_PLACE, stands))
    if stands[-1] is ASTRAY or _too_often(stands, places, steps):
        return None
    onward = seam is not None and stands[-1][seam.segment.id] is not ASTRAY
    return Piece(places, list(map(steps.checks, places)), onward)


def _too_often(stands: Sequence[Stand], places: Sequence[int], steps: Steps) -> bool:
    """Whether something comes more often in a row than it may; counted in a row only where there are so many at all."""
    few = len(stands)
    repeated = [stand for stand in steps.limited.intersection(stands) if stand.repeats < few]
    if all(places.count(stand.place) <= stand.repeats for stand in repeated):
        return False
    counts: dict[int, int] = {}
    for stand in stands:
        counts[stand.place] = counts[stand.place] + 1 if stand.again else 0
        if stand.repeats and counts[stand.place] > stand.repeats:
            return True
    return False
