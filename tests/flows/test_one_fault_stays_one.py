"""A fault holds what it concerns and nothing else; a fault of the house itself holds nothing for good."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from edi_gateway import mapping
from edi_gateway.flows import admitting, collecting, desk, inbound, judging, rounds, working
from edi_gateway.flows.house import Stopped
from edi_gateway.flows.turns import Turns
from edi_gateway.ports import Receipt
from edi_gateway.store.sql import SqlStore
from edi_gateway.wiring import open_house
from tests.flows.stage import Stage, envelope, order


def only_issue(stage: Stage) -> int:
    ((issue,),) = stage.ask("SELECT id FROM issues WHERE state = 'open'")
    return int(issue)


def breaking(real: Any, breaks: Any) -> Any:
    def faulty(*given: Any) -> Any:
        if breaks(*given):
            raise ZeroDivisionError("a bug")
        return real(*given)

    return faulty


def says_po_2(tree: Any, _map: Any) -> bool:
    return any("PO-2" in segment for segment in tree.segments)


def test_a_bug_in_reading_one_set_holds_that_set_only(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.known()
    stage.drop("orders.edi", envelope(order("PO-1"), order("PO-2", control="0002"), order("PO-3", control="0003")))
    with monkeypatch.context() as broken:
        broken.setattr(mapping, "to_canonical", breaking(mapping.to_canonical, says_po_2))
        stage.turn()
    assert [number for number, _ in stage.orders()] == ["PO-1", "PO-3"]
    assert "AK9*A*3*3*3~" in stage.received("997")[0]
    assert stage.issues() == ["internal.bug"]
    desk.retry(stage.house, only_issue(stage))
    stage.work()
    assert sorted(number for number, _ in stage.orders()) == ["PO-1", "PO-2", "PO-3"]
    assert (stage.issues(), len(stage.received("997"))) == ([], 1)


def test_a_bug_in_taking_one_file_does_not_stop_the_next_and_heals_itself(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.known()
    stage.drop("a.edi", envelope(order("PO-1")))
    stage.drop("b.edi", envelope(order("PO-2"), icn=2))
    with monkeypatch.context() as broken:
        broken.setattr(admitting, "_rank", breaking(admitting._rank, lambda content: b"PO-1" in content))
        stage.turn()
    assert (stage.orders(), stage.issues()) == ([("PO-2", "accepted")], ["internal.bug"])
    stage.turn()
    assert (stage.orders(), stage.issues()) == ([("PO-2", "accepted"), ("PO-1", "accepted")], [])


def test_a_file_whose_archived_bytes_are_lost_does_not_keep_the_others_from_being_delivered(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn_without_delivering()
    lost = stage.house.archive.path(stage.ask("SELECT digest FROM parcels ORDER BY id")[0][0])  # type: ignore[attr-defined]
    away = lost.rename(stage.directory / "away")
    turns = Turns(stage.house, stage.house.channels)
    turns.tend()
    assert (len(stage.received("997")), len(stage.received("855"))) == (0, 1)
    assert stage.issues() == ["internal.archive-lost"]
    away.rename(lost)
    turns.visit("acme")
    assert (len(stage.received("997")), stage.issues()) == (1, [])


def test_a_receipt_that_could_be_run_in_the_end_leaves_no_issue_open(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    collecting.collect(stage.house, "acme")
    lost = stage.house.archive.path(stage.ask("SELECT digest FROM receipts")[0][0])  # type: ignore[attr-defined]
    away = lost.rename(stage.directory / "away")
    stage.work()
    assert stage.issues() == ["internal.archive-lost"]
    away.rename(lost)
    desk.retry(stage.house, only_issue(stage))
    stage.work()
    assert (stage.orders(), stage.issues()) == ([("PO-1", "accepted")], [])


@contextmanager
def each_connection(stage: Stage, *pragmas: str) -> Iterator[None]:
    """Every connection the house makes meanwhile is set so."""
    assert isinstance(stage.house.store, SqlStore)
    engine = stage.house.store.engine

    def configure(raw: Any, _record: Any) -> None:
        for pragma in pragmas:
            raw.execute(f"PRAGMA {pragma}")

    engine.dispose()
    event.listen(engine, "connect", configure)
    yield
    event.remove(engine, "connect", configure)
    engine.dispose()


def locked_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A round while another program holds the database; it lets go as soon as the gateway has given up."""
    with closing(sqlite3.connect(stage.directory / "gateway.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        real = rounds.report

        def report(*given: Any) -> None:
            other.rollback()
            real(*given)

        monkeypatch.setattr(rounds, "report", report)
        with each_connection(stage, "busy_timeout=20"):
            stage.work()


def test_a_database_that_is_locked_for_a_while_holds_nothing_for_good(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    collecting.collect(stage.house, "acme")
    with monkeypatch.context() as meanwhile:
        locked_once(stage, meanwhile)
    assert (stage.orders(), stage.issues()) == ([], ["internal.database-unusable"])
    stage.work()
    assert (stage.orders(), stage.issues()) == ([("PO-1", "accepted")], [])


@pytest.mark.parametrize("spare_pages", range(0, 12, 2))
def test_a_full_disk_leaves_nothing_half_done_wherever_it_strikes(stage: Stage, spare_pages: int) -> None:
    stage.known()
    sets = [order(f"PO-{n}", control=f"{n:04}") for n in range(1, 13)]
    stage.drop("orders.edi", envelope(*sets))
    collecting.collect(stage.house, "acme")
    pages = stage.ask("PRAGMA page_count")[0][0] + spare_pages
    with each_connection(stage, f"max_page_count={pages}"):
        working.work(stage.house)
    done = len(stage.orders())
    assert done in (0, 12)
    assert len(stage.ask("SELECT * FROM parcels")) == (13 if done else 0)
    assert set(stage.ask("SELECT kind FROM issues")) <= {("internal.database-unusable",)}
    stage.work()
    assert (len(stage.orders()), stage.issues()) == (12, [])
    assert (len(stage.received("997")), len(stage.received("855"))) == (1, 12)
    assert stage.ask("PRAGMA foreign_key_check") == []


def test_who_only_reads_never_waits_for_who_writes(stage: Stage) -> None:
    with stage.house.store.unit(), ThreadPoolExecutor(1) as pool:
        opening = pool.submit(lambda: stage.closing.enter_context(open_house(stage.directory)))
        assert opening.result(10) is not None


def test_an_archive_that_cannot_be_written_for_a_while_holds_nothing_for_good(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    collecting.collect(stage.house, "acme")
    archive, away = stage.directory / "archive", stage.directory / "away"
    archive.rename(away)
    archive.mkdir()
    (only,) = (path for path in away.rglob("*") if path.is_file())
    copy = stage.house.archive.path(only.name)  # type: ignore[attr-defined]
    copy.parent.mkdir(parents=True)
    copy.write_bytes(only.read_bytes())
    for first in range(256):
        if not (place := archive / f"{first:02x}").exists():
            place.touch()
    stage.work()
    assert (stage.orders(), stage.issues()) == ([], ["internal.archive-unwritable"])
    for path in archive.iterdir():
        if path.is_file():
            path.unlink()
    stage.work()
    assert (stage.orders(), stage.issues()) == ([("PO-1", "accepted")], [])


def test_a_large_group_is_posted_in_breaths_and_a_stop_between_two_loses_and_doubles_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.known()
    stage.drop("orders.edi", envelope(*(order(f"PO-{n}", control=f"{n:04}") for n in range(1, 8))))
    for breath in (inbound, judging):
        monkeypatch.setattr(breath, "SETS_PER_BREATH", 3)
    collecting.collect(stage.house, "acme")
    real = inbound._post

    def post(commit: Any, *rest: Any) -> bool:
        stage.house.stopping.set()
        return real(commit, *rest)

    with monkeypatch.context() as interrupted:
        interrupted.setattr(inbound, "_post", post)
        stage.work()
    assert (len(stage.orders()), stage.issues(), stage.ask("SELECT state FROM receipts")) == (3, [], [("waiting",)])
    stage.house.stopping.clear()
    stage.work()
    stage.work()
    assert sorted(number for number, _ in stage.orders()) == [f"PO-{n}" for n in range(1, 8)]
    assert (len(stage.received("997")), len(stage.received("855")), stage.issues()) == (1, 7, [])


def test_a_stop_while_a_large_file_is_read_leaves_it_as_it_was(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.known()
    stage.drop("orders.edi", envelope(*(order(f"PO-{n}", control=f"{n:04}") for n in range(1, 5))))
    monkeypatch.setattr(judging, "SETS_PER_BREATH", 3)
    collecting.collect(stage.house, "acme")
    (receipt,) = waiting(stage)
    stage.house.stopping.set()
    with pytest.raises(Stopped):
        inbound.process(stage.house, receipt)
    stage.house.stopping.clear()
    assert (stage.documents(), waiting(stage)) == ([], (receipt,))


def waiting(stage: Stage) -> tuple[Receipt, ...]:
    with stage.house.store.reading() as unit:
        return unit.inbox.waiting(10)


def test_a_test_and_a_production_file_of_one_number_have_two_names(stage: Stage) -> None:
    stage.known(usage="both")
    stage.drop("test.edi", envelope(order(), usage="T"))
    stage.turn()
    stage.drop("real.edi", envelope(order()))
    stage.turn()
    assert (len(stage.received("997")), stage.issues()) == (2, [])
    assert [path.name[:15] for path in sorted((stage.directory / "mailbox/in").glob("test-*"))] == ["test-000000001_"]


@pytest.mark.parametrize("written", [120, 250])
def test_a_file_that_is_still_being_written_is_left_until_it_is_whole(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    stage.known()
    content = envelope(order())
    stage.drop("order.edi", content[:written])

    def go_on(_seconds: float) -> bool:
        stage.drop("order.edi", content[: written + 10])
        return False

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(stage.house.stopping, "wait", go_on)
        stage.turn()
    assert (stage.issues(), stage.ask("SELECT * FROM receipts")) == (["exchange.changed-meanwhile"], [])
    stage.drop("order.edi", content)
    stage.turn()
    assert (stage.orders(), stage.issues()) == ([("PO-1", "accepted")], [])
