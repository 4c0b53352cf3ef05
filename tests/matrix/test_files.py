"""Files that grow, change, vanish, have odd names, or are very many."""

import os
import threading
import time
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

import pytest

from edi_gateway.demo.server import UserFolder
from tests.matrix.conftest import Build
from tests.transports.contract import NOON
from tests.transports.disk import give

ROUNDS = 3
MANY = 10_000
FILES_PER_ROUND = 50
MANY_ROUNDS = int(os.environ.get("EDI_MANY_ROUNDS", "2"))
"""How many rounds are made among the many files; `EDI_MANY_ROUNDS=200` takes all of them, in some minutes."""


def test_a_file_that_grows_while_we_look_is_taken_once_and_whole(build: Build) -> None:
    scene = build(unclosed_rounds_max=10_000, stable_seconds=0.02)
    content = scene.order(None, lines=200)
    path = scene.plug.collect / "grows.edi"
    scene.drop("grows.edi", content[:100])
    scene.dropped.clear()

    def write_on() -> None:
        for start in range(100, len(content), 500):
            time.sleep(0.03)
            with path.open("ab") as file:
                file.write(content[start : start + 500])

    writer = threading.Thread(target=write_on)
    writer.start()
    while writer.is_alive():
        scene.turn()
    scene.dropped = {sha256(content).hexdigest(): content}
    time.sleep(0.1)
    for _ in range(2):
        scene.turn()
    assert scene.unhealed() == []
    assert scene.ask("SELECT digest FROM receipts") == [(sha256(content).hexdigest(),)]


def test_what_never_closes_is_taken_as_it_is_refused_and_settled(build: Build) -> None:
    scene = build(unclosed_rounds_max=ROUNDS)
    half = scene.order(None)[:-30]
    scene.drop("half.edi", half)
    for _ in range(ROUNDS - 1):
        scene.turn()
        assert scene.issues() == ["exchange.unclosed"]
        assert scene.lost() == []
    scene.turn()
    assert scene.plug.waiting() == {}
    assert scene.lost() == []
    assert "exchange.unclosed" not in scene.issues()
    assert any(kind.startswith("document.") for kind in scene.issues())


class WrittenOver(UserFolder):
    """The partner writes `order.edi` anew as soon as we have read it, a little later by its time."""

    anew: ClassVar[list[bytes]] = []
    path: ClassVar[Path]

    def close(self, file_obj: Any) -> Any:
        read = file_obj.readable() and Path(os.fsdecode(file_obj.name)) == self.path
        done = super().close(file_obj)
        if read and self.anew:
            content = self.anew.pop()
            self.path.write_bytes(content)
            later = (NOON + timedelta(seconds=5)).timestamp()
            os.utime(self.path, (later, later))
        return done


@pytest.mark.parametrize("claim", [False, True], ids=["unclaimed", "claimed"])
def test_a_file_written_over_after_it_was_fetched_is_a_new_arrival(ours: Build, *, claim: bool) -> None:
    scene = ours(WrittenOver, claim=claim)
    WrittenOver.path = (scene.plug.collect / "order.edi").resolve()
    first, second = scene.order(), scene.order()
    WrittenOver.anew.append(second)
    scene.drop("order.edi", first)
    # Where it is claimed what we read is not ours, and where it is not, it is.
    scene.turn()
    if not scene.ask("SELECT 1 FROM orders WHERE number = 'PO-1'"):
        scene.dropped.clear()
    scene.dropped[sha256(second).hexdigest()] = second
    for _ in range(2):
        scene.turn()
    assert scene.lost() == []
    assert scene.plug.waiting() == {}
    assert ("PO-2",) in scene.ask("SELECT number FROM orders")
    assert scene.issues() == []


def test_a_name_used_again_while_the_first_file_is_claimed_is_no_duplicate(ours: Build) -> None:
    scene = ours(claim=True)
    scene.order("order.edi")
    scene.plug.deny("delete")
    scene.turn()
    assert list(scene.plug.waiting()) != ["order.edi"]
    scene.order("order.edi")
    scene.turn()
    scene.plug.grant("delete")
    for _ in range(2):
        scene.turn()
    assert scene.unhealed() == []


