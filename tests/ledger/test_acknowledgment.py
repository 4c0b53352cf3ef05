"""What follows from a partner's acknowledgment."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from edi_gateway import ledger
from edi_gateway.ledger.facts import Past, Posted, SentDocument
from edi_gateway.model.acknowledgment import Acknowledgment, ElementFault, SegmentFault, SetAnswer

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def said(verdict: str = "accepted", *answers: SetAnswer) -> Acknowledgment:
    return Acknowledgment(
        group_code="PR", group_control="0012", verdict=verdict, included=1, received=1, accepted=1, sets=answers
    )


def sent(state: str = "delivered", **more: Any) -> Past:
    return {
        ("sent", "PR", "12"): (SentDocument(5, "855", "0001", state, ("PO-1", ""), **more),), ("now",): NOW,
    }


def answer(verdict: str) -> SetAnswer:
    return SetAnswer(set="855", control="0001", verdict=verdict)


def outcome(posted: Posted) -> tuple[list[str], list[str]]:
    return [entry.kind for entry in posted.entries], [trouble.kind.code for trouble in posted.troubles]


Outcome = tuple[list[str], list[str]]
CONFIRMED: Outcome = (["document.confirmed"], [])
REJECTED: Outcome = (["document.rejected"], ["trade.document-rejected"])


def test_leading_zeros_of_a_group_number_do_not_matter() -> None:
    assert ledger.needs(said())[0] == ("sent", "PR", "12")


@pytest.mark.parametrize(("verdict", "follows"), [
    ("accepted", CONFIRMED), ("accepted_with_errors", CONFIRMED), ("rejected", REJECTED),
    ("partly_accepted", REJECTED), ("M", REJECTED), ("X", REJECTED),
])
def test_without_set_answers_the_group_verdict_speaks_for_every_document(verdict: str, follows: object) -> None:
    assert outcome(ledger.post(said(verdict), None, sent())) == follows


@pytest.mark.parametrize(("verdict", "own", "follows"), [
    ("rejected", "rejected", REJECTED), ("accepted_with_errors", "accepted_with_errors", CONFIRMED),
    ("partly_accepted", "rejected", REJECTED), ("partly_accepted", "accepted", CONFIRMED),
    ("rejected", "accepted", REJECTED), ("accepted", "W", REJECTED),
])
def test_a_set_answer_speaks_for_its_document_unless_the_group_is_refused(
    verdict: str, own: str, follows: object
) -> None:
    assert outcome(ledger.post(said(verdict, answer(own)), None, sent())) == follows


def test_a_document_that_is_not_among_the_rejected_of_a_partly_accepted_group_is_confirmed() -> None:
    other = SetAnswer(set="855", control="0009", verdict="rejected")
    assert outcome(ledger.post(said("partly_accepted", other), None, sent()))[0] == ["document.confirmed"]


def test_a_rejection_shows_the_partners_codes() -> None:
    fault = SegmentFault(segment="PO1", position=4, code="8", elements=(ElementFault(position=4, code="7"),))
    own = SetAnswer(set="855", control="0001", verdict="rejected", codes=("5",), faults=(fault,))
    (trouble,) = ledger.post(said("rejected", own), None, sent()).troubles
    assert "segment PO1 at 4 code 8, element 4 code 7" in trouble.note


def test_the_first_word_stands_and_the_same_again_is_a_remark() -> None:
    remark: Outcome = (["acknowledgment.repeated"], [])
    assert outcome(ledger.post(said(), None, sent("confirmed"))) == remark
    assert outcome(ledger.post(said("rejected"), None, sent("rejected"))) == remark


@pytest.mark.parametrize(("state", "verdict"), [("confirmed", "rejected"), ("rejected", "accepted")])
def test_another_word_contradicts(state: str, verdict: str) -> None:
    assert outcome(ledger.post(said(verdict), None, sent(state))) == (
        ["acknowledgment.contradicts"], ["trade.acknowledgment-contradicts"],
    )


def test_a_rejection_after_an_acceptance_of_what_went_twice_is_of_our_own_copy() -> None:
    assert outcome(ledger.post(said("rejected"), None, sent("confirmed", copies=2))) == (
        ["acknowledgment.of-our-copy"], [],
    )
    assert outcome(ledger.post(said("rejected"), None, sent(copies=2))) == REJECTED


@pytest.mark.parametrize(("hours", "late"), [(23, False), (25, True)])
def test_a_word_after_more_than_a_day_counts_and_is_remarked_as_late(hours: int, late: bool) -> None:
    posted = ledger.post(said(), None, sent(went=NOW - timedelta(hours=hours)))
    assert outcome(posted) == (["document.confirmed", *(["acknowledgment.late"] if late else [])], [])


def test_what_their_system_has_not_taken_is_not_confirmed_by_its_syntax() -> None:
    posted = ledger.post(said(), None, sent("reopened"))
    assert outcome(posted) == (["acknowledgment.of-reopened"], [])
    assert posted.entries[0].document_state is None
    assert outcome(ledger.post(said("rejected"), None, sent("reopened"))) == REJECTED


def test_a_group_we_never_sent_is_told_and_changes_nothing() -> None:
    nothing: Past = {("sent", "PR", "12"): ()}
    assert outcome(ledger.post(said(), None, nothing)) == ([], ["trade.acknowledgment-unmatched"])


def test_a_set_we_never_sent_in_a_group_of_ours_is_told() -> None:
    other = SetAnswer(set="855", control="0009", verdict="accepted")
    assert outcome(ledger.post(said("accepted", other), None, sent())) == (
        ["document.confirmed"], ["trade.acknowledgment-unmatched"],
    )
