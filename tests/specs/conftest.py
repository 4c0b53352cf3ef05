"""Every file under `specs/`, read without the program."""

import tomllib
from pathlib import Path

import pytest

from tests.specs.rows import Files

SPECS = Path(__file__).parents[2] / "specs"


@pytest.fixture(scope="session")
def specs() -> Path:
    return SPECS


@pytest.fixture(scope="session")
def files() -> Files:
    """Every file under `specs/`, parsed, by its path such as `850/004010.toml`."""
    return {path.relative_to(SPECS).as_posix(): tomllib.loads(path.read_text()) for path in SPECS.rglob("*.toml")}
