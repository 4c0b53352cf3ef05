"""Lists the documents that came and went, and where each stands; `documents get` and `export` give their bytes."""

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from sqlalchemy import Connection

from edi_gateway import wiring
from edi_gateway.cli import _exporting
from edi_gateway.cli._commands import ById, new, pass_on
from edi_gateway.cli._files import write_new
from edi_gateway.cli._house import archived, books, view
from edi_gateway.cli._options import AsJson, Directory, Last, OfOrder, OfPartner, known_word, limit
from edi_gateway.cli._output import counted, print_json, printable
from edi_gateway.cli._tables import ending, print_table
from edi_gateway.flows.house import House
from edi_gateway.flows.ta1 import TA1
from edi_gateway.issues import GatewayError, command
from edi_gateway.issues import archive as kinds
from edi_gateway.reports import documents as report
from edi_gateway.reports import partners

DAY = ["%Y-%m-%d"]
Document = Annotated[int, typer.Argument(metavar="ID", help="The document's id, as `edi-gateway documents` shows it.")]
OfSet = Annotated[str | None, typer.Option("--set", metavar="SET", help="Only those of this set.")]
Way = Annotated[Literal["in", "out"] | None, typer.Option("--direction", help="Only those that went this way.")]
Since = Annotated[
    dt.datetime | None, typer.Option("--since", metavar="DATE", formats=DAY, help="Only from this day on, in UTC.")
]
Until = Annotated[
    dt.datetime | None, typer.Option("--until", metavar="DATE", formats=DAY, help="Only up to this day, in UTC.")
]

app = new(cls=ById, invoke_without_command=True)


