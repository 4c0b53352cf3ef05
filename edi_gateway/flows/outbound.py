"""From a noun to a parcel: prepared in the same commit as the facts it tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from edi_gateway import mapping, model
from edi_gateway.flows import control
from edi_gateway.flows.house import Commit, House
from edi_gateway.issues import Finding, document, x12
from edi_gateway.ledger.answering import told
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.logs import log
from edi_gateway.mapping.sending import ANY_TIME, Sending
from edi_gateway.model import Noun
from edi_gateway.model.order import Order
from edi_gateway.model.order_response import OrderResponse
from edi_gateway.ports import Agreement, Document, Envelope, Label
from edi_gateway.x12 import envelope, write
from edi_gateway.x12.read import read
from edi_gateway.x12.spec import Definition

if TYPE_CHECKING:
    from edi_gateway.flows.partner_file import PartnerFile

THEIR_CODES = {x12.CODE_UNKNOWN.code: ""}
"""We may repeat a partner's own code that no list knows; one against the list agreed with them is still our fault."""


@dataclass(frozen=True)
class Outgoing:
    """One set to be sent: its segments without ST and SE as `x12.write` takes them, and what it is about.

    `release` is that of an acknowledgment, which goes out in that of what it answers; others go as agreed.
    """

    definition: Definition
    body: write.Segments | write.Ready
    test: bool = False
    noun: Noun | None = None
    partnership_id: int | None = None
    order_id: int | None = None
    leniency: Mapping[str, str] = field(default_factory=dict)
    """Verdicts that overrule the kinds' own when it is read back: an acknowledgment repeats what was faulty."""
    release: str | None = None
    remarks: tuple[Finding, ...] = ()
    """What was changed when it was written."""
    sending: Sending = ANY_TIME
    """How it goes out beside others; an acknowledgment waits for nothing."""


def prepare(
    commit: Commit, agreement: Agreement, partnership: Partnership, noun: Noun, order_id: int | None
) -> int:
    """Writes a noun as the partner wants it, takes its numbers, and queues it. Returns the document's id.

    Raises `GatewayError`: `document.cannot-say` when the noun does not fit, `document.ours-broken` when
    what was written does not read back clean.
    """
    guides, name = commit.house.guides, agreement.partner
    partner = guides.partner(name)
    noun = _told(commit, partner, partnership, noun)
    set_id = guides.set_of(model.name(noun), name)
    version = partner.version_of(set_id)
    plan = guides.map(set_id, version, name)
    definition = guides.definition(set_id, version, name, "out")
    if plan is None or definition is None:
        raise document.CANNOT_SAY.error(f"there is no mapping or no specification of set {set_id} {version}")
    marks = partner.marks_in(version)
    body, findings = mapping.body(noun, plan, definition, marks, partner.texts, partner.forms)
    errors = [finding for finding in findings if finding.severity == "error"]
    if body is None or errors:
        raise document.CANNOT_SAY.error(f"set {set_id}: {_notes(errors)}")
    return dispatch(
        commit, agreement,
        Outgoing(
            definition, body, noun=noun, partnership_id=partnership.id, order_id=order_id,
            leniency=THEIR_CODES, remarks=findings, sending=plan.sending,
        ),
    )


def _told(commit: Commit, partner: "PartnerFile", partnership: Partnership, noun: Noun) -> Noun:
    """An answer with what the partner wants told beside, of the order that stands on the books."""
    wants = partner.order_response
    if not isinstance(noun, OrderResponse) or wants == type(wants)():
        return noun
    known = commit.unit.books.known_order(partnership.id, (noun.number, noun.release or ""))
    return told(noun, known.order, wants.wanted) if known else noun


