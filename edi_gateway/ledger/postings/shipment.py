"""A shipment that a seller tells us of: what comes of each line of our orders is on the books before it arrives."""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

from edi_gateway.issues import Kind
from edi_gateway.issues import shipment as issues
from edi_gateway.ledger import sscc
from edi_gateway.ledger.answering import line_numbers
from edi_gateway.ledger.facts import Entry, Key, KnownOrder, OrderKey, Past, Posted, Trouble
from edi_gateway.ledger.fulfilment import LineOfLife, line_keys, lines_of_life
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.ledger.receiving import as_buyer, fingerprint, line_of
from edi_gateway.model.shipment import Shipment, ShippedItem

PURPOSES = ("original", "duplicate")
ENDED = ("cancelled", "rejected")
SHIPPED, IN_PART = "shipped", "partly_shipped"
NOTHING = Decimal(0)
_NAMED_MAX = 5

Orders = Mapping[OrderKey, KnownOrder]
Quantities = Mapping[OrderKey, Mapping[str, Decimal]]
Difference = tuple[Kind, str]


def needs(shipment: Shipment) -> tuple[Key, ...]:
    """The shipment of the same number, and each order with what was answered and shipped of its lines."""
    orders = (asked for key in _keys(shipment) for asked in (("order", *key), *line_keys(key)))
    return (identity(shipment), *orders)


def identity(shipment: Shipment) -> Key:
    """The seller's number."""
    return ("fact", "shipment.received", shipment.number)


def post(shipment: Shipment, partnership: Partnership | None, past: Past) -> Posted:
    """Onto the books, with an issue for all that differs; without its orders it waits."""
    buyer = as_buyer(shipment, partnership)
    orders = _orders(shipment, past)
    note = f"shipment {shipment.number} of {buyer.name}"
    if shipment.purpose not in PURPOSES:
        told = f"{note} has the purpose {shipment.purpose!r}"
        return Posted("held", troubles=(_trouble(issues.PURPOSE_UNKNOWN, shipment, buyer, told),))
    before = past.get(("fact", "shipment.received", shipment.number))
    if before is not None:
        same = before["content"] == _content(shipment)
        trouble = _trouble(issues.REPEATED if same else issues.NUMBER_REUSED, shipment, buyer, note)
        key = next(iter(orders), None)
        if same:
            return Posted("read", troubles=(trouble,), order=key, repeats="equal")
        return Posted("held", troubles=(trouble,), order=key, repeats="changed")
    unknown = [" ".join(key).rstrip() for key in _keys(shipment) if key not in orders]
    if unknown or not orders:
        told = f"{note} is for order {', '.join(unknown) or '(none named)'}"
        return Posted("held", troubles=(_trouble(issues.ORDER_UNKNOWN, shipment, buyer, told),))
    going = _going(shipment, orders)
    entries = (entry for key in orders for entry in _facts(shipment, key, orders[key], going[key], past))
    troubles = tuple(_troubles(shipment, orders, buyer, past, booked=False))
    return Posted("posted", tuple(entries), troubles, order=next(iter(orders), None))


def again(shipment: Shipment, partnership: Partnership | None, past: Past) -> Posted:
    """Compares a shipment that is on the books once more: an order that was changed since may settle it."""
    buyer = as_buyer(shipment, partnership)
    orders = _orders(shipment, past)
    before = past.get(("fact", "shipment.received", shipment.number))
    if before is None or before["content"] != _content(shipment) or len(orders) < len(_keys(shipment)):
        return post(shipment, partnership, past)
    troubles = tuple(_troubles(shipment, orders, buyer, past, booked=True))
    return Posted("posted", troubles=troubles, order=next(iter(orders), None))


def _keys(shipment: Shipment) -> tuple[OrderKey, ...]:
    return tuple(dict.fromkeys((order.number, order.release or "") for order in shipment.orders))


def _orders(shipment: Shipment, past: Past) -> Orders:
    """The orders that are on the books."""
    found = {key: past.get(("order", *key)) for key in _keys(shipment)}
    return {key: known for key, known in found.items() if known is not None}


def _content(shipment: Shipment) -> str:
    return fingerprint(shipment.model_copy(update={"purpose": "original"}))


def _matched(shipment: Shipment, orders: Orders) -> Iterator[tuple[ShippedItem, OrderKey, str | None]]:
    """Each item with its order, and the order's line that it is of, if any."""
    for item in shipment.items:
        order = shipment.orders[item.order - 1]
        key = order.number, order.release or ""
        yield item, key, line_of(orders[key].order, item.number, item.product_ids)


