"""Lists the channels and looks at one; pauses and resumes it, marks what lies there as seen, gives claims back."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from edi_gateway import settings, wiring
from edi_gateway.cli._commands import new
from edi_gateway.cli._house import view
from edi_gateway.cli._options import AsJson, Directory
from edi_gateway.cli._output import counted, print_json, printable
from edi_gateway.cli._tables import print_table
from edi_gateway.flows import channels as flow
from edi_gateway.reports import channels as report

Name = Annotated[str, typer.Argument(metavar="NAME", help="The channel's name in gateway.toml.")]

app = new(no_args_is_help=True)


@app.callback(epilog="Example: edi-gateway channel test acme")
def channel() -> None:
    """Lists the channels, looks at one, pauses and resumes it.

    A channel is a mailbox at a partner's: gateway.toml names the server and the folders.
    """


@app.command("list", epilog="Example: edi-gateway channel list")
def listed(directory: Directory = Path(), as_json: AsJson = False) -> None:
    """Lists the channels: whose they are, whether they work or rest, what waits for them."""
    wanted = settings.load(directory).channels
    with wiring.open_house(directory) as house, view(house) as connection:
        rows = [
            {**row, "transport": wanted[row["name"]].transport, "state": _state(row, wanted[row["name"]].enabled),
             "rhythm": _rhythm(wanted[row["name"]])}
            for row in report.standing(connection, tuple(wanted))
        ]
    if not as_json:
        _print_table(rows)
        return
    for row in rows:
        print_json(row)


@app.command("test", epilog="Example: edi-gateway channel test acme")
def look(name: Name, directory: Directory = Path(), as_json: AsJson = False) -> None:
    """Calls the server, checks its host key, logs in, and looks at the folders.

    Nothing is written, fetched or removed, so it is safe at any time, also while the channel rests.
    """
    with wiring.open_house(directory) as house:
        shown = flow.look(house, name)
    times = [file.modified for file in shown.files if file.modified is not None]
    row = {
        "channel": name, "files": len(shown.files), "marked_as_seen": shown.seen, "passed_over": shown.passed_over,
        "delivers": shown.delivers,
        "bytes": sum(file.size_bytes for file in shown.files),
        "oldest": min(times).isoformat() if times else None, "newest": max(times).isoformat() if times else None,
    }
    if as_json:
        print_json(row)
        return
    print(f"{name}: reached, and we may list it.")
    files = counted(len(shown.files), "file")
    print(f"To collect: {files}, {row['bytes']} bytes, {shown.seen} of them marked as seen.")
    if shown.passed_over:
        print(f"Passed over: {counted(shown.passed_over, 'file')}; `edi-gateway channel files {name}` tells why.")
    print({True: "To deliver: the folder is there; whether we may write to it shows the first delivery.",
           False: "To deliver: the channel names no folder.", None: "To deliver: not looked at."}[shown.delivers])


@app.command(epilog="Example: edi-gateway channel files acme --already-processed")
def files(
    name: Name,
    already_processed: Annotated[
        bool, typer.Option("--already-processed", help="Only those that we have dealt with and that lie there still.")
    ] = False,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Lists everything that lies in a mailbox now, and what becomes of it.

    A file is new, waits to be whole, was processed already, is passed over, claimed by another gateway, or cannot be
    taken. One that is already processed may be deleted there: the gateway holds a copy of every file it has taken.
    Nothing is written, fetched or removed.
    """
    with wiring.open_house(directory) as house:
        found = [one for one in flow.files(house, name) if one.processed or not already_processed]
    if as_json:
        for one in found:
            print_json(_file(one))
        return
    titles = ("name", "bytes", "modified", "state", "first seen", "times", "receipt")
    cells = [
        (one.lies_as, one.sighting.size_bytes, (_instant(one.sighting.modified) or "")[:16], one.state,
         (_instant(one.first_seen) or "")[:16], one.times_seen or "", one.receipt_id)
        for one in found
    ]
    print_table(titles, cells, "" if found else f"No such files in {name}.")


def _file(found: flow.Found) -> dict[str, Any]:
    file = found.sighting
    return {
        "name": file.name, "lies_as": found.lies_as, "size_bytes": file.size_bytes, "modified": _instant(file.modified),
        "claimed": file.claimed, "state": found.state, "already_processed": found.processed,
        "first_seen": _instant(found.first_seen), "times_seen": found.times_seen, "receipt": found.receipt_id,
        "note": found.note,
    }


def _instant(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat()


@app.command(epilog="Example: edi-gateway channel unclaim acme .order.edi.1a2b3c4d.taken")
def unclaim(
    name: Name,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file's name as `channel files` shows it.")],
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Gives a file back that another gateway has claimed: it lies under its own name again, and is collected.

    Only for a gateway that is gone for good: one that works, or that is only not allowed to delete, may have processed
    the file already, and then it is processed twice.
    """
    with wiring.open_house(directory) as house:
        found = flow.unclaim(house, name, file)
    state = found.state if found else None
    taken = state in (None, *flow.TO_COLLECT)
    then = "it is collected in the next round." if taken else f"it is not collected: {state}."
    _tell({"channel": name, "given_back": file, "state": state}, f"{file} is given back; {then}", as_json)


@app.command(epilog="Example: edi-gateway channel pause acme")
def pause(name: Name, directory: Directory = Path(), as_json: AsJson = False) -> None:
    """Lets a channel rest: nothing is collected there nor delivered, until it is resumed.

    A gateway that runs obeys at once; a round in hand is finished first. What is to go waits.
    """
    with wiring.open_house(directory) as house:
        flow.pause(house, name)
    _tell({"channel": name, "state": "paused"}, f"{name} is paused.", as_json)


@app.command(epilog="Example: edi-gateway channel resume acme")
def resume(name: Name, directory: Directory = Path(), as_json: AsJson = False) -> None:
    """Lets a paused channel work again, from its next round on."""
    with wiring.open_house(directory) as house:
        flow.resume(house, name)
    _tell({"channel": name, "state": "works"}, f"{name} works again, from its next round on.", as_json)


@app.command(epilog="Example: edi-gateway channel baseline acme")
def baseline(name: Name, directory: Directory = Path(), as_json: AsJson = False) -> None:
    """Marks the files that lie in the mailbox now as seen: they are never collected, and stay where they are.

    For a mailbox that is full of what another system has long processed: pause the channel, mark, resume. A
    file that is written again is another copy, and is collected.
    """
    with wiring.open_house(directory) as house:
        there, marked = flow.baseline(house, name)
    words = f"{counted(there, 'file')} in {name}, {marked} newly marked as seen."
    _tell({"channel": name, "files": there, "marked": marked}, words, as_json)


def _tell(row: dict[str, Any], words: str, as_json: bool) -> None:
    if as_json:
        print_json(row)
    else:
        print(printable(words))


def _state(row: dict[str, Any], enabled: bool) -> str:
    return "off" if not enabled else "paused" if row["paused"] else "works"


def _rhythm(channel: settings.Channel) -> str | None:
    return channel.cron or (None if channel.every_seconds is None else f"every {channel.every_seconds:g} s")


def _print_table(rows: list[dict[str, Any]]) -> None:
    titles = ("channel", "transport", "partners", "state", "since", "rhythm", "waiting", "seen", "issues")
    cells = [
        (row["name"], row["transport"], ", ".join(row["partners"]), row["state"], (row["paused"] or "")[:16],
         row["rhythm"] or "default", row["waiting"], row["marked_as_seen"], row["issues"])
        for row in rows
    ]
    print_table(titles, cells, "" if rows else "No channels yet: the comments in gateway.toml show one.")
