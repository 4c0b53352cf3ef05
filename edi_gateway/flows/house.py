"""A running house, as the flows see it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event

from edi_gateway.flows.guides import Guides
from edi_gateway.ports import Archive, Clock, Store, Transport, Unit


@dataclass(frozen=True)
class House:
    """What every walk needs. `channels` open a mailbox by name; `stopping` ends a walk after the item in hand."""

    store: Store
    archive: Archive
    guides: Guides
    clock: Clock
    channels: Mapping[str, Callable[[], Transport]]
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
