"""What follows from a seller's shipment of our orders."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway import ledger
from edi_gateway.issues import GatewayError
from edi_gateway.ledger import sscc
from edi_gateway.ledger.facts import Entry, KnownOrder, Past, Posted
from edi_gateway.ledger.fulfilment import lines_of_life
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.ledger.shipping import Box, Freight, ship
from edi_gateway.model._parts import ProductId
from edi_gateway.model.order import Order, OrderLine
from edi_gateway.model.shipment import Carton, Shipment, ShippedItem, ShippedOrder

WE_BUY = Partnership(1, 1, "Fernhill", "V-77", "buyer", None, "USD", "auto")
WE_SELL = Partnership(2, 1, "Birchbarrow", "V-77", "seller", None, "USD", "auto")
UPC = {"1": "400000000176", "2": "400000000183"}
NOW = dt.datetime(2026, 3, 2, 14, 5, tzinfo=dt.UTC)


def order(number: str = "PO-1") -> Order:
    return Order(
        purpose="original", type="new_order", number=number, date=dt.date(2026, 3, 1),
        lines=tuple(
            OrderLine(number=line, quantity=Decimal(quantity), unit="EA", product_ids=ids(line))
            for line, quantity in (("1", 3), ("2", 5))
        ),
    )


def ids(line: str) -> tuple[ProductId, ...]:
    return (ProductId(kind="upc", value=UPC.get(line, line)),)


def item(line: str, quantity: str | int, order: int = 1, carton: int | None = None, **changes: Any) -> ShippedItem:
    found = ShippedItem(
        number=line, product_ids=ids(line), quantity=Decimal(quantity), unit="EA", order=order, carton=carton
    )
    return found.model_copy(update=changes)


def shipment(*items: ShippedItem, orders: tuple[str, ...] = ("PO-1",), **changes: Any) -> Shipment:
    said = items or (item("1", 3, carton=1), item("2", 5, carton=1))
    found = Shipment(
        purpose="original", number="FH-7", date=dt.date(2026, 3, 2), time=dt.time(14, 5), items=said,
        orders=tuple(ShippedOrder(number=number) for number in orders), cartons=(Carton(sscc=sscc.make("0400000", 1)),),
    )
    return found.model_copy(update=changes)


def past(*entries: Entry, state: str = "accepted", known: tuple[str, ...] = ("PO-1", "PO-2")) -> Past:
    """The books after these entries, with those orders on them."""
    found: dict[tuple[str, ...], Any] = {("fact", "shipment.received", "FH-7"): None}
    for number in ("PO-1", "PO-2"):
        found["order", number, ""] = KnownOrder(1, state, order(number), 1) if number in known else None
        found["lines", number, ""], found["answers", number, ""] = {}, {}
    for entry in entries:
        if entry.kind == "shipment.received":
            found["fact", entry.kind, entry.key or ""] = entry.data
        elif entry.line is not None and entry.order is not None:
            sums = found["lines", *entry.order].setdefault(entry.line, {})
            sums[entry.kind] = sums.get(entry.kind, Decimal(0)) + Decimal(entry.data["quantity"])
            if entry.kind == "line.answered":
                found["answers", *entry.order][entry.line] = entry.data
    return found


def answered(line: str, decision: str, quantity: str) -> Entry:
    return Entry("line.answered", {"decision": decision, "quantity": quantity}, order=("PO-1", ""), line=line)


def shipped(of: Posted) -> list[tuple[str | None, str | None, str]]:
    return [(e.order and e.order[0], e.line, e.data["quantity"]) for e in of.entries if e.kind == "line.shipped"]


def troubles(of: Posted) -> list[str]:
    return [trouble.kind.code for trouble in of.troubles]


def test_a_shipment_is_on_the_books_line_by_line_whatever_cartons_it_comes_in() -> None:
    items = (item("1", 2, carton=1), item("1", 1, carton=1), item("2", 5))
    found = ledger.post(shipment(*items), WE_BUY, past())
    assert (found.state, found.order, found.troubles, found.replies) == ("posted", ("PO-1", ""), (), ())
    assert shipped(found) == [("PO-1", "1", "3"), ("PO-1", "2", "5")]
    assert (found.entries[0].kind, found.entries[0].key) == ("shipment.received", "FH-7")


def test_what_we_need_to_know_is_asked_for() -> None:
    assert set(ledger.needs(shipment(orders=("PO-1", "PO-2")))) == set(past())


@pytest.mark.parametrize(("items", "before", "state"), [
    ([item("1", 3), item("2", 5)], [], "shipped"),
    ([item("1", 3)], [], "partly_shipped"),
    ([item("1", 3)], [answered("1", "accepted", "3"), answered("2", "rejected", "5")], "shipped"),
    ([item("1", 2)], [answered("1", "quantity_changed", "2"), answered("2", "rejected", "5")], "shipped"),
    ([item("1", 3), item("2", 2)], [], "partly_shipped"),
])
def test_an_order_is_shipped_when_all_that_was_taken_on_has_come(
    items: list[ShippedItem], before: list[Entry], state: str
) -> None:
    found = ledger.post(shipment(*items), WE_BUY, past(*before))
    assert (found.entries[0].order_state, found.troubles) == (state, ())


def test_a_second_shipment_brings_the_rest() -> None:
    first = ledger.post(shipment(item("1", 3), item("2", 2), number="FH-6"), WE_BUY, past())
    second = ledger.post(shipment(item("2", 3)), WE_BUY, past(*first.entries))
    assert [first.entries[0].order_state, second.entries[0].order_state] == ["partly_shipped", "shipped"]
    assert second.troubles == ()


def test_a_shipment_of_two_orders_is_a_fact_for_each() -> None:
    found = ledger.post(shipment(item("1", 3), item("1", 1, 2), orders=("PO-1", "PO-2")), WE_BUY, past())
    assert [entry.order for entry in found.entries if entry.kind == "shipment.received"] == [("PO-1", ""), ("PO-2", "")]
    assert shipped(found) == [("PO-1", "1", "3"), ("PO-2", "1", "1")]


@pytest.mark.parametrize(("said", "note"), [
    (shipment(orders=("PO-1", "PO-2")), "for order PO-2"), (shipment(orders=("PO-3",)), "for order PO-3"),
    (Shipment(purpose="original", number="FH-7", date=dt.date(2026, 3, 2)), "for order (none named)"),
])
def test_a_shipment_waits_until_all_its_orders_are_known(said: Shipment, note: str) -> None:
    found = ledger.post(said, WE_BUY, past(known=("PO-1",)))
    assert (found.state, found.entries, troubles(found)) == ("held", (), ["shipment.order-unknown"])
    assert note in found.troubles[0].note


def test_the_same_shipment_again_changes_nothing() -> None:
    first = ledger.post(shipment(), WE_BUY, past())
    for purpose in ("original", "duplicate"):
        found = ledger.post(shipment(purpose=purpose), WE_BUY, past(*first.entries))
        assert (found.state, found.entries, troubles(found)) == ("read", (), ["shipment.repeated"])


def test_a_shipment_number_used_again_with_other_content_waits() -> None:
    first = ledger.post(shipment(), WE_BUY, past())
    found = ledger.post(shipment(item("1", 1)), WE_BUY, past(*first.entries))
    assert (found.state, found.entries, troubles(found)) == ("held", (), ["shipment.number-reused"])


def test_a_cancelled_shipment_waits_for_a_person() -> None:
    found = ledger.post(shipment(purpose="cancel"), WE_BUY, past())
    assert (found.state, found.entries, troubles(found)) == ("held", (), ["shipment.purpose-unknown"])


@pytest.mark.parametrize(("said", "kind", "note"), [
    (shipment(item("1", 4)), "shipment.over-shipped", "order PO-1, line 1: 4 of 3 ordered"),
    (shipment(item("1", 2, carton=1), item("1", 2)), "shipment.over-shipped", "order PO-1, line 1: 4 of 3 ordered"),
    (shipment(item("7", 1)), "shipment.line-unknown", "line 7 (upc 7) is not in order PO-1"),
    (shipment(item("1", 1, unit="CA")), "shipment.unit-differs", "order PO-1, line 1 shipped by CA, ordered by EA"),
    (shipment(cartons=(Carton(sscc="004000000000000016"),)), "shipment.carton-number-faulty",
     "carton 004000000000000016"),
    (shipment(cartons=(Carton(sscc=sscc.make("0400000", 1)),) * 2), "shipment.carton-number-faulty",
     "carton 004000000000000015"),
])
def test_a_shipment_that_differs_is_on_the_books_with_an_issue(said: Shipment, kind: str, note: str) -> None:
    found = ledger.post(said, WE_BUY, past())
    assert (found.state, troubles(found)) == ("posted", [kind])
    assert found.troubles[0].note == f"shipment FH-7: {note}"
    assert found.entries[0].kind == "shipment.received"


def test_a_shipment_of_a_cancelled_order_leaves_it_cancelled() -> None:
    found = ledger.post(shipment(), WE_BUY, past(state="cancelled"))
    assert (found.entries[0].order_state, troubles(found)) == (None, ["shipment.order-ended"])


def test_a_line_that_the_seller_counted_on_their_own_is_found_by_its_product() -> None:
    found = ledger.post(shipment(item("20", 2, product_ids=ids("2"))), WE_BUY, past())
    assert (shipped(found), found.troubles) == ([("PO-1", "2", "2")], ())


@given(st.lists(st.integers(1, 3), min_size=1, max_size=4))
def test_there_is_an_issue_exactly_from_the_shipment_on_that_is_too_much(quantities: list[int]) -> None:
    books: tuple[Entry, ...] = ()
    for at, quantity in enumerate(quantities):
        said = shipment(item("1", quantity), number=f"FH-{10 + at}")
        found = ledger.post(said, WE_BUY, past(*books))
        assert ("shipment.over-shipped" in troubles(found)) == (sum(quantities[: at + 1]) > 3)
        assert (troubles(ledger.again(said, WE_BUY, {**past(*books, *found.entries)})) == troubles(found))
        books += found.entries


def test_what_our_own_gateway_ships_is_posted_as_it_was_shipped() -> None:
    """The seller's facts and the buyer's are the same, line by line."""
    agreed = [answered("1", "accepted", "3"), answered("2", "accepted", "5")]
    lines = lines_of_life(order(), past(*agreed))
    boxes = [Box({"1": Decimal(2), "2": Decimal(5)}, sscc.make("0400000", 1)), Box({"1": Decimal(1)})]
    facts, told = ship(order(), lines, boxes, Freight("QLCR"), "FH-7", NOW)
    found = ledger.post(told, WE_BUY, past(*agreed))
    assert found.troubles == ()
    assert [entry for entry in found.entries if entry.line] == [entry for entry in facts if entry.line]
    assert found.entries[0].order_state == facts[0].order_state == "shipped"


def test_a_seller_does_not_take_shipments() -> None:
    with pytest.raises(GatewayError) as raised:
        ledger.post(shipment(), WE_SELL, past())
    assert raised.value.kind.code == "trade.not-taken"
