"""The files a command is given, `-` being standard input."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import cast

from edi_gateway.issues import GatewayError, command

CHUNK_BYTES = 1 << 20


@contextmanager
def opened(name: str) -> Iterator[Iterator[bytes]]:
    """The file's bytes, a chunk at a time. Raises `GatewayError` (`command.file-unreadable`), at any chunk."""
    if name == "-":
        yield _chunks(cast(BufferedReader, sys.stdin.buffer), name)
        return
    try:
        file = open(name, "rb")  # noqa: PTH123, SIM115 - a name may be anything the system takes.
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from error
    with file:
        yield _chunks(file, name)


def content(name: str) -> bytes:
    """The whole file. Raises `GatewayError` (`command.file-unreadable`)."""
    with opened(name) as chunks:
        return b"".join(chunks)


def write_new(name: Path, content: bytes) -> None:
    """Writes a file that is not there yet. Raises `GatewayError` (`command.file-unwritable`)."""
    try:
        with name.open("xb") as file:
            file.write(content)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise command.FILE_UNWRITABLE.error(f"{name}: {why}", file=str(name)) from error


def _chunks(file: BufferedReader, name: str) -> Iterator[bytes]:
    while True:
        try:
            chunk = file.read1(CHUNK_BYTES)
        except OSError as error:
            raise _unreadable(name, error) from error
        if not chunk:
            return
        yield chunk


def _unreadable(name: str, error: Exception) -> GatewayError:
    return command.FILE_UNREADABLE.error(f"{name}: {getattr(error, 'strerror', None) or error}", file=name)
