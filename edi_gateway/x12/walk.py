"""The quick walk over a set's segments: where each stands, as long as nothing is missing or out of place."""

from collections.abc import Sequence

from edi_gateway.x12.compile import Steps


def walk(segments: Sequence[list[str]], steps: Steps) -> tuple[list[int], list[int]] | None:
    """The place of each segment, and the indexes of those whose elements are faulty.

    None for any structural fault: `diagnose` names it. One look-up a segment tells order, loops and limits.
    """
    counts: dict[int, int] = {}
    places, faulty = [0], []
    if not steps.checks(0)[len(segments[0])](segments[0]):
        faulty.append(0)
    onward, place = steps.open(0), 0
    for row in segments[1:]:
        step = onward.get(row[0]) or steps.open(place).get(row[0])
        if not step:
            return None
        place, slot, limit, checks, onward = step
        if slot >= 0:
            counts[slot] = counts[slot] + 1 if limit else 1
            if limit and counts[slot] > limit:
                return None
        if not checks[len(row)](row):
            faulty.append(len(places))
        places.append(place)
    return places, faulty
