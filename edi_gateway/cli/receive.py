"""Takes a file that came another way, such as by mail, as if it had been collected."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from edi_gateway import wiring
from edi_gateway.cli._commands import new
from edi_gateway.cli._files import content
from edi_gateway.cli._options import AsJson, Directory
from edi_gateway.cli._output import print_json, printable
from edi_gateway.flows import admitting, channels
from edi_gateway.ports import Sighting

app = new()


@app.command(epilog="Example: edi-gateway receive order.edi --channel acme")
def receive(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file; - reads standard input.")],
    channel: Annotated[str, typer.Option("--channel", metavar="CHANNEL", help="Whose mailbox it should have been in.")],
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Its name on the books.", show_default="its own")
    ] = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Takes a file that came another way, such as by mail, as if it had been collected from a channel.

    The gateway that runs in the folder works through it, or `edi-gateway poll`. A file whose bytes came
    before is not posted twice: its acknowledgment goes again.
    """
    called = name or Path(file).name
    if called in ("", "-"):
        raise typer.BadParameter("what comes on standard input needs a name", param_hint="--name")
    raw = content(file)
    with wiring.open_house(directory) as house:
        channels.check(house, channel)
        admission = admitting.receive(house, channel, Sighting(called, len(raw), _modified(file)), raw)
    row = {"receipt": admission.receipt.id, "file": called, "bytes": len(raw), "verdict": admission.verdict}
    if as_json:
        print_json(row)
    elif admission.verdict == "new":
        print(printable(f"Took {called}: {len(raw)} bytes wait to be read."))
    else:
        first = admission.receipt
        print(printable(f"{called} holds the same bytes as {first.name}, which came {first.at:%Y-%m-%d %H:%M} UTC: "
                        "nothing is posted again, its acknowledgment goes once more."))


def _modified(file: str) -> datetime | None:
    """When the file was changed, as a mailbox would tell."""
    return None if file == "-" else datetime.fromtimestamp(Path(file).stat().st_mtime, UTC)
