"""Books for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reports.books import Books


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    books = Books(tmp_path)
    yield books
    books.store.close()
