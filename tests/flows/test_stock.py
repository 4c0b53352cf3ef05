"""Stock levels: entered by people, told to partners."""

import re

import pytest

from edi_gateway.flows import stock
from edi_gateway.issues import GatewayError
from tests.flows.stage import Stage

LEVELS = [
    {"product_kind": "upc", "product_id": "700000000001", "quantity": "12"},
    {"product_kind": "upc", "product_id": "700000000002", "quantity": "-3"},
    {"product_kind": "upc", "product_id": "700000000009", "quantity": "5"},
]


def test_a_partner_is_told_the_stock_of_the_products_on_their_price_list(stage: Stage) -> None:
    stage.known()
    stock.count(stage.house, LEVELS)
    stock.count(stage.house, [{**LEVELS[0], "quantity": "7"}])
    stock.send(stage.house, 1)
    stage.work()
    (report,) = stage.received("846")
    assert re.findall(r"LIN\*(\d+)\*(\w\w)\*(\d+)~QTY\*33\*(\d+)", report) == [
        ("1", "UP", "700000000001", "7"), ("2", "UP", "700000000002", "0"),
    ]
    assert "CTT*2~" in report


def test_without_stock_there_is_nothing_to_tell(stage: Stage) -> None:
    stage.known()
    with pytest.raises(GatewayError) as raised:
        stock.send(stage.house, 1)
    assert raised.value.kind.code == "fulfilment.no-stock"
    assert stage.documents() == []


@pytest.mark.parametrize(
    "wrong", [{"quantity": "many"}, {"quantity": "NaN"}, {"quantity": ""}, {"product_id": " "}], ids=str
)
def test_a_faulty_level_is_named_and_nothing_of_the_table_is_taken(stage: Stage, wrong: dict[str, str]) -> None:
    with pytest.raises(GatewayError) as raised:
        stock.count(stage.house, [LEVELS[1], {**LEVELS[0], **wrong}])
    assert raised.value.kind.code == "fulfilment.stock-faulty"
    assert raised.value.note.startswith("row 3")
    assert stage.ask("SELECT * FROM entries") == []
