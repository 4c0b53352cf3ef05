"""What follows from a seller's answer to an order of ours."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from edi_gateway import ledger
from edi_gateway.issues import GatewayError
from edi_gateway.ledger.facts import KnownOrder, Past, Posted
from edi_gateway.ledger.fulfilment import lines_of_life
from edi_gateway.ledger.orders import answered
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.model._parts import ProductId
from edi_gateway.model.order import Order, OrderLine
from edi_gateway.model.order_response import LineAnswer, OrderResponse, ResponseLine

WE_BUY = Partnership(1, 1, "Hollow Tree Books", "V-77", "buyer", "list", "USD", "auto")
WE_SELL = Partnership(2, 1, "Hollow Tree Books", "V-77", "seller", "list", "USD", "auto")
TODAY = dt.date(2026, 3, 2)
UPC = {"1": "400000000176", "2": "400000000183"}


def ids(number: str) -> tuple[ProductId, ...]:
    return (ProductId(kind="upc", value=UPC[number]),)


ORDER = Order(
    purpose="original", type="stand_alone", number="PO-1", date=dt.date(2026, 3, 1),
    lines=tuple(
        OrderLine(number=number, quantity=Decimal(quantity), unit="EA", price=Decimal("4.50"), product_ids=ids(number))
        for number, quantity in (("1", 3), ("2", 5))
    ),
)


def line(number: str | None, *answers: tuple[str, str | None], **changes: Any) -> ResponseLine:
    said = tuple(
        LineAnswer(decision=decision, quantity=None if quantity is None else Decimal(quantity))
        for decision, quantity in answers
    )
    return ResponseLine(number=number, answers=said).model_copy(update=changes)


def response(decision: str, *lines: ResponseLine, **changes: Any) -> OrderResponse:
    said = OrderResponse(
        purpose="original", decision=decision, number="PO-1", date=ORDER.date, answered=TODAY, lines=lines
    )
    return said.model_copy(update=changes)


def past(last: Posted | None = None, state: str = "open", shipped: str = "0", *, nothing: bool = False) -> Past:
    """The books after `last`, with the order on them unless there is `nothing`."""
    return {
        ("order", "PO-1", ""): None if nothing else KnownOrder(1, state, ORDER, 1),
        ("lines", "PO-1", ""): {"1": {"line.shipped": Decimal(shipped)}},
        ("fact", "response.received", "PO-1"): last.entries[0].data if last else None,
    }


def post(said: OrderResponse, known: Past | None = None) -> Posted:
    return ledger.post(said, WE_BUY, known or past())


def lines(of: Posted) -> dict[str | None, tuple[str, str | None]]:
    said = [entry for entry in of.entries if entry.kind == "line.answered"]
    return {entry.line: (entry.data["decision"], entry.data["quantity"]) for entry in said}


def state(of: Posted) -> list[str]:
    return [entry.order_state for entry in of.entries if entry.order_state is not None]


def troubles(of: Posted) -> list[str]:
    return [trouble.kind.code for trouble in of.troubles]


WHOLE = (line("1", ("accepted", "3")), line("2", ("accepted", "5")))


def test_an_answer_is_a_fact_for_itself_the_order_and_each_line() -> None:
    found = post(response("accepted", *WHOLE))
    assert (found.state, found.order, found.troubles, found.replies) == ("posted", ("PO-1", ""), (), ())
    assert [entry.kind for entry in found.entries] == [
        "response.received", "order.answered", "line.answered", "line.answered",
    ]
    assert lines(found) == {"1": ("accepted", "3"), "2": ("accepted", "5")}
    assert state(found) == ["accepted"]


def test_what_a_seller_of_ours_answers_is_taken_as_it_was_meant() -> None:
    for decisions in ({}, {"2": "rejected"}, {"1": "rejected", "2": "rejected"}):
        facts, reply = answered(ORDER, decisions, "accepted", TODAY)
        found = post(reply)
        assert state(found) == [reply.decision]
        assert troubles(found) == []
        assert lines(found) == {
            fact.line: (fact.data["decision"], fact.data["quantity"]) for fact in facts if fact.line is not None
        }


@pytest.mark.parametrize(("said", "decision"), [
    (response("rejected", line("1", ("rejected", "3")), line("2", ("rejected_not_available", "5"))), "rejected"),
    (response("accepted_with_changes", WHOLE[0], line("2", ("rejected", "5"))), "accepted_with_changes"),
    (response("accepted_with_changes", WHOLE[0], line("2", ("quantity_changed", "4"))), "accepted_with_changes"),
    (response("accepted", line("1", ("accepted", None)), WHOLE[1]), "accepted"),
    (response("accepted"), "accepted"),
    (response("rejected"), "rejected"),
])
def test_the_order_stands_where_its_lines_stand(said: OrderResponse, decision: str) -> None:
    found = post(said)
    assert (state(found), troubles(found)) == ([decision], [])


@pytest.mark.parametrize(("said", "decision"), [
    (response("accepted", WHOLE[0], line("2", ("rejected", "5"))), "accepted_with_changes"),
    (response("accepted_with_changes", *WHOLE), "accepted"),
    (response("rejected", *WHOLE), "accepted"),
    (response("accepted", WHOLE[0], line("2", ("accepted", "4"))), "accepted_with_changes"),
    (response("accepted", WHOLE[0], line("2", ("accepted", "5"), price=Decimal(5))), "accepted_with_changes"),
])
def test_an_answer_at_odds_with_its_lines_is_taken_by_its_lines_and_told(said: OrderResponse, decision: str) -> None:
    found = post(said)
    assert (state(found), troubles(found)) == ([decision], ["response.contradicts"])


def test_lines_of_which_nothing_is_said_have_the_answer_of_the_order() -> None:
    assert lines(post(response("accepted"))) == {"1": ("accepted", None), "2": ("accepted", None)}
    assert lines(post(response("rejected", WHOLE[0])))["2"] == ("rejected", None)
    assert lines(post(response("accepted_with_changes", WHOLE[0]))) == {"1": ("accepted", "3")}


def test_an_answer_in_parts_is_one_fact_with_what_will_come() -> None:
    parts = line("2", ("accepted", "3"), ("rejected", "2"))
    (fact,) = [entry for entry in post(response("accepted_with_changes", WHOLE[0], parts)).entries if entry.line == "2"]
    assert fact.data == {
        "decision": "accepted_with_changes", "quantity": "3",
        "parts": [{"decision": "accepted", "quantity": "3"}, {"decision": "rejected", "quantity": "2"}],
    }
    known = {**past(), ("answers", "PO-1", ""): {"2": fact.data}}
    assert [life.taken for life in lines_of_life(ORDER, known)] == [Decimal(0), Decimal(3)]


def test_an_answer_without_its_order_waits() -> None:
    found = post(response("accepted"), past(nothing=True))
    assert (found.state, found.entries, troubles(found)) == ("held", (), ["response.order-unknown"])


def test_the_same_answer_again_changes_nothing() -> None:
    said = response("accepted", *WHOLE)
    found = post(said, past(post(said), "accepted"))
    assert (found.state, found.entries, troubles(found)) == ("read", (), ["response.repeated"])


def test_a_later_answer_takes_the_place_of_the_first_and_is_told() -> None:
    first = post(response("accepted", *WHOLE))
    found = post(response("rejected", number="PO-1"), past(first, "accepted"))
    assert (found.state, state(found), troubles(found)) == ("posted", ["rejected"], ["response.replaced"])


@pytest.mark.parametrize("known", [past(state="cancelled"), past(state="accepted", shipped="1")])
def test_an_answer_changes_no_order_that_is_cancelled_or_has_begun_to_be_shipped(known: Past) -> None:
    found = post(response("rejected"), known)
    assert (found.state, state(found)) == ("posted", [])


def test_a_line_that_the_order_does_not_have_is_told_and_the_others_are_taken() -> None:
    found = post(response("accepted", *WHOLE, line("9", ("accepted", "1"))))
    assert troubles(found) == ["response.line-unknown"]
    assert set(lines(found)) == {"1", "2"}


def test_a_line_without_a_number_is_found_by_its_product() -> None:
    nameless = line(None, ("rejected", "5"), product_ids=ids("2"))
    assert lines(post(response("accepted_with_changes", WHOLE[0], nameless)))["2"] == ("rejected", "5")


def test_a_decision_in_the_partners_own_code_leaves_the_order_where_it_stands() -> None:
    found = post(response("AH"))
    assert (found.state, state(found), troubles(found)) == ("posted", [], [])
    assert found.entries[0].data["decision"] == "AH"


def test_looking_again_leaves_an_answer_as_it_is() -> None:
    said = response("accepted", *WHOLE)
    assert ledger.again(said, WE_BUY, past(post(said))) == Posted("posted", order=("PO-1", ""))


def test_a_seller_does_not_take_answers() -> None:
    with pytest.raises(GatewayError) as raised:
        ledger.post(response("accepted"), WE_SELL, past())
    assert raised.value.kind.code == "trade.not-taken"
