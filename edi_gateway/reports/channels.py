"""How the channels stand: paused or not, what waits for them, what their last round came to."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from edi_gateway.reports._asking import instant
from edi_gateway.store.inbox import BASELINE
from edi_gateway.store.tables import agreements, arrivals, attempts, channels, documents, issues, parcels

_channel = func.coalesce(issues.c.channel, documents.c.channel)
"""Where an issue has arisen: at a mailbox, or in a document that came or went over it."""
_ISSUES = issues.outerjoin(documents, issues.c.document_id == documents.c.id)


def standing(connection: Connection, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Each channel of those names: whose it is, since when it is paused, what waits, and its open issues."""
    paused = {row.name: row.paused_at for row in connection.execute(select(channels))}
    waiting = _counts(connection, parcels, parcels.c.state == "queued")
    open_issues = _open_issues(connection)
    seen = _counts(connection, arrivals, arrivals.c.verdict == BASELINE)
    for name in names:
        partners = select(agreements.c.name).where(agreements.c.channel == name).order_by(agreements.c.name)
        yield {
            "name": name, "partners": list(connection.scalars(partners)), "paused": instant(paused.get(name)),
            "waiting": waiting.get(name, 0), "marked_as_seen": seen.get(name, 0), "issues": open_issues.get(name, 0),
        }


def since(connection: Connection, channel: str, start: dt.datetime) -> dict[str, Any]:
    """What has come and gone over a channel since then, and the troubles that were met."""
    came = _first(connection, select(func.count()).where(
        arrivals.c.channel == channel, arrivals.c.first_seen >= start, arrivals.c.verdict != BASELINE
    ))
    went = _first(connection, select(func.count()).select_from(
        attempts.join(parcels, attempts.c.parcel_id == parcels.c.id)
    ).where(parcels.c.channel == channel, attempts.c.at >= start, attempts.c.outcome != "failed"))
    met = select(issues.c.id, issues.c.kind, issues.c.severity, issues.c.about, issues.c.note).select_from(
        _ISSUES
    ).where(_channel == channel, issues.c.last_seen >= start, issues.c.state == "open")
    troubles = [dict(row._mapping) for row in connection.execute(met.order_by(issues.c.id))]
    return {"channel": channel, "collected": came, "delivered": went, "issues": troubles}


def _counts(connection: Connection, table: Any, which: Any) -> dict[str, int]:
    rows = connection.execute(select(table.c.channel, func.count()).where(which).group_by(table.c.channel))
    return {row[0]: row[1] for row in rows}


def _open_issues(connection: Connection) -> dict[str, int]:
    rows = connection.execute(
        select(_channel, func.count()).select_from(_ISSUES).where(issues.c.state == "open").group_by(_channel)
    )
    return {row[0]: row[1] for row in rows}


def _first(connection: Connection, question: Any) -> int:
    return int(connection.scalar(question) or 0)
