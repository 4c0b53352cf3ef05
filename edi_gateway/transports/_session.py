"""One SFTP session at a time with a partner's server, made anew when it was cut."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import asyncssh

from edi_gateway.issues import GatewayError, exchange
from edi_gateway.transports import _corked, _ssh

Result = TypeVar("Result")
Client = asyncssh.SFTPClient

LOST = (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection, asyncssh.DisconnectError, OSError)

RECONNECTS_MAX = 8


class TooLateError(OSError):
    """A step took too long, and the connection was cut for it."""


class Session:
    """The session is opened by the first step and closed by `close`.

    A server that answers nothing at all for `timeout_seconds` while something is asked is hung up on, and so is one
    that answers, but so slowly that a step takes longer than `seconds_per_file_max`.
    A failure to connect is remembered until `begin`, so that a thousand files wait for it once.
    """

    def __init__(self, login: _ssh.Login) -> None:
        self._login = login
        self._connection: asyncssh.SSHClientConnection | None = None
        self._client: Client | None = None
        self._connecting = asyncio.Lock()
        self._alone = asyncio.Lock()
        self._watch: asyncio.Task[None] | None = None
        self.remark: GatewayError | None = None
        self._down: GatewayError | None = None
        self._connects = 0
        self._asked = 0
        self._heard_at = 0.0
        self._silent = False

    @property
    def is_openssh(self) -> bool:
        """Whether the server that we are connected with says that it is OpenSSH's."""
        said = "" if self._connection is None else self._connection.get_extra_info("server_version", "")
        return "OpenSSH" in said

    def begin(self) -> None:
        """Forgets earlier failures to connect."""
        self._down = None
        self._connects = 0

    async def call(self) -> None:
        """Only logs in. Raises as `once` does."""

        async def nothing(client: Client) -> None:
            return None

        await self.once(nothing)

    async def steadily(self, step: Callable[[Client], Awaitable[Result]]) -> Result:
        """Takes a step that may be repeated.

        When the connection is cut under it, it is taken once more, with no other repeated step beside it: a file on
        which the server hangs up then fails alone. A step that was too slow is not repeated. Raises
        `exchange.cut-off` or as `connect` does.
        """
        try:
            return await self.attempt(step)
        except TooLateError as error:
            raise self._cut_off(error) from error
        except LOST:
            async with self._alone:
                return await self.once(step)

    async def once(self, step: Callable[[Client], Awaitable[Result]]) -> Result:
        """Takes a step. Raises `exchange.cut-off` when the connection is lost under it, or as `connect` does."""
        try:
            return await self.attempt(step)
        except LOST as error:
            raise self._cut_off(error) from error

    async def attempt(self, step: Callable[[Client], Awaitable[Result]]) -> Result:
        """Takes a step. Raises one of `LOST` when the connection is lost under it, or as `connect` does.

        One that is not done after `seconds_per_file_max` ends in the same way, as `TooLateError`.
        """
        client = await self._open()
        late = asyncio.Event()
        seconds = self._login.seconds_per_file_max
        end = asyncio.get_running_loop().call_later(seconds, self._end, client, late)
        try:
            return await step(client)
        except LOST as error:
            self._drop(client)
            if late.is_set():
                raise TooLateError(f"not done after {seconds:g} s") from error
            raise
        finally:
            end.cancel()

    def _cut_off(self, error: BaseException) -> GatewayError:
        silent = self._silent and not isinstance(error, TooLateError)
        said = f"no answer for {self._login.timeout_seconds:g} s" if silent else _ssh.words(error)
        return exchange.CUT_OFF.error(f"{self._login.host}: {said}", host=self._login.host)

    async def asked(self, request: Awaitable[Result]) -> Result:
        """Awaits what was asked for, while which each piece of any answer is a sign of life.

        A large file is many requests and one answer here, and over a slow line it may take its time.
        """
        if not self._asked:
            self._hear()
        self._asked += 1
        try:
            return await request
        finally:
            self._asked -= 1

    async def close(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        if self._connection is not None:
            self._connection.close()
            with suppress(OSError, asyncssh.Error, TimeoutError):
                async with asyncio.timeout(min(2.0, self._login.timeout_seconds)):
                    await self._connection.wait_closed()
            self._connection.abort()
        self._connection = self._client = None

    async def _open(self) -> Client:
        async with self._connecting:
            if self._client is not None:
                return self._client
            if self._down is not None:
                raise self._down
            try:
                self._client = await self._connect()
            except GatewayError as error:
                self._down = error
                raise
            return self._client

    async def _connect(self) -> Client:
        if self._connects > RECONNECTS_MAX:
            note = f"{self._login.host} hung up {self._connects} times; no more is asked in this round"
            raise exchange.CUT_OFF.error(note, host=self._login.host)
        self._connects += 1
        self._connection = await _ssh.connect(self._login)
        self.remark = _ssh.announced(self._login, self._connection)
        try:
            async with asyncio.timeout(self._login.timeout_seconds):
                client = await _corked.sftp_client(self._connection, self._hear)
        except (OSError, asyncssh.Error) as error:
            lost = self._connection.is_closed()
            self._connection.abort()
            if lost:
                raise asyncssh.SFTPConnectionLost(_ssh.words(error)) from error
            raise _ssh.refused_subsystem(self._login, error) from error
        self._silent = False
        self._watch = self._watch or asyncio.create_task(self._listen_for_silence())
        return client

    def _end(self, client: Client, late: asyncio.Event) -> None:
        """Hangs up on a server that answers drop by drop: whatever waits for it ends then."""
        late.set()
        self._drop(client)

    def _drop(self, client: Client) -> None:
        if client is self._client and self._connection is not None:
            self._connection.abort()
            self._connection = self._client = None

    def _hear(self) -> None:
        self._heard_at = _now()

    async def _listen_for_silence(self) -> None:
        timeout = self._login.timeout_seconds
        while True:
            await asyncio.sleep(timeout / 4)
            if self._asked and self._connection and _now() - self._heard_at > timeout:
                self._silent = True
                self._connection.abort()


def _now() -> float:
    return asyncio.get_running_loop().time()
