"""A new house."""

from pathlib import Path

import pytest

from edi_gateway import settings
from tests.cli.program import run


def test_a_new_house_has_a_configuration_that_loads(tmp_path: Path) -> None:
    said = run("init", tmp_path / "a" / "b")
    assert said.code == 0
    assert "run --dir" in said.out
    assert settings.load(tmp_path / "a" / "b").channels == {}
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["gateway.toml"]


def test_the_folder_may_be_the_one_we_are_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("init").code == 0
    assert run("documents").code == 0


@pytest.mark.parametrize("left", ["gateway.toml", "gateway.sqlite", "archive"])
def test_a_used_folder_is_refused_and_left_as_it_is(tmp_path: Path, left: str) -> None:
    (tmp_path / left).write_bytes(b"")
    said = run("init", "--dir", tmp_path)
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert (tmp_path / left).read_bytes() == b""


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    said = run("init", tmp_path / "file" / "new")
    assert (said.code, said.err.count("\n")) == (2, 1)
