"""A stage for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edi_gateway.flows import collecting
from tests.flows.stage import Stage


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(collecting, "STILL_SECONDS", 0.01)
    stage = Stage(tmp_path)
    with stage.closing:
        yield stage
