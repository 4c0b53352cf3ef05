"""What a person sees: orders that arrive and are answered, and at the end where everything stands."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from edi_gateway.demo.house import Rows
from edi_gateway.demo.play import Arrived, Dropped, Play
from edi_gateway.demo.script import Drop

STYLES = {
    "confirmed": "bold green", "accepted": "green", "answered": "green", "posted": "green", "delivered": "green",
    "held": "yellow", "rejected": "red", "sent": "yellow",
}
LINES_MIN, LINES_MAX = 4, 11
AROUND = 20
"""How many lines the picture needs beside what goes on in its two panels."""


def scene(play: Play, rows: Rows, height: int) -> RenderableType:
    """The picture while the play goes on."""
    title = f"{play.script.seller.name} answers its retailers"
    elapsed = (play.now() - play.opened).total_seconds()
    lines = min(max(height - AROUND, LINES_MIN), LINES_MAX)
    below = Table.grid(expand=True)
    below.add_column(ratio=5)
    below.add_column(ratio=6)
    below.add_row(_wire(play, lines), _desk(rows, lines))
    return Group(Text.assemble((title, "bold"), (f"   {elapsed:4.1f} s", "dim")), _arrivals(play, rows), below)


def tell(console: Console, play: Play, told: int) -> int:
    """One line for each event since, where there is no terminal to draw on; how many have been told."""
    for event in play.events[told:]:
        remark = f"  {event.shows}" if isinstance(event, Dropped) else f"  {event.name}"
        console.print(_line(event).append(remark, "dim"))
    return len(play.events)


def closing(console: Console, play: Play, rows: Rows, faults: tuple[str, ...], directory: Path) -> None:
    """Where everything stands, and where to look next."""
    console.print(_documents(rows))
    console.print(_issues(rows))
    console.print(_next(directory))
    if faults:
        lines = (Text("Not as expected:", "bold red"), *(Text(fault) for fault in faults))
        console.print(*lines, sep="\n", soft_wrap=True)
    else:
        told = f"{len(play.arrived)} files came back, each as written beforehand by hand, and nothing else."
        console.print(Text.assemble(("As expected: ", "bold green"), told))


def _arrivals(play: Play, rows: Rows) -> Table:
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    for name, width in (("retailer", 9), ("what arrives", None), ("order", 10), ("books", 8), ("997", 3), ("855", 9)):
        table.add_column(name, width=width, ratio=None if width else 1, no_wrap=True, overflow="ellipsis")
    seen: Counter[str] = Counter()
    for drop in play.script.drops:
        seen[drop.file] += 1
        if drop.name in play.dropped(drop.retailer):
            came = Text("✓" if _acknowledged(drop, play, seen[drop.file]) else "", "green")
            first = (Text(drop.retailer, "cyan"), drop.shows)
            for order, state, answer in _sets(drop, rows):
                table.add_row(*first, order, state, came, answer)
                first = (Text(), "")
    return table


def _sets(drop: Drop, rows: Rows) -> Iterator[tuple[str, Text, Text]]:
    """Of each order in the file: its number, where it stands in the books, and where its answer stands."""
    here = [r for r in rows.documents if (r["direction"], r["channel"], r["file"]) == ("in", drop.retailer, drop.name)]
    answers = {row["order"]: row["state"] for row in rows.documents if row["direction"] == "out" and row["order"]}
    for row in here:
        yield row["order"] or f"set {row['set_control']}", _state(row["state"]), _state(answers.get(row["order"], ""))
    if not here:
        yield "", Text(), Text()


def _acknowledged(drop: Drop, play: Play, times: int) -> bool:
    """Whether the retailer has, and found as expected, every 997 for a file that it dropped so many times."""
    stem = Path(drop.file).stem
    due = [answer.file for answer in play.script.answers if answer.file.startswith(stem) and ".997." in answer.file]
    return all(play.copies[file] >= times for file in due)


def _state(state: str) -> Text:
    return Text(state, STYLES.get(state, ""))


def _wire(play: Play, lines: int) -> Panel:
    shown = [_line(event) for event in play.events[-lines:]]
    return _panel("on the wire", shown, lines)


def _line(event: Dropped | Arrived) -> Text:
    at = (f"{event.at:%H:%M:%S} ", "dim")
    if isinstance(event, Dropped):
        way, what = (f"{event.retailer} → ", "cyan"), (event.name, "")
    elif event.answer:
        way, what = (f"{event.retailer} ← ", "magenta"), (f"✓ {event.answer.file}", "green")
    else:
        way, what = (f"{event.retailer} ← ", "magenta"), (f"✗ {event.name}", "bold red")
    return Text.assemble(at, way, what, no_wrap=True, overflow="ellipsis")


def _desk(rows: Rows, lines: int) -> Panel:
    shown = [
        Text.assemble((f"{row['partner'] or row['channel']}  ", "cyan"), (row["title"], "yellow"))
        for row in reversed(rows.issues)
    ]
    return _panel("open issues", shown, lines)


def _panel(title: str, shown: list[Text], lines: int) -> Panel:
    return Panel(Group(*shown), title=title, title_align="left", border_style="dim", height=lines + 2)


def _documents(rows: Rows) -> Table:
    table = Table(title="Documents by partner and state", title_justify="left", box=box.SIMPLE_HEAD)
    for name in ("partner", "direction", "set", "state"):
        table.add_column(name)
    table.add_column("number", justify="right")
    for key, count in sorted(_counted(rows).items()):
        table.add_row(*key[:3], _state(key[3]), str(count))
    return table


def _counted(rows: Rows) -> Counter[tuple[str, str, str, str]]:
    return Counter((row["partner"] or "-", row["direction"], row["set"], row["state"]) for row in rows.documents)


def _issues(rows: Rows) -> Table:
    table = Table(title="Open issues", title_justify="left", box=box.SIMPLE_HEAD, show_lines=True)
    for name in ("id", "partner", "order", "what", "what to do"):
        table.add_column(name)
    for row in rows.issues:
        what = Text.assemble(row["title"], ("" if row["count"] == 1 else f" ({row['count']} times)", "dim"))
        who = row["partner"] or row["channel"] or ""
        table.add_row(str(row["id"]), who, row["order"] or "", what, row["resolution"])
    return table


def _next(directory: Path) -> Table:
    table = Table(title="Where to look next", title_justify="left", box=None, show_header=False, padding=(0, 2, 0, 0))
    for what, where in _places(directory):
        table.add_row(what, Text(where, "cyan", overflow="fold"))
    return table


def _places(directory: Path) -> Iterator[tuple[str, str]]:
    seller = directory / "seller"
    yield "the seller's house", str(seller)
    yield "its log", str(directory / "seller.log")
    yield "the retailers' mailboxes", str(directory / "retailers")
    yield "every byte in and out", str(seller / "archive")
    yield "the documents", f"edi-gateway documents --dir {seller}"
    yield "the issues", f"edi-gateway issues --dir {seller}"
    yield "accept the held order", f"edi-gateway orders answer OX-5590 --accept --dir {seller}"
