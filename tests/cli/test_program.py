"""What holds for every command."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from edi_gateway import __version__, discover
from edi_gateway.cli import _commands, obey
from edi_gateway.cli import init as some_command
from tests.cli.program import run


def commands() -> Iterator[tuple[str, Any]]:
    """Every command and every command of a group, by the words that call it."""
    for name in discover.names(_commands.SHELF):
        found: Any = _commands.command(name)
        yield name, found
        for under in found.commands if isinstance(found, TyperGroup) else ():
            yield f"{name} {under}", found.commands[under]


ALL = dict(commands())
GROUPS_ONLY = {name for name, found in ALL.items() if isinstance(found, TyperGroup) and found.no_args_is_help}
"""Groups that do nothing of their own."""


def options(name: str) -> set[str]:
    return {option for parameter in ALL[name].params for option in parameter.opts}


def test_the_commands_are_there() -> None:
    assert set(ALL) >= {
        "demo", "documents", "init", "issues", "issues retry", "orders", "orders answer", "partner", "partner add",
        "partner list", "prices", "prices import", "run", "translate", "validate", "documents show", "documents get",
        "orders show", "issues show", "issues archive", "poll", "channel", "channel list", "channel test",
        "channel pause", "channel resume", "channel baseline", "control", "control show", "control set", "receive",
        "resend", "partner new", "partner check", "schema",
    }


@pytest.mark.parametrize("name", ALL)
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    said = run(*name.split(), "--help")
    text = " ".join(said.out.split())
    assert said.code == 0
    assert f"Example: edi-gateway {name}" in text or name in GROUPS_ONLY
    assert "Example: edi-gateway" in text
    assert all(parameter.help for parameter in ALL[name].params), "an option without help"
    assert all("\n" not in paragraph for paragraph in ALL[name].help.split("\n\n")), "wrapped twice"


@pytest.mark.parametrize(("name", "table"), [
    ("ship", "[shipment]"), ("invoice", "[invoice]"), ("archive retire", "[retention]"),
])
def test_a_table_of_a_file_stands_in_a_help_with_its_brackets(name: str, table: str) -> None:
    assert table in run(*name.split(), "--help").out


@pytest.mark.parametrize("name", [name for name in ALL if name not in GROUPS_ONLY])
def test_every_command_takes_a_folder_and_all_but_the_lasting_ones_print_json(name: str) -> None:
    assert "--dir" in options(name)
    assert "--json" in options(name) or name in ("run", "demo")


def test_the_page_of_all_commands_shows_each_ones_first_line_without_importing_it() -> None:
    asked = "import sys; from edi_gateway.cli import obey; obey(['--help']); print('sqlalchemy' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines()[-1] == "False"
    text = " ".join(said.stdout.replace("│", " ").split())
    for name in discover.names(_commands.SHELF):
        assert (discover.member(_commands.SHELF, name).__doc__ or "").partition("\n")[0] in text


def test_the_version_is_told() -> None:
    assert run("--version").out == f"edi-gateway {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["bogus"], "No such command 'bogus'"),
        (["ordrs"], "Did you mean 'orders'?"),
        (["init", "--foo"], "No such option: --foo"),
        (["validate"], "Missing argument"),
        (["orders", "answer", "PO-1"], "--accept"),
        (["issues", "retry", "seven"], "'ID'"),
    ],
)
def test_misuse_is_told_in_one_line(arguments: list[str], says: str) -> None:
    said = run(*arguments)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert says in said.err
    assert "--help" in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["documents"], ["documents", "7"], ["orders"], ["orders", "answer", "PO-1", "--accept"], ["issues"],
        ["issues", "retry", "7"], ["partner", "list"], ["partner", "add", "acme"], ["run"],
        ["prices", "import", "/dev/null", "--list", "x"], ["documents", "get", "7"], ["orders", "show", "PO-1"],
        ["issues", "show", "7"], ["issues", "archive", "7"], ["poll"], ["channel", "list"], ["channel", "test", "acme"],
        ["channel", "pause", "acme"], ["channel", "resume", "acme"], ["channel", "baseline", "acme"],
        ["control", "show"], ["control", "set", "acme", "--isa13", "7"], ["receive", "/dev/null", "--channel", "acme"],
        ["resend", "7"], ["partner", "new", "acme"],
    ],
)
def test_a_folder_without_a_house_is_refused_in_one_line(arguments: list[str], tmp_path: Path) -> None:
    said = run(*arguments, "--dir", tmp_path)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_configuration_is_told_in_one_line(house: Path) -> None:
    (house / "gateway.toml").write_text("[gateway]\nlog_level = 7\n", "utf-8")
    said = run("documents", "--dir", house)
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert "gateway.toml line 2" in said.err


def failing(error: BaseException) -> typer.Typer:
    app = _commands.new()

    @app.command()
    def fail() -> None:
        raise error

    return app


def test_a_bug_is_told_in_one_line_and_in_full_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(some_command, "app", failing(ZeroDivisionError("a\nb\x1b[2J")))
    said = run("init")
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert "ZeroDivisionError" in said.err
    assert "\x1b" not in said.err
    monkeypatch.setenv("EDI_GATEWAY_TRACEBACK", "1")
    assert "Traceback" in run("init").err


def test_ctrl_c_ends_a_command_with_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(some_command, "app", failing(KeyboardInterrupt()))
    assert run("init") .err == "Stopped.\n"
    assert obey(["init"]) == 130


def test_a_reader_who_goes_away_ends_a_command_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "edi_gateway", "--help"]
    said = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (said.returncode, said.stderr) == (141, b"")


def test_the_installed_program_is_the_same(tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "edi-gateway"
    if not program.exists():
        pytest.skip("the project is not installed in this environment")
    said = subprocess.run([program, "init", tmp_path / "new", "--json"], capture_output=True, text=True, check=True)
    assert json.loads(said.stdout)["configuration"] == str(tmp_path / "new" / "gateway.toml")
