"""What tells that the files have changed that a gateway goes by."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edi_gateway.store.stamps import stamp

NAMES = ("mappings",)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "mappings/partners/birch/partner.toml"
    file.parent.mkdir(parents=True)
    file.write_text("", "utf-8")
    return file


def test_a_change_of_nothing_but_the_rights_is_a_change(tmp_path: Path, file: Path) -> None:
    before = stamp(tmp_path, NAMES)
    assert stamp(tmp_path, NAMES) == before
    file.chmod(0)
    assert stamp(tmp_path, NAMES) != before


def test_a_folder_that_vanishes_while_it_is_looked_into_is_left_out(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look: Callable[..., Any] = os.scandir

    def look_too_late(folder: Any) -> Any:
        if Path(folder) == file.parent and file.exists():
            file.unlink()
            file.parent.rmdir()
        return look(folder)

    before = stamp(tmp_path, NAMES)
    monkeypatch.setattr(os, "scandir", look_too_late)
    assert stamp(tmp_path, NAMES) != before
