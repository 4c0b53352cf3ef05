"""What has come: one row a sighting, one receipt for the bytes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, and_, insert, select, update

from edi_gateway.ports import Admission, Receipt, Sighting
from edi_gateway.store import tables
from edi_gateway.store.tables import arrivals, receipts

BASELINE = "baseline"
"""The verdict on a file that lay in a mailbox before we were to collect from it."""


class Inbox:
    """Arrivals and receipts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def admit(self, channel: str, sighting: Sighting, digest: str, rank: str, now: datetime) -> Admission:
        """One sighting, and the receipt of its bytes.

        The same copy is one of the same channel, name, size and time whose removal we never saw.
        """
        receipt = self._receipt(digest)
        if receipt is None:
            receipt = self._new_receipt(channel, sighting, digest, rank, now)
            return Admission(self._new_arrival(channel, sighting, receipt, "new", now), receipt, "new")
        same = self._same_copy(channel, sighting, receipt, now)
        if same is not None:
            return Admission(same, receipt, "same")
        return Admission(self._new_arrival(channel, sighting, receipt, "duplicate", now), receipt, "duplicate")

    def baseline(self, channel: str, sightings: Sequence[Sighting], now: datetime) -> int:
        """Marks files as seen: they are not collected while they are the same copies. Returns how many are new so.

        A copy that we have admitted and could not remove yet is unfinished work of ours, and stays that.
        """
        here = and_(arrivals.c.channel == channel, arrivals.c.settled_at.is_(None))
        known = self._copies(here)
        fresh = [sighting for sighting in sightings if sighting not in known]
        for sighting in fresh:
            self._new_arrival(channel, sighting, None, BASELINE, now)
        return len(fresh)

    def seen(self, channel: str) -> frozenset[Sighting]:
        """The copies that were marked so."""
        return self._copies(and_(arrivals.c.channel == channel, arrivals.c.verdict == BASELINE))

    def settled(self, arrival_id: int, fault: str | None, now: datetime) -> None:
        """The file is gone from the mailbox, or why it is not."""
        values = {"fault": fault, "settled_at": None if fault else now}
        self._connection.execute(update(arrivals).where(arrivals.c.id == arrival_id).values(values))

    def waiting(self, limit: int) -> tuple[Receipt, ...]:
        """Receipts to be processed, in order of rank."""
        rows = self._connection.execute(
            select(receipts).where(receipts.c.state == "waiting").order_by(receipts.c.rank, receipts.c.id).limit(limit)
        )
        return tuple(_receipt(row) for row in rows)

    def finish(self, receipt_id: int, state: Literal["done", "held"]) -> None:
        """The receipt has been run; held when something in it waits for a person."""
        self._connection.execute(update(receipts).where(receipts.c.id == receipt_id).values(state=state))

    def again(self, receipt_id: int) -> None:
        """Lets a receipt wait for processing once more."""
        self._connection.execute(update(receipts).where(receipts.c.id == receipt_id).values(state="waiting"))

    def again_all_held(self) -> None:
        """The same for every receipt that holds something."""
        self._connection.execute(update(receipts).where(receipts.c.state == "held").values(state="waiting"))

    def _copies(self, which: Any) -> frozenset[Sighting]:
        rows = self._connection.execute(
            select(arrivals.c.name, arrivals.c.size_bytes, arrivals.c.modified).where(which)
        )
        return frozenset(Sighting(row.name, row.size_bytes, row.modified) for row in rows)

    def _receipt(self, digest: str) -> Receipt | None:
        row = self._connection.execute(select(receipts).where(receipts.c.digest == digest)).one_or_none()
        return None if row is None else _receipt(row)

    def _new_receipt(self, channel: str, sighting: Sighting, digest: str, rank: str, now: datetime) -> Receipt:
        values = {
            "digest": digest, "channel": channel, "name": sighting.name, "size_bytes": sighting.size_bytes,
            "rank": rank, "state": "waiting", "at": now,
        }
        key = self._connection.execute(insert(receipts).values(values)).inserted_primary_key
        assert key is not None
        return Receipt(key[0], channel, sighting.name, digest, sighting.size_bytes, now)

    def _same_copy(self, channel: str, sighting: Sighting, receipt: Receipt, now: datetime) -> int | None:
        same = and_(
            arrivals.c.receipt_id == receipt.id,
            arrivals.c.channel == channel,
            arrivals.c.name == sighting.name,
            arrivals.c.modified.is_not_distinct_from(sighting.modified),
            arrivals.c.settled_at.is_(None),
        )
        found: int | None = self._connection.scalar(select(arrivals.c.id).where(same).order_by(arrivals.c.id).limit(1))
        if found is not None:
            seen = {"last_seen": now, "times_seen": arrivals.c.times_seen + 1}
            self._connection.execute(update(arrivals).where(arrivals.c.id == found).values(seen))
        return found

    def _new_arrival(
        self, channel: str, sighting: Sighting, receipt: Receipt | None, verdict: str, now: datetime
    ) -> int:
        values = {
            "receipt_id": receipt.id if receipt else None, "channel": channel, "name": sighting.name,
            "size_bytes": sighting.size_bytes, "modified": sighting.modified, "verdict": verdict,
            "first_seen": now, "last_seen": now, "times_seen": 1,
        }
        key = self._connection.execute(insert(tables.arrivals).values(values)).inserted_primary_key
        assert key is not None
        return int(key[0])


def _receipt(row: object) -> Receipt:
    return Receipt(*(getattr(row, name) for name in ("id", "channel", "name", "digest", "size_bytes", "at")))
