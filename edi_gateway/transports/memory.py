"""Mailboxes that live in this process, for tests and for trying things out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

from pydantic import Field

from edi_gateway.issues import GatewayError, Kind, exchange
from edi_gateway.ports import Claimed, Fetched, Habits, Parcel, Pushed, Settled, Sighting, Surveyed, newest
from edi_gateway.transports import _folders, _names, _one_by_one
from edi_gateway.transports._faults import Faults
from edi_gateway.transports._one_by_one import NothingOpen
from edi_gateway.transports._options import Collecting, Delivering


class Options(Collecting, Delivering):
    """The options of a memory channel: channels that name the same mailbox share it."""

    mailbox: str = Field(min_length=1)


class Files(dict[str, tuple[bytes, datetime]]):
    """A folder of the mailbox: name -> content and time of the last change."""

    def put(self, name: str, content: bytes, modified: datetime = datetime(2024, 1, 1, tzinfo=UTC)) -> None:
        self[name] = (content, modified)


class Contents:
    """What one mailbox holds, and what its user may not do now: list, read, write, rename or delete."""

    def __init__(self) -> None:
        self.collect = Files()
        self.archive = Files()
        self.deliver = Files()
        self.denied: set[str] = set()
        self.missing: set[str] = set()
        self.reachable = True


_mailboxes: dict[str, Contents] = {}


def contents(mailbox: str) -> Contents:
    """What the mailbox of that name holds; a new name is a new, empty mailbox."""
    return _mailboxes.setdefault(mailbox, Contents())


def open(channel: str, options: Options) -> "Mailbox":
    """The mailbox of a channel."""
    return Mailbox(channel, options)


class Mailbox(NothingOpen):
    """A mailbox in memory, with the laws of the real ones."""

    def __init__(self, channel: str, options: Options) -> None:
        self._options = options
        self._faults = Faults(channel)
        self._holds = contents(options.mailbox)
        self._surveyed: tuple[Surveyed, ...] = ()

    @property
    def habits(self) -> Habits:
        return self._options.habits

    def list(self) -> tuple[Sighting, ...]:
        self._demand("list", exchange.LIST_DENIED, "", folder="collect")
        found = []
        for name, (content, modified) in self._holds.collect.items():
            file = self._options.told_by(name)
            listed = _names.listed(file.name.encode("utf-8", "surrogateescape"))
            sighting = _sighting(listed, content, modified, file.claimed)
            found.append(self._options.surveyed(sighting, file.passed_over))
        self._surveyed = tuple(sorted(found, key=lambda file: file.sighting.name))
        return _folders.to_collect(self._surveyed)

    def survey(self) -> tuple[Surveyed, ...]:
        return self._surveyed

    def unclaim(self, file: Surveyed) -> None:
        self._demand("rename", exchange.RENAME_DENIED, file.sighting.name)
        own = self._faults.own_name(file)
        if own in self._holds.collect:
            raise self._faults.own_name_taken(own)
        if file.sighting.name not in self._holds.collect:
            raise exchange.FILE_GONE.error(file.sighting.name, **self._faults.about(file.sighting.name))
        self._holds.collect[own] = self._holds.collect.pop(file.sighting.name)

    def fetch(self, sightings: Sequence[Sighting]) -> Iterator[Fetched]:
        return _one_by_one.fetch(newest(sightings, self._options.files_per_round_max), self._read)

    def claim(self, sightings: Sequence[Sighting]) -> Iterator[Claimed]:
        return _one_by_one.claim(sightings, self._take)

    def settle(self, sightings: Sequence[Sighting]) -> Iterator[Settled]:
        return _one_by_one.settle(sightings, self._put_away)

    def push(self, parcels: Sequence[Parcel]) -> Iterator[Pushed]:
        return _one_by_one.push(parcels, self._deliver)

    def holds(self, parcel: Parcel) -> bool | None:
        self._demand("read", exchange.READ_DENIED, parcel.name, folder="deliver")
        there = self._holds.deliver.get(parcel.name)
        return None if there is None else there[0] == parcel.content

    def look(self) -> bool:
        self._demand("look", exchange.WRITE_DENIED, "", folder="deliver")
        return True

    def _read(self, sighting: Sighting) -> bytes:
        self._faults.check_fetchable(sighting, self._options.bytes_per_file_max)
        self._demand("read", exchange.READ_DENIED, sighting.name)
        name = self._options.lies_as(sighting)
        if name not in self._holds.collect:
            raise exchange.FILE_GONE.error(sighting.name, **self._faults.about(sighting.name))
        content, _ = self._holds.collect[name]
        self._faults.check_whole(sighting, content)
        return content

    def _take(self, sighting: Sighting) -> Claimed:
        self._faults.check_name(sighting.name)
        self._demand_reachable()
        hidden = self._options.lies_as(replace(sighting, claimed=True))
        if not self._options.may_claim(sighting.name) or hidden in self._holds.collect:
            return Claimed(sighting, "open")
        if sighting.name not in self._holds.collect:
            raise exchange.FILE_GONE.error(sighting.name, **self._faults.about(sighting.name))
        try:
            self._demand("rename", exchange.RENAME_DENIED, sighting.name)
        except GatewayError as fault:
            return Claimed(sighting, "open", fault)
        self._holds.collect[hidden] = self._holds.collect.pop(sighting.name)
        return self._faults.claimed(sighting, _sighting(sighting.name, *self._holds.collect[hidden], claimed=True))

    def _put_away(self, sighting: Sighting) -> None:
        self._faults.check_name(sighting.name)
        self._demand_reachable()
        lies_as = self._options.lies_as(sighting)
        if self._options.after == "leave" or lies_as not in self._holds.collect:
            return
        self._faults.check_same(sighting, _sighting(sighting.name, *self._holds.collect[lies_as]))
        if self._options.after == "move":
            self._demand("rename", exchange.RENAME_DENIED, sighting.name)
            self._holds.archive[self._free_name(sighting)] = self._holds.collect[lies_as]
        else:
            self._demand("delete", exchange.DELETE_DENIED, sighting.name)
        del self._holds.collect[lies_as]

    def _free_name(self, sighting: Sighting) -> str:
        for name in _names.archive_names(sighting.name, sighting.modified):
            if name not in self._holds.archive:
                return name
        raise self._faults.archive_full(sighting, "the archive")

    def _deliver(self, parcel: Parcel) -> Literal["delivered"]:
        self._faults.check_delivered_name(parcel.name)
        self._demand("write", exchange.WRITE_DENIED, parcel.name, folder="deliver")
        there = self._holds.deliver.get(parcel.name)
        direct = self._options.upload == "direct"
        if there is None or (direct and parcel.begun and parcel.content.startswith(there[0])):
            if not direct:
                self._demand("rename", exchange.RENAME_DENIED, parcel.name)
            self._holds.deliver.put(parcel.name, parcel.content)
        elif there[0] != parcel.content:
            raise self._faults.name_taken(parcel)
        return "delivered"

    def _demand(self, right: str, denied: Kind, file: str, folder: str = "") -> None:
        self._demand_reachable()
        if folder in self._holds.missing:
            raise exchange.FOLDER_MISSING.error(folder, **self._faults.about(file))
        if right in self._holds.denied:
            raise denied.error(f"{right} {file}".strip(), **self._faults.about(file))

    def _demand_reachable(self) -> None:
        if not self._holds.reachable:
            raise exchange.UNREACHABLE.error(self._options.mailbox, mailbox=self._options.mailbox)


def _sighting(name: str, content: bytes, modified: datetime, claimed: bool = False) -> Sighting:
    return Sighting(name, len(content), modified, claimed)
