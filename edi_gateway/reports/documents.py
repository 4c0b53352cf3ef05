"""Which documents came and went, and at which station each stands."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, or_, select

from edi_gateway.reports._asking import instant, meeting, newest
from edi_gateway.store import tables
from edi_gateway.store.tables import agreements, orders, parcels, partnerships, receipts

_NAMED_AS_ORDER = ("order", "order_response")
"""The nouns whose number is the order's, by which a document can be found while it belongs to no order yet."""

_DOCUMENTS = tables.documents
_NUMBER: ColumnElement[Any] = _DOCUMENTS.c.body["number"].as_string()
_number_of_order: ColumnElement[Any] = func.coalesce(
    orders.c.number, case((_DOCUMENTS.c.noun.in_(_NAMED_AS_ORDER), _NUMBER))
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


def documents(
    connection: Connection, *, direction: str | None = None, set_id: str | None = None, state: str | None = None,
    partner: str | None = None, order: str | None = None, last: int | None = None,
) -> Iterator[dict[str, Any]]:
    """The documents that agree with every filter given, oldest first; with `last` only so many of the newest.

    `partner` is the agreement's name (to filter, the partnership's will do), `order` the buyer's number of
    the order, `at` when the document came or was prepared.
    """
    question: Select[Any] = select(*_COLUMNS).select_from(_JOINED)
    named = or_(agreements.c.name == partner, partnerships.c.name == partner)
    question = meeting(
        question, (direction, _DOCUMENTS.c.direction == direction), (set_id, _DOCUMENTS.c.set == set_id),
        (state, _DOCUMENTS.c.state == state), (partner, named), (order, _number_of_order == order),
    )
    for row in newest(connection, question, _DOCUMENTS.c.id, last):
        yield _as_json(row)


def document(connection: Connection, document_id: int) -> dict[str, Any] | None:
    """One document in full: what the list says of it, its findings, its noun, and the digest of its file's bytes."""
    digest = func.coalesce(receipts.c.digest, parcels.c.digest).label("digest")
    joined = _JOINED.outerjoin(receipts, _DOCUMENTS.c.receipt_id == receipts.c.id).outerjoin(
        parcels, _DOCUMENTS.c.parcel_id == parcels.c.id
    )
    question: Select[Any] = select(*_COLUMNS, _DOCUMENTS.c.findings, _DOCUMENTS.c.noun, _DOCUMENTS.c.body, digest)
    row = connection.execute(question.select_from(joined).where(_DOCUMENTS.c.id == document_id)).one_or_none()
    if row is None:
        return None
    more = {"findings": row.findings, "type": row.noun, "document": row.body, "digest": row.digest}
    return {**_as_json(row), **more}


def totals(connection: Connection) -> Iterator[dict[str, Any]]:
    """How many documents stand at each station, by partner, direction and set."""
    by = (agreements.c.name.label("partner"), _DOCUMENTS.c.direction, _DOCUMENTS.c.set, _DOCUMENTS.c.state)
    counted = select(*by, func.count().label("documents")).select_from(_JOINED).group_by(*by).order_by(*by)
    for row in connection.execute(counted):
        yield dict(row._mapping)


def _as_json(row: Row[Any]) -> dict[str, Any]:
    fields = {column.name: row._mapping[column.name] for column in _COLUMNS}
    return {**fields, "at": instant(row.at)}
