"""What follows from an order received."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from edi_gateway import ledger
from edi_gateway.ledger.facts import AgreedPrice, Key, KnownOrder, Past, Posted
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.model._parts import ProductId, Reference
from edi_gateway.model.order import Order, OrderLine
from edi_gateway.model.order_response import OrderResponse

SELLER = Partnership(1, 1, "Hollow Tree Books", "V-77", "seller", "list", "USD", "auto")
TODAY = dt.date(2026, 3, 2)


def order(**changes: Any) -> Order:
    lines = tuple(
        OrderLine(
            number=f"{n}", quantity=Decimal(n), unit="EA", price=Decimal("4.50"),
            product_ids=(ProductId(kind="upc", value=f"00000000000{n}"),),
        )
        for n in (1, 2)
    )
    first = Order(
        purpose="original", type="stand_alone", number="PO-1", date=dt.date(2026, 3, 1), lines=lines,
        references=(Reference(kind="vendor_number", value="V-77"), Reference(kind="department", value="9")),
    )
    return first.model_copy(update=changes)


def past(known: KnownOrder | None = None, price: str = "4.50", currency: str = "USD") -> Past:
    agreed = AgreedPrice(Decimal(price), currency)
    prices: dict[Key, Any] = {("price", "upc", f"00000000000{n}"): agreed for n in (1, 2)}
    return {("order", "PO-1", ""): known, ("today",): TODAY, **prices}


def kinds(posted: Posted) -> list[str]:
    return [entry.kind for entry in posted.entries]


def troubles(posted: Posted) -> list[str]:
    return [trouble.kind.code for trouble in posted.troubles]


def test_an_order_that_agrees_with_the_price_list_is_placed_and_accepted_line_by_line() -> None:
    posted = ledger.post(order(), SELLER, past())
    assert kinds(posted) == ["order.placed", "order.answered", "line.answered", "line.answered"]
    (reply,) = posted.replies
    assert isinstance(reply, OrderResponse)
    assert (reply.decision, reply.number) == ("accepted", "PO-1")
    assert (reply.date, reply.answered) == (dt.date(2026, 3, 1), TODAY)
    assert [(line.number, line.answers[0].decision, line.answers[0].quantity) for line in reply.lines] == [
        ("1", "accepted", Decimal(1)), ("2", "accepted", Decimal(2)),
    ]


def test_a_response_repeats_our_number_at_the_partner_and_no_other_reference() -> None:
    (reply,) = ledger.post(order(), SELLER, past()).replies
    assert isinstance(reply, OrderResponse)
    assert [(r.kind, r.value) for r in reply.references] == [("vendor_number", "V-77")]


@pytest.mark.parametrize(
    ("agreed", "kind"),
    [
        (past(price="4.49"), "trade.price-differs"),
        (past(currency="CAD"), "trade.currency-differs"),
    ],
)
def test_an_order_that_differs_from_the_price_list_is_on_the_books_held_and_not_answered(
    agreed: Past, kind: str
) -> None:
    posted = ledger.post(order(), SELLER, agreed)
    assert kinds(posted) == ["order.placed", "order.held"]
    assert posted.entries[-1].order_state == "held"
    assert troubles(posted) == [kind]
    assert posted.replies == ()


def test_a_product_that_is_not_on_the_price_list_holds_the_order() -> None:
    known = {key: value for key, value in past().items() if key != ("price", "upc", "000000000002")}
    assert troubles(ledger.post(order(), SELLER, known)) == ["trade.product-unknown"]


def test_without_a_price_list_every_price_is_taken() -> None:
    free = Partnership(1, 1, "Hollow Tree Books", "V-77", "seller", None, "USD", "auto")
    assert troubles(ledger.post(order(), free, past(price="1"))) == []


def test_a_partnership_answered_by_hand_holds_every_order() -> None:
    by_hand = Partnership(1, 1, "Hollow Tree Books", "V-77", "seller", "list", "USD", "manual")
    posted = ledger.post(order(), by_hand, past())
    assert troubles(posted) == ["trade.answer-due"]
    assert posted.replies == ()


def test_the_same_order_again_changes_nothing() -> None:
    for purpose in ("original", "duplicate"):
        posted = ledger.post(order(purpose=purpose), SELLER, past(KnownOrder(1, "accepted", order(), 1)))
        assert (posted.state, kinds(posted), posted.replies) == ("read", [], ())
        assert troubles(posted) == ["trade.order-repeated"]


def test_an_order_number_used_again_with_other_content_is_held_and_changes_nothing() -> None:
    posted = ledger.post(order(contract="C-9"), SELLER, past(KnownOrder(1, "accepted", order(), 1)))
    assert (posted.state, kinds(posted), posted.replies) == ("held", [], ())
    assert troubles(posted) == ["trade.order-number-reused"]


def test_a_duplicate_of_an_order_we_never_saw_is_taken_as_the_order() -> None:
    assert kinds(ledger.post(order(purpose="duplicate"), SELLER, past()))[0] == "order.placed"


def test_a_replacement_takes_the_place_of_the_order_and_is_answered_anew() -> None:
    posted = ledger.post(order(purpose="replace"), SELLER, past(KnownOrder(1, "accepted", order(), 1)))
    assert kinds(posted)[0] == "order.replaced"
    assert posted.entries[0].opens == order(purpose="replace")
    assert len(posted.replies) == 1


def test_a_change_waits_for_a_person_and_leaves_what_was_ordered_as_it_is() -> None:
    posted = ledger.post(order(purpose="change"), SELLER, past(KnownOrder(1, "accepted", order(), 1)))
    assert (kinds(posted), troubles(posted)) == (["order.change-asked"], ["trade.order-changed"])
    assert (posted.entries[0].order_state, posted.entries[0].opens) == ("change_asked", None)


def test_an_order_with_a_change_asked_for_is_not_answered_by_looking_again() -> None:
    posted = ledger.again(order(), SELLER, past(KnownOrder(1, "change_asked", order(), 1)))
    assert (posted.state, posted.replies) == ("read", ())


def test_an_order_that_was_cancelled_does_not_come_back_by_being_repeated() -> None:
    for purpose in ("original", "replace"):
        posted = ledger.post(order(purpose=purpose), SELLER, past(KnownOrder(1, "cancelled", order(), 1)))
        assert (posted.state, kinds(posted), troubles(posted)) == ("held", [], ["trade.order-number-reused"])


def test_a_cancellation_cancels_and_tells_a_person() -> None:
    posted = ledger.post(order(purpose="cancel"), SELLER, past(KnownOrder(1, "accepted", order(), 1)))
    assert [(entry.kind, entry.order_state) for entry in posted.entries] == [("order.cancelled", "cancelled")]
    assert troubles(posted) == ["trade.order-cancelled"]


@pytest.mark.parametrize("purpose", ["change", "cancel"])
def test_a_change_of_an_unknown_order_is_held(purpose: str) -> None:
    posted = ledger.post(order(purpose=purpose), SELLER, past())
    assert (posted.state, troubles(posted)) == ("held", ["trade.order-unknown"])


def test_a_purpose_nobody_knows_is_held() -> None:
    posted = ledger.post(order(purpose="22"), SELLER, past())
    assert (posted.state, troubles(posted)) == ("held", ["trade.purpose-unknown"])


def test_a_held_order_is_answered_when_the_price_list_has_been_mended() -> None:
    held = past(KnownOrder(1, "held", order(), 1))
    assert len(ledger.again(order(), SELLER, held).replies) == 1
    still = past(KnownOrder(1, "held", order(), 1), price="9")
    assert troubles(ledger.again(order(), SELLER, still)) == ["trade.price-differs"]


def test_an_order_that_was_answered_is_not_answered_again_by_looking_again() -> None:
    posted = ledger.again(order(), SELLER, past(KnownOrder(1, "accepted", order(), 1)))
    assert (posted.state, posted.entries, posted.replies) == ("read", (), ())
