"""Locks that all threads and processes of one house share, as files that the system unlocks when their holder dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edi_gateway.issues import internal


class FileLocks:
    """A folder with one empty file a lock. Each hold opens the file anew, so that threads wait for each other too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def hold(self, name: str, wait: bool = True) -> Iterator[bool]:
        """Waits for the lock of that name, unless told not to. Says whether it is held.

        Raises `GatewayError` (`internal.database-unusable`).
        """
        path = self.folder / f"{name}.lock"
        try:
            self.folder.mkdir(exist_ok=True)
            file = path.open("ab")
        except OSError as error:
            raise internal.DATABASE_UNUSABLE.error(f"{path} cannot be written: {error.strerror}") from error
        with file:
            held = True
            try:
                fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                held = False
            yield held
