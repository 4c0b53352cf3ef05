"""A set of any size is judged by a process that stays small."""

import pytest

from benchmarks import inputs, memory

ITEMS = 100_000
"""Ten times as many as the standard allows in one set."""


@pytest.mark.parametrize(("widened", "expected"), [(False, "rejected, 1 finding"), (True, "accepted, 0 findings")])
def test_a_set_of_a_hundred_thousand_items_is_judged_within_64_megabytes(widened: bool, expected: str) -> None:
    peak, said = memory.of(inputs.feeds(0, items=ITEMS), widened=widened)
    assert said == expected
    assert 10 < peak < 64


def test_a_large_set_that_is_all_wrong_takes_no_more() -> None:
    content = b"".join(inputs.feeds(0, items=ITEMS // 5)).replace(b"*EA~", b"*EA*X~REF*A*B~")
    peak, said = memory.of([content])
    assert said == "rejected, 1001 findings"
    assert 10 < peak < 64
