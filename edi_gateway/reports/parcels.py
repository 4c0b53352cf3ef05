"""What is to go and what has gone: each parcel, what it waits for, and what came of every try."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, func, or_, select

from edi_gateway.reports._asking import instant, meeting, newest
from edi_gateway.store.outbox import ENDED, GONE, PARKED, UNSENT, WAITING, ahead
from edi_gateway.store.tables import agreements, attempts, documents, parcels, partnerships

_JOINED = parcels.outerjoin(agreements, parcels.c.agreement_id == agreements.c.id).outerjoin(
    partnerships, parcels.c.partnership_id == partnerships.c.id
)
_COLUMNS: tuple[ColumnElement[Any], ...] = (
    parcels.c.id, parcels.c.state, parcels.c.set, agreements.c.name.label("partner"),
    partnerships.c.name.label("partnership"), parcels.c.order_number.label("order"), parcels.c.number,
    parcels.c.channel, parcels.c.name.label("file"), parcels.c.size_bytes, parcels.c.tries, parcels.c.fault,
    parcels.c.reason,
)
STATES = (*UNSENT, *GONE, *ENDED)
"""Where a parcel may stand."""

_TIMES = (parcels.c.queued_at, parcels.c.next_try_at, parcels.c.delivered_at)


def channels(connection: Connection) -> frozenset[str]:
    """The channels over which parcels go or went."""
    return frozenset(connection.scalars(select(parcels.c.channel).distinct()))


def parcels_listed(
    connection: Connection, *, everything: bool = False, state: str | None = None, partner: str | None = None,
    channel: str | None = None, order: str | None = None, last: int | None = None,
) -> Iterator[dict[str, Any]]:
    """The parcels that have yet to go, oldest first; with `everything` or a `state` the others as well.

    `number` is ISA13, `behind` the id of the parcel that must go first, `tries` how often it failed since it was
    queued, `fault` the code of what kept it, `next_try` when it is tried again unless its mailbox is visited earlier.
    """
    question = meeting(
        _question(), (state, parcels.c.state == state), (channel, parcels.c.channel == channel),
        (None if everything or state else True, parcels.c.state.in_((WAITING, PARKED))),
        (partner, or_(agreements.c.name == partner, partnerships.c.name == partner)),
        (order, parcels.c.order_number == order),
    )
    for row in newest(connection, question, parcels.c.id, last):
        yield _as_json(row)


def parcel(connection: Connection, parcel_id: int) -> dict[str, Any] | None:
    """One parcel in full, None where there is none: with its digest, its documents and what came of every try."""
    question = _question().add_columns(parcels.c.digest).where(parcels.c.id == parcel_id)
    row = connection.execute(question).one_or_none()
    if row is None:
        return None
    held = select(documents.c.id).where(documents.c.parcel_id == parcel_id).order_by(documents.c.id)
    tried = select(attempts).where(attempts.c.parcel_id == parcel_id).order_by(attempts.c.id)
    attempted = [
        {"at": instant(one.at), "outcome": one.outcome, "fault": one.fault} for one in connection.execute(tried)
    ]
    return {**_as_json(row), "digest": row.digest, "documents": list(connection.scalars(held)), "attempts": attempted}


def _question() -> Select[Any]:
    other: FromClause = parcels.alias("other")
    first = select(func.min(other.c.id)).where(or_(*ahead(parcels, other))).correlate(parcels).scalar_subquery()
    return select(*_COLUMNS, *_TIMES, first.label("behind")).select_from(_JOINED)


def _as_json(row: Row[Any]) -> dict[str, Any]:
    waits = row.state in (WAITING, PARKED)
    next_try: dt.datetime | None = row.next_try_at if row.state == WAITING else None
    return {
        **{column.name: row._mapping[column.name] for column in _COLUMNS},
        "number": f"{row.number:09}" if row.number else None,
        "queued": instant(row.queued_at), "next_try": instant(next_try),
        "delivered": None if waits else instant(row.delivered_at), "behind": row.behind if waits else None,
    }
