"""Each step of the database keeps what the steps before it have stored."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from edi_gateway.ports import GroupNumber, InterchangeNumber, Sighting
from edi_gateway.store import migrations
from edi_gateway.store.migrate import migrate
from edi_gateway.store.sql import SqlStore

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
RECEIPT = """INSERT INTO receipts (id, digest, channel, name, size_bytes, rank, state, at)
    VALUES (1, 'd1', 'acme', 'a.edi', 3, '', 'done', '2026-03-02 09:30:00')"""
ARRIVAL = """INSERT INTO arrivals (receipt_id, channel, name, size_bytes, verdict, first_seen, last_seen, times_seen)
    VALUES (1, 'acme', 'a.edi', 3, 'new', '2026-03-02 09:30:00', '2026-03-02 09:30:00', 1)"""

AGREEMENT = """INSERT INTO agreements (id, name, ours, theirs, our_group, their_group, usage, partner, channel)
    VALUES (7, 'acme', 'ZZ:SELLER', 'ZZ:ACME', 'SELLER', 'ACME', 'both', '', 'acme')"""
DOCUMENT = """INSERT INTO documents (direction, "set", version, state, channel, file, sender, receiver, group_sender,
    group_receiver, interchange_control, group_code, group_control, set_control, test, agreement_id, receipt_id,
    interchange_ordinal, group_ordinal, set_ordinal, findings, at) VALUES ('in', '850', '004010', 'answered', 'acme',
    'a.edi', 'ZZ:ACME', 'ZZ:SELLER', 'ACME', 'SELLER', '000000001', 'PO', '0005', '0001', 0, 7, 1, 1, 1, 1, '[]',
    '2026-03-02 09:30:00')"""
GROUP = """INSERT INTO groups (receipt_id, interchange_ordinal, group_ordinal, verdict, at)
    VALUES (1, 1, 1, 'A', '2026-03-02 09:30:00')"""
INTERCHANGE = """INSERT INTO interchanges (receipt_id, interchange_ordinal, verdict, at)
    VALUES (1, 1, 'A', '2026-03-02 09:30:00')"""


def to(store: SqlStore, step: str) -> None:
    """Takes the steps up to that one."""
    with store.unit() as unit:
        config = Config()
        config.set_main_option("script_location", str(Path(next(iter(migrations.__path__)))))
        config.attributes["connection"] = unit.connection
        command.upgrade(config, step)


def test_arrivals_stay_when_files_without_a_receipt_become_possible(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path / 'gateway.sqlite'}")
    to(store, "0001")
    with store.unit() as unit:
        for row in (RECEIPT, ARRIVAL):
            unit.connection.execute(text(row))
        migrate(unit.connection)
    with store.view() as connection:
        assert connection.execute(text("SELECT receipt_id, name, verdict FROM arrivals")).all() == [(1, "a.edi", "new")]
        assert connection.scalar(text("PRAGMA foreign_key_check")) is None
    store.close()


def test_the_numbers_of_what_was_judged_before_count_as_used(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path / 'gateway.sqlite'}")
    to(store, "0004")
    with store.unit() as unit:
        for row in (RECEIPT.replace("(id, digest", "(id, key"), AGREEMENT, DOCUMENT, GROUP, INTERCHANGE):
            unit.connection.execute(text(row))
        migrate(unit.connection)
    with store.unit() as unit:
        one = InterchangeNumber("ZZ:ACME", "ZZ:SELLER", "1", 1, False, "2603010930", "d9")
        assert [used.file for used in unit.repeats.interchanges_of(2, 1, one)] == ["a.edi"]
        group = GroupNumber(7, "PO", "ACME", "SELLER", "5", 5, False)
        assert [used.receipt_id for used in unit.repeats.groups_of(2, 1, group, NOW - timedelta(1))] == [1]
    store.close()


def test_receipts_keep_their_bytes_when_they_may_be_run_more_than_once(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path / 'gateway.sqlite'}")
    to(store, "0003")
    with store.unit() as unit:
        for row in (RECEIPT, ARRIVAL):
            unit.connection.execute(text(row))
        migrate(unit.connection)
    with store.unit() as unit:
        assert unit.inbox.admit("acme", Sighting("b.edi", 3, None), "d1", "", NOW).verdict == "duplicate"
        again = unit.inbox.run_again(1, NOW)
        assert (again and again.digest, [file.sighting.claimed for file in unit.inbox.lying("acme")]) == (
            "d1", [False, False],
        )
    with store.view() as connection:
        assert connection.scalar(text("PRAGMA foreign_key_check")) is None
    store.close()
