"""The configuration: `DIR/gateway.toml` and the environment, as values; secrets by reference only."""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from edi_gateway import discover
from edi_gateway.flows.blackout import Blackout, blackout
from edi_gateway.issues import GatewayError
from edi_gateway.issues.settings import (
    HOUSE_EXISTS,
    HOUSE_MISSING,
    INVALID,
    SECRET_LITERAL,
    SECRET_MISSING,
    UNREADABLE,
)
from edi_gateway.store.shelf import parse

FILE = "gateway.toml"
PREFIX = "EDI_GATEWAY_"
SECRETS = ("password", "passphrase", "secret", "token")
"""An option whose name ends in one of these holds a secret, and so must be a reference."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
Options = TypeVar("Options", bound=BaseModel)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Gateway(_Part):
    """How this gateway calls itself, logs and stops."""

    name: str = "edi-gateway"
    log_format: Literal["auto", "console", "json"] = "auto"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    stop_seconds_max: float = Field(20, gt=0)
    gs1_prefix: Annotated[str, StringConstraints(pattern=r"^([0-9]{7,10})?$")] = ""


class Retention(_Part):
    """How long is kept what no partner's file decides on: what came from nobody we know, in days; for ever with 0."""

    strangers_days: int = Field(365, ge=0)


def _sorted_out(row: Any) -> Any:
    """A channel's table with what belongs to its transport put under `options`."""
    if not isinstance(row, dict):
        return row
    own = {key: value for key, value in row.items() if key in Channel.model_fields and key != "options"}
    return {**own, "options": {key: value for key, value in row.items() if key not in own}}


