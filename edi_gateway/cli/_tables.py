"""Tables and lines for people, on Rich; what partners wrote is shown as text and never obeyed."""

import sys
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from edi_gateway.cli._output import counted, printable

WIDE = 10_000
"""Where no terminal is, a line is as long as it needs to be: it will be searched or cut."""

_STYLES = {
    "confirmed": "green", "accepted": "green", "answered": "green", "delivered": "green", "posted": "green",
    "production": "", "closed": "dim", "archived": "dim", "read": "dim", "void": "dim",
    "superseded": "dim", "queued": "", "parked": "yellow",
    "held": "yellow", "reopened": "yellow", "sent": "yellow", "open": "yellow", "accepted_with_changes": "yellow",
    "warning": "yellow",
    "rejected": "red", "cancelled": "red", "error": "red",
}

Cell = str | int | None | Text


def console() -> Console:
    """Standard output, on which nothing in a text is markup or the name of a picture."""
    return Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else WIDE)


def print_table(titles: Sequence[str], rows: Iterable[Sequence[Cell]], remark: str = "") -> None:
    """A table, and under it a remark; only the remark where there are no rows."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for title in titles:
        # A narrow terminal folds a cell: an id that is cut off can be neither read nor copied.
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*(text(cell) for cell in row))
    out = console()
    if table.row_count:
        _print(out, table)
    if remark:
        out.print(text(remark, "dim"))


def _print(out: Console, table: Table) -> None:
    """The table; in a file without the blanks that fill up its last column."""
    if out.is_terminal:
        out.print(table)
        return
    with out.capture() as captured:
        out.print(table)
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def ending(number: int, noun: str, shown: int | None) -> str:
    """The remark under a listing: how many there are, or that there may be more."""
    if number == shown:
        return f"The newest {number}; --last N shows more."
    return counted(number, noun) + "." if number else f"No {noun}s."


def text(cell: Cell, style: str = "") -> Text:
    """A cell: nothing for None, a state in its colour."""
    if isinstance(cell, Text):
        return cell
    plain = "" if cell is None else printable(str(cell))
    return Text(plain.replace("_", " ") if plain in _STYLES else plain, style or _STYLES.get(plain, ""))
