"""Shows and sets the control numbers that were used last."""

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from edi_gateway import wiring
from edi_gateway.cli._commands import new
from edi_gateway.cli._house import books, view
from edi_gateway.cli._options import AsJson, Directory
from edi_gateway.cli._output import print_json
from edi_gateway.cli._tables import print_table
from edi_gateway.flows import control as flow
from edi_gateway.reports import control as report

app = new(no_args_is_help=True)


@app.callback(epilog="Example: edi-gateway control show --partner acme")
def control() -> None:
    """Shows and sets the control numbers that were used last: ISA13, and GS06 by what a group holds.

    Agreements on one pair of ids share their ISA13. Tests are counted apart.
    """


@app.command(epilog="Example: edi-gateway control show --partner acme")
def show(
    partner: Annotated[str | None, typer.Option("--partner", metavar="NAME", help="Only this agreement's.")] = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Lists the numbers that were used last towards each partner, and the next that will be taken."""
    with books(directory) as connection:
        rows = list(report.control(connection, partner))
    _print(rows, as_json)


@app.command("set", epilog="Example: edi-gateway control set acme --isa13 4711 --gs06 PR=230 --gs06 FA=4711")
def put(
    partner: Annotated[str, typer.Argument(metavar="NAME", help="The agreement's name.")],
    isa13: Annotated[
        int | None, typer.Option("--isa13", metavar="N", min=0, max=flow.LAST, help="The last ISA13 that was used.")
    ] = None,
    gs06: Annotated[
        list[str] | None,
        typer.Option("--gs06", metavar="CODE=N", help="The last GS06 that was used in groups of this GS01."),
    ] = None,
    test: Annotated[bool, typer.Option("--test", help="Those of tests.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Goes back to numbers that were used.")] = False,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Goes on from the numbers of another translator: says which were used last, the next is one more.

    Numbers that we have used already are not used again, unless with --force.
    """
    groups = dict(_group(text) for text in gs06 or [])
    if isa13 is None and not groups:
        raise typer.BadParameter("give one of the two", param_hint=["--isa13", "--gs06"])
    with wiring.open_house(directory) as house:
        changed = flow.put(house, partner, isa13=isa13, gs06=groups, test=test, force=force)
        with view(house) as connection:
            rows = [row for row in report.control(connection, partner) if row["scope"] in changed]
    _print(rows, as_json)


def _group(text: str) -> tuple[str, int]:
    read = re.fullmatch(r"([A-Z]{2})=([0-9]{1,9})", text)
    if read is None:
        raise typer.BadParameter(f"{text!r} is not CODE=N, such as PR=230", param_hint="--gs06")
    return read[1], int(read[2])


def _print(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        for row in rows:
            print_json(row)
        return
    cells = [
        (", ".join(row["partners"]) or row["scope"], row["number"], row["group"],
         None if row["test"] is None else "test" if row["test"] else "production", row["last"], row["next"])
        for row in rows
    ]
    titles = ("partner", "number", "group", "usage", "last", "next")
    print_table(titles, cells, "" if rows else "No control numbers were used yet.")
