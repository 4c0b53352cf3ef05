"""The way to a server on which small packets leave together.

asyncssh hands each packet to the system by itself, and two for each request. With many requests under way most of the
time would go into that, here and at the server; so what is written in one turn of the loop is sent in one piece.
"""

import asyncio
from collections.abc import Callable
from typing import Any

_BYTES_MAX = 256 * 1024


class Tunnel:
    """A tunnel as `asyncssh.connect` takes one: it is asked to open the connection."""

    async def create_connection(
        self, made: Callable[..., Any], host: str, port: int
    ) -> tuple[asyncio.BaseTransport, Any]:
        """Connects, and hands what comes to a protocol that is made for it."""
        protocol = made()
        transport, _ = await asyncio.get_running_loop().create_connection(lambda: _Between(protocol), host, port)
        return transport, protocol


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


class _Corked:
    """A transport whose writes wait for the end of the turn."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
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
        self._transport.close()

    def abort(self) -> None:
        self._written = []
        self._transport.abort()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def _send(self) -> None:
        if self._written:
            written, self._written, self._size = self._written, [], 0
            self._transport.write(b"".join(written))
