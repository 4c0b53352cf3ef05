"""Bytes that we know: a new arrival gets the same 997 again, the same copy gets nothing; neither is posted."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from edi_gateway.flows import admitting, collecting
from edi_gateway.ports import Admission, Sighting
from edi_gateway.reports import documents
from tests.flows.stage import CONFIGURATION, Stage, envelope, functional_acknowledgment, order

ORDER = envelope(order())
NOON = int(datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp())


def put(stage: Stage, name: str = "order.edi", at: int = NOON, content: str = ORDER) -> None:
    """The partner writes a file, and the server gives it a time in whole seconds."""
    stage.drop(name, content)
    os.utime(stage.directory / "mailbox/out" / name, (at, at))


def keeps_its_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mailbox lets us remove nothing."""
    monkeypatch.setattr("edi_gateway.transports.folder.Mailbox.settle", lambda *_: iter(()))


def sent(stage: Stage, set_id: str) -> list[tuple[Any, ...]]:
    """Name and digest of what was delivered of a set, once for each time."""
    return stage.ask(
        "SELECT parcels.name, parcels.digest FROM attempts JOIN parcels ON parcels.id = attempts.parcel_id "
        f"JOIN documents ON documents.parcel_id = parcels.id WHERE documents.\"set\" = '{set_id}' ORDER BY attempts.id"
    )


def books(stage: Stage) -> list[list[tuple[Any, ...]]]:
    """What must not change when nothing is posted."""
    return [stage.ask(f"SELECT * FROM {table}") for table in ("orders", "entries", "numbers", "documents")]


def admitted(stage: Stage, sighting: Sighting) -> Admission:
    """What becomes of a sighting of the order."""
    (admission,) = admitting.admit_page(stage.house, "acme", [(sighting, ORDER.encode())], []).values()
    return admission


def verdicts(stage: Stage) -> list[str]:
    return [row[0] for row in stage.ask("SELECT verdict FROM arrivals ORDER BY id")]


@pytest.fixture
def posted(stage: Stage) -> list[list[tuple[Any, ...]]]:
    """The order has come, been removed, acknowledged and answered."""
    stage.known()
    put(stage)
    stage.turn()
    return books(stage)


@pytest.mark.parametrize(("name", "at"), [
    ("other.edi", NOON), ("order.edi", NOON + 1), ("order.edi", NOON - 3600), ("order.edi", NOON),
], ids=["another name", "a second later", "an hour earlier", "the same name and time after it was removed"])
def test_a_new_arrival_of_known_bytes_gets_the_same_997_and_nothing_is_posted(
    stage: Stage, posted: list[list[tuple[Any, ...]]], name: str, at: int
) -> None:
    put(stage, name, at)
    stage.turn()
    first, again = sent(stage, "997")
    assert first == again
    assert len(sent(stage, "855")) == 1
    assert (books(stage), verdicts(stage)) == (posted, ["new", "duplicate"])
    assert stage.issues() == ["exchange.same-bytes"]


def test_each_new_arrival_gets_the_997_once_more_and_is_one_issue_that_counts(
    stage: Stage, posted: list[list[tuple[Any, ...]]]
) -> None:
    for hour in range(1, 4):
        put(stage, at=NOON + hour * 3600)
        stage.turn()
        stage.turn()
    assert len(sent(stage, "997")) == 4
    assert stage.ask('SELECT kind, "count" FROM issues') == [("exchange.same-bytes", 3)]
    assert books(stage) == posted


def test_the_same_copy_seen_again_is_only_counted(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.known()
    keeps_its_files(monkeypatch)
    put(stage)
    stage.turn()
    before = books(stage)
    for _ in range(3):
        stage.turn()
    assert (len(sent(stage, "997")), len(sent(stage, "855")), books(stage)) == (1, 1, before)
    assert stage.ask("SELECT verdict, times_seen FROM arrivals") == [("new", 4)]
    assert stage.issues() == []


def test_a_copy_we_may_not_remove_is_a_new_arrival_when_its_time_changes_and_then_the_same_copy(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.configure(f"{CONFIGURATION}claim = false\n")
    stage.known()
    keeps_its_files(monkeypatch)
    put(stage)
    stage.turn()
    put(stage, at=NOON + 60)
    for _ in range(3):
        stage.turn()
    assert len(sent(stage, "997")) == 2
    assert stage.ask("SELECT verdict, times_seen FROM arrivals ORDER BY id") == [("new", 1), ("duplicate", 3)]


def test_a_copy_in_a_mailbox_that_tells_no_time_is_the_same_until_it_is_removed(stage: Stage) -> None:
    stage.known()
    seen = Sighting("order.edi", len(ORDER), None)
    first = admitted(stage, seen)
    again = admitted(stage, seen)
    assert (first.verdict, again.verdict, again.arrival_id) == ("new", "same", first.arrival_id)
    with stage.house.store.unit() as unit:
        unit.inbox.settled(first.arrival_id, None, stage.house.clock.now())
    assert admitted(stage, seen).verdict == "duplicate"


def test_two_copies_in_one_round_get_one_997(stage: Stage) -> None:
    stage.known()
    put(stage, "a.edi")
    put(stage, "b.edi")
    stage.turn()
    assert (len(sent(stage, "997")), len(stage.orders()), verdicts(stage)) == (1, 1, ["new", "duplicate"])


def test_known_bytes_of_a_rejected_order_are_rejected_again_with_the_same_997(stage: Stage) -> None:
    stage.known()
    broken = ORDER.replace("20260301**", "20261301**").replace("**20260301~", "**20261301~")
    for at in (NOON, NOON + 1):
        put(stage, at=at, content=broken)
        stage.turn()
    first, again = sent(stage, "997")
    assert first == again
    assert "AK5*R" in stage.received("997")[0]
    assert stage.orders() == []


def test_the_997_goes_again_from_the_archive_when_the_house_was_closed_between(
    stage: Stage, posted: list[list[tuple[Any, ...]]]
) -> None:
    (told,) = (stage.directory / "mailbox/in").glob("*_997_*")
    content = told.read_bytes()
    told.unlink()
    put(stage, at=NOON + 5)
    collecting.collect(stage.house, "acme")
    stage.configure((stage.directory / "gateway.toml").read_text(encoding="utf-8"))
    stage.work()
    assert told.read_bytes() == content
    assert books(stage) == posted


def test_known_bytes_of_an_acknowledgment_change_nothing(stage: Stage, posted: list[list[tuple[Any, ...]]]) -> None:
    told = envelope(functional_acknowledgment(1), icn=2, code="FA")
    put(stage, "ack.edi", content=told)
    stage.turn()
    before = books(stage)
    put(stage, "ack.edi", NOON + 1, told)
    stage.turn()
    assert (books(stage), len(sent(stage, "997"))) == (before, 1)


def test_the_same_name_with_other_bytes_is_new(stage: Stage, posted: list[list[tuple[Any, ...]]]) -> None:
    put(stage, content=envelope(order("PO-2"), icn=2))
    stage.turn()
    assert [number for number, _ in stage.orders()] == ["PO-1", "PO-2"]
    assert Path(stage.directory / "mailbox/out/order.edi").exists() is False


def test_a_copy_under_another_name_is_found_by_the_name_it_came_under(
    stage: Stage, posted: list[list[tuple[Any, ...]]]
) -> None:
    put(stage, "copy.edi")
    stage.turn()
    engine = create_engine(f"sqlite:///{stage.directory / 'gateway.sqlite'}")
    with engine.connect() as connection:
        assert [row["file"] for row in documents.documents(connection, file="copy.e")] == ["order.edi"]
    engine.dispose()
