"""The laws hold for what is there, for what is made of it here, and for what the fuzzer makes of it in its time."""

import importlib.util
import os
import subprocess
import sys
import zlib
from functools import cache
from pathlib import Path

import pytest

from edi_gateway.x12 import elements
from tests.fuzz.laws import Laws, cut
from tests.fuzz.mutator import Mutator, draft, mend
from tests.fuzz.shrink import shrink, sign

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "x12"
FILES = sorted(FOLDER.rglob("*.edi"))
SECONDS = int(os.environ.get("EDI_FUZZ_SECONDS") or ("60" if os.environ.get("CI") == "true" else "10"))
SIZE_MAX = 20_000


@cache
def laws() -> Laws:
    return Laws(FOLDER)


@cache
def mutator() -> Mutator:
    return Mutator(file.read_bytes() for file in FILES)


@pytest.mark.parametrize("folder", sorted({file.relative_to(FOLDER).parts[0] for file in FILES}))
def test_each_fixture_keeps_every_law(folder: str) -> None:
    for file in FILES:
        if file.is_relative_to(FOLDER / folder):
            assert sign(laws().hold, file.read_bytes()) is None, file


@pytest.mark.parametrize("folder", sorted({file.relative_to(FOLDER).parts[0] for file in FILES}))
def test_changed_fixtures_keep_every_law(folder: str) -> None:
    """The same changes each time; the fuzzer makes others, and makes more of those that lead somewhere."""
    for file in FILES:
        if file.is_relative_to(FOLDER / folder):
            content = file.read_bytes()
            changed = mutator().mutate(content, SIZE_MAX, zlib.crc32(content))
            assert sign(laws().hold, changed) is None, (file, changed)


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is missing: make .venv/fuzz.stamp")
def test_the_fuzzer_finds_nothing(root: Path, tmp_path: Path) -> None:
    found = tmp_path / "found"
    options = ["--seconds", str(SECONDS), "--found", str(found), str(tmp_path / "corpus")]
    run = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", *options],
        cwd=root, capture_output=True, text=True, timeout=SECONDS + 300, check=False,
    )
    assert run.returncode in (0, 1), run.stderr[-2000:]
    assert [(file.read_bytes(), file.with_suffix(".txt").read_text("utf-8")) for file in found.glob("*.edi")] == []
    assert run.returncode == 0, run.stderr[-2000:]


def test_a_law_that_is_broken_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    content = next(file for file in FILES if file.parent.name == "fail" and "element" in file.name).read_bytes()
    monkeypatch.setattr(elements, "faults", lambda *_: iter(()))
    assert sign(laws().hold, content) is not None


def test_what_breaks_is_made_as_small_as_it_can_be() -> None:
    content = next(file for file in FILES if file.name.startswith("many-lines")).read_bytes()
    kept = [row for row in (b"ISA*", b"CTT*") if row in content]
    small = shrink(content, lambda less: all(row in less for row in kept))
    assert small == b"".join(kept)


def test_a_change_follows_from_its_seed_and_keeps_to_its_size() -> None:
    content = FILES[0].read_bytes()
    made = [mutator().mutate(content, 300, seed) for seed in range(50)]
    assert made == [mutator().mutate(content, 300, seed) for seed in range(50)]
    assert max(map(len, made)) <= 300
    assert len(set(made)) > 40


def test_mending_changes_nothing_where_nothing_is_wrong() -> None:
    for file in FOLDER.glob("[0-9]*/pass/whole-*.edi"):
        content = file.read_bytes()
        made = draft(content)
        mend(made)
        assert made.joined() == content, file


def test_chunks_are_the_file_again() -> None:
    content = FILES[0].read_bytes()
    assert b"".join(cut(content)) == content
    assert all(cut(content))
