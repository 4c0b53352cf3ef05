"""What waits for a person on the desk, and what came of it."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from edi_gateway import discover
from edi_gateway.issues import catalogue, kind
from edi_gateway.reports import documents
from edi_gateway.reports._asking import ROWS_AT_ONCE, instant, meeting
from edi_gateway.store import tables

_ISSUES = tables.issues
_COLUMNS = ("id", "kind", "severity", "count", "partner", "order", "channel", "state", "note")


def issues(
    connection: Connection, *, closed: bool = False, partner: str | None = None, kind_code: str | None = None,
    order: str | None = None, last: int | None = None,
) -> Iterator[dict[str, Any]]:
    """The open issues, newest first; with `closed` the closed and archived ones as well.

    `document` is the id of the document an issue is about, `note` says what happened, `resolution` what a
    person does.
    """
    question = meeting(
        select(_ISSUES), (None if closed else True, _ISSUES.c.state == "open"),
        (partner, or_(_ISSUES.c.partner == partner, _ISSUES.c.channel == partner)),
        (kind_code, _ISSUES.c.kind == kind_code), (order, _ISSUES.c.order == order),
    )
    rows = connection.execute(
        question.order_by(_ISSUES.c.id.desc()).limit(last), execution_options={"yield_per": ROWS_AT_ONCE}
    )
    yield from (_as_json(row) for row in rows)


def kinds(connection: Connection) -> frozenset[str]:
    """The codes of every kind there is, and of those on the desk that this program does not know."""
    return frozenset(connection.scalars(select(_ISSUES.c.kind).distinct())) | {kind.code for kind in catalogue()}


def partners(connection: Connection) -> frozenset[str]:
    """Whose issues there are: the names of agreements and of channels that issues tell."""
    told = connection.execute(select(_ISSUES.c.partner, _ISSUES.c.channel).distinct())
    return frozenset(name for row in told for name in row if name)


def issue(connection: Connection, issue_id: int) -> dict[str, Any] | None:
    """One issue in full, None where there is none: beside what the list says, what can be done about it by command.

    `about` is the document it is about as `documents.document` tells it, `receipt` the file that it came in
    where no document is known, each with the digest of the bytes.
    """
    row = connection.execute(select(_ISSUES).where(_ISSUES.c.id == issue_id)).one_or_none()
    if row is None:
        return None
    document = None if row.document_id is None else documents.document(connection, row.document_id)
    came_in = None if document else re.match(r"receipt (\d+)", row.about)
    return {
        **_as_json(row), "closed": instant(row.closed), "actions": _actions(row.kind), "about": document,
        "receipt": _receipt(connection, int(came_in[1])) if came_in else None,
    }


def _receipt(connection: Connection, receipt_id: int) -> dict[str, Any] | None:
    row = connection.execute(select(tables.receipts).where(tables.receipts.c.id == receipt_id)).one_or_none()
    if row is None:
        return None
    names = ("id", "channel", "name", "size_bytes", "digest")
    return {**{name: row._mapping[name] for name in names}, "at": instant(row.at)}


def _actions(code: str) -> list[str]:
    try:
        return list(kind(code).actions)
    except (KeyError, discover.ShelfError):
        return []


def _as_json(row: Row[Any]) -> dict[str, Any]:
    title, resolution = _story(row.kind)
    fields = {name: row._mapping[name] for name in _COLUMNS}
    return {
        **fields, "title": title, "document": row.document_id, "opened": instant(row.opened),
        "last_seen": instant(row.last_seen), "resolution": resolution,
    }


def _story(code: str) -> tuple[str, str]:
    """Title and resolution. A kind that a newer or an absent plug-in opened is shown by its code."""
    try:
        found = kind(code)
    except (KeyError, discover.ShelfError):
        return code, "This program does not know the kind; look it up where the issue was opened."
    return found.title, found.resolution
