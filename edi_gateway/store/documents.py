"""The documents people see: one row a transaction set."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, insert, select, update

from edi_gateway import model
from edi_gateway.ports import Document, Kept, Place
from edi_gateway.store.tables import documents, groups, interchanges, parcels


class Documents:
    """Received ones by their place, ours by their parcel."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, document: Document, now: datetime) -> int:
        """Adds a document, or renews the one that stood held at the same place. Returns its id."""
        values = _row(document)
        known = self.at(document.place) if document.place else None
        if known is not None:
            self._connection.execute(update(documents).where(documents.c.id == known[0]).values(values))
            return known[0]
        key = self._connection.execute(insert(documents).values(at=now, **values)).inserted_primary_key
        assert key is not None
        return int(key[0])

    def at(self, place: Place) -> tuple[int, str] | None:
        """Id and state of the document at a place, None where there is none yet."""
        here = and_(
            documents.c.receipt_id == place.receipt_id,
            documents.c.interchange_ordinal == place.interchange,
            documents.c.group_ordinal == place.group,
            documents.c.set_ordinal == place.transaction,
        )
        row = self._connection.execute(select(documents.c.id, documents.c.state).where(here)).one_or_none()
        return None if row is None else (row.id, row.state)

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
        self._connection.execute(update(documents).where(documents.c.id == document_id).values(values))

    def judged(self, receipt_id: int, interchange: int, group: int) -> bool:
        """Whether the group has had its verdict, and with it its acknowledgment."""
        here = and_(
            groups.c.receipt_id == receipt_id,
            groups.c.interchange_ordinal == interchange,
            groups.c.group_ordinal == group,
        )
        return self._connection.scalar(select(groups.c.id).where(here)) is not None

    def judge(
        self, receipt_id: int, interchange: int, group: int, verdict: str, acknowledgment_id: int | None, now: datetime
    ) -> None:
        """Remembers that the group has had its verdict, and which document told it."""
        self._connection.execute(
            insert(groups).values(
                receipt_id=receipt_id, interchange_ordinal=interchange, group_ordinal=group, verdict=verdict,
                acknowledgment_id=acknowledgment_id, at=now,
            )
        )

    def interchange_judged(self, receipt_id: int, interchange: int) -> bool:
        """Whether the interchange has had its verdict, and with it its TA1 where one was due."""
        here = and_(interchanges.c.receipt_id == receipt_id, interchanges.c.interchange_ordinal == interchange)
        return self._connection.scalar(select(interchanges.c.id).where(here)) is not None

    def judge_interchange(
        self, receipt_id: int, interchange: int, verdict: str, acknowledgment_id: int | None, now: datetime
    ) -> None:
        """Remembers that the interchange has had its verdict, and which document told it."""
        self._connection.execute(
            insert(interchanges).values(
                receipt_id=receipt_id, interchange_ordinal=interchange, verdict=verdict,
                acknowledgment_id=acknowledgment_id, at=now,
            )
        )


def _row(document: Document) -> dict[str, Any]:
    envelope = asdict(document.envelope)
    envelope["sender"], envelope["receiver"] = str(document.envelope.sender), str(document.envelope.receiver)
    place = document.place
    where = (
        {"receipt_id": place.receipt_id, "interchange_ordinal": place.interchange, "group_ordinal": place.group,
         "set_ordinal": place.transaction}
        if place
        else {}
    )
    names = ("direction", "set", "version", "state", "channel", "file", "agreement_id", "partnership_id", "order_id",
             "parcel_id")
    return {
        **{name: getattr(document, name) for name in names},
        **envelope,
        **where,
        "findings": [finding.as_json() for finding in document.findings],
        "noun": model.name(document.body) if document.body else None,
        "body": document.body.model_dump(mode="json", exclude_none=True) if document.body else None,
    }
