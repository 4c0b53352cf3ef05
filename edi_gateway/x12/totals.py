"""The totals that a set tells of itself, compared with what it holds."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from edi_gateway.issues import Finding, x12
from edi_gateway.x12 import values
from edi_gateway.x12.envelope import Transaction, element
from edi_gateway.x12.pages import Page
from edi_gateway.x12.spec import Definition, Total

_LENGTH_MAX = 40
_SHORT = 15
"""Numbers of so few digits are added up as integers."""


def differing(transaction: Transaction, definition: Definition, places: Sequence[int]) -> Iterator[Finding]:
    """The totals that do not agree with what the set holds. A total that is no number is another fault."""
    for total in definition.totals:
        for at in range(len(places) - 1, -1, -1):
            if transaction.segments[at][0] == total.segment:
                yield from _compared(transaction, total, places, at)
                break


def _compared(transaction: Transaction, total: Total, places: Sequence[int], at: int) -> Iterator[Finding]:
    stated = element(transaction.segments[at], total.element)
    if _is_number(stated) and (held := _held(transaction, total, places)) is not None:
        yield from _difference(total, held, stated, at + 1, transaction.offset(at + 1))


def _difference(total: Total, held: Decimal, stated: str, position: int, offset: int) -> Iterator[Finding]:
    if held != Decimal(stated):
        kind = x12.TOTAL_DIFFERS if total.verb == "count" else x12.HASH_DIFFERS
        yield kind.finding(
            f"{total.segment}{total.element:02} says {stated}, the set holds {held:f}", segment=total.segment,
            position=position, element=total.element, value=stated, offset=offset,
        )


def _held(transaction: Transaction, total: Total, places: Sequence[int]) -> Decimal | None:
    if total.of is None:
        return Decimal(sum(places.count(place) for place in total.places))
    return _sum(transaction.segments, total, places)


def _sum(rows: Sequence[list[str]], total: Total, places: Sequence[int]) -> Decimal | None:
    """The values that are added up; None where one is no number, which is another fault."""
    of, those = total.of, total.places
    assert of is not None
    found = [row[of] for row, place in zip(rows, places, strict=True) if place in those and of < len(row)]
    joined = "".join(found)
    if joined.isascii() and joined.isdecimal() and max(map(len, found)) <= _SHORT:
        return Decimal(sum(map(int, found) if "" not in found else map(int, filter(None, found))))
    if not all(not value or _is_number(value) for value in found):
        return None
    return sum((Decimal(value or 0) for value in found), Decimal(0))


def _is_number(value: str) -> bool:
    return 0 < len(value) <= _LENGTH_MAX and values.is_number(value)


class Held:
    """What a set holds that comes in pages, added up page by page, and where it last told its totals."""

    def __init__(self, definition: Definition) -> None:
        self._totals = definition.totals
        self._held: list[Decimal | None] = [Decimal(0) for _ in self._totals]
        self._told: list[tuple[str, int, int] | None] = [None for _ in self._totals]

    def take(self, page: Page, places: Sequence[int]) -> None:
        """The next segments, which stand at those places."""
        for number, total in enumerate(self._totals):
            held = self._held[number]
            if held is not None:
                more = _sum(page.segments, total, places) if total.of is not None else Decimal(
                    sum(places.count(place) for place in total.places)
                )
                self._held[number] = None if more is None else held + more
            if total.segment in page.ids:
                at = len(page.ids) - 1 - page.ids[::-1].index(total.segment)
                position = page.first + at + 1
                stated = element(page.segments[at], total.element)
                self._told[number] = stated, position, page.offset(position)

    def differing(self) -> Iterator[Finding]:
        """The totals that do not agree with what the set held."""
        for total, held, told in zip(self._totals, self._held, self._told, strict=True):
            if told is not None and held is not None and _is_number(told[0]):
                yield from _difference(total, held, *told)
