"""Mailboxes that are tables in an SQLite file which two programs share."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from edi_gateway.issues import GatewayError, Kind, exchange
from edi_gateway.ports import Claimed, Fetched, Habits, Parcel, Pushed, Settled, Sighting, newest
from edi_gateway.transports import _names
from edi_gateway.transports._faults import Faults
from edi_gateway.transports._options import Collecting


class Options(Collecting):
    """The options of the channel: where the file is."""

    path: Path
    timeout_seconds: float = 10


def open(channel: str, options: Options) -> "Mailbox":
    """The mailbox of a channel; the file is opened by its first use."""
    return Mailbox(channel, options)


class Mailbox:
    """Rows (folder, name, content, modified); a row is inserted whole, so nobody ever sees half a file."""

    def __init__(self, channel: str, options: Options) -> None:
        self._options = options
        self._faults = Faults(channel)
        self._open: sqlite3.Connection | None = None

    @property
    def habits(self) -> Habits:
        return self._options.habits

    def list(self) -> tuple[Sighting, ...]:
        self._demand("list", exchange.LIST_DENIED, "", "collect")
        rows = self._rows("SELECT name, length(content), modified FROM files WHERE folder = 'collect'")
        found = [
            Sighting(_names.listed(name), size, datetime.fromtimestamp(modified, UTC))
            for name, size, modified in rows
            if self._options.file_of(name.decode("utf-8", "surrogateescape")) is not None
        ]
        return tuple(sorted(found, key=lambda sighting: sighting.name))

    def fetch(self, sightings: Sequence[Sighting]) -> Iterator[Fetched]:
        for sighting in newest(sightings, self._options.files_per_round_max):
            try:
                yield Fetched(sighting, self._read(sighting))
            except GatewayError as fault:
                yield Fetched(sighting, fault=fault)

    def claim(self, sightings: Sequence[Sighting]) -> Iterator[Claimed]:
        return (Claimed(sighting, "open") for sighting in sightings)

    def settle(self, sightings: Sequence[Sighting]) -> Iterator[Settled]:
        for sighting in sightings:
            try:
                self._put_away(sighting)
                yield Settled(sighting)
            except GatewayError as fault:
                yield Settled(sighting, fault)

    def push(self, parcels: Sequence[Parcel]) -> Iterator[Pushed]:
        for parcel in parcels:
            try:
                self._deliver(parcel)
                yield Pushed(parcel, "delivered")
            except GatewayError as fault:
                yield Pushed(parcel, "failed", fault)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def _read(self, sighting: Sighting) -> bytes:
        self._faults.check_fetchable(sighting, self._options.bytes_per_file_max)
        self._demand("read", exchange.READ_DENIED, sighting.name, "collect")
        first = sighting.size_bytes + 1
        found = self._rows("SELECT substr(content, 1, ?) FROM files WHERE folder = 'collect' AND name = ?",
                           first, sighting.name.encode())
        if not found:
            raise exchange.FILE_GONE.error(sighting.name, **self._faults.about(sighting.name))
        content = bytes(found[0][0] or b"")
        self._faults.check_whole(sighting, content)
        return content

    def _put_away(self, sighting: Sighting) -> None:
        self._faults.check_name(sighting.name)
        name = sighting.name.encode()
        found = self._rows("SELECT length(content), modified FROM files WHERE folder = 'collect' AND name = ?", name)
        if not found:
            return
        size, modified = found[0]
        self._faults.check_same(sighting, Sighting(sighting.name, size, datetime.fromtimestamp(modified, UTC)))
        if self._options.after == "leave":
            return
        if self._options.after == "move":
            self._demand("rename", exchange.RENAME_DENIED, sighting.name, "collect")
            self._move(sighting)
        else:
            self._demand("delete", exchange.DELETE_DENIED, sighting.name, "collect")
            self._rows("DELETE FROM files WHERE folder = 'collect' AND name = ?", name)

    def _move(self, sighting: Sighting) -> None:
        for name in _names.archive_names(sighting.name, sighting.modified):
            moved = self._rows(
                "UPDATE OR IGNORE files SET folder = 'archive', name = ? WHERE folder = 'collect' AND name = ? "
                "RETURNING name", name.encode(), sighting.name.encode(),
            )
            if moved:
                return
        raise self._faults.archive_full(sighting, "the archive")

    def _deliver(self, parcel: Parcel) -> None:
        self._faults.check_delivered_name(parcel.name)
        self._demand("write", exchange.WRITE_DENIED, parcel.name, "deliver")
        name, now = parcel.name.encode(), datetime.now(UTC).timestamp()
        self._rows("INSERT OR IGNORE INTO files VALUES ('deliver', ?, ?, ?)", name, parcel.content, now)
        [(there,)] = self._rows("SELECT content FROM files WHERE folder = 'deliver' AND name = ?", name) or [(None,)]
        # A row that is gone again was collected: the partner is quick.
        if there is not None and bytes(there) != parcel.content:
            raise self._faults.name_taken(parcel)

    def _demand(self, right: str, denied: Kind, file: str, folder: str) -> None:
        if not self._rows("SELECT 1 FROM folders WHERE name = ?", folder):
            raise exchange.FOLDER_MISSING.error(folder, **self._faults.about(file))
        if self._rows("SELECT 1 FROM denied WHERE name = ?", right):
            raise denied.error(f"{right} {file}".strip(), **self._faults.about(file))

    def _rows(self, statement: str, *values: object) -> Sequence[tuple[Any, ...]]:
        try:
            if self._open is None:
                uri = f"{self._options.path.absolute().as_uri()}?mode=rw"
                self._open = sqlite3.connect(uri, self._options.timeout_seconds, uri=True, isolation_level=None,
                                             check_same_thread=False)
            return self._open.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise exchange.UNREACHABLE.error(f"{self._options.path}: {error}") from error
