"""Many files made durable by one sync: their bytes one behind the other in a page, until each is on the disk itself."""

import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

SUFFIX = ".page"
_PART = ".part"
_HEAD = "{digest} {size}\n"
_HEAD_BYTES_MAX = 100


class Pages:
    """A folder of pages. A page that is not whole was never told to anybody, and holds nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, contents: Mapping[str, bytes]) -> None:
        """The bytes by their digest, durable when this returns. Raises `OSError`."""
        beside = self.beside()
        path = beside.with_suffix(SUFFIX)
        with beside.open("xb") as file:
            for digest, content in contents.items():
                file.write(_HEAD.format(digest=digest, size=len(content)).encode())
                file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(path)
        sync(self._folder)

    def beside(self) -> Path:
        """A new name in the folder for what is being written, which is made when it is missing. Raises `OSError`."""
        if not self._folder.is_dir():
            self._folder.mkdir(parents=True, exist_ok=True)
            sync(self._folder.parent)
        return self._folder / f"{secrets.token_hex(8)}{_PART}"

    def sweep(self, seconds: float, now: float) -> None:
        """Removes what somebody began to write so long ago and never ended: they were killed. Raises `OSError`."""
        for path, written in self._written(_PART):
            if abs(now - written) >= seconds:
                path.unlink(missing_ok=True)

    def older_than(self, seconds: float, now: float) -> Sequence[Path]:
        """The pages written so long before `now`, in seconds of the machine's clock; without a folder, none."""
        return [path for path, written in self._written() if abs(now - written) >= seconds]

    def find(self, digest: str) -> bytes | None:
        """The bytes of that digest, None where no page holds them."""
        for path, _ in self._written():
            for found, content in entries(path):
                if found == digest:
                    return content
        return None

    def _written(self, suffix: str = SUFFIX) -> Iterator[tuple[Path, float]]:
        """Each with its time. One that goes meanwhile is passed over, and hides none of the others."""
        try:
            with os.scandir(self._folder) as found:
                paths = [Path(entry.path) for entry in found if entry.name.endswith(suffix)]
        except FileNotFoundError:
            return
        for path in paths:
            with suppress(FileNotFoundError):
                yield path, path.stat().st_mtime


def entries(path: Path) -> Iterator[tuple[str, bytes]]:
    """What a page holds, by digest; what does not answer to its digest is passed over, a page that is gone is empty."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        while head := file.readline(_HEAD_BYTES_MAX):
            digest, _, size = head.decode("ascii", "replace").rstrip("\n").partition(" ")
            if not size.isdigit():
                return
            content = file.read(int(size))
            if hashlib.sha256(content).hexdigest() == digest:
                yield digest, content


def sync(folder: Path) -> None:
    """Makes what a folder lists durable. Raises `OSError`."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
