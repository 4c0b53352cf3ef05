"""The invoice of what was shipped and not yet charged for."""

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from edi_gateway.issues import fulfilment
from edi_gateway.ledger.facts import Entry
from edi_gateway.ledger.fulfilment import LineOfLife
from edi_gateway.ledger.orders import key_of
from edi_gateway.ledger.wanted import INVOICE, Wanted
from edi_gateway.model._parts import DatedEvent
from edi_gateway.model.invoice import Invoice, InvoiceLine
from edi_gateway.model.order import Order

CENT = Decimal("0.01")


def draw(
    order: Order, lines: Sequence[LineOfLife], number: str, currency: str | None, today: dt.date,
    shipped: dt.date | None = None, wanted: Wanted = INVOICE,
) -> tuple[tuple[Entry, ...], Invoice]:
    """The facts of an invoice and the invoice: every line at the order's price, the total to the cent.

    `shipped` is the day on which goods of the order last left; it is told where that is `wanted`.

    Raises `GatewayError`: `fulfilment.nothing-to-invoice`, `fulfilment.price-missing`.
    """
    due = [line for line in lines if line.to_invoice]
    if not due:
        raise fulfilment.NOTHING_TO_INVOICE.error(f"order {order.number}: everything shipped has been invoiced")
    charged = tuple(_charged(line) for line in due)
    total = sum((_amount(line) for line in charged), Decimal(0)).quantize(CENT, ROUND_HALF_UP)
    invoice = Invoice(
        type="invoice", number=number, date=today, order_number=order.number, order_date=order.date,
        release=order.release, currency=order.currency or currency,
        references=wanted.numbers_of(order), parties=wanted.parties_of(order),
        dates=(DatedEvent(kind="shipped", date=shipped),) if wanted.shipped and shipped else (),
        terms=order.terms if wanted.terms else (), lines=charged, total=total,
    )
    return _facts(order, lines, due, invoice), invoice


def _charged(line: LineOfLife) -> InvoiceLine:
    if line.line.price is None:
        raise fulfilment.PRICE_MISSING.error(f"line {line.number} was ordered without a price")
    return InvoiceLine(
        number=line.line.number, quantity=line.to_invoice, unit=line.line.unit, price=line.line.price,
        price_basis=line.line.price_basis, product_ids=line.line.product_ids, title=line.line.title,
    )


def _amount(line: InvoiceLine) -> Decimal:
    return (line.quantity or Decimal(0)) * (line.price or Decimal(0))


def _facts(
    order: Order, lines: Sequence[LineOfLife], due: Sequence[LineOfLife], invoice: Invoice
) -> tuple[Entry, ...]:
    key = key_of(order)
    done = all(line.shipped >= line.taken for line in lines)
    whole = Entry(
        "invoice.sent", {"total": f"{invoice.total:f}", "currency": invoice.currency}, key=invoice.number, order=key,
        order_state="invoiced" if done else None,
    )
    return (whole, *(
        Entry(
            "line.invoiced", {"quantity": f"{line.to_invoice:f}", "invoice": invoice.number}, order=key,
            line=line.number,
        )
        for line in due
    ))
