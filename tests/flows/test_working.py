"""What waits is worked through a page at a time, and each file in a page stands for itself."""

from typing import Any

import pytest
from sqlalchemy import event

from edi_gateway.flows import collecting, working
from edi_gateway.flows.judging import judge
from edi_gateway.issues import internal
from edi_gateway.store.archive import FileArchive
from tests.flows.stage import Stage, envelope, order

ORDERS = [(f"PO-{number}", "accepted") for number in range(1, 6)]


@pytest.fixture
def filled(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A stage on which five orders were collected; a page ends when it has taken them all."""
    monkeypatch.setattr(working, "PAGE_SECONDS", 60.0)
    stage.known()
    for number in range(1, 6):
        stage.drop(f"{number}.edi", envelope(order(f"PO-{number}"), icn=number, group=number))
    collecting.collect(stage.house, "acme")
    return stage


def commits(stage: Stage) -> list[int]:
    """One entry for each commit that is made from now on."""
    made: list[int] = []
    store: Any = stage.house.store
    event.listen(store.engine, "commit", lambda _connection: made.append(len(made)))
    return made


def test_small_files_that_wait_are_committed_together_each_with_all_that_follows_from_it(filled: Stage) -> None:
    made = commits(filled)
    assert working.work(filled.house) == 5
    assert len(made) == 1
    assert filled.orders() == ORDERS
    assert filled.ask("SELECT DISTINCT state FROM receipts") == [("done",)]
    assert filled.ask('SELECT "set", number FROM parcels ORDER BY id') == [
        (set_id, number + after) for number in range(1, 11, 2) for after, set_id in enumerate(("997", "855"))
    ]


def test_a_large_file_is_no_part_of_a_page(filled: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "PAGED_BYTES_MAX", 10)
    made = commits(filled)
    assert working.work(filled.house) == 5
    assert len(made) == 15
    assert filled.orders() == ORDERS


def test_a_page_that_has_taken_long_ends_and_the_next_begins(filled: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "PAGE_SECONDS", 0.0)
    made = commits(filled)
    assert working.work(filled.house) == 5
    assert len(made) > 3
    assert filled.orders() == ORDERS


def test_a_bug_in_one_file_of_a_page_is_one_issue_and_holds_that_file_only(
    filled: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(house: Any, receipt: Any, read: Any) -> Any:
        if receipt.name == "3.edi":
            raise ValueError("a bug")
        return judge(house, receipt, read)

    monkeypatch.setattr("edi_gateway.flows.inbound.judge", broken)
    made = commits(filled)
    working.work(filled.house)
    assert len(made) == 1
    assert filled.orders() == [one for one in ORDERS if one[0] != "PO-3"]
    # Nothing of the file counts, so its number is one that the partner has passed over.
    assert filled.issues() == ["exchange.number-missing", "internal.bug"]
    assert filled.ask("SELECT name FROM receipts WHERE state = 'held'") == [("3.edi",)]


def test_a_death_within_a_page_leaves_nothing_of_it_and_it_is_run_once_afterwards(
    filled: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(working, "_process", _dying(after=3))
        with pytest.raises(KeyboardInterrupt):
            working.work(filled.house)
    assert (filled.orders(), filled.ask("SELECT * FROM parcels"), filled.ask("SELECT * FROM numbers")) == ([], [], [])
    filled.turn()
    assert filled.orders() == ORDERS
    assert (len(filled.received("997")), len(filled.received("855"))) == (5, 5)


def test_a_page_that_cannot_be_made_durable_is_taken_file_by_file(
    filled: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_archive: FileArchive, _contents: object) -> None:
        raise internal.ARCHIVE_UNWRITABLE.error("the page does not fit")

    monkeypatch.setattr(FileArchive, "keep_page", full)
    assert working.work(filled.house) == 5
    assert filled.orders() == ORDERS
    assert filled.issues() == []


def test_what_a_page_keeps_is_in_the_archive_before_its_commit(
    filled: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    store: Any = filled.house.store
    missing: list[str] = []

    def look(connection: Any) -> None:
        for (digest,) in connection.exec_driver_sql("SELECT digest FROM parcels"):
            if not filled.house.archive.read(digest):
                missing.append(digest)

    event.listen(store.engine, "commit", look)
    assert working.work(filled.house) == 5
    assert missing == []
    assert filled.ask("SELECT count(*) FROM parcels") == [(10,)]


def _dying(after: int) -> Any:
    process = working._process
    done: list[Any] = []

    def die(house: Any, receipt: Any) -> None:
        if len(done) == after:
            raise KeyboardInterrupt
        process(house, receipt)
        done.append(receipt)

    return die
