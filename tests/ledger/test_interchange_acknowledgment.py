"""What follows from a partner's word on an interchange of ours."""

from datetime import UTC, datetime
from typing import Any

import pytest

from edi_gateway import ledger
from edi_gateway.ledger.facts import Past, Posted, SentDocument
from edi_gateway.model.interchange_acknowledgment import InterchangeAcknowledgment

AT = datetime(2026, 3, 2, 9, 30, 59, tzinfo=UTC)
TAKEN, REFUSED, RESENT = "interchange.accepted", "interchange.rejected", "document.resent"
CONTRADICTS = ("acknowledgment.contradicts", "trade.acknowledgment-contradicts")


def said(verdict: str = "accepted", code: str = "000", **changes: str) -> InterchangeAcknowledgment:
    given = {"number": "000000007", "date": "260302", "time": "0930", "verdict": verdict, "code": code, **changes}
    return InterchangeAcknowledgment(**given)


def sent(state: str = "delivered", **more: Any) -> Past:
    return {("interchange", "7"): (SentDocument(5, "855", "0001", state, ("PO-1", ""), AT, AT, **more),)}


def outcome(posted: Posted) -> tuple[str, ...]:
    return (*(entry.kind for entry in posted.entries), *(trouble.kind.code for trouble in posted.troubles))


def test_it_is_matched_by_number_date_and_time() -> None:
    assert ledger.needs(said()) == (("interchange", "7"),)
    assert outcome(ledger.post(said(), None, sent())) == (TAKEN,)
    for other in ({"date": "260303"}, {"time": "0931"}):
        posted = ledger.post(said(**other), None, sent())
        assert (posted.state, outcome(posted)) == ("read", ("trade.interchange-unmatched",))


@pytest.mark.parametrize(("before", "verdict", "code", "follows"), [
    ({}, "accepted", "000", (TAKEN,)),
    ({}, "accepted_with_errors", "014", (TAKEN,)),
    ({}, "rejected", "022", (REFUSED, "trade.interchange-rejected")),
    ({}, "Q", "000", (REFUSED, "trade.interchange-rejected")),
    ({"words": (TAKEN,)}, "accepted", "000", ("acknowledgment.repeated",)),
    ({"words": (TAKEN,)}, "rejected", "022", CONTRADICTS),
    ({"state": "confirmed"}, "accepted", "000", (TAKEN,)),
    ({"state": "confirmed"}, "rejected", "022", CONTRADICTS),
    ({"state": "rejected"}, "accepted", "000", (TAKEN,)),
    ({"state": "rejected"}, "rejected", "022", ("acknowledgment.repeated",)),
    ({"state": "rejected", "words": (REFUSED,)}, "accepted", "000", CONTRADICTS),
    ({"words": (REFUSED, RESENT)}, "accepted", "000", (TAKEN,)),
    ({"words": (REFUSED, RESENT), "copies": 2}, "rejected", "022", (REFUSED, "trade.interchange-rejected")),
    ({"copies": 2}, "rejected", "025", ("acknowledgment.of-our-copy",)),
    ({"copies": 2, "words": (TAKEN,)}, "rejected", "022", ("acknowledgment.of-our-copy",)),
    ({"copies": 2, "state": "confirmed"}, "rejected", "022", ("acknowledgment.of-our-copy",)),
    ({"copies": 1}, "rejected", "025", (REFUSED, "trade.interchange-rejected")),
], ids=str)
def test_each_word_follows_from_what_was_said_before(
    before: dict[str, Any], verdict: str, code: str, follows: tuple[str, ...]
) -> None:
    assert outcome(ledger.post(said(verdict, code), None, sent(**before))) == follows


def test_only_a_rejection_brings_a_document_elsewhere() -> None:
    taken, refused = (ledger.post(said(verdict), None, sent()).entries[0] for verdict in ("accepted", "rejected"))
    assert (taken.document_state, refused.document_state) == (None, "rejected")
