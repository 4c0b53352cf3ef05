"""A private thread that owns sockets, so that their users may be written top to bottom."""

import asyncio
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Sequence
from concurrent.futures import Future
from functools import partial
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
        under_way: set[asyncio.Task[Result]] = set()
        load = 0
        try:
            while waiting or flying:
                begun: list[tuple[Coroutine[Any, Any, Result], Future[Result]]] = []
                while waiting and len(flying) < in_flight and (not flying or load + weight(waiting[0]) <= weight_max):
                    item = waiting.popleft()
                    begun.append((work(item), Future()))
                    flying.append((begun[-1][1], weight(item)))
                    load += weight(item)
                self._begin(begun, under_way)
                # Each change of threads takes a while, so all that is done by now is handed on at once.
                flying[0][0].exception()
                while flying and flying[0][0].done():
                    future, carried = flying.popleft()
                    result = future.result()
                    load -= carried
                    yield result
        finally:
            if flying and self._loop is not None:
                self._loop.call_soon_threadsafe(_cancel, under_way)

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

    def _begin(
        self, calls: Sequence[tuple[Coroutine[Any, Any, Result], Future[Result]]], under_way: set[asyncio.Task[Result]]
    ) -> None:
        """Begins some calls on the thread, all at once, each with the future that tells what comes of it."""
        if calls:
            loop = self._running()
            loop.call_soon_threadsafe(_run_all, loop, calls, under_way)

    def _start(self, call: Coroutine[Any, Any, Result]) -> Future[Result]:
        return asyncio.run_coroutine_threadsafe(call, self._running())

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name=self._name, daemon=True)
            self._thread.start()
        return self._loop


def _run_all(
    loop: asyncio.AbstractEventLoop, calls: Sequence[tuple[Coroutine[Any, Any, Result], Future[Result]]],
    under_way: set[asyncio.Task[Result]],
) -> None:
    for call, future in calls:
        task = loop.create_task(call)
        under_way.add(task)
        task.add_done_callback(partial(_tell, future, under_way))


def _tell(future: Future[Result], under_way: set[asyncio.Task[Result]], task: asyncio.Task[Result]) -> None:
    """Lets whoever waits for the future know what came of the task."""
    under_way.discard(task)
    if task.cancelled():
        future.cancel()
    elif (error := task.exception()) is not None:
        future.set_exception(error)
    else:
        future.set_result(task.result())


def _cancel(under_way: set[asyncio.Task[Any]]) -> None:
    for task in under_way:
        task.cancel()


async def _end(farewell: Callable[[], Awaitable[None]] | None) -> None:
    if farewell is not None:
        await farewell()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_asyncgens()
