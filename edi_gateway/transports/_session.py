"""One SFTP session at a time with a partner's server, made anew when it was cut."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import asyncssh

from edi_gateway.issues import GatewayError, exchange
from edi_gateway.transports import _ssh

Result = TypeVar("Result")
Client = asyncssh.SFTPClient

LOST = (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection, asyncssh.DisconnectError, OSError)

RECONNECTS_MAX = 8


class Session:
    """The session is opened by the first step and closed by `close`.

    A server that answers nothing at all for `timeout_seconds` while something is asked is hung up on.
    A failure to connect is remembered until `begin`, so that a thousand files wait for it once.
    """

    def __init__(self, login: _ssh.Login) -> None:
        self._login = login
        self._connection: asyncssh.SSHClientConnection | None = None
        self._client: Client | None = None
        self._connecting = asyncio.Lock()
        self._alone = asyncio.Lock()
        self._watch: asyncio.Task[None] | None = None
        self._down: GatewayError | None = None
        self._connects = 0
        self._asked = 0
        self._answered_at = 0.0
        self._silent = False

    def begin(self) -> None:
        """Forgets earlier failures to connect."""
        self._down = None
        self._connects = 0

    async def steadily(self, step: Callable[[Client], Awaitable[Result]]) -> Result:
        """Takes a step that may be repeated.

        When the connection is cut under it, it is taken once more, with no other repeated step beside it:
        a file on which the server hangs up then fails alone. Raises `exchange.cut-off` or as `connect` does.
        """
        try:
            return await self.attempt(step)
        except LOST:
            async with self._alone:
                return await self.once(step)

    async def once(self, step: Callable[[Client], Awaitable[Result]]) -> Result:
        """Takes a step. Raises `exchange.cut-off` when the connection is lost under it, or as `connect` does."""
        try:
            return await self.attempt(step)
        except LOST as error:
            said = f"no answer for {self._login.timeout_seconds:g} s" if self._silent else _ssh.words(error)
            raise exchange.CUT_OFF.error(f"{self._login.host}: {said}", host=self._login.host) from error

    async def attempt(self, step: Callable[[Client], Awaitable[Result]]) -> Result:
        """Takes a step. Raises one of `LOST` when the connection is lost under it, or as `connect` does."""
        client = await self._open()
        try:
            return await step(client)
        except LOST:
            self._drop(client)
            raise

    async def asked(self, request: Awaitable[Result]) -> Result:
        """Awaits the answer to one request, and takes it as a sign of life."""
        if not self._asked:
            self._answered_at = _now()
        self._asked += 1
        try:
            return await request
        finally:
            self._asked -= 1
            self._answered_at = _now()

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
        try:
            async with asyncio.timeout(self._login.timeout_seconds):
                client = await self._connection.start_sftp_client(path_encoding=None)
        except (OSError, asyncssh.Error) as error:
            self._connection.abort()
            raise _ssh.refused_subsystem(self._login, error) from error
        self._silent = False
        self._watch = self._watch or asyncio.create_task(self._listen_for_silence())
        return client

    def _drop(self, client: Client) -> None:
        if client is self._client and self._connection is not None:
            self._connection.abort()
            self._connection = self._client = None

    async def _listen_for_silence(self) -> None:
        timeout = self._login.timeout_seconds
        while True:
            await asyncio.sleep(timeout / 4)
            if self._asked and self._connection and _now() - self._answered_at > timeout:
                self._silent = True
                self._connection.abort()


def _now() -> float:
    return asyncio.get_running_loop().time()
