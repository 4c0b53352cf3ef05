"""The documents of ours that a partner's word can be about."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select

from edi_gateway.ledger.facts import SentDocument
from edi_gateway.ports import Agreement
from edi_gateway.store.tables import attempts, documents, entries, orders, parcels

_FAILED = "failed"
_ORDER = "order"
_WITH_ORDERS = documents.outerjoin(orders, documents.c.order_id == orders.c.id)


class Sent:
    """What went to a partner, as tests or as production: a word on the one never speaks of the other."""

    def __init__(self, connection: Connection, agreement: Agreement, test: bool) -> None:
        self._connection = connection
        self._agreement = agreement
        self._test = test

    @cached_property
    def _pair(self) -> ColumnElement[bool]:
        return and_(
            documents.c.direction == "out", documents.c.test == self._test,
            documents.c.sender == str(self._agreement.ours), documents.c.receiver == str(self._agreement.theirs),
        )

    @cached_property
    def _ours(self) -> ColumnElement[bool]:
        return and_(self._pair, documents.c.agreement_id == self._agreement.id)

    def in_group(self, code: str, control: str) -> tuple[SentDocument, ...]:
        """Those of the last group with that number: an old one of the same number has had its word long ago."""
        here = and_(self._ours, documents.c.group_code == code, documents.c.group_control == control)
        return self._last(here)

    def in_interchange(self, number: str) -> tuple[SentDocument, ...]:
        """Those in every interchange of that number, whatever agreement of the pair they went under."""
        return self._found(and_(self._pair, documents.c.interchange_control == number.zfill(9)))

    def advised(
        self, set_id: str, group: str, control: str, noun: str, number: str
    ) -> tuple[SentDocument, ...]:
        """The last that has these numbers; where none has, the last that is such a noun, or of such an order.

        Control numbers come without the zeros before them.
        """
        kind: list[ColumnElement[bool]] = [documents.c.set == set_id] if set_id else []
        if group and control:
            same = documents.c.group_control == group, func.ltrim(documents.c.set_control, "0") == control
            if found := self._last(and_(self._ours, *same, *kind)):
                return found
        named = and_(documents.c.noun == noun, documents.c.body["number"].as_string() == number)
        return self._last(and_(self._ours, or_(named, _of_order(noun, number)), *kind))[-1:]

    def _last(self, which: ColumnElement[bool]) -> tuple[SentDocument, ...]:
        last = self._connection.scalar(select(func.max(documents.c.parcel_id)).select_from(_WITH_ORDERS).where(which))
        return () if last is None else self._found(and_(which, documents.c.parcel_id == last))

    def _found(self, which: ColumnElement[bool]) -> tuple[SentDocument, ...]:
        rows = self._connection.execute(
            select(documents.c.id, documents.c.set, documents.c.set_control, documents.c.state, documents.c.at,
                   documents.c.parcel_id, parcels.c.delivered_at, orders.c.number, orders.c.release)
            .select_from(_WITH_ORDERS.outerjoin(parcels, documents.c.parcel_id == parcels.c.id))
            .where(which).order_by(documents.c.id)
        ).all()
        copies, words = self._copies([row.parcel_id for row in rows]), self._words([row.id for row in rows])
        return tuple(
            SentDocument(
                row.id, row.set, row.set_control, row.state, (row.number, row.release) if row.number else None,
                row.at, row.delivered_at, copies.get(row.parcel_id, 0), tuple(words[row.id]),
            )
            for row in rows
        )

    def _copies(self, parcel_ids: Sequence[int]) -> dict[int, int]:
        """How often each parcel went, counting the times whose end we could not see."""
        went = and_(attempts.c.parcel_id.in_(parcel_ids), attempts.c.outcome != _FAILED)
        counted = select(attempts.c.parcel_id, func.count().label("times")).where(went).group_by(attempts.c.parcel_id)
        return {row.parcel_id: row.times for row in self._connection.execute(counted)}

    def _words(self, document_ids: Sequence[int]) -> dict[int, list[str]]:
        said: dict[int, list[str]] = defaultdict(list)
        about = select(entries.c.document_id, entries.c.kind).where(entries.c.document_id.in_(document_ids))
        for row in self._connection.execute(about.order_by(entries.c.id)):
            said[row.document_id].append(row.kind)
        return said


def _of_order(noun: str, number: str) -> ColumnElement[bool]:
    """Where a partner names their order, what was sent for it is meant."""
    return orders.c.number == number if noun == _ORDER else false()
