"""Small packets leave together, in order, and none is kept back."""

import asyncio
from typing import Any

import pytest

from edi_gateway.transports._corked import Tunnel

PIECES = [bytes([65 + number % 26]) * (number % 7 + 1) for number in range(300)]
LARGE = b"x" * 1_000_000


class Writer(asyncio.Protocol):
    """Writes its pieces as soon as it is connected, and ends in one way or the other."""

    def __init__(self, pieces: list[bytes], end: str) -> None:
        self._pieces = pieces
        self._end = end
        self.sends: list[int] = []
        self.came = b""
        self.lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        inner = transport._transport
        self._count(inner)
        for piece in self._pieces:
            transport.write(piece)
        if self._end == "close":
            transport.close()
        elif self._end == "abort":
            transport.abort()

    def data_received(self, data: bytes) -> None:
        self.came += data

    def eof_received(self) -> bool | None:
        return None

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.set_result(None)

    def _count(self, inner: Any) -> None:
        write = inner.write

        def counted(data: bytes) -> None:
            self.sends.append(len(data))
            write(data)

        inner.write = counted


def talk(pieces: list[bytes], end: str = "") -> tuple[bytes, list[int], bytes]:
    """What a server reads of the pieces until `quit`, in how many sends they left, and what came of its answer."""

    async def conversation() -> tuple[bytes, list[int], bytes]:
        read: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            length = sum(map(len, pieces))
            try:
                read.set_result(await reader.readexactly(length))
                writer.write(b"answer")
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                read.set_result(getattr(error, "partial", b""))
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1")
        port = server.sockets[0].getsockname()[1]
        _, protocol = await Tunnel().create_connection(lambda: Writer(pieces, end), "127.0.0.1", port)
        told = await asyncio.wait_for(read, 10)
        await asyncio.wait_for(protocol.lost, 10)
        server.close()
        return told, protocol.sends, protocol.came

    return asyncio.run(conversation())


def test_what_is_written_in_one_turn_leaves_in_one_piece_and_the_answer_comes() -> None:
    told, sends, came = talk(PIECES)
    assert (told, sends, came) == (b"".join(PIECES), [len(told)], b"answer")


def test_what_is_large_does_not_gather_without_end() -> None:
    told, sends, _ = talk([LARGE, b"end", LARGE])
    assert (told, len(sends)) == (LARGE + b"end" + LARGE, 2)


@pytest.mark.parametrize(("end", "expected"), [("close", b"".join(PIECES)), ("abort", b"")])
def test_closing_sends_what_was_written_and_aborting_does_not(end: str, expected: bytes) -> None:
    assert talk(PIECES, end)[0] == expected


def test_where_nobody_listens_the_system_says_so() -> None:
    async def nobody() -> None:
        server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1")
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        await Tunnel().create_connection(lambda: Writer([], ""), "127.0.0.1", port)

    with pytest.raises(ConnectionRefusedError):
        asyncio.run(nobody())