class StampsRenames(UserFolder):
    """A file that is renamed gets the time of the rename, as where it is copied in truth."""

    def rename(self, oldpath: bytes, newpath: bytes) -> Any:
        done = super().rename(oldpath, newpath)
        os.utime(self.map_path(newpath))
        return done


def test_where_a_rename_changes_the_time_of_a_file_it_is_taken_in_the_same_round_and_nobody_is_told(
    ours: Build
) -> None:
    scene = ours(StampsRenames)
    for name in ("one.edi", "two.edi"):
        scene.order(name)
    scene.turn()
    assert scene.plug.waiting() == {}
    assert scene.ask("SELECT count(*) FROM issues") == [(0,)]
    assert scene.unhealed() == []


class Vanishes(UserFolder):
    """`order.edi` is taken away as we are about to read it."""

    gone: ClassVar[bool] = False

    def open(self, path: bytes, pflags: int, attrs: Any) -> object:
        if self.gone and path.endswith(b"/order.edi"):
            super().remove(path)
        return super().open(path, pflags, attrs)


def test_a_file_that_vanishes_does_not_keep_the_others_and_is_taken_when_it_is_back(ours: Build) -> None:
    scene = ours(Vanishes)
    content = scene.order()
    scene.plug.put("order.edi", content)
    scene.order("other.edi")
    Vanishes.gone = True
    scene.turn()
    assert scene.issues() == ["exchange.file-gone"]
    assert scene.ask("SELECT number FROM orders") == [("PO-2",)]
    Vanishes.gone = False
    scene.drop("order.edi", content)
    scene.turn()
    assert scene.unhealed() == []


GOOD = (
    "two  blanks .edi", "-rf.edi", "--.edi", "…übergrößen 注文.edi", "e\u0301.edi", "a..edi", "x~y.edi",
    "'\"$(x);&.edi", "%2e%2e.edi", "#1?.edi", "UPPER.EDI", "[a-z]*.edi", "🚚.edi", f"{'n' * 200}.edi",
)
HIDDEN = ("..edi", "...edi", ".order.edi")
"""They begin with a dot: names that writers use while a file is not whole."""
REFUSED = ("line\nbreak.edi", "back\\slash.edi", "tab\t.edi", "bell\a.edi", "\x1b[2J.edi", f"{'m' * 248}.edi")


def test_whatever_a_file_is_called_it_is_taken_or_told_and_never_in_the_way(build: Build) -> None:
    scene = build(claim=True)
    for name in (*GOOD, *REFUSED):
        path = scene.plug.collect / name
        content = scene.order()
        path.write_bytes(content)
        give(path)
        scene.dropped[sha256(content).hexdigest()] = content
    (scene.plug.collect / "..edi").write_bytes(b"hidden")
    for _ in range(2):
        scene.turn()
        assert scene.lost() == []
    assert scene.issues() == ["exchange.name-refused"]
    assert sorted(scene.plug.waiting()) == sorted((*REFUSED, "..edi"))
    (scene.plug.collect / "..edi").unlink()
    for number, name in enumerate(REFUSED):
        (scene.plug.collect / name).rename(scene.plug.collect / f"better {number}.edi")
    scene.turn()
    assert scene.unhealed() == []


@pytest.mark.slow
def test_ten_thousand_files_are_taken_in_rounds_and_a_new_one_does_not_wait(behind_sshd: Build) -> None:
    scene = behind_sshd(files_per_round_max=FILES_PER_ROUND)
    for number in range(MANY):
        path = scene.plug.collect / f"{number:05}.edi"
        path.write_bytes(content := scene.order())
        os.utime(path, (NOON.timestamp() - number, NOON.timestamp() - number))
        scene.dropped[sha256(content).hexdigest()] = content
    scene.turn()
    late = scene.order("late.edi")
    os.utime(scene.plug.collect / "late.edi")
    for _ in range(MANY_ROUNDS):
        scene.turn()
        assert sha256(late).hexdigest() in {digest for digest, in scene.ask("SELECT digest FROM receipts")}
    taken = min(MANY + 1, (MANY_ROUNDS + 1) * FILES_PER_ROUND)
    assert scene.ask("SELECT count(*) FROM orders") == [(taken,)]
    assert len(scene.plug.waiting()) == MANY + 1 - taken
    assert scene.lost() == []
