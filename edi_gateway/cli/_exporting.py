"""Files of the archive in a folder that people can read, with an index beside them."""

import csv
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from edi_gateway.cli._files import write_new
from edi_gateway.issues import GatewayError, command
from edi_gateway.issues.archive import ERASED
from edi_gateway.ports import Archive

_NAME_MAX = 120


def write(archive: Archive, rows: Sequence[dict[str, Any]], to: Path) -> int:
    """Writes each file once and says so in `exported` of its rows, None where it was erased; then the index.

    Returns how many files were written. Raises `GatewayError`: `command.file-unwritable`, also for a folder that is not
    empty, and `internal.archive-lost`.
    """
    _new_folder(to)
    names: dict[str, str | None] = {}
    for row in rows:
        digest = row["digest"]
        if digest not in names:
            names[digest] = _copy(archive, digest, _name(row), to, set(names.values()))
        row["exported"] = names[digest]
    write_new(to / "index.json", (json.dumps(rows, indent=2) + "\n").encode())
    write_new(to / "index.csv", _table(rows))
    return sum(name is not None for name in names.values())


def _new_folder(to: Path) -> None:
    try:
        to.mkdir(parents=True, exist_ok=True)
        full = any(to.iterdir())
    except OSError as error:
        raise command.FILE_UNWRITABLE.error(f"{to}: {error.strerror}", file=str(to)) from error
    if full:
        raise command.FILE_UNWRITABLE.error(f"{to} is not empty", file=str(to))


def _copy(archive: Archive, digest: str, name: str, to: Path, taken: set[str | None]) -> str | None:
    try:
        content = archive.read(digest)
    except GatewayError as error:
        if error.kind is not ERASED:
            raise
        return None
    # Case makes no difference on some disks.
    if name.lower() in {each.lower() for each in taken if each}:
        name = f"{digest[:12]}-{name}"
    write_new(to / name, content)
    return name


def _name(row: dict[str, Any]) -> str:
    """Time and way first, so that a folder lists them in order; what a disk might not take is an underscore."""
    at = row["at"][:19].replace("-", "").replace(":", "")
    return f"{at}-{row['direction']}-{re.sub(r'[^A-Za-z0-9._-]', '_', row['file'])[-_NAME_MAX:]}"


def _table(rows: Sequence[dict[str, Any]]) -> bytes:
    out = io.StringIO()
    table = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return out.getvalue().encode()
