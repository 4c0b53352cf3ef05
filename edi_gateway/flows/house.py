"""A running house, as the flows see it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event

from edi_gateway.flows.blackout import Blackout
from edi_gateway.flows.guides import Guides
from edi_gateway.ports import Archive, Clock, Locks, Store, Transport, Unit

BOOKS = "books"
"""The lock of whoever walks through the books: one at a time among all processes of the house."""


class Stopped(Exception):  # noqa: N818 - it is no error
    """A walk ended early, with nothing half done, because the house is stopping; it goes on at the next start."""


@dataclass(frozen=True)
class House:
    """What every walk needs. `channels` open a mailbox by name; `stopping` ends a walk after the item in hand.

    `gs1_prefix` is the company prefix that numbers our cartons, where we have one. `blackouts` say
    when channels rest. `strangers_days` is how long what came from nobody known is kept, None for ever.
    """

    store: Store
    archive: Archive
    guides: Guides
    clock: Clock
    channels: Mapping[str, Callable[[], Transport]]
    locks: Locks
    gs1_prefix: str | None = None
    strangers_days: int | None = None
    blackouts: Mapping[str, Blackout] = field(default_factory=dict)
    stopping: Event = field(default_factory=Event)

    @contextmanager
    def commit(self) -> Iterator["Commit"]:
        """One commit, made when the block ends; nothing of it when the block raises."""
        now = self.clock.now()
        with self.store.unit() as unit:
            yield Commit(self, unit, now)


@dataclass(frozen=True)
class Commit:
    """A commit being made: the house, its open unit, and the instant all of it is dated."""

    house: House
    unit: Unit
    now: datetime
