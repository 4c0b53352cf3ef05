"""The answer to an order, line by line."""

import datetime as dt
from collections.abc import Mapping

from edi_gateway.ledger.wanted import Wanted
from edi_gateway.model.order import Order, OrderLine
from edi_gateway.model.order_response import LineAnswer, OrderResponse, ResponseLine

ACCEPTED, REJECTED, CHANGED = "accepted", "rejected", "accepted_with_changes"


def answer(order: Order, decisions: Mapping[str, str], default: str, today: dt.date) -> OrderResponse:
    """The response that gives each line its decision, by line number, and every other line the default.

    A decision is `accepted`, `rejected`, another word of the mapping, or a code as the partner knows it.
    The response as a whole is accepted or rejected when all its lines are, else accepted with changes.
    """
    numbers = line_numbers(order)
    lines = tuple(
        _answered(line, decisions.get(number, default)) for number, line in zip(numbers, order.lines, strict=True)
    )
    taken = {answer.decision for line in lines for answer in line.answers}
    return OrderResponse(
        purpose="original",
        decision=taken.pop() if taken in ({ACCEPTED}, {REJECTED}) else CHANGED,
        number=order.number,
        release=order.release,
        date=order.date,
        answered=today,
        currency=order.currency,
        references=tuple(r for r in order.references if r.kind == "vendor_number"),
        lines=lines,
    )


def told(response: OrderResponse, order: Order, wanted: Wanted) -> OrderResponse:
    """The response with what the partner wants told of the order beside."""
    return response.model_copy(update={"references": wanted.numbers_of(order), "parties": wanted.parties_of(order)})


def line_numbers(order: Order) -> tuple[str, ...]:
    """How people and answers name the order's lines: the buyer's number, else the ordinal."""
    return tuple(line.number or str(ordinal) for ordinal, line in enumerate(order.lines, 1))


def _answered(line: OrderLine, decision: str) -> ResponseLine:
    return ResponseLine(
        number=line.number,
        quantity=line.quantity,
        unit=line.unit,
        price=line.price,
        price_basis=line.price_basis,
        product_ids=line.product_ids,
        answers=(LineAnswer(decision=decision, quantity=line.quantity, unit=line.unit),),
    )
