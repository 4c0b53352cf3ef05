"""Runs the gateway for good."""

from pathlib import Path

from edi_gateway import wiring
from edi_gateway.cli._commands import new
from edi_gateway.cli._options import Directory

app = new()


@app.command(epilog="Example: edi-gateway run --dir /srv/edi")
def run(directory: Directory = Path()) -> None:
    """Runs the gateway of a folder for good. Ctrl-C and SIGTERM finish what is in hand; the log tells what happens."""
    wiring.run(directory)
