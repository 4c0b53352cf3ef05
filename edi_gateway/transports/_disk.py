"""Steps with files on a disk that never overwrite, never follow a link, and tell why they were refused."""

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

from edi_gateway.issues import GatewayError, Kind, exchange
from edi_gateway.transports._faults import Faults


def fault(faults: Faults, error: OSError, what: str, missing: Kind, denied: Kind) -> GatewayError:
    """Why a step was refused: what it needs is missing, or a right is, or else the disk's own reason."""
    kind = exchange.REFUSED
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        kind = missing
    elif isinstance(error, PermissionError):
        kind = denied
    return kind.error(f"{what}: {error.strerror}", **faults.about(what))


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


def rename(path: Path, target: Path) -> None:
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


def modified(seen: os.stat_result) -> datetime | None:
    """When the file was changed; a time that no calendar has counts as none."""
    try:
        return datetime.fromtimestamp(seen.st_mtime, UTC)
    except (ValueError, OverflowError, OSError):
        return None
