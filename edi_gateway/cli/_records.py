"""The EDI records of an order, for people."""

from typing import Any

from edi_gateway.cli._output import counted, printable
from edi_gateway.cli._tables import console, print_table


def print_records(records: list[dict[str, Any]]) -> None:
    """A table of them, and below it where each file is."""
    out = console()
    out.print("\nEDI records", style="bold")
    titles = ("id", "at", "", "set", "state", "ISA13", "GS06", "ST02", "acknowledged", "file")
    print_table(titles, [
        (record["id"], record["at"][:19].replace("T", " "), "→" if record["direction"] == "out" else "←",
         record["set"] + (" test" if record["test"] else ""), record["state"], record["interchange_control"],
         record["group_control"], record["set_control"], _word_on(record), record["file"])
        for record in records
    ])
    for record in records:
        out.print(f"\n{record['id']}: {printable(_whereabouts(record))}", markup=False)
        if record["archived"]:
            out.print(f"   archived as {printable(record['archived'])}", markup=False, style="dim")


def _word_on(record: dict[str, Any]) -> str:
    """What the acknowledgment said, and in which file and interchange it stands."""
    by = record["acknowledgment"]
    said = (record["acknowledged"] or "not yet").replace("_", " ")
    return f"{said}: {by['file']} ({by['interchange_control']})" if by else said


def _whereabouts(record: dict[str, Any]) -> str:
    where, channel = record["where"], record["channel"]
    if where is None:
        return f"it went over {channel}"
    if record["direction"] == "in":
        left = f"removed there {where['removed']}" if where["removed"] else "still there"
        told = f"collected from {channel} {where['collected']}, {left}"
    elif where["delivered"]:
        told = f"delivered to {channel} {where['delivered']}"
    elif where["state"] not in ("queued", "parked"):
        told = f"it never went to {channel}: it is {where['state']}"
    else:
        told = f"waits for {channel} since {where['queued']}, {counted(where['tries'], 'attempt')}"
    return f"{told} ({where['fault']})" if where["fault"] else told
