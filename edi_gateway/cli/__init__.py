"""The command line: one file a command, found by its name; whatever goes wrong is one clear line."""

import gc
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

from edi_gateway.cli._output import say
from edi_gateway.issues import GatewayError, internal

COULD_NOT = 2
STOPPED, PIPE_CLOSED = 130, 141
"""What a shell makes of an end by SIGINT and by SIGPIPE."""


OBJECTS_BETWEEN_SWEEPS = 50_000
"""Python looks for cycles after 700 new objects; a set of 10,000 items is 20,000 rows, none of them in a cycle."""


def main() -> NoReturn:
    """Obeys the program's arguments and ends it with the exit code."""
    gc.set_threshold(OBJECTS_BETWEEN_SWEEPS)
    sys.exit(obey(sys.argv[1:]))


def obey(arguments: Sequence[str]) -> int:
    """The exit code: 2 if something could not be done, else 1 if a finding is an error, else 0."""
    try:
        return _obey(arguments)
    except GatewayError as error:
        say(error)
    except (BrokenPipeError, SystemExit):
        # Rich, too, ends the program when the reader of its output has gone.
        _close_output()
        return PIPE_CLOSED
    except KeyboardInterrupt:
        say("Stopped.")
        return STOPPED
    except Exception as error:  # noqa: BLE001 - the outermost door: a bug is told in one line as well.
        _tell_bug(error)
    return COULD_NOT


def _obey(arguments: Sequence[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        # A partner's name may hold what the terminal cannot show; that must not end a command.
        with suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    code = _plainly(arguments)
    if code is None:
        # Typer takes longer to import than a small file to judge, so only who needs it pays for it.
        code = import_module("edi_gateway.cli._parsing").parsed(arguments, COULD_NOT)
    sys.stdout.flush()
    return int(code)


def _plainly(arguments: Sequence[str]) -> int | None:
    """The exit code of a command that is simple enough to need no parsing; None for any other."""
    if arguments[:1] != ["validate"]:
        return None
    code: int | None = import_module("edi_gateway.cli._validating").plainly(arguments[1:])
    return code


def _close_output() -> None:
    """Whoever read our output has gone; the interpreter must not stumble over that when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell_bug(error: Exception) -> None:
    if os.environ.get("EDI_GATEWAY_TRACEBACK"):
        traceback.print_exception(error)
    frames = traceback.extract_tb(error.__traceback__)
    place = next((frame for frame in reversed(frames) if "edi_gateway" in frame.filename), frames[-1])
    say(
        f"{internal.BUG.title}: {internal.in_words(error)} ({place.filename}, line {place.lineno}) — "
        "Please report this; with EDI_GATEWAY_TRACEBACK=1 in the environment the whole story is shown."
    )
