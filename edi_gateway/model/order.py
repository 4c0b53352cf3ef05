"""A buyer's purchase order."""

import datetime as dt

from edi_gateway.model._parts import (
    Contact,
    DatedEvent,
    Noun,
    Number,
    Party,
    ProductId,
    Reference,
    Terms,
    Text,
    Value,
)


class OrderLine(Value):
    """One product ordered."""

    personal = frozenset({"notes"})

    number: Text | None = None
    """The buyer's id of the line, echoed in every answer."""
    quantity: Number | None = None
    unit: Text | None = None
    """The unit's code in the standard, such as `EA` for each."""
    price: Number | None = None
    """Per unit, in the order's currency."""
    price_basis: Text | None = None
    """What kind of price it is, as sent."""
    product_ids: tuple[ProductId, ...] = ()
    title: Text | None = None
    references: tuple[Reference, ...] = ()
    dates: tuple[DatedEvent, ...] = ()
    notes: tuple[Text, ...] = ()
    """Free text about the line."""


class Order(Noun):
    """What a buyer wants of a seller. Its identity is (partnership, number, release)."""

    names_order = "number"
    personal = frozenset({"notes"})

    purpose: Text
    """`original`, `cancel`, `change`, `replace`, `duplicate`, or a code as sent."""
    type: Text
    """`stand_alone`, `new_order`, `dropship`, …, or a code as sent."""
    number: Text
    """The buyer's order number."""
    release: Text | None = None
    """Which release of a standing order it is; part of the order's identity."""
    date: dt.date
    contract: Text | None = None
    currency: Text | None = None
    """Of all amounts in the document, such as `USD`."""
    shipping_method: Text | None = None
    """How the buyer wants it shipped, in words."""
    references: tuple[Reference, ...] = ()
    contacts: tuple[Contact, ...] = ()
    terms: tuple[Terms, ...] = ()
    """When the buyer pays."""
    dates: tuple[DatedEvent, ...] = ()
    notes: tuple[Text, ...] = ()
    """Free text about the whole order."""
    parties: tuple[Party, ...] = ()
    lines: tuple[OrderLine, ...]
