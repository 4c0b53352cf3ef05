"""A person asks for a held item once more."""

from edi_gateway import ledger, model
from edi_gateway.flows import posting
from edi_gateway.flows.house import House
from edi_gateway.issues import trade


def retry(house: House, issue_id: int) -> str:
    """Runs what an issue holds once more, or lets it wait for the next round. Says what happened.

    Raises `GatewayError` (`trade.issue-not-found`) for an issue that holds nothing.
    """
    with house.commit() as commit:
        unit, now = commit.unit, commit.now
        stuck = unit.desk.stuck(issue_id)
        if stuck is None:
            raise trade.ISSUE_NOT_FOUND.error(f"issue {issue_id} is not open, or holds nothing that can be retried")
        if stuck.document_id is None or stuck.state == "held":
            unit.inbox.again(stuck.receipt_id)
            return "It waits for the next round."
        noun = model.noun(stuck.noun).model_validate(stuck.body)
        agreement = unit.agreements.get(stuck.agreement_id)
        partnership = unit.agreements.get_partnership(stuck.partnership_id) if stuck.partnership_id else None
        past = unit.books.past(agreement, partnership, ledger.needs(noun), now)
        unit.desk.close_about(stuck.about, now)
        posted = ledger.again(noun, partnership, past)
        posting.settle(commit, agreement, partnership, posted, stuck.document_id)
    if posted.troubles:
        return f"It is still held: {'; '.join(trouble.note for trouble in posted.troubles)}."
    return "It went through." if posted.state == "posted" else "There was nothing left to do."
