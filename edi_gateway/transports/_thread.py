"""A private thread that owns sockets, so that their users may be written top to bottom."""

import asyncio
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from concurrent.futures import Future
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class SocketThread:
    """An asyncio loop on a thread of its own, started by the first call and ended by `stop`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        return self._loop is not None

    def run(self, call: Coroutine[Any, Any, Result]) -> Result:
        """Runs one call on the thread and returns or raises what it does."""
        future = self._start(call)
        try:
            return future.result()
        finally:
            future.cancel()

    def each(
        self,
        items: Iterable[Item],
        work: Callable[[Item], Coroutine[Any, Any, Result]],
        *,
        in_flight: int,
        weight: Callable[[Item], int] = lambda item: 0,
        weight_max: int = 1,
    ) -> Iterator[Result]:
        """The results of `work` for each item, in the order of the items, some of them under way at a time.

        No more are begun than `in_flight`, nor than weigh `weight_max` together, unless one alone weighs
        more. What is under way when the caller stops listening is cancelled.
        """
        waiting = deque(items)
        flying: deque[tuple[Future[Result], int]] = deque()
        load = 0
        try:
            while waiting or flying:
                while waiting and len(flying) < in_flight and (not flying or load + weight(waiting[0]) <= weight_max):
                    item = waiting.popleft()
                    flying.append((self._start(work(item)), weight(item)))
                    load += weight(item)
                future, carried = flying.popleft()
                result = future.result()
                load -= carried
                yield result
        finally:
            for future, _ in flying:
                future.cancel()

    def stop(self, farewell: Callable[[], Awaitable[None]] | None = None) -> None:
        """Ends the thread after the farewell; whatever is still under way is cancelled."""
        if self._loop is None or self._thread is None:
            return
        try:
            self.run(_end(farewell))
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self._loop = self._thread = None

    def _start(self, call: Coroutine[Any, Any, Result]) -> Future[Result]:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name=self._name, daemon=True)
            self._thread.start()
        return asyncio.run_coroutine_threadsafe(call, self._loop)


async def _end(farewell: Callable[[], Awaitable[None]] | None) -> None:
    if farewell is not None:
        await farewell()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_asyncgens()
