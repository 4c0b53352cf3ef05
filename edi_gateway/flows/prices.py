"""A price list into the books, the whole file or nothing."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from edi_gateway.flows.house import House
from edi_gateway.issues import trade

COLUMNS = ("product_kind", "product_id", "price", "currency")


def load(house: House, price_list: str, rows: Iterable[Mapping[str, str | None]]) -> int:
    """Adds or changes the prices of a list. Returns how many.

    A row has the columns `product_kind`, `product_id`, `price`, `currency`, all text. Raises
    `GatewayError` (`trade.prices-faulty`) that names the row, counted from 1 for the heading.
    """
    prices: dict[tuple[str, str], tuple[Decimal, str]] = {}
    for number, row in enumerate(rows, 2):
        missing = [column for column in COLUMNS if not (row.get(column) or "").strip()]
        if missing:
            raise trade.PRICES_FAULTY.error(f"row {number}: {', '.join(missing)} is missing")
        kind, product, price, currency = ((row[column] or "").strip() for column in COLUMNS)
        if (kind, product) in prices:
            raise trade.PRICES_FAULTY.error(f"row {number}: {kind} {product} stands twice in the file")
        prices[kind, product] = (_price(number, product, price), _currency(number, currency))
    with house.store.unit() as unit:
        unit.prices.put(price_list, prices)
    return len(prices)


def _price(number: int, product: str, text: str) -> Decimal:
    if re.fullmatch(r"\d(\.\d+)?[eE]\+\d+", product):
        raise trade.PRICES_FAULTY.error(f"row {number}: product_id {product!r} was damaged by a spreadsheet")
    try:
        price = Decimal(text)
    except InvalidOperation as error:
        raise trade.PRICES_FAULTY.error(f"row {number}: price {text!r} is not a decimal number") from error
    if not price.is_finite() or price < 0:
        raise trade.PRICES_FAULTY.error(f"row {number}: price {text!r} is not a price")
    return price


def _currency(number: int, text: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise trade.PRICES_FAULTY.error(f"row {number}: currency {text!r} is not a code of three capitals, such as USD")
    return text
