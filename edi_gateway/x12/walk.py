"""The quick walk over a set's segments: where each stands, as long as nothing is missing or out of place."""

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from operator import getitem

from edi_gateway.x12.compile import ASTRAY, Shape, Stand, Steps


def walk(segments: Sequence[list[str]], steps: Steps) -> tuple[list[int], list[int]] | None:
    """The place of each segment, and the indexes of those whose elements are faulty; see `judged`."""
    found = judged(segments, [row[0] for row in segments], steps)
    return None if found is None else (found[0].places, found[1])


def judged(segments: Sequence[list[str]], ids: Sequence[str], steps: Steps) -> tuple[Shape, list[int]] | None:
    """The shape of a set, and the indexes of the segments whose elements are faulty; `ids` are those of the segments.

    None for any structural fault: `diagnose` names it. Sets of one shape are walked once.
    """
    key = tuple(ids)
    shape = steps.shapes.get(key)
    if shape is None:
        shape = _walked(key, steps)
        if shape is None:
            return None
        steps.remember(key, shape)
    sound = [checks[len(row)](row) for checks, row in zip(shape.checks, segments, strict=True)]
    return shape, [] if all(sound) else [at for at, one in enumerate(sound) if not one]


def _walked(ids: Sequence[str], steps: Steps) -> Shape | None:
    """The interpreter goes from stand to stand by itself: one look-up a segment tells order and loops."""
    stands = list(accumulate(ids[1:], getitem, initial=steps.stand(0)))
    if stands[-1] is ASTRAY or _too_often(stands):
        return None
    return steps.shape(ids, [stand.place for stand in stands])


def _too_often(stands: Sequence[Stand]) -> bool:
    """Whether something comes more often in a row than it may; counted in a row only where there are so many at all."""
    repeated = Counter([stand for stand in stands if stand.repeats])
    if all(count <= stand.repeats for stand, count in repeated.items()):
        return False
    counts: dict[int, int] = {}
    for stand in stands:
        counts[stand.place] = counts[stand.place] + 1 if stand.again else 0
        if stand.repeats and counts[stand.place] > stand.repeats:
            return True
    return False
