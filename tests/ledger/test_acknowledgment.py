"""What follows from a partner's acknowledgment."""

from edi_gateway import ledger
from edi_gateway.ledger.facts import Past, Posted, SentDocument
from edi_gateway.model.acknowledgment import Acknowledgment, ElementFault, SegmentFault, SetAnswer


def said(verdict: str = "accepted", *answers: SetAnswer) -> Acknowledgment:
    return Acknowledgment(
        group_code="PR", group_control="0012", verdict=verdict, included=1, received=1, accepted=1, sets=answers
    )


def sent(state: str = "delivered") -> Past:
    return {("sent", "PR", "12"): (SentDocument(5, "855", "0001", state, ("PO-1", "")),)}


def outcome(posted: Posted) -> tuple[list[str], list[str]]:
    return [entry.kind for entry in posted.entries], [trouble.kind.code for trouble in posted.troubles]


def test_leading_zeros_of_a_group_number_do_not_matter() -> None:
    assert ledger.needs(said()) == (("sent", "PR", "12"),)


def test_without_set_answers_the_group_verdict_speaks_for_every_document() -> None:
    assert outcome(ledger.post(said(), None, sent())) == (["document.confirmed"], [])
    assert outcome(ledger.post(said("rejected"), None, sent())) == (["document.rejected"], ["trade.document-rejected"])


def test_a_set_answer_speaks_for_its_document() -> None:
    no = SetAnswer(set="855", control="0001", verdict="rejected")
    assert outcome(ledger.post(said("rejected", no), None, sent()))[0] == ["document.rejected"]
    yes = SetAnswer(set="855", control="0001", verdict="accepted_with_errors")
    assert outcome(ledger.post(said("accepted_with_errors", yes), None, sent()))[0] == ["document.confirmed"]


def test_partly_accepted_without_saying_which_is_a_rejection() -> None:
    assert outcome(ledger.post(said("partly_accepted"), None, sent()))[0] == ["document.rejected"]


def test_a_rejection_shows_the_partners_codes() -> None:
    fault = SegmentFault(segment="PO1", position=4, code="8", elements=(ElementFault(position=4, code="7"),))
    answer = SetAnswer(set="855", control="0001", verdict="rejected", codes=("5",), faults=(fault,))
    (trouble,) = ledger.post(said("rejected", answer), None, sent()).troubles
    assert "segment PO1 at 4 code 8, element 4 code 7" in trouble.note


def test_the_first_word_stands() -> None:
    assert outcome(ledger.post(said(), None, sent("confirmed"))) == ([], [])
    assert outcome(ledger.post(said("rejected"), None, sent("confirmed"))) == ([], ["trade.acknowledgment-contradicts"])
    assert outcome(ledger.post(said(), None, sent("rejected"))) == ([], [])


def test_a_group_we_never_sent_is_told_and_changes_nothing() -> None:
    nothing: Past = {("sent", "PR", "12"): ()}
    assert outcome(ledger.post(said(), None, nothing)) == ([], ["trade.acknowledgment-unmatched"])


def test_a_set_we_never_sent_in_a_group_of_ours_is_told() -> None:
    other = SetAnswer(set="855", control="0009", verdict="accepted")
    assert outcome(ledger.post(said("accepted", other), None, sent())) == (
        ["document.confirmed"], ["trade.acknowledgment-unmatched"],
    )
