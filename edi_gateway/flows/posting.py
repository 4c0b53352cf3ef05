"""One set into the books: recorded, posted in a savepoint of its own, answered."""

from dataclasses import replace

from edi_gateway import ledger
from edi_gateway.flows import duplicates
from edi_gateway.flows.house import Commit
from edi_gateway.flows.judging import JudgedGroup, JudgedInterchange, JudgedSet
from edi_gateway.flows.objections import in_words
from edi_gateway.flows.outbound import prepare
from edi_gateway.issues import GatewayError, document, internal, trade
from edi_gateway.ledger.facts import Posted, Trouble
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.logs import log
from edi_gateway.model import Noun
from edi_gateway.ports import Agreement, Document

_FINDINGS_MAX = 5


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
        document = _placed(commit, document, one)
    document_id = commit.unit.documents.record(document, commit.now)
    if one.verdict.outcome == "rejected" and one.verdict.findings and not group.verdict.unread:
        _open(commit, _rejected(group, one), group.agreement, document_id)
    return document_id if state == "held" else None


def record_refused(commit: Commit, interchange: JudgedInterchange, state: str) -> tuple[str, ...]:
    """Records the sets of a refused interchange, so that they are seen; returns the numbers of the orders they name."""
    why = tuple(finding for finding in interchange.header.findings if finding.verdict)[:_FINDINGS_MAX]
    named: dict[str, None] = {}
    if not interchange.words and not any(group.sets for group in interchange.groups):
        commit.unit.documents.record(interchange.as_document(state), commit.now)
    for group in interchange.groups:
        seen = replace(group, remarks=why, agreement=group.agreement or interchange.agreement)
        for one in group.sets:
            document = seen.document(one, state)
            commit.unit.documents.record(_placed(commit, document, one), commit.now)
            named |= {document.order_number: None} if document.order_number else {}
    return tuple(named)


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
        if posted.state != "held":
            commit.unit.desk.close_about(about, commit.now)
        log.info(posted.state, document=document_id, set=one.verdict.set, partner=agreement.name)
        return posted.state == "held"
    except GatewayError as error:
        if error.kind in internal.OF_THE_HOUSE:
            raise
        trouble = Trouble(error.kind, error.context.get("about", about), error.note)
    except Exception as error:  # noqa: BLE001 - a bug in one set must hold that set only
        log.exception("bug", document=document_id)
        trouble = Trouble(internal.BUG, about, internal.in_words(error))
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
    for trouble in posted.troubles:
        # What holds a document is over when the document goes through, whatever else it is about.
        told = replace(trouble, about=f"document {document_id}") if posted.state == "held" else trouble
        _open(commit, in_words(commit, agreement, told), agreement, document_id)
    for reply in posted.replies:
        assert partnership is not None
        prepare(commit, agreement, partnership, reply, order_id)
    state = "answered" if posted.replies else "duplicate" if posted.repeats == "equal" else posted.state
    unit.documents.state(document_id, state, order_id, partnership.id if partnership else None)


def _placed(commit: Commit, document: Document, one: JudgedSet) -> Document:
    """The document at its partnership and order, as far as it names them, so that it is seen where people look."""
    if document.agreement_id is None:
        return document
    found = commit.unit.agreements.partnership(document.agreement_id, one.reference)
    order = commit.unit.books.named_order(found.id, one.order) if found and one.order else None
    return replace(document, partnership_id=found.id if found else None, order_id=order)


def _first_state(group: JudgedGroup, one: JudgedSet) -> str:
    if group.repeated:
        return "duplicate"
    if one.verdict.outcome == "rejected" or group.verdict.code == "R":
        return "rejected"
    speaks_of_tests = one.noun is not None and ledger.takes_tests(one.noun)
    return "read" if group.test and not speaks_of_tests else "held"


def _follow(commit: Commit, agreement: Agreement, one: JudgedSet, document_id: int, test: bool) -> Posted:
    noun = _noun(one)
    partnership = _partnership(commit, agreement, one) if ledger.wants_partnership(noun) else None
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


def _partnership(commit: Commit, agreement: Agreement, one: JudgedSet) -> Partnership:
    found = commit.unit.agreements.partnership(agreement.id, one.reference)
    about = f"{agreement.name}, our number {one.reference or 'none'}"
    if found is None:
        raise trade.REFERENCE_UNKNOWN.error(f"set {one.verdict.set} {one.verdict.control} of {about}", about=about)
    commit.unit.desk.close_about(about, commit.now)
    return found


def _rejected(group: JudgedGroup, one: JudgedSet) -> Trouble:
    place = group.place(one)
    faults = [finding.note for finding in one.verdict.findings if finding.severity == "error"]
    note = f"set {one.verdict.set} {one.verdict.control} in {group.receipt.name}: {'; '.join(faults[:3])}"
    about = f"receipt {place.receipt_id}, set {place.interchange}.{place.group}.{place.transaction}"
    return Trouble(document.REJECTED, about, note, order=one.order)


def _open(commit: Commit, trouble: Trouble, agreement: Agreement, document_id: int) -> None:
    named = replace(trouble, partner=agreement.name, document_id=trouble.document_id or document_id)
    commit.unit.desk.open(named, commit.now)
