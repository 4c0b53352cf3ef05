"""Whose turn it is: one walk at a time for each mailbox, and one at a time through the books."""

from collections.abc import Iterable
from contextlib import AbstractContextManager

from edi_gateway.flows import collecting, delivering, working
from edi_gateway.flows.house import BOOKS, House


def at_mailbox(house: House, channel: str) -> AbstractContextManager[None]:
    """Waits until nobody else is at the mailbox, in this process or another, and keeps them waiting."""
    return house.locks.hold(f"channel-{channel}")


class Turns:
    """The rounds of a house, for whoever runs them: several processes may, beside each other.

    A channel that is not among those given rests, and so does one that a person has paused.
    """

    def __init__(self, house: House, channels: Iterable[str]) -> None:
        self._house = house
        self._channels = frozenset(channels)
        self._stalled: set[str] = set()

    def visit(self, channel: str) -> None:
        """Collects from a mailbox, then works and delivers at once."""
        self._stalled.discard(channel)
        with at_mailbox(self._house, channel):
            if not self._paused(channel):
                collecting.collect(self._house, channel)
        self.tend()
        delivering.clear(self._house, channel)

    def tend(self) -> None:
        """Works through what waits and delivers what is ready; a mailbox that failed rests until its next visit."""
        with self._house.locks.hold(BOOKS):
            while working.work(self._house):
                pass
        for channel in delivering.waiting_channels(self._house):
            rests = channel in self._house.channels and channel not in self._channels
            if rests or channel in self._stalled or self._paused(channel) or self._house.stopping.is_set():
                continue
            with at_mailbox(self._house, channel):
                if not self._paused(channel) and not delivering.deliver(self._house, channel):
                    self._stalled.add(channel)

    def _paused(self, channel: str) -> bool:
        with self._house.store.reading() as unit:
            return unit.channels.paused(channel)
