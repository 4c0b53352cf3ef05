"""Stock levels: entered by people, told to partners."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from edi_gateway.flows.house import Commit, House
from edi_gateway.flows.outbound import prepare
from edi_gateway.issues import fulfilment
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.ledger.stock import SET, Level, counted, level, report
from edi_gateway.logs import log
from edi_gateway.model._parts import ProductId

COLUMNS = ("product_kind", "product_id", "quantity")
NUMBERS = "inventory report"


def count(house: House, rows: Iterable[Mapping[str, str | None]]) -> int:
    """Enters the levels of a table, the whole of it or nothing. Returns how many.

    A row has the columns `product_kind`, `product_id`, `quantity`, all text. Raises `GatewayError`
    (`fulfilment.stock-faulty`) that names the row, counted from 1 for the heading.
    """
    levels: dict[ProductId, Level] = {}
    for number, row in enumerate(rows, 2):
        found = _level(number, row)
        if found.product in levels:
            raise fulfilment.STOCK_FAULTY.error(f"row {number}: {found.product.value} stands twice in the table")
        levels[found.product] = found
    with house.commit() as commit:
        commit.unit.books.write([counted(each) for each in levels.values()], None, None, commit.now)
    return len(levels)


def send(house: House, partnership_id: int) -> int:
    """Reports our stock of the products on a partner's price list, or of all. Returns the document id.

    Raises `GatewayError`: `fulfilment.no-stock`, and what `outbound.prepare` raises.
    """
    with house.commit() as commit:
        partnership = commit.unit.agreements.get_partnership(partnership_id)
        agreement = commit.unit.agreements.get(partnership.agreement_id)
        levels = _levels(commit, partnership)
        if not levels:
            raise fulfilment.NO_STOCK.error(f"nothing is known of the products of {partnership.name}")
        number = str(commit.unit.numbers.take(NUMBERS))
        told = report(levels, number, partnership.reference, commit.now)
        document_id = prepare(commit, agreement, partnership, told, None)
    log.info("reported", partner=partnership.name, products=len(levels), document=document_id)
    return document_id


def _levels(commit: Commit, partnership: Partnership) -> tuple[Level, ...]:
    facts = commit.unit.books.facts(None, SET)
    levels = tuple(level(key, data) for key, data in facts.items())
    if not partnership.price_list:
        return levels
    prices = commit.unit.prices
    return tuple(
        each for each in levels
        if prices.agreed(partnership.price_list, each.product.kind, each.product.value) is not None
    )


def _level(number: int, row: Mapping[str, str | None]) -> Level:
    missing = [column for column in COLUMNS if not (row.get(column) or "").strip()]
    if missing:
        raise fulfilment.STOCK_FAULTY.error(f"row {number}: {', '.join(missing)} is missing")
    kind, value, text = ((row[column] or "").strip() for column in COLUMNS)
    try:
        quantity = Decimal(text)
    except InvalidOperation as error:
        raise fulfilment.STOCK_FAULTY.error(f"row {number}: quantity {text!r} is not a number") from error
    if not quantity.is_finite():
        raise fulfilment.STOCK_FAULTY.error(f"row {number}: quantity {text!r} is not a number")
    return Level(ProductId(kind=kind, value=value), quantity)
