"""What has come under which numbers, and what of it was a repetition."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, case, func, select, update

from edi_gateway.ports import GroupNumber, InterchangeNumber, Used
from edi_gateway.store.prepared import Prepared
from edi_gateway.store.tables import documents, groups, interchanges, orders, parcels, receipts

_LOOKED_AT_MAX = 100
_TAKEN = (groups.c.state != "repeated", groups.c.verdict != "R")
"""Which groups have used their numbers."""


class Repeats:
    """The numbers of interchanges and groups received, each with what became of it.

    A state is empty where it was taken, `copy` or `repeated` where it was not, `released` once a person wants it run
    nevertheless, and `taken` when that is done. What was refused has not used its number.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def interchange(self, receipt_id: int, ordinal: int) -> str | None:
        """The state of an interchange, None while it has had no verdict."""
        found: str | None = _OUTER.scalar(self._connection, receipt=receipt_id, interchange=ordinal)
        return found

    def group(self, receipt_id: int, interchange: int, ordinal: int) -> str | None:
        """The same of a group."""
        here = {"receipt": receipt_id, "interchange": interchange, "group": ordinal}
        found: str | None = _INNER.scalar(self._connection, **here)
        return found

    def interchanges_of(self, receipt_id: int, ordinal: int, one: InterchangeNumber) -> Sequence[Used]:
        """Other interchanges of that number that were taken: those of the very same bytes first, then the newest."""
        same = {
            "sender": one.sender, "receiver": one.receiver, "test": one.test, "number": one.number,
            "same_digest": one.digest,
        }
        return self._used(_INTERCHANGES, same, receipt_id, ordinal)

    def refused_of(self, one: InterchangeNumber) -> Sequence[tuple[int, int, datetime, str | None]]:
        """Interchanges of that number that were refused: receipt, ordinal, when, and their date and time as sent."""
        same = {"sender": one.sender, "receiver": one.receiver, "test": one.test, "number": one.number}
        rows = _REFUSED.rows(self._connection, **same)
        return [(row.receipt_id, row.interchange_ordinal, row.at, row.written) for row in rows]

    def refused_groups_of(self, one: GroupNumber, since: datetime) -> Sequence[tuple[int, int, int]]:
        """Groups of that number that were rejected as a whole since then: receipt, interchange, and group."""
        rows = _REFUSED_GROUPS.rows(self._connection, **_same_group(one, since))
        return [(row.receipt_id, row.interchange_ordinal, row.group_ordinal) for row in rows]

    def groups_of(self, receipt_id: int, interchange: int, one: GroupNumber, since: datetime) -> Sequence[Used]:
        """The groups of that number that were taken since then in other interchanges, newest first."""
        return self._used(_GROUPS, _same_group(one, since), receipt_id, interchange)

    def highest_interchange_since(self, id: int, one: InterchangeNumber) -> int:
        """The highest number that was taken after the interchange of that id; 0 where none was."""
        later = and_(_pair(one), interchanges.c.id > id, interchanges.c.verdict != "R")
        return self._connection.scalar(select(func.max(interchanges.c.number)).where(later)) or 0

    def highest_group_since(self, id: int, one: GroupNumber) -> int:
        """The same of groups."""
        later = and_(_kind(one), groups.c.id > id, *_TAKEN)
        return self._connection.scalar(select(func.max(groups.c.number)).where(later)) or 0

    def earlier(self, receipt_id: int, interchange: int, group: int | None = None) -> int | None:
        """The receipt whose interchange or group a refused one repeats; None where it repeats none."""
        table = interchanges if group is None else groups
        here = outer(receipt_id, interchange) if group is None else inner(receipt_id, interchange, group)
        found: int | None = self._connection.scalar(
            select(table.c.repeats_receipt_id).where(here, table.c.state.in_(("copy", "repeated")))
        )
        return found

    def release(self, receipt_id: int, interchange: int, group: int | None = None) -> None:
        """Lets a refused interchange or group be run as if its number were new; its documents are held until then."""
        table = interchanges if group is None else groups
        here = outer(receipt_id, interchange) if group is None else inner(receipt_id, interchange, group)
        self._connection.execute(update(table).where(here).values(state="released"))
        inside = [documents.c.receipt_id == receipt_id, documents.c.interchange_ordinal == interchange]
        if group is not None:
            inside.append(documents.c.group_ordinal == group)
        refused = and_(*inside, documents.c.state == "duplicate", documents.c.repeats.is_(None))
        self._connection.execute(update(documents).where(refused).values(state="held"))

    def document(self, document_id: int, verdict: str, earlier_id: int | None) -> None:
        """A document says what another one says: `equal` or `changed`."""
        said = {"repeats": verdict, "repeats_id": earlier_id}
        self._connection.execute(update(documents).where(documents.c.id == document_id).values(said))

    def of_document(self, document_id: int) -> tuple[str, int | None, str | None] | None:
        """How a document repeats another one, the other's id, and the number of the order that it names."""
        row = self._connection.execute(
            select(documents.c.repeats, documents.c.repeats_id, orders.c.number)
            .outerjoin(orders, documents.c.order_id == orders.c.id).where(documents.c.id == document_id)
        ).one_or_none()
        return None if row is None or row.repeats is None else (row.repeats, row.repeats_id, row.number)

    def parcels_of_order(self, document_id: int, noun: str) -> Sequence[int]:
        """The last parcel in which a noun of ours went for the order of a document."""
        order_id = select(documents.c.order_id).where(documents.c.id == document_id).scalar_subquery()
        told = select(parcels.c.id).join(documents, documents.c.parcel_id == parcels.c.id)
        told = told.where(documents.c.order_id == order_id, documents.c.direction == "out", documents.c.noun == noun)
        return self._connection.scalars(told.order_by(documents.c.id.desc()).limit(1)).all()

    def receipt_of(self, document_id: int) -> int | None:
        """The receipt that a document came in."""
        found: int | None = self._connection.scalar(
            select(documents.c.receipt_id).where(documents.c.id == document_id)
        )
        return found

    def _used(self, question: Prepared, same: Mapping[str, Any], receipt_id: int, interchange: int) -> Sequence[Used]:
        rows = question.rows(self._connection, **same)
        others = (row for row in rows if (row.receipt_id, row.interchange_ordinal) != (receipt_id, interchange))
        return tuple(
            Used(row.id, row.receipt_id, row.file, row.at, getattr(row, "written", None), getattr(row, "digest", None))
            for row in others
        )


