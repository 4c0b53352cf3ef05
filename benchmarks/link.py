"""A link to a server on which everything arrives late, however much is under way."""

import asyncio
import contextlib
import threading
from types import TracebackType
from typing import Self

_BLOCK_BYTES = 256 * 1024


class Link:
    """A port on the loopback that leads to a server; a question and its answer together take `seconds` longer."""

    def __init__(self, host: str, port: int, seconds: float) -> None:
        self._host, self._to, self._half = host, port, seconds / 2
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._ends: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []

    def __enter__(self) -> Self:
        self._thread.start()
        opened = asyncio.start_server(self._joined, self._host, 0)
        self._server = asyncio.run_coroutine_threadsafe(opened, self._loop).result()
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        for end in self._ends:
            end.cancel()
        await asyncio.gather(*self._ends, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, questions = await asyncio.open_connection(self._host, self._to)
        self._writers += [questions, writer]
        for pair in ((reader, questions), (answers, writer)):
            end = self._loop.create_task(self._carry(*pair))
            self._ends.add(end)
            end.add_done_callback(self._ends.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hands every block on when its time has come, and the end behind the last."""
        with contextlib.suppress(OSError):
            while block := await reader.read(_BLOCK_BYTES):
                self._loop.call_later(self._half, writer.write, block)
        self._loop.call_later(self._half, writer.close)
