"""Segments being written: slips of elements, gathered by loop, handed out in grammar order."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from edi_gateway.mapping.paths import Hop, Spot
from edi_gateway.x12.spec import Place

Crowded = Callable[[str, int, int, "Slip"], None]
"""Told when a segment or loop stands more often than its place takes: name, count, most, the first too many."""


class Slip:
    """One segment being written: texts by element and component (0: the element itself).

    `spoilt` says that a text of it was refused, so what is missing has been told already.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self.texts: dict[tuple[int, int], str] = {}
        self.spoilt = False

    def put(self, position: int, component: int, text: str) -> None:
        self.texts.setdefault((position, component), text)

    def has(self, position: int, component: int) -> bool:
        return (position, component) in self.texts

    def segment(self, component_separator: str) -> list[str]:
        """The segment as the codec writes it: nothing behind the last element that is said."""
        segment = [self.place.segment.id]
        for (position, component), text in sorted(self.texts.items()):
            segment += [""] * (position + 1 - len(segment))
            before = segment[position].count(component_separator) + 1
            segment[position] += component_separator * (component - before) + text
        return segment


class Instance:
    """One occurrence of a loop being written; the set itself is the loop with an empty path.

    `hop` led into it: its code stands in the first segment, where the rows do not say it.
    """

    def __init__(self, hop: Hop | None = None) -> None:
        self.loop = hop.loop if hop else ""
        self.hop = hop
        self._slips: dict[int, list[Slip]] = {}
        self._shared: dict[tuple[int, str | None], Slip] = {}
        self._loops: dict[str, list[Instance]] = {}
        self._inner: dict[Hop, Instance] = {}

    def slip(self, spot: Spot) -> Slip:
        """The segment that all rows of that place and code share."""
        within = self.inner(spot.hops)
        key = spot.place.index, spot.code
        if key not in within._shared:
            within._shared[key] = within._new(spot.place)
        return within._shared[key]

    def fresh(self, spot: Spot) -> Slip:
        """A segment of its own at that place; where the place opens a loop, in a loop of its own."""
        if spot.place.trigger and spot.hops:
            return self.opened(spot).slip(Spot((), spot.place, None))
        return self.inner(spot.hops)._new(spot.place)

    def opened(self, spot: Spot) -> "Instance":
        """A new occurrence of the loop that the spot leads into."""
        *hops, last = spot.hops
        return self.inner(hops)._open(last)

    def inner(self, hops: Sequence[Hop]) -> "Instance":
        """The loop within this one that all rows with these hops share."""
        within = self
        for hop in hops:
            if hop not in within._inner:
                within._inner[hop] = within._open(hop)
            within = within._inner[hop]
        return within

    def _new(self, place: Place) -> Slip:
        slip = Slip(place)
        self._slips.setdefault(place.index, []).append(slip)
        return slip

    def _open(self, hop: Hop) -> "Instance":
        instance = Instance(hop)
        self._loops.setdefault(hop.loop, []).append(instance)
        return instance

    def slips(self, members: Mapping[str, tuple[Place, ...]], crowded: Crowded) -> Iterator[Slip]:
        """All segments of this loop and the loops within, in grammar order."""
        for place in members[self.loop]:
            if place.loop.path == self.loop:
                if place.index in self._slips:
                    yield from self._segments(place, crowded)
            elif place.loop.path in self._loops:
                yield from self._occurrences(place, members, crowded)

    def _segments(self, place: Place, crowded: Crowded) -> Iterator[Slip]:
        slips = self._slips.get(place.index, [])
        if place.max is not None and len(slips) > place.max:
            crowded(place.segment.id, len(slips), place.max, slips[place.max])
        yield from slips

    def _occurrences(self, place: Place, members: Mapping[str, tuple[Place, ...]], crowded: Crowded) -> Iterator[Slip]:
        loops = self._loops.get(place.loop.path, [])
        most = place.loop.repeat
        for number, instance in enumerate(loops):
            slip = instance.slip(Spot((), place, None))
            if instance.hop and instance.hop.code is not None:
                slip.put(instance.hop.position, 0, instance.hop.code)
            if number == most:
                crowded(f"the loop {place.loop.path}", len(loops), most, slip)
            yield from instance.slips(members, crowded)
