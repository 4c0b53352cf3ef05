"""Every EDI record of an order: its numbers, its file and where that is, and the word of the acknowledgment."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from edi_gateway.reports._asking import instant
from edi_gateway.store.outbox import UNSENT
from edi_gateway.store.tables import arrivals, attempts, documents, entries, groups, orders, parcels, receipts

_SETTLED = ("document.confirmed", "document.rejected", "document.reopened", "interchange.rejected")
_ACKNOWLEDGMENT = "acknowledgment"
"""The noun that speaks of documents, and is none of an order's own."""


def records(connection: Connection, order_id: int) -> Iterator[dict[str, Any]]:
    """The documents that belong to an order or have left a fact on it, and those held under its number, oldest first.

    `acknowledgment` is the partner's word on ours, or ours on theirs; `acknowledged` what it said. `where`
    tells how the file travelled, `digest` under which name its bytes are archived.
    """
    order = connection.execute(select(orders).where(orders.c.id == order_id)).one()
    told = select(entries.c.source_document_id).where(entries.c.order_id == order_id)
    held = and_(
        documents.c.order_id.is_(None), documents.c.partnership_id == order.partnership_id,
        or_(documents.c.body["number"].as_string() == order.number, documents.c.order_number == order.number),
    )
    left_a_fact = and_(documents.c.id.in_(told), documents.c.noun != _ACKNOWLEDGMENT)
    question = select(documents).where(or_(documents.c.order_id == order_id, left_a_fact, held))
    for row in connection.execute(question.order_by(documents.c.id)).all():
        yield _as_json(connection, row)


def _as_json(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    names = ("id", "direction", "set", "version", "interchange_control", "group_control", "set_control", "test",
             "state", "channel", "file")
    said, acknowledgment = _ours(connection, row) if row.direction == "in" else _theirs(connection, row)
    where = _came(connection, row) if row.direction == "in" else _went(connection, row)
    return {
        **{name: row._mapping[name] for name in names}, "at": instant(row.at), "acknowledged": said,
        "acknowledgment": acknowledgment, **where,
    }


def _ours(connection: Connection, row: Row[Any]) -> tuple[str | None, dict[str, Any] | None]:
    """The verdict on the group it came in, and the document that told it."""
    here = and_(
        groups.c.receipt_id == row.receipt_id, groups.c.interchange_ordinal == row.interchange_ordinal,
        groups.c.group_ordinal == row.group_ordinal,
    )
    judged = connection.execute(select(groups.c.verdict, groups.c.acknowledgment_id).where(here)).one_or_none()
    if judged is None:
        return None, None
    return judged.verdict, _brief(connection, documents.c.id == judged.acknowledgment_id)


def _theirs(connection: Connection, row: Row[Any]) -> tuple[str | None, dict[str, Any] | None]:
    """The partner's last word on it, and the document that said so."""
    said = select(entries.c.data, entries.c.source_document_id).where(
        entries.c.document_id == row.id, entries.c.kind.in_(_SETTLED)
    )
    last = connection.execute(said.order_by(entries.c.id.desc()).limit(1)).one_or_none()
    if last is None:
        return None, None
    return last.data.get("verdict"), _brief(connection, documents.c.id == last.source_document_id)


def _brief(connection: Connection, which: ColumnElement[bool]) -> dict[str, Any] | None:
    row = connection.execute(select(documents).where(which)).one_or_none()
    names = ("id", "interchange_control", "group_control", "set_control", "state", "file")
    return None if row is None else {**{name: row._mapping[name] for name in names}, "at": instant(row.at)}


def _came(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    """How we got it; `removed` is None while it lies in the mailbox, and `fault` says why."""
    first = select(arrivals).where(arrivals.c.receipt_id == row.receipt_id).order_by(arrivals.c.id).limit(1)
    came = connection.execute(first).one_or_none()
    digest = connection.scalar(select(receipts.c.digest).where(receipts.c.id == row.receipt_id))
    where = came and {
        "collected": instant(came.first_seen), "removed": instant(came.settled_at), "fault": came.fault,
    }
    return {"where": where, "digest": digest}


def _went(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    """How it went, or where its parcel stands; `delivered` is None while it waits, `fault` what the last try met."""
    parcel = connection.execute(select(parcels).where(parcels.c.id == row.parcel_id)).one_or_none()
    if parcel is None:
        return {"where": None, "digest": None}
    tries = connection.execute(
        select(attempts).where(attempts.c.parcel_id == parcel.id).order_by(attempts.c.id)
    ).all()
    waits = parcel.state in UNSENT
    where = {
        "state": parcel.state, "queued": instant(parcel.queued_at),
        "delivered": None if waits else instant(parcel.delivered_at),
        "tries": len(tries), "fault": tries[-1].fault if waits and tries else None,
    }
    return {"where": where, "digest": parcel.digest}
