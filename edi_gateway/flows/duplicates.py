"""What comes again under a number that was used: interchanges and groups, told before anything of them is posted."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from edi_gateway import ledger
from edi_gateway.flows import recording
from edi_gateway.flows.house import Commit
from edi_gateway.flows.judging import JudgedGroup, JudgedInterchange
from edi_gateway.flows.partner_file import Duplicates
from edi_gateway.issues import Finding, duplicate
from edi_gateway.ledger.facts import Posted, Trouble
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.model import Noun
from edi_gateway.ports import Agreement, GroupNumber, InterchangeNumber, Repeat, Used
from edi_gateway.x12.envelope import Interchange
from edi_gateway.x12.numbers import HALF_A_ROUND, as_number
from edi_gateway.x12.verdicts import GroupVerdict

COPY: Final = "copy"
REPEATED: Final = "repeated"
RELEASED: Final = "released"
TAKEN: Final = "taken"
REFUSED = (COPY, REPEATED)

ANSWER = "order_response"
"""The noun by which we answer an order."""

Place = tuple[int, int, int | None]
"""A receipt, an interchange in it, and a group of that, or None."""

_PLACE = re.compile(r"receipt (\d+), (?:interchange (\d+)|group (\d+)\.(\d+))")


def number_of(interchange: JudgedInterchange) -> InterchangeNumber:
    """The number of an interchange, and whose it is."""
    header = interchange.header
    return InterchangeNumber(
        header.sender, header.receiver, header.control, as_number(header.control), interchange.test,
        header.date + header.time, interchange.digest,
    )


def number_of_group(group: JudgedGroup) -> GroupNumber:
    """The same of a group of a known partner."""
    assert group.agreement is not None
    header = group.header
    return GroupNumber(
        group.agreement.id, header.code, header.sender, header.receiver, header.control, as_number(header.control),
        group.test,
    )


def digest(content: bytes, interchange: Interchange) -> str:
    """The SHA-256 of an interchange's own bytes, from its ISA to the end of its IEA."""
    mark = re.escape(interchange.separators.segment.encode("latin-1", "replace"))
    trailer = re.compile(mark + rb"\s*IEA[^" + mark + rb"]*" + mark).search(content, interchange.offset)
    return hashlib.sha256(content[interchange.offset : trailer.end() if trailer else len(content)]).hexdigest()


def weigh_interchange(commit: Commit, interchange: JudgedInterchange) -> tuple[Repeat, Finding | None] | None:
    """What an interchange repeats, None where it is new. The finding refuses one of a used number.

    Only what was taken has used its number: what was refused may come again under it, corrected. The same bytes in
    another file are a copy, whatever is agreed on numbers.
    """
    agreement, one = interchange.agreement, number_of(interchange)
    if agreement is None or not interchange.header.accepted or interchange.receipt.again_of is not None:
        return None
    rows, where = rules(commit, agreement.partner), (interchange.receipt.id, interchange.header.ordinal)
    used = commit.unit.repeats.interchanges_of(*where, one) if one.number is not None else ()
    if used and used[0].digest == one.digest:
        return None if rows.same_bytes == "again" else (Repeat(COPY, used[0].receipt_id), None)
    if one.number is None or rows.interchange_days == 0:
        return None
    since = commit.now - timedelta(days=rows.interchange_days)
    used = [
        each for each in used
        if each.at >= since and not (rows.interchange_time and each.written not in (None, one.written))
    ]
    found = _of_this_round(used, one.number, lambda id: commit.unit.repeats.highest_interchange_since(id, one))
    if found is None:
        return None
    finding = duplicate.INTERCHANGE.finding(_note("interchange", one.control, found), offset=interchange.header.offset)
    return Repeat(REPEATED, found.receipt_id), finding