def outer(receipt_id: Any, ordinal: Any) -> Any:
    """Which interchange is meant."""
    return and_(interchanges.c.receipt_id == receipt_id, interchanges.c.interchange_ordinal == ordinal)


def inner(receipt_id: Any, interchange: Any, ordinal: Any) -> Any:
    """Which group is meant."""
    return and_(
        groups.c.receipt_id == receipt_id, groups.c.interchange_ordinal == interchange,
        groups.c.group_ordinal == ordinal,
    )


def _pair(one: InterchangeNumber) -> Any:
    return and_(
        interchanges.c.sender == one.sender, interchanges.c.receiver == one.receiver, interchanges.c.test == one.test
    )


def _kind(one: GroupNumber) -> Any:
    return and_(
        groups.c.agreement_id == one.agreement_id, groups.c.code == one.code, groups.c.sender == one.sender,
        groups.c.receiver == one.receiver, groups.c.test == one.test,
    )


def _same_group(one: GroupNumber, since: datetime) -> dict[str, Any]:
    return {
        "agreement": one.agreement_id, "code": one.code, "sender": one.sender, "receiver": one.receiver,
        "test": one.test, "number": one.number, "since": since,
    }


def _using(table: Table, *same: ColumnElement[bool], first: Sequence[ColumnElement[int]] = ()) -> Prepared:
    """What was received under the same number, the newest first."""
    question = select(table, receipts.c.name.label("file")).join(receipts, table.c.receipt_id == receipts.c.id)
    return Prepared(question.where(*same).order_by(*first, table.c.id.desc()).limit(_LOOKED_AT_MAX))


_OUTER = Prepared(select(interchanges.c.state).where(outer(bindparam("receipt"), bindparam("interchange"))))
_INNER = Prepared(
    select(groups.c.state).where(inner(bindparam("receipt"), bindparam("interchange"), bindparam("group")))
)
_INTERCHANGES = _using(
    interchanges, interchanges.c.sender == bindparam("sender"), interchanges.c.receiver == bindparam("receiver"),
    interchanges.c.test == bindparam("test"), interchanges.c.verdict != "R",
    interchanges.c.number == bindparam("number"),
    first=(case((interchanges.c.digest == bindparam("same_digest"), 0), else_=1),),
)
_REFUSED = Prepared(
    select(interchanges.c.receipt_id, interchanges.c.interchange_ordinal, interchanges.c.at, interchanges.c.written)
    .where(
        interchanges.c.sender == bindparam("sender"), interchanges.c.receiver == bindparam("receiver"),
        interchanges.c.test == bindparam("test"), interchanges.c.verdict == "R",
        interchanges.c.number == bindparam("number"), interchanges.c.state == "",
    ).order_by(interchanges.c.id.desc()).limit(_LOOKED_AT_MAX)
)
_SAME_GROUP = (
    groups.c.agreement_id == bindparam("agreement"), groups.c.code == bindparam("code"),
    groups.c.sender == bindparam("sender"), groups.c.receiver == bindparam("receiver"),
    groups.c.test == bindparam("test"), groups.c.number == bindparam("number"), groups.c.at >= bindparam("since"),
)
_GROUPS = _using(groups, *_SAME_GROUP, *_TAKEN)
_REFUSED_GROUPS = Prepared(
    select(groups.c.receipt_id, groups.c.interchange_ordinal, groups.c.group_ordinal)
    .where(*_SAME_GROUP, groups.c.verdict == "R", groups.c.state != "repeated")
    .order_by(groups.c.id.desc()).limit(_LOOKED_AT_MAX)
)
