"""What is to go: parcels, what each waits for, and every attempt at it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    and_,
    case,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)

from edi_gateway.ports import Attempt, Label, Packed
from edi_gateway.store.prepared import add
from edi_gateway.store.tables import agreements, attempts, documents, erasures, groups, interchanges, orders, parcels

WAITING, PARKED, ENDED = "queued", "parked", ("void", "superseded")
UNSENT = (WAITING, PARKED)
"""Parcels in these states have yet to go; what must go behind them waits."""

GONE = ("delivered", "sent")
_CONFIRMED = "confirmed"
_FRESH = {"tries": 0, "next_try_at": None, "at_visits": False, "begun": False, "fault": None, "reason": None}

_CHANNEL = func.coalesce(
    select(agreements.c.channel).where(agreements.c.id == parcels.c.agreement_id).scalar_subquery(), parcels.c.channel
)
"""The channel over which a parcel goes now: its agreement may have had another when it was made."""


class Outbox:
    """Parcels wait here in the same commit as the facts they tell."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def queue(self, channel: str, name: str, digest: str, size_bytes: int, label: Label, now: datetime) -> int:
        """A parcel to be delivered; its bytes are in the archive already."""
        values = {
            "channel": channel, "name": name, "digest": digest, "size_bytes": size_bytes, "state": WAITING,
            "queued_at": now, "agreement_id": label.agreement_id, "partnership_id": label.partnership_id,
            "set": label.set, "scope": label.scope, "number": label.number, "order_number": self._order_number(label),
            "turn": label.turn, "strict": label.strict, "subject": label.subject,
        }
        if label.latest:
            self._supersede(label)
        return add(self._connection, parcels, values)

    def acknowledge_again(self, receipt_id: int) -> None:
        """Lets the acknowledgments of a receipt go once more: the same bytes, the same numbers, unless erased."""
        for table in (groups, interchanges):
            told, erased = _acknowledging(table, receipt_id), select(erasures.c.digest)
            gone = and_(parcels.c.id.in_(told), parcels.c.state.in_(GONE), parcels.c.digest.not_in(erased))
            self._connection.execute(update(parcels).where(gone).values(state=WAITING, channel=_CHANNEL, **_FRESH))

    def acknowledgments_of(self, receipt_id: int) -> tuple[int, ...]:
        """The parcels in which the acknowledgments of a receipt are."""
        found = [
            parcel for table in (groups, interchanges)
            for parcel in self._connection.scalars(_acknowledging(table, receipt_id)) if parcel is not None
        ]
        return tuple(dict.fromkeys(found))

    def states(self, parcel_ids: Collection[int]) -> tuple[str, ...]:
        """Where each of those parcels stands; `erased` for one whose bytes are kept no longer."""
        kept = parcels.c.digest.not_in(select(erasures.c.digest))
        asked = select(case((kept, parcels.c.state), else_="erased")).where(parcels.c.id.in_(parcel_ids))
        return tuple(self._connection.scalars(asked))

    def again(self, parcel_id: int) -> bool:
        """Lets a parcel that has gone go once more, and its documents wait for a new word; no when it has not gone.

        What the partner has confirmed stays confirmed.
        """
        kept = parcels.c.digest.not_in(select(erasures.c.digest))
        gone = and_(parcels.c.id == parcel_id, parcels.c.state.in_(GONE), kept)
        queued = update(parcels).where(gone).values(state=WAITING, channel=_CHANNEL, **_FRESH)
        if self._connection.execute(queued).rowcount == 0:
            return False
        self._tell([parcel_id], "prepared", but=(_CONFIRMED,))
        return True

    def find(self, parcel_id: int) -> Packed | None:
        """A parcel as it stands, None where there is none of that id."""
        row = self._connection.execute(_PACKED.where(parcels.c.id == parcel_id)).one_or_none()
        return None if row is None else Packed(**row._mapping)

    def documents_of(self, parcel_id: int) -> tuple[int, ...]:
        """The ids of the documents in a parcel."""
        return tuple(self._connection.scalars(select(documents.c.id).where(documents.c.parcel_id == parcel_id)))

    def ready(
        self, channel: str, limit: int, now: datetime, visiting: bool = True, but: Collection[int] = ()
    ) -> tuple[Packed, ...]:
        """Parcels to be delivered now, those never tried first, then the oldest; none waits for another of them.

        A visit to the mailbox tries beside what is due what only the mailbox kept. `but` are left out.
        """
        due: ColumnElement[bool] = _due(now)
        here = and_(parcels.c.state == WAITING, parcels.c.channel == channel, parcels.c.id.not_in(but), *_FREE)
        which = and_(here, or_(due, parcels.c.at_visits) if visiting else due)
        rows = self._connection.execute(_PACKED.where(which).order_by(parcels.c.tries > 0, parcels.c.id).limit(limit))
        return tuple(Packed(**row._mapping) for row in rows)

    def channels(self, now: datetime) -> tuple[str, ...]:
        """The channels that have something to deliver now."""
        which = and_(parcels.c.state == WAITING, _due(now), *_FREE)
        return tuple(self._connection.scalars(select(parcels.c.channel).where(which).distinct().order_by("channel")))

    def waits(self, channel: str) -> bool:
        """Whether anything is to go over a channel, now or later."""
        here = select(parcels.c.id).where(parcels.c.state == WAITING, parcels.c.channel == channel).limit(1)
        return self._connection.scalar(here) is not None

    def faults(self, channel: str) -> tuple[str, ...]:
        """The codes of what keeps parcels of a channel from going."""
        here = and_(parcels.c.state == WAITING, parcels.c.channel == channel, parcels.c.fault.is_not(None))
        return tuple(self._connection.scalars(select(parcels.c.fault).where(here).distinct()))

    def attempted(self, page: Sequence[Attempt], now: datetime) -> None:
        """Deliveries of parcels; the documents of those that went become `delivered` or `sent` (unproven)."""
        if not page:
            return
        rows = [{"parcel_id": one.parcel_id, "at": now, "outcome": one.outcome, "fault": one.note} for one in page]
        self._connection.execute(insert(attempts), rows)
        for outcome, state in (("delivered", "delivered"), ("unproven", "sent")):
            self.went([one.parcel_id for one in page if one.outcome == outcome], state, now)
        for one in page:
            if one.outcome == "failed":
                self._failed(one)

    def went(self, parcel_ids: Sequence[int], state: str, now: datetime) -> None:
        """Parcels have gone, and with them their documents, whatever had been said of them meanwhile."""
        if parcel_ids:
            here = parcels.c.id.in_(parcel_ids)
            self._connection.execute(update(parcels).where(here).values(state=state, delivered_at=now, **_FRESH))
            self._tell(parcel_ids, state, only=("prepared", "sent", *ENDED))

    def rest(self, parcel_id: int, reason: str) -> None:
        """Parks a parcel: it stays until it is let go."""
        self._put(parcel_id, state=PARKED, reason=reason)

    def void(self, parcel_id: int, reason: str) -> None:
        """A parcel never goes, and its documents neither; its number is a gap."""
        self._put(parcel_id, **{**_FRESH, "state": "void", "reason": reason})
        self._tell([parcel_id], "void", but=(_CONFIRMED,))

    def due(self, parcel_id: int) -> None:
        """Lets a parcel be tried at once."""
        self._put(parcel_id, state=WAITING, next_try_at=None, reason=None)

    def redirect(self, agreement_id: int) -> None:
        """What has yet to go under an agreement goes over its channel; what came of it at another is of no account."""
        here = and_(parcels.c.agreement_id == agreement_id, parcels.c.state.in_(UNSENT))
        fresh = {name: value for name, value in _FRESH.items() if name != "reason"}
        self._connection.execute(update(parcels).where(here).values(channel=_CHANNEL, **fresh))

    def _order_number(self, label: Label) -> str | None:
        if label.order_id is None:
            return label.order_number
        number: str | None = self._connection.scalar(select(orders.c.number).where(orders.c.id == label.order_id))
        return number

    def _supersede(self, label: Label) -> None:
        """What waits and says less or older things of the same subject need not go any more."""
        same = and_(
            parcels.c.partnership_id == label.partnership_id, parcels.c.set == label.set,
            parcels.c.subject == label.subject, parcels.c.state.in_(UNSENT), parcels.c.delivered_at.is_(None),
        )
        old = self._connection.scalars(select(parcels.c.id).where(same)).all()
        if old:
            ended = update(parcels).where(parcels.c.id.in_(old))
            self._connection.execute(ended.values(**{**_FRESH, "state": "superseded"}))
            self._tell(old, "superseded", only=("prepared",))

    def _failed(self, one: Attempt) -> None:
        waits = and_(parcels.c.id == one.parcel_id, parcels.c.state == WAITING)
        self._connection.execute(update(parcels).where(waits).values(
            tries=parcels.c.tries + 1, next_try_at=one.next_try_at, at_visits=one.at_visits, fault=one.fault,
            begun=one.begun,
        ))

    def _put(self, parcel_id: int, **values: Any) -> None:
        self._connection.execute(update(parcels).where(parcels.c.id == parcel_id).values(**values))

    def _tell(
        self, parcel_ids: Sequence[int], state: str, only: Sequence[str] | None = None, but: Sequence[str] = ()
    ) -> None:
        which = [documents.c.parcel_id.in_(parcel_ids), documents.c.state.not_in(but)]
        if only is not None:
            which.append(documents.c.state.in_(only))
        self._connection.execute(update(documents).where(*which).values(state=state))


