"""Shows the gateway at work: made-up retailers send orders and are answered."""

from pathlib import Path
from typing import Annotated

import typer

from edi_gateway import demo as stage
from edi_gateway.cli._commands import new

app = new()


@app.command(epilog="Example: edi-gateway demo --once")
def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Ends when the play is over: 0 if all was as expected, else 1.")
    ] = False,
    directory: Annotated[
        Path | None, typer.Option("--dir", metavar="DIR", help="An unused folder.", show_default="a temporary one")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Fixes all that is made up.")] = 1,
) -> int:
    """Shows the gateway at work: made-up retailers send orders over a real SFTP server and collect the answers.

    Nothing leaves this machine. On a terminal the gateway goes on after the play, until Ctrl-C.
    """
    return stage.run(once, directory, seed)
