"""Where the paths of a guide lead in a set: `BEG02`, `REF[IA]`, `N1[ST]/N104`, `HL[S]/TD5`, `PO1/PO106`.

A code in brackets is that of the first element; of a loop that forms a tree it is the level.
"""

import re

from edi_gateway.x12.guided import Spot
from edi_gateway.x12.spec import Definition, Place

_CODE = r"(?:\[(?P<code>[^\[\]/\s]+)\])?"
_LOOP = re.compile(rf"(?P<name>[A-Z0-9]+){_CODE}")
_SEGMENT = re.compile(rf"(?P<segment>[A-Z][A-Z0-9]{{1,2}}){_CODE}")
_ELEMENT = re.compile(rf"(?P<segment>[A-Z][A-Z0-9]{{1,2}}){_CODE}(?P<element>\d\d)(?:-(?P<component>\d))?")


def segment(definition: Definition, path: str) -> Spot:
    """The segment a path names. Raises `ValueError` where the set has none such."""
    return _spot(definition, path, _SEGMENT)


def element(definition: Definition, path: str) -> Spot:
    """The element, or the component of one, that a path names. Raises `ValueError` where the set has none such."""
    return _spot(definition, path, _ELEMENT)


def either(definition: Definition, path: str) -> Spot:
    """The element a path names, or the segment."""
    return _spot(definition, path, _ELEMENT if _ELEMENT.fullmatch(path.rpartition("/")[2]) else _SEGMENT)


def within(definition: Definition, loop: str, path: str) -> Spot:
    """What a path names in a loop, or else in the set as a whole."""
    try:
        return either(definition, f"{loop}/{path}")
    except ValueError:
        return either(definition, path)


def opening(definition: Definition, loop: str) -> Place:
    """The place that opens a loop."""
    return next(place for place in definition.places if place.trigger and place.loop.path == loop)


def above(place: Place) -> str:
    """The loop in which a segment occurs, or the loop that it opens."""
    return place.loop.path.rpartition("/")[0] if place.trigger else place.loop.path


def _spot(definition: Definition, path: str, form: re.Pattern[str]) -> Spot:
    *outer, last = path.split("/")
    loops = [_LOOP.fullmatch(part) for part in outer]
    named = form.fullmatch(last)
    if named is None or not all(loops):
        example = "BEG02 or N1[ST]/N104" if form is _ELEMENT else "REF[IA] or PO1/PID"
        raise ValueError(f"{path!r} does not read like {example}")
    names = [(part["name"], part["code"]) for part in loops if part]
    found = _places(definition, "/".join(name for name, _ in names), named["segment"])
    around = [
        (trigger.index, _told_by(definition, trigger), code) for depth, (_, code) in enumerate(names, start=1) if code
        for trigger in [opening(definition, "/".join(name for name, _ in names[:depth]))]
    ]
    code = (_told_by(definition, found[0]), named["code"]) if named["code"] else None
    if around and around[-1][0] == found[0].index:
        # `N1[ST]/N104` is an element of the very segment that holds the code.
        code = around.pop()[1:]
    for place, position, each in [*around, *([(found[0].index, *code)] if code else [])]:
        _known(definition.places[place], position, each)
    loop = above(found[0])
    spot = Spot(
        path, named["segment"], loop, frozenset(place.index for place in found), tuple(around), code,
        opening(definition, loop).index if loop else None,
    )
    return spot if form is _SEGMENT else _with_element(spot, found, named)


def _with_element(spot: Spot, found: list[Place], named: re.Match[str]) -> Spot:
    position, component = int(named["element"]), int(named["component"]) if named["component"] else None
    elements = found[0].segment.elements
    if not 1 <= position <= len(elements):
        raise ValueError(f"{spot.segment} has the elements 01 to {len(elements):02}, not {position:02}")
    parts = len(elements[position - 1].components)
    if component is not None and not 1 <= component <= parts:
        raise ValueError(f"{spot.segment}{position:02} has {parts or 'no'} components")
    return Spot(
        spot.path, spot.segment, spot.loop, spot.places, spot.around, spot.code, spot.scope, position, component
    )


def _places(definition: Definition, loop: str, segment: str) -> list[Place]:
    """The segment in that loop, or the one that opens a loop of its name there."""
    for wanted in (loop, f"{loop}/{segment}".lstrip("/")):
        found = [
            place for place in definition.places if (place.loop.path, place.segment.id) == (wanted, segment)
        ]
        if found:
            return found
    raise ValueError(f"set {definition.set} has no {segment} in {'the loop ' + loop if loop else 'its heading'}")


def _told_by(definition: Definition, place: Place) -> int:
    """The element by which occurrences of a segment are told apart."""
    tree = definition.hierarchy
    return tree.level if tree is not None and tree.place == place.index else 1


def _known(place: Place, position: int, code: str) -> None:
    element = place.segment.elements[position - 1]
    if element.codes is not None and code not in element.codes:
        raise ValueError(f"{code} is no code of {place.segment.id}{position:02}")
