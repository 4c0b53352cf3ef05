"""The database: one writer at a time, everything in a unit or nothing."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine, NestedTransaction, create_engine, event
from sqlalchemy.pool import QueuePool

from edi_gateway.store.agreements import Agreements
from edi_gateway.store.books import Books
from edi_gateway.store.desk import Desk
from edi_gateway.store.documents import Documents
from edi_gateway.store.inbox import Inbox
from edi_gateway.store.numbers import Numbers
from edi_gateway.store.outbox import Outbox
from edi_gateway.store.prices import Prices


@dataclass(frozen=True)
class Unit:
    """One write transaction."""

    connection: Connection

    @cached_property
    def inbox(self) -> Inbox:
        """What has come."""
        return Inbox(self.connection)

    @cached_property
    def documents(self) -> Documents:
        """The documents people see."""
        return Documents(self.connection)

    @cached_property
    def books(self) -> Books:
        """Orders and entries."""
        return Books(self.connection)

    @cached_property
    def outbox(self) -> Outbox:
        """What is to go."""
        return Outbox(self.connection)

    @cached_property
    def agreements(self) -> Agreements:
        """Who we trade with."""
        return Agreements(self.connection)

    @cached_property
    def prices(self) -> Prices:
        """What products cost."""
        return Prices(self.connection)

    @cached_property
    def numbers(self) -> Numbers:
        """Control numbers."""
        return Numbers(self.connection)

    @cached_property
    def desk(self) -> Desk:
        """The issues people see."""
        return Desk(self.connection)

    def savepoint(self) -> AbstractContextManager[NestedTransaction]:
        """A part that can fail alone."""
        return self.connection.begin_nested()


class SqlStore:
    """The house's database behind an address such as `sqlite:////srv/edi/gateway.sqlite`."""

    def __init__(self, address: str) -> None:
        self.engine = _engine(address)

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        """Commits when the block ends, rolls back when it raises."""
        with self.engine.begin() as connection:
            yield Unit(connection)

    @contextmanager
    def reading(self) -> Iterator[Unit]:
        """The same questions, asked on a reader's connection."""
        with self.view() as connection:
            yield Unit(connection)

    @contextmanager
    def view(self) -> Iterator[Connection]:
        """A reader's connection: one consistent picture, never waits for the writer."""
        with self.engine.connect().execution_options(reader=True) as connection:
            yield connection

    def close(self) -> None:
        """Closes every connection."""
        self.engine.dispose()


def _engine(address: str) -> Engine:
    engine = create_engine(address, poolclass=QueuePool, pool_size=16, max_overflow=32)

    @event.listens_for(engine, "connect")
    def configure(raw: Any, _record: Any) -> None:
        # The driver's own transaction handling starts them too late for two writers to be safe.
        raw.isolation_level = None
        for pragma in ("busy_timeout=30000", "foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes its lock before its first read, so that what it read still holds when it writes.
        reader = connection.get_execution_options().get("reader")
        connection.exec_driver_sql("BEGIN" if reader else "BEGIN IMMEDIATE")

    return engine
