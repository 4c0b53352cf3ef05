"""Prints the JSON Schema of the canonical documents."""

import json
from pathlib import Path
from typing import Annotated

import typer

from edi_gateway import discover, model
from edi_gateway.cli._commands import new
from edi_gateway.cli._options import Directory
from edi_gateway.cli._output import print_json
from edi_gateway.model._schema import schema as schema_of
from edi_gateway.model._schema import schemas

app = new()


@app.command(epilog="Example: edi-gateway schema order > order.schema.json")
def schema(
    noun: Annotated[
        str | None, typer.Argument(metavar="NOUN", help="Such as order_response.", show_default="all of them")
    ] = None,
    directory: Directory = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Prints it on one line.")] = False,
) -> None:
    """Prints the JSON Schema of the canonical documents, which `edi-gateway translate` prints and takes back.

    docs/model.md tells the same for people. The documents are the same in every gateway's folder.
    """
    names = discover.names(model.__name__)
    if noun is not None and noun not in names:
        raise typer.BadParameter(f"{noun!r} is none of {', '.join(names)}", param_hint="NOUN")
    found = schemas() if noun is None else schema_of(noun)
    if as_json:
        print_json(found)
    else:
        print(json.dumps(found, indent=2))
