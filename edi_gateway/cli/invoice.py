"""Draws an invoice from what was shipped of an order, and sends it."""

from pathlib import Path
from typing import Annotated

import typer

from edi_gateway import wiring
from edi_gateway.cli._commands import new
from edi_gateway.cli._options import AsJson, Directory, Release, Which
from edi_gateway.cli._output import print_json, printable
from edi_gateway.cli._which import the_order
from edi_gateway.flows import invoicing as flow

app = new()


@app.command(epilog="Example: edi-gateway invoice 4711")
def invoice(
    number: Annotated[str, typer.Argument(metavar="PO", help="The buyer's number of the order.")],
    partnership: Which = None,
    release: Release = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Invoices what was shipped of an order and not yet charged for, at the order's prices.

    Invoices are numbered one by one, without gaps. The gateway that runs in the folder delivers it. What else a
    partner wants told, such as the order's terms and who is to be paid, are rows of their partner.toml, [invoice].
    """
    with wiring.open_house(directory) as house:
        partnership_id, name, exact = the_order(house, number, partnership, release)
        drawn, document = flow.invoice(house, partnership_id, number, exact)
    if as_json:
        print_json({"order": number, "partnership": name, "invoice": drawn, "document": document})
    else:
        print(printable(f"Invoice {drawn} for order {number} of {name}: document {document} waits to be delivered."))
