"""A partner's acknowledgment of an interchange of ours: kept on each document in it, which it may reject.

Matched by the reversed ids of the pair, and by number, date and time as we wrote them (TA101 to TA103 are ISA13,
ISA09, ISA10). That an envelope could be read says nothing of the documents: none is confirmed by it.
"""

from dataclasses import replace

from edi_gateway.issues import trade
from edi_gateway.ledger.acknowledging import (
    ACCEPTED,
    CONFIRMED,
    REJECTED,
    change,
    contradiction,
    news,
    number,
    remark,
    said_since_resent,
    trouble,
)
from edi_gateway.ledger.facts import Entry, Key, Objection, Past, Posted, SentDocument, Trouble
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.model.interchange_acknowledgment import InterchangeAcknowledgment

PARTNERSHIP = False
TESTS = True
NUMBER_REPEATED = "025"
TAKEN, REFUSED = "interchange.accepted", "interchange.rejected"


def needs(said: InterchangeAcknowledgment) -> tuple[Key, ...]:
    """The documents of ours in interchanges of that number."""
    return (("interchange", number(said.number)),)


def post(said: InterchangeAcknowledgment, partnership: Partnership | None, past: Past) -> Posted:
    """A fact on each document of the interchange; a rejection rejects them, unless they were accepted before."""
    numbered: tuple[SentDocument, ...] = past.get(("interchange", number(said.number))) or ()
    meant = [document for document in numbered if _written(document) == (said.date, said.time)]
    if not meant:
        return Posted("read", troubles=(_unmatched(said, numbered),))
    settled = [_settle(document, said) for document in meant]
    troubles = tuple(trouble for _, trouble in settled if trouble)
    return Posted("posted", tuple(fact for fact, _ in settled), troubles)


def _written(document: SentDocument) -> tuple[str, str] | None:
    at = document.prepared
    return None if at is None else (f"{at:%y%m%d}", f"{at:%H%M}")


def _settle(document: SentDocument, said: InterchangeAcknowledgment) -> tuple[Entry, Trouble | None]:
    takes = said.verdict in ACCEPTED
    told = {"verdict": said.verdict, "interchange": said.number, "code": said.code}
    refused = said_since_resent(document, REFUSED)
    # A 997 that rejected the document has read its envelope; one that confirmed it speaks against a refusal of that.
    taken = TAKEN in document.words or (not takes and document.state == CONFIRMED)
    what = news(takes, taken, refused or (not takes and document.state == REJECTED), document.copies,
                used_before=said.code == NUMBER_REPEATED)
    if what == "contradicts":
        return remark(what, document, told), contradiction(document, said.verdict)
    if what != "new":
        return remark(what, document, told), None
    if takes:
        return change(TAKEN, document, told, None), None
    return change(REFUSED, document, told, REJECTED), _rejected(document, said)


def _rejected(document: SentDocument, said: InterchangeAcknowledgment) -> Trouble:
    note = f"interchange {said.number}: the partner's code: {said.code}"
    told = trouble(trade.INTERCHANGE_REJECTED, document, note)
    return replace(told, objection=Objection(interchange=(said.code,)))


def _unmatched(said: InterchangeAcknowledgment, numbered: tuple[SentDocument, ...]) -> Trouble:
    named = f"interchange {said.number} of {said.date} {said.time}"
    others = ", ".join(dict.fromkeys(" ".join(at) for each in numbered if (at := _written(each))))
    known = f"; ours of that number are of {others}" if others else ""
    word = said.verdict.replace("_", " ")
    note = f"{named}, which they call {word} ({said.code}), is not among those we sent{known}"
    return Trouble(trade.INTERCHANGE_UNMATCHED, named, note)
