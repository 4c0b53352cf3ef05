"""Adds and lists partners, begins the files of a new one, and checks them."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from edi_gateway import settings, wiring
from edi_gateway.cli._commands import new
from edi_gateway.cli._files import content, write_new
from edi_gateway.cli._house import books, view
from edi_gateway.cli._options import AsJson, Directory
from edi_gateway.cli._output import counted, print_json, printable
from edi_gateway.cli._rules import known_partner, rules
from edi_gateway.cli._tables import print_table
from edi_gateway.flows import partners as flow
from edi_gateway.issues import command
from edi_gateway.reports import fixtures, guide_page, learning
from edi_gateway.reports import partners as report
from edi_gateway.store.shelf import DataShelf, copy

PARTNERS = "mappings/partners"

Usage = Literal["production", "test", "both"]
Role = Literal["seller", "buyer"]
Answer = Literal["auto", "manual"]

app = new(no_args_is_help=True)


@app.callback(epilog="Example: edi-gateway partner list")
def partner() -> None:
    """Adds and lists partners, begins the files of a new one, and checks them.

    An agreement is whose ids a partner sends under and over which channel; a partnership is who buys from
    whom, found by our number at the partner. One agreement may carry several partnerships.
    """


@app.command(
    epilog="Example: edi-gateway partner add acme --ours ZZ:FERNHILL --theirs ZZ:ACME --channel acme "
    "--partnership acme-web --reference 70012 --price-list dropship"
)
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The agreement's name.")],
    ours: Annotated[str | None, typer.Option("--ours", metavar="QQ:ID", help="Our interchange id.")] = None,
    theirs: Annotated[str | None, typer.Option("--theirs", metavar="QQ:ID", help="The partner's.")] = None,
    our_group: Annotated[
        str | None, typer.Option("--our-group", metavar="ID", help="Our id in the group.", show_default="as --ours")
    ] = None,
    their_group: Annotated[
        str | None, typer.Option("--their-group", metavar="ID", help="The partner's.", show_default="as --theirs")
    ] = None,
    usage: Annotated[Usage | None, typer.Option("--usage", help="What may come.", show_default="production")] = None,
    guide: Annotated[
        str | None,
        typer.Option("--guide", metavar="FOLDER", help="Their rules in mappings/partners.", show_default="standard"),
    ] = None,
    channel: Annotated[str | None, typer.Option("--channel", metavar="CHANNEL", help="Their mailbox.")] = None,
    partnership: Annotated[
        str | None, typer.Option("--partnership", metavar="NAME", help="The name of a partnership to add.")
    ] = None,
    reference: Annotated[
        str | None, typer.Option("--reference", metavar="NUMBER", help="Our number at the partner.")
    ] = None,
    role: Annotated[Role | None, typer.Option("--role", help="What we are to them.", show_default="seller")] = None,
    price_list: Annotated[str | None, typer.Option("--price-list", metavar="NAME", help="What was agreed.")] = None,
    currency: Annotated[
        str | None, typer.Option("--currency", metavar="USD", help="Where a document names none.")
    ] = None,
    answer: Annotated[
        Answer | None, typer.Option("--answer", help="Who decides orders that agree.", show_default="auto")
    ] = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Adds an agreement and, with --partnership, a partnership under it; or changes what is given.

    Called again with the same agreement it adds another partnership. What was held for the partner goes on
    by itself.
    """
    business = (reference, role, price_list, currency, answer)
    if partnership is None and any(given is not None for given in business):
        raise typer.BadParameter("name the partnership that these belong to", param_hint="--partnership")
    with wiring.open_house(directory) as house:
        flow.add(
            house, name, ours=ours, theirs=theirs, our_group=our_group, their_group=their_group, usage=usage,
            partner_file=guide, channel=channel, partnership_name=partnership, reference=reference, role=role,
            price_list=price_list, currency=currency, answer=answer,
        )
        with view(house) as connection:
            row = next(row for row in report.partners(connection) if row["name"] == name)
    if as_json:
        print_json(row)
    else:
        _print_table([row])


@app.command("list", epilog="Example: edi-gateway partner list --json")
def show(directory: Directory = Path(), as_json: AsJson = False) -> None:
    """Lists the agreements by name, and the partnerships under each."""
    with books(directory) as connection:
        rows = list(report.partners(connection))
    if not as_json:
        _print_table(rows)
        return
    for row in rows:
        print_json(row)


