"""What of an order is still to be shipped and invoiced, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from edi_gateway.ledger.answering import line_numbers
from edi_gateway.ledger.facts import Key, OrderKey, Past
from edi_gateway.model.order import Order, OrderLine

REFUSED = ("rejected", "deleted")
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class LineOfLife:
    """One line of an order: what was ordered, taken, shipped and invoiced so far."""

    number: str
    line: OrderLine
    ordered: Decimal
    taken: Decimal
    shipped: Decimal
    invoiced: Decimal

    @property
    def to_ship(self) -> Decimal:
        """What has been taken and not yet shipped; never less than nothing."""
        return max(self.taken - self.shipped, NOTHING)

    @property
    def to_invoice(self) -> Decimal:
        """What has been shipped and not yet invoiced; never less than nothing."""
        return max(self.shipped - self.invoiced, NOTHING)


def line_keys(order: OrderKey) -> tuple[Key, ...]:
    """What `lines_of_life` needs to know of the past."""
    return (("lines", *order), ("answers", *order))


def lines_of_life(order: Order, past: Past) -> tuple[LineOfLife, ...]:
    """Every line of an order that is on the books, in its order."""
    key = (order.number, order.release or "")
    sums: Mapping[str, Mapping[str, Decimal]] = past.get(("lines", *key)) or {}
    answers: Mapping[str, Mapping[str, Any]] = past.get(("answers", *key)) or {}
    return tuple(
        _line(number, line, sums.get(number, {}), answers.get(number))
        for number, line in zip(line_numbers(order), order.lines, strict=True)
    )


def _line(
    number: str, line: OrderLine, sums: Mapping[str, Decimal], answer: Mapping[str, Any] | None
) -> LineOfLife:
    ordered = line.quantity or NOTHING
    taken = NOTHING
    if answer is not None and not str(answer["decision"]).startswith(REFUSED):
        taken = Decimal(answer["quantity"]) if answer.get("quantity") else ordered
    return LineOfLife(
        number, line, ordered, taken, sums.get("line.shipped", NOTHING), sums.get("line.invoiced", NOTHING)
    )
