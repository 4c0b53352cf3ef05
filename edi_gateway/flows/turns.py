"""Whose turn it is: one walk at a time for each mailbox, and one at a time through the books."""

from collections.abc import Iterable
from contextlib import AbstractContextManager

from edi_gateway.flows import collecting, delivering, working
from edi_gateway.flows.house import BOOKS, House


def at_mailbox(house: House, channel: str, wait: bool = True) -> AbstractContextManager[bool]:
    """Waits until nobody else is at the mailbox, in this process or another, and keeps them waiting.

    Told not to wait, it says whether nobody else is there.
    """
    return house.locks.hold(f"channel-{channel}", wait)


def resting(house: House, channel: str) -> str:
    """Why a channel is not visited now: `paused` by a person, or in its `blackout`; empty where it is."""
    blackout = house.blackouts.get(channel)
    if blackout is not None and blackout.holds(house.clock.now()):
        return "blackout"
    with house.store.reading() as unit:
        return "paused" if unit.channels.paused(channel) else ""


class Turns:
    """The rounds of a house, for whoever runs them: several processes may, beside each other.

    A channel that is not among those given rests, and so does one that a person has paused or whose hours are not come.
    """

    def __init__(self, house: House, channels: Iterable[str]) -> None:
        self._house = house
        self._channels = frozenset(channels)
        self._stalled: set[str] = set()
        self._ended = False

    def end(self) -> None:
        """The house goes by other files now: a round in hand delivers, but leaves what still waits to the next one."""
        self._ended = True

    def visit(self, channel: str) -> None:
        """Collects from a mailbox, then works and delivers at once."""
        self._stalled.discard(channel)
        with at_mailbox(self._house, channel):
            if not resting(self._house, channel):
                collecting.collect(self._house, channel)
        self._work()
        self._deliver(channel, visiting=True)
        self._deliver_what_is_due()
        with at_mailbox(self._house, channel):
            delivering.clear(self._house, channel)

    def tend(self) -> None:
        """Works through what waits and delivers what is due; a channel that failed rests until its next visit."""
        self._work()
        self._deliver_what_is_due()

    def _work(self) -> None:
        with self._house.locks.hold(BOOKS):
            while not self._ended and working.work(self._house):
                pass

    def _deliver_what_is_due(self) -> None:
        for channel in delivering.waiting_channels(self._house):
            self._deliver(channel, visiting=False)

    def _deliver(self, channel: str, visiting: bool) -> None:
        rests = channel in self._house.channels and channel not in self._channels
        if rests or channel in self._stalled or resting(self._house, channel) or self._house.stopping.is_set():
            return
        # What is due where somebody is at work goes soon; waiting there would keep every other mailbox waiting.
        with at_mailbox(self._house, channel, wait=visiting) as alone:
            if alone and not resting(self._house, channel) and not delivering.deliver(self._house, channel, visiting):
                self._stalled.add(channel)
