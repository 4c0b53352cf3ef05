"""A seller's invoice."""

import datetime as dt

from edi_gateway.model._parts import DatedEvent, Noun, Number, Party, ProductId, Reference, Terms, Text, Value


class Tax(Value):
    """One tax, by its amount or its percentage or both."""

    type: Text
    """`goods_and_services`, `state_or_provincial`, …, or a code as sent."""
    amount: Number | None = None
    percent: Number | None = None


class Charge(Value):
    """Something taken off the price or put on it: the kind says which way it goes, and not the amount's sign."""

    kind: Text
    """`allowance` is taken off, `charge` is put on; or a code as sent."""
    code: Text | None = None
    """What it is for: `freight`, `handling`, `discount`, …, or a code as sent."""
    amount: Number | None = None
    """In whole cents."""
    percent: Number | None = None
    handling: Text | None = None
    """How it is settled: `off_invoice`, `bill_back`, …, or a code as sent."""
    description: Text | None = None
    taxes: tuple[Tax, ...] = ()


class InvoiceLine(Value):
    """One product charged for."""

    number: Text | None = None
    """The buyer's id of the line, as in the order."""
    quantity: Number | None = None
    unit: Text | None = None
    price: Number | None = None
    """Per unit, in the invoice's currency."""
    price_basis: Text | None = None
    product_ids: tuple[ProductId, ...] = ()
    title: Text | None = None
    taxes: tuple[Tax, ...] = ()
    charges: tuple[Charge, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[DatedEvent, ...] = ()


class Invoice(Noun):
    """What a seller charges for an order, or gives back with a credit memo. Its identity is (partnership, number)."""

    names_order = "order_number"

    type: Text | None = None
    """`invoice`, `credit_memo`, …, or a code as sent; an invoice where nothing is said."""
    purpose: Text | None = None
    """`original`, `duplicate`, …, or a code as sent."""
    number: Text
    """The seller's invoice number."""
    date: dt.date
    order_number: Text | None = None
    """The buyer's order number."""
    order_date: dt.date | None = None
    release: Text | None = None
    currency: Text | None = None
    """Of all amounts in the document, such as `USD`."""
    references: tuple[Reference, ...] = ()
    parties: tuple[Party, ...] = ()
    dates: tuple[DatedEvent, ...] = ()
    terms: tuple[Terms, ...] = ()
    lines: tuple[InvoiceLine, ...] = ()
    charges: tuple[Charge, ...] = ()
    """Of the whole invoice."""
    taxes: tuple[Tax, ...] = ()
    """Of the whole invoice."""
    total: Number
    """What is to be paid, to the cent."""
