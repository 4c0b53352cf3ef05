"""Which documents came and went, and at which station each stands."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, and_, case, func, or_, select

from edi_gateway.reports._asking import instant, meeting, newest
from edi_gateway.store import tables
from edi_gateway.store.tables import agreements, arrivals, erasures, orders, parcels, partnerships, receipts

_NAMED_AS_ORDER = ("order", "order_response")
"""The nouns whose number is the order's, by which a document can be found while it belongs to no order yet."""

STATIONS = (
    "held", "read", "posted", "answered", "duplicate", "rejected", "prepared", "sent", "delivered", "confirmed",
    "reopened", "void", "superseded",
)
"""Where a document may stand: first those received, then ours."""

_DOCUMENTS = tables.documents
_NUMBER: ColumnElement[Any] = _DOCUMENTS.c.body["number"].as_string()
_number_of_order: ColumnElement[Any] = func.coalesce(
    orders.c.number, _DOCUMENTS.c.order_number, case((_DOCUMENTS.c.noun.in_(_NAMED_AS_ORDER), _NUMBER))
)
_COLUMNS = (
    _DOCUMENTS.c.id, _DOCUMENTS.c.direction, _DOCUMENTS.c.set, _DOCUMENTS.c.version,
    agreements.c.name.label("partner"), partnerships.c.name.label("partnership"),
    _DOCUMENTS.c.channel, _DOCUMENTS.c.file, _DOCUMENTS.c.interchange_control, _DOCUMENTS.c.group_control,
    _DOCUMENTS.c.set_control, _DOCUMENTS.c.test, _DOCUMENTS.c.state, _number_of_order.label("order"), _DOCUMENTS.c.at,
)
_JOINED = (
    _DOCUMENTS.outerjoin(agreements, _DOCUMENTS.c.agreement_id == agreements.c.id)
    .outerjoin(partnerships, _DOCUMENTS.c.partnership_id == partnerships.c.id)
    .outerjoin(orders, _DOCUMENTS.c.order_id == orders.c.id)
)

_WITH_BYTES = _JOINED.outerjoin(receipts, _DOCUMENTS.c.receipt_id == receipts.c.id).outerjoin(
    parcels, _DOCUMENTS.c.parcel_id == parcels.c.id
)
_DIGEST: ColumnElement[Any] = func.coalesce(receipts.c.digest, parcels.c.digest).label("digest")
_ERASED: ColumnElement[Any] = (
    select(erasures.c.at).where(erasures.c.digest == func.coalesce(receipts.c.digest, parcels.c.digest))
    .scalar_subquery().label("erased")
)


def documents(
    connection: Connection, *, direction: str | None = None, set_id: str | None = None, state: str | None = None,
    partner: str | None = None, order: str | None = None, shipment: str | None = None, invoice: str | None = None,
    interchange: str | None = None, group: str | None = None, file: str | None = None,
    since: dt.date | None = None, until: dt.date | None = None, last: int | None = None,
) -> Iterator[dict[str, Any]]:
    """The documents that agree with every filter given, oldest first; with `last` only so many of the newest.

    `partner` is the agreement's name (to filter, the partnership's will do), `order` the buyer's number of
    the order, `at` when the document came or was prepared. Control numbers are the same with or without
    zeros before them, of a file's name (or of one that came again with the very bytes) a part will do, `since`
    and `until` are whole days in UTC.
    """
    question: Select[Any] = select(*_COLUMNS).select_from(_JOINED)
    question = _meeting(
        question, direction=direction, set_id=set_id, state=state, partner=partner, order=order, shipment=shipment,
        invoice=invoice, interchange=interchange, group=group, file=file, since=since, until=until,
    )
    for row in newest(connection, question, _DOCUMENTS.c.id, last):
        yield _as_json(row)


def archived(connection: Connection, ids: Sequence[int] = (), **filters: Any) -> Iterator[dict[str, Any]]:
    """The same of those documents that came or went as a file, each with its digest and the ids it travelled under.

    `filters` are those of `documents`; with `ids` only those documents. A document whose bytes were erased says when.
    """
    travelled = (_DOCUMENTS.c.sender, _DOCUMENTS.c.receiver, _DOCUMENTS.c.group_sender, _DOCUMENTS.c.group_receiver,
                 _DOCUMENTS.c.group_code)
    question: Select[Any] = select(*_COLUMNS, *travelled, _DIGEST, _ERASED).select_from(_WITH_BYTES)
    if ids:
        question = question.where(_DOCUMENTS.c.id.in_(ids))
    asked = _meeting(question, **filters)
    for row in newest(connection, asked, _DOCUMENTS.c.id, None):
        if row.digest is not None:
            names = {column.name: row._mapping[column.name] for column in travelled}
            yield {**_as_json(row), **names, "digest": row.digest, "erased": instant(row.erased)}


