"""What has come: sightings, receipts, verdicts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from edi_gateway.ports import Sighting, Waiting
from edi_gateway.store.marks import mark
from edi_gateway.store.sql import SqlStore

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FILE = Sighting("a.edi", 10, NOW)


def verdict(store: SqlStore, sighting: Sighting, digest: str = "d1", channel: str = "acme", rank: str = "") -> str:
    with store.unit() as unit:
        return unit.inbox.admit(channel, sighting, digest, rank, NOW).verdict


def test_the_same_copy_found_again_before_it_was_removed_is_our_unfinished_work(store: SqlStore) -> None:
    assert [verdict(store, FILE) for _ in range(3)] == ["new", "same", "same"]


def test_the_same_bytes_under_another_name_or_time_or_channel_are_a_duplicate(store: SqlStore) -> None:
    assert verdict(store, FILE) == "new"
    assert verdict(store, replace(FILE, name="b.edi")) == "duplicate"
    assert verdict(store, replace(FILE, modified=NOW + timedelta(seconds=1))) == "duplicate"
    assert verdict(store, FILE, channel="other") == "duplicate"


def test_the_same_bytes_after_we_removed_the_file_are_a_duplicate(store: SqlStore) -> None:
    with store.unit() as unit:
        admission = unit.inbox.admit("acme", FILE, "d1", "", NOW)
        unit.inbox.settled(admission.arrival_id, None, NOW)
    assert verdict(store, FILE) == "duplicate"


def test_a_name_used_again_with_other_bytes_is_new(store: SqlStore) -> None:
    assert [verdict(store, FILE, digest) for digest in ("d1", "d2")] == ["new", "new"]


def test_a_file_that_could_not_be_removed_stays_the_same_copy(store: SqlStore) -> None:
    with store.unit() as unit:
        admission = unit.inbox.admit("acme", FILE, "d1", "", NOW)
        unit.inbox.settled(admission.arrival_id, "may not delete", NOW)
    assert verdict(store, FILE) == "same"


def test_what_waits_is_run_in_order_of_rank(store: SqlStore) -> None:
    for name, rank in (("late", "2603020900"), ("early", "2603010900"), ("none", "")):
        verdict(store, Sighting(name, 1, NOW), digest=name, rank=rank)
    with store.reading() as unit:
        assert [receipt.name for receipt in unit.inbox.waiting(10)] == ["none", "early", "late"]


def test_a_receipt_that_is_done_waits_no_longer_and_a_held_one_can_be_asked_for_again(store: SqlStore) -> None:
    for digest in ("d1", "d2"):
        verdict(store, Sighting(digest, 1, NOW), digest=digest)
    with store.unit() as unit:
        first, second = unit.inbox.waiting(10)
        unit.inbox.finish(first.id, "done")
        unit.inbox.finish(second.id, "held")
        assert unit.inbox.waiting(10) == ()
        unit.inbox.again_all_held()
        assert [receipt.id for receipt in unit.inbox.waiting(10)] == [second.id]


def baseline(store: SqlStore, *sightings: Sighting, channel: str = "acme") -> int:
    with store.unit() as unit:
        return unit.inbox.baseline(channel, sightings, NOW)


def seen(store: SqlStore, channel: str = "acme") -> frozenset[Sighting]:
    with store.reading() as unit:
        return unit.inbox.seen(channel)


def test_copies_are_marked_as_seen_once_and_in_their_channel_only(store: SqlStore) -> None:
    odd = Sighting("b.edi", 4, None)
    assert [baseline(store, FILE, odd), baseline(store, FILE, odd)] == [2, 0]
    assert (sorted(file.name for file in seen(store)), len(seen(store, "other"))) == (["a.edi", "b.edi"], 0)


def test_a_copy_of_another_size_or_time_is_not_the_one_that_was_marked(store: SqlStore) -> None:
    baseline(store, FILE)
    others = (replace(FILE, size_bytes=11), replace(FILE, modified=NOW + timedelta(seconds=1)), replace(FILE, name="b"))
    assert seen(store).isdisjoint(others)


def test_a_copy_that_we_could_not_remove_yet_is_not_marked_as_seen(store: SqlStore) -> None:
    assert verdict(store, FILE) == "new"
    assert (baseline(store, FILE), seen(store)) == (0, frozenset())
    assert verdict(store, FILE) == "same"


def test_a_page_is_admitted_as_its_files_would_be_one_by_one(store: SqlStore) -> None:
    assert verdict(store, FILE) == "new"
    files = [(Sighting(f"{n}.edi", 1, NOW), digest, "") for n, digest in enumerate(("d2", "d1", "d3", "d2"))]
    with store.unit() as unit:
        new = unit.inbox.admit_new("acme", files, NOW)
    assert [(sighting.name, admission.receipt.digest) for sighting, admission in new.items()] == [
        ("0.edi", "d2"), ("2.edi", "d3"),
    ]
    with store.reading() as unit:
        assert {receipt.digest for receipt in unit.inbox.waiting(9)} == {"d1", "d2", "d3"}
        assert {file.sighting.name: file.arrival_id for file in unit.inbox.lying("acme")} == {
            "a.edi": 1, **{sighting.name: admission.arrival_id for sighting, admission in new.items()},
        }


def test_a_claimed_file_and_one_of_its_name_are_two(store: SqlStore) -> None:
    claimed = replace(FILE, claimed=True)
    assert verdict(store, claimed) == "new"
    with store.reading() as unit:
        assert [file.sighting for file in unit.inbox.lying("acme")] == [claimed]


def test_bytes_that_are_run_again_are_a_receipt_of_their_own_and_stay_duplicates(store: SqlStore) -> None:
    assert verdict(store, FILE) == "new"
    with store.unit() as unit:
        first, second = unit.inbox.run_again(1, NOW), unit.inbox.run_again(1, NOW)
        assert unit.inbox.run_again(99, NOW) is None
    assert first is not None
    assert second is not None
    assert (first.digest, first.again_of, second.again_of, first.id != second.id) == ("d1", 1, 1, True)
    assert verdict(store, replace(FILE, name="b.edi")) == "duplicate"


def test_what_waits_in_a_mailbox_is_remembered_until_it_is_said_anew(store: SqlStore) -> None:
    waits = Waiting(FILE, "unclosed", 2, NOW)
    for said in ((waits, Waiting(replace(FILE, modified=None), "empty", 1, NOW)), (waits,), ()):
        with store.unit() as unit:
            unit.inbox.wait("acme", said)
            unit.inbox.wait("other", (waits,))
        with store.reading() as unit:
            assert (unit.inbox.waiting_files("acme"), unit.inbox.waiting_files("other")) == (said, (waits,))


def test_the_mark_of_a_house_is_made_once(store: SqlStore) -> None:
    with store.unit() as unit:
        made = mark(unit.connection)
    with store.unit() as unit:
        assert (mark(unit.connection), len(made)) == (made, 8)