@app.callback(epilog="Example: edi-gateway documents --partner acme --state held")
def documents(
    context: typer.Context,
    partner: OfPartner = None,
    order: OfOrder = None,
    shipment: Annotated[
        str | None, typer.Option("--shipment", metavar="NUMBER", help="Only shipments of this number.")
    ] = None,
    invoice: Annotated[
        str | None, typer.Option("--invoice", metavar="NUMBER", help="Only invoices of this number.")
    ] = None,
    isa13: Annotated[
        str | None, typer.Option("--isa13", metavar="NUMBER", help="Only those in interchanges of this number.")
    ] = None,
    gs06: Annotated[
        str | None, typer.Option("--gs06", metavar="NUMBER", help="Only those in groups of this number.")
    ] = None,
    file: Annotated[
        str | None, typer.Option("--file", metavar="NAME", help="Only those in files with this in their name.")
    ] = None,
    state: Annotated[str | None, typer.Option("--state", help="Only those at this station, such as held.")] = None,
    set_id: OfSet = None,
    direction: Way = None,
    since: Since = None,
    until: Until = None,
    last: Last = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Lists the documents that came and went, oldest first, and the station at which each stands.

    Received ones are held, read, posted, answered or rejected; ours are prepared, sent, delivered,
    confirmed, rejected or reopened, or never went: void, superseded. A number in the place of a command shows the
    document of that id.
    """
    if pass_on(context, directory, as_json):
        return
    known_word("--state", state, report.STATIONS)
    with wiring.open_house(directory) as house, view(house) as connection:
        _known_set(house, connection, set_id)
        known_word("--partner", partner, partners.names(connection))
        rows = report.documents(
            connection, direction=direction, set_id=set_id, state=state, partner=partner, order=order,
            shipment=shipment, invoice=invoice, interchange=isa13, group=gs06, file=file,
            since=since and since.date(), until=until and until.date(), last=limit(last, as_json),
        )
        if not as_json:
            _print_table(list(rows), last)
            return
        for row in rows:
            print_json(row)


@app.command(epilog="Example: edi-gateway documents show 7")
def show(document: Document, directory: Directory = Path(), as_json: AsJson = False) -> None:
    """Shows a document in full: its numbers, what was found in it, what it says, and where its bytes are archived."""
    with books(directory) as connection:
        row = report.document(connection, document)
    if row is None:
        raise _unknown(document)
    digest = row.pop("digest")
    row["archived"] = None if row["erased"] else archived(directory, digest)
    if as_json:
        print_json(row)
        return
    earlier = row.pop("repeated")
    if row["repeats"] is not None:
        row["repeats"] = f"document {earlier} ({row['repeats']})" if earlier else row["repeats"]
    findings, said, words = row.pop("findings"), row.pop("document"), row.pop("words")
    width = max(len(key) for key in row)
    for key, value in row.items():
        text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        print(f"{key.replace('_', ' '):<{width}}  {printable(text)}".rstrip())
    for word in words:
        print(printable(_word(word)))
    for finding in findings:
        print(printable(f"- {finding['severity']}: {finding['note']} — {finding['remedy']}"))
    if said:
        print(json.dumps(said, indent=2))


@app.command(epilog="Example: edi-gateway documents get 7 --out order.edi")
def get(
    document: Document,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A new file to write.", show_default="standard output")
    ] = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Gives the file of a document, byte for byte as it came or went."""
    if as_json and out is None:
        raise typer.BadParameter("goes with --out only", param_hint="--json")
    with wiring.open_house(directory) as house:
        with view(house) as connection:
            found = report.stored(connection, document)
        if found is None:
            raise _unknown(document)
        file, digest = found
        content = house.archive.read(digest)
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        return
    write_new(out, content)
    if as_json:
        print_json({"document": document, "file": file, "out": str(out), "bytes": len(content), "sha256": digest})
    else:
        print(printable(f"Wrote {out}: {len(content)} bytes of {file}."))


@app.command(epilog="Example: edi-gateway documents export --partner acme --since 2026-03-01 --to march")
def export(
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="A folder that is empty, or not there yet.")],
    documents: Annotated[
        list[int] | None, typer.Argument(metavar="[ID]...", help="The documents' ids.", show_default=False)
    ] = None,
    partner: OfPartner = None,
    order: OfOrder = None,
    set_id: OfSet = None,
    direction: Way = None,
    since: Since = None,
    until: Until = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Copies the files of documents into a folder, byte for byte as they travelled, with an index of what is in them.

    Each file is there once, under its time, way and name; index.json and index.csv tell for every document its file,
    digest, ids and numbers. One whose bytes were erased is in the index only. Nothing is ever overwritten.
    """
    filters = {
        "partner": partner, "order": order, "set_id": set_id, "direction": direction,
        "since": since and since.date(), "until": until and until.date(),
    }
    if not documents and not any(filters.values()):
        raise typer.BadParameter("say which documents: by their ids, or by --partner, --order, --since, …")
    with wiring.open_house(directory) as house:
        with view(house) as connection:
            _known_set(house, connection, set_id)
            known_word("--partner", partner, partners.names(connection))
            rows = list(report.archived(connection, documents or (), **filters))
        missing = sorted(set(documents or ()) - {row["id"] for row in rows})
        if missing and not any(filters.values()):
            raise _unknown(missing[0])
        if not rows:
            raise kinds.NOTHING_FOUND.error("nothing came or went that agrees with every option given")
        written = _exporting.write(house.archive, rows, to)
    erased = sum(row["exported"] is None for row in rows)
    if as_json:
        print_json({"documents": len(rows), "files": written, "erased": erased, "to": str(to)})
        return
    told = f"; {counted(erased, 'document')} whose bytes were erased" if erased else ""
    print(printable(f"Wrote {counted(len(rows), 'document')} in {counted(written, 'file')} to {to}{told}."))


def _known_set(house: House, connection: Connection, set_id: str | None) -> None:
    """Refuses a set that there are no rows of, and of which nothing came or went."""
    if set_id is not None and set_id not in (TA1, *house.guides.sets):
        known_word("--set", set_id, report.sets(connection))


def _word(word: dict[str, Any]) -> str:
    """One line for a word on a document, such as what a partner's TA1 or advice said."""
    said = ", ".join(f"{key} {_plain(value)}" for key, value in word["said"].items() if value not in (None, "", []))
    by = f" (document {word['by']})" if word["by"] else ""
    return f"- {word['at'][:19].replace('T', ' ')} {word['what']}{by}" + (f": {said}" if said else "")


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _unknown(document: int) -> GatewayError:
    return command.DOCUMENT_UNKNOWN.error(f"there is no document {document}")


def _print_table(rows: list[dict[str, Any]], last: int | None) -> None:
    titles = ("id", "at", "", "set", "partner", "order", "state", "file", "interchange")
    cells = (
        (row["id"], row["at"][:19].replace("T", " "), "→" if row["direction"] == "out" else "←",
         row["set"] + (" test" if row["test"] else ""), row["partnership"] or row["partner"] or "unknown",
         row["order"], row["state"], row["file"], row["interchange_control"])
        for row in rows
    )
    print_table(titles, cells, ending(len(rows), "document", limit(last, False)))
