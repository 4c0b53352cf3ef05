"""From a receipt to the books: judge what the bytes hold, settle each group in one commit."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from edi_gateway.flows import control, correcting, duplicates, posting, recording, salvaging, ta1
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
    unread,
)
from edi_gateway.flows.outbound import Outgoing, dispatch
from edi_gateway.flows.reading import InterchangeReading, readings
from edi_gateway.issues import Finding, GatewayError, document, duplicate
from edi_gateway.issues.mapping import PARTNER_WRONG
from edi_gateway.issues.settings import NOT_TOML, UNREADABLE
from edi_gateway.ledger.facts import Trouble
from edi_gateway.logs import log
from edi_gateway.ports import Agreement, Document, Envelope, Receipt, Repeat
from edi_gateway.x12 import envelope
from edi_gateway.x12.verdicts import ACKNOWLEDGMENT, ECHOES, FUNCTIONAL_GROUP, acknowledge


def about_reading(receipt: Receipt) -> str:
    """What the desk's issues about a receipt that could not be run are filed under; running it closes them."""
    return f"receipt {receipt.id}, reading"


def process(house: House, receipt: Receipt) -> None:
    """Runs a receipt: what it has done before is not done again."""
    content = house.archive.read(receipt.digest)
    reading = envelope.read([content])
    read = readings(reading, house.guides, partial(partner_of, house), lambda _interchange, _group: "in")
    broken: list[GatewayError] = []
    held = [_settle_unless_broken(house, receipt, one, content, broken) for one in read]
    with house.commit() as commit:
        if not held:
            _refuse_file(commit, receipt, reading.findings, content)
        for error in broken:
            trouble = Trouble(error.kind, about_reading(receipt), error.note, channel=receipt.channel)
            commit.unit.desk.open(trouble, commit.now)
        commit.unit.desk.close_about(about_reading(receipt), commit.now, [error.kind.code for error in broken])
        commit.unit.inbox.finish(receipt.id, "held" if any(held) else "done")
    log.info("read", channel=receipt.channel, name=receipt.name, state="held" if any(held) else "done")


def _settle_unless_broken(
    house: House, receipt: Receipt, read: InterchangeReading, content: bytes, broken: list[GatewayError]
) -> bool:
    """One interchange; where a file of its partner cannot be used it is held, and the others go on."""
    try:
        judged = judge(house, receipt, read)
        return _settle(house, replace(judged, digest=duplicates.digest(content, judged.header)))
    except GatewayError as error:
        if error.kind not in (PARTNER_WRONG, NOT_TOML, UNREADABLE):
            raise
        broken.append(error)
        return True


def _settle(house: House, interchange: JudgedInterchange) -> bool:
    held, goes_on = _answer(house, interchange)
    return any([held, *(_settle_group(house, group) for group in interchange.groups if goes_on)])


def _answer(house: House, interchange: JudgedInterchange) -> tuple[bool, bool]:
    """One commit: the verdict on the interchange with its TA1, and what follows from the TA1s in it.

    Says whether something is held, and whether its groups are to be settled. Of an unknown sender it has no verdict
    yet; a refused one is nobody's then.
    """
    with house.commit() as commit:
        state = commit.unit.repeats.interchange(interchange.receipt.id, interchange.header.ordinal)
        if state is None and interchange.agreement is None and interchange.header.accepted:
            return _hold_interchange(commit, interchange), True
        commit.unit.desk.close_about(about_pair(interchange.header), commit.now)
        if state in (None, duplicates.RELEASED):
            state = _judge(commit, interchange, released=state is not None)
        if state in duplicates.REFUSED or not interchange.header.accepted:
            return False, False
        if interchange.agreement is None:
            return False, True
        waiting = [(one, posting.record_word(commit, interchange, one)) for one in interchange.words]
        good = [(one, known) for one, known in waiting if known is not None]
        return _post(commit, interchange.agreement, good, interchange.test), True


def _judge(commit: Commit, interchange: JudgedInterchange, *, released: bool) -> str:
    """The verdict, told where a TA1 is due. Returns the interchange's state; `released` is one that a person wants."""
    if interchange.agreement is not None:
        control.came_interchange(commit, interchange.agreement, interchange.header.control, interchange.test)
    found = None if released else duplicates.weigh_interchange(commit, interchange)
    repeat, finding = found or (Repeat("taken") if released else None, None)
    if finding is not None:
        interchange.header.findings.append(finding)
    copied = repeat is not None and repeat.state == duplicates.COPY
    told = None if copied else _acknowledge_interchange(commit, interchange)
    commit.unit.documents.judge_interchange(
        interchange.receipt.id, interchange.header.ordinal, _code(interchange), told, commit.now,
        duplicates.number_of(interchange), repeat,
    )
    if copied and repeat is not None:
        duplicates.keep_copy(commit, interchange, repeat)
    elif not interchange.header.accepted:
        _refuse_interchange(commit, interchange, told is not None, repeated=finding is not None)
    else:
        correcting.taken(commit, interchange)
    return repeat.state if repeat else ""


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
        agreement, (group, repeat, new) = group.agreement, _weigh(commit, group)
        waiting = [(one, posting.record(commit, group, one)) for one in group.sets]
        if new:
            _judge_group(commit, agreement, group, repeat)
        good = [(one, known) for one, known in waiting if known is not None]
        held = _post(commit, agreement, good[:SETS_PER_BREATH], group.test)
    for first in range(SETS_PER_BREATH, len(good), SETS_PER_BREATH):
        if house.stopping.is_set():
            raise Stopped
        with house.commit() as commit:
            held = _post(commit, agreement, good[first : first + SETS_PER_BREATH], group.test) or held
    return held


