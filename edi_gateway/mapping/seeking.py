"""What a broken set says at a place, looked for by the ids of its segments alone: for people to find it by."""

from collections.abc import Sequence
from itertools import islice

from edi_gateway.mapping.compile import Map
from edi_gateway.mapping.paths import Spot, grammar
from edi_gateway.mapping.plan import Line, Sheet
from edi_gateway.x12.spec import Definition

SEGMENTS_MAX = 2_000
TEXT_MAX = 60

Segments = Sequence[Sequence[str]]


def at_path(segments: Segments, definition: Definition, path: str, separator: str) -> str | None:
    """What stands at a reference path, in the first segments of a set that need not be in order. Never raises."""
    try:
        return _seek(segments, grammar(definition).element("", path), separator)
    except Exception:  # noqa: BLE001 - what was sent may be anything, and nothing depends on the answer
        return None


def at_field(segments: Segments, by: Map, definition: Definition, field: str, separator: str) -> str | None:
    """What stands where the map reads a field such as `number` or `orders.number`. Never raises."""
    try:
        found: Sheet | Line = by.plan(definition).sheet
        for key in field.split("."):
            assert isinstance(found, Sheet)
            found = next(line for line in found.lines if line.key == key)
        assert isinstance(found, Line)
        return next((text for spot in found.spots if (text := _seek(segments, spot, separator))), None)
    except Exception:  # noqa: BLE001 - as above
        return None


def _seek(segments: Segments, spot: Spot, separator: str) -> str | None:
    """The first text at a spot; of a loop it is enough that its last first segment says the code."""
    said: dict[str, Sequence[str]] = {}
    for segment in islice(segments, SEGMENTS_MAX):
        said[segment[0]] = segment
        if segment[0] != spot.place.segment.id or spot.code not in (None, _element(segment, 1)):
            continue
        loops = ((hop, said.get(hop.loop.rpartition("/")[2], ())) for hop in spot.hops if hop.code is not None)
        if all(_element(opened, hop.position) == hop.code for hop, opened in loops):
            text = _element(segment, spot.position)
            if spot.component:
                text = text.split(separator)[spot.component - 1].strip()
            if text and text.isprintable() and len(text) <= TEXT_MAX:
                return text
    return None


def _element(segment: Sequence[str], position: int) -> str:
    return segment[position].strip() if 0 < position < len(segment) else ""
