"""Lays a partner's guide over a set: what the grammar can say becomes the grammar, the rest is looked at afterwards.

A row that goes beyond the standard without `deviates` is refused, since it would go unseen.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from edi_gateway.x12 import sentences, spots
from edi_gateway.x12.guide import Guide, Row
from edi_gateway.x12.guided import Counted, Guided, Spot
from edi_gateway.x12.spec import Definition, Element, Loop, Place, Rows, Segment, SyntaxNote, segment, written

NEVER = SyntaxNote("R9999", (99, 99), "V")
"""A relation that no row fulfils: it makes the generated checks of a segment that is not used fail."""


def narrow(rows: Rows, definition: Definition, guide: Guide) -> Definition:
    """The set as the guide has it. Raises `RowError` for a path that is not there and for what is wider by accident."""
    for row in guide.segments.values():
        if row.word("after"):
            definition = _applied(_placed, row, rows, definition)
    told: list[tuple[Any, Row]] = [(_of_segment, row) for row in guide.segments.values()]
    told += [(_of_element, row) for row in guide.elements.values()]
    for apply, row in sorted(told, key=lambda one: _turn(*one)):
        if row.words is not None:
            definition = _applied(apply, row, definition)
    rules = tuple(_applied(lambda row: sentences.rule(definition, row), row, before=()) for row in guide.rules)
    return replace(definition, rules=rules)


def _turn(apply: Any, row: Row) -> tuple[bool, bool, bool]:
    """Rows for all come before rows for some, so that these are narrower; what adds a code before all that name it."""
    some = "[" in row.path
    return some or not row.word("codes_add"), apply is _of_element, some


def _applied(apply: Any, row: Row, *around: Any, before: Any = None) -> Any:
    try:
        return apply(*around, row)
    except (ValueError, KeyError) as error:
        if type(error) is ValueError:
            raise row.wrong(str(error)) from error
        raise


def _beyond(row: Row, standard: str) -> None:
    """Refuses a row that is wider than the standard, unless it says so."""
    if not row.deviates:
        raise ValueError(
            f"{standard}; if the guide means it, write deviates = true and the page of the guide into the row"
        )


# Segments and loops


def _of_segment(definition: Definition, row: Row) -> Definition:
    spot = spots.segment(definition, row.path)
    place = definition.places[min(spot.places)]
    opens, limit = place.trigger and bool(place.loop.path), _limit(place)
    use, most = row.word("use"), _times(row.word("repeat"), limit)
    needed = (place.loop.need if opens else place.need) == "M"
    if limit is not None and (most is None or most > limit):
        _beyond(row, f"the standard has it {limit} times at most")
    if needed and spot.plain and use in ("used", "unused"):
        _beyond(row, "it is mandatory in the standard")
    if not spot.plain or len(spot.places) > 1:
        if row.deviates:
            raise ValueError("a deviation holds whatever the codes are; write its path without [ ]")
        least = 1 if use == "must" else 0
        told = most if row.word("repeat") is not None else None
        counted = Counted(spot, least, 0 if use == "unused" else told, page=row.page)
        return replace(definition, counted=(*definition.counted, counted))
    if use == "unused":
        definition = _unused(definition, place, row)
    words = frozenset({"use"} if use == "must" and not needed else ()) | ({"repeat"} if most != limit else set())
    need = {"must": "M", "used": "O", "unused": "O"}.get(use or "", place.loop.need if opens else place.need)
    changes: dict[str, Any] = {"need": need}
    if opens:
        guided = Guided(place.loop.guided.words | words, row.page or place.loop.guided.page)
        return _with_loop(definition, replace(place.loop, repeat=most, guided=guided, **changes))
    guided = Guided(place.guided.words | words, row.page or place.guided.page)
    return _with_place(definition, replace(definition.places[place.index], max=most, guided=guided, **changes))


def _limit(place: Place) -> int | None:
    return place.loop.repeat if place.trigger and place.loop.path else place.max


def _times(word: Any, otherwise: int | None) -> int | None:
    if word is None:
        return otherwise
    return None if word == ">1" else int(word)


def _unused(definition: Definition, place: Place, row: Row) -> Definition:
    told = replace(
        place.segment, unused=True, notes=(*place.segment.notes, NEVER), guided=Guided(frozenset({"use"}), row.page)
    )
    return _with_place(definition, replace(place, segment=told))


def _with_place(definition: Definition, place: Place) -> Definition:
    places = list(definition.places)
    places[place.index] = place
    return replace(definition, places=tuple(places))


def _with_loop(definition: Definition, loop: Loop) -> Definition:
    places = tuple(
        replace(place, loop=loop) if place.loop.path == loop.path else place for place in definition.places
    )
    return replace(definition, places=places)


# Elements


def _of_element(definition: Definition, row: Row) -> Definition:
    spot = spots.element(definition, row.path)
    assert spot.element is not None
    if not spot.plain:
        if row.deviates:
            raise ValueError("a deviation holds whatever the codes are; write its path without [ ]")
        known = definition.places[min(spot.places)].segment.elements[spot.element - 1]
        counted = Counted(spot, elements=(_told(known, spot, row),), page=row.page)
        return replace(definition, counted=(*definition.counted, counted))
    places = list(definition.places)
    for index in spot.places:
        elements = list(places[index].segment.elements)
        elements[spot.element - 1] = _told(elements[spot.element - 1], spot, row)
        places[index] = replace(places[index], segment=replace(places[index].segment, elements=tuple(elements)))
    return replace(definition, places=tuple(places))


def _told(element: Element, spot: Spot, row: Row) -> Element:
    """An element as a row has it, or with the component that the row speaks of."""
    if spot.component is None:
        return _narrowed(element, row)
    if row.word("repeat") is not None:
        raise ValueError("a component does not repeat; name its composite")
    components = list(element.components)
    components[spot.component - 1] = _narrowed(components[spot.component - 1], row)
    return replace(element, components=tuple(components))


def _narrowed(element: Element, row: Row) -> Element:
    use, words = row.word("use"), set(element.guided.words)
    if element.need == "M" and use in ("used", "unused"):
        _beyond(row, "it is mandatory in the standard")
    page = row.page or element.guided.page
    if use == "unused":
        return replace(
            element, need="O", type="ID", repeat=1, codes=frozenset(), narrowed=True, components=(), notes=(),
            guided=Guided(frozenset({"use"}), page),
        )
    if use == "must" and element.need != "M":
        words.add("use")
    need = {"must": "M", "used": "O"}.get(use or "", element.need)
    low, high = _length(element, row)
    words |= {"length"} if (low, high) != (element.min, element.max) else set()
    repeat = _repeat(element, row)
    words |= {"repeat"} if repeat != element.repeat else set()
    codes = _codes(element, row, low, high)
    own = tuple(row.word("codes") or element.guided.codes)
    listed = (*own, *(row.word("codes_add") or ())) if own else ()
    told = Guided(frozenset(words), page, listed)
    narrowed = element.narrowed or row.word("codes") is not None or codes != element.codes
    return replace(
        element, need=need, min=low, max=high, repeat=repeat, codes=codes, narrowed=narrowed,  # type: ignore[arg-type]
        guided=told if narrowed or words else element.guided,
    )


def _repeat(element: Element, row: Row) -> int:
    """How often the element may be there in one segment; the standard lets few elements repeat, and none in 004010."""
    most = int(row.word("repeat") or element.repeat)
    if most > element.repeat:
        _beyond(row, f"the standard has it {'once' if element.repeat == 1 else f'{element.repeat} times'} at most")
    return most


def _length(element: Element, row: Row) -> tuple[int, int]:
    told = row.word("length")
    if told is None:
        return element.min, element.max
    if element.components:
        raise ValueError("a composite has no length; name its component")
    low, high = told
    if low < element.min or high > element.max:
        _beyond(row, f"the standard has {element.min} to {element.max} characters")
    return int(low), int(high)


def _codes(element: Element, row: Row, low: int, high: int) -> frozenset[str] | None:
    told, added = row.word("codes"), row.word("codes_add")
    if told is None and added is None:
        return element.codes
    if element.type not in ("ID", "AN"):
        raise ValueError(f"an element of type {element.type} has no codes")
    own = frozenset(told) if told is not None else element.codes or frozenset()
    foreign = sorted(own - element.codes) if element.codes is not None else []
    if foreign:
        raise ValueError(
            f"{', '.join(foreign)} is no code of the standard's list; a code of the partner's own stands under "
            "codes_add, with deviates = true and the page of the guide"
        )
    if added:
        _beyond(row, f"{', '.join(sorted(added))} is no code of the standard")
    odd = sorted(code for code in (*(told or ()), *(added or ())) if not low <= len(code) <= high)
    if odd:
        raise ValueError(f"{', '.join(odd)} has not the length of {low} to {high} characters")
    return own | frozenset(added or ())


# Another order, and segments that the standard has not in this place


def _placed(rows: Rows, definition: Definition, row: Row) -> Definition:
    _beyond(row, "another order, or a segment more, is no part of the standard")
    if "[" in row.path:
        raise ValueError("a deviation holds whatever the codes are; write its path without [ ]")
    try:
        moved = spots.segment(definition, row.path)
    except ValueError:
        block = [_added(rows, definition, row)]
        rest = list(definition.places)
    else:
        place = definition.places[min(moved.places)]
        path = place.loop.path if place.trigger else None
        block = [one for one in definition.places if one is place or path and _in(one, path)]
        rest = [one for one in definition.places if one not in block]
    behind = _behind(definition, row, rest, spots.above(block[0]))
    return _ordered(definition, [*rest[:behind], *block, *rest[behind:]])


def _in(place: Place, loop: str) -> bool:
    return f"{place.loop.path}/".startswith(f"{loop}/")


def _added(rows: Rows, definition: Definition, row: Row) -> Place:
    path, _, id = row.path.rpartition("/")
    loop = next((place.loop for place in definition.places if place.loop.path == path), None)
    if loop is None:
        raise ValueError(f"set {definition.set} has no loop {path}")
    told: Segment | None
    if row.word("elements"):
        told = written(rows, definition.version, id, row.word("name") or id, row.word("elements"))
    else:
        told = segment(rows, definition.version, id)
    if told is None:
        raise ValueError(f"{id} is no segment of the standard; write its elements into the row")
    most = _times(row.word("repeat"), 1)
    guided = Guided(frozenset({"use", "repeat"}), row.page)
    return Place(-1, told, loop, "M" if row.word("use") == "must" else "O", most, False, guided)


def _behind(definition: Definition, row: Row, rest: Sequence[Place], loop: str) -> int:
    """Where among the rest the segment goes: behind a segment of its loop, or behind a whole loop in that."""
    after = definition.places[max(spots.segment(definition, row.word("after")).places)]
    if after.loop.path == loop:
        return rest.index(after) + 1
    if spots.above(after) != loop or not after.trigger:
        raise ValueError(f"{row.word('after')} does not stand in {'the loop ' + loop if loop else 'the set itself'}")
    return max(at for at, place in enumerate(rest) if _in(place, after.loop.path)) + 1


def _ordered(definition: Definition, places: Sequence[Place]) -> Definition:
    """The set with its places in another order, and what speaks of places speaking of them still."""
    now = {place.index: at for at, place in enumerate(places)}
    totals = tuple(
        replace(total, places=frozenset(now[place] for place in total.places)) for total in definition.totals
    )
    tree = definition.hierarchy
    return replace(
        definition, places=tuple(replace(place, index=at) for at, place in enumerate(places)), totals=totals,
        hierarchy=replace(tree, place=now[tree.place]) if tree is not None else None,
    )
