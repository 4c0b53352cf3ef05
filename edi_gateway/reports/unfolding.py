"""A set's segments as an outline: how deep each stands, the loops that form a tree by their parents."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from edi_gateway.x12.envelope import element
from edi_gateway.x12.hierarchy import sound
from edi_gateway.x12.spec import Definition, Hierarchy, Place
from edi_gateway.x12.steering import NOWHERE

DEPTH_MAX = 24
"""What stands deeper is drawn at this depth."""


class Leaf(NamedTuple):
    """A segment by its index, how deep it stands, and how deep the tree has come there."""

    at: int
    depth: int
    level: int


def unfold(definition: Definition, rows: Sequence[list[str]], places: Sequence[int]) -> Iterator[Leaf]:
    """Every segment once. Where the tree is broken, its loops stand in a row as they were sent."""
    inside = 0
    for index, level in _ordered(definition, rows, places):
        place = None if places[index] == NOWHERE else definition.places[places[index]]
        depth = inside if place is None else min(depth_of(place) + level, DEPTH_MAX)
        inside = depth if place is None else min(depth + opens(place), DEPTH_MAX)
        yield Leaf(index, depth, level)


def depth_of(place: Place) -> int:
    """How deep a segment of that place stands by the grammar: one that opens a loop stands outside of it."""
    return len(place.loop.path.split("/")) - opens(place) if place.loop.path else 0


def opens(place: Place) -> bool:
    """Whether the segment opens a loop."""
    return place.trigger and place.loop.path != ""


def within(path: str, loop: str) -> bool:
    """Whether a loop is that loop or inside of it."""
    return f"{path}/".startswith(f"{loop}/")


def _ordered(
    definition: Definition, rows: Sequence[list[str]], places: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """The indexes of the segments in the order of the tree, each with the level of its loop there."""
    by = definition.hierarchy
    starts = [index for index, place in enumerate(places) if by is not None and place == by.place]
    if by is None or not starts or not sound(by, rows):
        yield from ((index, 0) for index in range(len(places)))
        return
    end = _end(definition, by, places)
    yield from ((index, 0) for index in range(starts[0]))
    bounds = dict(zip(starts, [*starts[1:], end], strict=True))
    for start, level in _preorder(by, rows, starts):
        yield from ((index, level) for index in range(start, bounds[start]))
    yield from ((index, 0) for index in range(end, len(places)))


def _end(definition: Definition, by: Hierarchy, places: Sequence[int]) -> int:
    """Behind the last segment of the tree."""
    for index in range(len(places) - 1, -1, -1):
        if places[index] != NOWHERE and within(definition.places[places[index]].loop.path, by.loop):
            return index + 1
    return len(places)


def _preorder(by: Hierarchy, rows: Sequence[list[str]], starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where each loop of a sound tree begins, parents before their children, and its level from 0."""
    children: dict[str, list[int]] = {}
    for start in starts:
        children.setdefault(element(rows[start], by.parent), []).append(start)
    stack = [(start, 0) for start in reversed(children.get("", ()))]
    while stack:
        start, level = stack.pop()
        yield start, level
        id = element(rows[start], by.id)
        stack += [(child, level + 1) for child in reversed(children.get(id, ()) if id else ())]
