"""People at the command lines of the houses: what the script has them type is run as they would run it."""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from edi_gateway.demo.script import Act
from edi_gateway.settings import PREFIX

PROGRAM = (sys.executable, "-m", "edi_gateway")


def environment() -> dict[str, str]:
    """Ours, without settings that are meant for another house."""
    return {name: text for name, text in os.environ.items() if not name.upper().startswith(PREFIX)}


@dataclass
class Clerk:
    """Runs one command at a time, in the house that it is for; what it says goes to the log."""

    houses: Mapping[str, Path]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self, act: Act) -> None:
        """Begins a command."""
        house = self.houses[act.house]
        words = (*(word.format(house=house) for word in act.words), "--dir", str(house))
        with self.log.open("ab") as log:
            log.write(f"$ edi-gateway {shlex.join(words)}\n".encode())
            log.flush()
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                (*PROGRAM, *words), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=environment()
            )

    @property
    def status(self) -> int | None:
        """How the last command ended: 0 when it went well or there was none, None while it runs."""
        return self.process.poll() if self.process is not None else 0

    def stop(self) -> None:
        """Ends what is still running."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
