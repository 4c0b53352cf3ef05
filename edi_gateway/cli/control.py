"""Shows, sets and moves on the control numbers that were used last, and lists their gaps."""

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from edi_gateway import wiring
from edi_gateway.cli._commands import new
from edi_gateway.cli._house import books, view
from edi_gateway.cli._options import AsJson, Directory, OfAgreement, known_word
from edi_gateway.cli._output import counted, print_json, printable
from edi_gateway.cli._tables import print_table
from edi_gateway.flows import control as flow
from edi_gateway.reports import control as report
from edi_gateway.reports.partners import agreement_names
from edi_gateway.x12.numbers import LAST

app = new(no_args_is_help=True)


@app.callback(epilog="Example: edi-gateway control show --partner acme")
def control() -> None:
    """Shows and sets the control numbers that were used last: ISA13, and GS06 by what a group holds.

    Agreements on one pair of ids share their ISA13. Tests are counted apart. ST02 is listed where a partner's
    file says that it runs on from group to group. `gaps` lists what was left out, and what has not come.
    """


@app.command(epilog="Example: edi-gateway control show --partner acme")
def show(
    partner: OfAgreement = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Lists the numbers that were used last towards each partner, and the next that will be taken."""
    with books(directory) as connection:
        known_word("--partner", partner, agreement_names(connection))
        rows = list(report.control(connection, partner))
    _print(rows, as_json)


@app.command("set", epilog="Example: edi-gateway control set acme --isa13 4711 --gs06 PR=230 --st02 855=9")
def put(
    partner: Annotated[str, typer.Argument(metavar="NAME", help="The agreement's name.")],
    isa13: Annotated[
        int | None, typer.Option("--isa13", metavar="N", min=0, max=LAST, help="The last ISA13 that was used.")
    ] = None,
    gs06: Annotated[
        list[str] | None,
        typer.Option("--gs06", metavar="CODE=N", help="The last GS06 that was used in groups of this GS01."),
    ] = None,
    st02: Annotated[
        list[str] | None,
        typer.Option(
            "--st02", metavar="SET=N",
            help="The last ST02 that was used for this set, where it runs on from group to group.",
        ),
    ] = None,
    test: Annotated[bool, typer.Option("--test", help="Those of tests.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Goes back to numbers that were used.")] = False,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Goes on from the numbers of another translator: says which were used last, the next is one more.

    Numbers that we have used already are not used again, unless with --force.
    """
    groups = _counts(gs06 or [], "[A-Z]{2}", "--gs06", "CODE=N, such as PR=230")
    sets = _counts(st02 or [], "[0-9A-Z]{3}", "--st02", "SET=N, a set and a number")
    if isa13 is None and not groups and not sets:
        raise typer.BadParameter("give one of them", param_hint=["--isa13", "--gs06", "--st02"])
    with wiring.open_house(directory) as house:
        for code in groups:
            known_word("--gs06", code, sorted(house.guides.standard.codes()))
        for set_id in sets:
            known_word("--st02", set_id, sorted(house.guides.sets))
        changed = flow.put(house, partner, isa13=isa13, gs06=groups, st02=sets, test=test, force=force)
        with view(house) as connection:
            rows = [row for row in report.control(connection, partner) if row["scope"] in changed]
    _print(rows, as_json)


@app.command(epilog="Example: edi-gateway control gaps --partner acme")
def gaps(
    partner: OfAgreement = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Lists the control numbers that have not come from a partner, and those that a partner cannot have from us.

    A number that comes late closes its gap. Nothing is known of numbers before the first that was counted.
    """
    with books(directory) as connection:
        known_word("--partner", partner, agreement_names(connection))
        rows = list(report.gaps(connection, partner))
    if as_json:
        for row in rows:
            print_json(row)
        return
    cells = [
        (", ".join(row["partners"]) or row["scope"], "→" if row["direction"] == "out" else "←", row["number"],
         row["group"], _usage(row["test"]),
         str(row["first"]) if row["first"] == row["last"] else f"{row['first']}-{row['last']}", row["why"],
         row["document"], row["since"] and row["since"][:19].replace("T", " "))
        for row in rows
    ]
    titles = ("partner", "", "number", "group", "usage", "gap", "why", "document", "since")
    print_table(titles, cells, "" if rows else "There are no gaps.")


@app.command(epilog="Example: edi-gateway control bump --by 1000")
def bump(
    by: Annotated[int, typer.Option("--by", metavar="N", min=1, max=1_000_000, help="How many numbers to leave out.")],
    partner: Annotated[
        str | None, typer.Option("--partner", metavar="NAME", help="Only towards this agreement.", show_default="all")
    ] = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Lets every count go forward by so many numbers: after the books were restored from a backup.

    Nobody knows then which numbers were used since the backup was made. Give more than can have been used;
    what is left out is listed by `edi-gateway control gaps`. No count ever goes back.
    """
    with wiring.open_house(directory) as house:
        changed = flow.bump(house, partner, by)
        with view(house) as connection:
            rows = [row for row in report.control(connection, partner) if row["scope"] in changed]
    _print(rows, as_json)


@app.command(epilog="Example: edi-gateway control forget acme")
def forget(
    partner: Annotated[str, typer.Argument(metavar="NAME", help="The agreement's name.")],
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Waits no longer for the numbers of a partner that have not come, and closes the issues about them."""
    with wiring.open_house(directory) as house:
        gone = flow.forget(house, partner)
    if as_json:
        print_json({"partner": partner, "gaps": gone})
    else:
        print(printable(f"{counted(gone, 'gap')} of {partner} forgotten."))


def _usage(test: bool | None) -> str | None:
    return None if test is None else "test" if test else "production"


def _counts(texts: list[str], what: str, option: str, form: str) -> dict[str, int]:
    """The number for each code, which may be given once."""
    found: dict[str, int] = {}
    for code, number in (_counted(text, what, option, form) for text in texts):
        if code in found:
            raise typer.BadParameter(f"{code} is given twice", param_hint=option)
        found[code] = number
    return found


def _counted(text: str, what: str, option: str, form: str) -> tuple[str, int]:
    read = re.fullmatch(rf"({what})=([0-9]{{1,9}})", text)
    if read is None:
        raise typer.BadParameter(f"{text!r} is not {form}", param_hint=option)
    return read[1], int(read[2])


def _print(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        for row in rows:
            print_json(row)
        return
    cells = [
        (", ".join(row["partners"]) or row["scope"], row["number"], row["group"], _usage(row["test"]), row["last"],
         row["next"])
        for row in rows
    ]
    titles = ("partner", "number", "group", "usage", "last", "next")
    print_table(titles, cells, "" if rows else "No control numbers were used yet.")
