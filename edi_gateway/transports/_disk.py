"""Steps with files on a disk that never overwrite, never follow a link, and tell why they were refused."""

import errno
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from edi_gateway.issues import GatewayError, Kind, exchange
from edi_gateway.transports._faults import Faults


def fault(
    faults: Faults, error: OSError, what: str, missing: Kind, denied: Kind, file: str | None = None
) -> GatewayError:
    """Why a step was refused: what it needs is missing, or a right is, or else the disk's own reason.

    `what` is told in the note; `file` is the file's name where that is another.
    """
    kind = exchange.REFUSED
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        kind = missing
    elif isinstance(error, PermissionError):
        kind = denied
    return kind.error(f"{what}: {error.strerror}", **faults.about(file or what))


def holds(path: Path, content: bytes) -> bool | None:
    """Whether the file holds these bytes; None when there is no file, no when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(len(content) + 1) == content
    except FileNotFoundError:
        return None
    except OSError:
        return False


def write(path: Path, content: bytes) -> None:
    """Writes a new file. Raises `FileExistsError`; what was begun and cannot be finished is taken away again."""
    with path.open("xb") as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            path.unlink(missing_ok=True)
            raise


def finish(path: Path, content: bytes) -> None:
    """Writes on a file that holds the beginning of the content, or makes it; one that holds anything else stays."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666), "r+b") as file:
        there = file.read(len(content) + 1)
        if there != content and content.startswith(there):
            file.write(content[len(there) :])
            file.flush()
            os.fsync(file.fileno())


class BothNamesError(PermissionError):
    """A file has got its new name and could not lose its old one, nor lose the new one again."""


def tidy(hidden: Path) -> None:
    """Takes a hidden name away that an earlier try has left, where there is one and we may."""
    with suppress(OSError):
        hidden.unlink(missing_ok=True)


def rename(path: Path, target: Path) -> None:
    """Renames without overwriting, which a plain rename would do here. Raises `FileExistsError` and `BothNamesError`.

    A file that has both names since an earlier try only loses the old one.
    """
    try:
        target.hardlink_to(path)
    except FileExistsError:
        if not _same(path, target):
            raise
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK}:
            raise
        # A disk without hard links: here a look before the rename is the best there is.
        _replace_none(path, target)
        return
    try:
        path.unlink()
    except OSError as error:
        _take_back(target, error)
        raise


def hide(path: Path, hidden: Path) -> None:
    """Renames to a name that nobody else gives, in one step: it is done or not done. Raises `FileExistsError`."""
    _replace_none(path, hidden)


def _replace_none(path: Path, target: Path) -> None:
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, "File exists", str(target))
    path.rename(target)


def _take_back(target: Path, why: OSError) -> None:
    try:
        target.unlink()
    except OSError:
        raise BothNamesError(why.errno, f"{why.strerror}; it lies there as {target.name} as well") from why


def _same(path: Path, target: Path) -> bool:
    """Whether the two are names of one file; not where one of them is a link to it."""
    try:
        return os.path.samestat(path.lstat(), target.lstat())
    except FileNotFoundError:
        return False


def modified(seen: os.stat_result) -> datetime | None:
    """When the file was changed; a time that no calendar has counts as none."""
    try:
        return datetime.fromtimestamp(seen.st_mtime, UTC)
    except (ValueError, OverflowError, OSError):
        return None
