"""No file is lost, doubled, half-read or hidden, wherever the walk through a mailbox ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from edi_gateway.flows import admitting, collecting, delivering, waiting, working
from edi_gateway.issues import GatewayError
from edi_gateway.ports import Habits
from tests.flows.mailbox import NOON, Box, Died
from tests.flows.stage import Stage, envelope, order

ORDER = envelope(order())


@pytest.fixture
def box(stage: Stage) -> Box:
    """The partner's mailbox, instead of the two folders."""
    box = Box()
    stage.house = replace(stage.house, channels={"acme": lambda: box})
    return box


def collect(stage: Stage, times: int = 1) -> int:
    return sum(collecting.collect(stage.house, "acme") for _ in range(times))


def numbered(number: int) -> str:
    return envelope(order(f"PO-{number}"), icn=number, group=number)


def arrivals(stage: Stage) -> list[tuple[Any, ...]]:
    return stage.ask("SELECT name, verdict, settled_at IS NOT NULL FROM arrivals ORDER BY id")


def stand(stage: Stage) -> dict[str, int]:
    """The open issues with their counts."""
    return dict(stage.ask("SELECT kind, \"count\" FROM issues WHERE state = 'open'"))


class Later:
    """A clock that goes some seconds ahead."""

    def __init__(self, seconds: float) -> None:
        self._ahead = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead


class Doom:
    """The end of this process at the n-th chance."""

    def __init__(self, chances: int) -> None:
        self.left = chances

    def __call__(self, *_: object) -> None:
        self.left -= 1
        if self.left == 0:
            raise Died


