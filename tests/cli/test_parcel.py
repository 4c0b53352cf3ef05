"""The outbox at the terminal."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import Said, run, turn
from tests.flows.stage import envelope, order


@pytest.fixture
def waiting(trading: Path) -> Path:
    """A house in which an answer waits, because a file of its name lies in the mailbox."""
    name = rows("list", trading, "--all", "--order", "PO-1")[-1]["file"].replace("000000002", "000000005")
    (trading / "mailbox/in" / name).write_text("theirs")
    turn(trading, ("three.edi", envelope(order("PO-3"), icn=3, group=3)))
    return trading


def parcel(word: str, house: Path, *more: object) -> Said:
    return run("parcel", word, *more, "--dir", house)


def rows(word: str, house: Path, *more: object) -> list[Any]:
    said = parcel(word, house, *more, "--json")
    assert said.code == 0, said.err
    return said.rows


def test_what_waits_is_listed_with_its_reason(waiting: Path) -> None:
    (row,) = rows("list", waiting)
    assert (row["state"], row["set"], row["partner"], row["partnership"], row["order"], row["tries"]) == (
        "queued", "855", "acme", "acme-books", "PO-3", 1,
    )
    assert (row["fault"], row["next_try"] > row["queued"], row["behind"]) == ("exchange.name-taken", True, None)
    text = parcel("list", waiting).out
    assert all(word in text for word in ("PO-3", "exchange.name-taken, again at 20", "1 parcel."))
    assert rows("list", waiting, "--state", "void") == []
    assert {row["state"] for row in rows("list", waiting, "--all")} == {"queued", "delivered"}
    assert rows("list", waiting, "--partner", "acme", "--order", "none") == []
    assert len(rows("list", waiting, "--partner", "acme-books", "--channel", "acme")) == 1


def test_a_parcel_is_shown_with_its_documents_and_every_try(waiting: Path) -> None:
    (row,) = rows("list", waiting)
    (shown,) = rows("show", waiting, row["id"])
    assert (len(shown["documents"]), [one["outcome"] for one in shown["attempts"]]) == (1, ["failed"])
    assert Path(shown["archived"]).read_bytes().startswith(b"ISA")
    text = parcel("show", waiting, row["id"]).out
    assert all(word in text for word in (shown["digest"], "failed: ", "name-taken"))
    assert run("parcel", row["id"], "--dir", waiting).out == text
    assert "no parcel 99" in parcel("show", waiting, 99).err


def test_a_parcel_is_parked_let_go_tried_and_voided(waiting: Path) -> None:
    number = rows("list", waiting)[0]["id"]
    assert parcel("park", waiting, number, "--reason", "their new system").out == (
        f"Parcel {number} rests until it is let go.\n"
    )
    assert [(row["state"], row["reason"]) for row in rows("list", waiting)] == [("parked", "their new system")]
    assert "their new system" in parcel("list", waiting).out
    assert parcel("retry", waiting, number).code == 2
    assert rows("unpark", waiting, number) == [{"parcel": number, "state": "queued"}]
    assert rows("retry", waiting, number) == [{"parcel": number, "state": "queued"}]
    assert parcel("void", waiting, number).code == 2
    assert rows("void", waiting, number, "--reason", "a mistake") == [{"parcel": number, "state": "void"}]
    assert (rows("list", waiting), parcel("list", waiting).out) == ([], "No parcels.\n")
    (document,) = run("documents", "--state", "void", "--json", "--dir", waiting).rows
    words = run("documents", "show", document["id"], "--json", "--dir", waiting).rows[0]["words"]
    assert [word["what"] for word in words] == ["parcel.parked", "parcel.unparked", "parcel.void"]
    assert "it never went to acme: it is void" in run("orders", "show", "PO-3", "--dir", waiting).out


def test_a_parcel_is_delivered_by_hand_by_its_digest_or_by_a_look_at_the_mailbox(waiting: Path) -> None:
    number = rows("list", waiting)[0]["id"]
    (shown,) = rows("show", waiting, number)
    assert parcel("delivered", waiting, number).code == 2
    assert parcel("delivered", waiting, number, "--digest", "0" * 64, "--check-remote").code == 2
    assert "command" not in parcel("delivered", waiting, number, "--digest", "0" * 64).err
    assert "other bytes" in parcel("delivered", waiting, number, "--check-remote").err
    assert rows("delivered", waiting, number, "--digest", shown["digest"]) == [{"parcel": number, "state": "delivered"}]
    (document,) = run("documents", "--order", "PO-3", "--direction", "out", "--json", "--dir", waiting).rows
    assert (document["state"], json.loads(parcel("show", waiting, number, "--json").out)["state"]) == (
        "delivered", "delivered",
    )
