"""The demo from its opening to its end: played, shown, judged."""

import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.live import Live

from edi_gateway.demo import script, stage, verdict, view
from edi_gateway.demo.house import Rows
from edi_gateway.demo.play import Play
from edi_gateway.demo.stage import Stage
from edi_gateway.issues import internal

PROGRAM = "edi-gateway"
WIDTH = 120
"""How wide a line is where no terminal says it."""
BEAT_SECONDS = 0.2
QUIET_SECONDS = 2.5
"""How long nothing more may come once everything is there."""
PATIENCE_SECONDS = 45
"""How long nothing at all may happen while something is missing."""

Show = Callable[[Rows], None]


def run(once: bool, directory: Path | None, seed: int, files: Path | None = None) -> int:
    """As `edi_gateway.demo.run`; `files` is another folder laid out like `edi_gateway/demo/files`."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    signal.signal(signal.SIGTERM, _interrupt)
    directory = (directory or Path(tempfile.mkdtemp(prefix="edi-gateway-demo-"))).absolute()
    result = 130
    with suppress(KeyboardInterrupt), stage.build(script.load(files), directory, seed) as built:
        play = opening(built)
        rows = _shown(console, built, play)
        faults = (*verdict.faults(play, rows), *_ended(built))
        view.closing(console, play, rows, faults, directory, _command())
        result = 1 if faults else 0
        if console.is_terminal and not once:
            _go_on(console, built, play)
        result = max(result, _farewell(console, built))
    return result


def opening(built: Stage) -> Play:
    """The play, about to begin."""
    return Play(built.script, built.desks, built.offices, built.clerk, built.mend, _now, _now())


def perform(built: Stage, play: Play, show: Show, *, copies: bool = False) -> Rows:
    """Plays until all is as it must be and stays so for a while, or until hope is gone.

    `copies` as in `verdict.faults`.
    """
    right_since: float | None = None
    while True:
        play.beat()
        rows = built.rows()
        play.issues = {(row["channel"], row["kind"]) for row in rows.issues}
        show(rows)
        right = not verdict.faults(play, rows, copies=copies)
        right_since = (right_since or time.monotonic()) if right else None
        if right_since is not None and time.monotonic() - right_since > QUIET_SECONDS:
            return rows
        if _hopeless(built, play, rows) or (play.too_many and not copies):
            return rows
        time.sleep(BEAT_SECONDS)


def _shown(console: Console, built: Stage, play: Play) -> Rows:
    if console.is_terminal:
        with Live(console=console, auto_refresh=False) as live:
            return perform(built, play, lambda rows: live.update(view.scene(play, rows, console.height), refresh=True))
    told = 0

    def tell(_: Rows) -> None:
        nonlocal told
        told = view.tell(console, play, told)

    return perform(built, play, tell)


def _hopeless(built: Stage, play: Play, rows: Rows) -> bool:
    """Whether waiting on cannot make it right."""
    idle_seconds = (_now() - play.last).total_seconds()
    bug = any(row["kind"] == internal.BUG.code for each in (rows, *rows.buyers.values()) for row in each.issues)
    return bool(play.unexpected or play.stuck or bug or _ended(built)) or idle_seconds > PATIENCE_SECONDS


def _ended(built: Stage) -> tuple[str, ...]:
    dead = [gateway for gateway in built.gateways if not gateway.running]
    return tuple(f"a gateway ended; its last words are in {gateway.log}" for gateway in dead)


def _go_on(console: Console, built: Stage, play: Play) -> None:
    """The retailers collect and acknowledge what comes of a person's decisions, until that person has seen enough."""
    told = len(play.events)
    with suppress(KeyboardInterrupt):
        console.print("\nThe gateway goes on, and so do its retailers. Ctrl-C ends it.")
        while not _ended(built):
            play.beat()
            told = view.tell(console, play, told)
            time.sleep(BEAT_SECONDS)


def _farewell(console: Console, built: Stage) -> int:
    ends = {gateway.log: gateway.stop() for gateway in built.gateways}
    for log, status in ends.items():
        if status != 0:
            console.print(f"A gateway ended with status {status}; its last words are in {log}", style="red")
    if any(ends.values()) or None in ends.values():
        return 1
    console.print("The gateways finished what was in hand and stopped.")
    return 0


def _command() -> str:
    """How this program can be called again from the same shell."""
    if shutil.which(PROGRAM):
        return PROGRAM
    return sys.argv[0] if Path(sys.argv[0]).name == PROGRAM else f"{sys.executable} -m edi_gateway"


def _now() -> datetime:
    return datetime.now(UTC)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
