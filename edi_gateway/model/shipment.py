"""A seller's shipment, told before it arrives."""

import datetime as dt
from typing import Self

from pydantic import model_validator

from edi_gateway.model._parts import DatedEvent, Noun, Number, Party, ProductId, Reference, Text, Value


class Mark(Value):
    """What stands on a package for people and scanners to read."""

    kind: Text
    """`sscc`, `shipper_assigned`, …, or a code as sent."""
    value: Text
    until: Text | None = None
    """The last mark, where a range of them is told."""


class ShippedOrder(Value):
    """An order of which something is in the shipment."""

    number: Text
    """The buyer's order number."""
    release: Text | None = None
    date: dt.date | None = None
    references: tuple[Reference, ...] = ()
    parties: tuple[Party, ...] = ()


class Pallet(Value):
    """A pallet, known by its marks."""

    marks: tuple[Mark, ...] = ()
    weight: Number | None = None
    weight_unit: Text | None = None


class Carton(Value):
    """A carton or other package."""

    sscc: Text | None = None
    """Its serial shipping container code: 18 digits, the last one a check digit."""
    tracking: Text | None = None
    """The carrier's number for this package."""
    marks: tuple[Mark, ...] = ()
    """Further marks on it."""
    weight: Number | None = None
    weight_unit: Text | None = None
    """The unit's code in the standard, such as `LB` for pounds."""
    dates: tuple[DatedEvent, ...] = ()
    references: tuple[Reference, ...] = ()
    pallet: int | None = None
    """The pallet it stands on, counted from 1 in the shipment's `pallets`."""


class ShippedItem(Value):
    """So much of one product, for one order, in one carton. What is in several cartons is several items."""

    number: Text | None = None
    """The buyer's id of the line, as in the order."""
    product_ids: tuple[ProductId, ...] = ()
    quantity: Number
    unit: Text | None = None
    """The unit's code in the standard, such as `EA` for each."""
    title: Text | None = None
    references: tuple[Reference, ...] = ()
    dates: tuple[DatedEvent, ...] = ()
    order: int
    """The order it is for, counted from 1 in the shipment's `orders`."""
    carton: int | None = None
    """The carton it is in, counted from 1 in `cartons`."""
    pallet: int | None = None
    """The pallet it is on, counted from 1 in `pallets`; where it is in a carton, that carton's."""


class Shipment(Noun):
    """What leaves for a buyer in one go, and how it is packed. Its identity is (partnership, number).

    It is flat: every item says its order, its carton and its pallet.
    """

    names_order = "orders.number"

    purpose: Text
    """`original`, `cancel`, `replace`, …, or a code as sent."""
    number: Text
    """The seller's number of the shipment."""
    date: dt.date
    """The day this was told."""
    time: dt.time | None = None
    carrier_code: Text | None = None
    """Who carries it, by the code that all carriers have (SCAC)."""
    carrier: Text | None = None
    """Who carries it and how, in words."""
    method: Text | None = None
    """`motor`, `parcel`, `air`, …, or a code as sent."""
    packages: int | None = None
    """How many there are."""
    packaging: Text | None = None
    """What they are, by the code of the standard, such as `CTN25`."""
    weight: Number | None = None
    """Of all of it, gross."""
    weight_unit: Text | None = None
    """The unit's code in the standard, such as `LB` for pounds."""
    references: tuple[Reference, ...] = ()
    """Such as the carrier's number and that of the bill of lading."""
    dates: tuple[DatedEvent, ...] = ()
    parties: tuple[Party, ...] = ()
    orders: tuple[ShippedOrder, ...] = ()
    pallets: tuple[Pallet, ...] = ()
    cartons: tuple[Carton, ...] = ()
    items: tuple[ShippedItem, ...] = ()

    @model_validator(mode="after")
    def _packed_into_what_is_there(self) -> Self:
        # A name is put together only where there is something to say; notices have thousands of items.
        orders, cartons, pallets = len(self.orders), len(self.cartons), len(self.pallets)
        carried = [box.pallet for box in self.cartons]
        for at, pallet in enumerate(carried):
            if pallet is not None and not 1 <= pallet <= pallets:
                raise ValueError(f"cartons[{at}].pallet is {pallet}, of {pallets}")
        for at, item in enumerate(self.items):
            carton, pallet = item.carton, item.pallet
            if not 1 <= item.order <= orders:
                raise ValueError(f"items[{at}].order is {item.order}, of {orders}")
            if carton is not None and not 1 <= carton <= cartons:
                raise ValueError(f"items[{at}].carton is {carton}, of {cartons}")
            if pallet is not None and not 1 <= pallet <= pallets:
                raise ValueError(f"items[{at}].pallet is {pallet}, of {pallets}")
            if carton is not None and pallet != carried[carton - 1]:
                raise ValueError(f"items[{at}].pallet is {pallet}, and that of its carton {carried[carton - 1]}")
        return self
