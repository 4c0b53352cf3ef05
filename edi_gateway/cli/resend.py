"""Sends a document of ours once more: the same bytes, the same numbers."""

from pathlib import Path
from typing import Annotated

import typer

from edi_gateway import wiring
from edi_gateway.cli._commands import new
from edi_gateway.cli._options import AsJson, Directory
from edi_gateway.cli._output import print_json
from edi_gateway.flows import desk

app = new()


@app.command(epilog="Example: edi-gateway resend 7")
def resend(
    document: Annotated[
        int, typer.Argument(metavar="ID", help="The document's id, as `edi-gateway documents` shows it.")
    ],
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Sends a document of ours once more: the same bytes under the same numbers and the same name.

    For a partner who has lost the file. One that still lies in their mailbox is left as it is. The gateway
    that runs in the folder delivers it.
    """
    with wiring.open_house(directory) as house:
        desk.resend(house, document)
    if as_json:
        print_json({"document": document, "state": "queued"})
    else:
        print(f"Document {document} waits to be delivered again.")
