"""A person's word on what came again: ignore it, process it again, or take it for a partner who misses our answer."""

import re

from edi_gateway import discover, ledger, model
from edi_gateway.flows import admitting, duplicates, posting
from edi_gateway.flows.admitting import Choice
from edi_gateway.flows.house import Commit, House
from edi_gateway.issues import command, duplicate
from edi_gateway.issues import kind as kind_of
from edi_gateway.ledger.facts import Entry
from edi_gateway.logs import log
from edi_gateway.ports import Stuck

_FILE = re.compile(r"receipt (\d+), same bytes")
_PART = re.compile(r"receipt (\d+), (?:interchange (\d+)|group (\d+)\.(\d+))")
_SAID = {
    "ignore": "Nothing follows from it.", "resend": "What we said before goes once more.",
    "again": "It waits for the next round.",
}


def decide(house: House, issue_id: int, choice: Choice, order: str | None = None) -> str:
    """Settles an open issue about something that came again, in one commit. Says what happens.

    A known order is processed again only when its number is given. Raises `GatewayError`: `command.issue-unknown`,
    `duplicate.not-one`, `duplicate.order-not-named`, and what posting the document raises.
    """
    with house.commit() as commit:
        found = commit.unit.desk.told(issue_id)
        if found is None:
            raise command.ISSUE_UNKNOWN.error(f"there is no open issue {issue_id}")
        kind, about, document_id = found
        file, part = _FILE.fullmatch(about), _PART.fullmatch(about)
        if file is not None:
            admitting.decide(commit, int(file[1]), choice)
            said = _SAID[choice]
        elif part is not None and kind in _OF_NUMBERS:
            said = _part(commit, part, choice)
        elif document_id is not None and _asks(kind):
            said = _document(commit, issue_id, document_id, choice, order)
        else:
            raise duplicate.NOT_ONE.error(f"issue {issue_id} ({kind}) is about {about}")
    log.info("decided", issue=issue_id, choice=choice)
    return said


_OF_NUMBERS = (duplicate.INTERCHANGE.code, duplicate.COPY.code, duplicate.GROUP.code)


def _asks(code: str) -> bool:
    """Whether issues of this kind ask what came again. The same document may have others, such as of its price."""
    try:
        return "decide" in kind_of(code).actions
    except (KeyError, discover.ShelfError):
        return False


def _part(commit: Commit, part: re.Match[str], choice: Choice) -> str:
    """An interchange or group that was refused, or was a copy."""
    receipt, interchange = int(part[1]), int(part[2] or part[3])
    group = int(part[4]) if part[4] else None
    earlier = commit.unit.repeats.earlier(receipt, interchange, group)
    if earlier is None:
        raise duplicate.NOT_ONE.error(f"{part[0]} has been decided")
    if choice == "again":
        commit.unit.repeats.release(receipt, interchange, group)
        commit.unit.inbox.again(receipt)
    elif choice == "resend":
        commit.unit.outbox.acknowledge_again(earlier)
    said = {"what": part[0], "choice": choice, "earlier_receipt": earlier}
    commit.unit.books.write((Entry("duplicate.decided", said, key=part[0]),), None, None, commit.now)
    commit.unit.desk.close_about(part[0], commit.now)
    return _SAID[choice]


def _document(commit: Commit, issue_id: int, document_id: int, choice: Choice, order: str | None) -> str:
    """A document that says what another one says."""
    unit, stuck, repeat = commit.unit, commit.unit.desk.stuck(issue_id), commit.unit.repeats.of_document(document_id)
    if stuck is None or repeat is None:
        raise duplicate.NOT_ONE.error(f"of document {document_id} nothing is to be decided")
    verdict, earlier, known = repeat
    if choice == "again" and known is not None and order != known:
        raise duplicate.ORDER_NOT_NAMED.error(f"document {document_id} is about order {known}, given is {order}")
    said = {"choice": choice, "verdict": verdict, "earlier": earlier, "order": order}
    partnership = unit.agreements.get_partnership(stuck.partnership_id) if stuck.partnership_id else None
    decided = Entry("duplicate.decided", said, document_id=earlier)
    unit.books.write((decided,), document_id, partnership, commit.now)
    unit.desk.end(issue_id, commit.now)
    if choice == "again":
        return _again(commit, stuck, earlier)
    unit.documents.state(document_id, "duplicate")
    if choice == "resend":
        duplicates.answer_again(commit, document_id, earlier)
    return _SAID[choice]


def _again(commit: Commit, stuck: Stuck, earlier: int | None) -> str:
    """Posts the document as if the earlier one had not come; what that one put on the books of lines is taken back."""
    unit, now = commit.unit, commit.now
    assert stuck.document_id is not None
    assert stuck.partnership_id is not None
    noun = model.noun(stuck.noun).model_validate(stuck.body)
    agreement = unit.agreements.get(stuck.agreement_id)
    partnership = unit.agreements.get_partnership(stuck.partnership_id)
    key = ledger.identity(noun)
    assert key is not None
    if earlier is not None and key[0] == "fact":
        unit.books.take_back(earlier, stuck.document_id, partnership, now)
    past = {**unit.books.past(agreement, partnership, ledger.needs(noun), now), key: None}
    posted = ledger.post(noun, partnership, past)
    posting.settle(commit, agreement, partnership, posted, stuck.document_id)
    return "It was processed again." if posted.state == "posted" else "It is held: see its issues."
