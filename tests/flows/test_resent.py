"""Who decides that a partner misses our words is told what of them really goes once more."""

import pytest

from edi_gateway.flows import deciding, parcels
from tests.flows.stage import Stage, envelope, order
from tests.flows.test_duplicates import agree, come, issue, one

AGAIN = envelope(order("PO-1"), icn=2, group=2)
"""The order PO-1 under new numbers."""


def waiting(stage: Stage) -> list[int]:
    return [parcel for (parcel,) in stage.ask("SELECT id FROM parcels WHERE state = 'queued' ORDER BY id")]


def what_resend_does(stage: Stage, issue_id: int) -> str:
    return next(option.does for option in deciding.options(stage.house, issue_id) if option.choice == "resend")


def test_what_has_gone_goes_once_more(stage: Stage) -> None:
    agree(stage)
    come(stage, one("PO-1"), AGAIN)
    found = issue(stage, "trade.order-repeated")
    assert what_resend_does(stage, found).endswith("with the same bytes and numbers.")
    assert deciding.decide(stage.house, found, "resend") == "What we said before goes once more."
    assert len(waiting(stage)) == 2


def test_what_waits_to_go_does_not_go_twice(stage: Stage) -> None:
    agree(stage)
    stage.drop("1.edi", one("PO-1"))
    stage.turn_without_delivering()
    stage.drop("2.edi", AGAIN)
    stage.turn_without_delivering()
    before = waiting(stage)
    found = issue(stage, "trade.order-repeated")
    words = "Nothing goes once more: 2 files wait to go already (`edi-gateway parcel list`)."
    assert what_resend_does(stage, found).endswith(words)
    assert deciding.decide(stage.house, found, "resend") == words
    assert (waiting(stage), stage.issues()) == (before, [])


def test_what_was_made_void_never_goes_and_the_rest_does(stage: Stage) -> None:
    agree(stage)
    stage.drop("1.edi", one("PO-1"))
    stage.turn_without_delivering()
    parcels.void(stage.house, waiting(stage)[0], "not wanted")
    come(stage, AGAIN)
    said = deciding.decide(stage.house, issue(stage, "trade.order-repeated"), "resend")
    assert said == "What we said before goes once more: 1 file. 1 file never goes: it is void or superseded."


@pytest.mark.parametrize("again", [one("PO-1"), envelope(order("PO-2"), icn=1, group=9)], ids=["file", "interchange"])
def test_where_all_was_made_void_nothing_goes(stage: Stage, again: str) -> None:
    agree(stage)
    stage.drop("1.edi", one("PO-1"))
    stage.turn_without_delivering()
    for parcel in waiting(stage):
        parcels.void(stage.house, parcel, "not wanted")
    come(stage, again)
    [kind] = stage.issues()
    said = deciding.decide(stage.house, issue(stage, kind), "resend")
    assert said == "Nothing goes once more: 1 file never goes: it is void or superseded."
    assert stage.issues() == []


def test_where_the_bytes_are_kept_no_longer_nothing_goes(stage: Stage) -> None:
    agree(stage)
    come(stage, one("PO-1"), AGAIN)
    with stage.house.commit() as commit:
        for (digest,) in stage.ask("SELECT digest FROM parcels"):
            commit.unit.retention.erase(digest, commit.now)
    said = deciding.decide(stage.house, issue(stage, "trade.order-repeated"), "resend")
    assert said == "Nothing goes once more: 2 files are kept no longer."


def test_where_nothing_was_said_nothing_goes(stage: Stage) -> None:
    stage.drop("1.edi", one("PO-1"))
    stage.turn()
    come(stage, one("PO-1"))
    said = deciding.decide(stage.house, issue(stage, "exchange.same-bytes"), "resend")
    assert said == "Nothing goes once more: we have said nothing to it."
