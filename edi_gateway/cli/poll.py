"""Makes one round now: collects, works, delivers."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from edi_gateway import settings, wiring
from edi_gateway.cli._commands import new
from edi_gateway.cli._house import view
from edi_gateway.cli._options import AsJson, Directory
from edi_gateway.cli._output import counted, print_json, printable
from edi_gateway.flows import channels as flow
from edi_gateway.flows.house import House
from edi_gateway.flows.turns import Turns, resting
from edi_gateway.issues import command
from edi_gateway.reports import channels as report

app = new()


@app.command(epilog="Example: edi-gateway poll acme")
def poll(
    channel: Annotated[
        str | None, typer.Argument(metavar="CHANNEL", help="Only this one.", show_default="all that work")
    ] = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> int:
    """Makes one round now: collects what lies in the mailboxes, works through it, delivers what is ready.

    It may be called beside a gateway that runs: they wait for each other at each mailbox. What was held goes on once
    gateway.toml or a partner's files have changed. The exit code is 2 if a mailbox could not be used, else 0.
    """
    wanted = settings.load(directory).channels
    with wiring.open_house(directory) as house:
        # The file may have changed between the two.
        enabled = [name for name, one in wanted.items() if one.enabled and name in house.channels]
        names = [_working(house, channel, enabled)] if channel else [n for n in enabled if not resting(house, n)]
        begun = wiring.let_go(directory, house)
        turns = Turns(house, names)
        try:
            rows = [_round(house, turns, name) for name in names]
        finally:
            wiring.let_go(directory, house, begun)
    for row in rows:
        if as_json:
            print_json(row)
        else:
            _print(row)
    if not rows and not as_json:
        print("No channel works.")
    return 2 if any(_failed(row) for row in rows) else 0


def _working(house: House, channel: str, enabled: list[str]) -> str:
    flow.check(house, channel)
    if channel not in enabled:
        raise command.CHANNEL_RESTS.error(f"{channel} is not enabled in gateway.toml")
    if why := resting(house, channel):
        state = "is paused" if why == "paused" else "is in its blackout"
        raise command.CHANNEL_RESTS.error(f"{channel} {state}")
    return channel


def _round(house: House, turns: Turns, channel: str) -> dict[str, Any]:
    start = datetime.now(UTC)
    turns.visit(channel)
    with view(house) as connection:
        return report.since(connection, channel, start)


def _failed(row: dict[str, Any]) -> bool:
    """Whether the mailbox itself could not be used, or not wholly; what documents say is told at the desk."""
    steps = (f"{row['channel']}: collect", f"{row['channel']}: deliver")
    return any(issue["about"] in steps and issue["severity"] == "error" for issue in row["issues"])


def _print(row: dict[str, Any]) -> None:
    print(f"{row['channel']}: {counted(row['collected'], 'file')} collected, {row['delivered']} delivered.")
    for issue in row["issues"]:
        print(printable(f"  issue {issue['id']} {issue['kind']}: {issue['note']}"))
