"""Mailboxes on a partner's SFTP server."""

import posixpath
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

from pydantic import Field, model_validator

from edi_gateway.ports import Fetched, Parcel, Pushed, Settled, Sighting
from edi_gateway.transports import _names
from edi_gateway.transports._options import Collecting
from edi_gateway.transports._session import Session
from edi_gateway.transports._sftp_collect import Collector
from edi_gateway.transports._sftp_deliver import Deliverer
from edi_gateway.transports._ssh import Login
from edi_gateway.transports._thread import SocketThread

BYTES_IN_FLIGHT_MAX = 128 * 1024 * 1024


class Options(Login, Collecting):
    """The options of an SFTP channel.

    `collect` and `deliver` are folders on the server, as our user sees them; one left out is not used.
    `in_flight` is how many files are under way at a time on the one connection.
    """

    collect: str | None = None
    deliver: str | None = None
    in_flight: int = Field(32, ge=1, le=256)

    @model_validator(mode="after")
    def _folders_differ(self) -> Self:
        folders = [posixpath.normpath(folder) for folder in (self.collect, self.deliver) if folder]
        if not folders:
            raise ValueError("a folder to collect from or to deliver to is needed")
        if len(set(folders)) != len(folders):
            raise ValueError("collect and deliver must be two folders, or we would collect what we deliver")
        return self


def open(channel: str, options: Options) -> "Mailbox":
    """The mailbox of a channel; the server is called by its first use."""
    return Mailbox(channel, options)


class Mailbox:
    """A partner's mailbox: one connection, many files in flight on it.

    No more than `files_per_round_max` files are fetched by one call; the rest is for the next.
    """

    def __init__(self, channel: str, options: Options) -> None:
        self._options = options
        self._channel = channel
        self._thread = SocketThread(f"sftp {channel}")
        self._renew()

    def list(self) -> tuple[Sighting, ...]:
        self._session.begin()
        return self._thread.run(self._collector.list())

    def fetch(self, sightings: Sequence[Sighting]) -> Iterator[Fetched]:
        self._session.begin()
        return self._thread.each(
            _names.one_round(sightings, self._options.files_per_round_max), self._collector.fetch,
            in_flight=self._options.in_flight, weight=_size, weight_max=BYTES_IN_FLIGHT_MAX,
        )

    def settle(self, sightings: Sequence[Sighting]) -> Iterator[Settled]:
        self._session.begin()
        return self._thread.each(sightings, self._collector.settle, in_flight=self._options.in_flight)

    def push(self, parcels: Sequence[Parcel]) -> Iterator[Pushed]:
        self._session.begin()
        return self._thread.each(parcels, self._deliverer.push, in_flight=self._options.in_flight)

    def look(self) -> bool:
        self._session.begin()
        return self._thread.run(self._deliverer.look())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.stop(self._session.close)
        self._renew()

    def _renew(self) -> None:
        self._session = Session(self._options)
        self._collector = Collector(self._channel, self._options.collect, self._options, self._session)
        self._deliverer = Deliverer(self._channel, self._options.deliver, self._session)


def _size(sighting: Sighting) -> int:
    return sighting.size_bytes
