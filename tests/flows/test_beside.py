"""What people do beside a round in another process: neither undoes, doubles or strands what the other has done."""

import fcntl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edi_gateway.flows import admitting, collecting, deciding, desk, inbound, parcels, retention
from edi_gateway.flows.house import House
from edi_gateway.flows.turns import Turns
from edi_gateway.ports import Sighting
from edi_gateway.wiring import open_house
from tests.flows.stage import Stage, envelope, order
from tests.flows.test_duplicates import agree, come, issue, numbers, one
from tests.flows.test_retention import Later, document, settled

PATIENCE_SECONDS = 60


@dataclass
class Pausing:
    """A clock at which a walk rests, right before one of its commits, once that is true; until it is let go."""

    until: Callable[[], bool]
    there: threading.Event = field(default_factory=threading.Event)
    goes_on: threading.Event = field(default_factory=threading.Event)

    def now(self) -> datetime:
        if not self.there.is_set() and self.until():
            self.there.set()
            assert self.goes_on.wait(PATIENCE_SECONDS)
        return datetime.now(UTC)


@dataclass
class Telling:
    """The locks of a house that tell when somebody has to wait for one."""

    folder: Path
    waits: threading.Event

    @contextmanager
    def hold(self, name: str, wait: bool = True) -> Iterator[bool]:
        with (self.folder / f"{name}.lock").open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self.waits.set()
                if not wait:
                    yield False
                    return
                fcntl.flock(file, fcntl.LOCK_EX)
            yield True


def tend(house: House) -> None:
    """A round through the books."""
    Turns(house, ["acme"]).tend()


def beside(
    stage: Stage, until: Callable[[], bool], act: Callable[[House], object], walk: Callable[[House], object] = tend
) -> None:
    """A walk; before its first commit for which that is true another house acts, or waits for it."""
    clock, met = Pausing(until), threading.Event()
    walking = threading.Thread(target=walk, args=[replace(stage.house, clock=clock)])

    def act_there() -> None:
        with open_house(stage.directory) as house:
            act(replace(house, locks=Telling(stage.directory / "locks", met)))
        met.set()

    person = threading.Thread(target=act_there)
    walking.start()
    assert clock.there.wait(PATIENCE_SECONDS)
    person.start()
    assert met.wait(PATIENCE_SECONDS)
    clock.goes_on.set()
    for thread in (walking, person):
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()


def test_what_is_retried_while_its_file_is_worked_through_is_run_once_more(stage: Stage) -> None:
    stage.known()
    stage.drop("change.edi", envelope(order(beg01="04")))
    collecting.collect(stage.house, "acme")
    beside(stage, lambda: bool(stage.issues()), lambda house: desk.retry(house, issue(stage, "trade.order-unknown")))
    stage.work()
    assert stage.ask('SELECT kind, "count" FROM issues') == [("trade.order-unknown", 2)]


def test_an_interchange_that_is_let_in_while_its_file_is_worked_through_is_processed(stage: Stage) -> None:
    agree(stage)
    come(stage, one("PO-1"))
    stage.drop("two.edi", one("PO-2"))
    collecting.collect(stage.house, "acme")
    beside(stage, lambda: bool(stage.issues()),
           lambda house: deciding.decide(house, issue(stage, "duplicate.interchange"), "again"))
    stage.work()
    assert (numbers(stage), stage.issues()) == (["PO-1", "PO-2"], [])


def test_a_document_that_is_decided_on_while_its_group_is_worked_through_again_is_posted_no_second_time(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbound, "SETS_PER_BREATH", 1)
    agree(stage)
    come(stage, one("PO-1"), envelope(
        order("PO-2", beg01="04"), order("PO-1", control="0002").replace("*3*EA", "*9*EA"), icn=2, group=2,
    ))
    asked = issue(stage, "trade.order-number-reused")
    desk.retry(stage.house, issue(stage, "trade.order-unknown"))
    again = 'SELECT 1 FROM issues WHERE kind = \'trade.order-unknown\' AND "count" = 2'
    beside(stage, lambda: bool(stage.ask(again)), lambda house: deciding.decide(house, asked, "ignore"))
    stage.work()
    assert stage.ask("SELECT state FROM documents WHERE direction = 'in' ORDER BY id") == [
        ("answered",), ("held",), ("duplicate",),
    ]
    assert stage.issues() == ["trade.order-unknown"]


def test_what_keeps_a_parcel_is_told_while_a_person_ends_the_last_one_that_it_kept(stage: Stage) -> None:
    stage.known()
    stage.drop("broken.edi", envelope(order(beg01="04")))
    (stage.directory / "mailbox/in").rename(stage.directory / "mailbox/away")
    Turns(stage.house, ["acme"]).visit("acme")
    ((parcel,),) = stage.ask("SELECT id FROM parcels WHERE state = 'queued'")
    stage.drop("order.edi", envelope(order("PO-2"), icn=2, group=2))
    beside(
        stage, lambda: bool(stage.ask("SELECT 1 FROM parcels WHERE state = 'void'")),
        lambda house: Turns(house, ["acme"]).visit("acme"),
        lambda house: parcels.void(house, parcel, "not wanted"),
    )
    assert "exchange.folder-missing" in stage.issues()


class Acting:
    """A clock, so many days on, at whose first look somebody acts in another house."""

    def __init__(self, days: float, act: Callable[[], object]) -> None:
        self._later = Later(days)
        self._acts = [act]

    def now(self) -> datetime:
        if self._acts:
            self._acts.pop()()
        return self._later.now()


def test_a_file_that_is_sent_again_while_files_are_erased_stays(stage: Stage) -> None:
    settled(stage)
    stage.ask("UPDATE issues SET state = 'closed'")
    with open_house(stage.directory) as other:
        clock = Acting(31, lambda: desk.resend(other, document(stage, "855")))
        stays = [file.stays for file in retention.retire(replace(stage.house, clock=clock))]
    assert sum(why is not None for why in stays) >= 1
    stage.work()
    assert stage.issues() == []
    assert stage.ask("SELECT DISTINCT state FROM parcels") == [("delivered",)]


@pytest.mark.parametrize("by_hand", [False, True])
def test_what_comes_again_while_it_is_erased_is_kept(stage: Stage, by_hand: bool) -> None:
    settled(stage)
    stage.ask("UPDATE issues SET state = 'closed'")
    ((digest,),) = stage.ask("SELECT digest FROM receipts WHERE name = 'order.edi'")
    content = stage.house.archive.read(digest)
    with open_house(stage.directory) as other:
        retire = lambda: list(retention.retire(replace(other, clock=Later(31))))  # noqa: E731
        house = replace(stage.house, clock=Acting(0, retire))
        if by_hand:
            admitting.receive(house, "acme", Sighting("again.edi", len(content), None), content)
        else:
            admitting.admit_page(house, "acme", [(Sighting("again.edi", len(content), None), content)], [])
    assert stage.ask(f"SELECT count(*) FROM erasures WHERE digest = '{digest}'") == [(1,)]
    assert stage.house.archive.read(digest) == content


def test_what_was_erased_is_brought_into_its_place_without_waiting_long_for_whoever_still_reads(stage: Stage) -> None:
    store = stage.house.store
    with open_house(stage.directory) as other, other.store.reading() as reader:
        reader.channels.paused("acme")
        stage.known()
        start = time.monotonic()
        store.scrub()
        assert time.monotonic() - start < 20
