"""Lays a change over a copy of the project and runs the change's own tests there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
COPIED = ("pyproject.toml", "README.md", "LICENSE", "edi_gateway", "specs", "mappings", "fixtures", "tests", "docs")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".*_cache", ".hypothesis")


class OverwritesError(AssertionError):
    """A change would replace files of the project, so it is no addition."""


def lay(change: Path, copy: Path) -> tuple[str, ...]:
    """Copies the project and puts the change's files into the copy; returns their paths, sorted.

    Raises `OverwritesError` before a single file of the change is laid.
    """
    copy.mkdir(parents=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=_LEFT_OUT)
        elif source.is_file():
            shutil.copy(source, copy / name)
    files = sorted(path.relative_to(change) for path in change.rglob("*") if path.is_file() and path.suffix != ".pyc")
    taken = [str(file) for file in files if (copy / file).exists()]
    if taken:
        raise OverwritesError(f"{change} would overwrite {', '.join(taken)}")
    for file in files:
        (copy / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(change / file, copy / file)
    return tuple(file.as_posix() for file in files)


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`python ARGUMENTS` in the copy, whose program is then the one that is found."""
    ours = ("PYTEST_", "EDI_GATEWAY_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=copy, env={**environment, "PYTHONPATH": str(copy)},
        capture_output=True, text=True, check=False, timeout=300, stdin=subprocess.DEVNULL,
    )
