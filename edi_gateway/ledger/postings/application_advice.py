"""A partner's own system did not take a document of ours: the document is reopened.

A document is found by the numbers of its group and set, else by its own number; what is accepted stays as it is.
"""

from collections.abc import Iterator

from edi_gateway.issues import trade
from edi_gateway.ledger.acknowledging import REOPENED, change, number, remark, trouble
from edi_gateway.ledger.facts import Entry, Key, Past, Posted, SentDocument, Trouble
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.model.application_advice import Advice, AdviceFault, ApplicationAdvice

PARTNERSHIP = False
TESTS = True
TAKEN = ("batch_accepted", "group_accepted", "item_accepted", "set_accepted")
_NOTE_MAX = 2_000
_FAULTS_MAX = 20


def needs(said: ApplicationAdvice) -> tuple[Key, ...]:
    """What each advice may mean."""
    return tuple(dict.fromkeys(_meant(advice) for advice in said.advices))


def post(said: ApplicationAdvice, partnership: Partnership | None, past: Past) -> Posted:
    """Reopens what was not taken, with one trouble a document; what nothing of ours fits is a trouble, too."""
    facts: list[Entry] = []
    objections: dict[int, tuple[SentDocument, list[str]]] = {}
    unmatched: list[Trouble] = []
    for advice in said.advices:
        documents: tuple[SentDocument, ...] = past.get(_meant(advice)) or ()
        facts += [_fact(said, advice, document) for document in documents]
        for document in documents if not _takes(advice) else ():
            objections.setdefault(document.id, (document, []))[1].append(_told(advice))
        if not documents:
            unmatched.append(_unmatched(said, advice))
    reopened = [
        trouble(trade.DOCUMENT_REOPENED, document, _bounded(f"advice {said.number}: {'; '.join(told)}"))
        for document, told in objections.values()
    ]
    return Posted("posted" if facts else "read", tuple(facts), (*reopened, *unmatched))


def _meant(advice: Advice) -> Key:
    group, control = number(advice.group_control), number(advice.set_control)
    return "ours", advice.set or "", group, control, advice.kind, advice.number


def _takes(advice: Advice) -> bool:
    return advice.verdict in TAKEN


def _fact(said: ApplicationAdvice, advice: Advice, document: SentDocument) -> Entry:
    told = {"advice": said.number, "verdict": advice.verdict, "codes": [fault.code for fault in advice.faults]}
    if _takes(advice):
        return remark("by-application", document, told)
    return change("document.reopened", document, told, REOPENED)


def _told(advice: Advice) -> str:
    faults = "; ".join(_fault(fault) for fault in advice.faults[:_FAULTS_MAX])
    more = len(advice.faults) - _FAULTS_MAX
    return f"{_named(advice)}: {faults or 'no reason given'}" + (f"; and {more} more" if more > 0 else "")


def _fault(fault: AdviceFault) -> str:
    return " ".join(_words(fault))


def _words(fault: AdviceFault) -> Iterator[str]:
    yield fault.code.replace("_", " ") if fault.code.islower() else f"code {fault.code}"
    if fault.segment:
        element = f"{fault.element:02}" if fault.element is not None else ""
        yield f"in {fault.segment}{element}" + (f" (segment {fault.position})" if fault.position is not None else "")
    if fault.value is not None:
        yield f"sent as {fault.value!r}"
    if fault.should_be is not None:
        yield f"and changed to {fault.should_be!r}"
    text = " ".join((*([fault.text] if fault.text else ()), *fault.notes))
    if text:
        yield f"({text})"


def _named(advice: Advice) -> str:
    kind = advice.kind.replace("_", " ")
    return f"{advice.verdict.replace('_', ' ')}, {kind} {advice.number}"


def _unmatched(said: ApplicationAdvice, advice: Advice) -> Trouble:
    numbers = f", group {advice.group_control}, set {advice.set_control}" if advice.group_control else ""
    note = f"advice {said.number}: nothing we sent is meant by {_told(advice)}{numbers}"
    return Trouble(trade.ADVICE_UNMATCHED, f"advice {said.number}, {advice.kind} {advice.number}", _bounded(note))


def _bounded(note: str) -> str:
    return note if len(note) <= _NOTE_MAX else note[: _NOTE_MAX - 1] + "…"
