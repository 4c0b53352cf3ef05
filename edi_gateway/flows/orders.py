"""A person's decision on an order, told to the partner."""

from collections.abc import Mapping

from edi_gateway.flows.house import House
from edi_gateway.flows.outbound import prepare
from edi_gateway.flows.standing import standing
from edi_gateway.issues import trade
from edi_gateway.ledger.answering import line_numbers
from edi_gateway.ledger.facts import KnownOrder
from edi_gateway.ledger.orders import about, answered, key_of, placed
from edi_gateway.logs import log
from edi_gateway.model.order import Order

UNANSWERED = ("open", "held", "change_asked")


def answer(
    house: House, partnership_id: int, number: str, release: str, *, decisions: Mapping[str, str], default: str,
    again: bool = False,
) -> int:
    """Decides an order and queues the response in the same commit. Returns the response's document id.

    Raises `GatewayError`: `trade.order-not-found`, `trade.line-not-found`, `trade.already-answered`
    (unless `again`), and what `outbound.prepare` raises.
    """
    with house.commit() as commit:
        unit, now = commit.unit, commit.now
        order = standing(commit, partnership_id, number, release)
        agreement, partnership, known = order.agreement, order.partnership, order.known
        _check(known, decisions, again)
        facts, response = answered(known.order, decisions, default, now.date())
        unit.books.write(facts, known.document_id, partnership, now)
        document_id = prepare(commit, agreement, partnership, response, known.id)
        unit.documents.state(known.document_id, "answered")
        unit.desk.close_about(about(key_of(known.order), partnership), now)
    log.info("answered", partner=partnership.name, order=number, decision=response.decision, document=document_id)
    return document_id


def send(house: House, partnership_id: int, order: Order) -> int:
    """Orders from a seller: onto our books, and to them in the same commit. Returns the document's id.

    Raises `GatewayError`: `trade.not-a-buyer`, `trade.order-number-taken` for a number that is on the books, and
    what `outbound.prepare` raises.
    """
    with house.commit() as commit:
        unit = commit.unit
        partnership = unit.agreements.get_partnership(partnership_id)
        agreement = unit.agreements.get(partnership.agreement_id)
        if partnership.role != "buyer":
            raise trade.NOT_A_BUYER.error(f"{partnership.name} buys from us")
        if unit.books.order_id(partnership_id, key_of(order)) is not None:
            raise trade.ORDER_NUMBER_TAKEN.error(f"order {order.number} of {partnership.name}")
        document_id = prepare(commit, agreement, partnership, order, None)
        unit.books.write(placed(order), document_id, partnership, commit.now)
        unit.documents.state(document_id, "prepared", unit.books.order_id(partnership_id, key_of(order)))
    log.info("ordered", partner=partnership.name, order=order.number, document=document_id)
    return document_id


def _check(known: KnownOrder, decisions: Mapping[str, str], again: bool) -> None:
    number, numbers = known.order.number, line_numbers(known.order)
    unknown = sorted(set(decisions) - set(numbers))
    if unknown:
        raise trade.LINE_NOT_FOUND.error(f"order {number} has the lines {', '.join(numbers)}, not {', '.join(unknown)}")
    if known.state not in UNANSWERED and not again:
        raise trade.ALREADY_ANSWERED.error(f"order {number} is {known.state.replace('_', ' ')}")
