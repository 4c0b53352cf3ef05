"""The totals that a set tells of itself, compared with what it holds."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from edi_gateway.issues import Finding, x12
from edi_gateway.x12 import values
from edi_gateway.x12.envelope import Transaction, element
from edi_gateway.x12.spec import Definition, Total

_LENGTH_MAX = 40


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
