"""Whether an order agrees with the price list."""

from decimal import Decimal

from edi_gateway.issues import Kind, trade
from edi_gateway.ledger.facts import AgreedPrice, Key, Past
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.model.order import Order, OrderLine


def price_keys(order: Order) -> tuple[Key, ...]:
    """One key for each product id of the order: `("price", kind, value)`."""
    return tuple(dict.fromkeys(("price", p.kind, p.value) for line in order.lines for p in line.product_ids))


def differences(order: Order, partnership: Partnership, past: Past) -> tuple[tuple[Kind, str], ...]:
    """What the order and the partnership's price list disagree on, one kind and sentence each.

    Without a price list there is nothing to disagree with. An order without a currency is in the
    partnership's; a line without a price takes the list's.
    """
    if not partnership.price_list:
        return ()
    currency = order.currency or partnership.currency
    found = []
    for ordinal, line in enumerate(order.lines, 1):
        name = f"line {line.number or ordinal}"
        agreed = _agreed(line, past)
        if agreed is None:
            ids = ", ".join(f"{p.kind} {p.value}" for p in line.product_ids) or "no product id"
            found.append((trade.PRODUCT_UNKNOWN, f"{name}: {ids} is not on price list {partnership.price_list}"))
        elif currency is not None and agreed.currency != currency:
            found.append((trade.CURRENCY_DIFFERS, f"{name}: ordered in {currency}, agreed in {agreed.currency}"))
        elif line.price is not None and line.price != agreed.price:
            note = f"{name}: ordered at {_plain(line.price)}, agreed at {_plain(agreed.price)}"
            found.append((trade.PRICE_DIFFERS, note))
    return tuple(found)


def _agreed(line: OrderLine, past: Past) -> AgreedPrice | None:
    for product in line.product_ids:
        price: AgreedPrice | None = past.get(("price", product.kind, product.value))
        if price is not None:
            return price
    return None


def _plain(amount: Decimal) -> str:
    return f"{amount:f}"
