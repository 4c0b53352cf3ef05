"""The way to a server on which small packets leave together.

asyncssh hands each packet to the system by itself, and makes two of each request. With many requests under way most of
the time would go into that, here and at the server; so the requests of one turn of the loop are sealed in one packet,
and what is written in one turn is sent in one piece.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

import asyncssh

_BYTES_MAX = 256 * 1024
_READ_BYTES = 128 * 1024


class Tunnel:
    """A tunnel as `asyncssh.connect` takes one: it is asked to open the connection."""

    async def create_connection(
        self, made: Callable[..., Any], host: str, port: int
    ) -> tuple[asyncio.BaseTransport, Any]:
        """Connects, and hands what comes to a protocol that is made for it."""
        protocol = made()
        transport, _ = await asyncio.get_running_loop().create_connection(lambda: _Between(protocol), host, port)
        return transport, protocol


async def sftp_client(
    connection: asyncssh.SSHClientConnection, heard: Callable[[], None] = lambda: None
) -> asyncssh.SFTPClient:
    """An SFTP client whose names are bytes, and whose requests of one turn leave in one packet.

    `heard` is called whenever something of an answer has come. Raises `OSError` and `asyncssh.Error`.
    """
    gathering = cast(asyncssh.SSHClientConnection, _Gathering(connection, heard))
    return await asyncssh.SSHClientConnection.start_sftp_client(gathering, path_encoding=None)


class _Between(asyncio.Protocol):
    """Hands everything on; only the transport that the protocol gets is another."""

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._protocol.connection_made(_Corked(transport))

    def data_received(self, data: bytes) -> None:
        self._protocol.data_received(data)

    def eof_received(self) -> Any:
        return self._protocol.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._protocol.connection_lost(exc)

    def pause_writing(self) -> None:
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        self._protocol.resume_writing()


class _Gathering:
    """A connection whose sessions gather what is written and read."""

    def __init__(self, connection: Any, heard: Callable[[], None]) -> None:
        self._connection = connection
        self._heard = heard

    async def open_session(self, *asked: Any, **options: Any) -> tuple[Any, Any, Any]:
        writer, reader, errors = await self._connection.open_session(*asked, **options)
        return _Corked(writer), _Ahead(reader, self._heard), errors

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


class _Corked:
    """A transport, or a session's writer, whose writes wait for the end of the turn."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._loop = asyncio.get_running_loop()
        self._written: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> None:
        if not self._written:
            self._loop.call_soon(self._send)
        self._written.append(data)
        self._size += len(data)
        if self._size > _BYTES_MAX:
            self._send()

    def close(self) -> None:
        self._send()
        self._inner.close()

    def abort(self) -> None:
        self._written, self._size = [], 0
        self._inner.abort()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def _send(self) -> None:
        if self._written:
            written, self._written, self._size = self._written, [], 0
            # Whoever has asked for something on a channel that was closed meanwhile learns it from its end.
            with suppress(BrokenPipeError):
                self._inner.write(b"".join(written))


class _Ahead:
    """A session's reader that takes all there is at once."""

    def __init__(self, reader: Any, heard: Callable[[], None]) -> None:
        self._reader = reader
        self._heard = heard
        self._came = b""
        self._at = 0

    async def readexactly(self, size: int) -> bytes:
        """So many bytes. Raises `asyncio.IncompleteReadError` when the session ends before."""
        while len(self._came) - self._at < size:
            more = await self._reader.read(_READ_BYTES)
            if not more:
                raise asyncio.IncompleteReadError(self._came[self._at :], size)
            self._heard()
            self._came, self._at = self._came[self._at :] + more, 0
        start, self._at = self._at, self._at + size
        return self._came[start : self._at]

    @property
    def logger(self) -> Any:
        """What whoever reads here logs to: nothing, where nobody would see it."""
        logger = self._reader.logger
        return logger if logger.isEnabledFor(logging.DEBUG) else _Muted(logger)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)


class _Muted:
    """A logger without its debug lines, which asyncssh words before it looks whether anybody reads them."""

    def __init__(self, logger: Any) -> None:
        self._logger = logger

    def get_child(self, *asked: Any, **options: Any) -> "_Muted":
        return _Muted(self._logger.get_child(*asked, **options))

    def debug1(self, *said: Any, **options: Any) -> None:
        """Nothing."""

    debug2 = packet = debug1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._logger, name)
