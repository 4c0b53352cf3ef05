"""One set into the books: recorded, posted in a savepoint of its own, answered."""

from dataclasses import replace

from edi_gateway import ledger
from edi_gateway.flows import correcting, duplicates, recording
from edi_gateway.flows.house import Commit
from edi_gateway.flows.judging import JudgedGroup, JudgedInterchange, JudgedSet
from edi_gateway.flows.objections import in_words
from edi_gateway.flows.outbound import prepare
from edi_gateway.issues import GatewayError, document, internal, trade
from edi_gateway.ledger.facts import Posted, Trouble
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.logs import log
from edi_gateway.model import Noun
from edi_gateway.ports import Agreement


def record(commit: Commit, group: JudgedGroup, one: JudgedSet) -> int | None:
    """Records one set of a known partner. Returns its document's id when it is to be posted.

    The key of its effects is its place: what has been posted or rejected before is left as it is.
    """
    assert group.agreement is not None
    known = commit.unit.documents.at(group.place(one))
    if known is not None and known[1] != "held":
        return None
    state = _first_state(group, one)
    document = group.document(one, state)
    if state in ("rejected", "duplicate"):
        document = recording.placed(commit, document, one)
    document_id = commit.unit.documents.record(document, commit.now)
    if one.verdict.outcome == "rejected" and one.verdict.findings and not group.verdict.unread:
        _open(commit, _rejected(group, one), group.agreement, document_id)
    elif known is None and state not in ("rejected", "duplicate"):
        correcting.accepted(commit, group, one)
    return document_id if state == "held" else None


def record_word(commit: Commit, interchange: JudgedInterchange, one: JudgedSet) -> int | None:
    """Records a TA1 in the same way."""
    known = commit.unit.documents.at(interchange.place(one))
    if known is not None and known[1] != "held":
        return None
    return commit.unit.documents.record(interchange.document(one, "held"), commit.now)


def post(commit: Commit, agreement: Agreement, one: JudgedSet, document_id: int, test: bool) -> bool:
    """Lets follow what follows from one set; says whether it is held. From a `test` only what speaks of tests of ours.

    This is the one place where the trouble of a set is caught: it holds itself and nothing else.
    """
    about = f"document {document_id}"
    try:
        with commit.unit.savepoint():
            posted = _follow(commit, agreement, one, document_id, test)
        still = [trouble.kind.code for trouble in filed(posted, document_id) if trouble.about == about]
        commit.unit.desk.close_about(about, commit.now, still)
        log.info(posted.state, document=document_id, set=one.verdict.set, partner=agreement.name)
        return posted.state == "held"
    except GatewayError as error:
        if error.kind in internal.OF_THE_HOUSE:
            raise
        shared = error.context.get("about")
        trouble = Trouble(error.kind, shared or about, error.note, order=None if shared else one.order)
    except Exception as error:  # noqa: BLE001 - a bug in one set must hold that set only
        log.exception("bug", document=document_id)
        trouble = Trouble(internal.BUG, about, internal.in_words(error), order=one.order)
    _open(commit, trouble, agreement, document_id)
    log.info("held", document=document_id, set=one.verdict.set, partner=agreement.name, kind=trouble.kind.code)
    return True


def settle(
    commit: Commit, agreement: Agreement, partnership: Partnership | None, posted: Posted, document_id: int
) -> None:
    """Writes what follows from a noun: its facts, its troubles, its replies, and where its document stands."""
    unit = commit.unit
    unit.books.write(posted.entries, document_id, partnership, commit.now)
    order_id = unit.books.order_id(partnership.id, posted.order) if partnership and posted.order else None
    for trouble in filed(posted, document_id):
        _open(commit, in_words(commit, agreement, trouble), agreement, document_id)
    for reply in posted.replies:
        assert partnership is not None
        prepare(commit, agreement, partnership, reply, order_id)
    state = "answered" if posted.replies else "duplicate" if posted.repeats == "equal" else posted.state
    unit.documents.state(document_id, state, order_id, partnership.id if partnership else None)


def filed(posted: Posted, document_id: int) -> tuple[Trouble, ...]:
    """The troubles of a document as the desk files them.

    What holds a document is over when the document goes through, whatever else it is about.
    """
    if posted.state != "held":
        return posted.troubles
    return tuple(replace(trouble, about=f"document {document_id}") for trouble in posted.troubles)


def _first_state(group: JudgedGroup, one: JudgedSet) -> str:
    if group.repeated:
        return "duplicate"
    if one.verdict.outcome == "rejected" or group.verdict.code == "R":
        return "rejected"
    speaks_of_tests = one.noun is not None and ledger.takes_tests(one.noun)
    return "read" if group.test and not speaks_of_tests else "held"


def _follow(commit: Commit, agreement: Agreement, one: JudgedSet, document_id: int, test: bool) -> Posted:
    noun = _noun(one)
    partnership = _partnership(commit, agreement, one, document_id) if ledger.wants_partnership(noun) else None
    past = commit.unit.books.past(agreement, partnership, ledger.needs(noun), commit.now, test)
    posted = ledger.post(noun, partnership, past)
    settle(commit, agreement, partnership, duplicates.without_asking(commit, agreement, posted), document_id)
    if posted.repeats and partnership is not None:
        duplicates.repeats(commit, agreement, partnership, noun, posted, document_id)
    return posted


def _noun(one: JudgedSet) -> Noun:
    if one.bug is not None:
        raise one.bug
    if one.noun is not None:
        return one.noun
    if one.findings:
        raise document.NOT_UNDERSTOOD.error("; ".join(finding.note for finding in one.findings[:5]))
    tree = one.verdict.tree
    named = f" ({tree.definition.name})" if tree else ""
    raise trade.NOT_TAKEN.error(f"set {one.verdict.set} {one.verdict.control}{named} is for a person to act on")


def _partnership(commit: Commit, agreement: Agreement, one: JudgedSet, document_id: int) -> Partnership:
    found = commit.unit.agreements.partnership(agreement.id, one.reference)
    about = f"{agreement.name}, our number {one.reference or 'none'}"
    if found is None:
        raise trade.REFERENCE_UNKNOWN.error(f"set {one.verdict.set} {one.verdict.control} of {about}", about=about)
    commit.unit.desk.close_about(about, commit.now)
    # The partner's file may have named another place before, and with it another number or none.
    commit.unit.desk.close_of(trade.REFERENCE_UNKNOWN, document_id, commit.now)
    return found


def _rejected(group: JudgedGroup, one: JudgedSet) -> Trouble:
    faults = [finding.note for finding in one.verdict.findings if finding.severity == "error"]
    named = f" (number {one.number})" if one.number else ""
    note = f"set {one.verdict.set} {one.verdict.control}{named} in {group.receipt.name}: {'; '.join(faults[:3])}"
    return Trouble(document.REJECTED, correcting.about(group, one), note, order=one.order)


def _open(commit: Commit, trouble: Trouble, agreement: Agreement, document_id: int) -> None:
    named = replace(trouble, partner=agreement.name, document_id=trouble.document_id or document_id)
    commit.unit.desk.open(named, commit.now)
