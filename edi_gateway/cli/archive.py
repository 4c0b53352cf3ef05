"""Verifies the archive, shows what it knows of a file, and erases what its partner's days are over for."""

import re
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from edi_gateway import wiring
from edi_gateway.cli._commands import new
from edi_gateway.cli._house import view
from edi_gateway.cli._options import AsJson, Directory
from edi_gateway.cli._output import counted, print_json, printable
from edi_gateway.cli._tables import print_table
from edi_gateway.flows import retention
from edi_gateway.issues import archive as kinds
from edi_gateway.reports import archive as report
from edi_gateway.store.archive import FileArchive

SOUND = ("whole", "erased")

app = new(no_args_is_help=True)


@app.callback(epilog="Example: edi-gateway archive verify")
def archive() -> None:
    """Every byte that came or went is kept under its SHA-256: verified, looked up, and erased when its time is over."""


@app.command(epilog="Example: edi-gateway archive verify")
def verify(directory: Directory = Path(), as_json: AsJson = False) -> None:
    """Reads every file of the archive again and compares it with its digest. Exit code 1 where one is not as it was.

    Names each file that is missing or altered, and each that nothing on the books is about. What has come in the last
    hour and is not on the books yet is passed over.
    """
    found: dict[str, int] = {}
    with wiring.open_house(directory) as house:
        assert isinstance(house.archive, FileArchive)
        for place, prefix in enumerate(report.PREFIXES):
            _progress(place)
            with view(house) as connection:
                for row in report.verify(connection, house.archive, prefix):
                    found[row["condition"]] = found.get(row["condition"], 0) + 1
                    if row["condition"] not in SOUND:
                        _name(row, as_json)
        _progress(len(report.PREFIXES))
    faulty = sum(times for condition, times in found.items() if condition not in SOUND)
    if as_json:
        print_json({"files": sum(found.values()), **found})
    else:
        told = ", ".join(f"{times} {condition}" for condition, times in sorted(found.items()))
        print(f"{counted(sum(found.values()), 'file')}" + (f": {told}." if told else "."))
    raise typer.Exit(1 if faulty else 0)


@app.command(epilog="Example: edi-gateway archive show 9f86d081")
def show(
    digest: Annotated[str, typer.Argument(metavar="DIGEST", help="The SHA-256, or its beginning.")],
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Shows when and where a file came or went, under which names and numbers, and whether its bytes are whole."""
    with wiring.open_house(directory) as house, view(house) as connection:
        assert isinstance(house.archive, FileArchive)
        row = report.file(connection, _digest(report.digests(connection, _asked(digest)), digest))
        row["condition"] = house.archive.condition(row["digest"])
        row["archived"] = None if row["condition"] == "erased" else str(house.archive.path(row["digest"]))
    if as_json:
        print_json(row)
        return
    for name in ("digest", "bytes", "condition", "archived", "erased"):
        print(printable(f"{name:<9}  {'' if row[name] is None else row[name]}").rstrip())
    for one in row["arrivals"]:
        print(printable(f"- {_short(one['first_seen'])} came over {one['channel']} as {one['file']}: {one['verdict']}"))
    for one in row["parcels"]:
        went = f", {_short(one['delivered'])} went" if one["delivered"] else ""
        queued = f"{_short(one['queued'])} queued for {one['channel']} as {one['file']}"
        print(printable(f"- {queued}{went}: {one['state']}"))
    for one in row["words"]:
        print(printable(f"- {_short(one['at'])} {one['what'].partition('.')[2].replace('-', ' ')}"))
    cells = [
        (each["id"], each["set"], each["partner"], each["sender"], each["receiver"], each["interchange_control"],
         f"{each['group_code']} {each['group_control']}".strip(), each["set_control"], each["state"])
        for each in row["documents"]
    ]
    titles = ("document", "set", "partner", "sender", "receiver", "ISA13", "GS06", "ST02", "state")
    print_table(titles, cells, "" if cells else "No document was read in it.")


@app.command(epilog="Example: edi-gateway archive retire --dry-run")
def retire(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tells what would be erased.")] = False,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Erases the bytes that a partner's file keeps no longer (`[retention] days`), and what is personal in their noun.

    What came from nobody known is erased by the days in gateway.toml (`[retention] strangers_days`), once no issue asks
    any longer who sent it.

    Nothing unsettled is erased: what is held, undelivered, unconfirmed, under an open issue or of an open order stays,
    and is named with the reason. The entry, the digest and the numbers stay for ever.
    """
    erased = kept = 0
    with wiring.open_house(directory) as house:
        for file in retention.retire(house, dry_run):
            erased, kept = erased + (file.stays is None), kept + (file.stays is not None)
            row = {"digest": file.digest, "partners": list(file.partners), "last": file.last.isoformat(),
                   "erased": file.stays is None and not dry_run, "stays": file.stays}
            if as_json:
                print_json(row)
            else:
                said = f"stays: {file.stays}" if file.stays else "to be erased" if dry_run else "erased"
                print(printable(f"{file.digest[:12]}  {', '.join(file.partners) or 'nobody known'}  {said}"))
    if not as_json:
        print(f"{counted(erased, 'file')} {'to be erased' if dry_run else 'erased'}, {counted(kept, 'file')} kept that "
              "are not settled.")


def _asked(digest: str) -> str:
    """At least the first four digits of a SHA-256 in hex."""
    if not re.fullmatch(r"[0-9a-f]{4,64}", digest.lower()):
        raise kinds.DIGEST_UNKNOWN.error(f"{digest!r} is no beginning of a SHA-256 of four digits or more")
    return digest.lower()


def _digest(found: tuple[str, ...], asked: str) -> str:
    if len(found) != 1:
        raise kinds.DIGEST_UNKNOWN.error(f"{'several files begin' if found else 'no file begins'} with {asked}")
    return found[0]


def _name(row: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(row)
    else:
        print(printable(f"{row['condition']}: {row['path']}"))


def _progress(place: int) -> None:
    """One line that is written over, only where somebody looks on."""
    if sys.stderr.isatty():
        end = "\r" if place < len(report.PREFIXES) else "\n"
        sys.stderr.write(f"{place * 100 // len(report.PREFIXES)} % read{end}")
        sys.stderr.flush()


def _short(at: str) -> str:
    return at[:19].replace("T", " ")
