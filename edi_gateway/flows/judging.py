"""What an interchange holds, judged by the standard and the partner's guide; nothing is written here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from edi_gateway import mapping
from edi_gateway.flows import salvaging, ta1
from edi_gateway.flows.house import House, Stopped
from edi_gateway.flows.reading import GroupReading, InterchangeReading
from edi_gateway.issues import Finding, document, trade
from edi_gateway.ledger.facts import Trouble
from edi_gateway.model import Noun
from edi_gateway.ports import Agreement, Document, Envelope, Identity, Place, Receipt, stranger
from edi_gateway.x12.envelope import TA1, Group, Interchange, Transaction, element
from edi_gateway.x12.read import Verdict
from edi_gateway.x12.verdicts import GroupVerdict, only_acknowledges

SETS_PER_BREATH = 50
"""So many sets of a group are judged, or posted in one commit, before it is asked whether the house is stopping."""

_NOTE_MAX = 200
_FINDINGS_MAX = 20


@dataclass(frozen=True)
class JudgedSet:
    """One set: the codec's verdict, the noun it says (or the findings that kept it from one), our number in it."""

    ordinal: int
    verdict: Verdict
    noun: Noun | None = None
    reference: str | None = None
    findings: tuple[Finding, ...] = ()
    order: str | None = None
    """The number of the order that it names, as far as that can be read."""
    number: str | None = None
    """Its own number where it was rejected, as far as that can be read."""
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
    verdict: GroupVerdict
    release: str
    """The release it was read by, and is answered in."""
    remarks: tuple[Finding, ...] = ()
    """What is said of each of its sets beside their own findings."""
    repeated: bool = False
    """Whether it is refused because its number was used before."""

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
            place=self.place(one), findings=(*self.remarks, *one.verdict.findings, *one.findings), body=one.noun,
            order_number=one.order,
        )


@dataclass(frozen=True)
class JudgedInterchange:
    """One interchange of a receipt, with everything it holds; without an agreement, `stranger` says why.

    `words` are the TA1 segments in it: what the partner says of interchanges of ours.
    """

    receipt: Receipt
    header: Interchange
    groups: tuple[JudgedGroup, ...]
    agreement: Agreement | None
    stranger: Trouble | None
    words: tuple[JudgedSet, ...]
    digest: str = ""
    """The SHA-256 of its own bytes."""

    @property
    def test(self) -> bool:
        """Whether it is anything but production (ISA15)."""
        return self.header.usage != "P"

    @property
    def only_acknowledges(self) -> bool:
        """Whether it holds nothing but acknowledgments, so that nobody answers it."""
        return only_acknowledges(self.header, [group.header.code for group in self.groups])

    def place(self, one: JudgedSet) -> Place:
        """Where a TA1 of it stands: before the first group."""
        return Place(self.receipt.id, self.header.ordinal, 0, one.ordinal)

    def as_document(self, state: str) -> Document:
        """The interchange itself as people see it, where it holds nothing that could be one."""
        return self._seen(state, self.header.findings)

    def document(self, one: JudgedSet, state: str) -> Document:
        """A TA1 of it as people see it."""
        seen = self._seen(state, one.findings)
        return replace(seen, set=one.verdict.set, place=self.place(one), body=one.noun)

    def _seen(self, state: str, findings: Sequence[Finding]) -> Document:
        outer = self.header
        envelope = Envelope(
            identity(outer.sender), identity(outer.receiver), "", "", outer.control, "", "", "", self.test,
        )
        return unread(self.receipt, self.agreement, envelope, state, findings, outer.ordinal, outer.version)


def unread(
    receipt: Receipt, agreement: Agreement | None, envelope: Envelope, state: str, findings: Sequence[Finding],
    interchange: int = 0, version: str = "",
) -> Document:
    """A file or interchange in which no set can be seen, as people see it."""
    return Document(
        "in", "", version, state, receipt.channel, receipt.name, envelope, agreement.id if agreement else None,
        place=Place(receipt.id, interchange, 0, 0), findings=tuple(findings[:_FINDINGS_MAX]),
    )


def judge(house: House, receipt: Receipt, read: InterchangeReading) -> JudgedInterchange:
    """Reads the whole interchange before anything of it is posted: its trailer may yet refuse it."""
    groups = tuple(_judge_group(house, receipt, read.interchange, group) for group in read)
    agreement, stranger = _with_whom(house, read.interchange, groups)
    words = tuple(_judge_word(word) for word in read.interchange.ta1s)
    return JudgedInterchange(receipt, read.interchange, groups, agreement, stranger, words)


def partner_of(house: House, interchange: Interchange, group: Group | None) -> str:
    """The folder of the partner a group is from, or an interchange as a whole; empty where nobody is known."""
    agreement = agreement_of(house, interchange) if group is None else _agreement(house, interchange, group)[0]
    return agreement.partner if agreement else ""


