"""The command line: one file a command, found by its name; whatever goes wrong is one clear line."""

import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from typer import Abort, Exit, TyperException

from edi_gateway.cli._commands import command_line
from edi_gateway.cli._output import say
from edi_gateway.issues import GatewayError, internal

COULD_NOT = 2
STOPPED, PIPE_CLOSED = 130, 141
"""What a shell makes of an end by SIGINT and by SIGPIPE."""


def main() -> NoReturn:
    """Obeys the program's arguments and ends it with the exit code."""
    sys.exit(obey(sys.argv[1:]))


def obey(arguments: Sequence[str]) -> int:
    """The exit code: 2 if something could not be done, else 1 if a finding is an error, else 0."""
    try:
        return _obey(arguments)
    except GatewayError as error:
        say(error)
    except TyperException as error:
        _misused(error)
    except (BrokenPipeError, SystemExit):
        # Rich, too, ends the program when the reader of its output has gone.
        _close_output()
        return PIPE_CLOSED
    except (KeyboardInterrupt, Abort):
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
    try:
        line = command_line()
        with line.make_context("edi-gateway", list(arguments)) as context:
            code = line.invoke(context)
    except Exit as end:
        code = end.exit_code
    sys.stdout.flush()
    return int(code or 0)


def _misused(error: TyperException) -> None:
    """A usage error in one line. It is empty where a command without arguments has shown its help."""
    message = str(getattr(error, "format_message", error.__str__)()).strip()
    context = getattr(error, "ctx", None)
    if message:
        message = message if message.endswith((".", "?")) else f"{message}."
        say(f"{message} Try `{context.command_path if context else 'edi-gateway'} --help`.")


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
