"""What the files that a gateway goes by looked like when it last went by them."""

import os
from contextlib import suppress
from hashlib import sha256
from itertools import chain
from pathlib import Path

KNOWN = "gateway.files"
"""The file beside the books that remembers it, so that a change is seen which was made while nothing ran."""


def stamp(directory: Path, names: tuple[str, ...]) -> str:
    """Changes with the time or size of any of the files of those names, and of any in a folder of those names."""
    found = []
    for name in names:
        place = directory / name
        # What is taken away meanwhile is passed over, a folder too.
        for file in (place, *(Path(at, one) for at, *inside in os.walk(place) for one in chain(*inside))):
            with suppress(OSError):
                seen = file.stat()
                found.append((str(file.relative_to(directory)), seen.st_mtime_ns, seen.st_size))
    return sha256(repr(sorted(found)).encode()).hexdigest()


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
