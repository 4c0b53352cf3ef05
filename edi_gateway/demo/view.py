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
from edi_gateway.demo.lives import LOOK, lines_of_orders
from edi_gateway.demo.play import Dropped, Event, Play, Trouble, Typed
from edi_gateway.demo.script import Drop

STYLES = {
    "confirmed": "bold green", "accepted": "green", "answered": "green", "posted": "green", "delivered": "green",
    "held": "yellow", "reopened": "yellow", "rejected": "red", "sent": "yellow",
}
LINES_MIN, LINES_MAX = 4, 11
AROUND = 26
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
    heading = Text.assemble((title, "bold"), (f"   {elapsed:4.1f} s", "dim"))
    fits = rows.buyers and height > AROUND + LINES_MIN
    return Group(heading, _arrivals(play, rows), *([lines_of_orders(rows, both=True)] if fits else []), below)


def tell(console: Console, play: Play, told: int) -> int:
    """One line for each event since, where there is no terminal to draw on; how many have been told."""
    for event in play.events[told:]:
        remark = _remark(event)
        console.print(_line(event).append(remark, "dim"), soft_wrap=True)
    return len(play.events)


def _remark(event: Event) -> str:
    if isinstance(event, Typed):
        return f"  {event.act.shows}"
    if isinstance(event, Trouble):
        return ""
    return f"  {event.shows}" if isinstance(event, Dropped) else f"  {event.name}"


def closing(
    console: Console, play: Play, rows: Rows, faults: tuple[str, ...], directory: Path, command: str
) -> None:
    """Where everything stands, and where to look next; `command` is how our program is called."""
    console.print(_documents(rows))
    console.print(lines_of_orders(rows))
    console.print(_issues(rows))
    console.print(Text("Where to look next", "bold"))
    for what, where in _places(play, directory, command):
        console.print(Text.assemble(f"  {what:<26}", (where, "cyan")), soft_wrap=True)
    console.print()
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
    held = {row["number"] for row in rows.orders if row["state"] == "held"}
    for row in here:
        order, state = row["order"] or f"set {row['set_control']}", "held" if row["order"] in held else row["state"]
        yield order, _state(state), _state(answers.get(order, ""))
    if not here:
        yield "", Text("known" if drop.name != drop.file else "", "dim"), Text()


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


def _line(event: Event) -> Text:
    at = (f"{event.at:%H:%M:%S} ", "dim")
    if isinstance(event, Typed):
        way, what = (f"{event.act.house} $ ", "yellow"), (event.act.command.replace("{house}/", ""), "")
    elif isinstance(event, Trouble):
        told = event.mishap.ends if event.over else event.mishap.shows
        way, what = (f"{event.mishap.retailer} · ", "yellow"), (told, "yellow")
    elif isinstance(event, Dropped):
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
    """One line a partner, one column a kind of document, and in it how many stand where."""
    kinds = sorted({(row["direction"], row["set"]) for row in rows.documents}, key=lambda kind: (kind[1], kind[0]))
    table = Table(title="Documents by partner and state", **LOOK)
    table.add_column("partner", style="cyan")
    for direction, set_id in kinds:
        table.add_column(f"{set_id} {direction}")
    for partner in sorted({row["partner"] or "" for row in rows.documents}):
        table.add_row(partner, *(_stations(rows, partner, kind) for kind in kinds))
    return table


def _stations(rows: Rows, partner: str, kind: tuple[str, str]) -> Text:
    here = [row for row in rows.documents if (row["partner"] or "") == partner]
    states = Counter(row["state"] for row in here if (row["direction"], row["set"]) == kind)
    return Text(", ").join(Text(f"{count} {state}", STYLES.get(state, "")) for state, count in sorted(states.items()))


def _issues(rows: Rows) -> Table:
    table = Table(title="Open issues", show_lines=True, **LOOK)
    table.add_column("id")
    table.add_column("partner", style="cyan")
    table.add_column("what")
    table.add_column("what to do")
    for row in reversed(rows.issues):
        times = "" if row["count"] == 1 else f" ({row['count']} times)"
        what = Text.assemble((row["title"], "yellow"), times, "\n", (row["note"], "dim"))
        table.add_row(str(row["id"]), row["partner"] or row["channel"] or "", what, Text(row["resolution"]))
    return table


def _places(play: Play, directory: Path, command: str) -> Iterator[tuple[str, str]]:
    seller = directory / "seller"
    yield "the seller's house", f"{seller}"
    yield "its log", f"{directory / 'seller.log'}"
    if play.offices:
        yield "a retailer's house", f"{directory / 'retailer'}"
    yield "the retailers' mailboxes", f"{directory / 'retailers'}"
    yield "the documents", f"{command} documents --dir {seller}"
    yield "the orders", f"{command} orders --dir {seller}"
    for number in sorted({number for r in play.script.retailers if r.books for number in r.books.orders}):
        yield "all of one order", f"{command} orders show {number} --dir {seller}"
    for what, arguments in play.script.next.items():
        yield what, f"{command} {arguments} --dir {seller}"
