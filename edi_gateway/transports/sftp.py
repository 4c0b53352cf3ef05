"""Mailboxes on a partner's SFTP server."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Self

from pydantic import Field, model_validator

from edi_gateway.issues import GatewayError
from edi_gateway.ports import Claimed, Fetched, Habits, Parcel, Pushed, Settled, Sighting, Surveyed, newest
from edi_gateway.transports import _folders
from edi_gateway.transports._options import Collecting, Delivering
from edi_gateway.transports._session import Session
from edi_gateway.transports._sftp_deliver import Deliverer
from edi_gateway.transports._sftp_folders import Collectors
from edi_gateway.transports._ssh import Login
from edi_gateway.transports._thread import SocketThread

BYTES_IN_FLIGHT_MAX = 128 * 1024 * 1024


class Options(Login, Collecting, Delivering):
    """The options of an SFTP channel.

    `collect` and `deliver` are folders on the server, as our user sees them; one left out is not used. `collect` may be
    several folders; `deliver` may be a table of folders by transaction set, with one for the others under `default`.
    `in_flight` is how many files are under way at a time on the one connection.
    """

    collect: str | tuple[str, ...] | None = None
    deliver: str | dict[str, str] | None = None
    in_flight: int = Field(32, ge=1, le=256)

    @property
    def collects(self) -> tuple[str, ...]:
        """The folders we collect from."""
        return ((self.collect,) if self.collect else ()) if not isinstance(self.collect, tuple) else self.collect

    @property
    def delivers(self) -> Mapping[str, str]:
        """The folders we deliver to, by transaction set."""
        if isinstance(self.deliver, dict):
            return _folders.deliveries(self.deliver)
        return {_folders.DEFAULT: self.deliver} if self.deliver else {}

    @model_validator(mode="after")
    def _folders_differ(self) -> Self:
        collects = {posixpath.normpath(folder) for folder in _folders.by_mark(self.collects).values()}
        delivers = {posixpath.normpath(folder) for folder in self.delivers.values()}
        if not collects | delivers:
            raise ValueError("a folder to collect from or to deliver to is needed")
        if collects & delivers:
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

    @property
    def habits(self) -> Habits:
        return self._options.habits

    def list(self) -> tuple[Sighting, ...]:
        self._session.begin()
        if not self._options.collects and self._options.next_host_key:
            # Nothing is listed here: only the key that the server shows is looked at, so that its change is told.
            self._thread.run(self._session.call())
        return _folders.to_collect(self._thread.run(self._collector.survey()))

    def survey(self) -> tuple[Surveyed, ...]:
        return self._collector.surveyed

    def unclaim(self, file: Surveyed) -> None:
        self._session.begin()
        self._thread.run(self._collector.unclaim(file))

    def left_out(self) -> Mapping[str, GatewayError]:
        return self._collector.left_out

    def fetch(self, sightings: Sequence[Sighting]) -> Iterator[Fetched]:
        self._session.begin()
        return self._thread.each(
            newest(sightings, self._options.files_per_round_max), self._collector.fetch,
            in_flight=self._options.in_flight, weight=_size, weight_max=BYTES_IN_FLIGHT_MAX,
        )

    def claim(self, sightings: Sequence[Sighting]) -> Iterator[Claimed]:
        if not self._options.claims:
            # Nothing is asked of the server, so nobody need wait for the thread that talks with it.
            return (Claimed(sighting, "claimed" if sighting.claimed else "open") for sighting in sightings)
        self._session.begin()
        return self._thread.each(sightings, self._collector.claim, in_flight=self._options.in_flight)

    def settle(self, sightings: Sequence[Sighting]) -> Iterator[Settled]:
        self._session.begin()
        return self._thread.each(sightings, self._collector.settle, in_flight=self._options.in_flight)

    def push(self, parcels: Sequence[Parcel]) -> Iterator[Pushed]:
        self._session.begin()
        return self._thread.each(parcels, self._deliverer.push, in_flight=self._options.in_flight)

    def holds(self, parcel: Parcel) -> bool | None:
        self._session.begin()
        return self._thread.run(self._deliverer.holds(parcel))

    def remarks(self) -> tuple[GatewayError, ...]:
        return () if self._session.remark is None else (self._session.remark,)

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
        self._collector = Collectors(self._channel, self._options.collects, self._options, self._session)
        self._deliverer = Deliverer(self._channel, self._options.delivers, self._options, self._session)


def _size(sighting: Sighting) -> int:
    return sighting.size_bytes
