"""What has come: one row a sighting, one receipt for the bytes, and one row for each file that waits."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select, update

from edi_gateway.ports import Admission, Lying, Receipt, Sighting, Waiting
from edi_gateway.store.prepared import add, change
from edi_gateway.store.tables import agreements, arrivals, documents, receipts, waiting_files

BASELINE = "baseline"
"""The verdict on a file that lay in a mailbox before we were to collect from it."""
EMPTY = "empty"
"""The verdict on a file that has no bytes."""


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

    def admit_new(
        self, channel: str, files: Sequence[tuple[Sighting, str, str]], now: datetime
    ) -> Mapping[Sighting, Admission]:
        """The same for those of many files whose bytes nobody has seen yet: sightings, digests and ranks.

        Of files with the same bytes among them the first is new.
        """
        first = {digest: (sighting, rank) for sighting, digest, rank in reversed(files)}
        known = set(self._connection.scalars(select(receipts.c.key).where(receipts.c.key.in_(first))))
        fresh = {digest: first[digest] for _, digest, _ in files if digest not in known}
        admitted: dict[Sighting, Admission] = {}
        for digest, (sighting, rank) in fresh.items():
            row = _receipt_row(channel, sighting, digest, rank, now)
            receipt = _of_row(add(self._connection, receipts, row), row)
            arrival = add(self._connection, arrivals, _arrival_row(channel, sighting, receipt.id, "new", now))
            admitted[sighting] = Admission(arrival, receipt, "new")
        return admitted

    def baseline(self, channel: str, sightings: Sequence[Sighting], now: datetime) -> int:
        """Marks files as seen: they are not collected while they are the same copies. Returns how many are new so.

        A copy that we have admitted and could not remove yet is unfinished work of ours, and stays that.
        """
        known = {file.sighting for file in self.lying(channel)} | self.seen(channel)
        fresh = [sighting for sighting in sightings if sighting not in known]
        for sighting in fresh:
            self._new_arrival(channel, sighting, None, BASELINE, now)
        return len(fresh)

    def seen(self, channel: str) -> frozenset[Sighting]:
        """The copies that were marked so."""
        marked = and_(arrivals.c.channel == channel, arrivals.c.verdict == BASELINE)
        return frozenset(_sighting(row) for row in self._connection.execute(select(arrivals).where(marked)))

    def empty(self, channel: str, sighting: Sighting, now: datetime) -> int:
        """One sighting of a file without a byte: there is nothing to keep of it. Returns the arrival's id."""
        return self._new_arrival(channel, sighting, None, EMPTY, now)

    def lying(self, channel: str) -> tuple[Lying, ...]:
        """What we have dealt with and not seen removed, those marked as seen among it."""
        unsettled = and_(arrivals.c.channel == channel, arrivals.c.settled_at.is_(None))
        rows = self._connection.execute(select(arrivals).where(unsettled).order_by(arrivals.c.id))
        return tuple(
            Lying(row.id, _sighting(row), row.verdict, row.receipt_id, row.first_seen, row.last_seen, row.times_seen,
                  row.fault)
            for row in rows
        )

    def seen_again(self, arrival_ids: Sequence[int], now: datetime) -> None:
        """Those files still lie there."""
        if arrival_ids:
            seen = {"last_seen": now, "times_seen": arrivals.c.times_seen + 1}
            which = arrivals.c.id == bindparam("arrival")
            each = [{"arrival": arrival} for arrival in arrival_ids]
            self._connection.execute(update(arrivals).where(which).values(seen), each)

    def waiting_files(self, channel: str) -> tuple[Waiting, ...]:
        """The files that are not ours yet."""
        rows = self._connection.execute(
            select(waiting_files).where(waiting_files.c.channel == channel).order_by(waiting_files.c.id)
        )
        return tuple(Waiting(_sighting(row), row.why, row.rounds, row.first_seen) for row in rows)

    def wait(self, channel: str, files: Sequence[Waiting]) -> None:
        """Makes these the files of the channel that are not ours yet, instead of those that were."""
        self._connection.execute(delete(waiting_files).where(waiting_files.c.channel == channel))
        rows = [
            {"channel": channel, **_columns(file.sighting), "why": file.why, "rounds": file.rounds,
             "first_seen": file.first_seen}
            for file in files
        ]
        if rows:
            self._connection.execute(insert(waiting_files), rows)

    def partners_of(self, receipt_id: int) -> frozenset[str]:
        """The partner files of those whose documents came in a receipt."""
        found = select(agreements.c.partner).join(documents, documents.c.agreement_id == agreements.c.id)
        return frozenset(self._connection.scalars(found.where(documents.c.receipt_id == receipt_id)))

    def run_again(self, receipt_id: int, now: datetime) -> Receipt | None:
        """A receipt of the same bytes, to be run as if they had never come; None where there is no such receipt."""
        row = self._connection.execute(select(receipts).where(receipts.c.id == receipt_id)).one_or_none()
        if row is None:
            return None
        runs = select(func.count()).select_from(receipts).where(receipts.c.digest == row.digest)
        return self._put_receipt({
            "key": f"{row.digest} run {(self._connection.scalar(runs) or 0) + 1}", "digest": row.digest,
            "channel": row.channel, "name": row.name, "size_bytes": row.size_bytes, "rank": row.rank,
            "state": "waiting", "at": now, "again_of": row.id,
        })

    def settled(self, arrival_id: int, fault: str | None, now: datetime) -> None:
        """The file is gone from the mailbox, or why it is not."""
        self.settled_page({arrival_id: fault}, now)

    def settled_page(self, faults: Mapping[int, str | None], now: datetime) -> None:
        """The same for many arrivals, each with its fault."""
        if faults:
            which = update(arrivals).where(arrivals.c.id == bindparam("arrival"))
            gone_at = bindparam("gone_at", type_=arrivals.c.settled_at.type)
            said = which.values(fault=bindparam("why"), settled_at=gone_at)
            rows = [
                {"arrival": arrival, "why": fault, "gone_at": None if fault else now}
                for arrival, fault in faults.items()
            ]
            self._connection.execute(said, rows)

    def waiting(self, limit: int) -> tuple[Receipt, ...]:
        """Receipts to be processed, in order of rank."""
        rows = self._connection.execute(
            select(receipts).where(receipts.c.state == "waiting").order_by(receipts.c.rank, receipts.c.id).limit(limit)
        )
        return tuple(_receipt(row) for row in rows)

    def finish(self, receipt_id: int, state: Literal["done", "held"]) -> None:
        """The receipt has been run; held when something in it waits for a person."""
        change(self._connection, receipts, {"id": receipt_id}, {"state": state})

    def again(self, receipt_id: int) -> None:
        """Lets a receipt wait for processing once more."""
        self._connection.execute(update(receipts).where(receipts.c.id == receipt_id).values(state="waiting"))

    def again_all_held(self) -> None:
        """The same for every receipt that holds something."""
        self._connection.execute(update(receipts).where(receipts.c.state == "held").values(state="waiting"))

    def _receipt(self, digest: str) -> Receipt | None:
        row = self._connection.execute(select(receipts).where(receipts.c.key == digest)).one_or_none()
        return None if row is None else _receipt(row)

    def _new_receipt(self, channel: str, sighting: Sighting, digest: str, rank: str, now: datetime) -> Receipt:
        return self._put_receipt(_receipt_row(channel, sighting, digest, rank, now))

    def _put_receipt(self, values: dict[str, Any]) -> Receipt:
        key = self._connection.execute(insert(receipts).values(values)).inserted_primary_key
        assert key is not None
        return _of_row(key[0], values)

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
        values = _arrival_row(channel, sighting, receipt.id if receipt else None, verdict, now)
        key = self._connection.execute(insert(arrivals).values(values)).inserted_primary_key
        assert key is not None
        return int(key[0])


