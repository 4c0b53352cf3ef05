"""What an interchange holds, judged by the standard and the partner's guide; nothing is written here."""

from dataclasses import dataclass

from edi_gateway import mapping
from edi_gateway.flows.house import House, Stopped
from edi_gateway.issues import Finding, trade
from edi_gateway.ledger.facts import Trouble
from edi_gateway.model import Noun
from edi_gateway.ports import Agreement, Document, Envelope, Identity, Place, Receipt
from edi_gateway.x12.envelope import Group, Interchange, Transaction
from edi_gateway.x12.read import Verdict, read
from edi_gateway.x12.verdicts import GroupVerdict, judge_group

SETS_PER_BREATH = 50
"""So many sets of a group are judged, or posted in one commit, before it is asked whether the house is stopping."""


@dataclass(frozen=True)
class JudgedSet:
    """One set: the codec's verdict, the noun it says (or the findings that kept it from one), our number in it."""

    ordinal: int
    verdict: Verdict
    noun: Noun | None = None
    reference: str | None = None
    findings: tuple[Finding, ...] = ()
    bug: Exception | None = None
    """What broke while the noun was read; it is raised again where one set's trouble is caught."""


@dataclass(frozen=True)
class JudgedGroup:
    """One group of a receipt, under its agreement; without one, `stranger` says why."""

    receipt: Receipt
    interchange: Interchange
    header: Group
    agreement: Agreement | None
    stranger: Trouble | None
    sets: tuple[JudgedSet, ...]
    told: tuple[Verdict, ...]
    """The verdicts the partner is told: none for a group whose kind or version we cannot read at all."""
    verdict: GroupVerdict

    @property
    def test(self) -> bool:
        """Whether the interchange is anything but production (ISA15)."""
        return self.interchange.usage != "P"

    def place(self, one: JudgedSet) -> Place:
        """Where a set of it stands: the key of the set's effects."""
        return Place(self.receipt.id, self.interchange.ordinal, self.header.ordinal, one.ordinal)

    def document(self, one: JudgedSet, state: str) -> Document:
        """A set of it as people see it."""
        outer, inner = self.interchange, self.header
        envelope = Envelope(
            identity(outer.sender), identity(outer.receiver), inner.sender, inner.receiver, outer.control, inner.code,
            inner.control, one.verdict.control, self.test,
        )
        return Document(
            "in", one.verdict.set, inner.version, state, self.receipt.channel, self.receipt.name, envelope,
            agreement_id=self.agreement.id if self.agreement else None,
            place=self.place(one), findings=(*one.verdict.findings, *one.findings), body=one.noun,
        )


@dataclass(frozen=True)
class JudgedInterchange:
    """One interchange of a receipt, with everything it holds."""

    receipt: Receipt
    header: Interchange
    groups: tuple[JudgedGroup, ...]


def judge(house: House, receipt: Receipt, interchange: Interchange) -> JudgedInterchange:
    """Reads the whole interchange before anything of it is posted: its trailer may yet refuse it."""
    groups = tuple(_judge_group(house, receipt, interchange, group) for group in interchange.groups)
    return JudgedInterchange(receipt, interchange, groups)


def identity(text: str) -> Identity:
    """`ZZ:ACME` as it stood in a header, whatever is missing in it."""
    qualifier, _, name = text.partition(":")
    return Identity(qualifier, name)


def about(interchange: Interchange, group: Group) -> str:
    """What the desk's issues about a stranger are filed under."""
    return f"{interchange.sender} to {interchange.receiver}, group {group.sender} to {group.receiver}"


def _judge_group(house: House, receipt: Receipt, interchange: Interchange, group: Group) -> JudgedGroup:
    agreement, stranger = _agreement(house, interchange, group)
    partner = agreement.partner if agreement else ""
    refusal = house.guides.standard.refusal(group)
    if refusal is None:
        sets = tuple(_judge_set(house, group, each, partner) for each in group.transactions)
        told = tuple(one.verdict for one in sets)
    else:
        unread = tuple((each.ordinal, Verdict(each.set, each.control, "rejected")) for each in group.transactions)
        sets = tuple(JudgedSet(ordinal, verdict) for ordinal, verdict in unread)
        told = ()
        group.findings.append(refusal)
    return JudgedGroup(receipt, interchange, group, agreement, stranger, sets, told, judge_group(group, told))


def _agreement(house: House, interchange: Interchange, group: Group) -> tuple[Agreement | None, Trouble | None]:
    usage = "production" if interchange.usage == "P" else "test"
    sender, receiver = identity(interchange.sender), identity(interchange.receiver)
    with house.store.reading() as unit:
        candidates = unit.agreements.find(sender, receiver, group.sender, group.receiver)
    for agreement in candidates:
        if agreement.usage in (usage, "both"):
            return agreement, None
    ids = about(interchange, group)
    if candidates:
        first = candidates[0]
        note = f"{first.name} sent {usage} data, agreed is {first.usage}"
        return None, Trouble(trade.USAGE_NOT_AGREED, ids, note, partner=first.name)
    return None, Trouble(trade.AGREEMENT_UNKNOWN, ids, f"nobody is known who sends from {ids}")


def _judge_set(house: House, group: Group, transaction: Transaction, partner: str) -> JudgedSet:
    if transaction.ordinal % SETS_PER_BREATH == 0 and house.stopping.is_set():
        raise Stopped
    guides = house.guides
    table = guides.table(transaction.set, group.version, partner)
    verdict = read(transaction, table, guides.partner(partner).verdicts)
    plan = guides.map(transaction.set, group.version, partner)
    if verdict.tree is None or plan is None:
        return JudgedSet(transaction.ordinal, verdict)
    path = guides.partner(partner).reference.get(transaction.set)
    try:
        noun, findings = mapping.to_canonical(verdict.tree, plan)
        reference = mapping.reference(verdict.tree, path) if path else None
    except Exception as error:  # noqa: BLE001 - the set is good X12: it is acknowledged as such, and held
        return JudgedSet(transaction.ordinal, verdict, bug=error)
    return JudgedSet(transaction.ordinal, verdict, noun, reference, tuple(findings))
