"""From a file to the books: admit the bytes, judge what they hold, settle each group in one commit."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from edi_gateway.flows import posting, ta1
from edi_gateway.flows.house import Commit, House, Stopped
from edi_gateway.flows.judging import (
    SETS_PER_BREATH,
    JudgedGroup,
    JudgedInterchange,
    JudgedSet,
    about,
    about_pair,
    judge,
    partner_of,
)
from edi_gateway.flows.outbound import Outgoing, dispatch
from edi_gateway.flows.reading import readings
from edi_gateway.issues import Finding, document, exchange
from edi_gateway.ledger.facts import Trouble
from edi_gateway.logs import log
from edi_gateway.ports import Admission, Agreement, Receipt, Sighting
from edi_gateway.x12 import envelope
from edi_gateway.x12.verdicts import ACKNOWLEDGMENT, ECHOES, FUNCTIONAL_GROUP, acknowledge

TRAILER_BYTES = 200
"""An IEA with whatever blanks and line ends a partner puts behind it."""


def admit(house: House, channel: str, sighting: Sighting, content: bytes) -> Admission:
    """Makes the bytes ours: durable in the archive, then on the books. A duplicate gets its verdict here.

    A new arrival of known bytes most often means that our acknowledgment was lost: the same goes again, and
    nothing is posted.
    """
    digest = house.archive.keep(content)
    with house.commit() as commit:
        admission = commit.unit.inbox.admit(channel, sighting, digest, _rank(content), commit.now)
        if admission.verdict == "duplicate":
            first = admission.receipt
            note = f"{sighting.name} holds the same bytes as {first.name} of {first.at:%Y-%m-%d %H:%M:%S} UTC"
            trouble = Trouble(exchange.ALREADY_PROCESSED, f"receipt {first.id}", note, channel=channel)
            commit.unit.desk.open(trouble, commit.now)
            commit.unit.outbox.acknowledge_again(first.id)
    log.info("admitted", channel=channel, name=sighting.name, digest=digest[:12], bytes=len(content),
             verdict=admission.verdict)
    return admission


def receive(house: House, channel: str, sighting: Sighting, content: bytes) -> Admission:
    """Admits a file that came another way as if it had been collected from the channel.

    Nobody will find it in the mailbox, so the same bytes a second time are a duplicate.
    """
    admission = admit(house, channel, sighting, content)
    with house.commit() as commit:
        commit.unit.inbox.settled(admission.arrival_id, None, commit.now)
    return admission


def about_reading(receipt: Receipt) -> str:
    """What the desk's issues about a receipt that could not be run are filed under; running it closes them."""
    return f"receipt {receipt.id}, reading"


def process(house: House, receipt: Receipt) -> None:
    """Runs a receipt: what it has done before is not done again."""
    reading = envelope.read([house.archive.read(receipt.digest)])
    read = readings(reading, house.guides, partial(partner_of, house), lambda _interchange, _group: "in")
    judged = (judge(house, receipt, one) for one in read)
    held = [_settle(house, interchange) for interchange in judged]
    with house.commit() as commit:
        if not held:
            _refuse_file(commit, receipt, reading.findings)
        commit.unit.desk.close_about(about_reading(receipt), commit.now)
        commit.unit.inbox.finish(receipt.id, "held" if any(held) else "done")
    log.info("read", channel=receipt.channel, name=receipt.name, state="held" if any(held) else "done")


def _settle(house: House, interchange: JudgedInterchange) -> bool:
    held = [_answer(house, interchange)]
    if interchange.header.accepted:
        held += [_settle_group(house, group) for group in interchange.groups]
    return any(held)


def _answer(house: House, interchange: JudgedInterchange) -> bool:
    """One commit: the verdict on the interchange with its TA1, and what follows from the TA1s in it.

    Says whether something is held. Of an unknown sender it has no verdict yet; a refused one is nobody's then.
    """
    with house.commit() as commit:
        where = (interchange.receipt.id, interchange.header.ordinal)
        judged = commit.unit.documents.interchange_judged(*where)
        if not judged and interchange.agreement is None and interchange.header.accepted:
            return _hold_interchange(commit, interchange)
        commit.unit.desk.close_about(about_pair(interchange.header), commit.now)
        if not judged:
            told = _acknowledge_interchange(commit, interchange)
            commit.unit.documents.judge_interchange(*where, _code(interchange), told, commit.now)
            if not interchange.header.accepted:
                _refuse_interchange(commit, interchange, told is not None)
        if not interchange.header.accepted or interchange.agreement is None:
            return False
        waiting = [(one, posting.record_word(commit, interchange, one)) for one in interchange.words]
        good = [(one, known) for one, known in waiting if known is not None]
        return _post(commit, interchange.agreement, good, interchange.test)


def _code(interchange: JudgedInterchange) -> str:
    """The verdict on an interchange, in the words of TA104."""
    effects = {finding.verdict for finding in interchange.header.findings}
    return "R" if "R" in effects else "E" if "E" in effects else "A"


def _acknowledge_interchange(commit: Commit, interchange: JudgedInterchange) -> int | None:
    """The TA1, where one is due by what is agreed; an acknowledgment is never answered."""
    agreement, header = interchange.agreement, interchange.header
    if agreement is None or interchange.only_acknowledges:
        return None
    policy = commit.house.guides.partner(agreement.partner).acknowledgments
    if not policy.wants_ta1(header.requests_ta1, faulty=_code(interchange) != "A"):
        return None
    return ta1.send(commit, agreement, header, interchange.test)


