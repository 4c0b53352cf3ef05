"""From an accepted order to its shipments and invoices."""

import re
from decimal import Decimal
from typing import Any

import pytest

from edi_gateway.flows import invoicing, shipping
from edi_gateway.issues import GatewayError
from edi_gateway.ledger import sscc
from edi_gateway.ledger.shipping import Freight
from tests.flows.stage import Stage, envelope, order

CONTENT = r"LIN\*(\d)\*UP\*\d+~SN1\*\*(\d)\*EA"
UPS = Freight(carrier_code="UPSN", carrier="Ground", tracking="1Z999")


@pytest.fixture
def accepted(stage: Stage) -> Stage:
    stage.configure('[gateway]\ngs1_prefix = "9999999"\n' + (stage.directory / "gateway.toml").read_text())
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn()
    return stage


def ship(stage: Stage, *cartons: dict[str, int], **options: Any) -> str:
    packed = [{line: Decimal(quantity) for line, quantity in carton.items()} for carton in cartons]
    return shipping.ship(stage.house, 1, "PO-1", "", cartons=packed, freight=UPS, **options)[0]


def refusal(action: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(GatewayError) as raised:
        action(*arguments, **options)
    return raised.value.kind.code


def test_a_shipment_tells_the_order_its_cartons_and_what_is_in_them(accepted: Stage) -> None:
    assert ship(accepted, {"1": 3, "2": 1}, {"2": 4}) == "000001"
    accepted.work()
    (notice,) = accepted.received("856")
    assert re.findall(r"HL\*(\d+)\*(\d*)\*(\w)", notice) == [
        ("1", "", "S"), ("2", "1", "O"), ("3", "2", "P"), ("4", "3", "I"), ("5", "3", "I"), ("6", "2", "P"),
        ("7", "6", "I"),
    ]
    assert "PRF*PO-1" in notice
    assert re.findall(CONTENT, notice) == [("1", "3"), ("2", "1"), ("2", "4")]
    codes = re.findall(r"\d{18}", notice)
    assert len(set(codes)) == 2
    assert all(sscc.is_valid(code) for code in codes)
    assert "CTT*7~" in notice
    assert accepted.orders() == [("PO-1", "shipped")]


def test_a_partial_shipment_leaves_the_rest_open_for_the_second(accepted: Stage) -> None:
    ship(accepted, {"1": 2})
    assert accepted.orders() == [("PO-1", "partly_shipped")]
    assert ship(accepted) == "000002"
    accepted.work()
    assert re.findall(CONTENT, accepted.received("856")[1]) == [("1", "1"), ("2", "5")]
    assert accepted.orders() == [("PO-1", "shipped")]
    assert refusal(ship, accepted) == "fulfilment.nothing-to-ship"


def test_more_than_was_accepted_is_shipped_only_when_asked_for(accepted: Stage) -> None:
    assert refusal(ship, accepted, {"1": 4}) == "fulfilment.over-shipment"
    assert accepted.ask("SELECT * FROM numbers WHERE scope = 'shipment'") == []
    ship(accepted, {"1": 4}, over=True)


@pytest.mark.parametrize("carton", [{"9": 1}, {"1": 0}, {"1": -1}], ids=str)
def test_a_carton_of_what_the_order_does_not_have_is_refused(accepted: Stage, carton: dict[str, int]) -> None:
    assert refusal(ship, accepted, carton) == "fulfilment.carton-faulty"


def test_an_invoice_charges_what_was_shipped_once_and_is_numbered_without_gaps(accepted: Stage) -> None:
    assert refusal(invoicing.invoice, accepted.house, 1, "PO-1", "") == "fulfilment.nothing-to-invoice"
    ship(accepted, {"1": 3})
    assert invoicing.invoice(accepted.house, 1, "PO-1", "")[0] == "000001"
    assert refusal(invoicing.invoice, accepted.house, 1, "PO-1", "") == "fulfilment.nothing-to-invoice"
    ship(accepted)
    assert invoicing.invoice(accepted.house, 1, "PO-1", "")[0] == "000002"
    accepted.work()
    first, second = accepted.received("810")
    assert re.findall(r"IT1\*(\d)\*(\d)\*EA\*4.5", first + second) == [("1", "3"), ("2", "5")]
    assert ["TDS*1350~" in first, "TDS*2250~" in second] == [True, True]
    assert accepted.orders() == [("PO-1", "invoiced")]
    assert accepted.issues() == []


def test_an_order_without_prices_is_not_invoiced(stage: Stage) -> None:
    stage.known(price_list="", answer="auto")
    stage.drop("order.edi", envelope(order().replace("*4.5**", "***")))
    stage.turn()
    assert stage.orders() == [("PO-1", "accepted")]
    ship(stage)
    assert refusal(invoicing.invoice, stage.house, 1, "PO-1", "") == "fulfilment.price-missing"


def test_the_check_digit_of_an_sscc_is_that_of_the_published_example() -> None:
    assert sscc.check_digit("37610425002123456") == "9"
    assert sscc.make("9999999", 1) == "099999990000000010"
    assert not sscc.is_valid("099999990000000011")
    with pytest.raises(ValueError, match="no GS1 company prefix"):
        sscc.make("123", 1)
