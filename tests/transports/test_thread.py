"""The thread that owns the sockets answers in order, within its limits, and ends."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from edi_gateway.transports._thread import SocketThread


@pytest.fixture
def thread() -> Iterator[SocketThread]:
    thread = SocketThread("test")
    yield thread
    thread.stop()


class Work:
    """Waits longer for small numbers, and remembers how much was under way at once."""

    def __init__(self, seconds: float = 0.02) -> None:
        self.seconds = seconds
        self.under_way: list[int] = []
        self.most = 0
        self.heaviest = 0
        self.cancelled = 0

    async def __call__(self, item: int) -> int:
        self.under_way.append(item)
        self.most = max(self.most, len(self.under_way))
        self.heaviest = max(self.heaviest, sum(self.under_way))
        try:
            await asyncio.sleep(self.seconds / (item + 1))
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.under_way.remove(item)
        return item


def test_results_come_in_the_order_of_the_items(thread: SocketThread) -> None:
    assert list(thread.each(range(50), Work(), in_flight=10)) == list(range(50))


def test_no_more_is_under_way_than_asked_for(thread: SocketThread) -> None:
    work = Work()
    assert len(list(thread.each([1] * 50, work, in_flight=4))) == 50
    assert 1 < work.most <= 4


def test_no_more_is_carried_than_allowed_unless_it_is_one(thread: SocketThread) -> None:
    work = Work()
    assert list(thread.each([3, 3, 3, 99, 3, 3], work, in_flight=10, weight=int, weight_max=6)) == [3, 3, 3, 99, 3, 3]
    assert work.heaviest == 99
    assert work.most == 2


def test_what_is_under_way_is_cancelled_when_nobody_listens(thread: SocketThread) -> None:
    work = Work(seconds=20)
    results = thread.each([20_000, *[0] * 20], work, in_flight=5)
    assert next(results) == 20_000
    results.close()  # type: ignore[attr-defined]
    thread.stop()
    assert work.under_way == []
    assert work.cancelled == 4


def test_an_error_reaches_the_caller_and_the_thread_lives_on(thread: SocketThread) -> None:
    async def fails() -> None:
        raise ValueError("broken")

    async def works() -> str:
        return threading.current_thread().name

    with pytest.raises(ValueError, match="broken"):
        thread.run(fails())
    assert thread.run(works()) == "test"


def test_it_can_be_stopped_twice_and_started_again(thread: SocketThread) -> None:
    async def works() -> int:
        return 1

    for _ in range(2):
        assert thread.run(works()) == 1
        thread.stop()
        thread.stop()
        assert not thread.running