_RECEIPT = ("id", "channel", "name", "digest", "size_bytes", "at", "again_of")


def _receipt_row(channel: str, sighting: Sighting, digest: str, rank: str, now: datetime) -> dict[str, Any]:
    return {
        "key": digest, "digest": digest, "channel": channel, "name": sighting.name,
        "size_bytes": sighting.size_bytes, "rank": rank, "state": "waiting", "at": now, "again_of": None,
    }


def _arrival_row(
    channel: str, sighting: Sighting, receipt_id: int | None, verdict: str, now: datetime
) -> dict[str, Any]:
    return {
        "receipt_id": receipt_id, "channel": channel, **_columns(sighting), "verdict": verdict,
        "first_seen": now, "last_seen": now, "times_seen": 1,
    }


def _of_row(receipt_id: int, row: dict[str, Any]) -> Receipt:
    return Receipt(receipt_id, *(row[name] for name in _RECEIPT[1:]))


def _receipt(row: Any) -> Receipt:
    return Receipt(*(getattr(row, name) for name in _RECEIPT))


def _sighting(row: Any) -> Sighting:
    return Sighting(row.name, row.size_bytes, row.modified, bool(row.claimed))


def _columns(sighting: Sighting) -> dict[str, Any]:
    return {
        "name": sighting.name, "size_bytes": sighting.size_bytes, "modified": sighting.modified,
        "claimed": sighting.claimed,
    }
