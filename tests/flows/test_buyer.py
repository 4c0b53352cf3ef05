"""A house that buys: what sellers answer, report and charge, through the whole house."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from edi_gateway.flows import desk, outbound
from edi_gateway.ledger.facts import Entry
from edi_gateway.model._parts import ProductId
from edi_gateway.model.order import Order, OrderLine
from tests.flows.stage import Stage, envelope

ORDER = Order(
    purpose="original", type="new_order", number="PO-7", date=dt.date(2026, 3, 1), currency="USD",
    lines=(OrderLine(
        number="1", quantity=Decimal(3), unit="EA", price=Decimal("4.50"),
        product_ids=(ProductId(kind="upc", value="700000000001"),),
    ),),
)


@pytest.fixture
def buyer(stage: Stage) -> Stage:
    stage.known(role="buyer")
    return stage


def ordered(stage: Stage) -> None:
    """Our order is on our books and on its way."""
    with stage.house.commit() as commit:
        partnership = commit.unit.agreements.get_partnership(stage.ask("SELECT id FROM partnerships")[0][0])
        agreement = commit.unit.agreements.get(partnership.agreement_id)
        document = outbound.prepare(commit, agreement, partnership, ORDER, None)
        placed = Entry("order.placed", {"lines": 1}, order=("PO-7", ""), opens=ORDER, order_state="open")
        commit.unit.books.write((placed,), document, partnership, commit.now)


def said(set_id: str, *segments: str) -> str:
    return "~".join([f"ST*{set_id}*0001", *segments, f"SE*{len(segments) + 2}*0001"]) + "~"


ANSWER = said("855", "BAK*00*AD*PO-7*20260301", "PO1*1*3*EA*4.5**UP*700000000001", "ACK*IA*3*EA", "CTT*1")
BILL = ("BIG*20260302*FI-1*20260301*PO-7", "CUR*SE*USD", "IT1*1*3*EA*4.5**UP*700000000001")
INVOICE = said("810", *BILL, "TDS*1350", "CTT*1")


def stock(quantity: int, time: str = "0900") -> str:
    return said("846", f"BIA*00*MB*SR-1*20260301*{time}", "LIN*1*UP*700000000001", f"QTY*33*{quantity}*EA", "CTT*1")


def receive(stage: Stage, content: str, code: str, icn: int = 1) -> None:
    stage.drop(f"{icn}.edi", envelope(content, icn=icn, group=icn, code=code))
    stage.turn()


def facts(stage: Stage, kind: str) -> list[dict[str, Any]]:
    return [json.loads(row[0]) for row in stage.ask(f"SELECT data FROM entries WHERE kind = '{kind}' ORDER BY id")]


def test_an_order_lives_on_by_what_the_seller_says_of_it(buyer: Stage) -> None:
    ordered(buyer)
    receive(buyer, ANSWER, "PR", 1)
    receive(buyer, INVOICE, "IN", 2)
    assert buyer.orders() == [("PO-7", "accepted")]
    assert buyer.issues() == []
    assert [state for direction, set_id, state in buyer.documents() if direction == "in"] == ["posted", "posted"]
    assert [fact["quantity"] for fact in facts(buyer, "line.invoiced")] == ["3"]
    assert len(buyer.received("997")) == 2


def test_stock_is_what_the_newest_report_says(buyer: Stage) -> None:
    receive(buyer, stock(5, "0930"), "IB", 1)
    receive(buyer, stock(9, "09:00"), "IB", 2)
    receive(buyer, stock(-2, "094500"), "IB", 3)
    assert [fact["quantity"] for fact in facts(buyer, "stock.reported")] == ["5", "0"]
    assert buyer.issues() == ["stock.older"]


def test_an_invoice_that_comes_before_its_order_goes_on_when_asked_again(buyer: Stage) -> None:
    receive(buyer, INVOICE, "IN")
    assert buyer.issues() == ["invoice.order-unknown"]
    ordered(buyer)
    ((issue,),) = buyer.ask("SELECT id FROM issues WHERE state = 'open'")
    desk.retry(buyer.house, issue)
    buyer.work()
    assert [fact["total"] for fact in facts(buyer, "invoice.received")] == ["13.50"]
    assert ("in", "810", "posted") in buyer.documents()
    assert buyer.issues() == []


def test_an_invoice_that_differs_is_posted_and_can_be_looked_at_again(buyer: Stage) -> None:
    ordered(buyer)
    receive(buyer, said("810", *BILL, "TDS*1349", "CTT*1"), "IN")
    assert buyer.issues() == ["invoice.total-differs"]
    ((issue,),) = buyer.ask("SELECT id FROM issues WHERE state = 'open'")
    assert desk.retry(buyer.house, issue).startswith("It is still held")
    assert buyer.issues() == ["invoice.total-differs"]
    assert len(facts(buyer, "invoice.received")) == 1


def test_what_waits_for_the_same_order_is_told_and_asked_again_one_by_one(buyer: Stage) -> None:
    receive(buyer, ANSWER, "PR", 1)
    receive(buyer, ANSWER.replace("*20260301", "*20260302", 1), "PR", 2)
    assert buyer.issues() == ["response.order-unknown"] * 2
    ordered(buyer)
    first, second = (row[0] for row in buyer.ask("SELECT id FROM issues WHERE state = 'open' ORDER BY id"))
    desk.retry(buyer.house, first)
    buyer.work()
    assert buyer.issues() == ["response.order-unknown"]
    desk.retry(buyer.house, second)
    buyer.work()
    assert (buyer.issues(), buyer.orders()) == (["response.replaced"], [("PO-7", "accepted")])
