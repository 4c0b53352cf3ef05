"""Says whether files are well-formed X12, and what is wrong with them."""

from pathlib import Path
from typing import Annotated

import typer

from edi_gateway.cli._commands import new
from edi_gateway.cli._options import AsJson, Directory
from edi_gateway.cli._validating import judge

app = new()


@app.command(epilog="Example: edi-gateway validate orders.edi --json")
def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="X12 files; - reads standard input.")],
    partner: Annotated[
        str | None, typer.Option("--partner", metavar="NAME", help="Judges everything by this partner's rules.")
    ] = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> int:
    """Says of each file whether it is well-formed X12, and of each fault where it stands and what to do about it.

    Files are judged by the standard; in the folder of a gateway by its partners' guides as well, found by
    the ids in the file. The exit code is 0 without an error, 1 with one, 2 if a file could not be read.
    """
    return judge(files, directory, as_json, partner)
