"""The configuration: the file, the environment over it, and secrets by reference."""

from pathlib import Path, PurePosixPath

import asyncssh
import pytest
from pydantic import BaseModel, ConfigDict, SecretStr

from edi_gateway import settings
from edi_gateway.issues import GatewayError
from edi_gateway.transports import sftp

CHANNEL = """
[gateway]
name = "north"

[channels.acme]
transport = "sftp"
every_seconds = 30
host = "sftp.acme.example.com"
password = "file:secrets/acme"
key_file = "keys/acme"
collect = "/from-acme"
"""


class Options(BaseModel):
    """A transport's options, as one would write them."""

    model_config = ConfigDict(extra="forbid")

    host: str
    port: int = 22
    password: SecretStr | None = None
    key_file: Path | None = None
    collect: PurePosixPath


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A gateway's folder with one channel and its secret."""
    _write(tmp_path, CHANNEL)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "acme").write_text("hunter2\n")
    return tmp_path


def test_the_file_says_the_channels(house: Path) -> None:
    read = settings.load(house)
    assert read.gateway.name == "north"
    assert read.channels["acme"].every_seconds == 30
    assert read.channels["acme"].options["host"] == "sftp.acme.example.com"
    assert (read.database, read.archive) == (house / "gateway.sqlite", house / "archive")


