"""Sets from which nothing follows, recorded so that they are seen where people look: at their partner and order."""

from dataclasses import replace

from edi_gateway.flows.house import Commit
from edi_gateway.flows.judging import JudgedInterchange, JudgedSet
from edi_gateway.issues import Finding
from edi_gateway.ports import Document

_FINDINGS_MAX = 5


def refused(commit: Commit, interchange: JudgedInterchange, state: str) -> tuple[str, ...]:
    """Records the sets of a refused interchange, and why it was; returns the numbers of the orders they name."""
    if not interchange.words and not any(group.sets for group in interchange.groups):
        commit.unit.documents.record(interchange.as_document(state), commit.now)
    why = tuple(finding for finding in interchange.header.findings if finding.verdict)[:_FINDINGS_MAX]
    named = [document.order_number for document in every_set(commit, interchange, state, why)]
    return tuple(dict.fromkeys(number for number in named if number))


def every_set(
    commit: Commit, interchange: JudgedInterchange, state: str, why: tuple[Finding, ...] = ()
) -> list[Document]:
    """Records each set of an interchange of which nothing is taken, with a remark on why. Returns them."""
    recorded = []
    for group in interchange.groups:
        seen = replace(group, remarks=why, agreement=group.agreement or interchange.agreement)
        for one in group.sets:
            recorded.append(placed(commit, seen.document(one, state), one))
            commit.unit.documents.record(recorded[-1], commit.now)
    return recorded


def placed(commit: Commit, document: Document, one: JudgedSet) -> Document:
    """The document at its partnership and order, as far as it names them."""
    if document.agreement_id is None:
        return document
    found = commit.unit.agreements.partnership(document.agreement_id, one.reference)
    order = commit.unit.books.named_order(found.id, one.order) if found and one.order else None
    return replace(document, partnership_id=found.id if found else None, order_id=order)
