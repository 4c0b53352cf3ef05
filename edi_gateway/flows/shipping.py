"""A shipment of an order, told to the partner before it arrives."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from edi_gateway.flows.house import Commit, House
from edi_gateway.flows.outbound import prepare
from edi_gateway.flows.standing import standing
from edi_gateway.ledger import shipping, sscc
from edi_gateway.ledger.shipping import Box, Freight
from edi_gateway.logs import log

NUMBERS, CARTONS = "shipment", "SSCC"


def ship(
    house: House, partnership_id: int, number: str, release: str, *, cartons: Sequence[Mapping[str, Decimal]],
    freight: Freight, over: bool = False,
) -> tuple[str, int]:
    """Ships the cartons named, each a quantity by line; without any, all that is left, in one carton.

    Returns the shipment's number and document id. Cartons get the next SSCC of our GS1 prefix, where one is
    set. Raises `GatewayError`: `trade.order-not-found`, what `shipping.ship` and `outbound.prepare` raise.
    """
    with house.commit() as commit:
        unit = commit.unit
        order = standing(commit, partnership_id, number, release)
        agreement, partnership, known = order.agreement, order.partnership, order.known
        lines = order.lines(commit)
        boxes = [Box(carton) for carton in cartons or (shipping.everything(lines),)]
        named = f"{unit.numbers.take(NUMBERS):06}"
        wanted = house.guides.partner(agreement.partner).shipment.wanted
        facts, shipment = shipping.ship(
            known.order, lines, _labelled(commit, boxes), freight, named, commit.now, over, wanted
        )
        document_id = prepare(commit, agreement, partnership, shipment, known.id)
        unit.books.write(facts, document_id, partnership, commit.now)
    log.info("shipped", partner=partnership.name, order=number, shipment=named, document=document_id)
    return named, document_id


def _labelled(commit: Commit, boxes: Sequence[Box]) -> Sequence[Box]:
    prefix = commit.house.gs1_prefix
    if prefix is None:
        return boxes
    return [replace(box, sscc=sscc.make(prefix, commit.unit.numbers.take(CARTONS))) for box in boxes]