def _going(shipment: Shipment, orders: Orders) -> Quantities:
    """How much comes of each line; what is in several cartons is one quantity."""
    going: dict[OrderKey, dict[str, Decimal]] = {key: {} for key in orders}
    for item, key, line in _matched(shipment, orders):
        if line is not None:
            going[key][line] = going[key].get(line, NOTHING) + item.quantity
    return going


def _facts(
    shipment: Shipment, key: OrderKey, known: KnownOrder, going: Mapping[str, Decimal], past: Past
) -> Iterator[Entry]:
    said = {
        "date": shipment.date.isoformat(), "lines": len(going), "cartons": len(shipment.cartons),
        **{event.kind: event.date.isoformat() for event in shipment.dates}, "content": _content(shipment),
    }
    left = any(
        _wanted(life, past, key) > life.shipped + going.get(life.number, NOTHING)
        for life in lines_of_life(known.order, past)
    )
    state = None if known.state in ENDED else IN_PART if left else SHIPPED
    yield Entry("shipment.received", said, key=shipment.number, order=key, order_state=state)
    for line, quantity in going.items():
        yield Entry("line.shipped", {"quantity": f"{quantity:f}", "shipment": shipment.number}, order=key, line=line)


def _wanted(life: LineOfLife, past: Past, key: OrderKey) -> Decimal:
    """How much is to come: what the seller has taken on, or what was ordered as long as they have not said."""
    answers: Mapping[str, object] = past.get(("answers", *key)) or {}
    return life.taken if life.number in answers else life.ordered


def _troubles(
    shipment: Shipment, orders: Orders, buyer: Partnership, past: Past, *, booked: bool
) -> Iterator[Trouble]:
    """One trouble for each kind of difference. `booked`: the past has this shipment in it already."""
    found: dict[Kind, list[str]] = {}
    differences = (
        *_of_orders(orders), *_of_items(shipment, orders), *_too_much(shipment, orders, past, booked=booked),
        *_of_cartons(shipment),
    )
    for kind, note in differences:
        found.setdefault(kind, []).append(note)
    for kind, notes in found.items():
        yield _trouble(kind, shipment, buyer, f"shipment {shipment.number}: {'; '.join(dict.fromkeys(notes))}")


def _of_orders(orders: Orders) -> Iterator[Difference]:
    for (number, _), known in orders.items():
        if known.state in ENDED:
            yield issues.ORDER_ENDED, f"order {number} was {known.state}"


def _of_items(shipment: Shipment, orders: Orders) -> Iterator[Difference]:
    lines = {key: dict(zip(line_numbers(known.order), known.order.lines, strict=True)) for key, known in orders.items()}
    for item, key, line in _matched(shipment, orders):
        ids = ", ".join(f"{product.kind} {product.value}" for product in item.product_ids) or "no product id"
        if line is None:
            yield issues.LINE_UNKNOWN, f"line {item.number or '(none)'} ({ids}) is not in order {key[0]}"
            continue
        ordered = lines[key][line].unit
        if item.unit is not None and ordered not in (None, item.unit):
            yield issues.UNIT_DIFFERS, f"order {key[0]}, line {line} shipped by {item.unit}, ordered by {ordered}"


def _too_much(shipment: Shipment, orders: Orders, past: Past, *, booked: bool) -> Iterator[Difference]:
    for key, lines in _going(shipment, orders).items():
        lives = {life.number: life for life in lines_of_life(orders[key].order, past)}
        for line, quantity in lines.items():
            life = lives[line]
            shipped = life.shipped if booked else life.shipped + quantity
            if life.line.quantity is not None and quantity > 0 and shipped > life.ordered:
                yield issues.OVER_SHIPPED, f"order {key[0]}, line {line}: {shipped:f} of {life.ordered:f} ordered"


def _of_cartons(shipment: Shipment) -> Iterator[Difference]:
    codes = Counter(carton.sscc for carton in shipment.cartons if carton.sscc is not None)
    faulty = [code for code, count in codes.items() if count > 1 or not sscc.is_valid(code)]
    if faulty:
        more = f" and {len(faulty) - _NAMED_MAX} more" if len(faulty) > _NAMED_MAX else ""
        yield issues.CARTON_NUMBER_FAULTY, f"carton {', '.join(faulty[:_NAMED_MAX])}{more}"


def _trouble(kind: Kind, shipment: Shipment, buyer: Partnership, note: str) -> Trouble:
    order = shipment.orders[0].number if shipment.orders else None
    return Trouble(kind, f"shipment {buyer.id} {shipment.number}", note, order=order)
