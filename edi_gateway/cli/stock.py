"""Enters stock levels and reports them: `stock set`, `stock import`, `stock send`."""

from pathlib import Path
from typing import Annotated

import typer

from edi_gateway import wiring
from edi_gateway.cli._commands import new
from edi_gateway.cli._csv import table
from edi_gateway.cli._options import AsJson, Directory
from edi_gateway.cli._output import counted, print_json, printable
from edi_gateway.cli._which import the_partnership
from edi_gateway.flows import stock as flow

app = new(no_args_is_help=True)


@app.callback(epilog="Example: edi-gateway stock import stock.csv")
def stock() -> None:
    """Keeps what we have of each product, and tells partners."""


@app.command("set", epilog="Example: edi-gateway stock set upc 400000000176 25")
def enter(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="What names the product, such as upc or sku.")],
    product: Annotated[str, typer.Argument(metavar="ID", help="The product.")],
    quantity: Annotated[str, typer.Argument(metavar="QUANTITY", help="How much there is.")],
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Enters the level of one product."""
    row = {"product_kind": kind, "product_id": product, "quantity": quantity}
    with wiring.open_house(directory) as house:
        flow.count(house, [row])
    if as_json:
        print_json(row)
    else:
        print(printable(f"{kind} {product}: {quantity}"))


@app.command("import", epilog="Example: edi-gateway stock import stock.csv")
def load(
    file: Annotated[str, typer.Argument(metavar="FILE.csv", help="The table; - reads standard input.")],
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Enters the levels of a CSV file, the whole of it or nothing.

    The first row names the columns product_kind (such as upc), product_id and quantity.
    """
    with wiring.open_house(directory) as house:
        levels = flow.count(house, table(file, flow.COLUMNS))
    if as_json:
        print_json({"levels": levels})
    else:
        print(f"{counted(levels, 'level')} entered.")


@app.command(epilog="Example: edi-gateway stock send acme-stores")
def send(
    partnership: Annotated[str, typer.Argument(metavar="PARTNERSHIP", help="Whom to tell.")],
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Reports the stock of a partner's products to the partner. The gateway that runs in the folder delivers it."""
    with wiring.open_house(directory) as house:
        document = flow.send(house, the_partnership(house, partnership).id)
    if as_json:
        print_json({"partnership": partnership, "document": document})
    else:
        print(printable(f"The stock for {partnership} is document {document}; it waits to be delivered."))
