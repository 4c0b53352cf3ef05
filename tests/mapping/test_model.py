"""The nouns themselves: their page, their JSON, and what they refuse."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from edi_gateway import discover, model
from edi_gateway.model import _describe
from edi_gateway.model.order import Order

ORDER: dict[str, Any] = {
    "purpose": "original", "type": "new_order", "number": "PO-77", "date": "2026-03-02",
    "dates": [{"kind": "ship_by", "date": "2026-03-10", "time": "14:30:00"}],
    "lines": [{"number": "1", "quantity": "1.50", "price": "1E+3"}],
}


def test_the_page_is_what_the_classes_say(root: Path) -> None:
    assert (root / "docs" / "model.md").read_text(encoding="utf-8") == _describe.page(), "run `make docs`"


def test_every_noun_is_known_by_the_name_of_its_file() -> None:
    for name in discover.names(model.__name__):
        assert issubclass(model.noun(name), model.Noun)


def test_json_leaves_out_what_is_not_said_and_writes_numbers_without_exponent() -> None:
    row = Order.from_json(ORDER).as_json()
    line = row["lines"][0]
    assert (line["quantity"], line["price"]) == ("1.50", "1000")
    assert "unit" not in line
    assert "currency" not in row
    assert row["dates"] == ORDER["dates"]
    assert Order.from_json(json.loads(json.dumps(row))).as_json() == row


def test_numbers_are_equal_by_value() -> None:
    other = {**ORDER, "lines": [{"number": "1", "quantity": "1.5", "price": 1000}]}
    assert Order.from_json(ORDER) == Order.from_json(other)


@pytest.mark.parametrize("change", [
    {"number": ""}, {"number": None}, {"colour": "red"}, {"date": "yesterday"}, {"lines": [{"quantity": "NaN"}]},
    {"lines": [{"quantity": "1E+99"}]}, {"lines": [{"quantity": "many"}]}, {"lines": None},
])
def test_what_is_no_order_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Order.from_json({**ORDER, **change})


def test_a_noun_does_not_change() -> None:
    order = Order.from_json(ORDER)
    with pytest.raises(ValidationError):
        setattr(order, "number", "PO-78")  # noqa: B010 - assigning is what is refused
    assert order.lines[0].quantity == Decimal("1.5")
