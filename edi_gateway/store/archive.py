"""Every byte in and out, under its SHA-256, never altered."""

import hashlib
import os
import threading
from pathlib import Path

from edi_gateway.issues import internal


class FileArchive:
    """A folder of files named by their digest, two levels deep."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, content: bytes) -> str:
        """Durable when this returns: written beside, synced, renamed, and the folder synced.

        Raises `GatewayError` (`internal.archive-unwritable`).
        """
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        try:
            if not path.is_file() or path.stat().st_size != len(content):
                self._write(path, content)
        except OSError as error:
            raise internal.ARCHIVE_UNWRITABLE.error(f"{path} cannot be written: {error.strerror}") from error
        return digest

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.part")
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(path)
        for folder in (path.parent, path.parent.parent, self.folder):
            _sync(folder)

    def read(self, digest: str) -> bytes:
        """The bytes, checked against their digest. Raises `GatewayError` (`internal.archive-lost`)."""
        try:
            content = self.path(digest).read_bytes()
        except OSError as error:
            raise internal.ARCHIVE_LOST.error(f"{self.path(digest)} cannot be read: {error.strerror}") from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise internal.ARCHIVE_LOST.error(f"{self.path(digest)} holds other bytes than its name says")
        return content

    def path(self, digest: str) -> Path:
        """Where the bytes lie."""
        return self.folder / digest[:2] / digest[2:4] / digest


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
