"""A seller's answer to a purchase order."""

import datetime as dt

from edi_gateway.model._parts import DatedEvent, Noun, Number, Party, ProductId, Reference, Text, Value


class LineAnswer(Value):
    """What the seller says of one line, or of a part of its quantity."""

    decision: Text
    """`accepted`, `rejected`, `backordered`, `quantity_changed`, `price_changed`, …, or a code as sent."""
    quantity: Number | None = None
    unit: Text | None = None
    date_kind: Text | None = None
    """What the date says: `delivery_estimated`, `ship_scheduled`, …, or a code as sent."""
    date: dt.date | None = None
    product_ids: tuple[ProductId, ...] = ()
    """The product that is meant where it is not the one ordered, such as a substitute."""


class ResponseLine(Value):
    """One line of the order, as answered."""

    number: Text | None = None
    """The buyer's id of the line, as in the order."""
    quantity: Number | None = None
    unit: Text | None = None
    price: Number | None = None
    price_basis: Text | None = None
    product_ids: tuple[ProductId, ...] = ()
    title: Text | None = None
    answers: tuple[LineAnswer, ...] = ()


class OrderResponse(Noun):
    """What a seller answers to an order, line by line."""

    names_order = "number"

    purpose: Text
    """`original`, `change`, …, or a code as sent."""
    decision: Text
    """`accepted`, `accepted_with_changes`, `rejected`, or a code as sent."""
    number: Text
    """The buyer's order number."""
    release: Text | None = None
    date: dt.date
    """The day the order was made out, where the seller repeats it; else the day of the answer."""
    seller_number: Text | None = None
    """The seller's own number of the order."""
    answered: dt.date | None = None
    """The day of the answer."""
    currency: Text | None = None
    references: tuple[Reference, ...] = ()
    dates: tuple[DatedEvent, ...] = ()
    parties: tuple[Party, ...] = ()
    lines: tuple[ResponseLine, ...] = ()
