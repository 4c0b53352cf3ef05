"""Lists what waits for a person, and what to do about it; `issues retry` runs one again."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.padding import Padding
from rich.text import Text

from edi_gateway import wiring
from edi_gateway.cli._commands import new, pass_on
from edi_gateway.cli._house import books
from edi_gateway.cli._options import AsJson, Directory, Last, limit
from edi_gateway.cli._output import print_json
from edi_gateway.cli._tables import console, ending, text
from edi_gateway.flows import desk
from edi_gateway.reports import issues as report

KEYS = (
    "id", "kind", "title", "severity", "count", "partner", "document", "order", "channel", "opened", "last_seen",
    "state", "resolution",
)

app = new(invoke_without_command=True)


@app.callback(epilog="Example: edi-gateway issues --partner acme")
def issues(
    context: typer.Context,
    closed: Annotated[bool, typer.Option("--all", help="The closed and archived ones as well.")] = False,
    partner: Annotated[str | None, typer.Option("--partner", metavar="NAME", help="Only this partner's.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", metavar="KIND", help="Only those of this kind.")] = None,
    last: Last = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Lists the open issues, newest first, each with what a person does about it; `issues retry` runs one again."""
    if pass_on(context, directory, as_json):
        return
    with books(directory) as connection:
        rows = report.issues(
            connection, closed=closed, partner=partner, kind_code=kind, last=limit(last, as_json)
        )
        if not as_json:
            _print_blocks(list(rows), limit(last, False))
            return
        for row in rows:
            print_json({key: row[key] for key in KEYS})


@app.command(epilog="Example: edi-gateway issues retry 12")
def retry(
    issue: Annotated[int, typer.Argument(metavar="ID", help="The issue's id, as `edi-gateway issues` shows it.")],
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


def _print_blocks(rows: list[dict[str, Any]], shown: int | None) -> None:
    out = console()
    width = max((len(str(row["id"])) for row in rows), default=0)
    for row in rows:
        times = "once" if row["count"] == 1 else f"{row['count']} times"
        facts = (row["partner"], row["order"] and f"order {row['order']}", f"{times}, last {row['last_seen'][:16]}Z",
                 None if row["state"] == "open" else row["state"])
        style = "bold red" if row["severity"] == "error" else "bold yellow"
        heading = Text.assemble(
            (f"{row['id']:>{width}}  ", "bold"), text(row["title"], style), "  ",
            text(" · ".join(fact for fact in facts if fact), "dim"),
        )
        out.print(heading)
        out.print(Padding(text(row["note"]), (0, 0, 0, width + 2), expand=False))
        out.print(Padding(text(f"→ {row['resolution']}", "cyan"), (0, 0, 1, width + 2), expand=False))
    out.print(text(ending(len(rows), "issue", shown), "dim"))
