"""The quick walk over a set's segments: where each stands, as long as nothing is missing or out of place."""

from collections.abc import Sequence

from edi_gateway.x12.compile import Shape, Steps


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
    faulty = [
        at for at, checks, row in zip(range(len(segments)), shape.checks, segments, strict=False)
        if not checks[len(row)](row)
    ]
    return shape, faulty


def _walked(ids: Sequence[str], steps: Steps) -> Shape | None:
    """One look-up a segment tells order, loops and limits."""
    counts: dict[int, int] = {}
    places = [0]
    onward, place = steps.open(0), 0
    for id in ids[1:]:
        step = onward.get(id) or steps.open(place).get(id)
        if not step:
            return None
        place, slot, limit, onward = step
        if slot >= 0:
            counts[slot] = counts[slot] + 1 if limit else 1
            if limit and counts[slot] > limit:
                return None
        places.append(place)
    return steps.shape(ids, places)
