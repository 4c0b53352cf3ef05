"""The lines of life: how much of each line of an order was ordered, answered, shipped and invoiced."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from edi_gateway.demo.house import STATIONS, Row, Rows, stations

LOOK: Mapping[str, Any] = {
    "title_justify": "left", "title_style": "bold", "box": box.SIMPLE_HEAD, "pad_edge": False,
}


def lines_of_orders(rows: Rows, *, both: bool = False) -> Table:
    """One row a line of an order: how far it is, and whether the retailer's books, where we see them, agree.

    `both` leaves out the orders of retailers whose books we do not see.
    """
    title = "Line by line, in the books of the seller and of the retailer" if both else "Orders, line by line"
    table = Table(title=title, **LOOK)
    for name in ("partner", "order", "line", "product"):
        table.add_column(name, style="cyan" if name == "partner" else "", no_wrap=True)
    for name in STATIONS:
        table.add_column(name, justify="right", no_wrap=True)
    theirs = {
        (order["number"], line["number"]): line
        for buyer in rows.buyers.values() for order in buyer.orders for line in order["lines"]
    }
    ours = {
        (order["number"], line["number"]): (order["partner"], line)
        for order in rows.orders for line in order["lines"]
    }
    for number, line in theirs if both else {**ours, **theirs}:
        partner, mine = ours.get((number, line), ("", None))
        here = theirs.get((number, line))
        table.add_row(partner, number, line, _product(mine or here), *_quantities(mine, here))
    return table


def _product(line: Row | None) -> str:
    if line is None:
        return ""
    return line["title"] or " ".join(product["value"] for product in line["product_ids"])


def _quantities(ours: Row | None, theirs: Row | None) -> Iterator[Text]:
    known = [stations(line) if line else ("0",) * len(STATIONS) for line in (ours, theirs or ours)]
    for mine, other in zip(*known, strict=True):
        if theirs is None:
            yield Text(mine, "dim" if mine == "0" else "")
        else:
            yield Text(f"{mine} = {other}", "green") if mine == other else Text(f"{mine} ≠ {other}", "yellow")
