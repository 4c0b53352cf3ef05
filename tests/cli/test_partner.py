"""Partners and price lists."""

from pathlib import Path

import pytest

from edi_gateway.issues import command, exchange, trade
from tests.cli.program import add_acme, run

AGREEMENT = {"id", "name", "ours", "theirs", "our_group", "their_group", "usage", "guide", "channel", "partnerships"}
PARTNERSHIP = {"id", "name", "reference", "role", "price_list", "currency", "answer"}


def test_a_partner_is_added_and_listed(house: Path) -> None:
    (added,) = add_acme(house, "--json").rows
    (listed,) = run("partner", "list", "--json", "--dir", house).rows
    assert added == listed
    assert set(listed) == AGREEMENT
    assert set(listed["partnerships"][0]) == PARTNERSHIP
    assert (listed["our_group"], listed["their_group"], listed["usage"]) == ("SELLER", "ACME", "production")
    text = run("partner", "list", "--dir", house).out
    assert "acme-books" in text
    assert "ZZ:ACME" in text


def test_asking_again_adds_another_partnership_and_changes_only_what_is_given(house: Path) -> None:
    add_acme(house, "--reference", "70012")
    (row,) = run("partner", "add", "acme", "--usage", "both", "--partnership", "acme-toys", "--reference", "70013",
                 "--json", "--dir", house).rows
    assert (row["theirs"], row["usage"]) == ("ZZ:ACME", "both")
    assert [(one["name"], one["reference"]) for one in row["partnerships"]] == [
        ("acme-books", "70012"), ("acme-toys", "70013"),
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--ours", "SELLER"], "QUALIFIER:ID"),
        (["--channel", "nowhere"], "nowhere"),
        (["--guide", "nobody"], "nobody"),
        (["--usage", "sometimes"], "sometimes"),
        (["--reference", "70012"], "--partnership"),
    ],
)
def test_what_cannot_be_added_is_told_in_one_line(house: Path, arguments: list[str], says: str) -> None:
    needed = ("--ours", "ZZ:SELLER", "--theirs", "ZZ:ACME", "--channel", "acme")
    said = run("partner", "add", "acme", *needed, *arguments, "--dir", house)
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert says in said.err
    assert said.err.startswith((trade.PARTNER_FAULTY.title, "Invalid value"))
    assert run("partner", "list", "--json", "--dir", house).rows == []


def test_an_empty_list_says_how_to_go_on(house: Path) -> None:
    assert "partner add" in run("partner", "list", "--dir", house).out


PRICES = "product_kind,product_id,price,currency\nupc,700000000001,4.5,USD\nupc,700000000002,5,USD\n"


@pytest.mark.parametrize("content", [PRICES, "\ufeff" + PRICES, PRICES.replace(",", ";"), PRICES.replace("\n", "\r\n")])
def test_a_price_list_is_imported_in_the_forms_spreadsheets_write(house: Path, content: str) -> None:
    (house / "list.csv").write_bytes(content.encode())
    said = run("prices", "import", house / "list.csv", "--list", "list", "--json", "--dir", house)
    assert said.rows == [{"list": "list", "prices": 2}]


def test_a_price_list_may_come_on_standard_input(house: Path) -> None:
    said = run("prices", "import", "-", "--list", "list", "--dir", house, given=PRICES.encode())
    assert (said.code, "2 prices" in said.out) == (0, True)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "product_kind"),
        (b"product_kind,product_id,price\nupc,1,2\n", "currency"),
        (PRICES.encode() + b"upc,3,much,USD\n", trade.PRICES_FAULTY.title),
        (b"\xff\xfe", command.TABLE_FAULTY.title),
        (PRICES.encode() + b'upc,"' + b"x" * 200_000 + b'",1,USD\n', "line"),
    ],
)
def test_a_table_with_a_fault_is_refused_as_a_whole(house: Path, content: bytes, says: str) -> None:
    said = run("prices", "import", "-", "--list", "list", "--dir", house, given=content)
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert says in said.err


def test_a_price_list_that_is_not_there_is_told_in_one_line(house: Path) -> None:
    said = run("prices", "import", house / "nothing.csv", "--list", "list", "--dir", house)
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert "nothing.csv" in said.err


def test_what_waits_for_a_channel_that_is_gone_goes_over_the_one_that_the_agreement_is_given(trading: Path) -> None:
    """And what is sent again afterwards as well."""
    configuration = (trading / "gateway.toml").read_text("utf-8")
    (trading / "gateway.toml").write_text(configuration.replace("[channels.acme]", "[channels.birch]"), "utf-8")
    for file in (trading / "mailbox/in").iterdir():
        file.unlink()
    assert run("orders", "answer", "PO-2", "--accept", "--dir", trading).code == 0
    run("poll", "--dir", trading)
    assert exchange.CHANNEL_UNKNOWN.code in {row["kind"] for row in run("issues", "--json", "--dir", trading).rows}
    assert run("partner", "add", "acme", "--channel", "birch", "--dir", trading).code == 0
    assert not run("issues", "--json", "--dir", trading).rows
    assert run("resend", "2", "--dir", trading).code == 0
    run("poll", "--dir", trading)
    assert sorted(file.name.split("_")[1] for file in (trading / "mailbox/in").iterdir()) == ["855", "997"]
