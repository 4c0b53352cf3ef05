"""Others at the same mailbox: a partner who collects within milliseconds, and a second poller on the folder."""

import threading
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from tests.matrix.conftest import Build
from tests.matrix.scene import Scene
from tests.transports.disk import give

FILES = 30


def test_a_partner_who_collects_within_milliseconds_is_no_fault(build: Build) -> None:
    scene = build()
    for number in range(FILES):
        scene.order(f"{number}.edi")
    ended = threading.Event()

    def collect() -> None:
        while not ended.is_set():
            scene.take()

    partner = threading.Thread(target=collect)
    partner.start()
    scene.turn()
    ended.set()
    partner.join()
    scene.take()
    assert scene.unhealed() == []
    assert len(scene.received) == 2 * FILES
    assert scene.ask("SELECT DISTINCT state FROM parcels") == [("delivered",)]


@pytest.mark.parametrize("after", ["delete", "move"])
def test_of_two_houses_on_one_folder_each_file_is_claimed_by_one(build: Build, tmp_path: Path, after: str) -> None:
    """As they are set up unless told otherwise."""
    first = build(after=after)
    beside = first.plug.collect.parent / "beside"
    beside.mkdir()
    give(beside)
    elsewhere = str(PurePosixPath(first.plug.stated["deliver"]).parent / "beside")
    second = Scene(tmp_path / "other", first.plug, after=after, deliver=elsewhere)
    try:
        for number in range(FILES):
            first.order(f"{number}.edi")
        _twice_at_once(first.turn, second.turn)
        for scene in (first, second):
            scene.turn()
            scene.turn()
        taken = [number for scene in (first, second) for number, in scene.ask("SELECT number FROM orders")]
        assert sorted(taken) == sorted(f"PO-{number}" for number in range(1, FILES + 1))
        assert first.plug.waiting() == {}
        for scene in (first, second):
            # Each misses the numbers that the other has.
            assert set(scene.issues()) <= {"exchange.number-missing"}
    finally:
        second.close()


def test_two_who_opened_one_house_wait_for_each_other_at_the_mailbox(build: Build) -> None:
    scene = build()
    for number in range(FILES):
        scene.order(f"{number}.edi")
    _twice_at_once(scene.turn, scene.turn_beside)
    scene.turn()
    assert scene.unhealed() == []
    assert scene.ask("SELECT count(*) FROM arrivals") == [(FILES,)]


def _twice_at_once(*visits: Callable[[], None]) -> None:
    """Each is made two times, at the same time as the other."""
    def twice(visit: Callable[[], None]) -> None:
        visit()
        visit()

    pollers = [threading.Thread(target=twice, args=(visit,)) for visit in visits]
    for poller in pollers:
        poller.start()
    for poller in pollers:
        poller.join()
