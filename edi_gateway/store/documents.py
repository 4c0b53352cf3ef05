"""The documents people see: one row a transaction set."""

from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, select

from edi_gateway import model
from edi_gateway.ports import Document, GroupNumber, InterchangeNumber, Kept, Place, Repeat
from edi_gateway.store.prepared import Prepared, add, change, put
from edi_gateway.store.tables import documents, groups, interchanges, parcels


class Documents:
    """Received ones by their place, ours by their parcel."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._empty: set[Place] = set()

    def record(self, document: Document, now: datetime) -> int:
        """Adds a document, or renews the one that stood held at the same place. Returns its id."""
        values = _row(document)
        known = self.at(document.place) if document.place and document.place not in self._empty else None
        if known is not None:
            change(self._connection, documents, {"id": known[0]}, values)
            return known[0]
        if document.place is not None:
            self._empty.discard(document.place)
        return add(self._connection, documents, {"at": now, **values})

    def at(self, place: Place) -> tuple[int, str] | None:
        """Id and state of the document at a place, None where there is none yet."""
        row = _AT.row(
            self._connection, receipt=place.receipt_id, interchange=place.interchange, group=place.group,
            transaction=place.transaction,
        )
        if row is None:
            self._empty.add(place)
            return None
        return row.id, row.state

    def sets_in(self, receipt_id: int, interchange: int, group: int | None = None) -> tuple[tuple[str, bool], ...]:
        """The documents that came in an interchange, or in one group: the set of each, and whether it was a test."""
        here = _within(receipt_id, interchange, group)
        found = self._connection.execute(select(documents.c.set, documents.c.test).where(*here))
        return tuple((row.set, row.test) for row in found)

    def orders_in(self, receipt_id: int, interchange: int, group: int | None = None) -> frozenset[tuple[str, str]]:
        """The sets in it whose order can be read, each with the number of its order."""
        here = (*_within(receipt_id, interchange, group), documents.c.order_number.is_not(None))
        found = self._connection.execute(select(documents.c.set, documents.c.order_number).where(*here))
        return frozenset((row.set, row.order_number) for row in found)

    def travelled(self, document_id: int) -> tuple[str, int | None] | None:
        """A document's direction and the parcel it went out in, None where there is no such document."""
        here = select(documents.c.direction, documents.c.parcel_id).where(documents.c.id == document_id)
        row = self._connection.execute(here).one_or_none()
        return None if row is None else (row.direction, row.parcel_id)

    def kept(self, document_id: int) -> Kept | None:
        """Where the archive holds a document of ours, None where there is no such document."""
        row = self._connection.execute(
            select(documents.c.set, documents.c.version, documents.c.set_control, parcels.c.digest)
            .join_from(documents, parcels, documents.c.parcel_id == parcels.c.id)
            .where(documents.c.id == document_id)
        ).one_or_none()
        return None if row is None else Kept(row.set, row.version, row.set_control, row.digest)

    def state(
        self, document_id: int, state: str, order_id: int | None = None, partnership_id: int | None = None
    ) -> None:
        """The document has come to another station."""
        found = {"order_id": order_id, "partnership_id": partnership_id}
        values: dict[str, Any] = {"state": state} | {key: row for key, row in found.items() if row is not None}
        change(self._connection, documents, {"id": document_id}, values)

    def judge(
        self, receipt_id: int, interchange: int, group: int, verdict: str, acknowledgment_id: int | None, now: datetime,
        of: GroupNumber, repeat: Repeat | None = None,
    ) -> None:
        """Remembers the verdict on a group, which document told it, and of which number it was."""
        here = {"receipt_id": receipt_id, "interchange_ordinal": interchange, "group_ordinal": group}
        put(self._connection, groups, here, {
            "verdict": verdict,
            "acknowledgment_id": acknowledgment_id, "at": now, **_fields(of), **_repeat(repeat),
        })

    def judge_interchange(
        self, receipt_id: int, interchange: int, verdict: str, acknowledgment_id: int | None, now: datetime,
        of: InterchangeNumber, repeat: Repeat | None = None,
    ) -> None:
        """The same of an interchange."""
        put(self._connection, interchanges, {"receipt_id": receipt_id, "interchange_ordinal": interchange}, {
            "verdict": verdict,
            "acknowledgment_id": acknowledgment_id, "at": now, **_fields(of), **_repeat(repeat),
        })


_AT = Prepared(select(documents.c.id, documents.c.state).where(
    documents.c.receipt_id == bindparam("receipt"), documents.c.interchange_ordinal == bindparam("interchange"),
    documents.c.group_ordinal == bindparam("group"), documents.c.set_ordinal == bindparam("transaction"),
))


def _within(receipt_id: int, interchange: int, group: int | None) -> tuple[ColumnElement[bool], ...]:
    here = (documents.c.receipt_id == receipt_id, documents.c.interchange_ordinal == interchange)
    return here if group is None else (*here, documents.c.group_ordinal == group)


def _fields(value: Any) -> dict[str, Any]:
    """The fields of a value as they are; `asdict` copies what is in them too, which nothing here needs."""
    kind: Any = type(value)
    return {name: getattr(value, name) for name in _names(kind)}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


def _repeat(repeat: Repeat | None) -> dict[str, Any]:
    return {"state": repeat.state, "repeats_receipt_id": repeat.receipt_id} if repeat else {"state": ""}


def _row(document: Document) -> dict[str, Any]:
    envelope = _fields(document.envelope)
    envelope["sender"], envelope["receiver"] = str(document.envelope.sender), str(document.envelope.receiver)
    place = document.place
    where = (
        {"receipt_id": place.receipt_id, "interchange_ordinal": place.interchange, "group_ordinal": place.group,
         "set_ordinal": place.transaction}
        if place
        else {}
    )
    names = ("direction", "set", "version", "state", "channel", "file", "agreement_id", "partnership_id", "order_id",
             "parcel_id", "order_number")
    return {
        **{name: getattr(document, name) for name in names},
        **envelope,
        **where,
        "findings": [finding.as_json() for finding in document.findings],
        "noun": model.name(document.body) if document.body else None,
        "body": document.body,
    }
