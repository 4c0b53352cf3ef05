"""A buyer's question what products would cost."""

import datetime as dt

from edi_gateway.model._parts import Noun, Number, ProductId, Text, Value


class WantedDelivery(Value):
    """A part of a line's quantity, and when it is wanted."""

    quantity: Number
    unit: Text
    kind: Text
    """What the date says: `delivery_requested`, `ship_requested`, …, or a code as sent."""
    date: dt.date


class QuoteRequestLine(Value):
    """One product, and how much of it may be ordered."""

    number: Text | None = None
    quantity: Number | None = None
    unit: Text | None = None
    product_ids: tuple[ProductId, ...] = ()
    deliveries: tuple[WantedDelivery, ...] = ()


class QuoteRequest(Noun):
    """What a buyer wants to know the prices of, before there is an order."""

    purpose: Text
    """`original`, …, or a code as sent."""
    number: Text
    """The buyer's number of the request."""
    date: dt.date
    lines: tuple[QuoteRequestLine, ...] = ()