def _settle_group(house: House, group: JudgedGroup) -> bool:
    """One commit: the acknowledgment, the facts of every good set, the replies. Says whether something is held.

    Of a large group the sets beyond the first are posted in further commits, so that nobody else waits long for
    the database; each set's place keeps it from being posted twice when the group is run again.
    """
    with house.commit() as commit:
        if group.agreement is None:
            _hold_group(commit, group)
            return True
        commit.unit.desk.close_about(about(group.interchange, group.header), commit.now)
        waiting = [(one, posting.record(commit, group, one)) for one in group.sets]
        where = (group.receipt.id, group.interchange.ordinal, group.header.ordinal)
        if not commit.unit.documents.judged(*where):
            commit.unit.documents.judge(*where, group.verdict.code, _acknowledge(commit, group), commit.now)
        good = [(one, known) for one, known in waiting if known is not None]
        held = _post(commit, group.agreement, good[:SETS_PER_BREATH], group.test)
    for first in range(SETS_PER_BREATH, len(good), SETS_PER_BREATH):
        if house.stopping.is_set():
            raise Stopped
        with house.commit() as commit:
            held = _post(commit, group.agreement, good[first : first + SETS_PER_BREATH], group.test) or held
    return held


def _post(commit: Commit, agreement: Agreement, good: Sequence[tuple[JudgedSet, int]], test: bool) -> bool:
    held = [posting.post(commit, agreement, one, known, test) for one, known in good]
    return any(held)


def _acknowledge(commit: Commit, group: JudgedGroup) -> int | None:
    """Tells the partner, and the desk when the group as a whole was refused; an acknowledgment is never answered."""
    assert group.agreement is not None
    if group.verdict.code == "R" and group.verdict.findings:
        note = f"group {group.header.control} in {group.receipt.name}: {_notes(group.verdict.findings)}"
        where = f"receipt {group.receipt.id}, group {group.interchange.ordinal}.{group.header.ordinal}"
        trouble = Trouble(document.GROUP_REJECTED, where, note, group.agreement.name, group.receipt.channel)
        commit.unit.desk.open(trouble, commit.now)
    if group.header.code == FUNCTIONAL_GROUP:
        return None
    guides, partner = commit.house.guides, group.agreement.partner
    rules = guides.partner(partner)
    definition = guides.definition(ACKNOWLEDGMENT, group.release, partner, "out")
    assert definition is not None
    marks, texts = rules.marks_in(group.release), rules.texts
    segments = acknowledge(
        group.header, [one.verdict for one in group.sets], group.verdict, not rules.acknowledgments.accepted_sets,
        marks, lambda copy: texts.fault(copy) is None, definition,
    )
    going = Outgoing(definition, segments, test=group.test, leniency=ECHOES, release=group.release)
    return dispatch(commit, group.agreement, going)


def _hold_interchange(commit: Commit, interchange: JudgedInterchange) -> bool:
    """Groups of a stranger are held each by itself; what stands outside of them is held here."""
    assert interchange.stranger is not None
    for one in interchange.words:
        commit.unit.documents.record(interchange.document(one, "held"), commit.now)
    if not interchange.groups:
        commit.unit.desk.open(replace(interchange.stranger, channel=interchange.receipt.channel), commit.now)
    return True


def _hold_group(commit: Commit, group: JudgedGroup) -> None:
    assert group.stranger is not None
    for one in group.sets:
        commit.unit.documents.record(group.document(one, "held"), commit.now)
    commit.unit.desk.open(replace(group.stranger, channel=group.receipt.channel), commit.now)


def _refuse_interchange(commit: Commit, interchange: JudgedInterchange, told: bool) -> None:
    header, receipt = interchange.header, interchange.receipt
    for group in interchange.groups:
        for one in group.sets:
            commit.unit.documents.record(group.document(one, "rejected"), commit.now)
    ending = "a TA1 told the partner" if told else "nobody told the partner"
    note = f"interchange {header.control} in {receipt.name}: {_notes(header.findings)}; {ending}"
    partner = interchange.agreement.name if interchange.agreement else None
    where = f"receipt {receipt.id}, interchange {header.ordinal}"
    commit.unit.desk.open(Trouble(document.INTERCHANGE_REFUSED, where, note, partner, receipt.channel), commit.now)


def _refuse_file(commit: Commit, receipt: Receipt, findings: Sequence[Finding]) -> None:
    note = f"{receipt.name} ({receipt.size_bytes} bytes): {_notes(findings)}"
    trouble = Trouble(document.UNREADABLE, f"receipt {receipt.id}", note, channel=receipt.channel)
    commit.unit.desk.open(trouble, commit.now)


def _notes(findings: Sequence[Finding]) -> str:
    errors = [finding.note for finding in findings if finding.severity == "error"]
    return "; ".join(errors[:3]) or "nothing more is known"


def whole(content: bytes) -> bool:
    """Whether the bytes end as an interchange does. Those of a file that is still being written most often do not."""
    return b"IEA" in content[-TRAILER_BYTES:]


def _rank(content: bytes) -> str:
    """ISA date, time and number as sent, so that what waits is run in the order it was written."""
    start = content[:4096].find(b"ISA")
    header = content[start : start + 106] if start >= 0 else b""
    return (header[70:76] + header[77:81] + header[90:99]).decode("latin-1")
