"""The shipment of an order: what may go, in which cartons, and the facts of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from edi_gateway.issues import fulfilment
from edi_gateway.ledger.facts import Entry
from edi_gateway.ledger.fulfilment import NOTHING, LineOfLife
from edi_gateway.ledger.orders import key_of
from edi_gateway.ledger.wanted import SHIPMENT, Wanted, our_number
from edi_gateway.model._parts import DatedEvent, Reference
from edi_gateway.model.order import Order
from edi_gateway.model.shipment import Carton, Shipment, ShippedItem, ShippedOrder

SENT = "shipment.sent"


@dataclass(frozen=True, slots=True)
class Box:
    """A carton as it was packed: how much of each line is in it, its SSCC and tracking number."""

    lines: Mapping[str, Decimal]
    sscc: str | None = None
    tracking: str | None = None


@dataclass(frozen=True, slots=True)
class Freight:
    """How a shipment travels. `carrier_code` is the carrier's SCAC; `weight` is in pounds unless `weight_unit` says."""

    carrier_code: str | None = None
    carrier: str | None = None
    tracking: str | None = None
    weight: Decimal | None = None
    weight_unit: str = "LB"
    bill_of_lading: str | None = None


def everything(lines: Sequence[LineOfLife]) -> dict[str, Decimal]:
    """All that is left to be shipped, by line."""
    return {line.number: line.to_ship for line in lines if line.to_ship}


def ship(
    order: Order, lines: Sequence[LineOfLife], boxes: Sequence[Box], freight: Freight, number: str, now: datetime,
    over: bool = False, wanted: Wanted = SHIPMENT,
) -> tuple[tuple[Entry, ...], Shipment]:
    """The facts of a shipment and the shipment itself, which tells what is `wanted` beside.

    Raises `GatewayError`: `fulfilment.nothing-to-ship`, `fulfilment.carton-faulty` for a line the order does
    not have, `fulfilment.over-shipment` unless `over`.
    """
    known = {line.number: line for line in lines}
    going: dict[str, Decimal] = {}
    for box in boxes:
        for line, quantity in box.lines.items():
            if line not in known or quantity <= 0:
                note = f"line {line} with {quantity:f} is not one of {', '.join(known)}, or not more than nothing"
                raise fulfilment.CARTON_FAULTY.error(note)
            going[line] = going.get(line, NOTHING) + quantity
    if not going:
        raise fulfilment.NOTHING_TO_SHIP.error(f"order {order.number}")
    much = [line for line, quantity in going.items() if quantity > known[line].to_ship]
    if much and not over:
        told = ", ".join(f"line {line}: {going[line]:f} of {known[line].to_ship:f}" for line in much)
        raise fulfilment.OVER_SHIPMENT.error(told)
    return _facts(order, lines, going, number), _shipment(
        order, known, boxes, freight, number, now, wanted
    )


def _facts(
    order: Order, lines: Sequence[LineOfLife], going: Mapping[str, Decimal], number: str
) -> tuple[Entry, ...]:
    key = key_of(order)
    left = any(line.to_ship > going.get(line.number, NOTHING) for line in lines)
    whole = Entry(
        SENT, {"lines": len(going)}, key=number, order=key,
        order_state="partly_shipped" if left else "shipped",
    )
    return (whole, *(
        Entry("line.shipped", {"quantity": f"{quantity:f}", "shipment": number}, order=key, line=line)
        for line, quantity in going.items()
    ))


def _shipment(
    order: Order, lines: Mapping[str, LineOfLife], boxes: Sequence[Box], freight: Freight, number: str, now: datetime,
    wanted: Wanted,
) -> Shipment:
    lading = (Reference(kind="bill_of_lading", value=freight.bill_of_lading),) if freight.bill_of_lading else ()
    return Shipment(
        purpose="original", number=number, date=now.date(), time=now.time().replace(second=0, microsecond=0),
        carrier_code=freight.carrier_code, carrier=freight.carrier, weight=freight.weight,
        weight_unit=freight.weight_unit if freight.weight is not None else None,
        packages=len(boxes) if wanted.packages or wanted.packaging else None, packaging=wanted.packaging,
        dates=(DatedEvent(kind="shipped", date=now.date()),), references=(*our_number(order), *lading),
        parties=wanted.parties_of(order),
        orders=(
            ShippedOrder(
                number=order.number, release=order.release, date=order.date, references=wanted.references_of(order)
            ),
        ),
        cartons=tuple(
            Carton(
                sscc=box.sscc, tracking=box.tracking or freight.tracking,
                dates=(DatedEvent(kind="shipped", date=now.date()),),
            )
            for box in boxes
        ),
        items=tuple(
            _item(lines[line], quantity, ordinal)
            for ordinal, box in enumerate(boxes, 1) for line, quantity in box.lines.items()
        ),
    )


def _item(line: LineOfLife, quantity: Decimal, carton: int) -> ShippedItem:
    ordered = line.line
    return ShippedItem(
        number=ordered.number, product_ids=ordered.product_ids, quantity=quantity, unit=ordered.unit,
        title=ordered.title, order=1, carton=carton,
    )