def _acknowledging(table: Table, receipt_id: int) -> Select[Any]:
    """The parcels with the acknowledgments of a receipt's groups or interchanges."""
    told = select(documents.c.parcel_id).join_from(table, documents, documents.c.id == table.c.acknowledgment_id)
    return told.where(table.c.receipt_id == receipt_id)


def ahead(of: FromClause, other: FromClause) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether another parcel must go before one: by its number, where they are strict, or by its turn in their order.

    The two never mix, so no parcel can wait for one that waits for it.
    """
    waits = other.c.state.in_(UNSENT)
    numbered = and_(of.c.strict, other.c.strict, other.c.scope == of.c.scope, other.c.id < of.c.id)
    sooner = or_(other.c.turn < of.c.turn, and_(other.c.turn == of.c.turn, other.c.id < of.c.id))
    of_order = and_(other.c.partnership_id == of.c.partnership_id, other.c.order_number == of.c.order_number)
    return and_(waits, numbered), and_(waits, not_(of.c.strict), not_(other.c.strict), of_order, sooner)


def _free() -> tuple[ColumnElement[bool], ...]:
    """That no parcel must go before."""
    other = parcels.alias("other")
    return tuple(~exists().where(which).correlate(parcels) for which in ahead(parcels, other))


def _due(now: datetime) -> ColumnElement[bool]:
    return or_(parcels.c.next_try_at.is_(None), parcels.c.next_try_at <= now)


_FREE = _free()
_PACKED = select(
    parcels.c.id, parcels.c.channel, parcels.c.name, parcels.c.digest, parcels.c.size_bytes,
    func.coalesce(parcels.c.set, "").label("set"), parcels.c.state, parcels.c.tries,
    agreements.c.name.label("partner"), parcels.c.order_number, parcels.c.begun,
).select_from(parcels.outerjoin(agreements, parcels.c.agreement_id == agreements.c.id))
