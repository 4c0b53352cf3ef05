"""What a person does at the desk: asks for a held item once more, puts an issue away, sends a document again."""

from collections.abc import Sequence

from edi_gateway import ledger, model
from edi_gateway.flows import posting
from edi_gateway.flows.house import BOOKS, House
from edi_gateway.issues import command, trade
from edi_gateway.ledger.facts import Entry
from edi_gateway.logs import log

NEVER_GOES = ("void", "superseded")
"""The states of a parcel that will not be delivered."""


def retry(house: House, issue_id: int) -> str:
    """Runs what an issue holds once more, or lets it wait for the next round. Says what happened.

    An issue that is there still is the same one and counts on; one that was archived can be retried as well. It waits
    for whoever walks through the books, whose end of the same file would count for more than this word.

    Raises `GatewayError` (`trade.issue-not-found`) for an issue that holds nothing, or asks what came again.
    """
    with house.locks.hold(BOOKS), house.commit() as commit:
        unit, now = commit.unit, commit.now
        stuck = unit.desk.stuck(issue_id)
        if stuck is None or (stuck.state != "held" and not stuck.noun):
            raise trade.ISSUE_NOT_FOUND.error(f"issue {issue_id} is not open, or holds nothing that can be retried")
        if stuck.state == "duplicate":
            note = f"issue {issue_id} asks what came again; say so with `edi-gateway issues decide`"
            raise trade.ISSUE_NOT_FOUND.error(note)
        if stuck.state == "held":
            unit.inbox.again(stuck.receipt_id)
            return "It waits for the next round."
        assert stuck.document_id is not None
        noun = model.noun(stuck.noun).model_validate(stuck.body)
        agreement = unit.agreements.get(stuck.agreement_id)
        partnership = unit.agreements.get_partnership(stuck.partnership_id) if stuck.partnership_id else None
        past = unit.books.past(agreement, partnership, ledger.needs(noun), now)
        posted = ledger.again(noun, partnership, past)
        posting.settle(commit, agreement, partnership, posted, stuck.document_id)
        still = (each for each in posting.filed(posted, stuck.document_id) if each.about == stuck.about)
        unit.desk.close_about(stuck.about, now, [each.kind.code for each in still])
    if posted.troubles:
        return f"It is still held: {'; '.join(trouble.note for trouble in posted.troubles)}."
    return "It went through." if posted.state == "posted" else "There was nothing left to do."


def archive(house: House, issue_ids: Sequence[int]) -> None:
    """Puts open issues away: all of them or none. What one of them holds stays held.

    Raises `GatewayError`: `command.issue-unknown`, `command.issue-not-open`.
    """
    with house.commit() as commit:
        states = {issue: commit.unit.desk.archive(issue, commit.now) for issue in dict.fromkeys(issue_ids)}
        missing = [str(issue) for issue, state in states.items() if state is None]
        if missing:
            raise command.ISSUE_UNKNOWN.error(f"there is no issue {', '.join(missing)}")
        ended = [f"{issue} is {state}" for issue, state in states.items() if state != "open"]
        if ended:
            raise command.ISSUE_NOT_OPEN.error(f"issue {', '.join(ended)}")
    log.info("archived", issues=len(states))


def resend(house: House, document_id: int) -> None:
    """Lets the file of a document of ours go once more: the same bytes, the same numbers, the same name.

    A document that the partner has confirmed stays confirmed; any other waits for their word again. Raises
    `GatewayError`: `command.document-unknown`, `command.not-ours`, `command.waits-already`, `command.never-goes`,
    and `archive.erased` where its bytes are not kept any longer.
    """
    with house.commit() as commit:
        found = commit.unit.documents.travelled(document_id)
        if found is None:
            raise command.DOCUMENT_UNKNOWN.error(f"there is no document {document_id}")
        direction, parcel = found
        if direction != "out" or parcel is None:
            raise command.NOT_OURS.error(f"document {document_id} is one we received")
        kept = commit.unit.documents.kept(document_id)
        if kept is not None:
            house.archive.read(kept.digest)
        if not commit.unit.outbox.again(parcel):
            packed = commit.unit.outbox.find(parcel)
            if packed is not None and packed.state in NEVER_GOES:
                raise command.NEVER_GOES.error(f"document {document_id} is {packed.state}")
            raise command.WAITS_ALREADY.error(f"document {document_id} is in the queue")
        resent = Entry("document.resent", {}, document_id=document_id)
        commit.unit.books.write((resent,), document_id, None, commit.now)
    log.info("queued again", document=document_id)
