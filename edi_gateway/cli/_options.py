"""The options that many commands share."""

from collections.abc import Collection
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

OfPartner = Annotated[str | None, typer.Option("--partner", metavar="NAME", help="Only this partner's.")]
OfAgreement = Annotated[str | None, typer.Option("--partner", metavar="NAME", help="Only this agreement's.")]
OfOrder = Annotated[str | None, typer.Option("--order", metavar="PO", help="Only those of this order number.")]
Which = Annotated[
    str | None, typer.Option("--partnership", metavar="NAME", help="Whose order, where several have that number.")
]
Release = Annotated[str | None, typer.Option("--release", metavar="R", help="Which release of a blanket order.")]


def limit(last: int | None, as_json: bool) -> int | None:
    """How many of the newest are asked for, None for all."""
    return last if last is not None or as_json else SHOWN


def known_word(option: str, word: str | None, words: Collection[str]) -> None:
    """Refuses a word to filter by that nobody knows: it would find nothing, and nobody would see why."""
    if word is not None and word not in words:
        others = f"; there are {', '.join(words)}" if words else ""
        raise typer.BadParameter(f"there is no {word!r}{others}", param_hint=option)
