"""The codec keeps its lead: ratios to a bare split in the same run, with generous room for slow machines."""

import tempfile

import pytest

from benchmarks import inputs
from benchmarks.__main__ import finished
from benchmarks.codec import steps, timed


@pytest.mark.slow
@pytest.mark.parametrize("content", [inputs.orders(0.5), inputs.varied_orders(0.5)], ids=["one shape", "many shapes"])
def test_validation_takes_less_than_twelve_times_a_bare_split(content: bytes) -> None:
    times = timed(steps([content], nouns=False), 5)
    assert times["validate"] < 12 * times["split"]


@pytest.mark.slow
def test_a_process_that_validates_large_sets_stays_below_64_megabytes() -> None:
    with tempfile.NamedTemporaryFile(suffix=".edi") as file:
        for chunk in inputs.feeds(5):
            file.write(chunk)
        file.flush()
        _, peak = finished("-m", "edi_gateway", "validate", file.name)
    assert 10 < peak < 64


def test_the_same_seed_gives_the_same_documents() -> None:
    assert inputs.orders(0.01, 7) == inputs.orders(0.01, 7) != inputs.orders(0.01, 8)
