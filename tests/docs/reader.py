"""A reader who does what a page says: one shell, in a folder of its own."""

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL

from tests.changes.overlay import lay
from tests.docs.pages import Command, File, agrees

ROOT = Path(__file__).resolve().parents[2]
COMMAND_SECONDS_MAX = 60
BACKGROUND_SECONDS_MAX = 30
_END = "the command has ended with"


@dataclass
class Reader:
    """A shell that stays open, so that folders, variables and what runs in the background stay as well."""

    folder: Path
    shell: subprocess.Popen[bytes]
    background: bool = False

    def follow(self, step: File | Command) -> None:
        """Takes one step; fails where something else comes of it than the page shows."""
        if isinstance(step, File):
            self.write(step)
        else:
            self.give(step)

    def write(self, file: File) -> None:
        """Writes a file as a person would, who makes the folders for it as well."""
        path = self.folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a" if file.added else "x", encoding="utf-8") as out:
            out.write(("\n" if file.added else "") + file.content)

    def give(self, command: Command) -> None:
        """Gives a command, and while something works in the background looks again until that has come about."""
        patience = time.monotonic() + (BACKGROUND_SECONDS_MAX if self.background else 0)
        while True:
            printed, code = self.run(command.text)
            as_shown = code == command.code and (not command.shown or agrees(command.shown, printed))
            if as_shown or time.monotonic() >= patience:
                break
            time.sleep(0.2)
        self.background = self.background or command.text.endswith("&")
        shown = "\n".join(command.shown)
        assert as_shown, f"line {command.line}: $ {command.text}\n{printed}\nexit code {code}; the page shows:\n{shown}"

    def run(self, command: str) -> tuple[str, int]:
        """What the command prints on either stream, and its exit code."""
        assert self.shell.stdin
        assert self.shell.stdout
        self.shell.stdin.write(f"{command}\nprintf '\\n{_END} %s\\n' \"$?\"\n".encode())
        self.shell.stdin.flush()
        printed, until = b"", time.monotonic() + COMMAND_SECONDS_MAX
        while not (end := re.search(rf"\n{_END} (\d+)\n$".encode(), printed)):
            ready, _, _ = select.select([self.shell.stdout], [], [], until - time.monotonic())
            assert ready, f"$ {command}\n{printed.decode()}\nhas not ended after {COMMAND_SECONDS_MAX} seconds"
            piece = os.read(self.shell.stdout.fileno(), 1 << 16)
            assert piece, f"$ {command}\n{printed.decode()}\nhas ended the shell"
            printed += piece
        return printed[:end.start()].decode(), int(end[1])


@contextmanager
def reader(folder: Path, *, in_project: bool = False) -> Iterator[Reader]:
    """A reader in an empty folder, who has `edi-gateway` installed; what still runs at the end is ended.

    In the project they begin in a copy of its top folder, and the program is the one that they change there.
    """
    here, programs = folder / "empty", folder / "programs"
    programs.mkdir()
    if in_project:
        lay(programs, here)
    else:
        here.mkdir()
    (programs / "edi-gateway").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m edi_gateway "$@"\n', encoding="utf-8")
    (programs / "edi-gateway").chmod(0o755)
    environment = {name: text for name, text in os.environ.items() if not name.startswith("EDI_GATEWAY_")}
    environment |= {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(here if in_project else ROOT),
        "LC_ALL": "C.UTF-8",
    }
    shell = subprocess.Popen(
        ["sh"], cwd=here, env=environment, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    try:
        yield Reader(here, shell)
    finally:
        os.killpg(shell.pid, SIGKILL)
        shell.communicate()
