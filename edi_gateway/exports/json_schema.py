"""Definitions as JSON Schema 2020-12, one file a set: what `edi-gateway translate --to xml` tells of a set, as JSON.

A set, a loop and a segment are objects, whose keys are the names of the XML view; a loop's key ends in `_loop`. What
may come more than once is a list, and every value is a text. JSON has no order within an object, so that the order of
segments is not told; nor are relations between elements, totals, trees, and what a guide says of one qualifier only.
"""

import json
from collections.abc import Iterable
from typing import Any

from edi_gateway.x12.spec import Definition, Element, Place

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_PATTERNS = {
    "R": r"^-?([0-9]+\.?[0-9]*|\.[0-9]+)$", "N": "^-?[0-9]+$", "DT": "^([0-9]{6}|[0-9]{8})$", "TM": "^[0-9]{4,8}$",
}
_Schema = dict[str, Any]


def files(definitions: Iterable[Definition]) -> dict[str, bytes]:
    """Such as `850.004010.schema.json`, for each set."""
    return {
        f"{one.set}.{one.version}.schema.json": json.dumps(schema(one), indent=2).encode() + b"\n"
        for one in definitions
    }


def schema(definition: Definition) -> _Schema:
    """The schema of one set, as its guide narrows it."""
    loops: dict[str, _Schema] = {}
    for place in definition.used:
        path = place.loop.path
        if place.trigger:
            loops[path] = _object(f"Loop {path}")
            if path:
                above, name = path.rpartition("/")[::2]
                _add(loops[above], f"{name}_loop", loops[path], place.loop.need, place.loop.repeat)
        _add(loops[path], place.segment.id, _segment(place), place.need, place.max)
    title = f"{definition.set} {definition.name}, version {definition.version}"
    return {"$schema": DIALECT, **loops[""], "title": title}


def _object(title: str) -> _Schema:
    return {"title": title, "type": "object", "properties": {}, "required": [], "additionalProperties": False}


def _add(around: _Schema, name: str, inner: _Schema, need: str, most: int | None) -> None:
    if most != 1:
        inner = {"type": "array", "items": inner, "minItems": 1, **({} if most is None else {"maxItems": most})}
    around["properties"][name] = inner
    if need == "M":
        around["required"].append(name)


def _segment(place: Place) -> _Schema:
    found = _object(place.segment.name)
    for element in place.segment.elements:
        if element.unused:
            continue
        name = f"{place.segment.id}{element.position:02}"
        inner = _composite(element, name) if element.components else _value(element)
        _add(found, name, inner, element.need, element.repeat)
    return found


def _composite(element: Element, name: str) -> _Schema:
    found = _object(element.name)
    for component in element.components:
        _add(found, f"{name}-{component.position}", _value(component), component.need, 1)
    return found


def _value(element: Element) -> _Schema:
    """A text; the length of a number is told by its digits, without sign and point, and so not by the text."""
    found: _Schema = {"title": element.name, "type": "string"}
    pattern = _PATTERNS.get(element.type) or _PATTERNS.get(element.type[0])
    if element.codes is not None:
        found["enum"] = sorted(code for code in element.codes if element.min <= len(code) <= element.max)
    elif element.type[0] in "RN":
        found |= {"pattern": pattern, "maxLength": element.max + 2}
    else:
        found |= {"minLength": element.min, "maxLength": element.max}
        if pattern:
            found["pattern"] = pattern
    return found
