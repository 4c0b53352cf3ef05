"""Whose turn it is: one walk at a time for each mailbox, and one at a time through the books."""

import threading
from collections.abc import Iterable
from contextlib import nullcontext

from edi_gateway.flows import rounds
from edi_gateway.flows.house import House


class Turns:
    """The rounds of a house, for whoever runs them. A channel that is not among those given is paused."""

    def __init__(self, house: House, channels: Iterable[str]) -> None:
        self._house = house
        self._mailboxes = {channel: threading.Lock() for channel in channels}
        self._books = threading.Lock()
        self._stalled: set[str] = set()

    def visit(self, channel: str) -> None:
        """Collects from a mailbox, then works and delivers at once."""
        self._stalled.discard(channel)
        with self._mailboxes[channel]:
            rounds.collect(self._house, channel)
        self.tend()

    def tend(self) -> None:
        """Works through what waits and delivers what is ready; a mailbox that failed rests until its next visit."""
        with self._books:
            while rounds.work(self._house):
                pass
        for channel in rounds.waiting_channels(self._house):
            paused = channel in self._house.channels and channel not in self._mailboxes
            if paused or channel in self._stalled or self._house.stopping.is_set():
                continue
            with self._mailboxes.get(channel, nullcontext()):
                if not rounds.deliver(self._house, channel):
                    self._stalled.add(channel)
