"""`edi-gateway issues decide`, and issues by order, as people type them."""

from pathlib import Path

from edi_gateway.issues import command, duplicate
from tests.cli.program import run, turn
from tests.flows.stage import envelope, order


def test_what_came_again_is_decided_by_word_and_a_known_order_by_its_number(trading: Path) -> None:
    (trading / "mailbox/out/again.edi").write_text(envelope(order("PO-1"), icn=7, group=7), encoding="utf-8")
    turn(trading)
    (row,) = run("issues", "--order", "PO-1", "--kind", "trade.order-repeated", "--json", "--dir", trading).rows
    asked = ("issues", "decide", row["id"], "--dir", trading)
    wrong = run(*asked, "--as", "again")
    assert wrong.code == 2
    assert wrong.err.startswith(duplicate.ORDER_NOT_NAMED.title)
    assert run(*asked, "--as", "perhaps").code == 2
    said = run(*asked, "--as", "again", "--order", "PO-1", "--json")
    assert said.rows == [{"issue": row["id"], "as": "again", "result": "It was processed again."}]
    gone = run(*asked, "--as", "ignore")
    assert gone.err.startswith(command.ISSUE_UNKNOWN.title)
    (came,) = run("documents", "--file", "again.edi", "--json", "--dir", trading).rows
    (shown,) = run("documents", "show", came["id"], "--json", "--dir", trading).rows
    assert (shown["state"], shown["repeats"]) == ("answered", "equal")


def test_issues_are_found_by_their_order(trading: Path) -> None:
    assert run("issues", "--order", "NONE", "--json", "--dir", trading).rows == []
