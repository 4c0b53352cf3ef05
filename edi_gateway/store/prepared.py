"""Statements put into the database's words once, for what is asked of it for every file.

SQLAlchemy builds a statement anew each time it is written down, which takes many times as long as SQLite needs to
answer it. These are written and translated once for each kind of database, and then only filled in.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Table, Update, bindparam, insert, update

Convert = Callable[[Any], Any] | None


class _Words(NamedTuple):
    """A statement in a dialect: its text, how each value is put in its place, and how a row is read."""

    text: str
    places: Sequence[tuple[str, Any, Convert]]
    positional: bool
    row: Any
    reads: Sequence[tuple[int, Callable[[Any], Any]]]


class Prepared:
    """One statement, with a `bindparam` for whatever differs from time to time; lists cannot be bound."""

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        self._statement = statement
        self._words: dict[str, _Words] = {}

    def rows(self, connection: Connection, **values: Any) -> list[Any]:
        """The rows found, each a named tuple of its columns."""
        cursor, words = self._run(connection, values)
        found = cursor.fetchall()
        cursor.close()
        if not words.reads:
            return [words.row(*row) for row in found]
        return [words.row(*_read(row, words.reads)) for row in found]

    def row(self, connection: Connection, **values: Any) -> Any:
        """The first row, None where none is found."""
        found = self.rows(connection, **values)
        return found[0] if found else None

    def scalar(self, connection: Connection, **values: Any) -> Any:
        """The first value of the first row, None where none is found."""
        found = self.rows(connection, **values)
        return found[0][0] if found else None

    def run(self, connection: Connection, **values: Any) -> int:
        """Changes rows. Returns how many."""
        cursor, _ = self._run(connection, values)
        changed: int = cursor.rowcount
        cursor.close()
        return changed

    def _run(self, connection: Connection, values: Mapping[str, Any]) -> tuple[Any, _Words]:
        words, get = self._words.get(connection.dialect.name) or self._translate(connection.dialect), values.get
        bound = [
            get(name, fixed) if convert is None else convert(get(name, fixed)) for name, fixed, convert in words.places
        ]
        if not connection.in_transaction():
            connection.begin()
        cursor = connection.connection.cursor()
        named = (name for name, _, _ in words.places)
        cursor.execute(words.text, bound if words.positional else dict(zip(named, bound, strict=True)))
        return cursor, words

    def _translate(self, dialect: Dialect) -> _Words:
        compiled: Any = self._statement.compile(dialect=dialect)
        named = {name: bind for bind, name in compiled.bind_names.items()}
        assert not any(bind.expanding for bind in named.values()), f"a list is bound in {compiled}"
        columns = self._told()
        types = enumerate(column.type.dialect_impl(dialect) for column in columns)
        reads = [(at, each.result_processor(dialect, None)) for at, each in types]
        words = _Words(
            str(compiled),
            [(name, named[name].value, _binding(named[name], dialect)) for name in compiled.positiontup or named],
            compiled.positional, namedtuple("Row", [column.key for column in columns]),  # noqa: PYI024
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
    found: int = _adding(table, tuple(values)).scalar(connection, **values)
    return found


def change(connection: Connection, table: Table, where: Mapping[str, Any], values: Mapping[str, Any]) -> int:
    """Changes the rows in which the columns of `where` hold its values, none of them None. Returns how many."""
    known = {f"where_{name}": value for name, value in where.items()}
    return _changing(table, tuple(where), tuple(values)).run(connection, **known, **values)


@lru_cache(maxsize=500)
def _adding(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(insert(table).values({name: bindparam(name) for name in names}).returning(table.c.id))


@lru_cache(maxsize=500)
def _changing(table: Table, where: tuple[str, ...], names: tuple[str, ...]) -> Prepared:
    here = [table.c[name] == bindparam(f"where_{name}") for name in where]
    return Prepared(update(table).where(*here).values({name: bindparam(name) for name in names}))


def _binding(bind: Any, dialect: Dialect) -> Convert:
    found: Convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
    return found


def _read(row: Sequence[Any], reads: Sequence[tuple[int, Callable[[Any], Any]]]) -> Sequence[Any]:
    values = list(row)
    for at, read in reads:
        values[at] = read(values[at])
    return values
