"""A partner's acknowledgment of a group of ours: each document it speaks for is confirmed or rejected.

Matched by the agreement's reversed ids, AK101 and AK102; then AK201 and AK202. Without set answers
the group's verdict speaks for every document in it; "partly" without saying which is a rejection.
A document is settled once: the first word stands (`ledger.acknowledging`).
"""

import datetime as dt
from dataclasses import replace

from edi_gateway.issues import trade
from edi_gateway.ledger.acknowledging import (
    ACCEPTED,
    CONFIRMED,
    REJECTED,
    REOPENED,
    change,
    contradiction,
    news,
    number,
    remark,
    trouble,
)
from edi_gateway.ledger.facts import Entry, Key, Objection, Past, Posted, SentDocument, Trouble
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.model.acknowledgment import Acknowledgment, SetAnswer

PARTNERSHIP = False
TESTS = True
LATE = dt.timedelta(days=1)
"""Partners acknowledge within a day as a rule; what comes later still counts, and is remarked."""
PARTLY = "partly_accepted"


def needs(said: Acknowledgment) -> tuple[Key, ...]:
    """The documents of ours in the group, and the instant."""
    return (_group(said), ("now",))


def post(said: Acknowledgment, partnership: Partnership | None, past: Past) -> Posted:
    """Confirms or rejects; an unknown group is a trouble, a second word changes nothing."""
    sent: tuple[SentDocument, ...] = past.get(_group(said)) or ()
    answers = {(one.set, one.control): one for one in said.sets}
    now: dt.datetime | None = past.get(("now",))
    settled = [_settle(document, said, answers.pop((document.set, document.control), None), now) for document in sent]
    unmatched = tuple(_unmatched(said, set_id, control) for set_id, control in answers)
    if not sent and not unmatched:
        unmatched = (_unmatched(said, "", ""),)
    facts = tuple(fact for facts, _ in settled for fact in facts)
    troubles = tuple(trouble for _, trouble in settled if trouble)
    return Posted("posted" if sent else "read", facts, (*troubles, *unmatched))


def _group(said: Acknowledgment) -> Key:
    return "sent", said.group_code, number(said.group_control)


def _settle(
    document: SentDocument, said: Acknowledgment, answer: SetAnswer | None, now: dt.datetime | None
) -> tuple[tuple[Entry, ...], Trouble | None]:
    verdict = _verdict(said, answer)
    takes = verdict in ACCEPTED
    told = {"verdict": verdict, "group": said.group_control}
    what = news(takes, document.state == CONFIRMED, document.state == REJECTED, document.copies)
    if what == "contradicts":
        return (remark(what, document, told),), contradiction(document, verdict)
    if what != "new":
        return (remark(what, document, told),), None
    late = (remark("late", document, told),) if _is_late(document, now) else ()
    if takes and document.state == REOPENED:
        # Their own system has not taken it, whatever is said of its syntax.
        return (remark("of-reopened", document, told), *late), None
    state = CONFIRMED if takes else REJECTED
    entry = change(f"document.{state}", document, told, state)
    return (entry, *late), None if takes else _rejected(document, said, answer)


def _verdict(said: Acknowledgment, answer: SetAnswer | None) -> str:
    """The word on one document: its own, unless the group is refused as a whole; else the group's."""
    if answer is not None and said.verdict in (*ACCEPTED, PARTLY):
        return answer.verdict
    if said.verdict == PARTLY and said.sets:
        # They list those they did not take; this is none of them.
        return ACCEPTED[0]
    return said.verdict


def _is_late(document: SentDocument, now: dt.datetime | None) -> bool:
    return now is not None and document.went is not None and now - document.went > LATE


def _rejected(document: SentDocument, said: Acknowledgment, answer: SetAnswer | None) -> Trouble:
    objection = Objection(
        group=said.codes, document=answer.codes if answer else (), faults=answer.faults if answer else ()
    )
    told = trouble(trade.DOCUMENT_REJECTED, document, _codes(objection))
    return replace(told, objection=objection)


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
