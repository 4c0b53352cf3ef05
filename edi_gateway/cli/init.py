"""Makes a new gateway in a folder: a commented configuration."""

from pathlib import Path
from typing import Annotated

import typer

from edi_gateway import settings
from edi_gateway.cli._commands import new
from edi_gateway.cli._options import AsJson, Directory
from edi_gateway.cli._output import print_json, printable
from edi_gateway.issues.settings import HOUSE_EXISTS

app = new()


@app.command(epilog="Example: edi-gateway init /srv/edi")
def init(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="The new gateway's folder.", show_default="that of --dir")
    ] = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Makes a new gateway in a folder: a gateway.toml whose comments tell what there is to set.

    A folder that already holds a gateway is refused.
    """
    chosen = folder or directory
    for left in ("gateway.sqlite", "archive"):
        if (chosen / left).exists():
            raise HOUSE_EXISTS.error(str(chosen / left))
    file = settings.create(chosen)
    if as_json:
        print_json({"directory": str(chosen.absolute()), "configuration": str(file.absolute())})
        return
    where = printable(str(chosen))
    print(f"Wrote {printable(str(file))}. What comes next:")
    print("  1. Name a mailbox in it, under [channels.…].")
    print(f"  2. edi-gateway partner add NAME --ours ZZ:US --theirs ZZ:THEM --channel CHANNEL --dir {where}")
    print(f"  3. edi-gateway run --dir {where}")
