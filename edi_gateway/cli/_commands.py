"""The shelf of commands: each is the `app` of the file with its name, imported only when it is asked for."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from edi_gateway import __version__, discover

SHELF = "edi_gateway.cli"


class Commands(TyperGroup):
    """All commands. They are listed by the first line of each file, so that no list need be kept."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**{**attributes, "commands": {name: TyperCommand(name) for name in discover.names(SHELF)}})

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | None:
        """What the help says of a command."""
        return TyperCommand(cmd_name, help=_first_line(cmd_name)) if cmd_name in self.commands else None

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command itself."""
        name, found, rest = super().resolve_command(ctx, args)
        return name, command(name) if name and found else None, rest


class ById(TyperGroup):
    """A group whose `show` may be left unsaid: a number in the place of a command is the id of what to show."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command asked for."""
        return super().resolve_command(ctx, ["show", *args] if args and args[0].isdecimal() else args)


def new(**settings: Any) -> typer.Typer:
    """An `app` for a file of the shelf."""
    return typer.Typer(add_completion=False, **settings)


def pass_on(context: typer.Context, directory: Path, as_json: bool) -> bool:
    """Whether a command of a group was asked for; the options given before its name are then its own."""
    if context.invoked_subcommand is None:
        return False
    context.default_map = {context.invoked_subcommand: {"directory": directory, "as_json": as_json}}
    return True


def command(name: str) -> TyperCommand | TyperGroup:
    """The command of that name. Raises `discover.ShelfError`."""
    found = typer.main.get_command(discover.member(SHELF, name).app)
    assert isinstance(found, TyperCommand | TyperGroup)
    found.name = name
    for each in (found, *(found.commands.values() if isinstance(found, TyperGroup) else ())):
        each.help = _unwrapped(each.help or "")
    return found


def command_line() -> TyperGroup:
    """The program."""
    line = typer.main.get_command(_app)
    assert isinstance(line, TyperGroup)
    return line


def _unwrapped(docstring: str) -> str:
    """The paragraphs of a docstring, each on one line: the terminal wraps them. Brackets are text, and no markup."""
    lines = "\n\n".join(" ".join(paragraph.split()) for paragraph in docstring.split("\n\n"))
    return re.sub(r"\[(?=[a-z#/@])", r"\\[", lines)


def _first_line(name: str) -> str:
    """The first line of a command's file, unquoted; a plug-in's file is imported to read it."""
    found = find_spec(f"{SHELF}.{name}")
    if found is None or found.origin is None:
        return (discover.member(SHELF, name).__doc__ or "").partition("\n")[0]
    with Path(found.origin).open(encoding="utf-8") as file:
        return file.readline().strip().strip('"')


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"edi-gateway {__version__}")
        raise typer.Exit


_app = new(cls=Commands, no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})


@_app.callback(epilog="Example: edi-gateway demo")
def _edi_gateway(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Shows the version.")
    ] = False,
) -> None:
    """A gateway that exchanges X12 documents with trading partners over SFTP.

    Every command tells more with --help.
    """
