"""What we have of each product, and the report that says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from edi_gateway.ledger.facts import Entry
from edi_gateway.model._parts import ProductId, Reference
from edi_gateway.model.inventory_report import InventoryLine, InventoryReport, StockQuantity

SET = "stock.set"


@dataclass(frozen=True, slots=True)
class Level:
    """How much there is of a product. Less than nothing counts as nothing when it is told."""

    product: ProductId
    quantity: Decimal
    unit: str = "EA"


def key_of(product: ProductId) -> str:
    """What a product's levels are found by."""
    return f"{product.kind} {product.value}"


def counted(level: Level) -> Entry:
    """The fact that so much was counted."""
    return Entry(SET, {"quantity": f"{level.quantity:f}", "unit": level.unit}, key=key_of(level.product))


def level(key: str, data: Mapping[str, str]) -> Level:
    """The level that a fact told."""
    kind, _, value = key.partition(" ")
    return Level(ProductId(kind=kind, value=value), Decimal(data["quantity"]), data["unit"])


def report(levels: tuple[Level, ...], number: str, reference: str | None, now: datetime) -> InventoryReport:
    """The report of these levels as of now, to the minute: BIA05 is HHMM for most partners."""
    return InventoryReport(
        purpose="original", type="manufacturer_inventory", number=number, date=now.date(),
        time=now.time().replace(second=0, microsecond=0),
        references=(Reference(kind="vendor_number", value=reference),) if reference else (),
        lines=tuple(
            InventoryLine(
                number=str(ordinal), product_ids=(each.product,),
                quantities=(
                    StockQuantity(kind="available", quantity=max(each.quantity, Decimal(0)), unit=each.unit),
                ),
            )
            for ordinal, each in enumerate(levels, 1)
        ),
    )