class Channel(_Part):
    """A mailbox. `options` are the transport's own, as written: secrets in them are still references.

    `cron` and `blackout` go by the clocks of `zone`. Each visit is up to `jitter_seconds` earlier or later.
    """

    transport: Name
    enabled: bool = True
    every_seconds: float | None = Field(None, gt=0)
    cron: Annotated[str, StringConstraints(pattern=r"^\S+( +\S+){4}$")] | None = None
    zone: str = "UTC"
    jitter_seconds: float = Field(0, ge=0)
    blackout: tuple[str, ...] = ()
    options: dict[str, Any] = {}

    @model_validator(mode="after")
    def _one_rhythm(self) -> Self:
        if self.every_seconds is not None and self.cron is not None:
            raise ValueError("every_seconds and cron exclude each other")
        if self.cron is not None:
            CronTrigger.from_crontab(self.cron)
        return self

    @field_validator("zone")
    @classmethod
    def _on_the_map(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ValueError, OSError, KeyError) as error:
            raise ValueError(f"there is no time zone {name!r}; one is 'America/New_York'") from error
        return name

    @field_validator("blackout")
    @classmethod
    def _windows(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        blackout(texts, ZoneInfo("UTC"))
        return texts

    @property
    def rests(self) -> Blackout:
        """When it is not visited."""
        return blackout(self.blackout, ZoneInfo(self.zone))

    @field_validator("transport")
    @classmethod
    def _known(cls, name: str) -> str:
        known = discover.names("edi_gateway.transports")
        if name not in known:
            raise ValueError(f"there is no transport {name!r}; there are {', '.join(known)}")
        return name


class Settings(BaseSettings):
    """All settings of one gateway, the environment's laid over the file's."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix=PREFIX, env_nested_delimiter="__", env_ignore_empty=True,
    )

    gateway: Gateway = Gateway()
    retention: Retention = Retention()
    channels: dict[Name, Annotated[Channel, BeforeValidator(_sorted_out)]] = {}
    _directory: Path = PrivateAttr(default=Path())

    @property
    def directory(self) -> Path:
        """The gateway's folder, which relative paths start from; its data is laid over ours."""
        return self._directory

    @property
    def database(self) -> Path:
        """The books."""
        return self._directory / "gateway.sqlite"

    @property
    def archive(self) -> Path:
        """Every byte in and out."""
        return self._directory / "archive"

    @property
    def locks(self) -> Path:
        """Whose turn it is."""
        return self._directory / "locks"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings


def load(directory: Path) -> Settings:
    """The settings of the gateway in that folder.

    Raises `GatewayError` of family `settings`; what is wrong in the file is named with its line.
    """
    file = directory / FILE
    content = _content(file)
    rows = parse(content, str(file))
    _refuse_unknown_variables()
    try:
        settings = Settings(**rows)
    except ValidationError as error:
        raise _invalid(error, file, content) from error
    except SettingsError as error:
        raise INVALID.error(f"the environment: {error}") from error
    settings._directory = directory.absolute()
    for name, channel in settings.channels.items():
        _refuse_literals(name, channel, file, content)
    return settings


def options(settings: Settings, channel: str, model: type[Options]) -> Options:
    """A channel's options as its transport's own model: secrets looked up, relative paths set in the folder.

    Raises `GatewayError` (`settings.invalid`, `settings.secret-missing`).
    """
    given = dict(settings.channels[channel].options)
    for key, value in given.items():
        if key.endswith(SECRETS):
            given[key] = secret(value, settings.directory)
    try:
        read = model.model_validate(given)
    except ValidationError as error:
        file = settings.directory / FILE
        raise _invalid(error, file, _content(file), ("channels", channel)) from error
    placed = {key: (value, _placed(value, settings.directory)) for key, value in read}
    # Only what changes is put in: what was not said must go on counting as not said.
    return read.model_copy(update={key: new for key, (old, new) in placed.items() if new != old})


def _placed(value: Any, directory: Path) -> Any:
    """An option with the relative paths in it set in a folder, those in lists and tables too."""
    if isinstance(value, Path):
        return directory / value
    if isinstance(value, tuple):
        return tuple(_placed(one, directory) for one in value)
    if isinstance(value, dict):
        return {key: _placed(one, directory) for key, one in value.items()}
    return value


def secret(reference: str, directory: Path) -> SecretStr:
    """What `env:NAME` or `file:PATH` refers to. Raises `GatewayError` (`settings.secret-missing`)."""
    source, _, name = reference.partition(":")
    if source == "env":
        value = os.environ.get(name, "")
        if not value:
            raise SECRET_MISSING.error(f"the environment variable {name} is not set", variable=name)
        return SecretStr(value)
    file = directory / name
    try:
        return SecretStr(file.read_text(encoding="utf-8").rstrip("\r\n"))
    except (OSError, UnicodeDecodeError) as error:
        raise SECRET_MISSING.error(f"{file}: {getattr(error, 'strerror', None) or error}", file=str(file)) from error


def secret_files(directory: Path) -> tuple[str, ...]:
    """The files that the configuration of a folder refers to for secrets, whether they are there or not."""
    try:
        text = (directory / FILE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ()
    return tuple(re.findall(r"""["']file:([^"'\n\0]+)["']""", text))


def template() -> str:
    """The commented configuration that a new gateway starts from; as it stands it says the defaults."""
    return (Path(__file__).parent / FILE).read_text(encoding="utf-8")


def create(directory: Path) -> Path:
    """Writes the template into a folder, which is made if need be, and returns the file.

    Raises `GatewayError` (`settings.house-exists`, `settings.unreadable`).
    """
    file = directory / FILE
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as out:
            out.write(template())
    except FileExistsError as error:
        raise HOUSE_EXISTS.error(str(file), file=str(file)) from error
    except OSError as error:
        raise UNREADABLE.error(f"{file}: {error.strerror}", file=str(file)) from error
    return file


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise HOUSE_MISSING.error(f"{file} does not exist", file=str(file)) from error
    except OSError as error:
        raise UNREADABLE.error(f"{file}: {error.strerror}", file=str(file)) from error


def _refuse_unknown_variables() -> None:
    """A misspelt variable must not be passed over in silence. One without `__` may be somebody's secret."""
    for variable in os.environ:
        table, nested, _ = variable.upper().removeprefix(PREFIX).partition("__")
        if variable.upper().startswith(PREFIX) and nested and table.lower() not in Settings.model_fields:
            raise INVALID.error(f"the environment variable {variable} names no setting", variable=variable)


def _refuse_literals(name: str, channel: Channel, file: Path, content: bytes) -> None:
    for key, value in channel.options.items():
        if key.endswith(SECRETS) and not (isinstance(value, str) and re.match(r"(env|file):.", value)):
            place = _place(file, content, ("channels", name, key))
            raise SECRET_LITERAL.error(f"{place}: channels.{name}.{key}", channel=name)


def _invalid(error: ValidationError, file: Path, content: bytes, table: tuple[str, ...] = ()) -> GatewayError:
    """The first fault in words: where it stands, which setting, what is wrong. The value is not shown."""
    fault = error.errors(include_url=False, include_input=False)[0]
    path = (*table, *(str(part) for part in fault["loc"]))
    place = _place(file, content, path)
    note = f"{place}: {'.'.join(path)}: {fault['msg'].removeprefix('Value error, ')}"
    return INVALID.error(note, file=str(file))


def _place(file: Path, content: bytes, path: tuple[str, ...]) -> str:
    """The file and the line where a setting stands, or the nearest table above it."""
    table: tuple[str, ...] = ()
    best, found = 0, 0
    for number, line in enumerate(content.decode("utf-8").splitlines(), 1):
        header = re.match(r"\s*\[+([^\[\]]+)\]", line)
        key = re.match(r"\s*([\w\s.\"'-]+?)\s*=", line)
        table = _keys(header[1]) if header else table
        here = table if header else (*table, *_keys(key[1])) if key else ()
        if len(here) > best and path[: len(here)] == here:
            best, found = len(here), number
    return f"{file} line {found}" if found else f"{file} or the environment"


def _keys(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
