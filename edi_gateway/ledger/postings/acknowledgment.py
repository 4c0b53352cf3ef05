"""A partner's acknowledgment of a group of ours: each document it speaks for is confirmed or rejected.

Matched by the agreement's reversed ids, AK101 and AK102; then AK201 and AK202. Without set answers
the group's verdict speaks for every document in it; "partly" without saying which is a rejection.
A document is settled once: the first word stands.
"""

from dataclasses import replace

from edi_gateway.issues import Kind, trade
from edi_gateway.ledger.facts import Entry, Key, Objection, Past, Posted, SentDocument, Trouble
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.model.acknowledgment import Acknowledgment, SetAnswer

PARTNERSHIP = False
REJECTED, PARTLY = "rejected", "partly_accepted"


def needs(said: Acknowledgment) -> tuple[Key, ...]:
    """The documents of ours in the group."""
    return (("sent", said.group_code, _number(said.group_control)),)


def post(said: Acknowledgment, partnership: Partnership | None, past: Past) -> Posted:
    """Confirms or rejects; an unknown group is a trouble, a second word changes nothing."""
    sent: tuple[SentDocument, ...] = past.get(("sent", said.group_code, _number(said.group_control))) or ()
    answers = {(one.set, one.control): one for one in said.sets}
    settled = [_settle(document, said, answers.pop((document.set, document.control), None)) for document in sent]
    unmatched = tuple(_unmatched(said, set_id, control) for set_id, control in answers)
    if not sent and not unmatched:
        unmatched = (_unmatched(said, "", ""),)
    entries = tuple(entry for entry, _ in settled if entry)
    troubles = tuple(trouble for _, trouble in settled if trouble)
    return Posted("posted" if sent else "read", entries, (*troubles, *unmatched))


def _settle(
    document: SentDocument, said: Acknowledgment, answer: SetAnswer | None
) -> tuple[Entry | None, Trouble | None]:
    verdict = answer.verdict if answer else said.verdict
    rejects = REJECTED in (verdict, said.verdict) or (verdict == PARTLY and not said.sets)
    if document.state == "confirmed" and rejects:
        note = f"document {document.id} ({document.set}) was confirmed before"
        return None, _trouble(trade.ACKNOWLEDGMENT_CONTRADICTS, document, note)
    if document.state in ("confirmed", "rejected"):
        return None, None
    state = "rejected" if rejects else "confirmed"
    entry = Entry(
        f"document.{state}",
        {"verdict": verdict, "group": said.group_control},
        order=document.order,
        document_id=document.id,
        document_state=state,
    )
    if not rejects:
        return entry, None
    objection = Objection(said.codes, answer.codes if answer else (), answer.faults if answer else ())
    trouble = _trouble(trade.DOCUMENT_REJECTED, document, _codes(objection))
    return entry, replace(trouble, objection=objection)


def _trouble(kind: Kind, document: SentDocument, note: str) -> Trouble:
    return Trouble(
        kind, f"document {document.id}", note, order=document.order[0] if document.order else None,
        document_id=document.id,
    )


def _codes(objection: Objection) -> str:
    codes = [f"group codes {', '.join(objection.group)}"] if objection.group else []
    codes += [f"set codes {', '.join(objection.document)}"] if objection.document else []
    for fault in objection.faults:
        elements = "".join(f", element {e.position} code {e.code}" for e in fault.elements)
        codes.append(f"segment {fault.segment} at {fault.position} code {fault.code or '-'}{elements}")
    return "the partner's codes: " + ("; ".join(codes) or "none given")


def _unmatched(said: Acknowledgment, set_id: str, control: str) -> Trouble:
    what = f"set {set_id} {control} in group" if set_id else "group"
    note = f"{what} {said.group_code} {said.group_control} is not among those we sent"
    return Trouble(trade.ACKNOWLEDGMENT_UNMATCHED, f"{said.group_code} {said.group_control} {control}".rstrip(), note)


def _number(control: str) -> str:
    return control.lstrip("0") or "0"
