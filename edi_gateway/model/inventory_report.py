"""What a seller has in stock."""

import datetime as dt

from edi_gateway.model._parts import DatedEvent, Noun, Number, Party, ProductId, Reference, Text, Value


class StockQuantity(Value):
    """How much there is of a product, in one sense of the word."""

    kind: Text
    """`available` is what can be sold; `on_hand`, `on_order`, …, or a code as sent."""
    quantity: Number
    unit: Text | None = None
    """The unit's code in the standard, such as `EA` for each."""


class InventoryLine(Value):
    """The stock of one product."""

    number: Text | None = None
    product_ids: tuple[ProductId, ...] = ()
    title: Text | None = None
    quantities: tuple[StockQuantity, ...] = ()
    dates: tuple[DatedEvent, ...] = ()
    """Such as when more will be there."""


class InventoryReport(Noun):
    """The seller's stock as of one moment, in UTC. A later report takes the place of an earlier one."""

    purpose: Text
    """`original`, …, or a code as sent."""
    type: Text
    """`manufacturer_inventory`, …, or a code as sent."""
    number: Text
    """The seller's number of the report."""
    date: dt.date
    """The day the stock was counted, …"""
    time: dt.time | None = None
    """… and the time; without it, midnight."""
    references: tuple[Reference, ...] = ()
    parties: tuple[Party, ...] = ()
    lines: tuple[InventoryLine, ...]
