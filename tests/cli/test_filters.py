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
        (("documents", "--partner", "acmee"), ("'acmee'", "acme", "acme-books")),
        (("documents", "export", "--partner", "acmee", "--to", "nowhere"), ("'acmee'", "acme", "acme-books")),
        (("parcel", "list", "--state", "void "), ("'void '", "queued", "void")),
        (("parcel", "list", "--partner", "acmee"), ("'acmee'", "acme", "acme-books")),
        (("parcel", "list", "--channel", "acmee"), ("'acmee'", "acme")),
        (("orders", "--state", "hold"), ("'hold'", "held", "accepted", "invoiced")),
        (("orders", "--partner", "acmee"), ("'acmee'", "acme", "acme-books")),
        (("issues", "--partner", "acmee"), ("'acmee'", "acme")),
        (("control", "show", "--partner", "acme-books"), ("'acme-books'", "acme")),
        (("control", "gaps", "--partner", "acmee"), ("'acmee'", "acme")),
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
        ("orders", "--state", "partly_shipped"), ("orders", "--partner", "acme-books", "--number", "none"),
        ("documents", "--partner", "acme-books", "--order", "none"), ("issues", "--partner", "acme", "--order", "none"),
        ("parcel", "list", "--channel", "acme", "--order", "none"),
    ],
)
def test_a_word_that_is_known_may_find_nothing(trading: Path, asked: tuple[str, ...]) -> None:
    said = run(*asked, "--dir", trading)
    assert (said.code, said.out.partition(" ")[0]) == (0, "No")


def test_every_state_that_a_document_comes_to_can_be_asked_for(trading: Path) -> None:
    for row in run("documents", "--json", "--dir", trading).rows:
        assert run("documents", "--state", row["state"], "--json", "--dir", trading).rows


def test_every_state_that_an_order_comes_to_can_be_asked_for(trading: Path) -> None:
    rows = run("orders", "--json", "--dir", trading).rows
    assert {row["state"] for row in rows} == {"accepted", "held"}
    for row in rows:
        assert run("orders", "--state", row["state"], "--json", "--dir", trading).rows == [row]


def test_a_channel_whose_partner_is_not_known_yet_can_be_asked_for(house: Path) -> None:
    assert run("issues", "--partner", "acme", "--dir", house).code == 0
    said = run("issues", "--partner", "birch", "--dir", house)
    assert (said.code, "acme" in said.err) == (2, True)