def weigh_group(commit: Commit, group: JudgedGroup) -> tuple[Repeat | None, Finding] | None:
    """The remark on a group of a used number, None where it is new. With a `Repeat` the group is refused."""
    assert group.agreement is not None
    rows, one = rules(commit, group.agreement.partner), number_of_group(group)
    if rows.group_numbers == "ignore" or one.number is None or group.receipt.again_of is not None:
        return None
    since = commit.now - timedelta(days=rows.group_days)
    used = commit.unit.repeats.groups_of(group.receipt.id, group.interchange.ordinal, one, since)
    found = _of_this_round(used, one.number, lambda id: commit.unit.repeats.highest_group_since(id, one))
    if found is None or commit.unit.repeats.interchange(group.receipt.id, group.interchange.ordinal) == TAKEN:
        return None
    note = _note(f"group {group.header.code}", one.control, found)
    if rows.group_numbers == "duplicate":
        return Repeat(REPEATED, found.receipt_id), duplicate.GROUP.finding(note, offset=group.header.offset)
    return None, duplicate.GROUP.finding(note, offset=group.header.offset, severity="warning", verdict="")


def refused(group: JudgedGroup, finding: Finding) -> JudgedGroup:
    """The group as one of which nothing is taken."""
    was = group.verdict
    codes = tuple(dict.fromkeys((*was.codes, finding.ack.group or "")))[:5]
    verdict = GroupVerdict("R", codes, (*was.findings, finding), was.included, was.received, 0)
    return replace(group, verdict=verdict, remarks=(finding,), repeated=True)


def keep_copy(commit: Commit, interchange: JudgedInterchange, repeat: Repeat) -> None:
    """Records the documents of a copy, of which nothing follows, and acknowledges as the partner's row says."""
    assert interchange.agreement is not None
    assert repeat.receipt_id is not None
    recording.every_set(commit, interchange, "duplicate")
    if rules(commit, interchange.agreement.partner).same_bytes == "ignore":
        return
    commit.unit.outbox.acknowledge_again(repeat.receipt_id)
    receipt = interchange.receipt
    note = f"interchange {interchange.header.control} in {receipt.name} is the same as in an earlier file"
    trouble = Trouble(
        duplicate.COPY, about(receipt.id, interchange.header.ordinal), note, interchange.agreement.name, receipt.channel
    )
    commit.unit.desk.open(trouble, commit.now)


def without_asking(commit: Commit, agreement: Agreement, posted: Posted) -> Posted:
    """The same without its trouble, where the partner's file has decided on documents that say nothing new."""
    asks = posted.repeats != "equal" or rules(commit, agreement.partner).equal_documents == "ask"
    return posted if asks else replace(posted, troubles=())


def repeats(
    commit: Commit, agreement: Agreement, partnership: Partnership, noun: Noun, posted: Posted, document_id: int
) -> None:
    """Remembers which document another one repeats, and answers once more where the partner's file says so."""
    key = ledger.identity(noun)
    earlier = commit.unit.books.source(partnership.id, key) if key else None
    commit.unit.repeats.document(document_id, posted.repeats, earlier)
    if posted.repeats == "equal" and rules(commit, agreement.partner).equal_documents == "resend":
        answer_again(commit, document_id, earlier)


def answer_again(commit: Commit, document_id: int, earlier_id: int | None) -> None:
    """What we said to a document that came again goes once more: its acknowledgment, and the answer to its order."""
    receipt = commit.unit.repeats.receipt_of(earlier_id) if earlier_id else None
    if receipt is not None:
        commit.unit.outbox.acknowledge_again(receipt)
    for parcel in commit.unit.repeats.parcels_of_order(document_id, ANSWER):
        commit.unit.outbox.again(parcel)


def about(receipt_id: int, interchange: int, group: int | None = None) -> str:
    """What the desk's issue about a repeated interchange or group is filed under."""
    return f"receipt {receipt_id}, " + (
        f"interchange {interchange}" if group is None else f"group {interchange}.{group}"
    )


def place_of(told: str) -> Place | None:
    """The place that `about` told; None for anything else."""
    found = _PLACE.fullmatch(told)
    return found and (int(found[1]), int(found[2] or found[3]), int(found[4]) if found[4] else None)


def rules(commit: Commit, partner: str) -> Duplicates:
    """What a partner's file says of what comes again."""
    return commit.house.guides.partner(partner).duplicates


def _of_this_round(used: Sequence[Used], control: int, highest_since: Callable[[int], int]) -> Used | None:
    """The last use of a number, unless the numbers have begun again since."""
    if not used or highest_since(used[0].id) - control > HALF_A_ROUND:
        return None
    return used[0]


def _note(what: str, control: str, used: Used) -> str:
    return f"{what} {control} came in {used.file} on {used.at:%Y-%m-%d %H:%M} UTC, with other content"
