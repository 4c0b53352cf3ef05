"""The desk: one issue a cause, counted, closed by a person or when its cause is gone."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, insert, select, update

from edi_gateway.issues import Kind, kind
from edi_gateway.ledger.facts import Trouble
from edi_gateway.ports import Stuck
from edi_gateway.store.tables import documents, issues, receipts


class Desk:
    """Issues."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, trouble: Trouble, now: datetime) -> int:
        """Opens an issue, or counts the open one of the same kind about the same thing."""
        known = self._connection.execute(
            select(issues.c.id, issues.c["count"]).where(_open(trouble.kind.code, trouble.about))
        ).one_or_none()
        seen: dict[str, Any] = {"note": trouble.note, "last_seen": now}
        if known is not None:
            changed = update(issues).where(issues.c.id == known.id)
            self._connection.execute(changed.values(count=known[1] + 1, **seen))
            return int(known.id)
        values = {
            "kind": trouble.kind.code, "about": trouble.about, "severity": trouble.kind.severity, "count": 1,
            "partner": trouble.partner, "channel": trouble.channel, "order": trouble.order,
            "document_id": trouble.document_id, "opened": now, "state": "open", **seen,
        }
        key = self._connection.execute(insert(issues).values(values)).inserted_primary_key
        assert key is not None
        return int(key[0])

    def close(self, what: Kind, about: str, now: datetime) -> None:
        """The cause is gone."""
        self._end(_open(what.code, about), now)

    def close_about(self, about: str, now: datetime) -> None:
        """Everything about this is settled."""
        self._end(and_(issues.c.about == about, issues.c.state == "open"), now)

    def heal(self, about: str, but: Sequence[str], now: datetime) -> None:
        """Closes the issues about a step that will be tried again, except those of the kinds `but`."""
        open_kinds = self._connection.scalars(
            select(issues.c.kind).where(issues.c.about == about, issues.c.state == "open")
        ).all()
        for code in open_kinds:
            if code not in but and kind(code).retry:
                self._end(_open(code, about), now)

    def stuck(self, issue_id: int) -> Stuck | None:
        """What an open issue holds, None where it holds nothing that can be run again."""
        row = self._connection.execute(
            select(issues.c.about, documents).outerjoin(documents, documents.c.id == issues.c.document_id).where(
                issues.c.id == issue_id, issues.c.state == "open"
            )
        ).one_or_none()
        if row is None:
            return None
        if row.id is None:
            receipt = re.match(r"receipt (\d+)", row.about)
            return self._stuck_receipt(row.about, int(receipt[1])) if receipt else None
        if row.receipt_id is None:
            return None
        return Stuck(
            row.about, row.receipt_id, row.id, row.state, row.agreement_id, row.partnership_id, row.noun, row.body
        )

    def _stuck_receipt(self, about: str, receipt_id: int) -> Stuck | None:
        state = self._connection.scalar(select(receipts.c.state).where(receipts.c.id == receipt_id))
        return Stuck(about, receipt_id, state="held") if state == "held" else None

    def archive(self, issue_id: int, now: datetime) -> str | None:
        """A person has done with an open issue. Returns the state it was in, None where there is none of that id."""
        row = self._connection.execute(select(issues.c.state).where(issues.c.id == issue_id)).one_or_none()
        if row is None:
            return None
        if row.state == "open":
            ended = update(issues).where(issues.c.id == issue_id).values(state="archived", closed=now)
            self._connection.execute(ended)
        return str(row.state)

    def _end(self, which: Any, now: datetime) -> None:
        self._connection.execute(update(issues).where(which).values(state="closed", closed=now))


def _open(code: str, about: str) -> Any:
    return and_(issues.c.kind == code, issues.c.about == about, issues.c.state == "open")
