"""Facts about orders: who they are, and that they were answered."""

import datetime as dt
from collections.abc import Mapping

from edi_gateway.ledger.answering import answer, line_numbers
from edi_gateway.ledger.facts import Entry, OrderKey
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.model.order import Order
from edi_gateway.model.order_response import OrderResponse


def key_of(order: Order) -> OrderKey:
    """An order's identity within its partnership."""
    return order.number, order.release or ""


def about(order: OrderKey, partnership: Partnership) -> str:
    """What the desk's issues about an order are filed under."""
    return f"order {partnership.id} {order[0]} {order[1]}".rstrip()


def answered(
    order: Order, decisions: Mapping[str, str], default: str, today: dt.date
) -> tuple[tuple[Entry, ...], OrderResponse]:
    """The facts of an answer, one for the order and one for each line, and the response that tells them."""
    response = answer(order, decisions, default, today)
    key = key_of(order)
    whole = Entry("order.answered", {"decision": response.decision}, order=key, order_state=response.decision)
    lines = tuple(
        Entry(
            "line.answered",
            {"decision": said.decision, "quantity": None if said.quantity is None else f"{said.quantity:f}"},
            order=key,
            line=number,
        )
        for number, line in zip(line_numbers(order), response.lines, strict=True)
        for said in line.answers
    )
    return (whole, *lines), response


def placed(order: Order) -> tuple[Entry, ...]:
    """The fact that we placed an order with a seller."""
    return (Entry("order.placed", {"lines": len(order.lines)}, order=key_of(order), opens=order, order_state="open"),)
