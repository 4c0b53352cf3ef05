"""Documents, orders and issues, from a file that arrived to a person's decision."""

from pathlib import Path

import pytest

from edi_gateway.issues import command, trade
from tests.cli.program import PRICES, add_acme, run, turn
from tests.flows.stage import envelope, order
from tests.reports.test_documents import KEYS as DOCUMENT

ISSUE = {
    "id", "kind", "title", "severity", "count", "partner", "document", "order", "channel", "opened", "last_seen",
    "state", "resolution",
}


def test_documents_are_listed_with_the_keys_that_were_promised(trading: Path) -> None:
    rows = run("documents", "--json", "--dir", trading).rows
    assert all(set(row) == DOCUMENT for row in rows)
    assert {(row["direction"], row["set"], row["state"], row["order"]) for row in rows} == {
        ("in", "850", "answered", "PO-1"), ("out", "855", "delivered", "PO-1"), ("in", "850", "posted", "PO-2"),
        ("out", "997", "delivered", None),
    }
    assert {row["partner"] for row in rows} == {"acme"}
    assert all(row["at"].endswith("Z") for row in rows)


def test_documents_are_filtered(trading: Path) -> None:
    assert len(run("documents", "--order", "PO-1", "--json", "--dir", trading).rows) == 2
    assert len(run("documents", "--set", "997", "--direction", "out", "--json", "--dir", trading).rows) == 2
    assert len(run("documents", "--last", "1", "--json", "--dir", trading).rows) == 1
    assert run("documents", "--partner", "acme", "--order", "none", "--dir", trading).out == "No documents.\n"
    text = run("documents", "--state", "posted", "--dir", trading).out
    assert ("PO-2" in text, "PO-1" in text) == (True, False)


def test_one_document_is_shown_in_full_with_its_archived_bytes(trading: Path) -> None:
    (row,) = run("documents", "--order", "PO-1", "--direction", "in", "--json", "--dir", trading).rows
    (shown,) = run("documents", row["id"], "--json", "--dir", trading).rows
    assert shown["document"]["number"] == "PO-1"
    assert Path(shown["archived"]).read_text("utf-8") == envelope(order("PO-1"))
    assert "PO-1" in run("documents", row["id"], "--dir", trading).out
    said = run("documents", "999", "--dir", trading)
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert said.err.startswith(command.DOCUMENT_UNKNOWN.title)


def test_orders_are_listed_with_what_was_answered(trading: Path) -> None:
    rows = run("orders", "--json", "--dir", trading).rows
    assert all(set(row) == {"id", "partner", "number", "release", "state", "lines"} for row in rows)
    assert [(row["number"], row["state"]) for row in rows] == [("PO-1", "accepted"), ("PO-2", "held")]
    assert [line["answers"][0]["decision"] for line in rows[0]["lines"]] == ["accepted", "accepted"]
    assert "2 not answered" in run("orders", "--dir", trading).out
    assert "700000000001" in run("orders", "--number", "PO-1", "--dir", trading).out


def test_issues_are_listed_with_the_keys_that_were_promised(trading: Path) -> None:
    (row,) = run("issues", "--json", "--dir", trading).rows
    assert set(row) == ISSUE
    assert (row["kind"], row["partner"], row["order"], row["state"]) == (
        "trade.price-differs", "acme", "PO-2", "open",
    )
    text = run("issues", "--dir", trading).out
    assert row["resolution"] in text
    assert "ordered at 9" in text
    assert max(map(len, text.splitlines())) < 300, "padded"


def test_an_issue_that_no_partner_is_known_for_names_its_channel(trading: Path) -> None:
    (trading / "mailbox/out/note.txt").write_bytes(b"hello")
    turn(trading)
    shown = [line for line in run("issues", "--dir", trading).out.splitlines() if "nothing we can read" in line]
    (row,) = (row for row in run("issues", "--json", "--dir", trading).rows if row["partner"] is None)
    assert [row["channel"] in line for line in shown] == [True]


def test_a_person_decides_a_held_order_line_by_line(trading: Path) -> None:
    said = run("orders", "answer", "PO-2", "--accept", "--line", "2=IR", "--json", "--dir", trading)
    assert said.code == 0, said.err
    assert {key: said.rows[0][key] for key in ("order", "release", "partnership")} == {
        "order": "PO-2", "release": None, "partnership": "acme-books",
    }
    (row,) = run("orders", "--number", "PO-2", "--json", "--dir", trading).rows
    assert [line["answers"][0]["decision"] for line in row["lines"]] == ["accepted", "rejected"]
    assert row["state"] == "accepted_with_changes"
    assert run("issues", "--json", "--dir", trading).rows == []
    assert [row["state"] for row in run("issues", "--all", "--json", "--dir", trading).rows] == ["closed"]
    turn(trading)
    sent = [file.read_text("utf-8") for file in sorted((trading / "mailbox/in").glob("*_855_*"))][-1]
    assert "BAK*00*AC*PO-2" in sent
    assert sent.count("ACK*IR*5*EA~") == 1


