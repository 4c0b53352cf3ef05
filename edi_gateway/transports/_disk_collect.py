"""Collecting files from a folder on this machine: list, read, take, put away."""

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from edi_gateway.issues import exchange
from edi_gateway.ports import Claimed, Sighting, Surveyed
from edi_gateway.transports import _disk, _names
from edi_gateway.transports._faults import Faults
from edi_gateway.transports._options import Collecting


class Collector:
    """The collecting side of one folder; each step raises `GatewayError` for its file alone."""

    def __init__(self, channel: str, folder: Path, options: Collecting) -> None:
        self._faults = Faults(channel)
        self._folder = folder
        self._options = options

    def survey(self) -> tuple[Surveyed, ...]:
        """All files in the folder, sorted by name."""
        folder = self._folder
        try:
            with os.scandir(folder) as entries:
                found = [file for entry in entries if (file := self._surveyed(entry)) is not None]
        except OSError as error:
            raise _disk.fault(
                self._faults, error, str(folder), exchange.FOLDER_MISSING, exchange.LIST_DENIED
            ) from error
        return tuple(sorted(found, key=lambda file: file.sighting.name)[: _names.LISTED_MAX])

    def read(self, sighting: Sighting) -> bytes:
        """The bytes of a file as it was listed."""
        self._faults.check_fetchable(sighting, self._options.bytes_per_file_max)
        try:
            with os.fdopen(os.open(self._path(sighting), os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
                content = file.read(sighting.size_bytes + 1)
        except OSError as error:
            raise _disk.fault(
                self._faults, error, sighting.name, exchange.FILE_GONE, exchange.READ_DENIED
            ) from error
        self._faults.check_whole(sighting, content)
        return content

    def take(self, sighting: Sighting) -> Claimed:
        """Claims a file that is not claimed yet."""
        self._faults.check_name(sighting.name)
        if not self._options.may_claim(sighting.name):
            return Claimed(sighting, "open")
        path, hidden = self._path(sighting), self._path(replace(sighting, claimed=True))
        try:
            _disk.hide(path, hidden)
            seen = hidden.lstat()
        except FileNotFoundError as error:
            raise exchange.FILE_GONE.error(sighting.name, **self._faults.about(sighting.name)) from error
        except FileExistsError:
            return Claimed(sighting, "open")
        except OSError as error:
            fault = _disk.fault(self._faults, error, sighting.name, exchange.REFUSED, exchange.RENAME_DENIED)
            return Claimed(sighting, "open", fault)
        return self._faults.claimed(sighting, Sighting(sighting.name, seen.st_size, _disk.modified(seen), claimed=True))

    def unclaim(self, file: Surveyed) -> None:
        """Lets a file that another house has claimed lie under its own name again."""
        own = self._faults.own_name(file)
        try:
            _disk.rename(self._path(file.sighting), self._folder / own)
        except FileExistsError as error:
            raise self._faults.own_name_taken(own) from error
        except OSError as error:
            raise _disk.fault(
                self._faults, error, file.sighting.name, exchange.FILE_GONE, exchange.RENAME_DENIED
            ) from error

    def put_away(self, sighting: Sighting) -> None:
        """Removes the file, moves it away, or leaves it, as the channel says."""
        self._faults.check_name(sighting.name)
        if self._options.after == "leave":
            return
        path = self._path(sighting)
        try:
            self._check_same(sighting, path.lstat())
            if self._options.after == "move":
                self._move(path, sighting)
            else:
                path.unlink()
        except FileNotFoundError:
            return
        except OSError as error:
            denied = exchange.RENAME_DENIED if self._options.after == "move" else exchange.DELETE_DENIED
            told = self._options.told(sighting)
            raise _disk.fault(self._faults, error, told, exchange.REFUSED, denied, sighting.name) from error

    def _surveyed(self, entry: os.DirEntry[str]) -> Surveyed | None:
        file = self._options.told_by(entry.name)
        with suppress(FileNotFoundError):
            if entry.is_file(follow_symlinks=False):
                seen = entry.stat(follow_symlinks=False)
                name = _names.listed(os.fsencode(file.name))
                sighting = Sighting(name, seen.st_size, _disk.modified(seen), file.claimed)
                return self._options.surveyed(sighting, file.passed_over)
        return None

    def _check_same(self, sighting: Sighting, seen: os.stat_result) -> None:
        self._faults.check_same(sighting, Sighting(sighting.name, seen.st_size, _disk.modified(seen)))

    def _move(self, path: Path, sighting: Sighting) -> None:
        archive = path.parent / self._options.move_to
        try:
            archive.mkdir(exist_ok=True)
            for name in _names.archive_names(sighting.name, sighting.modified):
                with suppress(FileExistsError):
                    _disk.rename(path, archive / name)
                    return
        except FileNotFoundError as error:
            if archive.is_dir():
                # It is the file that is gone.
                return
            what = f"moving {self._options.told(sighting)} to {archive}"
            raise _disk.fault(
                self._faults, error, what, exchange.FOLDER_MISSING, exchange.RENAME_DENIED, sighting.name
            ) from error
        raise self._faults.archive_full(sighting, str(archive))

    def _path(self, sighting: Sighting) -> Path:
        return self._folder / self._options.lies_as(sighting)
