"""Small packets leave together, in order, and none is kept back."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from edi_gateway.demo.server import MailboxServer
from edi_gateway.transports._corked import Tunnel, _Corked, sftp_client

CHANNEL_DATA = 94

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
        inner = transport._inner
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


class Inner:
    """Remembers what is written to it."""

    def __init__(self) -> None:
        self.sends: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.sends.append(data)

    def abort(self) -> None:
        """Nothing."""


def test_what_was_dropped_does_not_count_for_what_comes_after() -> None:
    async def written() -> list[bytes]:
        inner = Inner()
        corked = _Corked(inner)
        for _ in range(3):
            corked.write(b"x" * 200_000)
            corked.abort()
        for piece in (b"one", b"two"):
            corked.write(piece)
        await asyncio.sleep(0)
        return inner.sends

    assert asyncio.run(written()) == [b"onetwo"]


def ask(
    root: Path, steps: Callable[[asyncssh.SSHClientConnection, asyncssh.SFTPClient], Coroutine[Any, Any, list[Any]]]
) -> tuple[list[Any], int]:
    """What a client of a server with one file sees, and in how many packets its requests left."""

    async def conversation(server: MailboxServer) -> tuple[list[Any], int]:
        key = asyncssh.import_public_key(server.host_key)
        async with asyncssh.connect(
            server.host, server.port, username="acme", password="one", known_hosts=([key], [], []), config=None,
            client_keys=None,
        ) as connection:
            client = await sftp_client(connection)
            sent: list[int] = []
            send = connection.send_packet

            def counted(kind: int, *parts: bytes, **options: Any) -> None:
                sent.append(kind)
                send(kind, *parts, **options)

            connection.send_packet = counted  # type: ignore[method-assign,assignment]
            return await steps(connection, client), sent.count(CHANNEL_DATA)

    with MailboxServer(root / "users", {"acme": "one"}, host_key_seed="7") as server:
        (server.folder("acme") / "order.edi").write_bytes(b"ISA")
        return asyncio.run(conversation(server))


async def a_hundred_looks(_: asyncssh.SSHClientConnection, client: asyncssh.SFTPClient) -> list[Any]:
    return [seen.size for seen in await asyncio.gather(*(client.stat(b"/order.edi") for _ in range(100)))]


def test_the_requests_of_one_turn_leave_in_one_packet_and_each_is_answered(tmp_path: Path) -> None:
    assert ask(tmp_path, a_hundred_looks) == ([3] * 100, 1)


def test_whoever_asks_on_a_connection_that_is_cut_is_told(tmp_path: Path) -> None:
    async def cut(connection: asyncssh.SSHClientConnection, client: asyncssh.SFTPClient) -> list[Any]:
        asked = [asyncio.ensure_future(client.stat(b"/order.edi")) for _ in range(3)]
        await asyncio.sleep(0)
        connection.abort()
        return [type(one) for one in await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), 10)]

    told, _ = ask(tmp_path, cut)
    assert len(told) == 3
    assert all(issubclass(one, asyncssh.SFTPError | OSError) for one in told)


def test_the_librarys_debug_lines_are_worded_only_for_those_who_read_them(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "asyncssh"):
        ask(tmp_path / "read", a_hundred_looks)
    assert sum("Sending stat for /order.edi" in line for line in caplog.messages) == 100
    caplog.clear()
    with caplog.at_level(logging.WARNING, "asyncssh"):
        ask(tmp_path / "unread", a_hundred_looks)
    assert caplog.messages == []
