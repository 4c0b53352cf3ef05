"""What may be erased: which files came or went under an agreement, what of each is unsettled, and erasing it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from edi_gateway import issues, model
from edi_gateway.discover import ShelfError
from edi_gateway.ports import Candidate
from edi_gateway.store import tables
from edi_gateway.store.tables import agreements, arrivals, documents, entries, erasures, orders, parcels, receipts

ENDED_ORDERS = ("shipped", "invoiced", "rejected", "cancelled")
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

    def candidates(self, names: Collection[str], behind: str, limit: int) -> tuple[tuple[Candidate, ...], str]:
        """Of so many files in order of digest, those behind one, the ones that only these agreements have to do with.

        Those erased since anything happened to them are left out. Says as well which the last of all was, empty where
        there is none behind it.
        """
        pages = (
            select(table.c.digest).where(table.c.digest > behind).distinct().order_by(table.c.digest).limit(limit)
            for table in (receipts, parcels)
        )
        digests = sorted({digest for page in pages for digest in self._connection.scalars(page)})[:limit]
        found = tuple(one for digest in digests if (one := self._candidate(digest, names)) is not None)
        return found, digests[-1] if len(digests) == limit else ""

    def unsettled(self, digest: str) -> str | None:
        """Why the bytes must stay, in words; None where everything about them is settled."""
        return next(self._reasons(digest), None)

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
        again = update(erasures).where(erasures.c.digest == digest).values(at=now)
        if self._connection.execute(again).rowcount == 0:
            self._connection.execute(insert(erasures).values(digest=digest, at=now))

    def _candidate(self, digest: str, names: Collection[str]) -> Candidate | None:
        of_file = self._of_file(digest)
        ids = [row.id for row in of_file]
        theirs = select(agreements.c.name).where(agreements.c.id.in_({row.agreement_id for row in of_file}))
        partners = tuple(self._connection.scalars(theirs.order_by(agreements.c.name)))
        known = partners and all(row.agreement_id is not None for row in of_file)
        if not known or not set(partners).issubset(names):
            return None
        last = self._last(digest, ids, {row.order_id for row in of_file} - {None})
        erased = self._connection.scalar(select(erasures.c.at).where(erasures.c.digest == digest))
        return None if erased is not None and erased >= last else Candidate(digest, partners, last)

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
        return max(at for at in told if at is not None)

    def _reasons(self, digest: str) -> Iterator[str]:
        of_file = self._of_file(digest)
        yield from self._of_receipts(digest)
        yield from self._of_parcels(digest)
        for row in of_file:
            if row.direction == "in" and row.state == "held":
                yield f"document {row.id} is held"
            if row.direction == "out" and not (row.state in _TOLD or row.group_code in _ACKNOWLEDGES):
                yield f"document {row.id} is {row.state}, and not confirmed"
        ids = [row.id for row in of_file]
        for row in self._connection.execute(self._orders(ids, [row.order_id for row in of_file])):
            if row.state not in ENDED_ORDERS:
                yield f"order {row.number} is {row.state.replace('_', ' ')}"
        for issue in self._issues(digest, ids, state="open"):
            yield f"issue {issue.id} is open"

    def _of_receipts(self, digest: str) -> Iterator[str]:
        for row in self._connection.execute(select(receipts).where(receipts.c.digest == digest)):
            if row.state != "done":
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

    def _issues(self, digest: str, ids: Sequence[int], state: str | None = None) -> Iterator[Any]:
        """The issues about the bytes, or about what is in them."""
        about = {f"document {number}" for number in ids}
        for table, word in ((receipts, "receipt"), (parcels, "parcel")):
            which = select(table.c.id).where(table.c.digest == digest)
            about |= {f"{word} {number}" for number in self._connection.scalars(which)}
        near = or_(tables.issues.c.document_id.in_(ids), *(tables.issues.c.about.startswith(each) for each in about))
        asked = select(tables.issues).where(near)
        if state is not None:
            asked = asked.where(tables.issues.c.state == state)
        for row in self._connection.execute(asked).all():
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