def _weigh(commit: Commit, group: JudgedGroup) -> tuple[JudgedGroup, Repeat | None, bool]:
    """The group as it is to be recorded, what it repeats, and whether it has its verdict to come."""
    state = commit.unit.repeats.group(group.receipt.id, group.interchange.ordinal, group.header.ordinal)
    if state is not None:
        released = state == duplicates.RELEASED
        return group, Repeat("taken") if released else None, released
    repeat, finding = duplicates.weigh_group(commit, group) or (None, None)
    if finding is not None:
        group = duplicates.refused(group, finding) if repeat else replace(group, remarks=(finding,))
    return group, repeat, True


def _judge_group(commit: Commit, agreement: Agreement, group: JudgedGroup, repeat: Repeat | None) -> None:
    where = (group.receipt.id, group.interchange.ordinal, group.header.ordinal)
    control.came_group(commit, agreement, group.header.code, group.header.control, group.test)
    told, number = _acknowledge(commit, group), duplicates.number_of_group(group)
    commit.unit.documents.judge(*where, group.verdict.code, told, commit.now, number, repeat)
    if group.verdict.code != "R":
        correcting.taken_group(commit, group)


def _post(commit: Commit, agreement: Agreement, good: Sequence[tuple[JudgedSet, int]], test: bool) -> bool:
    held = [posting.post(commit, agreement, one, known, test) for one, known in good]
    return any(held)


def _acknowledge(commit: Commit, group: JudgedGroup) -> int | None:
    """Tells the partner, and the desk when the group as a whole was refused; an acknowledgment is never answered."""
    assert group.agreement is not None
    if group.verdict.code == "R" and group.verdict.findings:
        note = f"group {group.header.control} in {group.receipt.name}: {_notes(group.verdict.findings)}"
        where = duplicates.about(group.receipt.id, group.interchange.ordinal, group.header.ordinal)
        kind = duplicate.GROUP if group.repeated else document.GROUP_REJECTED
        orders = {one.order for one in group.sets if one.order}
        order = orders.pop() if len(orders) == 1 else None
        trouble = Trouble(kind, where, note, group.agreement.name, group.receipt.channel, order)
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
        _hold(commit, interchange.document(one, "held"))
    if not interchange.groups:
        commit.unit.desk.open(replace(interchange.stranger, channel=interchange.receipt.channel), commit.now)
    return True


def _hold_group(commit: Commit, group: JudgedGroup) -> None:
    assert group.stranger is not None
    for one in group.sets:
        _hold(commit, group.document(one, "held"))
    commit.unit.desk.open(replace(group.stranger, channel=group.receipt.channel), commit.now)


def _hold(commit: Commit, seen: Document) -> None:
    """Records a document of a stranger; what went through while they were known stays as it is."""
    assert seen.place is not None
    known = commit.unit.documents.at(seen.place)
    if known is None or known[1] == "held":
        commit.unit.documents.record(seen, commit.now)


def _refuse_interchange(commit: Commit, interchange: JudgedInterchange, told: bool, *, repeated: bool) -> None:
    header, receipt = interchange.header, interchange.receipt
    orders = recording.refused(commit, interchange, "duplicate" if repeated else "rejected")
    ending = "a TA1 told the partner" if told else "nobody told the partner"
    note = f"interchange {header.control} in {receipt.name}: {_notes(header.findings)}; {ending}"
    partner = interchange.agreement.name if interchange.agreement else None
    kind = duplicate.INTERCHANGE if repeated else document.INTERCHANGE_REFUSED
    where = duplicates.about(receipt.id, header.ordinal)
    order = orders[0] if len(orders) == 1 else None
    commit.unit.desk.open(Trouble(kind, where, note, partner, receipt.channel, order), commit.now)


def _refuse_file(commit: Commit, receipt: Receipt, findings: Sequence[Finding], content: bytes) -> None:
    found = ((pair, known) for pair in salvaging.ids(content) for known in commit.unit.agreements.of_pair(*pair))
    pair, agreement = next(found, (None, None))
    if pair is not None:
        seen = unread(receipt, agreement, Envelope(*pair, "", "", "", "", "", "", False), "rejected", findings)
        commit.unit.documents.record(seen, commit.now)
    partner = agreement.name if agreement else None
    note = f"{receipt.name} ({receipt.size_bytes} bytes): {_notes(findings)}"
    trouble = Trouble(document.UNREADABLE, f"receipt {receipt.id}", note, partner, receipt.channel)
    commit.unit.desk.open(trouble, commit.now)


def _notes(findings: Sequence[Finding]) -> str:
    errors = [finding.note for finding in findings if finding.severity == "error"]
    return "; ".join(errors[:3]) or "nothing more is known"
