"""Every byte in and out, under its SHA-256, never altered."""

import hashlib
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

from edi_gateway.issues import archive, internal
from edi_gateway.store.pages import Pages, entries, sync

PAGE_SECONDS = 60.0
"""How long a page stays: by then the machine has written the files by itself, and syncing them costs little."""
_PAGE_FILES_MIN = 3
_CHUNK_BYTES = 1 << 20
_ERASED = ".erased"
"""What a file's name ends in that tells of bytes which were here. It stays; bytes that come again lie beside it."""

Condition = Literal["whole", "missing", "altered", "erased"]


class FileArchive:
    """A folder of files named by their digest, in a folder each for its first two digits."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pages = Pages(folder / ".pages")

    def keep(self, content: bytes) -> str:
        """Durable when this returns: written beside, synced, renamed, and the folder synced.

        Raises `GatewayError` (`internal.archive-unwritable`).
        """
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        try:
            if not self._holds(digest, len(content)):
                self._write(path, content)
        except OSError as error:
            raise internal.ARCHIVE_UNWRITABLE.error(f"{path} cannot be written: {error.strerror}") from error
        return digest

    def keep_page(self, contents: Sequence[bytes]) -> tuple[str, ...]:
        """The same for many: a page of all of them is synced, and each has a file of its own that is synced later.

        Raises `GatewayError` (`internal.archive-unwritable`).
        """
        digests = tuple(hashlib.sha256(content).hexdigest() for content in contents)
        by_digest = dict(zip(digests, contents, strict=True))
        fresh = {digest: content for digest, content in by_digest.items() if not self._holds(digest, len(content))}
        if len(fresh) < _PAGE_FILES_MIN:
            return tuple(self.keep(content) for content in contents)
        try:
            self._pages.write(fresh)
            for digest, content in fresh.items():
                _lay(self.path(digest), content)
        except OSError as error:
            raise internal.ARCHIVE_UNWRITABLE.error(f"{self.folder} cannot be written: {error.strerror}") from error
        return digests

    def tidy(self, seconds: float = PAGE_SECONDS) -> None:
        """Removes the pages older than that, once each file in them is durable by itself, and what was never ended.

        Raises `GatewayError` (`internal.archive-unwritable`).
        """
        try:
            for page in self._pages.older_than(seconds, time.time()):
                self._settle(dict(entries(page)))
                page.unlink(missing_ok=True)
            self._pages.sweep(seconds, time.time())
        except OSError as error:
            raise internal.ARCHIVE_UNWRITABLE.error(f"{self.folder} cannot be written: {error.strerror}") from error

    def _settle(self, contents: Mapping[str, bytes]) -> None:
        """Makes the file of each durable; what a power cut has taken from it comes from the page again."""
        folders: set[Path] = set()
        for digest, content in contents.items():
            path = self.path(digest)
            if _read(path) != content:
                self._write(path, content)
            else:
                sync(path)
                folders.update((path.parent, self.folder))
        for folder in sorted(folders):
            sync(folder)

    def _holds(self, digest: str, size_bytes: int) -> bool:
        with suppress(OSError):
            return self.path(digest).stat().st_size == size_bytes
        return False

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._pages.beside()
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(path)
        for folder in (path.parent, self.folder):
            sync(folder)

    def read(self, digest: str) -> bytes:
        """The bytes, checked against their digest.

        Raises `GatewayError`: `archive.erased`, `internal.archive-lost`.
        """
        try:
            content = self.path(digest).read_bytes()
        except OSError as error:
            if (paged := self._pages.find(digest)) is not None:
                return paged
            if self._told_erased(digest):
                raise archive.ERASED.error(f"the bytes under {digest} were erased") from error
            raise internal.ARCHIVE_LOST.error(f"{self.path(digest)} cannot be read: {error.strerror}") from error
        if hashlib.sha256(content).hexdigest() != digest:
            if (paged := self._pages.find(digest)) is not None:
                return paged
            raise internal.ARCHIVE_LOST.error(f"{self.path(digest)} holds other bytes than its name says")
        return content

    def condition(self, digest: str) -> Condition:
        """How the bytes of a digest are, hashed anew; a page that still holds them makes them whole."""
        try:
            with self.path(digest).open("rb") as file:
                counted = hashlib.sha256()
                while chunk := file.read(_CHUNK_BYTES):
                    counted.update(chunk)
        except OSError:
            found: Condition = "erased" if self._told_erased(digest) else "missing"
        else:
            found = "whole" if counted.hexdigest() == digest else "altered"
        if found in ("missing", "altered") and self._pages.find(digest) is not None:
            return "whole"
        return found

    def erase(self, digest: str) -> None:
        """Removes the bytes for ever; that they were here is told from then on. Doing it twice does no harm.

        Raises `GatewayError` (`internal.archive-unwritable`).
        """
        path = self.path(digest)
        if self._pages.find(digest) is not None:
            self.tidy(0)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_name(path.name + _ERASED).touch()
            sync(path.parent)
            path.unlink(missing_ok=True)
            sync(path.parent)
        except OSError as error:
            raise internal.ARCHIVE_UNWRITABLE.error(f"{path} cannot be removed: {error.strerror}") from error

    def held(self, prefix: str) -> Iterator[tuple[str, Path]]:
        """The names of the files in the part of the archive whose digests begin with these two digits.

        What tells of erased bytes, and what is being written, is left out.
        """
        for path in sorted((self.folder / prefix).rglob("*")):
            if path.is_file() and not path.name.startswith(".") and not path.name.endswith(_ERASED):
                yield path.name, path

    def _told_erased(self, digest: str) -> bool:
        path = self.path(digest)
        return path.with_name(path.name + _ERASED).exists()

    def path(self, digest: str) -> Path:
        """Where the bytes lie."""
        return Path(f"{self.folder}/{digest[:2]}/{digest}")


def _lay(path: Path, content: bytes) -> None:
    """Writes a file in haste: whoever finds it half-written finds its bytes in their page."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    try:
        handle = os.open(path, flags, 0o644)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, flags, 0o644)
    try:
        while content:
            content = content[os.write(handle, content):]
    finally:
        os.close(handle)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
