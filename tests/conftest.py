"""What all tests share: where things stand, and one profile for the properties."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from edi_gateway.store.shelf import DataShelf

ROOT = Path(__file__).resolve().parent.parent

# The same examples each time, so that a run says something about the change and not about luck.
# HYPOTHESIS_PROFILE=search looks for new ones, and longer.
_QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large)
settings.register_profile("steady", derandomize=True, deadline=None, database=None, suppress_health_check=_QUIET)
settings.register_profile("search", deadline=None, max_examples=2000, suppress_health_check=_QUIET)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The top folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def shelf() -> DataShelf:
    """The data that comes with the gateway."""
    return DataShelf()


@pytest.fixture(scope="session")
def samples() -> Path:
    """Real files that others published: not ours to carry, so the tests that read them skip without."""
    folder = (ROOT / os.environ.get("EDI_SAMPLES", "../shared/samples")).resolve()
    if not folder.is_dir():
        pytest.skip(f"no samples at {folder}; EDI_SAMPLES names their folder")
    return folder
