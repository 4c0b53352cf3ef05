"""Each step of the database keeps what the steps before it have stored."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from edi_gateway.store import migrations
from edi_gateway.store.migrate import migrate
from edi_gateway.store.sql import SqlStore

RECEIPT = """INSERT INTO receipts (id, digest, channel, name, size_bytes, rank, state, at)
    VALUES (1, 'd1', 'acme', 'a.edi', 3, '', 'done', '2026-03-02 09:30:00')"""
ARRIVAL = """INSERT INTO arrivals (receipt_id, channel, name, size_bytes, verdict, first_seen, last_seen, times_seen)
    VALUES (1, 'acme', 'a.edi', 3, 'new', '2026-03-02 09:30:00', '2026-03-02 09:30:00', 1)"""


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
