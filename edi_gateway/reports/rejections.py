"""What a partner said against a document of ours, shown on the segments that we sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from edi_gateway.flows.guides import Guides
from edi_gateway.issues import GatewayError
from edi_gateway.model.acknowledgment import Acknowledgment, ElementFault, SegmentFault, SetAnswer
from edi_gateway.ports import Archive
from edi_gateway.reports._asking import instant
from edi_gateway.store.tables import documents, entries, parcels
from edi_gateway.x12 import envelope, meanings
from edi_gateway.x12.envelope import Transaction


def rejection(connection: Connection, document_id: int, archive: Archive, guides: Guides) -> dict[str, Any] | None:
    """The partner's codes with their meaning, each beside our segment; None for a document nobody has rejected.

    `lost` says why our segments cannot be shown, where they cannot.
    """
    ours = connection.execute(
        select(documents, parcels.c.digest).join_from(documents, parcels).where(documents.c.id == document_id)
    ).one_or_none()
    theirs = None if ours is None else _theirs(connection, document_id)
    if ours is None or theirs is None:
        return None
    said = Acknowledgment.model_validate(theirs.body)
    answer = next((one for one in said.sets if (one.set, one.control) == (ours.set, ours.set_control)), None)
    try:
        sent, lost = _sent(ours, archive), None
    except GatewayError as error:
        sent, lost = None, str(error)
    telling = _Telling(guides, theirs.version, sent)
    return {
        "lost": lost,
        "acknowledgment": {
            "document": theirs.id, "file": theirs.file, "interchange_control": theirs.interchange_control,
            "at": instant(theirs.at),
        },
        "group_codes": telling.codes(meanings.OF_GROUP, said.codes), **telling.answer(answer),
    }


def _theirs(connection: Connection, document_id: int) -> Row[Any] | None:
    """The acknowledgment that rejected it last."""
    told = select(documents).join(entries, entries.c.source_document_id == documents.c.id).where(
        entries.c.kind == "document.rejected", entries.c.document_id == document_id
    )
    return connection.execute(told.order_by(entries.c.id.desc()).limit(1)).one_or_none()


def _sent(ours: Row[Any], archive: Archive) -> Transaction | None:
    """The set as it stands in the archived file."""
    wanted = (ours.group_control.lstrip("0"), ours.set, ours.set_control)
    for interchange in envelope.read([archive.read(ours.digest)]):
        for group in interchange.groups:
            for transaction in group.transactions:
                if (group.control.lstrip("0"), transaction.set, transaction.control) == wanted:
                    return transaction
    return None


@dataclass(frozen=True)
class _Telling:
    """Tells codes by their words, and places by what we sent there."""

    guides: Guides
    version: str
    sent: Transaction | None

    def codes(self, of: str, codes: Sequence[str]) -> list[dict[str, Any]]:
        return [self.code(of, code) for code in codes]

    def code(self, of: str, code: str | None) -> dict[str, Any]:
        return {"code": code, "meaning": self.guides.meaning(self.version, of, code) if code else None}

    def answer(self, answer: SetAnswer | None) -> dict[str, Any]:
        faults = answer.faults if answer else ()
        codes = self.codes(meanings.OF_SET, answer.codes if answer else ())
        return {"set_codes": codes, "segments": [self._segment(fault) for fault in faults]}

    def _segment(self, fault: SegmentFault) -> dict[str, Any]:
        ours = self._ours(fault.position)
        mark = self.sent.separators.element if self.sent else "*"
        return {
            "segment": fault.segment, "position": fault.position, "loop": fault.loop,
            **self.code(meanings.OF_SEGMENT, fault.code),
            "ours": mark.join(ours) or None, "elements": [self._element(one, ours) for one in fault.elements],
        }

    def _element(self, fault: ElementFault, segment: Sequence[str]) -> dict[str, Any]:
        ours = segment[fault.position] if 0 < fault.position < len(segment) else ""
        if fault.component is not None and self.sent is not None:
            parts = ours.split(self.sent.separators.component)
            ours = parts[fault.component - 1] if 0 < fault.component <= len(parts) else ""
        return {
            "position": fault.position, "component": fault.component, "reference": fault.reference,
            **self.code(meanings.OF_ELEMENT, fault.code), "value": fault.value, "ours": ours or None,
        }

    def _ours(self, position: int) -> Sequence[str]:
        segments = self.sent.segments if self.sent else []
        return segments[position - 1] if 0 < position <= len(segments) else []
