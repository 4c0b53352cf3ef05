"""Control numbers, one sequence a scope: ours, which are taken, and the partners', which come."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, and_, bindparam, case, delete, insert, select, update
from sqlalchemy.dialects import postgresql

from edi_gateway.store import tables
from edi_gateway.store.prepared import Prepared, change
from edi_gateway.store.tables import inbound_numbers, missing_numbers
from edi_gateway.x12.numbers import HALF_A_ROUND, LAST, ahead, between

FAR = 1_000
"""A count that stands so far behind, and goes on from there, was begun anew."""

_LAST = Prepared(select(tables.numbers.c.last).where(tables.numbers.c.scope == bindparam("named")))
_COUNTED = Prepared(select(inbound_numbers).where(inbound_numbers.c.scope == bindparam("named")))
_COUNT = Prepared(
    update(inbound_numbers).values(last=bindparam("number"), behind=None)
    .where(inbound_numbers.c.scope == bindparam("named"), inbound_numbers.c.last == bindparam("before"))
)
"""Counts a number that follows the last one, as nearly every one does."""
_NEXT = case((tables.numbers.c.last >= LAST, 1), else_=tables.numbers.c.last + 1)
_TAKE = Prepared(
    postgresql.insert(tables.numbers).values(scope=bindparam("scope"), last=1)
    .on_conflict_do_update(index_elements=["scope"], set_={"last": _NEXT}).returning(tables.numbers.c.last)
)


class Numbers:
    """Taken inside the unit that uses them: a unit that rolls back gives its numbers back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, scope: str) -> int:
        """The next number of a scope: 1 after 999999999."""
        number: int = _TAKE.scalar(self._connection, scope=scope)
        return number

    def last(self, scope: str) -> int | None:
        """The last number used, None where none was."""
        found: int | None = _LAST.scalar(self._connection, named=scope)
        return found

    def set(self, scope: str, last: int) -> None:
        """Makes `last` the last number used."""
        if change(self._connection, tables.numbers, {"scope": scope}, {"last": last}) == 0:
            self._connection.execute(insert(tables.numbers).values(scope=scope, last=last))

    def scopes(self) -> tuple[str, ...]:
        """Every scope in which a number was used."""
        return tuple(self._connection.scalars(select(tables.numbers.c.scope).order_by(tables.numbers.c.scope)))

    def came(self, scope: str, number: int, now: datetime) -> Literal["next", "ahead", "late", "known"]:
        """Counts a number that a partner has sent, from 1 to 999999999 and round again.

        Nothing is missing before the first that was counted. A number more than half the circle ahead is one that
        comes from behind; two of them in order, far behind, are a partner who counts anew.
        """
        if _COUNT.run(self._connection, named=scope, number=number, before=number - 1):
            return "next"
        row = _COUNTED.row(self._connection, named=scope)
        if row is None:
            begun = {"scope": scope, "first": number, "last": number, "at": now}
            self._connection.execute(insert(inbound_numbers).values(begun))
            return "next"
        steps = ahead(row.last, number)
        if steps == 0:
            return "known"
        if steps <= HALF_A_ROUND:
            self._keep(scope, last=number, behind=None)
            for first, last in between(row.last, number):
                gap = {"scope": scope, "first": first, "last": last, "at": now}
                self._connection.execute(insert(missing_numbers).values(gap))
            return "next" if steps == 1 else "ahead"
        return "late" if self._close(scope, number) else self._behind(row, number)

    def missing(self, scope: str) -> tuple[tuple[int, int], ...]:
        """What the partner has passed over and not sent since: first and last of each gap, oldest first."""
        gaps = select(missing_numbers).where(missing_numbers.c.scope == scope).order_by(missing_numbers.c.id)
        return tuple((row.first, row.last) for row in self._connection.execute(gaps))

    def forget_missing(self, scope: str) -> int:
        """What is missing will not come. Returns how many gaps there were."""
        return self._connection.execute(delete(missing_numbers).where(missing_numbers.c.scope == scope)).rowcount

    def scopes_missing(self) -> tuple[str, ...]:
        """The scopes in which something is missing."""
        return tuple(self._connection.scalars(select(missing_numbers.c.scope).distinct()))

    def _close(self, scope: str, number: int) -> bool:
        """Takes a number out of the gap it belongs to; says whether there was one."""
        here = and_(missing_numbers.c.scope == scope, missing_numbers.c.first <= number,
                    missing_numbers.c.last >= number)
        gap = self._connection.execute(select(missing_numbers).where(here).limit(1)).one_or_none()
        if gap is None:
            return False
        self._connection.execute(delete(missing_numbers).where(missing_numbers.c.id == gap.id))
        for first, last in ((gap.first, number - 1), (number + 1, gap.last)):
            if first <= last:
                rest = {"scope": scope, "first": first, "last": last, "at": gap.at}
                self._connection.execute(insert(missing_numbers).values(rest))
        return True

    def _behind(self, row: Any, number: int) -> Literal["known"]:
        goes_on = row.behind is not None and ahead(row.behind, number) == 1
        if goes_on and ahead(number, row.last) > FAR:
            self._keep(row.scope, first=row.behind, last=number, behind=None)
        else:
            self._keep(row.scope, behind=number)
        return "known"

    def _keep(self, scope: str, **values: int | None) -> None:
        change(self._connection, inbound_numbers, {"scope": scope}, values)
