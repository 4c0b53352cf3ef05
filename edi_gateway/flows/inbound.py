"""From a file to the books: admit the bytes, judge what they hold, settle each group in one commit."""

from collections.abc import Sequence
from dataclasses import replace

from edi_gateway.flows import posting
from edi_gateway.flows.house import Commit, House, Stopped
from edi_gateway.flows.judging import SETS_PER_BREATH, JudgedGroup, JudgedInterchange, JudgedSet, about, judge
from edi_gateway.flows.outbound import Outgoing, dispatch
from edi_gateway.issues import Finding, document, exchange
from edi_gateway.ledger.facts import Trouble
from edi_gateway.logs import log
from edi_gateway.ports import Admission, Agreement, Receipt, Sighting
from edi_gateway.x12 import envelope
from edi_gateway.x12.verdicts import ECHOES, FUNCTIONAL_GROUP, acknowledge

ACKNOWLEDGMENT = "997"
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
    held = [_settle(house, judge(house, receipt, interchange)) for interchange in reading]
    with house.commit() as commit:
        if not held:
            _refuse_file(commit, receipt, reading.findings)
        commit.unit.desk.close_about(about_reading(receipt), commit.now)
        commit.unit.inbox.finish(receipt.id, "held" if any(held) else "done")
    log.info("read", channel=receipt.channel, name=receipt.name, state="held" if any(held) else "done")


def _settle(house: House, interchange: JudgedInterchange) -> bool:
    if not interchange.header.accepted:
        with house.commit() as commit:
            _refuse_interchange(commit, interchange)
        return False
    held = [_settle_group(house, group) for group in interchange.groups]
    return any(held)


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
        held = _post(commit, group.agreement, good[:SETS_PER_BREATH])
    for first in range(SETS_PER_BREATH, len(good), SETS_PER_BREATH):
        if house.stopping.is_set():
            raise Stopped
        with house.commit() as commit:
            held = _post(commit, group.agreement, good[first : first + SETS_PER_BREATH]) or held
    return held


def _post(commit: Commit, agreement: Agreement, good: Sequence[tuple[JudgedSet, int]]) -> bool:
    held = [posting.post(commit, agreement, one, known) for one, known in good]
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
    definition = guides.definition(ACKNOWLEDGMENT, guides.partner(partner).envelope.version, partner)
    assert definition is not None
    separators, texts = guides.partner(partner).marks, guides.partner(partner).texts
    segments = acknowledge(
        group.header, group.told, group.verdict, separators=separators, takes=lambda copy: texts.fault(copy) is None
    )
    return dispatch(commit, group.agreement, Outgoing(definition, segments, test=group.test, leniency=ECHOES))


def _hold_group(commit: Commit, group: JudgedGroup) -> None:
    assert group.stranger is not None
    for one in group.sets:
        commit.unit.documents.record(group.document(one, "held"), commit.now)
    commit.unit.desk.open(replace(group.stranger, channel=group.receipt.channel), commit.now)


def _refuse_interchange(commit: Commit, interchange: JudgedInterchange) -> None:
    header, receipt = interchange.header, interchange.receipt
    for group in interchange.groups:
        for one in group.sets:
            commit.unit.documents.record(group.document(one, "rejected"), commit.now)
    note = f"interchange {header.control} in {receipt.name}: {_notes(header.findings)}"
    partner = next((group.agreement.name for group in interchange.groups if group.agreement), None)
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
