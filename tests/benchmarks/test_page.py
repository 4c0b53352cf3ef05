"""The page that the benchmarks print."""

import string

from benchmarks.__main__ import PAGE


def test_each_word_in_braces_on_the_page_is_a_place_for_figures() -> None:
    """Any other ends the benchmarks after all is measured."""
    places = {name for _, name, _, _ in string.Formatter().parse(PAGE.read_text("utf-8")) if name is not None}
    assert {name for name in places if not name.isidentifier()} == set()
