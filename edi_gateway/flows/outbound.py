"""From a noun to a parcel: prepared in the same commit as the facts it tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from edi_gateway import mapping, model
from edi_gateway.flows import control
from edi_gateway.flows.house import Commit, House
from edi_gateway.issues import Finding, document, x12
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.logs import log
from edi_gateway.model import Noun
from edi_gateway.ports import Agreement, Document, Envelope
from edi_gateway.x12 import envelope, write
from edi_gateway.x12.read import read
from edi_gateway.x12.spec import Definition

THEIR_CODES = {x12.CODE_UNKNOWN.code: ""}
"""We may repeat a partner's own code that no list knows; one against the list agreed with them is still our fault."""


@dataclass(frozen=True)
class Outgoing:
    """One set to be sent: its segments without ST and SE, and what it is about."""

    definition: Definition
    segments: Sequence[list[str]]
    test: bool = False
    noun: Noun | None = None
    partnership_id: int | None = None
    order_id: int | None = None
    leniency: Mapping[str, str] = field(default_factory=dict)
    """Verdicts that overrule the kinds' own when it is read back: an acknowledgment repeats what was faulty."""
    remarks: tuple[Finding, ...] = ()
    """What was changed when it was written."""


def prepare(
    commit: Commit, agreement: Agreement, partnership: Partnership, noun: Noun, order_id: int | None
) -> int:
    """Writes a noun as the partner wants it, takes its numbers, and queues it. Returns the document's id.

    Raises `GatewayError`: `document.cannot-say` when the noun does not fit, `document.ours-broken` when
    what was written does not read back clean.
    """
    guides, name = commit.house.guides, agreement.partner
    partner = guides.partner(name)
    set_id = guides.set_of(model.name(noun), name)
    version = partner.envelope.version
    plan, definition = guides.map(set_id, version, name), guides.definition(set_id, version, name)
    if plan is None or definition is None:
        raise document.CANNOT_SAY.error(f"there is no mapping or no specification of set {set_id} {version}")
    tree, findings = mapping.from_canonical(noun, plan, definition, partner.marks, partner.texts)
    errors = [finding for finding in findings if finding.severity == "error"]
    if tree is None or errors:
        raise document.CANNOT_SAY.error(f"set {set_id}: {_notes(errors)}")
    return dispatch(
        commit, agreement,
        Outgoing(
            definition, tree.segments[1:-1], noun=noun, partnership_id=partnership.id, order_id=order_id,
            leniency=THEIR_CODES, remarks=findings,
        ),
    )


def dispatch(commit: Commit, agreement: Agreement, going: Outgoing) -> int:
    """Puts one set into an interchange of its own and queues it for the agreement's channel."""
    house, unit, now = commit.house, commit.unit, commit.now
    partner = house.guides.partner(agreement.partner)
    set_id, code = going.definition.set, going.definition.group
    interchange_control = unit.numbers.take(control.interchange_scope(agreement, going.test))
    icn = f"{interchange_control:09}"
    number = unit.numbers.take(control.group_scope(agreement, code, going.test))
    form = partner.envelope
    set_control = "1".zfill(form.set_control_digits)
    heading = write.Heading(
        sender=str(agreement.ours), receiver=str(agreement.theirs),
        group_sender=agreement.our_group, group_receiver=agreement.their_group, code=code, version=form.version,
        interchange_control=interchange_control, group_control=str(number).zfill(form.group_control_digits),
        at=now, test=going.test,
    )
    content = write.write(heading, [(set_id, set_control, going.segments)], partner.marks, partner.line_end)
    findings = _read_back(house, agreement, content, going.leniency)
    set_name = "".join(word[:1].upper() + word[1:] for word in going.definition.name.split())
    name = partner.files.name.format(icn=icn, set=set_id, SetName=set_name, company=agreement.name)
    if going.test and agreement.usage == "both":
        # Tests are counted apart from production, so without this the two would share their names.
        name = f"test-{name}"
    parcel_id = unit.outbox.queue(agreement.channel, name, house.archive.keep(content), len(content), now)
    travels = Envelope(
        agreement.ours, agreement.theirs, agreement.our_group, agreement.their_group, icn, code, str(number),
        set_control, going.test,
    )
    sent = Document(
        "out", set_id, form.version, "prepared", agreement.channel, name, travels, agreement.id,
        going.partnership_id, going.order_id, parcel_id=parcel_id, findings=(*going.remarks, *findings),
        body=going.noun,
    )
    log.info("prepared", channel=agreement.channel, name=name, set=set_id, bytes=len(content))
    return unit.documents.record(sent, now)


def _read_back(
    house: House, agreement: Agreement, content: bytes, leniency: Mapping[str, str]
) -> tuple[Finding, ...]:
    """What leaves obeys the standard and the partner's guide; an error here is our own fault."""
    findings: list[Finding] = []
    reading = envelope.read([content])
    for interchange in reading:
        for group in interchange.groups:
            for transaction in group.transactions:
                table = house.guides.table(transaction.set, group.version, agreement.partner)
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