def agreement_of(house: House, interchange: Interchange) -> Agreement | None:
    """An agreement with who sent an interchange, found by its ids alone; one for its usage first."""
    with house.store.reading() as unit:
        candidates = unit.agreements.of_pair(identity(interchange.sender), identity(interchange.receiver))
    return next(_fitting(interchange, candidates), candidates[0] if candidates else None)


def identity(text: str) -> Identity:
    """`ZZ:ACME` as it stood in a header, whatever is missing in it."""
    qualifier, _, name = text.partition(":")
    return Identity(qualifier, name)


def about(interchange: Interchange, group: Group) -> str:
    """What the desk's issues about a stranger are filed under."""
    names = (interchange.sender, interchange.receiver, group.sender, group.receiver)
    return stranger(*names, test=interchange.usage != "P")


def about_pair(interchange: Interchange) -> str:
    """The same where there is no group."""
    return stranger(interchange.sender, interchange.receiver, test=interchange.usage != "P")


def _judge_group(house: House, receipt: Receipt, interchange: Interchange, read: GroupReading) -> JudgedGroup:
    agreement, stranger = _agreement(house, interchange, read.group)
    sets = tuple(_judge_set(house, read, one, verdict) for one, verdict in _breathing(house, read))
    return JudgedGroup(receipt, interchange, read.group, agreement, stranger, sets, read.verdict, read.release)


def _with_whom(
    house: House, interchange: Interchange, groups: Sequence[JudgedGroup]
) -> tuple[Agreement | None, Trouble | None]:
    """The agreement by which an interchange is answered: that of its groups, else one of its ids."""
    found = next((group.agreement for group in groups if group.agreement), None) or agreement_of(house, interchange)
    return _agreed(interchange, (found,) if found else (), about_pair(interchange))


def _judge_word(word: TA1) -> JudgedSet:
    verdict = Verdict(ta1.TA1, element(word.elements, 1), "accepted")
    try:
        return JudgedSet(word.ordinal, verdict, ta1.read(word.elements))
    except ValueError:
        note = f"{'*'.join(word.elements)[:_NOTE_MAX]} is no whole TA1"
        finding = document.NOT_UNDERSTOOD.finding(note, segment=ta1.TA1, offset=word.offset)
        return JudgedSet(word.ordinal, verdict, findings=(finding,))


def _breathing(house: House, read: GroupReading) -> Iterator[tuple[Transaction, Verdict]]:
    for transaction, verdict in read:
        if transaction.ordinal % SETS_PER_BREATH == 0 and house.stopping.is_set():
            raise Stopped
        yield transaction, verdict


def _agreement(house: House, interchange: Interchange, group: Group) -> tuple[Agreement | None, Trouble | None]:
    sender, receiver = identity(interchange.sender), identity(interchange.receiver)
    with house.store.reading() as unit:
        candidates = unit.agreements.find(sender, receiver, group.sender, group.receiver)
    return _agreed(interchange, candidates, about(interchange, group))


def _agreed(
    interchange: Interchange, candidates: Sequence[Agreement], ids: str
) -> tuple[Agreement | None, Trouble | None]:
    """The one of these agreements that is for what came, test or production; or why there is none."""
    if not candidates:
        return None, Trouble(trade.AGREEMENT_UNKNOWN, ids, f"nobody is known who sends from {ids}")
    found, first = next(_fitting(interchange, candidates), None), candidates[0]
    if found is not None:
        return found, None
    note = f"{first.name} sent {_usage(interchange)} data, agreed is {first.usage}"
    return None, Trouble(trade.USAGE_NOT_AGREED, ids, note, partner=first.name)


def _fitting(interchange: Interchange, candidates: Sequence[Agreement]) -> Iterator[Agreement]:
    return (one for one in candidates if one.usage in (_usage(interchange), "both"))


def _usage(interchange: Interchange) -> str:
    return "production" if interchange.usage == "P" else "test"


def _judge_set(house: House, read: GroupReading, transaction: Transaction, verdict: Verdict) -> JudgedSet:
    guides, tree, ordinal = house.guides, verdict.tree, transaction.ordinal
    plan = guides.map(verdict.set, tree.definition.version, read.partner) if tree else None
    if verdict.outcome == "rejected":
        where = (guides, transaction, read.release, read.partner)
        return JudgedSet(
            ordinal, verdict, reference=salvaging.reference(*where), order=salvaging.order(*where),
            number=salvaging.number(*where),
        )
    if tree is None or plan is None:
        return JudgedSet(ordinal, verdict)
    path = guides.partner(read.partner).reference.get(verdict.set)
    try:
        noun, findings = mapping.to_canonical(tree, plan)
        reference = mapping.reference(tree, path) if path else None
    except Exception as error:  # noqa: BLE001 - the set is good X12: it is acknowledged as such, and held
        return JudgedSet(ordinal, verdict, bug=error)
    order = salvaging.order_of(noun) if noun else None
    return JudgedSet(ordinal, verdict, noun, reference, tuple(findings), order)
