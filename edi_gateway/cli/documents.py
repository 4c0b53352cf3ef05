"""Lists the documents that came and went, and where each stands."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from edi_gateway.cli._commands import new
from edi_gateway.cli._house import books
from edi_gateway.cli._options import AsJson, Directory, Last, limit
from edi_gateway.cli._output import print_json, printable
from edi_gateway.cli._tables import ending, print_table
from edi_gateway.issues import command
from edi_gateway.reports import documents as report
from edi_gateway.store.archive import FileArchive

app = new()


@app.command(epilog="Example: edi-gateway documents --partner acme --state held")
def documents(
    document: Annotated[
        int | None, typer.Argument(metavar="ID", help="Shows this one in full.", show_default=False)
    ] = None,
    partner: Annotated[str | None, typer.Option("--partner", metavar="NAME", help="Only this partner's.")] = None,
    order: Annotated[str | None, typer.Option("--order", metavar="PO", help="Only those of this order number.")] = None,
    state: Annotated[str | None, typer.Option("--state", help="Only those at this station, such as held.")] = None,
    set_id: Annotated[str | None, typer.Option("--set", metavar="SET", help="Only those of this set.")] = None,
    direction: Annotated[
        Literal["in", "out"] | None, typer.Option("--direction", help="Only those that went this way.")
    ] = None,
    last: Last = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Lists the documents that came and went, oldest first, and the station at which each stands.

    Received ones are held, read, posted, answered or rejected; ours are prepared, sent, delivered,
    confirmed or rejected.
    """
    if document is not None:
        _show(directory, document, as_json)
        return
    with books(directory) as connection:
        rows = report.documents(
            connection, direction=direction, set_id=set_id, state=state, partner=partner,
            order=order, last=limit(last, as_json),
        )
        if not as_json:
            _print_table(list(rows), last)
            return
        for row in rows:
            print_json(row)


def _print_table(rows: list[dict[str, Any]], last: int | None) -> None:
    titles = ("id", "at", "", "set", "partner", "order", "state", "file", "interchange")
    cells = (
        (row["id"], row["at"][:19].replace("T", " "), "→" if row["direction"] == "out" else "←",
         row["set"] + (" test" if row["test"] else ""), row["partnership"] or row["partner"] or "unknown",
         row["order"], row["state"], row["file"], row["interchange_control"])
        for row in rows
    )
    print_table(titles, cells, ending(len(rows), "document", limit(last, False)))


def _show(directory: Path, document: int, as_json: bool) -> None:
    with books(directory) as connection:
        row = report.document(connection, document)
    if row is None:
        raise command.DOCUMENT_UNKNOWN.error(f"there is no document {document}")
    digest = row.pop("digest")
    row["archived"] = str(FileArchive(directory.absolute() / "archive").path(digest)) if digest else None
    if as_json:
        print_json(row)
        return
    findings, said = row.pop("findings"), row.pop("document")
    width = max(len(key) for key in row)
    for key, value in row.items():
        words = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        print(f"{key.replace('_', ' '):<{width}}  {printable(words)}".rstrip())
    for finding in findings:
        print(printable(f"- {finding['severity']}: {finding['note']} — {finding['remedy']}"))
    if said:
        print(json.dumps(said, indent=2))
