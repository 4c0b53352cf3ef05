"""Logging in to a partner's SSH server, with the keys and names the channel pins and nothing else."""

import asyncio
from pathlib import Path
from typing import Self

import asyncssh
from cryptography.exceptions import UnsupportedAlgorithm
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from edi_gateway.issues import GatewayError, exchange
from edi_gateway.transports import _algorithms, _corked

_WORDS_MAX = 300
_ASKED_AGAIN = 3


class Login(BaseModel):
    """Where to log in and how.

    `host_keys` are lines such as `ssh-ed25519 AAAA…`; a server that shows none of them is not talked to.
    `next_host_key` is one that the partner has announced: it is taken as well, and told when it is shown.
    `legacy_algorithms` names what is no longer trusted and this one partner still needs, such as
    `diffie-hellman-group14-sha1` or `ssh-rsa`. No agent, no configuration and no keys of the user who
    runs the gateway are used.
    `timeout_seconds` is how long logging in may take, and how long the server may answer nothing at all;
    `seconds_per_file_max` is how long a whole step may take: listing a folder, fetching, moving or delivering a file.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(min_length=1)
    port: int = Field(22, ge=1, le=65535)
    user: str = Field(min_length=1)
    password: SecretStr | None = None
    key_file: Path | None = None
    passphrase: SecretStr | None = None
    host_keys: tuple[str, ...] = ()
    next_host_key: str | None = None
    legacy_algorithms: tuple[str, ...] = ()
    timeout_seconds: float = Field(30, gt=0)
    seconds_per_file_max: float = Field(3600, gt=0)

    @field_validator("host_keys")
    @classmethod
    def _host_keys_can_be_read(cls, lines: tuple[str, ...]) -> tuple[str, ...]:
        for line in lines:
            _check_key(line)
        return lines

    @field_validator("next_host_key")
    @classmethod
    def _next_host_key_can_be_read(cls, line: str | None) -> str | None:
        if line is not None:
            _check_key(line)
        return line

    @field_validator("legacy_algorithms")
    @classmethod
    def _algorithms_are_known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in _algorithms.known():
                raise ValueError(f"{name!r} is no algorithm known here")
        return names

    @model_validator(mode="after")
    def _there_is_a_way_in(self) -> Self:
        if self.password is None and self.key_file is None:
            raise ValueError("a password or a key_file is needed")
        if self.host_keys and not _pinned_algorithms(self):
            raise ValueError("host_keys: no key of a kind that is trusted without legacy_algorithms")
        return self

    def __str__(self) -> str:
        return f"{self.user}@{self.host}:{self.port}"


def announced(login: Login, connection: asyncssh.SSHClientConnection) -> GatewayError | None:
    """The remark that a server shows the key which was announced for it, and no longer one of those pinned."""
    shown = connection.get_server_host_key()
    if shown is None or login.next_host_key is None or shown in _keys(login.host_keys):
        return None
    note = f"{login.host}:{login.port} shows {shown.get_fingerprint()}, which is next_host_key"
    return exchange.HOST_KEY_NEXT.error(note, host=login.host)


async def connect(login: Login) -> asyncssh.SSHClientConnection:
    """Logs in.

    Raises `exchange.unreachable`, `exchange.host-key-unpinned`, `exchange.host-key-changed`,
    `exchange.no-common-algorithm`, `exchange.key-unreadable` or `exchange.login-refused`.
    """
    if not login.host_keys:
        shows = await _shown_host_key(login)
        raise exchange.HOST_KEY_UNPINNED.error(f"{login.host}:{login.port} shows {shows}", host=login.host)
    try:
        async with asyncio.timeout(login.timeout_seconds):
            return await _logged_in(login, _own_key(login))
    except asyncssh.HostKeyNotVerifiable as error:
        raise await _host_key_changed(login) from error
    except asyncssh.KeyExchangeFailed as error:
        raise _no_common_algorithm(login, words(error)) from error
    except asyncssh.PermissionDenied as error:
        note = f"{login} was refused: {words(error)}"
        raise exchange.LOGIN_REFUSED.error(note, host=login.host) from error
    except (asyncssh.ConnectionLost, ConnectionResetError, ConnectionAbortedError, BrokenPipeError) as error:
        raise await _hung_up(login, error) from error
    except (OSError, asyncssh.Error, ValueError, UnsupportedAlgorithm) as error:
        raise _unreachable(login, error) from error


def words(error: BaseException) -> str:
    """What a server or the network said, as one harmless line."""
    text = str(error) or type(error).__name__
    return "".join(character if character.isprintable() else " " for character in text)[:_WORDS_MAX]


async def _logged_in(login: Login, own_key: asyncssh.SSHKey | None) -> asyncssh.SSHClientConnection:
    legacy = login.legacy_algorithms
    return await asyncssh.connect(
        login.host,
        login.port,
        tunnel=_corked.Tunnel(),
        username=login.user,
        password=login.password.get_secret_value() if login.password else None,
        client_keys=[own_key] if own_key else None,
        known_hosts=(_pinned(login), [], []),
        server_host_key_algs=_host_key_algorithms(login),
        config=None,
        agent_path=None,
        x509_trusted_certs=None,
        gss_host=None,
        connect_timeout=login.timeout_seconds,
        login_timeout=login.timeout_seconds,
        kex_algs=_algorithms.taken("kex", legacy),
        encryption_algs=_algorithms.taken("encryption", legacy),
        mac_algs=_algorithms.taken("mac", legacy),
        signature_algs=_algorithms.taken("signature", legacy),
    )


def _host_key_algorithms(login: Login) -> list[str]:
    """The ways in which the server may prove a key: those of the pinned keys first.

    The others are offered too, so that a server with another kind of key shows it and can be told from one
    that is down; showing it lets nobody in.
    """
    return list(dict.fromkeys((*_pinned_algorithms(login), *_algorithms.taken("signature", login.legacy_algorithms))))


def _pinned_algorithms(login: Login) -> list[str]:
    allowed = _algorithms.taken("signature", login.legacy_algorithms)
    return [name.decode() for key in _pinned(login) for name in key.sig_algorithms if name.decode() in allowed]


def _pinned(login: Login) -> list[asyncssh.SSHKey]:
    return _keys((*login.host_keys, login.next_host_key) if login.next_host_key else login.host_keys)


def _keys(lines: tuple[str, ...]) -> list[asyncssh.SSHKey]:
    return [asyncssh.import_public_key(line) for line in lines]


def _check_key(line: str) -> None:
    try:
        asyncssh.import_public_key(line)
    except asyncssh.KeyImportError as error:
        raise ValueError(f"{line[:40]!r} is not a public key such as 'ssh-ed25519 AAAA…'") from error


def _own_key(login: Login) -> asyncssh.SSHKey | None:
    if login.key_file is None:
        return None
    passphrase = login.passphrase.get_secret_value() if login.passphrase else None
    try:
        return asyncssh.read_private_key(login.key_file, passphrase)
    except (OSError, asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise exchange.KEY_UNREADABLE.error(f"{login.key_file}: {words(error)}", host=login.host) from error


async def _host_key_changed(login: Login) -> GatewayError:
    shows = await _shown_host_key(login)
    pinned = ", ".join(key.get_fingerprint() for key in _pinned(login))
    note = f"{login.host}:{login.port} shows {shows}; pinned is {pinned}"
    return exchange.HOST_KEY_CHANGED.error(note, host=login.host)


async def _hung_up(login: Login, error: Exception) -> GatewayError:
    """Why a server hung up before we were let in.

    One that has no algorithm in common with us often hangs up faster than we can read what it has, so it is
    asked for its host key again; and one whose host key can only be proved in ways we do not trust says
    nothing at all, so it is asked in those ways last.
    """
    for ways in (*[_host_key_algorithms(login)] * _ASKED_AGAIN, list(_algorithms.OLD_SIGNATURES)):
        try:
            await _shown_host_key(login, ways)
        except GatewayError as fault:
            if fault.kind is exchange.NO_COMMON_ALGORITHM:
                return fault
        else:
            if ways == list(_algorithms.OLD_SIGNATURES):
                return _no_common_algorithm(login, f"its host key is proved only by {' or '.join(ways)}")
            break
    return _unreachable(login, error)


async def _shown_host_key(login: Login, ways: list[str] | None = None) -> str:
    """The key a server shows, for a person to compare and to pin: its fingerprint and its line."""
    legacy = login.legacy_algorithms
    options = asyncssh.SSHClientConnectionOptions(
        config=None, client_keys=None, agent_path=None, encryption_algs=_algorithms.taken("encryption", legacy),
        mac_algs=_algorithms.taken("mac", legacy),
    )
    try:
        async with asyncio.timeout(login.timeout_seconds):
            key = await asyncssh.get_server_host_key(
                login.host, login.port, config=None, kex_algs=_algorithms.taken("kex", legacy),
                server_host_key_algs=ways or _host_key_algorithms(login), options=options,
            )
    except asyncssh.KeyExchangeFailed as error:
        raise _no_common_algorithm(login, words(error)) from error
    except (OSError, asyncssh.Error, ValueError, UnsupportedAlgorithm) as error:
        raise _unreachable(login, error) from error
    if key is None:
        return "no key"
    line = b" ".join(key.export_public_key("openssh").split()[:2]).decode()
    return f'{key.get_fingerprint()}, to be pinned as "{line}"'


def _no_common_algorithm(login: Login, said: str) -> GatewayError:
    return exchange.NO_COMMON_ALGORITHM.error(f"{login.host}:{login.port}: {said}", host=login.host)


def _unreachable(login: Login, error: BaseException) -> GatewayError:
    said = f"no answer within {login.timeout_seconds:g} s" if isinstance(error, TimeoutError) else words(error)
    return exchange.UNREACHABLE.error(f"{login.host}:{login.port}: {said}", host=login.host)


def refused_subsystem(login: Login, error: BaseException) -> GatewayError:
    """The fault of a server that lets us in and offers no SFTP, or has not said within its time whether it does."""
    if isinstance(error, TimeoutError):
        return _unreachable(login, error)
    return exchange.REFUSED.error(f"{login} may log in but not use SFTP: {words(error)}", host=login.host)

