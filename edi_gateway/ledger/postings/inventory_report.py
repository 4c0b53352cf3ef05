"""A seller's stock report: the newest as-of counts, and each product's stock is what it says.

The moment a report speaks of is in UTC, at midnight where it gives no time. A report older than the
last one processed is not processed; one of the future waits.
"""

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from edi_gateway.issues import Kind, stock
from edi_gateway.ledger.facts import Entry, Key, Past, Posted, Trouble
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.ledger.receiving import as_buyer
from edi_gateway.model.inventory_report import InventoryLine, InventoryReport, StockQuantity

LAST: Key = ("latest", "inventory.reported")
FOR_SALE = ("available", "on_hand")
YET_TO_COME = ("on_order", "projected")
BARCODES = ("upc", "ean", "gtin_14")


def needs(report: InventoryReport) -> tuple[Key, ...]:
    """The last report processed, and the instant."""
    return (LAST, ("now",))


def post(report: InventoryReport, partnership: Partnership | None, past: Past) -> Posted:
    """One fact for the report and one for each product; the same stock as of the same moment is no news."""
    buyer = as_buyer(report, partnership)
    moment, last = as_of(report), past.get(LAST)
    told = f"report {report.number} of {buyer.name} is as of {_plain(moment)}"
    if moment > past[("now",)]:
        return Posted("held", troubles=(_trouble(stock.FUTURE, report, buyer, f"{told} UTC"),))
    facts = dict(_facts(report, moment))
    content = _content(facts)
    troubles = tuple(_twice(report, buyer))
    if last is not None:
        before = dt.datetime.fromisoformat(last["as_of"])
        if moment < before:
            older = _trouble(stock.OLDER, report, buyer, f"{told}, known is {_plain(before)}")
            return Posted("read", troubles=(older,))
        if moment == before and content == last["content"]:
            return Posted("read")
        if moment == before:
            troubles = (_trouble(stock.SAME_TIME, report, buyer, f"{told}, and so was another"), *troubles)
    said = {"as_of": moment.isoformat(), "products": len(facts), "content": content}
    whole = Entry("inventory.reported", said, key=report.number)
    return Posted("posted", (whole, *(Entry("stock.reported", data, key=key) for key, data in facts.items())), troubles)


def again(report: InventoryReport, partnership: Partnership | None, past: Past) -> Posted:
    """A report that is in force stays so; any other is looked at as if it had just come."""
    last = past.get(LAST)
    moment = as_of(report)
    if last is not None and (moment.isoformat(), _content(dict(_facts(report, moment)))) == (
        last["as_of"], last["content"]
    ):
        return Posted("posted")
    return post(report, partnership, past)


def as_of(report: InventoryReport) -> dt.datetime:
    """The moment the report speaks of."""
    return dt.datetime.combine(report.date, report.time or dt.time(), dt.UTC)


def _facts(report: InventoryReport, moment: dt.datetime) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What is in stock, by product; the last line of a product counts."""
    for line in report.lines:
        said, key = _for_sale(line), _key(line)
        if said is not None and key is not None:
            yield key, {
                "as_of": moment.isoformat(), "quantity": f"{max(said.quantity, Decimal(0)):f}", "kind": said.kind,
                "unit": said.unit, "ids": [f"{product.kind} {product.value}" for product in line.product_ids],
            }


def _for_sale(line: InventoryLine) -> StockQuantity | None:
    """What can be sold, else what is there, else the first that is not still to come."""
    by_kind = {said.kind: said for said in reversed(line.quantities) if said.kind not in YET_TO_COME}
    best = next((by_kind[kind] for kind in FOR_SALE if kind in by_kind), None)
    return best or next((said for said in line.quantities if said.kind in by_kind), None)


def _key(line: InventoryLine) -> str | None:
    """The name of the product: its barcode, else the first of its ids."""
    ranked = sorted(line.product_ids, key=lambda product: product.kind not in BARCODES)
    return f"{ranked[0].kind} {ranked[0].value}" if ranked else None


def _content(facts: Mapping[str, Mapping[str, Any]]) -> str:
    quantities = {key: str(Decimal(data["quantity"]).normalize()) for key, data in facts.items()}
    return hashlib.sha256(json.dumps(quantities, sort_keys=True).encode()).hexdigest()[:32]


def _twice(report: InventoryReport, buyer: Partnership) -> Iterator[Trouble]:
    counted = Counter(key for line in report.lines if (key := _key(line)) is not None)
    twice = [key for key, count in counted.items() if count > 1]
    if twice:
        note = f"report {report.number} of {buyer.name}: {', '.join(twice[:5])}{' …' if len(twice) > 5 else ''}"
        yield _trouble(stock.PRODUCT_TWICE, report, buyer, note)


def _plain(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def _trouble(kind: Kind, report: InventoryReport, buyer: Partnership, note: str) -> Trouble:
    return Trouble(kind, f"stock report {buyer.id} {report.number}", note)
