"""Ships an order, or a part of it, and tells the partner (ASN)."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from edi_gateway import wiring
from edi_gateway.cli._commands import new
from edi_gateway.cli._options import AsJson, Directory, Release, Which
from edi_gateway.cli._output import print_json, printable
from edi_gateway.cli._which import the_order
from edi_gateway.flows import shipping as flow
from edi_gateway.ledger.shipping import Freight

app = new()


@app.command(epilog="Example: edi-gateway ship 4711 --carton 1=10,2=4 --carton 2=6 --carrier UPSN --tracking 1Z999")
def ship(
    number: Annotated[str, typer.Argument(metavar="PO", help="The buyer's number of the order.")],
    carton: Annotated[
        list[str] | None,
        typer.Option("--carton", metavar="N=QTY,…", help="One carton: how much of which lines.", show_default="all"),
    ] = None,
    carrier: Annotated[str | None, typer.Option("--carrier", metavar="SCAC", help="The carrier's code.")] = None,
    service: Annotated[
        str | None, typer.Option("--service", metavar="TEXT", help="Carrier and service in words.")
    ] = None,
    tracking: Annotated[str | None, typer.Option("--tracking", metavar="NUMBER", help="The carrier's number.")] = None,
    weight: Annotated[str | None, typer.Option("--weight", metavar="POUNDS", help="Of all of it.")] = None,
    bill_of_lading: Annotated[
        str | None, typer.Option("--bill-of-lading", metavar="NUMBER", help="The number of the bill of lading.")
    ] = None,
    over: Annotated[bool, typer.Option("--over", help="Ships more than was ordered and accepted.")] = False,
    partnership: Which = None,
    release: Release = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Ships an order in the cartons named, and sends the partner the ship notice.

    What is not shipped stays open for the next one. The gateway that runs in the folder delivers it. What else a
    partner wants told of the order, and how many cartons there are, are rows of their partner.toml, [shipment].
    """
    cartons = [_carton(text) for text in carton or ()]
    pounds = None if weight is None else _quantity(weight, "--weight")
    freight = Freight(carrier, service, tracking, pounds, bill_of_lading=bill_of_lading)
    with wiring.open_house(directory) as house:
        partnership_id, name, exact = the_order(house, number, partnership, release)
        shipped, document = flow.ship(
            house, partnership_id, number, exact, cartons=cartons, freight=freight, over=over
        )
    if as_json:
        print_json({"order": number, "partnership": name, "shipment": shipped, "document": document})
    else:
        print(printable(f"Shipment {shipped} of order {number} of {name}: document {document} waits to be delivered."))


def _carton(text: str) -> dict[str, Decimal]:
    lines: dict[str, Decimal] = {}
    for part in text.split(","):
        line, equals, quantity = part.partition("=")
        if not (line and equals) or line in lines:
            raise typer.BadParameter(f"{text!r} is not LINE=QUANTITY,…, once for each line", param_hint="--carton")
        lines[line] = _quantity(quantity, "--carton")
    return lines


def _quantity(text: str, option: str) -> Decimal:
    try:
        quantity = Decimal(text)
    except InvalidOperation as error:
        raise typer.BadParameter(f"{text!r} is not a number", param_hint=option) from error
    if not quantity.is_finite() or quantity <= 0:
        raise typer.BadParameter(f"{text!r} is not more than nothing", param_hint=option)
    return quantity
