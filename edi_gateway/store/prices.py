"""Price lists: what each product costs, by list."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, and_, select

from edi_gateway.ledger.facts import AgreedPrice
from edi_gateway.store.prepared import put
from edi_gateway.store.tables import prices


class Prices:
    """Agreed prices."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, price_list: str, rows: Mapping[tuple[str, str], tuple[Decimal, str]]) -> None:
        """Adds or changes prices: (product kind, product id) to (price, currency)."""
        for (kind, product), (price, currency) in rows.items():
            where = {"price_list": price_list, "product_kind": kind, "product_id": product}
            put(self._connection, prices, where, {"price": price, "currency": currency})

    def agreed(self, price_list: str, kind: str, product: str) -> AgreedPrice | None:
        """What the list says of a product."""
        found = select(prices.c.price, prices.c.currency).where(_is(price_list, kind, product))
        row = self._connection.execute(found).one_or_none()
        return None if row is None else AgreedPrice(row.price, row.currency)


def _is(price_list: str, kind: str, product: str) -> ColumnElement[bool]:
    return and_(prices.c.price_list == price_list, prices.c.product_kind == kind, prices.c.product_id == product)
