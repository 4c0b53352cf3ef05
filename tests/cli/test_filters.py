"""A word to filter by that nobody knows is told from one under which nothing stands."""

from pathlib import Path

import pytest

from tests.cli.program import run


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("documents", "--state", "hold"), ("'hold'", "held", "answered", "superseded")),
        (("documents", "--set", "85O"), ("'85O'", "850", "855", "997")),
        (("documents", "--direction", "inn"), ("inn", "in", "out")),
        (("documents", "export", "--set", "85O", "--to", "nowhere"), ("'85O'", "850")),
        (("parcel", "list", "--state", "void "), ("'void '", "queued", "void")),
        (("issues", "--kind", "trade.price-difers"), ("'trade.price-difers'", "trade.price-differs")),
        (("issues", "--kind", "prices"), ("'prices'", "docs/issues.md")),
    ],
)
def test_a_word_that_nobody_knows_is_named_with_those_there_are(
    trading: Path, asked: tuple[str, ...], told: tuple[str, ...]
) -> None:
    said = run(*asked, "--dir", trading)
    assert (said.code, said.out) == (2, "")
    assert all(word in said.err for word in told), said.err


@pytest.mark.parametrize(
    "asked",
    [
        ("documents", "--state", "reopened"), ("documents", "--set", "810"), ("documents", "--set", "TA1"),
        ("issues", "--kind", "internal.bug"), ("parcel", "list", "--state", "superseded"),
    ],
)
def test_a_word_that_is_known_may_find_nothing(trading: Path, asked: tuple[str, ...]) -> None:
    said = run(*asked, "--dir", trading)
    assert (said.code, said.out.partition(" ")[0]) == (0, "No")


def test_every_state_that_a_document_comes_to_can_be_asked_for(trading: Path) -> None:
    for row in run("documents", "--json", "--dir", trading).rows:
        assert run("documents", "--state", row["state"], "--json", "--dir", trading).rows