def dispatch(commit: Commit, agreement: Agreement, going: Outgoing) -> int:
    """Puts one set into an interchange of its own and queues it for the agreement's channel."""
    house = commit.house
    partner = house.guides.partner(agreement.partner)
    set_id, code = going.definition.set, going.definition.group
    interchange_control = commit.unit.numbers.take(control.interchange_scope(agreement, going.test))
    number = commit.unit.numbers.take(control.group_scope(agreement, code, going.test))
    form = partner.envelope
    set_control = control.set_number(commit, agreement, set_id, going.test)
    heading = write.Heading(
        sender=str(agreement.ours), receiver=str(agreement.theirs),
        group_sender=agreement.our_group, group_receiver=agreement.their_group, code=code,
        version=form.in_release(going.release) if going.release else partner.version_of(set_id),
        interchange_control=interchange_control,
        group_control=str(number).zfill(form.group_control_digits), at=commit.now, test=going.test,
        implementation="" if going.release else form.implementation.get(set_id, ""),
    )
    marks = partner.marks_in(heading.version)
    content = write.write(heading, [(set_id, set_control, going.body)], marks, partner.line_end)
    findings = _read_back(house, agreement, content, going.leniency)
    sent = Document(
        "out", set_id, heading.version, "prepared", agreement.channel, "", travels(agreement, heading, set_control),
        agreement.id, going.partnership_id, going.order_id, findings=(*going.remarks, *findings), body=going.noun,
    )
    return queue(commit, agreement, sent, going.definition.name, interchange_control, content, going.sending)


def travels(agreement: Agreement, heading: write.Heading, set_control: str) -> Envelope:
    """The ids and numbers that a heading is written with, as a document is known by them."""
    return Envelope(
        agreement.ours, agreement.theirs, heading.group_sender, heading.group_receiver,
        f"{heading.interchange_control:09}", heading.code, str(heading.group_control).lstrip("0"), set_control,
        heading.test,
    )


def queue(
    commit: Commit, agreement: Agreement, sent: Document, set_name: str, number: int, content: bytes,
    sending: Sending = ANY_TIME,
) -> int:
    """Queues the bytes of a document for the agreement's channel and records it. Returns the document's id."""
    house, unit, now = commit.house, commit.unit, commit.now
    partner = house.guides.partner(agreement.partner)
    name = partner.file_name(number, sent.set, set_name, agreement.name)
    if sent.envelope.test and agreement.usage == "both":
        # Tests are counted apart from production, so without this the two would share their names.
        name = f"test-{name}"
    label = _label(agreement, sent, number, partner.sending.strict_order, sending)
    parcel_id = unit.outbox.queue(agreement.channel, name, house.archive.keep(content), len(content), label, now)
    log.info("prepared", channel=agreement.channel, name=name, set=sent.set, bytes=len(content))
    return unit.documents.record(replace(sent, file=name, parcel_id=parcel_id), now)


def _label(agreement: Agreement, sent: Document, number: int, strict: bool, sending: Sending) -> Label:
    """What a parcel is: whose, of which order, and when it goes among others."""
    noun = sent.body
    return Label(
        set=sent.set, agreement_id=agreement.id, partnership_id=sent.partnership_id,
        scope=control.interchange_scope(agreement, sent.envelope.test), number=number, order_id=sent.order_id,
        order_number=noun.number if isinstance(noun, Order) else None, turn=sending.turn, strict=strict,
        subject=sending.subject(noun) if noun else None, latest=noun is not None and sending.is_latest(noun),
    )


def _read_back(
    house: House, agreement: Agreement, content: bytes, leniency: Mapping[str, str]
) -> tuple[Finding, ...]:
    """What leaves obeys the standard and the partner's guide; an error here is our own fault."""
    findings: list[Finding] = []
    reading = envelope.read([content])
    for interchange in reading:
        for group in interchange.groups:
            for transaction in group.transactions:
                table = house.guides.table(transaction.set, group.version, agreement.partner, "out")
                findings += read(transaction, table, leniency).findings
            findings += group.findings
        findings += interchange.findings
    findings += reading.findings
    errors = [finding for finding in findings if finding.verdict]
    if errors:
        raise document.OURS_BROKEN.error(_notes(errors))
    return tuple(findings)


def _notes(findings: Sequence[Finding]) -> str:
    return "; ".join(finding.note for finding in findings[:5]) or "it cannot be written"
