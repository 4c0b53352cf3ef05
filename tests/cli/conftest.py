"""A house for each test."""

import shutil
from pathlib import Path

import pytest

from tests.cli import program


@pytest.fixture(scope="session")
def new_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house that each test gets a copy of."""
    return program.house(tmp_path_factory.mktemp("new") / "house")


@pytest.fixture
def house(new_house: Path, tmp_path: Path) -> Path:
    """A new house with the channel acme and nobody known."""
    return shutil.copytree(new_house, tmp_path / "house")


@pytest.fixture(scope="session")
def trading_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house in trade that each test gets a copy of."""
    return program.trade(program.house(tmp_path_factory.mktemp("trading") / "house"))


@pytest.fixture
def trading(trading_house: Path, tmp_path: Path) -> Path:
    """A house with a partner and prices, one order accepted and one held for its price."""
    return shutil.copytree(trading_house, tmp_path / "trading")
