"""The database: steps, units, numbers, entries."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import IntegrityError

from edi_gateway.issues import GatewayError, exchange, settings
from edi_gateway.ledger.facts import Entry, Trouble
from edi_gateway.ports import Sighting
from edi_gateway.store import tables
from edi_gateway.store.migrate import migrate
from edi_gateway.store.sql import SqlStore
from edi_gateway.x12.numbers import LAST

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_the_steps_lead_to_the_tables_the_program_uses(store: SqlStore) -> None:
    with store.view() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []


def test_migrating_twice_changes_nothing(store: SqlStore) -> None:
    with store.unit() as unit:
        unit.numbers.take("a")
        migrate(unit.connection)
        assert unit.numbers.take("a") == 2


def test_a_database_of_a_newer_program_is_refused(store: SqlStore) -> None:
    with store.unit() as unit:
        unit.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(GatewayError) as raised, store.unit() as unit:
        migrate(unit.connection)
    assert raised.value.kind.code == "internal.database-newer"


def test_eight_threads_taking_control_numbers_get_distinct_ones(store: SqlStore) -> None:
    def take(_: int) -> int:
        with store.unit() as unit:
            return unit.numbers.take("ISA13 ZZ:US ZZ:THEM P")

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, range(400)))
    assert sorted(taken) == list(range(1, 401))


def test_a_unit_that_fails_gives_its_numbers_back(store: SqlStore) -> None:
    def fail() -> None:
        with store.unit() as unit:
            assert unit.numbers.take("a") == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.unit() as unit:
        assert unit.numbers.take("a") == 1


def test_a_savepoint_that_fails_gives_its_numbers_back_and_keeps_the_rest(store: SqlStore) -> None:
    with store.unit() as unit:
        unit.numbers.take("a")
        with suppress(ZeroDivisionError), unit.savepoint():
            unit.numbers.take("a")
            unit.numbers.take("b")
            raise ZeroDivisionError
        assert (unit.numbers.take("a"), unit.numbers.take("b")) == (2, 1)


def test_control_numbers_begin_again_after_nine_nines(store: SqlStore) -> None:
    with store.unit() as unit:
        unit.numbers.set("a", LAST - 1)
        assert (unit.numbers.take("a"), unit.numbers.take("a")) == (999_999_999, 1)


def test_an_entry_can_be_neither_changed_nor_removed(store: SqlStore) -> None:
    with store.unit() as unit:
        unit.books.write([Entry("order.placed", {"lines": 1})], None, None, NOW)
    for change in (update(tables.entries).values(kind="other"), delete(tables.entries)):
        with pytest.raises(IntegrityError, match="only ever added"), store.unit() as unit:
            unit.connection.execute(change)
    with store.view() as connection:
        assert connection.scalar(select(tables.entries.c.kind)) == "order.placed"


def test_a_reader_sees_what_was_committed_while_a_writer_writes(store: SqlStore) -> None:
    with store.unit() as unit:
        unit.numbers.take("a")
        with store.view() as connection:
            assert connection.scalar(select(func.count()).select_from(tables.numbers)) == 0


def test_prices_are_kept_to_the_last_digit(store: SqlStore) -> None:
    with store.unit() as unit:
        unit.prices.put("list", {("upc", "1"): (Decimal("0.10"), "USD"), ("upc", "2"): (Decimal("1E+3"), "USD")})
        unit.prices.put("list", {("upc", "1"): (Decimal("0.1000000000000001"), "USD")})
        found = [unit.prices.agreed("list", "upc", product) for product in ("1", "2", "3")]
    assert [price and str(price.price) for price in found] == ["0.1000000000000001", "1000", None]


def test_an_instant_without_a_zone_is_refused(store: SqlStore) -> None:
    with pytest.raises(Exception, match="has no zone"), store.unit() as unit:
        unit.inbox.admit("acme", Sighting("a.edi", 1, None), "00", "", datetime(2026, 1, 1))  # noqa: DTZ001


def test_one_cause_is_one_issue_that_counts(store: SqlStore) -> None:
    with store.unit() as unit:
        trouble = Trouble(exchange.WRITE_DENIED, "acme: deliver", "no", channel="acme")
        ids = {unit.desk.open(trouble, NOW) for _ in range(3)}
        rows = unit.connection.execute(select(tables.issues.c.id, tables.issues.c["count"])).all()
    assert [tuple(row) for row in rows] == [(*ids, 3)]


def test_an_issue_comes_anew_after_it_was_closed(store: SqlStore) -> None:
    with store.unit() as unit:
        trouble = Trouble(exchange.WRITE_DENIED, "acme: deliver", "no", channel="acme")
        first = unit.desk.open(trouble, NOW)
        unit.desk.close(exchange.WRITE_DENIED, "acme: deliver", NOW)
        assert unit.desk.open(trouble, NOW) != first


def test_what_shows_still_about_a_step_stays_open_and_all_else_about_it_is_closed(store: SqlStore) -> None:
    with store.unit() as unit:
        for what in (exchange.WRITE_DENIED, exchange.UNREACHABLE, settings.INVALID):
            unit.desk.open(Trouble(what, "acme: deliver", "no"), NOW)
        unit.desk.close_about("acme: deliver", NOW, ("exchange.unreachable",))
        open_kinds = unit.connection.scalars(select(tables.issues.c.kind).where(tables.issues.c.state == "open")).all()
    assert open_kinds == ["exchange.unreachable"]
