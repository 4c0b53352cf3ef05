"""The desk: one issue a cause, counted, closed by a person or when its cause is gone."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select, text, update

from edi_gateway.issues import Kind
from edi_gateway.ledger.facts import Trouble
from edi_gateway.ports import Stuck
from edi_gateway.store.prepared import Prepared, add
from edi_gateway.store.tables import documents, issues, receipts


class Desk:
    """Issues."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._settled: set[str] = set()
        """What nothing is open about, because this unit has closed it."""
        self._any: dict[str, bool] = {}
        """Whether issues of a kind are open, or were while this unit has looked."""

    def open(self, trouble: Trouble, now: datetime) -> int:
        """Opens an issue, or counts the open one of the same kind about the same thing; it tells the newest then."""
        self._settled.discard(trouble.about)
        self._any[trouble.kind.code] = True
        known = _KNOWN.row(self._connection, kind=trouble.kind.code, what=trouble.about)
        seen: dict[str, Any] = {"note": trouble.note, "last_seen": now}
        if known is not None:
            seen |= {"document_id": trouble.document_id} if trouble.document_id is not None else {}
            changed = update(issues).where(issues.c.id == known.id)
            self._connection.execute(changed.values(count=known[1] + 1, **seen))
            return int(known.id)
        values = {
            "kind": trouble.kind.code, "about": trouble.about, "severity": trouble.kind.severity, "count": 1,
            "partner": trouble.partner, "channel": trouble.channel, "order": trouble.order,
            "document_id": trouble.document_id, "opened": now, "state": "open", **seen,
        }
        return add(self._connection, issues, values)

    def close(self, what: Kind, about: str, now: datetime) -> None:
        """The cause is gone."""
        self._end(_open(what.code, about), now)

    def close_about(self, about: str, now: datetime, but: Sequence[str] = ()) -> None:
        """Everything about this is settled, except what is of the kinds `but`."""
        if but:
            self._end(and_(issues.c.about == about, issues.c.state == "open", issues.c.kind.not_in(but)), now)
        elif about not in self._settled:
            _CLOSE_ABOUT.run(self._connection, what=about, now=now)
            self._settled.add(about)

    def close_of(self, what: Kind, document_id: int, now: datetime) -> None:
        """The cause is gone, as that document shows, of which it was told last."""
        if self.any(what):
            here = and_(issues.c.kind == what.code, issues.c.document_id == document_id, issues.c.state == "open")
            self._end(here, now)

    def any(self, kind: Kind) -> bool:
        """Whether issues of a kind may be open; most often none are, and nothing more need be asked."""
        if kind.code not in self._any:
            self._any[kind.code] = _ANY.scalar(self._connection, kind=kind.code) is not None
        return self._any[kind.code]

    def naming(self, kind: Kind, partner: str, order: str) -> Sequence[str]:
        """What the open issues of a kind are about that name a partner and an order."""
        rows = _NAMING.rows(self._connection, kind=kind.code, partner=partner, number=order)
        return [row.about for row in rows]

    def standing(self, about: str) -> bool:
        """Whether an issue about this is open."""
        found = select(issues.c.id).where(issues.c.about == about, issues.c.state == "open").limit(1)
        return self._connection.scalar(found) is not None

    def told(self, issue_id: int) -> tuple[str, str, int | None, str] | None:
        """Kind, about, document and state of an issue, None where there is none of that id."""
        here = select(issues.c.kind, issues.c.about, issues.c.document_id, issues.c.state)
        row = self._connection.execute(here.where(issues.c.id == issue_id)).one_or_none()
        return None if row is None else (row.kind, row.about, row.document_id, row.state)

    def stuck(self, issue_id: int) -> Stuck | None:
        """What an issue holds that is not closed, None where it holds nothing that can be run again."""
        row = self._connection.execute(
            select(issues.c.about, documents).outerjoin(documents, documents.c.id == issues.c.document_id).where(
                issues.c.id == issue_id, issues.c.state != "closed"
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

    def end(self, issue_id: int, now: datetime) -> None:
        """A person has settled what the issue is about."""
        self._end(issues.c.id == issue_id, now)

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


_KNOWN = Prepared(select(issues.c.id, issues.c["count"]).where(
    issues.c.kind == bindparam("kind"), issues.c.about == bindparam("what"), issues.c.state == text("'open'"),
))
_ANY = Prepared(
    select(issues.c.id).where(issues.c.kind == bindparam("kind"), issues.c.state == text("'open'")).limit(1)
)
_NAMING = Prepared(select(issues.c.about).where(
    issues.c.kind == bindparam("kind"), issues.c.state == text("'open'"), issues.c.partner == bindparam("partner"),
    issues.c.order == bindparam("number"),
))
_CLOSE_ABOUT = Prepared(
    update(issues).where(issues.c.about == bindparam("what"), issues.c.state == text("'open'"))
    .values(state="closed", closed=bindparam("now"))
)
