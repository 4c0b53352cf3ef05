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
    assert gone.err.startswith(command.ISSUE_NOT_OPEN.title)
    assert run("issues", "decide", 99, "--as", "ignore", "--dir", trading).err.startswith(command.ISSUE_UNKNOWN.title)
    (came,) = run("documents", "--file", "again.edi", "--json", "--dir", trading).rows
    (shown,) = run("documents", "show", came["id"], "--json", "--dir", trading).rows
    assert (shown["state"], shown["repeats"]) == ("answered", "equal")


def test_without_a_choice_it_is_told_what_each_would_do_and_by_which_command(trading: Path) -> None:
    (trading / "mailbox/out/again.edi").write_text(envelope(order("PO-1"), icn=7, group=7), encoding="utf-8")
    turn(trading)
    (row,) = run("issues", "--kind", "trade.order-repeated", "--json", "--dir", trading).rows
    told = run("issues", "decide", row["id"], "--dir", trading)
    assert (told.code, told.err) == (2, "")
    commands, words = told.out.splitlines()[::2], told.out.splitlines()[1::2]
    assert commands == [
        f"edi-gateway issues decide {row['id']} --as {how}" for how in ("ignore", "resend", "again --order PO-1")
    ]
    assert all(line.startswith("  ") and line.endswith(".") for line in words)
    listed = run("issues", "decide", row["id"], "--json", "--dir", trading)
    assert [(one["as"], one["order"], one["command"]) for one in listed.rows] == [
        ("ignore", None, commands[0]), ("resend", None, commands[1]), ("again", "PO-1", commands[2]),
    ]
    assert all(line in run("issues", "show", row["id"], "--dir", trading).out for line in commands)
    for line in (commands[2], commands[0]):
        said = run(*line.split()[1:], "--dir", trading)
        assert said.code == (0 if line == commands[2] else 2)


def test_an_issue_that_asks_nothing_has_no_choices(trading: Path) -> None:
    (row,) = run("issues", "--kind", "trade.price-differs", "--json", "--dir", trading).rows
    told = run("issues", "decide", row["id"], "--dir", trading)
    assert (told.code, told.out, told.err.startswith(duplicate.NOT_ONE.title)) == (2, "", True)
    assert "issues decide" not in run("issues", "show", row["id"], "--dir", trading).out


def test_issues_are_found_by_their_order(trading: Path) -> None:
    assert run("issues", "--order", "NONE", "--json", "--dir", trading).rows == []
