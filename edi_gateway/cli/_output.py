"""What the commands print: JSON lines, and single lines for people that hold nothing harmful."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from edi_gateway.issues import GatewayError

_STYLES = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "cyan": 36}


def print_json(row: Mapping[str, Any]) -> None:
    """One object on one line of standard output, in ASCII, so that any terminal and any file can take it."""
    sys.stdout.write(json.dumps(row, separators=(",", ":")) + "\n")


def say(what: str | GatewayError) -> None:
    """One line on standard error; of an error its title, what happened, and what to do."""
    text = f"{what} — {what.kind.resolution}" if isinstance(what, GatewayError) else what
    sys.stdout.flush()
    sys.stderr.write(printable(text) + "\n")


def printable(text: str) -> str:
    """The text on one line, what a terminal might obey made visible: it may hold what partners wrote."""
    return "".join(c if c.isprintable() else " " if c in "\n\t" else c.encode("unicode_escape").decode() for c in text)


def styled(text: str, *styles: str) -> str:
    """The text in those styles where standard output is a terminal that shows them, else as it is."""
    if not sys.stdout.isatty() or sys.platform == "win32":
        return text
    return "".join(f"\x1b[{_STYLES[style]}m" for style in styles) + f"{text}\x1b[0m"


def counted(number: int, noun: str) -> str:
    """Such as `1 set` and `2 sets`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
