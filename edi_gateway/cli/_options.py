"""The options that many commands share."""

from pathlib import Path
from typing import Annotated

import typer

SHOWN = 50
"""How many rows a listing for people shows unless told otherwise."""

Directory = Annotated[
    Path, typer.Option("--dir", metavar="DIR", help="The gateway's folder.", show_default="the current one")
]
AsJson = Annotated[bool, typer.Option("--json", help="Prints one JSON object a line.")]
Last = Annotated[
    int | None,
    typer.Option(
        "--last", metavar="N", min=1,
        help="Only the newest N.", show_default=f"{SHOWN}; with --json all",
    ),
]


def limit(last: int | None, as_json: bool) -> int | None:
    """How many of the newest are asked for, None for all."""
    return last if last is not None or as_json else SHOWN

Which = Annotated[
    str | None, typer.Option("--partnership", metavar="NAME", help="Whose order, where several have that number.")
]
Release = Annotated[str | None, typer.Option("--release", metavar="R", help="Which release of a blanket order.")]