def _meeting(
    question: Select[Any], *, direction: str | None = None, set_id: str | None = None, state: str | None = None,
    partner: str | None = None, order: str | None = None, shipment: str | None = None, invoice: str | None = None,
    interchange: str | None = None, group: str | None = None, file: str | None = None,
    since: dt.date | None = None, until: dt.date | None = None,
) -> Select[Any]:
    named = or_(agreements.c.name == partner, partnerships.c.name == partner)
    return meeting(
        question, (direction, _DOCUMENTS.c.direction == direction), (set_id, _DOCUMENTS.c.set == set_id),
        (state, _DOCUMENTS.c.state == state), (partner, named), (order, _number_of_order == order),
        (shipment, _is_noun("shipment", shipment)), (invoice, _is_noun("invoice", invoice)),
        (interchange, _same_number(_DOCUMENTS.c.interchange_control, interchange)),
        (group, _same_number(_DOCUMENTS.c.group_control, group)),
        (file, _came_as(file)),
        (since, _DOCUMENTS.c.at >= _begin(since)), (until, _DOCUMENTS.c.at <= _end(until)),
    )


def _came_as(file: str | None) -> ColumnElement[bool]:
    """Whether a document's file has this in its name, or one that came again with the very bytes has it."""
    again = select(arrivals.c.receipt_id).where(arrivals.c.name.contains(file or "", autoescape=True))
    return or_(_DOCUMENTS.c.file.contains(file or "", autoescape=True), _DOCUMENTS.c.receipt_id.in_(again))


def document(connection: Connection, document_id: int) -> dict[str, Any] | None:
    """One document in full: what the list says of it, its findings, its noun, and the digest of its file's bytes.

    `erased` is when those bytes were erased, and with them what is personal in the noun; None where they were not.
    `repeats` says that it is `equal` to document `repeated`, or that one `changed`.
    `words` is what was said of it since, oldest first: acknowledgments, advices, that it was sent again; `by` is the
    document that said so.
    """
    more: tuple[Any, ...] = (
        _DOCUMENTS.c.repeats, _DOCUMENTS.c.repeats_id, _DOCUMENTS.c.findings, _DOCUMENTS.c.noun, _DOCUMENTS.c.body,
        _DIGEST, _ERASED,
    )
    question: Select[Any] = select(*_COLUMNS, *more)
    row = connection.execute(question.select_from(_WITH_BYTES).where(_DOCUMENTS.c.id == document_id)).one_or_none()
    if row is None:
        return None
    told = {"repeats": row.repeats, "repeated": row.repeats_id, "findings": row.findings, "type": row.noun,
            "document": row.body, "digest": row.digest,
            "erased": instant(row.erased), "words": list(_words(connection, document_id))}
    return {**_as_json(row), **told}


def _words(connection: Connection, document_id: int) -> Iterator[dict[str, Any]]:
    about = select(tables.entries).where(tables.entries.c.document_id == document_id)
    for row in connection.execute(about.order_by(tables.entries.c.id)):
        by = row.source_document_id if row.source_document_id != document_id else None
        yield {"at": instant(row.at), "what": row.kind, "by": by, "said": row.data}


def totals(connection: Connection) -> Iterator[dict[str, Any]]:
    """How many documents stand at each station, by partner, direction and set."""
    by = (agreements.c.name.label("partner"), _DOCUMENTS.c.direction, _DOCUMENTS.c.set, _DOCUMENTS.c.state)
    counted = select(*by, func.count().label("documents")).select_from(_JOINED).group_by(*by).order_by(*by)
    for row in connection.execute(counted):
        yield dict(row._mapping)


def sets(connection: Connection) -> tuple[str, ...]:
    """The sets of which documents came or went."""
    told = select(_DOCUMENTS.c.set).where(_DOCUMENTS.c.set != "").distinct().order_by(_DOCUMENTS.c.set)
    return tuple(connection.scalars(told))


def stored(connection: Connection, document_id: int) -> tuple[str, str] | None:
    """The name of a document's file and the digest of its bytes, None where there is no such document."""
    question = select(_DOCUMENTS.c.file, _DIGEST).select_from(_WITH_BYTES).where(_DOCUMENTS.c.id == document_id)
    row = connection.execute(question).one_or_none()
    return None if row is None or row.digest is None else (row.file, row.digest)


def _is_noun(noun: str, number: str | None) -> ColumnElement[bool]:
    return and_(_DOCUMENTS.c.noun == noun, _DOCUMENTS.c.body["number"].as_string() == number)


def _same_number(column: Column[str], number: str | None) -> ColumnElement[bool]:
    """Control numbers are numbers, however many zeros a partner writes before them."""
    return func.ltrim(column, "0") == (number or "").lstrip("0")


def _begin(day: dt.date | None) -> dt.datetime:
    return dt.datetime.combine(day or dt.date.min, dt.time.min, dt.UTC)


def _end(day: dt.date | None) -> dt.datetime:
    return dt.datetime.combine(day or dt.date.max, dt.time.max, dt.UTC)


def _as_json(row: Row[Any]) -> dict[str, Any]:
    fields = {column.name: row._mapping[column.name] for column in _COLUMNS}
    return {**fields, "at": instant(row.at)}