@contextmanager
def doomed(stage: Stage, box: Box, doom: Doom, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every step at the mailbox, each archived page, and each commit before and after, may be the last."""
    unit, keep = stage.house.store.unit, stage.house.archive.keep_page

    @contextmanager
    def perilous() -> Iterator[Any]:
        doom()
        with unit() as open_unit:
            yield open_unit
            doom()
        doom()

    def kept(contents: Any) -> Any:
        doom()
        digests = keep(contents)
        doom()
        return digests

    with monkeypatch.context() as patched:
        patched.setattr(stage.house.store, "unit", perilous)
        patched.setattr(stage.house.archive, "keep_page", kept)
        box.before = doom
        yield
        box.before = lambda step, name: None


@pytest.mark.parametrize("denied", ["", "claim"])
def test_a_death_between_any_two_steps_loses_and_doubles_nothing(
    stage: Stage, box: Box, monkeypatch: pytest.MonkeyPatch, denied: str
) -> None:
    box.denied = {denied}
    deaths = 0
    for chance in range(1, 40):
        for file in range(3):
            box.put(f"{chance}-{file}.edi", numbered(chance * 10 + file))
        with doomed(stage, box, Doom(chance), monkeypatch):
            try:
                collect(stage)
            except Died:
                deaths += 1
        collect(stage, times=2)
        assert box.names() == []
        assert stage.ask("SELECT count(*), count(DISTINCT digest) FROM receipts") == [(chance * 3, chance * 3)]
    assert deaths > 12
    assert {(verdict, settled) for _, verdict, settled in arrivals(stage)} == {("new", 1)}
    assert stage.issues() == []


def test_nothing_is_removed_before_the_commit_and_what_is_committed_is_not_fetched_again(
    stage: Stage, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.put("order.edi", ORDER)

    def die_at_settle(step: str, _name: str) -> None:
        if step == "settle":
            raise Died

    box.before = die_at_settle
    with pytest.raises(Died):
        collect(stage)
    assert (box.names(), arrivals(stage)) == ([".order.edi"], [("order.edi", "new", 0)])
    box.before, box.steps = lambda step, name: None, []
    collect(stage)
    assert ([step for step, _ in box.steps], box.names()) == (["list", "settle"], [])


def test_a_file_that_was_claimed_by_a_process_that_died_is_taken(stage: Stage, box: Box) -> None:
    box.put("order.edi", ORDER)
    next(box.claim(box.list()))
    assert (collect(stage), box.names(), arrivals(stage)) == (1, [], [("order.edi", "new", 1)])


def test_a_new_file_beside_a_claimed_one_of_its_name_is_another_arrival(stage: Stage, box: Box) -> None:
    box.put("order.edi", ORDER)
    next(box.claim(box.list()))
    box.put("order.edi", numbered(2), NOON + timedelta(hours=1))
    assert (collect(stage), box.names()) == (2, [])


def test_a_delete_that_fails_is_tried_each_round_is_one_issue_that_counts_and_heals_itself(
    stage: Stage, box: Box
) -> None:
    stage.known()
    for number in range(1, 4):
        box.put(f"{number}.edi", numbered(number))
    box.denied = {"settle"}
    collect(stage, times=4)
    working.work(stage.house)
    assert (len(stage.orders()), stand(stage)) == (3, {"exchange.delete-denied": 4})
    assert [name for step, name in box.steps if step == "fetch"] == ["1.edi", "2.edi", "3.edi"]
    assert stage.ask("SELECT DISTINCT times_seen, fault IS NOT NULL FROM arrivals") == [(4, 1)]
    assert "and 2 more" in stage.ask("SELECT note FROM issues")[0][0]
    box.denied = set()
    collect(stage)
    assert (stand(stage), box.names(), len(stage.orders())) == ({}, [], 3)


def test_what_cannot_be_removed_never_keeps_a_new_file_waiting(stage: Stage, box: Box) -> None:
    box.habits = Habits(stable_seconds=0, files_per_round_max=2)
    box.denied = {"settle"}
    for number in range(1, 6):
        box.put(f"{number}.edi", numbered(number), NOON + timedelta(hours=number))
        assert collect(stage) == 1


def test_a_file_changed_after_it_was_admitted_is_a_new_arrival(stage: Stage, box: Box) -> None:
    box.put("order.edi", ORDER)

    def write_again(step: str, _name: str) -> None:
        if step == "settle" and ("settle", "order.edi") not in box.steps:
            box.put("order.edi", numbered(2), NOON + timedelta(minutes=1))

    box.denied, box.before = {"claim"}, write_again
    assert (collect(stage), stage.issues()) == (1, ["exchange.changed-meanwhile"])
    assert (collect(stage), box.names(), stage.issues()) == (1, [], [])
    assert arrivals(stage) == [("order.edi", "new", 1), ("order.edi", "new", 1)]


def test_a_file_that_is_lost_in_claiming_is_not_admitted(stage: Stage, box: Box) -> None:
    box.put("order.edi", ORDER)
    box.before = lambda step, name: box.remove(name) if step == "claim" else None
    assert (collect(stage), arrivals(stage), stage.issues()) == (0, [], ["exchange.file-gone"])
    assert (collect(stage), stage.issues()) == (0, [])


def test_a_file_that_vanishes_in_the_window_is_told_and_forgotten(
    stage: Stage, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.habits = Habits(stable_seconds=1)
    box.put("order.edi", ORDER)
    with monkeypatch.context() as patched:
        patched.setattr(stage.house.stopping, "wait", lambda _seconds: box.remove("order.edi"))
        assert (collect(stage), stage.issues()) == (0, ["exchange.file-gone"])
    assert (collect(stage), stage.issues(), stage.ask("SELECT * FROM waiting_files")) == (0, [], [])


def test_a_file_is_written_again_within_the_same_second_and_the_later_one_is_taken(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.known()
    path = stage.directory / "mailbox/out/order.edi"
    noon = NOON.timestamp()

    def put(number: str) -> None:
        stage.drop("order.edi", envelope(order(number)))
        os.utime(path, (noon, noon))

    def write_again(_seconds: float) -> bool:
        put("PO-2")
        return False

    put("PO-1")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(stage.house.stopping, "wait", write_again)
        stage.turn()
    assert ([number for number, _ in stage.orders()], path.exists()) == (["PO-2"], False)


def test_the_window_pauses_once_a_round_and_not_for_what_stood_before(
    stage: Stage, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.habits = Habits(stable_seconds=5, unclosed_rounds_max=2)
    pauses: list[float] = []
    monkeypatch.setattr(stage.house.stopping, "wait", pauses.append)
    for number in range(3):
        box.put(f"{number}.edi", numbered(number + 1))
    box.put("open.edi", ORDER[:200])
    assert (collect(stage), pauses, box.names()) == (3, [5], ["open.edi"])
    stage.house = replace(stage.house, clock=Later(10))
    assert (collect(stage), pauses, box.names()) == (1, [5], [])


def test_a_file_that_does_not_close_is_counted_in_rounds_that_outlive_the_process_and_taken_as_it_is(
    stage: Stage, box: Box
) -> None:
    stage.known()
    box.habits = Habits(stable_seconds=0, unclosed_rounds_max=3)
    box.put("open.edi", ORDER[:-20])
    box.put("whole.edi", numbered(2))
    assert (collect(stage), box.names(), stand(stage)) == (1, ["open.edi"], {"exchange.unclosed": 1})
    stage.configure((stage.directory / "gateway.toml").read_text(encoding="utf-8"))
    stage.house = replace(stage.house, channels={"acme": lambda: box})
    assert (collect(stage), stand(stage)) == (0, {"exchange.unclosed": 2})
    assert (collect(stage), box.names(), stand(stage)) == (1, [], {})
    working.work(stage.house)
    assert stage.issues() == ["document.interchange-refused"]
    assert stage.ask("SELECT * FROM waiting_files") == []


def test_a_file_that_grows_is_counted_anew(stage: Stage, box: Box) -> None:
    box.habits = Habits(stable_seconds=0, unclosed_rounds_max=2)
    for length in (100, 150, 200):
        box.put("open.edi", ORDER[:length], NOON + timedelta(seconds=length))
        assert (collect(stage), stage.issues()) == (0, ["exchange.unclosed"])
    box.put("open.edi", ORDER, NOON + timedelta(hours=1))
    assert (collect(stage), stage.issues()) == (1, [])


def test_what_never_closes_is_told_with_a_ta1_where_one_is_agreed(stage: Stage) -> None:
    stage.known()
    opened = ORDER[:-20].replace(f"*{1:09}*0*P*", f"*{1:09}*1*P*")
    stage.drop("order.edi", opened)
    stage.turn()
    (told,) = stage.received("TA1")
    assert "*R*023~" in told


def test_an_empty_file_waits_while_it_is_young_and_is_noted_and_put_away_when_it_stays_so(
    stage: Stage, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.put("a-empty.edi", b"")
    box.put("order.edi", ORDER)
    assert (collect(stage), box.names(), stand(stage)) == (1, ["a-empty.edi"], {"exchange.empty": 1})
    monkeypatch.setattr(waiting, "EMPTY_SECONDS", 0.0)
    collect(stage)
    assert (box.names(), arrivals(stage)[1:]) == ([], [("a-empty.edi", "empty", 1)])
    assert stage.ask("SELECT count(*) FROM receipts") == [(1,)]
    collect(stage)
    assert stand(stage) == {}


def test_an_empty_file_that_gets_its_bytes_is_collected(stage: Stage, box: Box) -> None:
    box.put("order.edi", b"")
    collect(stage)
    box.put("order.edi", ORDER, NOON + timedelta(seconds=5))
    assert (collect(stage), stage.issues()) == (1, [])


@pytest.mark.parametrize(("name", "content", "kind"), [
    ("a.edi", b"x" * 3000, "exchange.too-large"), ("a\n.edi", ORDER.encode(), "exchange.name-refused"),
])
def test_a_file_that_cannot_be_taken_is_told_blocks_nothing_and_its_issue_ends_with_it(
    stage: Stage, name: str, content: bytes, kind: str
) -> None:
    limited = (stage.directory / "gateway.toml").read_text(encoding="utf-8") + "bytes_per_file_max = 2000\n"
    stage.configure(limited)
    stage.drop(name, content)
    stage.drop("b.edi", ORDER)
    assert (collect(stage), stage.issues()) == (1, [kind])
    (stage.directory / "mailbox/out" / name).unlink()
    assert (collect(stage), stage.issues()) == (0, [])


def test_a_file_that_cannot_be_read_is_told_blocks_nothing_and_is_taken_when_it_can(stage: Stage, box: Box) -> None:
    box.put("order.edi", ORDER)
    box.denied = {"fetch"}
    assert (collect(stage), stage.issues()) == (0, ["exchange.read-denied"])
    box.denied = set()
    assert (collect(stage), stage.issues()) == (1, [])


def test_a_round_that_left_something_out_heals_nothing(stage: Stage, box: Box) -> None:
    box.put("old.edi", ORDER, NOON)
    box.denied = {"fetch"}
    collect(stage)
    box.denied, box.habits = set(), Habits(stable_seconds=0, files_per_round_max=1)
    box.put("new.edi", numbered(2), NOON + timedelta(hours=1))
    assert (collect(stage), stage.issues()) == (1, ["exchange.read-denied"])
    assert (collect(stage), stage.issues()) == (1, [])


def test_what_is_left_is_remembered_not_fetched_again_and_let_go_when_it_is_gone(stage: Stage, box: Box) -> None:
    box.habits = Habits(leaves=True, stable_seconds=0)
    box.put("order.edi", ORDER)
    assert (collect(stage, times=3), box.names()) == (1, ["order.edi"])
    assert [step for step, _ in box.steps] == ["list", "fetch", "list", "list"]
    assert (arrivals(stage), stage.issues()) == ([("order.edi", "new", 0)], [])
    box.remove("order.edi")
    collect(stage)
    assert arrivals(stage) == [("order.edi", "new", 1)]


@pytest.mark.parametrize("after", ["delete", "move"])
def test_a_folder_in_which_a_process_died_at_any_place_is_emptied_by_the_next(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    stage.known()
    stage.configure((stage.directory / "gateway.toml").read_text("utf-8") + f'claim = true\nafter = "{after}"\n')
    out = stage.directory / "mailbox/out"
    for number, place in enumerate(("claim", "settle"), start=1):
        stage.drop(f"{place}.edi", numbered(number))
        with monkeypatch.context() as patched:
            patched.setattr(f"edi_gateway.transports.folder.Mailbox.{place}", Doom(1))
            with pytest.raises(Died):
                collect(stage)
        assert [path.name for path in out.iterdir() if path.is_file()] != []
        stage.turn()
        assert [path.name for path in out.iterdir() if path.is_file()] == []
    assert (len(stage.orders()), stage.issues(), len(stage.received("997"))) == (2, [], 2)
    assert {verdict for _, verdict, _ in arrivals(stage)} == {"new"}


def test_a_name_used_again_with_other_bytes_is_no_duplicate(stage: Stage, box: Box) -> None:
    box.habits = Habits(leaves=True, stable_seconds=0)
    for number in (1, 2):
        box.put("order.edi", numbered(number), NOON + timedelta(hours=number))
        assert (collect(stage), stage.issues()) == (1, [])


def test_files_that_came_before_and_lie_there_are_one_issue_that_counts_and_ends_with_them(
    stage: Stage, box: Box
) -> None:
    box.habits = Habits(leaves=True, stable_seconds=0)
    for name in ("a.edi", "b.edi", "c.edi"):
        box.put(name, ORDER)
    collect(stage, times=2)
    assert stand(stage) == {"exchange.already-processed": 2, "exchange.same-bytes": 2}
    box.remove("b.edi")
    collect(stage)
    assert stand(stage)["exchange.already-processed"] == 3
    box.remove("c.edi")
    collect(stage)
    assert stand(stage) == {"exchange.same-bytes": 2}


def test_a_mailbox_that_tells_no_times_is_asked_for_the_bytes(stage: Stage, box: Box) -> None:
    box.habits = Habits(leaves=True, stable_seconds=0)
    box.put("order.edi", numbered(1), None)
    assert collect(stage, times=2) == 1
    box.put("order.edi", numbered(2), None)
    assert collect(stage) == 1


def test_a_page_is_one_commit_for_admitting_and_one_for_settling(
    stage: Stage, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "PAGE_FILES_MAX", 10)
    for number in range(1, 31):
        box.put(f"{number:02}.edi", numbered(number))
    commits: list[int] = []
    unit = stage.house.store.unit

    def counted() -> Any:
        commits.append(1)
        return unit()

    monkeypatch.setattr(stage.house.store, "unit", counted)
    assert (collect(stage), len(commits)) == (30, 6)


def test_a_round_with_nothing_to_do_writes_nothing(
    stage: Stage, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage.house.store, "unit", lambda: pytest.fail("it wrote"))
    assert collect(stage) == 0


def test_a_stop_ends_the_round_after_the_file_in_hand_and_the_next_goes_on(stage: Stage, box: Box) -> None:
    for number in range(1, 6):
        box.put(f"{number}.edi", numbered(number))
    box.before = lambda step, name: stage.house.stopping.set() if name == "2.edi" else None
    assert (collect(stage), stage.issues()) == (2, [])
    stage.house.stopping.clear()
    box.before = lambda step, name: None
    assert (collect(stage), box.names()) == (3, [])


@pytest.mark.parametrize("choice", ["ignore", "again", "resend"])
def test_a_person_decides_what_the_same_bytes_are(stage: Stage, choice: Any) -> None:
    stage.known()
    for name in ("order.edi", "again.edi"):
        stage.drop(name, ORDER)
        stage.turn()
    assert stage.issues() == ["exchange.same-bytes"]
    sent = len(stage.ask("SELECT id FROM attempts"))
    with stage.house.commit() as commit:
        run = admitting.decide(commit, 1, choice)
    assert (stage.issues(), run is not None) == ([], choice == "again")
    receipts = stage.ask("SELECT state, again_of FROM receipts ORDER BY id")
    assert receipts == [("done", None), *([("waiting", 1)] if choice == "again" else [])]
    stage.work()
    assert (len(stage.ask("SELECT id FROM attempts")) > sent) is (choice != "ignore")


def test_a_decision_on_a_file_that_never_came_is_refused(stage: Stage) -> None:
    with pytest.raises(GatewayError) as raised, stage.house.commit() as commit:
        admitting.decide(commit, 77, "again")
    assert raised.value.kind.code == "command.receipt-unknown"


@pytest.mark.parametrize(("row", "runs", "told"), [("ignore", 1, 1), ("again", 2, 1), ("resend", 1, 2)])
def test_a_partner_file_decides_beforehand_what_the_same_bytes_are(
    stage: Stage, row: str, runs: int, told: int
) -> None:
    folder = stage.directory / "mappings/partners/acme"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text(f'[duplicates]\nsame_bytes = "{row}"\n', encoding="utf-8")
    stage.known(partner_file="acme")
    stage.drop("order.edi", ORDER)
    stage.turn()
    stage.drop("again.edi", ORDER)
    collect(stage)
    assert len(stage.ask("SELECT id FROM receipts")) == runs
    assert ("exchange.same-bytes" in stage.issues()) is (row == "resend")
    delivering.deliver(stage.house, "acme")
    acknowledged = "SELECT attempts.id FROM attempts JOIN parcels ON parcels.id = parcel_id WHERE name LIKE '%_997_%'"
    assert len(stage.ask(acknowledged)) == told
