"""Mailboxes that are folders on this machine, or on a disk it shares."""

import errno
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Literal, Self, TypeVar

from pydantic import model_validator

from edi_gateway.issues import GatewayError, exchange
from edi_gateway.ports import Claimed, Fetched, Habits, Parcel, Pushed, Settled, Sighting, Surveyed, newest
from edi_gateway.transports import _disk, _folders, _names, _one_by_one
from edi_gateway.transports._disk_collect import Collector
from edi_gateway.transports._faults import Faults
from edi_gateway.transports._one_by_one import NothingOpen
from edi_gateway.transports._options import Collecting, Delivering

Result = TypeVar("Result")


class Options(Collecting, Delivering):
    """The options of a folder channel.

    `collect` and `deliver` are folders; one left out is not used. `collect` may be several folders; `deliver` may be a
    table of folders by transaction set, with one for the others under `default`.
    """

    collect: Path | tuple[Path, ...] | None = None
    deliver: Path | dict[str, Path] | None = None

    @property
    def collects(self) -> Mapping[str, Path]:
        """The folders we collect from, by the beginning that the names of their files get."""
        folders = (self.collect,) if isinstance(self.collect, Path) else self.collect or ()
        return {mark: Path(folder) for mark, folder in _folders.by_mark([str(each) for each in folders]).items()}

    @property
    def delivers(self) -> Mapping[str, Path]:
        """The folders we deliver to, by transaction set."""
        if isinstance(self.deliver, dict):
            return _folders.deliveries(self.deliver)
        return {_folders.DEFAULT: self.deliver} if self.deliver else {}

    @model_validator(mode="after")
    def _folders_differ(self) -> Self:
        collects = {folder.absolute() for folder in self.collects.values()}
        delivers = {folder.absolute() for folder in self.delivers.values()}
        if not collects | delivers:
            raise ValueError("a folder to collect from or to deliver to is needed")
        if collects & delivers:
            raise ValueError("collect and deliver must be two folders, or we would collect what we deliver")
        return self


def open(channel: str, options: Options) -> "Mailbox":
    """The mailbox of a channel."""
    return Mailbox(channel, options)


class Mailbox(NothingOpen):
    """Folders to collect from and to deliver to. A delivered file is a hard link to its hidden name at first."""

    def __init__(self, channel: str, options: Options) -> None:
        self._faults = Faults(channel)
        self._options = options
        self._delivers = options.delivers
        self._collectors = {mark: Collector(channel, folder, options) for mark, folder in options.collects.items()}
        self._surveyed: tuple[Surveyed, ...] = ()
        self._left_out: Mapping[str, GatewayError] = {}

    @property
    def habits(self) -> Habits:
        return self._options.habits

    def list(self) -> tuple[Sighting, ...]:
        outcomes: dict[str, tuple[Surveyed, ...] | GatewayError] = {}
        for mark, collector in self._collectors.items():
            try:
                outcomes[mark] = collector.survey()
            except GatewayError as fault:
                outcomes[mark] = fault
        self._surveyed, self._left_out = _folders.together(outcomes)
        return _folders.to_collect(self._surveyed)

    def survey(self) -> tuple[Surveyed, ...]:
        return self._surveyed

    def unclaim(self, file: Surveyed) -> None:
        self._at(file.sighting, lambda collector, own: collector.unclaim(replace(file, sighting=own)))

    def left_out(self) -> Mapping[str, GatewayError]:
        return self._left_out

    def fetch(self, sightings: Sequence[Sighting]) -> Iterator[Fetched]:
        chosen = newest(sightings, self._options.files_per_round_max)
        return _one_by_one.fetch(chosen, lambda sighting: self._at(sighting, Collector.read))

    def claim(self, sightings: Sequence[Sighting]) -> Iterator[Claimed]:
        return _one_by_one.claim(sightings, self._take)

    def settle(self, sightings: Sequence[Sighting]) -> Iterator[Settled]:
        return _one_by_one.settle(sightings, lambda sighting: self._at(sighting, Collector.put_away))

    def push(self, parcels: Sequence[Parcel]) -> Iterator[Pushed]:
        return _one_by_one.push(parcels, self._deliver)

    def holds(self, parcel: Parcel) -> bool | None:
        path = self._delivered(parcel)
        try:
            with path.open("rb") as file:
                return file.read(len(parcel.content) + 1) == parcel.content
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _disk.fault(
                self._faults, error, parcel.name, exchange.FOLDER_MISSING, exchange.READ_DENIED
            ) from error

    def look(self) -> bool:
        for folder in dict.fromkeys(self._delivers.values()):
            try:
                if not stat.S_ISDIR(folder.stat().st_mode):
                    raise NotADirectoryError(errno.ENOTDIR, "Not a directory", str(folder))
            except OSError as error:
                raise _disk.fault(
                    self._faults, error, str(folder), exchange.FOLDER_MISSING, exchange.WRITE_DENIED
                ) from error
        return bool(self._delivers)

    def _at(self, sighting: Sighting, step: Callable[[Collector, Sighting], Result]) -> Result:
        """Takes a step in the folder that the name tells, with the name the file has there."""
        mark, name = _folders.split(sighting.name, tuple(self._collectors))
        if mark not in self._collectors:
            raise self._faults.no_folder(sighting.name, "collect from")
        return step(self._collectors[mark], replace(sighting, name=name))

    def _take(self, sighting: Sighting) -> Claimed:
        claim = self._at(sighting, Collector.take)
        return replace(claim, sighting=replace(claim.sighting, name=sighting.name))

    def _deliver(self, parcel: Parcel) -> Literal["delivered"]:
        path = self._delivered(parcel)
        hidden = path.parent / _names.part(parcel.name)
        try:
            if self._options.upload == "direct":
                (_disk.finish if parcel.begun else _disk.write)(path, parcel.content)
            elif _disk.holds(path, parcel.content) is None:
                self._write(hidden, path, parcel)
            else:
                _disk.tidy(hidden)
        except FileExistsError:
            _disk.tidy(hidden)
        except OSError as error:
            what = str(path.parent) if isinstance(error, FileNotFoundError) else parcel.name
            raise _disk.fault(self._faults, error, what, exchange.FOLDER_MISSING, exchange.WRITE_DENIED) from error
        if _disk.holds(path, parcel.content) is False:
            raise self._faults.name_taken(parcel)
        return "delivered"

    def _write(self, hidden: Path, path: Path, parcel: Parcel) -> None:
        """Writes under the hidden name and renames; a leftover or a link of that name is never written through."""
        hidden.unlink(missing_ok=True)
        _disk.write(hidden, parcel.content)
        if (size := hidden.stat().st_size) != len(parcel.content):
            raise self._faults.size_differs(parcel, size)
        with suppress(_disk.BothNamesError):
            # The partner sees it under its name: that is delivered, and only the hidden name is too many.
            _disk.rename(hidden, path)

    def _delivered(self, parcel: Parcel) -> Path:
        folder = self._delivers.get(parcel.set) or self._delivers.get(_folders.DEFAULT)
        if folder is None:
            raise self._faults.no_folder(parcel.name, "deliver to")
        self._faults.check_delivered_name(parcel.name)
        return folder / parcel.name