def test_the_environment_wins(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDI_GATEWAY_GATEWAY__NAME", "south")
    monkeypatch.setenv("EDI_GATEWAY_CHANNELS__ACME__ENABLED", "false")
    monkeypatch.setenv("EDI_GATEWAY_CHANNELS__ACME__PORT", "2222")
    read = settings.load(house)
    assert read.gateway.name == "south"
    assert not read.channels["acme"].enabled
    assert settings.options(read, "acme", Options).port == 2222
    assert read.channels["acme"].options["host"] == "sftp.acme.example.com"


def test_options_become_the_transports_own(house: Path) -> None:
    options = settings.options(settings.load(house), "acme", Options)
    assert options.password == SecretStr("hunter2")
    assert options.key_file == house / "keys" / "acme"
    assert options.collect == PurePosixPath("/from-acme")


def test_a_secret_may_stand_in_the_environment(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDI_GATEWAY_ACME_PASSWORD", "swordfish")
    _write(house, CHANNEL.replace("file:secrets/acme", "env:EDI_GATEWAY_ACME_PASSWORD"))
    assert settings.options(settings.load(house), "acme", Options).password == SecretStr("swordfish")


@pytest.mark.parametrize("literal", ['"hunter2"', '"file:"', '"env:"', "12345", '["hunter2"]'])
def test_a_literal_secret_is_refused_and_not_repeated(house: Path, literal: str) -> None:
    _write(house, CHANNEL.replace('"file:secrets/acme"', literal))
    error = _refused(house)
    assert error.kind.code == "settings.secret-literal"
    assert error.note == f"{house / 'gateway.toml'} line 9: channels.acme.password"


def test_a_secret_that_is_not_there_is_named(house: Path) -> None:
    (house / "secrets" / "acme").unlink()
    read = settings.load(house)
    with pytest.raises(GatewayError) as raised:
        settings.options(read, "acme", Options)
    assert raised.value.kind.code == "settings.secret-missing"
    assert str(house / "secrets" / "acme") in raised.value.note


@pytest.mark.parametrize(("old", "new", "line", "setting"), [
    ("every_seconds = 30", "every_seconds = 0", 7, "channels.acme.every_seconds"),
    ("every_seconds = 30", 'every_seconds = 30\ncron = "* * * * *"', 5, "channels.acme"),
    ("every_seconds = 30", 'cron = "hourly"', 7, "channels.acme.cron"),
    ('transport = "sftp"\n', "", 5, "channels.acme.transport"),
    ('name = "north"', 'nmae = "north"', 3, "gateway.nmae"),
    ("[gateway]", "[gatway]", 2, "gatway"),
    ("[channels.acme]", '[channels."Acme Stores"]', 5, "channels.Acme Stores"),
])
def test_a_wrong_setting_is_named_with_its_line(house: Path, old: str, new: str, line: int, setting: str) -> None:
    _write(house, CHANNEL.replace(old, new))
    error = _refused(house)
    assert error.kind.code == "settings.invalid"
    assert error.note.startswith(f"{house / 'gateway.toml'} line {line}: {setting}")


def test_a_wrong_option_is_named_with_its_line(house: Path) -> None:
    _write(house, CHANNEL.replace("collect =", "colect ="))
    read = settings.load(house)
    with pytest.raises(GatewayError) as raised:
        settings.options(read, "acme", Options)
    assert raised.value.kind.code == "settings.invalid"
    assert "channels.acme.collect: Field required" in raised.value.note


def test_a_misspelt_variable_is_refused(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDI_GATEWAY_GATWAY__NAME", "south")
    assert "EDI_GATEWAY_GATWAY__NAME" in _refused(house).note


def test_a_variable_that_cannot_be_is_refused(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDI_GATEWAY_CHANNELS", "{not json")
    assert _refused(house).kind.code == "settings.invalid"


@pytest.mark.parametrize("content", [b"[gateway]\nname = \n", b"[gateway]\nname = 'caf\xe9'\n"])
def test_a_broken_file_is_named_with_its_line(house: Path, content: bytes) -> None:
    (house / "gateway.toml").write_bytes(content)
    error = _refused(house)
    assert error.kind.code == "settings.not-toml"
    assert error.note.startswith(f"{house / 'gateway.toml'} line 2: ")


def test_a_folder_without_a_gateway_says_so(tmp_path: Path) -> None:
    assert _refused(tmp_path).kind.code == "settings.house-missing"
    assert _refused(tmp_path / "none").kind.code == "settings.house-missing"


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").mkdir()
    assert _refused(tmp_path).kind.code == "settings.unreadable"


def test_the_template_says_the_defaults(tmp_path: Path) -> None:
    settings.create(tmp_path / "new")
    assert dict(settings.load(tmp_path / "new")) == dict(settings.Settings())
    shown = settings.template()
    for key, value in settings.Gateway():
        assert f"# {key} = {value!r} ".replace("'", '"') in shown


def test_the_templates_channel_is_real(tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    head, mark, channel = settings.template().replace("ssh-ed25519 AAAA...", key).partition("# [channels.acme]")
    _write(tmp_path, head + "\n".join(line.removeprefix("# ") for line in (mark + channel).splitlines()))
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "acme.password").write_text("hunter2\n")
    options = settings.options(settings.load(tmp_path), "acme", sftp.Options)
    assert options.host == "sftp.acme.example.com"


def test_a_gateway_is_never_written_over(house: Path) -> None:
    with pytest.raises(GatewayError) as raised:
        settings.create(house)
    assert raised.value.kind.code == "settings.house-exists"
    assert (house / "gateway.toml").read_text() == CHANNEL


def _write(house: Path, text: str) -> None:
    (house / "gateway.toml").write_text(text)


def _refused(house: Path) -> GatewayError:
    with pytest.raises(GatewayError) as raised:
        settings.load(house)
    return raised.value


@pytest.mark.parametrize(
    ("row", "says"),
    [('transport = "stfp"', "there is no transport 'stfp'; there are folder"), ('cron = "61 * * * *"', "61")],
)
def test_a_channel_that_could_never_work_is_refused_at_once(tmp_path: Path, row: str, says: str) -> None:
    transport = "" if row.startswith("transport") else 'transport = "sftp"\n'
    (tmp_path / "gateway.toml").write_text(f"[channels.acme]\n{transport}{row}\n", "utf-8")
    with pytest.raises(GatewayError) as raised:
        settings.load(tmp_path)
    assert raised.value.kind.code == "settings.invalid"
    assert says in raised.value.note
