"""The database: one writer at a time, everything in a unit or nothing."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

from edi_gateway.issues import GatewayError, internal
from edi_gateway.store.agreements import Agreements
from edi_gateway.store.books import Books
from edi_gateway.store.channels import Channels
from edi_gateway.store.desk import Desk
from edi_gateway.store.documents import Documents
from edi_gateway.store.inbox import Inbox
from edi_gateway.store.numbers import Numbers
from edi_gateway.store.outbox import Outbox
from edi_gateway.store.prices import Prices
from edi_gateway.store.repeats import Repeats
from edi_gateway.store.retention import Retention

_UNUSABLE = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
})
"""What the machine, and no statement of ours, is to blame for."""

_CACHE_KIB = 16 * 1024
_BUSY_MILLISECONDS, _SCRUB_MILLISECONDS = 30_000, 1_000


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
    def channels(self) -> Channels:
        """Which of them are paused."""
        return Channels(self.connection)

    @cached_property
    def repeats(self) -> Repeats:
        """What has come under which numbers."""
        return Repeats(self.connection)

    @cached_property
    def desk(self) -> Desk:
        """The issues people see."""
        return Desk(self.connection)

    @cached_property
    def retention(self) -> Retention:
        """What may be erased."""
        return Retention(self.connection)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part that can fail alone, unless the database fails: then the whole unit does."""
        self._say("SAVEPOINT part")
        try:
            with _told():
                yield
                self._say("RELEASE SAVEPOINT part")
        except GatewayError as error:
            # A full disk makes SQLite roll back the whole transaction, and with it this part.
            if error.kind is not internal.DATABASE_UNUSABLE:
                self._undo()
            raise
        except BaseException:
            self._undo()
            raise

    def _undo(self) -> None:
        self._say("ROLLBACK TO SAVEPOINT part")
        self._say("RELEASE SAVEPOINT part")
        # What they remember may be of what is undone.
        for name in [name for name in vars(self) if name != "connection"]:
            del vars(self)[name]

    def _say(self, words: str) -> None:
        cursor = self.connection.connection.cursor()
        cursor.execute(words)
        cursor.close()


class SqlStore:
    """The house's database behind an address such as `sqlite:////srv/edi/gateway.sqlite`."""

    def __init__(self, address: str) -> None:
        self.engine = _engine(address)

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        """Commits when the block ends, rolls back when it raises. Raises `internal.database-unusable`."""
        with _told(), self.engine.begin() as connection:
            yield Unit(connection)

    @contextmanager
    def reading(self) -> Iterator[Unit]:
        """The same questions, asked on a reader's connection."""
        with self.view() as connection:
            yield Unit(connection)

    @contextmanager
    def view(self) -> Iterator[Connection]:
        """A reader's connection: one consistent picture, never waits for the writer."""
        with _told(), self.engine.connect().execution_options(reader=True) as connection:
            yield connection

    def scrub(self) -> None:
        """Brings what was written into its place, so that nothing erased stays beside it; as far as no reader waits."""
        if self.engine.dialect.name == "sqlite":
            raw = self.engine.raw_connection()
            try:
                # Whoever waits for a reader here keeps every writer waiting.
                raw.cursor().execute(f"PRAGMA busy_timeout={_SCRUB_MILLISECONDS}")
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                raw.cursor().execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
                raw.close()

    def close(self) -> None:
        """Closes every connection."""
        self.engine.dispose()


@contextmanager
def _told() -> Iterator[None]:
    """Tells a database that cannot be used from a statement that is wrong."""
    try:
        yield
    except (OperationalError, sqlite3.OperationalError) as error:
        said = error.orig if isinstance(error, OperationalError) else error
        if getattr(said, "sqlite_errorcode", 0) & 0xFF not in _UNUSABLE:
            raise
        raise internal.DATABASE_UNUSABLE.error(str(said)) from error


def _as_json(value: Any) -> str:
    """A noun, or what is made of plain values. The standard library takes longer, and text that is no Unicode too."""
    try:
        return to_json(value, exclude_none=True).decode()
    except ValueError:
        return json.dumps(value)


def _engine(address: str) -> Engine:
    engine = create_engine(
        address, hide_parameters=True, poolclass=QueuePool, pool_size=16, max_overflow=32, json_serializer=_as_json,
    )

    @event.listens_for(engine, "connect")
    def configure(raw: Any, _record: Any) -> None:
        # The driver's own transaction handling starts them too late for two writers to be safe.
        raw.isolation_level = None
        # A page of files is written once, at its commit, where all of it and what may be undone of it fits in memory.
        for pragma in (f"busy_timeout={_BUSY_MILLISECONDS}", "foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL",
                       "temp_store=MEMORY", f"cache_size=-{_CACHE_KIB}"):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes its lock before its first read, so that what it read still holds when it writes.
        reader = connection.get_execution_options().get("reader")
        connection.exec_driver_sql("BEGIN" if reader else "BEGIN IMMEDIATE")

    return engine
