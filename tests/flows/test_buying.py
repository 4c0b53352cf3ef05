"""The other role: we order, and the seller answers, ships and invoices."""

import datetime as dt
from decimal import Decimal

import pytest

from edi_gateway.flows import orders
from edi_gateway.issues import GatewayError
from edi_gateway.model._parts import ProductId
from edi_gateway.model.order import Order, OrderLine
from tests.flows.stage import Stage, envelope

WANTED = Order(
    purpose="original", type="stand_alone", number="PO-1", date=dt.date(2026, 3, 1), currency="USD",
    lines=(
        OrderLine(
            number="1", quantity=Decimal(3), unit="EA", price=Decimal("4.5"),
            product_ids=(ProductId(kind="upc", value="700000000001"),),
        ),
    ),
)


def text(set_id: str, *body: str) -> str:
    """One set, from ST to SE."""
    return "~".join([f"ST*{set_id}*0001", *body, f"SE*{len(body) + 2}*0001"]) + "~"


RESPONSE = text("855", "BAK*00*AD*PO-1*20260301", "PO1*1*3*EA*4.5**UP*700000000001", "ACK*IA*3*EA", "CTT*1")
NOTICE = text(
    "856", "BSN*00*S-1*20260302*1000*0001", "HL*1**S", "HL*2*1*O", "PRF*PO-1", "HL*3*2*P", "HL*4*3*I",
    "LIN*1*UP*700000000001", "SN1**3*EA", "CTT*4",
)
INVOICE = text(
    "810", "BIG*20260303*I-1*20260301*PO-1", "CUR*SE*USD", "IT1*1*3*EA*4.5**UP*700000000001", "TDS*1350", "CTT*1"
)


def test_an_order_is_sent_answered_shipped_and_invoiced(stage: Stage) -> None:
    stage.known(role="buyer")
    orders.send(stage.house, 1, WANTED)
    stage.work()
    (sent,) = stage.received("850")
    assert "BEG*00*SA*PO-1**20260301~" in sent
    assert "PO1*1*3*EA*4.5**UP*700000000001~" in sent
    for ordinal, (code, said) in enumerate((("PR", RESPONSE), ("SH", NOTICE), ("IN", INVOICE)), 1):
        stage.drop(f"{code}.edi", envelope(said, icn=ordinal, code=code))
        stage.turn()
    assert stage.issues() == []
    kinds = [row[0] for row in stage.ask("SELECT kind FROM entries WHERE line = '1' ORDER BY id")]
    assert [kind for kind in kinds if kind != "line.ordered"] == ["line.answered", "line.shipped", "line.invoiced"]
    assert len(stage.received("997")) == 3


def test_an_order_number_is_used_once(stage: Stage) -> None:
    stage.known(role="buyer")
    orders.send(stage.house, 1, WANTED)
    with pytest.raises(GatewayError) as raised:
        orders.send(stage.house, 1, WANTED)
    assert raised.value.kind.code == "trade.order-number-taken"


def test_who_sells_does_not_order(stage: Stage) -> None:
    stage.known(role="seller")
    with pytest.raises(GatewayError) as raised:
        orders.send(stage.house, 1, WANTED)
    assert raised.value.kind.code == "trade.not-a-buyer"
