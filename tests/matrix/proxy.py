"""A line between us and a server that can be cut after so many bytes, slowed, delayed or silenced."""

import select
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

_PIECE_BYTES = 16 * 1024


class Proxy:
    """Listens on a port of its own and passes on what it hears.

    `up_bytes_max` and `down_bytes_max`: so many bytes to the server, and from it, and the connection is cut as by a
    broken network. `bytes_per_second` holds each way back, `latency_seconds` delays it; `silent` passes nothing on.
    All may be changed while it runs; a connection goes by what they are at the moment.
    """

    def __init__(self, port: int) -> None:
        self._server = ("127.0.0.1", port)
        self.up_bytes_max: int | None = None
        self.down_bytes_max: int | None = None
        self.bytes_per_second: float | None = None
        self.latency_seconds = 0.0
        self.silent = False
        self.cuts = 0
        self._ended = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.1)
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        self._begin(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _begin(self, work: Callable[..., None], *arguments: socket.socket) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._ended.is_set():
            with suppress(OSError):
                client, _ = self._listener.accept()
                self._begin(self._connect, client)

    def _connect(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(self._server, 5)
        except OSError:
            _cut(client)
            return
        gone = threading.Event()
        ways = [
            threading.Thread(target=self._pass_on, args=(*way, gone), daemon=True)
            for way in ((client, server, "up_bytes_max"), (server, client, "down_bytes_max"))
        ]
        for way in ways:
            way.start()
        for way in ways:
            way.join()
        for end in (client, server):
            _cut(end)

    def _pass_on(self, source: socket.socket, sink: socket.socket, limit: str, gone: threading.Event) -> None:
        """One way, until an end hangs up or the line is cut; a piece goes out when its time has come."""
        on_the_way: deque[tuple[float, bytes]] = deque()
        passed = 0
        with suppress(OSError):
            while not gone.is_set() and not self._ended.is_set():
                if self.silent:
                    time.sleep(0.02)
                    continue
                if select.select([source], [], [], 0 if on_the_way else 0.02)[0]:
                    piece = source.recv(_PIECE_BYTES)
                    if not piece:
                        break
                    on_the_way.append((time.monotonic() + self.latency_seconds, piece))
                while on_the_way and on_the_way[0][0] <= time.monotonic():
                    piece = on_the_way.popleft()[1]
                    most = getattr(self, limit)
                    short = most is not None and passed + len(piece) > most
                    piece = piece[: max(0, most - passed)] if short else piece
                    sink.sendall(piece)
                    passed += len(piece)
                    if short:
                        self.cuts += 1
                        gone.set()
                        return
                    if self.bytes_per_second:
                        time.sleep(len(piece) / self.bytes_per_second)
                if on_the_way:
                    time.sleep(0.001)
        gone.set()


def _cut(end: socket.socket) -> None:
    """Hangs up without a word."""
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.close()
