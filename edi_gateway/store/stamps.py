"""What the files that a gateway goes by looked like when it last went by them."""

import os
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

KNOWN = "gateway.files"
"""The file beside the books that remembers it, so that a change is seen which was made while nothing ran."""


def stamp(directory: Path, names: tuple[str, ...]) -> str:
    """Changes with the time, size or rights of any of the files of those names, and of any in a folder of those names.

    What vanishes meanwhile, or cannot be looked into, is left out.
    """
    found = []
    for name in names:
        for file in (directory / name, *_below(directory / name)):
            with suppress(OSError):
                seen = file.stat()
                # Where only the rights of a file change, or its bytes alone, nothing but this one tells.
                found.append((os.path.relpath(file, directory), seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size))
    return sha256(repr(sorted(found)).encode()).hexdigest()


def _below(folder: Path) -> Iterator[Path]:
    for within, folders, files in os.walk(folder):
        yield from (Path(within, name) for name in (*folders, *files))


def known(directory: Path) -> str | None:
    """The stamp that was remembered last."""
    with suppress(OSError):
        return (directory / KNOWN).read_text("ascii")
    return None


def remember(directory: Path, now: str) -> None:
    """Remembers a stamp. Where it cannot be written, what waits for a change goes on once more than it needs to."""
    with suppress(OSError):
        beside = directory / f"{KNOWN}.{os.getpid()}"
        beside.write_text(now, "ascii")
        beside.replace(directory / KNOWN)
