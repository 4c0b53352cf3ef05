"""Statements put into the database's words once, for what is asked of it for every file.

SQLAlchemy builds a statement anew each time it is written down, which takes many times as long as SQLite needs to
answer it. These are written and translated once for each kind of database, and then only filled in.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Table, Update, bindparam, insert, update
from sqlalchemy.dialects import postgresql

from edi_gateway.store.tables import Instant

Convert = Callable[[Any], Any] | None


class _Words(NamedTuple):
    """A statement in a dialect: its text, how its values are put in their places, and how a row is read."""

    text: str
    bind: Callable[[Mapping[str, Any]], Any]
    row: Any
    reads: Sequence[tuple[int, Callable[[Any], Any]]]


class Prepared:
    """One statement, with a `bindparam` for whatever differs from time to time; lists cannot be bound."""

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        self._statement = statement
        self._words: dict[str, _Words] = {}

    def rows(self, connection: Connection, **values: Any) -> list[Any]:
        """The rows found, each a named tuple of its columns."""
        found, words = self.found(connection, values)
        return [words.row(*row) for row in found]

    def row(self, connection: Connection, **values: Any) -> Any:
        """The first row, None where none is found."""
        found, words = self.found(connection, values)
        return words.row(*found[0]) if found else None

    def scalar(self, connection: Connection, **values: Any) -> Any:
        """The first value of the first row, None where none is found."""
        found, _ = self.found(connection, values)
        return found[0][0] if found else None

    def run(self, connection: Connection, **values: Any) -> int:
        """Changes rows. Returns how many."""
        words = self._words.get(connection.dialect.name) or self._translate(connection.dialect)
        cursor = _cursor(connection)
        cursor.execute(words.text, words.bind(values))
        changed: int = cursor.rowcount
        cursor.close()
        return changed

    def run_each(self, connection: Connection, each: Sequence[Mapping[str, Any]]) -> None:
        """Changes rows once for each of these values."""
        words = self._words.get(connection.dialect.name) or self._translate(connection.dialect)
        cursor = _cursor(connection)
        cursor.executemany(words.text, [words.bind(values) for values in each])
        cursor.close()

    def found(self, connection: Connection, values: Mapping[str, Any]) -> tuple[Sequence[Sequence[Any]], _Words]:
        """The rows found as they are, and what makes named tuples of them."""
        words = self._words.get(connection.dialect.name) or self._translate(connection.dialect)
        cursor = _cursor(connection)
        cursor.execute(words.text, words.bind(values))
        found = cursor.fetchall()
        cursor.close()
        return [_read(row, words.reads) for row in found] if words.reads else found, words

    def _translate(self, dialect: Dialect) -> _Words:
        compiled: Any = self._statement.compile(dialect=dialect)
        named = {name: bind for bind, name in compiled.bind_names.items()}
        assert not any(bind.expanding for bind in named.values()), f"a list is bound in {compiled}"
        columns = self._told()
        types = enumerate(column.type.dialect_impl(dialect) for column in columns)
        reads = [(at, each.result_processor(dialect, None)) for at, each in types]
        words = _Words(
            str(compiled), _binder(named, compiled.positiontup, dialect),
            namedtuple("Row", [column.key for column in columns]),  # noqa: PYI024
            [(at, read) for at, read in reads if read is not None],
        )
        self._words[dialect.name] = words
        return words

    def _told(self) -> Sequence[Any]:
        if isinstance(self._statement, Select):
            return tuple(self._statement.selected_columns)
        return tuple(self._statement.exported_columns) if self._statement._returning else ()


def add(connection: Connection, table: Table, values: Mapping[str, Any]) -> int:
    """Adds a row to a table that has ids, and returns the row's."""
    (found,), _ = _adding(table, tuple(values)).found(connection, values)
    return int(found[0])


def add_each(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds rows that all tell of the same columns."""
    if rows:
        _putting(table, tuple(rows[0])).run_each(connection, rows)


def put(connection: Connection, table: Table, where: Mapping[str, Any], values: Mapping[str, Any]) -> int:
    """Adds a row, or changes the one in which the columns of `where`, unique together, hold its values.

    Returns the row's id.
    """
    (found,), _ = _renewing(table, tuple(where), tuple(values)).found(connection, {**where, **values})
    return int(found[0])


def change(connection: Connection, table: Table, where: Mapping[str, Any], values: Mapping[str, Any]) -> int:
    """Changes the rows in which the columns of `where` hold its values, none of them None. Returns how many."""
    known = {f"where_{name}": value for name, value in where.items()}
    return _changing(table, tuple(where), tuple(values)).run(connection, **known, **values)


@lru_cache(maxsize=500)
def _adding(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(insert(table).values({name: bindparam(name) for name in names}).returning(table.c.id))


@lru_cache(maxsize=500)
def _putting(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(insert(table).values({name: bindparam(name) for name in names}))


@lru_cache(maxsize=500)
def _renewing(table: Table, where: tuple[str, ...], names: tuple[str, ...]) -> Prepared:
    # SQLite says it in the same words.
    adding = postgresql.insert(table).values({name: bindparam(name) for name in (*where, *names)})
    values = {name: adding.excluded[name] for name in names}
    return Prepared(adding.on_conflict_do_update(index_elements=where, set_=values).returning(table.c.id))


@lru_cache(maxsize=500)
def _changing(table: Table, where: tuple[str, ...], names: tuple[str, ...]) -> Prepared:
    here = [table.c[name] == bindparam(f"where_{name}") for name in where]
    return Prepared(update(table).where(*here).values({name: bindparam(name) for name in names}))


def _cursor(connection: Connection) -> Any:
    if not connection.in_transaction():
        connection.begin()
    return connection.connection.cursor()


def _binder(
    named: Mapping[str, Any], places: Sequence[str] | None, dialect: Dialect
) -> Callable[[Mapping[str, Any]], Any]:
    """What makes of values by name those that the database takes: in order of their places, or by name again."""
    fixed = {name: bind.value for name, bind in named.items() if not bind.required}
    names = tuple(places if places is not None else named)
    converts = [(at, convert) for at, name in enumerate(names) if (convert := _binding(named[name], dialect))]
    pick = itemgetter(*names) if len(names) > 1 else lambda values: tuple(values[name] for name in names)

    def bound(values: Mapping[str, Any]) -> Any:
        taken = pick({**fixed, **values} if fixed else values)
        if converts:
            taken = list(taken)
            for at, convert in converts:
                taken[at] = convert(taken[at])
        return taken if places is not None else dict(zip(names, taken, strict=True))

    return bound


def _binding(bind: Any, dialect: Dialect) -> Convert:
    if isinstance(bind.type, Instant):
        return _dating(dialect)
    found: Convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
    return found


@lru_cache(maxsize=10)
def _dating(dialect: Dialect) -> Convert:
    """Puts instants into the database's words. All that is said in one commit is dated alike."""
    found: Convert = Instant().dialect_impl(dialect).bind_processor(dialect)
    return None if found is None else lru_cache(maxsize=100)(found)


def _read(row: Sequence[Any], reads: Sequence[tuple[int, Callable[[Any], Any]]]) -> Sequence[Any]:
    values = list(row)
    for at, read in reads:
        values[at] = read(values[at])
    return values
