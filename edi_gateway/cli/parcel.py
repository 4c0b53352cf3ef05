"""Lists what is to go; lets a parcel rest or go at once, ends it, or takes your word that it was delivered."""

from pathlib import Path
from typing import Annotated, Any

import typer

from edi_gateway import wiring
from edi_gateway.cli._commands import ById, new
from edi_gateway.cli._house import archived, books, view
from edi_gateway.cli._options import AsJson, Directory, Last, OfOrder, OfPartner, known_word, limit
from edi_gateway.cli._output import print_json, printable
from edi_gateway.cli._tables import ending, print_table
from edi_gateway.flows import parcels as flow
from edi_gateway.issues import command
from edi_gateway.reports import parcels as report
from edi_gateway.reports import partners

TITLES = ("id", "state", "set", "ISA13", "partner", "order", "channel", "file", "tries", "why it waits")

Parcel = Annotated[int, typer.Argument(metavar="ID", help="The parcel's id, as `edi-gateway parcel list` shows it.")]

app = new(cls=ById, no_args_is_help=True)


@app.callback(epilog="Example: edi-gateway parcel list")
def parcel() -> None:
    """Lists the files that are to go, and acts on one.

    A parcel is a file of ours on its way into a partner's mailbox: one interchange with its number. What cannot go is
    tried again by itself, after growing pauses, and keeps back only what must go behind it.
    """


@app.command("list", epilog="Example: edi-gateway parcel list --partner acme")
def listed(
    everything: Annotated[bool, typer.Option("--all", help="Shows those that went or ended as well.")] = False,
    state: Annotated[
        str | None,
        typer.Option("--state", help="Only those: queued, parked, delivered, sent (unproven), void or superseded."),
    ] = None,
    partner: OfPartner = None,
    channel: Annotated[str | None, typer.Option("--channel", metavar="NAME", help="Only over this channel.")] = None,
    order: OfOrder = None,
    last: Last = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Lists the files that have yet to go, oldest first, and what each waits for."""
    known_word("--state", state, report.STATES)
    with wiring.open_house(directory) as house, view(house) as connection:
        known_word("--partner", partner, partners.names(connection))
        known_word("--channel", channel, sorted({*house.channels, *report.channels(connection)}))
        rows = list(report.parcels_listed(
            connection, everything=everything, state=state, partner=partner, channel=channel, order=order,
            last=limit(last, as_json),
        ))
    if as_json:
        for row in rows:
            print_json(row)
        return
    cells = [
        (row["id"], row["state"], row["set"], row["number"], row["partner"], row["order"], row["channel"], row["file"],
         row["tries"] or "", _why(row))
        for row in rows
    ]
    print_table(TITLES, cells, ending(len(rows), "parcel", limit(last, False)))


@app.command(epilog="Example: edi-gateway parcel show 7")
def show(parcel: Parcel, directory: Directory = Path(), as_json: AsJson = False) -> None:
    """Shows a parcel in full: its number and bytes, what it waits for, and what came of every try."""
    with books(directory) as connection:
        row = report.parcel(connection, parcel)
    if row is None:
        raise command.PARCEL_UNKNOWN.error(f"there is no parcel {parcel}")
    row["archived"] = archived(directory, row["digest"])
    if as_json:
        print_json(row)
        return
    attempts, documents = row.pop("attempts"), row.pop("documents")
    row["documents"] = ", ".join(str(document) for document in documents)
    width = max(len(key) for key in row)
    for key, value in row.items():
        print(f"{key.replace('_', ' '):<{width}}  {printable('' if value is None else str(value))}".rstrip())
    for one in attempts:
        told = f": {one['fault']}" if one["fault"] else ""
        print(printable(f"- {one['at']} {one['outcome']}{told}"))


@app.command(epilog='Example: edi-gateway parcel park 7 --reason "They change their system today"')
def park(
    parcel: Parcel,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it rests; people will read it.")] = "",
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Lets a file that waits rest until `unpark`. What must go behind it rests with it, and nothing else."""
    with wiring.open_house(directory) as house:
        flow.park(house, parcel, reason)
    _tell(parcel, "parked", "rests until it is let go.", as_json)


@app.command(epilog="Example: edi-gateway parcel unpark 7")
def unpark(parcel: Parcel, directory: Directory = Path(), as_json: AsJson = False) -> None:
    """Lets a parked file wait for delivery again. The gateway that runs in the folder delivers it."""
    with wiring.open_house(directory) as house:
        flow.unpark(house, parcel)
    _tell(parcel, "queued", "waits to be delivered.", as_json)


@app.command(epilog="Example: edi-gateway parcel retry 7")
def retry(parcel: Parcel, directory: Directory = Path(), as_json: AsJson = False) -> None:
    """Lets a file be tried at once, however long it was to pause. The gateway that runs in the folder does so."""
    with wiring.open_house(directory) as house:
        flow.retry(house, parcel)
    _tell(parcel, "queued", "is tried in the next round.", as_json)


@app.command(epilog='Example: edi-gateway parcel void 7 --reason "Ordered by mistake"')
def void(
    parcel: Parcel,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it never goes; people will read it.")],
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Ends a file that has not gone: it never goes, and neither do its documents.

    Its control number stays used, and is listed as a gap. What had to go behind it may go. It cannot be taken back.
    """
    with wiring.open_house(directory) as house:
        flow.void(house, parcel, reason)
    _tell(parcel, "void", "never goes; its number is a gap.", as_json)


@app.command(epilog="Example: edi-gateway parcel delivered 7 --check-remote")
def delivered(
    parcel: Parcel,
    digest: Annotated[
        str | None, typer.Option("--digest", metavar="SHA256", help="The SHA-256 of the file that you delivered.")
    ] = None,
    check_remote: Annotated[
        bool, typer.Option("--check-remote", help="Reads the file in the partner's mailbox and compares it.")
    ] = False,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Says that a file was delivered by hand. Give one of --digest and --check-remote.

    With `--digest` type what `sha256sum` says of the file you have brought to the partner: it must be that of the
    parcel. With `--check-remote` the file of its name in the mailbox is read and must hold the very bytes.
    """
    if (digest is None) is not check_remote:
        raise typer.BadParameter("give either --digest or --check-remote")
    with wiring.open_house(directory) as house:
        if digest is not None:
            flow.delivered_by_hand(house, parcel, digest)
        else:
            flow.delivered_as_seen(house, parcel)
    _tell(parcel, "delivered", "is delivered.", as_json)


def _tell(parcel: int, state: str, words: str, as_json: bool) -> None:
    if as_json:
        print_json({"parcel": parcel, "state": state})
    else:
        print(f"Parcel {parcel} {words}")


def _why(row: dict[str, Any]) -> str:
    """What keeps a parcel, in few words."""
    if row["state"] in ("parked", "void"):
        return row["reason"] or ""
    if row["behind"] is not None:
        return f"goes behind {row['behind']}"
    if row["state"] == "queued" and row["fault"]:
        return f"{row['fault']}, again at {row['next_try'][:16].replace('T', ' ')}" if row["next_try"] else row["fault"]
    return ""
