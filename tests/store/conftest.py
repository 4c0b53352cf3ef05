"""A real database in a folder of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edi_gateway.store.migrate import migrate
from edi_gateway.store.sql import SqlStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(f"sqlite:///{tmp_path / 'gateway.sqlite'}")
    with store.unit() as unit:
        migrate(unit.connection)
    yield store
    store.close()