def test_a_decision_may_be_told_in_our_own_word(trading: Path) -> None:
    assert run("orders", "answer", "PO-2", "--reject", "--line", "1=backordered", "--dir", trading).code == 0
    (row,) = run("orders", "--number", "PO-2", "--json", "--dir", trading).rows
    assert [line["answers"][0]["decision"] for line in row["lines"]] == ["backordered", "rejected"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["PO-7", "--accept"], trade.ORDER_NOT_FOUND.title),
        (["PO-2", "--accept", "--line", "9=IR"], trade.LINE_NOT_FOUND.title),
        (["PO-2", "--accept", "--line", "IR"], "LINE=CODE"),
        (["PO-2", "--accept", "--line", "1=IR", "--line", "1=IA"], "LINE=CODE"),
        (["PO-2", "--accept", "--line", "1=perhaps"], "perhaps"),
        (["PO-2", "--accept", "--line", "1=XX"], "backordered"),
        (["PO-2", "--accept", "--reject"], "--reject"),
        (["PO-2", "--accept", "--release", "4"], trade.ORDER_NOT_FOUND.title),
        (["PO-2", "--accept", "--partnership", "nobody"], "nobody"),
        (["PO-1", "--reject"], trade.ALREADY_ANSWERED.title),
    ],
)
def test_a_decision_that_cannot_be_is_told_in_one_line_and_changes_nothing(
    trading: Path, arguments: list[str], says: str
) -> None:
    before = run("orders", "--json", "--dir", trading).rows
    said = run("orders", "answer", *arguments, "--dir", trading)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert says in said.err
    assert run("orders", "--json", "--dir", trading).rows == before


def test_an_order_that_has_its_answer_is_answered_once_more_only_when_asked(trading: Path) -> None:
    assert run("orders", "answer", "PO-1", "--reject", "--again", "--dir", trading).code == 0
    (row,) = run("orders", "--number", "PO-1", "--json", "--dir", trading).rows
    assert (row["state"], row["lines"][0]["answers"][0]["decision"]) == ("rejected", "rejected")


def test_of_two_orders_with_one_number_the_one_that_is_meant_must_be_named(house: Path) -> None:
    folder = house / "mappings/partners/acme"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text('[reference]\n850 = "REF[IA]02"\n855 = "REF[IA]02"\n', "utf-8")
    add_acme(house, "--guide", "acme", "--reference", "70012", "--answer", "manual")
    run("partner", "add", "acme", "--partnership", "acme-toys", "--reference", "70013", "--answer", "manual",
        "--dir", house)
    run("prices", "import", "-", "--list", "list", "--dir", house, given=PRICES)
    both = [order("PO-1", reference="70012"), order("PO-1", reference="70013", control="0002")]
    turn(house, ("o.edi", envelope(*both)))
    said = run("orders", "answer", "PO-1", "--accept", "--dir", house)
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert said.err.startswith(trade.ORDER_AMBIGUOUS.title)
    assert "acme-books, acme-toys" in said.err
    said = run("orders", "answer", "PO-1", "--accept", "--partnership", "acme-toys", "--json", "--dir", house)
    assert (said.code, said.rows[0]["partnership"]) == (0, "acme-toys")
    assert [row["state"] for row in run("orders", "--json", "--dir", house).rows] == ["held", "accepted"]


def test_the_options_of_a_group_may_stand_before_its_command(trading: Path) -> None:
    said = run("orders", "--dir", trading, "--json", "answer", "PO-2", "--accept")
    assert (said.code, said.rows[0]["order"]) == (0, "PO-2")


def test_an_issue_is_retried_when_its_cause_is_gone(trading: Path) -> None:
    (issue,) = run("issues", "--json", "--dir", trading).rows
    assert "still held" in run("issues", "retry", issue["id"], "--dir", trading).out
    dearer = PRICES.replace(b"4.5", b"9")
    run("prices", "import", "-", "--list", "list", "--dir", trading, given=dearer)
    (open_one,) = run("issues", "--json", "--dir", trading).rows
    assert run("issues", "retry", open_one["id"], "--json", "--dir", trading).rows == [
        {"issue": open_one["id"], "result": "It went through."}
    ]
    assert run("issues", "--json", "--dir", trading).rows == []
    assert {row["state"] for row in run("orders", "--json", "--dir", trading).rows} == {"accepted"}


def test_an_issue_that_is_not_there_is_told_in_one_line(trading: Path) -> None:
    said = run("issues", "retry", 999, "--dir", trading)
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert said.err.startswith(trade.ISSUE_NOT_FOUND.title)
    assert "No issues" in run("issues", "--partner", "acme", "--order", "none", "--dir", trading).out


def test_what_a_partner_wrote_is_shown_and_never_obeyed(house: Path) -> None:
    add_acme(house)
    odd = order("PO\u202e[red]7")
    turn(house, ("[red].edi", envelope(odd)), ("escape.edi", envelope(order("PO\x1b[1m"), icn=2, group=2)))
    for listing in ("documents", "orders", "issues"):
        said = run(listing, "--dir", house)
        assert said.code == 0
        assert "\x1b" not in said.out
        assert "\u202e" not in said.out
    listed = run("documents", "--dir", house).out
    assert "[red].edi" in listed
    assert "\\u202e[red]7" in listed


def test_a_database_that_is_damaged_is_told_in_one_line(trading: Path) -> None:
    (trading / "gateway.sqlite").write_bytes(b"no database" * 1000)
    said = run("documents", "--dir", trading)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "not a database" in said.err
