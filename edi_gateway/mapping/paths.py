"""Where a row points: `BEG03`, `REF04-1`, `REF[IA]02`, `N1[ST]/N401`, and its place in a definition.

A path is read within a scope, the loop that the rows around it repeat over: `PID05` within the
loop `PO1` is element 5 of PID there, whether PID stands in the loop itself or opens one inside it.
A code in brackets is what element 1 of the segment says; of a loop that forms a tree, `HL[S]`, its
level.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from edi_gateway.x12.spec import Definition, Element, Place

_STEP = re.compile(r"([A-Z][A-Z0-9]{1,2})(?:\[([^\[\]/]+)\])?")
_LEAF = re.compile(r"(?:(.+)/)?([A-Z][A-Z0-9]{1,2}(?:\[[^\[\]/]+\])?)/?(\d\d)(?:-(\d\d?))?")
_GRAMMARS_MAX = 64


class PathError(ValueError):
    """A path that cannot be read, or that the definition does not know; the text is a whole clause."""


@dataclass(frozen=True, slots=True)
class Hop:
    """A step into a loop; `code` is what its first segment says in element `position`, None for any."""

    loop: str
    code: str | None
    position: int = 1


@dataclass(frozen=True, slots=True)
class Spot:
    """A path resolved: the loops entered from its scope, the place, and what in the segment is meant.

    `code` is what element 1 of the segment itself must say; the codes of loops stand in `hops`.
    `position` is 0 where the path names a whole segment; `component` is 0 where the element has none.
    """

    hops: tuple[Hop, ...]
    place: Place
    code: str | None
    position: int = 0
    component: int = 0

    @property
    def element(self) -> Element:
        """The element or component meant. Only of a spot that names one."""
        element = self.place.segment.elements[self.position - 1]
        return element.components[self.component - 1] if self.component else element

    @property
    def codes(self) -> tuple[str | None, ...]:
        """All codes on the way: spots with the same place and codes share their segment."""
        return (*(hop.code for hop in self.hops), self.code)


class Grammar:
    """A definition's places by loop, and the paths that lead to them."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition

    @cached_property
    def triggers(self) -> Mapping[str, Place]:
        """The place that opens each loop, by the loop's path."""
        return {place.loop.path: place for place in self.definition.places if place.trigger and place.loop.path}

    @cached_property
    def members(self) -> Mapping[str, tuple[Place, ...]]:
        """What stands in each loop, in grammar order; a loop inside it is there as its opening place."""
        members: dict[str, list[Place]] = {}
        for place in self.definition.places:
            path = place.loop.path
            members.setdefault(path, []).append(place)
            if path and place.trigger:
                members.setdefault(path.rpartition("/")[0], []).append(place)
        return {path: tuple(places) for path, places in members.items()}

    def segment(self, scope: str, text: str) -> Spot:
        """The spot of a path that names a whole segment or loop. Raises `PathError`."""
        return self._walk(scope, text.split("/"), text)

    def element(self, scope: str, text: str) -> Spot:
        """The spot of a path that names an element or a component. Raises `PathError`."""
        leaf = _LEAF.fullmatch(text)
        if leaf is None:
            raise PathError(f"{text!r} does not read like BEG03, REF[IA]02 or N1[ST]/N401")
        loops, segment, position, component = leaf.groups()
        spot = self._walk(scope, [*(loops.split("/") if loops else ()), segment], text)
        found = Spot(spot.hops, spot.place, spot.code, int(position), int(component or 0))
        _check(found, text)
        return found

    def _walk(self, scope: str, steps: list[str], text: str) -> Spot:
        hops: list[Hop] = []
        *loops, last = steps
        for step in loops:
            name, code = _step(step, text)
            scope = f"{scope}/{name}" if scope else name
            if scope not in self.triggers:
                raise PathError(f"{text!r} names the loop {scope}, which the set does not have")
            hops.append(self.hop(scope, code))
        name, code = _step(last, text)
        for place in self.members.get(scope, ()):
            if place.loop.path == scope and place.segment.id == name:
                return Spot(tuple(hops), place, code)
        opening = self.triggers.get(f"{scope}/{name}" if scope else name)
        if opening is None:
            where = f"the loop {scope}" if scope else "the set outside of loops"
            raise PathError(f"{text!r} names the segment {name}, which {where} does not have")
        return Spot((*hops, self.hop(opening.loop.path, code)), opening, None)

    def hop(self, loop: str, code: str | None) -> Hop:
        """The step into a loop where it says that code."""
        by = self.definition.hierarchy
        return Hop(loop, code, by.level) if by and by.loop == loop else Hop(loop, code)


_grammars: dict[int, Grammar] = {}


def grammar(definition: Definition) -> Grammar:
    """The grammar of a definition; made once for those in use."""
    found = _grammars.get(id(definition))
    if found is None or found.definition is not definition:
        if len(_grammars) >= _GRAMMARS_MAX:
            _grammars.clear()
        found = _grammars[id(definition)] = Grammar(definition)
    return found


def _step(text: str, path: str) -> tuple[str, str | None]:
    step = _STEP.fullmatch(text)
    if step is None:
        raise PathError(f"{path!r} does not read like N1[ST]/N4")
    return step[1], step[2]


def _check(spot: Spot, text: str) -> None:
    segment = spot.place.segment
    if not 1 <= spot.position <= len(segment.elements):
        raise PathError(f"{text!r} names element {spot.position}, but {segment.id} has {len(segment.elements)}")
    parts = len(segment.elements[spot.position - 1].components)
    if parts and not spot.component:
        raise PathError(f"{text!r} names a composite; name one of its {parts} components, such as {text}-1")
    if spot.component > parts:
        raise PathError(f"{text!r} names component {spot.component}, but the element has {parts}")
