"""Lists what waits for a person, and what to do about it; `issues retry` runs one again, `issues archive` ends it."""

import shlex
from collections.abc import Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.padding import Padding
from rich.text import Text

from edi_gateway import wiring
from edi_gateway.cli._commands import ById, new, pass_on
from edi_gateway.cli._house import archived, view
from edi_gateway.cli._options import AsJson, Directory, Last, OfPartner, known_word, limit
from edi_gateway.cli._output import counted, print_json, printable
from edi_gateway.cli._tables import console, ending, text
from edi_gateway.flows import deciding, desk
from edi_gateway.flows.admitting import Choice
from edi_gateway.issues import GatewayError, catalogue, command
from edi_gateway.reports import issues as report
from edi_gateway.reports.partners import agreement_names
from edi_gateway.reports.rejections import rejection

KEYS = (
    "id", "kind", "title", "severity", "count", "partner", "document", "order", "channel", "opened", "last_seen",
    "state", "resolution",
)

NUMBERS = ("ISA13", "GS06", "ST02")

Issue = Annotated[int, typer.Argument(metavar="ID", help="The issue's id, as `edi-gateway issues` shows it.")]

app = new(cls=ById, invoke_without_command=True)


@app.callback(epilog="Example: edi-gateway issues --partner acme")
def issues(
    context: typer.Context,
    closed: Annotated[bool, typer.Option("--all", help="The closed and archived ones as well.")] = False,
    partner: OfPartner = None,
    kind: Annotated[str | None, typer.Option("--kind", metavar="KIND", help="Only those of this kind.")] = None,
    order: Annotated[str | None, typer.Option("--order", metavar="PO", help="Only those about this order.")] = None,
    last: Last = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Lists the open issues, newest first, each with what a person does about it.

    A number in the place of a command shows the issue of that id.
    """
    if pass_on(context, directory, as_json):
        return
    with wiring.open_house(directory) as house, view(house) as connection:
        if kind is not None and kind not in report.kinds(connection):
            raise _unknown_kind(kind)
        known = {*agreement_names(connection), *house.channels, *report.partners(connection)}
        known_word("--partner", partner, sorted(known))
        rows = report.issues(
            connection, closed=closed, partner=partner, kind_code=kind, order=order, last=limit(last, as_json)
        )
        if not as_json:
            _print_blocks(list(rows), limit(last, False))
            return
        for row in rows:
            print_json({key: row[key] for key in KEYS})


@app.command(epilog="Example: edi-gateway issues retry 12")
def retry(
    issue: Issue,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Runs once more what an issue holds, when what stood in the way is gone."""
    with wiring.open_house(directory) as house:
        result = desk.retry(house, issue)
    if as_json:
        print_json({"issue": issue, "result": result})
    else:
        print(result)


@app.command(epilog="Example: edi-gateway issues decide 12 --as again --order 4711")
def decide(
    issue: Issue,
    choice: Annotated[
        str | None,
        typer.Option(
            "--as", metavar="ignore|again|resend", help="What came again is taken so.",
            show_default="tells what can be decided",
        ),
    ] = None,
    order: Annotated[
        str | None, typer.Option("--order", metavar="PO", help="The order that is to be processed again.")
    ] = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Decides on something that came again: a file, an interchange, a group or a document.

    With ignore nothing follows. With again it is processed as if it had not come before; a known order is only so
    when its number is given. With resend our acknowledgment and answer go once more, with the same bytes.
    Without --as nothing is decided: it tells what each would do with this issue, and ends with exit code 2.
    """
    with wiring.open_house(directory) as house:
        if choice is None:
            _tell_options(issue, deciding.options(house, issue), as_json)
            raise typer.Exit(2)
        result = deciding.decide(house, issue, _choice(choice), order)
    if as_json:
        print_json({"issue": issue, "as": choice, "result": result})
    else:
        print(result)


@app.command(epilog="Example: edi-gateway issues show 12")
def show(issue: Issue, directory: Directory = Path(), as_json: AsJson = False) -> None:
    """Shows an issue in full: its document with every finding, and where the bytes are.

    Where a partner has rejected a document of ours, each of their codes stands with its words beside what we
    had sent there.
    """
    with wiring.open_house(directory) as house, view(house) as connection:
        row = report.issue(connection, issue)
        if row is None:
            raise command.ISSUE_UNKNOWN.error(f"there is no issue {issue}")
        ours = row["about"] and row["about"]["direction"] == "out"
        row["rejection"] = (
            rejection(connection, row["document"], house.archive, house.guides) if ours else None
        )
        options: Sequence[deciding.Option] = ()
        # Most issues ask nothing, and what was archived may have been decided since under another one.
        with suppress(GatewayError):
            options = deciding.options(house, issue)
    for part in (row["about"], row["receipt"]):
        if part is not None:
            part["archived"] = archived(directory, part.pop("digest"))
    if as_json:
        print_json(row)
    else:
        _print_whole(row)
        _tell_options(issue, options, as_json)


@app.command(epilog="Example: edi-gateway issues archive 12 14")
def archive(
    issues: Annotated[list[int], typer.Argument(metavar="ID", help="The ids of open issues.")],
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Puts open issues away when you have done with them; all that are named, or none.

    What an issue holds stays held, and the same trouble opens a new issue when it comes again.
    """
    with wiring.open_house(directory) as house:
        desk.archive(house, issues)
    if as_json:
        print_json({"archived": issues})
    else:
        print(f"Archived {counted(len(set(issues)), 'issue')}.")


def _tell_options(issue: int, options: Sequence[deciding.Option], as_json: bool) -> None:
    """What each choice would do, with the command that chooses it."""
    for option in options:
        said = f"edi-gateway issues decide {issue} --as {option.choice}"
        said += f" --order {shlex.quote(option.order)}" if option.order is not None else ""
        if as_json:
            print_json({"issue": issue, "as": option.choice, "order": option.order, "does": option.does,
                        "command": said})
        else:
            print(printable(said))
            print(printable(f"  {option.does}"))


def _unknown_kind(word: str) -> typer.BadParameter:
    near = get_close_matches(word, [kind.code for kind in catalogue()])
    others = f"the nearest are {', '.join(near)}" if near else "docs/issues.md lists them"
    return typer.BadParameter(f"there is no kind {word!r}; {others}", param_hint="--kind")


def _choice(word: str) -> Choice:
    for choice in deciding.CHOICES:
        if word == choice:
            return choice
    raise typer.BadParameter(f"{word!r} is none of ignore, again, resend", param_hint="--as")


def _print_blocks(rows: list[dict[str, Any]], shown: int | None, remark: bool = True) -> None:
    out = console()
    width = max((len(str(row["id"])) for row in rows), default=0)
    for row in rows:
        times = "once" if row["count"] == 1 else f"{row['count']} times"
        facts = (row["partner"] or row["channel"], row["order"] and f"order {row['order']}",
                 f"{times}, last {row['last_seen'][:16]}Z", None if row["state"] == "open" else row["state"])
        style = "bold red" if row["severity"] == "error" else "bold yellow"
        heading = Text.assemble(
            (f"{row['id']:>{width}}  ", "bold"), text(row["title"], style), "  ",
            text(" · ".join(fact for fact in facts if fact), "dim"),
        )
        out.print(heading)
        out.print(Padding(text(row["note"]), (0, 0, 0, width + 2), expand=False))
        out.print(Padding(text(f"→ {row['resolution']}", "cyan"), (0, 0, 0, width + 2), expand=False))
        out.print()
    if remark:
        out.print(text(ending(len(rows), "issue", shown), "dim"))


def _print_whole(row: dict[str, Any]) -> None:
    _print_blocks([row], None, remark=False)
    about, receipt = row["about"], row["receipt"]
    if about is not None:
        way = "→" if about["direction"] == "out" else "←"
        numbers = (about["interchange_control"], about["group_control"], about["set_control"])
        print(printable(f"document {about['id']} {way} {about['set']} {about['state']}: {about['file']}"))
        print("  " + ", ".join(f"{name} {number}" for name, number in zip(NUMBERS, numbers, strict=True)))
        for finding in about["findings"]:
            print(printable(f"  {finding['severity']} {_place(finding)}{finding['note']} — {finding['remedy']}"))
    for part in (about, receipt):
        if part is not None and part["archived"]:
            print(printable(f"the file is archived as {part['archived']}"))
    if row["rejection"] is not None:
        _print_rejection(row["rejection"])


def _print_rejection(said: dict[str, Any]) -> None:
    told = said["acknowledgment"]
    print(printable(f"the partner's codes, in {told['file']} (document {told['document']}):"))
    for code in (*said["group_codes"], *said["set_codes"]):
        print(printable(f"  {_code(code)}"))
    for segment in said["segments"]:
        print(printable(f"  segment {segment['position']} {segment['segment']}: {_code(segment)}"))
        if segment["ours"]:
            print(printable(f"    we sent {segment['ours']}"))
        for element in segment["elements"]:
            number = f"{element['position']:02}" + (f"-{element['component']:02}" if element["component"] else "")
            sent = f", we sent {element['ours']}" if element["ours"] else ", we sent nothing there"
            print(printable(f"    {segment['segment']}{number}: {_code(element)}{sent}"))


def _code(told: dict[str, Any]) -> str:
    return str(told["meaning"] or "no code given")


def _place(finding: dict[str, Any]) -> str:
    parts = [finding["segment"] or "", f"in segment {finding['position']}" if finding["position"] else ""]
    place = " ".join(part for part in parts if part)
    return f"{place}: " if place else ""
