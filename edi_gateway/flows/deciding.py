"""A person's word on what came again: ignore it, process it again, or take it for a partner who misses our answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from edi_gateway import discover, ledger, model
from edi_gateway.flows import admitting, duplicates, posting, resending
from edi_gateway.flows.admitting import Choice
from edi_gateway.flows.house import BOOKS, Commit, House
from edi_gateway.issues import archive, command, duplicate
from edi_gateway.issues import kind as kind_of
from edi_gateway.ledger.facts import Entry
from edi_gateway.logs import log
from edi_gateway.ports import Stuck, Unit

CHOICES: tuple[Choice, ...] = ("ignore", "resend", "again")

_FILE = re.compile(r"receipt (\d+), same bytes")

_SAID = {
    "ignore": "Nothing follows from it.", "again": "It waits for the next round.",
}
_DOES: Mapping[str, Mapping[Choice, str]] = {
    "file": {
        "ignore": "Nothing follows. The second copy stays in the archive.",
        "resend": "Our acknowledgments of the first copy go to the partner once more, with the same bytes and numbers.",
        "again": "The file is run as if it had not come before. Each document in it that is on the books already is "
                 "asked about by itself then.",
    },
    "part": {
        "ignore": "Nothing of it is posted. It stays in the archive.",
        "resend": "Nothing of it is posted. Our acknowledgments of what came first under this number go to the partner "
                  "once more, with the same bytes and numbers.",
        "again": "It is posted and acknowledged as if its number were new.",
    },
    "document": {
        "ignore": "Nothing follows from it. What is on the books stays as it is.",
        "resend": "What is on the books stays as it is. Our acknowledgment and our answer go to the partner once more, "
                  "with the same bytes and numbers.",
        "again": "It takes the place of what is on the books, and is answered anew.",
    },
}


@dataclass(frozen=True)
class Option:
    """One way to decide an issue: what it will do, and the number of the order that has to be given with it."""

    choice: Choice
    does: str
    order: str | None = None


@dataclass(frozen=True)
class _Question:
    """What an issue asks about: a file by its receipt, a part of one (with its place), or a document."""

    what: str
    receipt_id: int
    part: tuple[int, int | None] = (0, None)
    stuck: Stuck | None = None
    earlier: int | None = None
    order: str | None = None
    verdict: str = ""


def options(house: House, issue_id: int) -> tuple[Option, ...]:
    """The ways in which an issue can be decided. Raises what `decide` raises for one that cannot be."""
    with house.store.reading() as unit:
        asked = _question(unit, issue_id)
        does = {choice: _does(unit, asked, choice) for choice in CHOICES}
    return tuple(Option(choice, does[choice], asked.order if choice == "again" else None) for choice in CHOICES)


def decide(house: House, issue_id: int, choice: Choice, order: str | None = None) -> str:
    """Settles an issue about something that came again, in one commit. Says what happens.

    It waits for whoever walks through the books, for they may be at the same file. One that was archived can be
    decided still; one that is closed has been. A known order is processed again only when its number is given. Raises
    `GatewayError`: `command.issue-unknown`, `command.issue-not-open`, `duplicate.not-one`,
    `duplicate.order-not-named`, `archive.erased` for what is to be run again and is kept no longer, and what posting
    the document raises.
    """
    with house.locks.hold(BOOKS), house.commit() as commit:
        asked = _question(commit.unit, issue_id)
        if choice == "again" and commit.unit.retention.erased(asked.receipt_id):
            raise archive.ERASED.error(f"what issue {issue_id} is about is kept no longer and cannot be run again")
        said = _resent(commit.unit, asked) if choice == "resend" else _SAID[choice]
        commit.unit.desk.end(issue_id, commit.now)
        if asked.what == "file":
            admitting.decide(commit, asked.receipt_id, choice)
        elif asked.what == "part":
            _part(commit, asked, choice)
        else:
            said = _document(commit, asked, choice, order) or said
    log.info("decided", issue=issue_id, choice=choice)
    return said


def asks(code: str) -> bool:
    """Whether issues of this kind ask what came again. The same document may have others, such as of its price."""
    try:
        return "decide" in kind_of(code).actions
    except (KeyError, discover.ShelfError):
        return False


def _question(unit: Unit, issue_id: int) -> _Question:
    found = unit.desk.told(issue_id)
    if found is None:
        raise command.ISSUE_UNKNOWN.error(f"there is no issue {issue_id}")
    kind, about, document_id, state = found
    file, part = _FILE.fullmatch(about), duplicates.place_of(about)
    if not asks(kind) or not (file or part or document_id is not None):
        raise duplicate.NOT_ONE.error(f"issue {issue_id} ({kind}) is about {about}")
    if state == "closed":
        raise command.ISSUE_NOT_OPEN.error(f"issue {issue_id} is closed: it was decided, or its cause is gone")
    if file is not None:
        return _Question("file", int(file[1]))
    if part is not None:
        return _of_part(unit, part)
    return _of_document(unit, issue_id, document_id)


def _of_part(unit: Unit, part: duplicates.Place) -> _Question:
    """An interchange or group that was refused, or was a copy."""
    receipt_id, interchange, group = part
    earlier = unit.repeats.earlier(*part)
    if earlier is None:
        raise duplicate.NOT_ONE.error(f"{duplicates.about(*part)} has been decided")
    return _Question("part", receipt_id, (interchange, group), earlier=earlier)


def _of_document(unit: Unit, issue_id: int, document_id: int | None) -> _Question:
    """A document that says what another one says."""
    stuck, repeat = unit.desk.stuck(issue_id), document_id and unit.repeats.of_document(document_id)
    if stuck is None or not repeat:
        raise duplicate.NOT_ONE.error(f"of document {document_id} nothing is to be decided")
    verdict, earlier, order = repeat
    return _Question("document", stuck.receipt_id, stuck=stuck, earlier=earlier, order=order, verdict=verdict)


def _does(unit: Unit, asked: _Question, choice: Choice) -> str:
    """What a choice would do; of one that can do only a part of it, what it cannot."""
    does = _DOES[asked.what][choice]
    resent = _resent(unit, asked) if choice == "resend" else resending.ALL
    return does if resent == resending.ALL else f"{does} As it stands: {resent}"


def _resent(unit: Unit, asked: _Question) -> str:
    """What goes once more where the partner is taken to miss our words."""
    if asked.stuck is not None and asked.stuck.document_id is not None:
        said = resending.said_to_document(unit, asked.stuck.document_id, asked.earlier)
    else:
        said = resending.said_to_receipt(unit, asked.earlier or asked.receipt_id)
    return resending.outlook(unit, said)


def _part(commit: Commit, asked: _Question, choice: Choice) -> None:
    assert asked.earlier is not None
    about = duplicates.about(asked.receipt_id, *asked.part)
    if choice == "again":
        commit.unit.repeats.release(asked.receipt_id, *asked.part)
        commit.unit.inbox.again(asked.receipt_id)
    elif choice == "resend":
        commit.unit.outbox.acknowledge_again(asked.earlier)
    said = {"what": about, "choice": choice, "earlier_receipt": asked.earlier}
    commit.unit.books.write((Entry("duplicate.decided", said, key=about),), None, None, commit.now)
    commit.unit.desk.close_about(about, commit.now)


def _document(commit: Commit, asked: _Question, choice: Choice, order: str | None) -> str | None:
    """Says what became of it where it was processed again."""
    unit, stuck, earlier = commit.unit, asked.stuck, asked.earlier
    assert stuck is not None
    assert stuck.document_id is not None
    if choice == "again" and asked.order is not None and order != asked.order:
        note = f"document {stuck.document_id} is about order {asked.order}, given is {order}"
        raise duplicate.ORDER_NOT_NAMED.error(note)
    said = {"choice": choice, "verdict": asked.verdict, "earlier": earlier, "order": order}
    partnership = unit.agreements.get_partnership(stuck.partnership_id) if stuck.partnership_id else None
    decided = Entry("duplicate.decided", said, document_id=earlier)
    unit.books.write((decided,), stuck.document_id, partnership, commit.now)
    if choice == "again":
        return _again(commit, stuck, earlier)
    unit.documents.state(stuck.document_id, "duplicate")
    _ends(commit, stuck)
    if choice == "resend":
        duplicates.answer_again(commit, stuck.document_id, earlier)
    return None


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
    if posted.state != "held":
        _ends(commit, stuck)
    return "It was processed again." if posted.state == "posted" else "It is held: see its issues."


def _ends(commit: Commit, stuck: Stuck) -> None:
    """A document is held no longer: its file is looked at once more, which ends it where nothing else in it is held."""
    if stuck.state == "held":
        commit.unit.inbox.again(stuck.receipt_id)
