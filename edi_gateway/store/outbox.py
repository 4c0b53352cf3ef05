"""What is to go: parcels, and every attempt at each."""

from datetime import datetime

from sqlalchemy import Connection, and_, insert, select, update

from edi_gateway.store.tables import attempts, documents, groups, interchanges, parcels


class Outbox:
    """Parcels wait here in the same commit as the facts they tell."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def queue(self, channel: str, name: str, digest: str, size_bytes: int, now: datetime) -> int:
        """A parcel to be delivered; its bytes are in the archive already."""
        values = {
            "channel": channel, "name": name, "digest": digest, "size_bytes": size_bytes,
            "state": "queued", "queued_at": now,
        }
        key = self._connection.execute(insert(parcels).values(values)).inserted_primary_key
        assert key is not None
        return int(key[0])

    def acknowledge_again(self, receipt_id: int) -> None:
        """Lets the acknowledgments of a receipt go once more: the same bytes, the same numbers."""
        for table in (groups, interchanges):
            told = (
                select(documents.c.parcel_id)
                .join_from(table, documents, documents.c.id == table.c.acknowledgment_id)
                .where(table.c.receipt_id == receipt_id)
            )
            self._connection.execute(update(parcels).where(parcels.c.id.in_(told)).values(state="queued"))

    def again(self, parcel_id: int) -> bool:
        """Lets a parcel go once more, and its documents wait for a new word; no when it waits as it is.

        What the partner has confirmed stays confirmed.
        """
        waits = and_(parcels.c.id == parcel_id, parcels.c.state != "queued")
        if self._connection.execute(update(parcels).where(waits).values(state="queued")).rowcount == 0:
            return False
        unconfirmed = and_(documents.c.parcel_id == parcel_id, documents.c.state != "confirmed")
        self._connection.execute(update(documents).where(unconfirmed).values(state="prepared"))
        return True

    def ready(self, channel: str, limit: int) -> tuple[tuple[int, str, str], ...]:
        """Parcels to deliver, oldest first: id, name, digest."""
        rows = self._connection.execute(
            select(parcels.c.id, parcels.c.name, parcels.c.digest)
            .where(parcels.c.state == "queued", parcels.c.channel == channel)
            .order_by(parcels.c.id)
            .limit(limit)
        )
        return tuple((row.id, row.name, row.digest) for row in rows)

    def channels(self) -> tuple[str, ...]:
        """The channels that have something to deliver."""
        found = select(parcels.c.channel).where(parcels.c.state == "queued").distinct().order_by(parcels.c.channel)
        return tuple(self._connection.scalars(found))

    def attempted(self, parcel_id: int, outcome: str, fault: str | None, now: datetime) -> None:
        """One delivery of a parcel; its documents become `delivered` or `sent` (unproven)."""
        self._connection.execute(
            insert(attempts).values(parcel_id=parcel_id, at=now, outcome=outcome, fault=fault)
        )
        if outcome == "failed":
            return
        state = "delivered" if outcome == "delivered" else "sent"
        self._connection.execute(
            update(parcels).where(parcels.c.id == parcel_id).values(state=state, delivered_at=now)
        )
        waiting = and_(documents.c.parcel_id == parcel_id, documents.c.state == "prepared")
        self._connection.execute(update(documents).where(waiting).values(state=state))
