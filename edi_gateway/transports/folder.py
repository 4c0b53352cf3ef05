"""Mailboxes that are two folders on this machine, or on a disk it shares."""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import model_validator

from edi_gateway.issues import GatewayError, Kind, exchange
from edi_gateway.ports import Fetched, Parcel, Pushed, Settled, Sighting
from edi_gateway.transports import _names
from edi_gateway.transports._faults import Faults
from edi_gateway.transports._options import Collecting


class Options(Collecting):
    """The options of a folder channel: two folders, of which one may be left out."""

    collect: Path | None = None
    deliver: Path | None = None

    @model_validator(mode="after")
    def _folders_differ(self) -> Self:
        folders = [folder.absolute() for folder in (self.collect, self.deliver) if folder]
        if not folders:
            raise ValueError("a folder to collect from or to deliver to is needed")
        if len(set(folders)) != len(folders):
            raise ValueError("collect and deliver must be two folders, or we would collect what we deliver")
        return self


def open(channel: str, options: Options) -> "Mailbox":
    """The mailbox of a channel."""
    return Mailbox(channel, options)


class Mailbox:
    """Two folders. A file is delivered by a hard link to its hidden name, which never overwrites."""

    def __init__(self, channel: str, options: Options) -> None:
        self._faults = Faults(channel)
        self._options = options

    def list(self) -> tuple[Sighting, ...]:
        folder = self._options.collect
        if folder is None:
            return ()
        try:
            with os.scandir(folder) as entries:
                found = [sighting for entry in entries if (sighting := self._sighting(entry)) is not None]
        except OSError as error:
            raise self._fault(error, str(folder), exchange.FOLDER_MISSING, exchange.LIST_DENIED) from error
        return tuple(sorted(found, key=lambda sighting: sighting.name)[: _names.LISTED_MAX])

    def fetch(self, sightings: Sequence[Sighting]) -> Iterator[Fetched]:
        for sighting in _names.one_round(sightings, self._options.files_per_round_max):
            try:
                yield Fetched(sighting, self._read(sighting))
            except GatewayError as fault:
                yield Fetched(sighting, fault=fault)

    def settle(self, sightings: Sequence[Sighting]) -> Iterator[Settled]:
        for sighting in sightings:
            try:
                self._put_away(sighting)
            except GatewayError as fault:
                yield Settled(sighting, fault)
            else:
                yield Settled(sighting)

    def push(self, parcels: Sequence[Parcel]) -> Iterator[Pushed]:
        for parcel in parcels:
            try:
                self._deliver(parcel)
            except GatewayError as fault:
                yield Pushed(parcel, "failed", fault)
            else:
                yield Pushed(parcel, "delivered")

    def look(self) -> bool:
        folder = self._options.deliver
        if folder is None:
            return False
        try:
            if not stat.S_ISDIR(folder.stat().st_mode):
                raise NotADirectoryError(errno.ENOTDIR, "Not a directory", str(folder))
        except OSError as error:
            raise self._fault(error, str(folder), exchange.FOLDER_MISSING, exchange.WRITE_DENIED) from error
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def _sighting(self, entry: os.DirEntry[str]) -> Sighting | None:
        if not _names.wanted(entry.name, self._options.extensions) or not entry.is_file(follow_symlinks=False):
            return None
        with suppress(FileNotFoundError):
            seen = entry.stat(follow_symlinks=False)
            return Sighting(_names.listed(os.fsencode(entry.name)), seen.st_size, _modified(seen))
        return None

    def _read(self, sighting: Sighting) -> bytes:
        self._faults.check_fetchable(sighting, self._options.bytes_per_file_max)
        try:
            with os.fdopen(os.open(self._collected(sighting), os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
                content = file.read(sighting.size_bytes + 1)
        except OSError as error:
            raise self._fault(error, sighting.name, exchange.FILE_GONE, exchange.READ_DENIED) from error
        self._faults.check_whole(sighting, content)
        return content

    def _put_away(self, sighting: Sighting) -> None:
        self._faults.check_name(sighting.name)
        path = self._collected(sighting)
        try:
            seen = path.lstat()
            self._faults.check_same(sighting, Sighting(sighting.name, seen.st_size, _modified(seen)))
            if self._options.after == "move":
                self._move(path, sighting)
            else:
                path.unlink()
        except FileNotFoundError:
            return
        except OSError as error:
            denied = exchange.RENAME_DENIED if self._options.after == "move" else exchange.DELETE_DENIED
            raise self._fault(error, sighting.name, exchange.REFUSED, denied) from error

    def _move(self, path: Path, sighting: Sighting) -> None:
        archive = path.parent / self._options.move_to
        archive.mkdir(exist_ok=True)
        for name in _names.archive_names(sighting.name, sighting.modified):
            with suppress(FileExistsError):
                _rename(path, archive / name)
                return
        raise self._faults.archive_full(sighting, str(archive))

    def _deliver(self, parcel: Parcel) -> None:
        if self._options.deliver is None:
            raise self._faults.no_folder(parcel.name, "deliver to")
        self._faults.check_delivered_name(parcel.name)
        path = self._options.deliver / parcel.name
        hidden = self._options.deliver / _names.part(parcel.name)
        try:
            if _holds(path, parcel.content) is None:
                _write(hidden, parcel.content)
                if (size := hidden.stat().st_size) != len(parcel.content):
                    raise self._faults.size_differs(parcel, size)
                _rename(hidden, path)
        except FileExistsError:
            hidden.unlink(missing_ok=True)
        except OSError as error:
            raise self._fault(error, parcel.name, exchange.FOLDER_MISSING, exchange.WRITE_DENIED) from error
        if _holds(path, parcel.content) is False:
            raise self._faults.name_taken(parcel)

    def _collected(self, sighting: Sighting) -> Path:
        if self._options.collect is None:
            raise self._faults.no_folder(sighting.name, "collect from")
        return self._options.collect / sighting.name

    def _fault(self, error: OSError, what: str, missing: Kind, denied: Kind) -> GatewayError:
        kind = exchange.REFUSED
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            kind = missing
        elif isinstance(error, PermissionError):
            kind = denied
        return kind.error(f"{what}: {error.strerror}", **self._faults.about(what))


def _holds(path: Path, content: bytes) -> bool | None:
    """Whether the file holds these bytes; None when there is no file, no when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(len(content) + 1) == content
    except FileNotFoundError:
        return None
    except OSError:
        return False


def _write(hidden: Path, content: bytes) -> None:
    """Writes a new file: a leftover or a link of that name is never written through."""
    hidden.unlink(missing_ok=True)
    with hidden.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _rename(path: Path, target: Path) -> None:
    """Renames without overwriting, which a plain rename would do here. Raises `FileExistsError`."""
    try:
        target.hardlink_to(path)
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK}:
            raise
        # A disk without hard links: here a look before the rename is the best there is.
        if target.exists():
            raise FileExistsError(errno.EEXIST, "File exists", str(target)) from error
        path.rename(target)
    else:
        try:
            path.unlink()
        except OSError:
            target.unlink()
            raise


def _modified(seen: os.stat_result) -> datetime | None:
    """When the file was changed; a time that no calendar has counts as none."""
    try:
        return datetime.fromtimestamp(seen.st_mtime, UTC)
    except (ValueError, OverflowError, OSError):
        return None
