"""Parses the arguments with Typer and runs the command they name; what they get wrong is told in one line."""

from collections.abc import Sequence

from typer import Abort, Exit, TyperException

from edi_gateway.cli._commands import command_line
from edi_gateway.cli._output import say


def parsed(arguments: Sequence[str], misused: int) -> int:
    """The command's exit code, or `misused` where the arguments are not to be used. Raises `KeyboardInterrupt`."""
    try:
        line = command_line()
        with line.make_context("edi-gateway", list(arguments)) as context:
            return int(line.invoke(context) or 0)
    except Exit as end:
        return end.exit_code
    except Abort as stopped:
        raise KeyboardInterrupt from stopped
    except TyperException as error:
        _tell(error)
        return misused


def _tell(error: TyperException) -> None:
    """A usage error in one line. It is empty where a command without arguments has shown its help."""
    message = str(getattr(error, "format_message", error.__str__)()).strip()
    context = getattr(error, "ctx", None)
    if message:
        message = message if message.endswith((".", "?")) else f"{message}."
        say(f"{message} Try `{context.command_path if context else 'edi-gateway'} --help`.")