@app.command("new", epilog="Example: edi-gateway partner new acme")
def begin(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The new folder's name, for --guide.")],
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Begins the files of a partner: copies the template, in which every row stands with its default.

    Keep what their guide says otherwise, take out the rest, then see `edi-gateway partner check`.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
        raise typer.BadParameter(f"{name!r} is not lower-case letters, digits, - and _", param_hint="NAME")
    settings.load(directory)
    shelf, folder = DataShelf(directory), f"{PARTNERS}/{name}"
    if shelf.names(folder):
        raise command.PARTNER_EXISTS.error(folder)
    try:
        written = copy(shelf, f"{PARTNERS}/_template", directory, folder)
    except OSError as error:
        raise command.FILE_UNWRITABLE.error(f"{directory / folder}: {error.strerror}") from error
    if as_json:
        print_json({"partner": name, "files": [str(file) for file in written]})
        return
    print(printable(f"Wrote {directory / folder}:"))
    for file in written:
        print(printable(f"  {file.name}"))


@app.command(epilog="Example: edi-gateway partner check acme")
def check(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A folder of mappings/partners, or an agreement's name.")],
    html: Annotated[bool, typer.Option("--html", help="Prints their guides as one page for a browser.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Prints their guides in words.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Writes the guides into a new file instead.")
    ] = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> int:
    """Reads every file of a partner, and each document of fixtures/x12/partners by them.

    A row of a guide that names what is not there, or is wider than the standard by accident, is refused. What is
    found in a document is compared with the .findings and .expected.json beside it, as fixtures/x12/README.md tells.
    The exit code is 0 if all is as it should be, 1 if a document is not, 2 if a file cannot be used.

    With --html or --markdown the guides are told in words, with a valid sample of each, to be handed to the partner.
    """
    if html and markdown:
        raise typer.BadParameter("does not go with --html", param_hint="--markdown")
    if output is not None and not (html or markdown):
        raise typer.BadParameter("goes with --html or --markdown only", param_hint="--output")
    house_rules = rules(directory)
    folder = known_partner(house_rules, name)
    house_rules.guides.check(folder)
    shelf = DataShelf(*([directory] if (directory / settings.FILE).exists() else []))
    checked = list(fixtures.check(shelf, house_rules.guides, folder))
    if html or markdown:
        told = guide_page.page(house_rules.guides, folder, "html" if html else "markdown")
        if output is None:
            print(told, end="")
            return 1 if any(one.faults for one in checked) else 0
        write_new(output, told.encode())
    for one in checked:
        if as_json:
            print_json({"file": one.file, "faults": one.faults})
        else:
            _tell(one)
    wrong = sum(bool(one.faults) for one in checked)
    if not as_json:
        read = f"{counted(len(checked), 'fixture')}, {wrong or 'none'} of them wrong" if checked else "no fixtures yet"
        print(printable(f"{folder or 'the plain standard'}: the files can be used; {read}."))
    return 1 if wrong else 0


@app.command(epilog="Example: edi-gateway partner learn orders/*.edi --set 850 > proposal.toml")
def learn(
    samples: Annotated[list[str], typer.Argument(metavar="SAMPLES…", help="Files with documents of the partner.")],
    set_id: Annotated[str, typer.Option("--set", metavar="SET", help="The set to learn a guide of, such as 850.")],
    name: Annotated[
        str | None, typer.Option("--partner", metavar="NAME", help="Judges the samples by this partner's files.")
    ] = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> int:
    """Proposes a guide from sample documents, to be read by a person: nothing is changed.

    It tells what is always there and what never, which codes and lengths occur, and in how many documents. Only
    documents that are accepted are looked at. What is not sure enough stands behind a #. The exit code is 1 if
    there is nothing to learn from.
    """
    house_rules = rules(directory)
    folder = known_partner(house_rules, name) if name is not None else ""
    found = learning.learn((content(sample) for sample in samples), house_rules.guides, set_id, folder)
    if as_json:
        print_json({
            "set": found.set, "version": found.version, "documents": found.documents, "rejected": found.rejected,
            "rows": [{"table": one.table, "path": one.path, "words": one.words, "why": one.why, "sure": one.sure}
                     for one in found.proposals],
        })
    else:
        print(found.toml, end="")
    return 0 if found.documents else 1


def _tell(one: fixtures.Checked) -> None:
    place = one.file.removeprefix(f"{fixtures.FOLDER}/")
    print(printable(f"{'wrong' if one.faults else 'right':<6} {place}"))
    for fault in one.faults:
        for line in fault.splitlines():
            print(f"       {printable(line)}")


def _print_table(rows: list[dict[str, Any]]) -> None:
    titles = ("agreement", "ours", "theirs", "usage", "guide", "channel", "partnership", "reference", "role", "prices")
    cells = []
    for row in rows:
        first = [row["name"], _ids(row, "ours", "our_group"), _ids(row, "theirs", "their_group"), row["usage"],
                 row["guide"] or "standard", row["channel"]]
        for under in row["partnerships"] or [{}]:
            prices = " ".join(text for text in (under.get("price_list"), under.get("currency")) if text)
            cells.append((*first, under.get("name"), under.get("reference"), under.get("role"), prices))
            first = [""] * len(first)
    print_table(titles, cells, "" if rows else "No partners yet: `edi-gateway partner add --help` tells how.")


def _ids(row: dict[str, Any], whose: str, group: str) -> str:
    """The interchange id, and the group's where it is another one."""
    same = row[whose].partition(":")[2] == row[group]
    return printable(row[whose] if same else f"{row[whose]} / {row[group]}")
