"""Imports price lists; `prices import` takes a CSV file."""

from pathlib import Path
from typing import Annotated

import typer

from edi_gateway import wiring
from edi_gateway.cli._commands import new
from edi_gateway.cli._csv import table
from edi_gateway.cli._options import AsJson, Directory
from edi_gateway.cli._output import counted, print_json, printable
from edi_gateway.flows import prices as flow

app = new(no_args_is_help=True)


@app.callback(epilog="Example: edi-gateway prices import spring.csv --list wholesale")
def prices() -> None:
    """Keeps the price lists that orders are compared with."""


@app.command("import", epilog="Example: edi-gateway prices import spring.csv --list wholesale")
def load(
    file: Annotated[str, typer.Argument(metavar="FILE.csv", help="The table; - reads standard input.")],
    price_list: Annotated[
        str | None,
        typer.Option("--list", metavar="NAME", help="The price list to add to or change.", show_default="FILE"),
    ] = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Adds the prices of a CSV file to a list, or changes those it has; the whole file or nothing.

    The first row names the columns product_kind (such as upc), product_id, price and currency.
    """
    name = price_list or Path(file).stem
    with wiring.open_house(directory) as house:
        count = flow.load(house, name, table(file, flow.COLUMNS))
    if as_json:
        print_json({"list": name, "prices": count})
    else:
        print(printable(f"Price list {name}: {counted(count, 'price')} added or changed."))
