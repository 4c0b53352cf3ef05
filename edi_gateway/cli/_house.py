"""The books of the house in a folder, for commands that read or act."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from edi_gateway import wiring
from edi_gateway.flows.house import House
from edi_gateway.store.archive import FileArchive
from edi_gateway.store.sql import SqlStore


@contextmanager
def books(directory: Path) -> Iterator[Connection]:
    """A reader's view of the books. Raises what `wiring.open_house` raises."""
    with wiring.open_house(directory) as house, view(house) as connection:
        yield connection


def archived(directory: Path, digest: str | None) -> str | None:
    """Where the bytes of that digest lie, None where there are none."""
    return str(FileArchive(directory.absolute() / "archive").path(digest)) if digest else None


@contextmanager
def view(house: House) -> Iterator[Connection]:
    """A reader's view of an open house."""
    assert isinstance(house.store, SqlStore)
    with house.store.view() as connection:
        yield connection
