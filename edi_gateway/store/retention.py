"""What may be erased: which files came or went under an agreement, what of each is unsettled, and erasing it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from edi_gateway import issues, model
from edi_gateway.discover import ShelfError
from edi_gateway.ports import Candidate, stranger
from edi_gateway.store import tables
from edi_gateway.store.tables import agreements, arrivals, documents, entries, erasures, orders, parcels, receipts

ENDED_ORDERS = ("shipped", "invoiced", "rejected", "cancelled")
"""Where nothing is asked of the bytes of an order any more.

A shipped one is among them: many a house writes its invoices elsewhere, and would keep the address of every consumer
for ever. An invoice that we do write later is drawn from lines, prices and references, which are not erased. While the
partner has not confirmed the shipment, or an issue about a document of the order is open, the order is unsettled all
the same, for what is corrected is written from it.
"""
_TOLD = ("confirmed", "rejected", "void", "superseded")
"""Where a document of ours ends. An acknowledgment is never confirmed."""
_ACKNOWLEDGES = ("FA", "")
"""GS01 of acknowledgments; a TA1 has none."""
_UNSENT = ("queued", "parked")
_BASELINE = "baseline"


class Retention:
    """The files of the house by their digests."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def candidates(
        self, names: Collection[str], strangers: bool, behind: str, limit: int
    ) -> tuple[tuple[Candidate, ...], str]:
        """Of so many files in order of digest, those behind one, the ones that only these agreements have to do with.

        With `strangers` those of nobody's as well. Those erased since anything happened to them are left out. Says as
        well which the last of all was, empty where there is none behind it.
        """
        pages = (
            select(table.c.digest).where(table.c.digest > behind).distinct().order_by(table.c.digest).limit(limit)
            for table in (receipts, parcels)
        )
        digests = sorted({digest for page in pages for digest in self._connection.scalars(page)})[:limit]
        found = tuple(one for digest in digests if (one := self._candidate(digest, names, strangers)) is not None)
        return found, digests[-1] if len(digests) == limit else ""

    def unsettled(self, digest: str) -> str | None:
        """Why the bytes must stay, in words; None where everything about them is settled."""
        return next(self._reasons(digest), None)

    def erased(self, receipt_id: int) -> bool:
        """Whether the bytes of a receipt are kept no longer."""
        which = select(receipts.c.digest).where(receipts.c.id == receipt_id).scalar_subquery()
        return self._connection.scalar(select(erasures.c.at).where(erasures.c.digest == which)) is not None

    def erase(self, digest: str, now: datetime) -> None:
        """Takes the personal parts out of everything that the bytes said; what they are about and when stays.

        Entries say numbers, codes and quantities only, and stay as they are.
        """
        self._in_earnest()
        of_file = self._of_file(digest)
        ids = [row.id for row in of_file]
        for row in of_file:
            found = {"findings": [_told(each) for each in row.findings], "body": _without(row.noun, row.body)}
            self._connection.execute(update(documents).where(documents.c.id == row.id).values(found))
        for order in self._connection.execute(select(orders).where(orders.c.document_id.in_(ids))).all():
            values = {"body": _without("order", order.body)}
            self._connection.execute(update(orders).where(orders.c.id == order.id).values(values))
        for issue in self._issues(digest, ids):
            told = update(tables.issues).where(tables.issues.c.id == issue.id)
            self._connection.execute(told.values(note=_title(issue.kind)))
        # What a stranger sent is held for ever unless they become a partner, and could not be run then.
        held = and_(receipts.c.digest == digest, receipts.c.state == "held")
        self._connection.execute(update(receipts).where(held).values(state="done"))
        again = update(erasures).where(erasures.c.digest == digest).values(at=now)
        if self._connection.execute(again).rowcount == 0:
            self._connection.execute(insert(erasures).values(digest=digest, at=now))

    def _candidate(self, digest: str, names: Collection[str], strangers: bool) -> Candidate | None:
        of_file = self._of_file(digest)
        ids = [row.id for row in of_file]
        theirs = select(agreements.c.name).where(agreements.c.id.in_({row.agreement_id for row in of_file}))
        partners = tuple(self._connection.scalars(theirs.order_by(agreements.c.name)))
        stranger = not of_file or any(row.agreement_id is None for row in of_file)
        if (stranger and not strangers) or not set(partners).issubset(names):
            return None
        last = self._last(digest, ids, {row.order_id for row in of_file} - {None})
        erased = self._connection.scalar(select(erasures.c.at).where(erasures.c.digest == digest))
        return None if erased is not None and erased >= last else Candidate(digest, partners, last, stranger)

    def _last(self, digest: str, ids: Sequence[int], order_ids: set[int]) -> datetime:
        """When something happened last that has to do with the bytes."""
        with_bytes = receipts.c.digest == digest
        asked = (
            select(func.max(receipts.c.at)).where(with_bytes),
            select(func.max(arrivals.c.last_seen)).join(receipts, arrivals.c.receipt_id == receipts.c.id)
            .where(with_bytes),
            select(func.max(arrivals.c.settled_at)).join(receipts, arrivals.c.receipt_id == receipts.c.id)
            .where(with_bytes),
            select(func.max(parcels.c.queued_at)).where(parcels.c.digest == digest),
            select(func.max(parcels.c.delivered_at)).where(parcels.c.digest == digest),
            select(func.max(entries.c.at)).where(entries.c.document_id.in_(ids)),
            select(func.max(entries.c.at)).where(entries.c.order_id.in_(order_ids)),
        )
        told: list[datetime | None] = [self._connection.scalar(question) for question in asked]
        told += [issue.closed for issue in (*self._issues(digest, ids), *self._of_senders(digest))]
        return max(at for at in told if at is not None)

    def _reasons(self, digest: str) -> Iterator[str]:
        of_file = self._of_file(digest)
        held = [row for row in of_file if row.direction == "in" and row.state == "held"]
        ids = [row.id for row in of_file]
        issues_near = (*self._issues(digest, ids), *self._of_senders(digest))
        unread = any(issue.about.endswith(", reading") and issue.state != "closed" for issue in issues_near)
        put_away = held and not unread and all(row.agreement_id is None for row in held)
        yield from self._of_receipts(digest, ("done", "held") if put_away else ("done",))
        yield from self._of_parcels(digest)
        for row in held:
            if row.agreement_id is not None:
                yield f"document {row.id} is held"
        yield from self._unconfirmed(of_file)
        for row in self._connection.execute(self._orders(ids, [row.order_id for row in of_file])).all():
            yield from self._of_order(row)
        yield from (f"issue {issue.id} is open" for issue in issues_near if issue.state == "open")

    def _unconfirmed(self, rows: Sequence[Any]) -> Iterator[str]:
        for row in rows:
            if row.direction == "out" and not (row.state in _TOLD or row.group_code in _ACKNOWLEDGES):
                yield f"document {row.id} is {row.state}, and not confirmed"

    def _of_order(self, order: Any) -> Iterator[str]:
        if order.state not in ENDED_ORDERS:
            yield f"order {order.number} is {order.state.replace('_', ' ')}"
        about = self._connection.execute(select(documents).where(documents.c.order_id == order.id)).all()
        yield from self._unconfirmed(about)
        asked = and_(tables.issues.c.document_id.in_([row.id for row in about]), tables.issues.c.state == "open")
        for issue in self._connection.scalars(select(tables.issues.c.id).where(asked)):
            yield f"issue {issue} is open"

    def _of_receipts(self, digest: str, ended: Sequence[str]) -> Iterator[str]:
        for row in self._connection.execute(select(receipts).where(receipts.c.digest == digest)):
            if row.state not in ended:
                yield f"receipt {row.id} is {row.state}"
        lies = and_(receipts.c.digest == digest, arrivals.c.settled_at.is_(None), arrivals.c.verdict != _BASELINE)
        which = select(arrivals.c.name).join(receipts, arrivals.c.receipt_id == receipts.c.id).where(lies)
        for name in self._connection.scalars(which):
            yield f"{name} lies in its mailbox still"

    def _of_parcels(self, digest: str) -> Iterator[str]:
        which = select(parcels).where(parcels.c.digest == digest, parcels.c.state.in_(_UNSENT))
        for row in self._connection.execute(which):
            yield f"parcel {row.id} is {row.state}"

    def _orders(self, ids: Sequence[int], order_ids: Sequence[int | None]) -> Any:
        return select(orders).where(or_(orders.c.id.in_(order_ids), orders.c.document_id.in_(ids)))

    def _of_file(self, digest: str) -> Sequence[Any]:
        """The documents in the bytes, however often they came or went."""
        came = select(receipts.c.id).where(receipts.c.digest == digest)
        went = select(parcels.c.id).where(parcels.c.digest == digest)
        which = or_(documents.c.receipt_id.in_(came), documents.c.parcel_id.in_(went))
        return self._connection.execute(select(documents).where(which).order_by(documents.c.id)).all()

    def _of_senders(self, digest: str) -> Sequence[Any]:
        """The issues about the ids under which strangers sent the bytes: they ask who that is."""
        nobodys = (row for row in self._of_file(digest) if row.direction == "in" and row.agreement_id is None)
        ids = {(row.sender, row.receiver, row.group_sender, row.group_receiver) for row in nobodys}
        about = {stranger(*named, test=test) for each in ids for named in (each, each[:2]) for test in (False, True)}
        return self._connection.execute(select(tables.issues).where(tables.issues.c.about.in_(about))).all()

    def _issues(self, digest: str, ids: Sequence[int]) -> Iterator[Any]:
        """The issues about the bytes, or about what is in them."""
        about = {f"document {number}" for number in ids}
        for table, word in ((receipts, "receipt"), (parcels, "parcel")):
            which = select(table.c.id).where(table.c.digest == digest)
            about |= {f"{word} {number}" for number in self._connection.scalars(which)}
        near = or_(tables.issues.c.document_id.in_(ids), *(tables.issues.c.about.startswith(each) for each in about))
        for row in self._connection.execute(select(tables.issues).where(near)).all():
            named = re.match(r"\w+ \d+", row.about)
            if row.document_id in ids or (named and named[0] in about):
                yield row

    def _in_earnest(self) -> None:
        """SQLite overwrites what is erased only where it is asked to."""
        if self._connection.dialect.name == "sqlite":
            self._connection.exec_driver_sql("PRAGMA secure_delete=ON")


def _without(noun: str | None, body: Any) -> Any:
    """A noun as JSON without what is personal; nothing of one that nobody knows any more."""
    if noun is None or body is None:
        return None
    try:
        said = model.noun(noun).model_validate(body)
    except (ShelfError, ValueError):
        return None
    return said.impersonal().model_dump(mode="json", exclude_none=True)


def _told(finding: Mapping[str, Any]) -> dict[str, Any]:
    """A finding without what was found: its place and its kind stay."""
    return {**finding, "note": _title(finding["kind"]), "value": None}


def _title(code: str) -> str:
    try:
        return issues.kind(code).title
    except (KeyError, ShelfError):
        return code
