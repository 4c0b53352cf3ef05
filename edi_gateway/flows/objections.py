"""A partner's objections to a document of ours, in words and beside what we sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from edi_gateway.flows.guides import Guides
from edi_gateway.flows.house import Commit
from edi_gateway.issues import GatewayError
from edi_gateway.ledger.facts import Objection, Trouble
from edi_gateway.model.acknowledgment import ElementFault, SegmentFault
from edi_gateway.ports import Agreement, Kept
from edi_gateway.x12 import envelope, meanings
from edi_gateway.x12.spec import Segment

_FAULTS_MAX = 20
_TEXT_MAX = 200


def in_words(commit: Commit, agreement: Agreement, trouble: Trouble) -> Trouble:
    """The trouble with its codes told in words, each beside our own segment, which the archive still holds."""
    kept = commit.unit.documents.kept(trouble.document_id) if trouble.objection and trouble.document_id else None
    if kept is None or trouble.objection is None:
        return trouble
    try:
        content = commit.house.archive.read(kept.digest)
    except GatewayError as error:
        return replace(trouble, note=f"{trouble.note}; what we sent cannot be shown: {error.note}")
    definition = commit.house.guides.definition(kept.set, kept.version, agreement.partner, "out")
    known = {place.segment.id: place.segment for place in definition.places} if definition else {}
    said = _Said(commit.house.guides, kept, known, *_segments(content, kept)).told(trouble.objection)
    of = f" for order {trouble.order}" if trouble.order else ""
    return replace(trouble, note=f"{kept.set} {kept.control}{of}: {'; '.join(said) or trouble.note}")


def _segments(content: bytes, kept: Kept) -> tuple[Sequence[Sequence[str]], str, str]:
    """The segments of our set, ST = 1st, and the separators of its elements and components."""
    for interchange in envelope.read([content]):
        for group in interchange.groups:
            for transaction in group.transactions:
                if (transaction.set, transaction.control) == (kept.set, kept.control):
                    return transaction.segments, interchange.separators.element, interchange.separators.component
    return (), "*", ">"


@dataclass(frozen=True)
class _Said:
    """One document of ours: what it is by the rules, and what was sent."""

    guides: Guides
    kept: Kept
    known: dict[str, Segment]
    segments: Sequence[Sequence[str]]
    mark: str
    component: str

    def told(self, objection: Objection) -> Iterator[str]:
        yield from (f"the interchange: {meanings.of_interchange(code)}" for code in objection.interchange)
        yield from (f"the group: {self.meaning(meanings.OF_GROUP, code)}" for code in objection.group)
        yield from (f"the document: {self.meaning(meanings.OF_SET, code)}" for code in objection.document)
        for fault in objection.faults[:_FAULTS_MAX]:
            yield self.segment(fault)
            yield from (self.element(fault, each) for each in fault.elements[:_FAULTS_MAX])
        if len(objection.faults) > _FAULTS_MAX:
            yield f"and {len(objection.faults) - _FAULTS_MAX} more segments"

    def segment(self, fault: SegmentFault) -> str:
        ours = self.at(fault.position)
        text = _short(self.mark.join(ours)) if ours else "none of ours"
        named = "" if ours and ours[0] == fault.segment else f"which they call {fault.segment} and which is "
        what = self.meaning(meanings.OF_SEGMENT, fault.code) if fault.code else "no code given"
        return f"segment {fault.position}, {named}{text}: {what}"

    def element(self, fault: SegmentFault, said: ElementFault) -> str:
        definition, ours = self.known.get(fault.segment), self.at(fault.position)
        elements = definition.elements if definition else ()
        name = elements[said.position - 1].name if 0 < said.position <= len(elements) else ""
        place = f"{fault.segment}{said.position:02}" + (f"-{said.component}" if said.component else "")
        sent = self.value(ours, said) if ours and ours[0] == fault.segment else None
        told = [f"{place} ({name})" if name else place]
        if sent is not None:
            told.append(f"sent as {_short(sent)!r}" if sent else "not sent")
        if said.value is not None and said.value != sent:
            told.append(f"read as {_short(said.value)!r}")
        return f"{', '.join(told)}: {self.meaning(meanings.OF_ELEMENT, said.code)}"

    def at(self, position: int) -> Sequence[str]:
        return self.segments[position - 1] if 0 < position <= len(self.segments) else ()

    def value(self, segment: Sequence[str], said: ElementFault) -> str:
        value = segment[said.position] if 0 < said.position < len(segment) else ""
        if said.component:
            parts = ["", *value.split(self.component)]
            value = parts[said.component] if said.component < len(parts) else ""
        return value

    def meaning(self, codes: str, code: str) -> str:
        return self.guides.meaning(self.kept.version, codes, code)


def _short(text: str) -> str:
    return text if len(text) <= _TEXT_MAX else text[: _TEXT_MAX - 1] + "…"
