"""Control numbers, one sequence a scope."""

from sqlalchemy import Connection, insert, select, update

from edi_gateway.store import tables

LAST = 999_999_999


class Numbers:
    """Taken inside the unit that uses them: a unit that rolls back gives its numbers back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, scope: str) -> int:
        """The next number of a scope: 1 after 999999999."""
        last = self.last(scope)
        number = 1 if last is None or last >= LAST else last + 1
        self.set(scope, number)
        return number

    def last(self, scope: str) -> int | None:
        """The last number used, None where none was."""
        found: int | None = self._connection.scalar(
            select(tables.numbers.c.last).where(tables.numbers.c.scope == scope)
        )
        return found

    def set(self, scope: str, last: int) -> None:
        """Makes `last` the last number used."""
        changed = update(tables.numbers).where(tables.numbers.c.scope == scope).values(last=last)
        if self._connection.execute(changed).rowcount == 0:
            self._connection.execute(insert(tables.numbers).values(scope=scope, last=last))
