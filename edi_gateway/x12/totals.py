"""What a set must hold as a whole: what a guide makes mandatory, and totals that agree."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from edi_gateway.issues import Finding, x12
from edi_gateway.x12 import values
from edi_gateway.x12.envelope import Transaction, element
from edi_gateway.x12.spec import Definition, Must, Total

_LENGTH_MAX = 40


def missing(transaction: Transaction, definition: Definition, places: Sequence[int]) -> Iterator[Finding]:
    """What the guide makes mandatory and is not there, in each occurrence of the loop it belongs into."""
    for must in definition.musts:
        targets = [
            place for place in definition.places
            if (place.loop.path, place.segment.id) == (must.loop, must.segment)
        ]
        opens = must.loop and targets[0].trigger
        scope = must.loop.rpartition("/")[0] if opens else must.loop
        wanted = frozenset(place.index for place in targets)
        for start, end in _occurrences(definition, scope, places):
            inside = range(start, end)
            if not any(_fulfils(must, wanted, transaction.segments[at], places[at]) for at in inside):
                here = next((at for at in inside if places[at] > max(wanted)), end)
                yield _missing(transaction, must, here + 1)


def _fulfils(must: Must, wanted: frozenset[int], segment: Sequence[str], place: int) -> bool:
    """Whether a segment is what the guide demands; one that stands out of place is not missing as well."""
    stands = place in wanted or place < 0 and segment[0] == must.segment
    return stands and (must.code is None or segment[1:2] == [must.code])


def _occurrences(definition: Definition, scope: str, places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where each occurrence of a loop begins and ends among the segments; the set itself occurs once."""
    if not scope:
        yield 0, len(places)
        return
    inside = {
        place.index for place in definition.places if f"{place.loop.path}/".startswith(f"{scope}/")
    }
    opening, start = min(inside), None
    for at, place in enumerate(places):
        if start is not None and place >= 0 and (place == opening or place not in inside):
            yield start, at
            start = None
        if place == opening:
            start = at
    if start is not None:
        yield start, len(places)


def _missing(transaction: Transaction, must: Must, position: int) -> Finding:
    what = f"{must.segment} with {must.segment}01 = {must.code}" if must.code else must.segment
    where = f" in loop {must.loop}" if must.loop and must.loop != must.segment else ""
    return x12.SEGMENT_MISSING.finding(
        f"{what} is missing{where}", segment=must.segment, position=position, loop=must.loop or None,
        offset=transaction.offset(position),
    )


def differing(transaction: Transaction, definition: Definition, places: Sequence[int]) -> Iterator[Finding]:
    """The totals that do not agree with what the set holds. A total that is no number is another fault."""
    for total in definition.totals:
        for at in range(len(places) - 1, -1, -1):
            if transaction.segments[at][0] == total.segment:
                yield from _compared(transaction, total, places, at)
                break


def _compared(transaction: Transaction, total: Total, places: Sequence[int], at: int) -> Iterator[Finding]:
    stated = element(transaction.segments[at], total.element)
    if not stated or len(stated) > _LENGTH_MAX or not values.is_number(stated):
        return
    held = _held(transaction, total, places)
    if held is not None and held != Decimal(stated):
        kind = x12.TOTAL_DIFFERS if total.verb == "count" else x12.HASH_DIFFERS
        yield kind.finding(
            f"{total.segment}{total.element:02} says {stated}, the set holds {held:f}", segment=total.segment,
            position=at + 1, element=total.element, value=stated, offset=transaction.offset(at + 1),
        )


def _held(transaction: Transaction, total: Total, places: Sequence[int]) -> Decimal | None:
    if total.of is None:
        return Decimal(sum(places.count(place) for place in total.places))
    held = Decimal(0)
    for at, place in enumerate(places):
        if place in total.places:
            value = element(transaction.segments[at], total.of)
            if value and (len(value) > _LENGTH_MAX or not values.is_number(value)):
                return None
            held += Decimal(value or 0)
    return held
