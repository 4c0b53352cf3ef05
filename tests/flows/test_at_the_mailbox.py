"""What a mailbox tells beside its files reaches the desk, and what the house knows reaches the mailbox."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edi_gateway.demo.server import UserFolder
from edi_gateway.flows import collecting, delivering, working
from edi_gateway.flows.house import House
from edi_gateway.issues import exchange
from edi_gateway.ports import Label
from edi_gateway.wiring import open_house
from tests.flows.stage import CONFIGURATION, Stage, envelope, order
from tests.matrix.conftest import DaemonPlug, OurPlug
from tests.matrix.scene import Scene
from tests.transports.disk import open_ground
from tests.transports.mailboxes import serving
from tests.transports.ssh_daemon import RENAMES, SshDaemon

TWO_FOLDERS = """
[channels.acme]
transport = "folder"
collect = ["mailbox/out", "mailbox/acks"]
deliver = {default = "mailbox/in", "855" = "mailbox/answers"}
after = "leave"
stable_seconds = 0
unclosed_rounds_max = 1
"""


@contextmanager
def at_server(tmp_path: Path, view: type[UserFolder] = UserFolder, **options: Any) -> Iterator[Scene]:
    """A house at a real server of a partner's."""
    with serving(tmp_path / "server", view) as server:
        scene = Scene(tmp_path / "house", OurPlug(server), **options)
        try:
            yield scene
        finally:
            scene.close()


def change_over(scene: Scene) -> str:
    """The partner puts a new key in the place of the one that was pinned. Returns the old one."""
    server = scene.plug.server  # type: ignore[attr-defined]
    old: str = server.host_key
    server.replace_host_key("announced")
    return old


@pytest.mark.parametrize("folders", [{}, {"collect": []}], ids=["both ways", "delivers only"])
def test_a_host_key_that_was_announced_is_one_issue_until_the_settings_say_it(
    tmp_path: Path, folders: dict[str, Any]
) -> None:
    with at_server(tmp_path, **folders) as scene:
        old = change_over(scene)
        new = scene.plug.server.host_key  # type: ignore[attr-defined]
        scene.configure(host_keys=[old], next_host_key=new, **folders)
        for _ in range(2):
            scene.turn()
            assert scene.issues() == [exchange.HOST_KEY_NEXT.code]
        assert scene.ask("SELECT count(*) FROM issues") == [(1,)]
        scene.configure(host_keys=[new], **folders)
        scene.turn()
        assert scene.issues() == []


def test_before_the_change_an_announced_key_is_no_issue(tmp_path: Path) -> None:
    with at_server(tmp_path) as scene:
        scene.configure(next_host_key=scene.plug.server.host_key)  # type: ignore[attr-defined]
        scene.turn()
        assert scene.issues() == []


@contextmanager
def without_renames(tmp_path: Path, **options: Any) -> Iterator[Scene]:
    """A house at a server that forbids to claim files."""
    with open_ground() as ground, open_ground() as key, SshDaemon(key, denied=RENAMES) as daemon:
        scene = Scene(tmp_path / "house", DaemonPlug(ground, daemon), upload="direct", **options)
        try:
            yield scene
        finally:
            scene.close()


def test_files_that_may_not_be_claimed_are_taken_all_the_same_and_told_once_where_they_are_to_be_claimed(
    tmp_path: Path
) -> None:
    with without_renames(tmp_path, claim=True) as scene:
        for name in ("one.edi", "two.edi"):
            scene.order(name)
            scene.turn()
            scene.turn()
            assert scene.issues() == [exchange.CLAIM_REFUSED.code]
        assert scene.ask("SELECT count(*) FROM issues") == [(1,)]
        assert scene.lost() == []
        scene.configure(upload="direct")
        scene.turn()
        assert scene.unhealed() == []


def test_where_nothing_is_said_of_claims_one_that_is_refused_is_nobodys_trouble(tmp_path: Path) -> None:
    with without_renames(tmp_path) as scene:
        scene.order("one.edi")
        scene.turn()
        assert scene.plug.waiting() == {}
        assert scene.unhealed() == []
        assert scene.ask("SELECT count(*) FROM issues") == [(0,)]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A house with two folders to collect from and two to deliver to."""
    stage = Stage(tmp_path)
    for name in ("acks", "answers"):
        (tmp_path / "mailbox" / name).mkdir()
    stage.configure(TWO_FOLDERS)
    stage.known()
    yield stage
    stage.closing.close()


def test_a_folder_that_cannot_be_listed_keeps_no_other_from_being_collected_and_is_forgotten_nothing_of(
    stage: Stage
) -> None:
    first, second = (envelope(order(f"PO-{number}"), icn=number, group=number) for number in (1, 2))
    away = stage.directory / "mailbox/away"
    (stage.directory / "mailbox/acks/1.edi").write_text(first, encoding="utf-8")
    stage.turn()
    (stage.directory / "mailbox/acks").rename(away)
    stage.drop("1.edi", second)
    for _ in range(2):
        stage.turn()
        assert stage.issues() == ["exchange.folder-missing"]
    assert [number for number, _ in stage.orders()] == ["PO-1", "PO-2"]
    away.rename(stage.directory / "mailbox/acks")
    stage.turn()
    assert stage.issues() == []
    assert stage.ask("SELECT count(*) FROM arrivals") == [(2,)]


def test_of_a_folder_that_cannot_be_listed_again_no_file_is_said_to_be_gone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.configure(TWO_FOLDERS.replace("stable_seconds = 0", "stable_seconds = 1"))
    acks, away = stage.directory / "mailbox/acks", stage.directory / "mailbox/away"
    (acks / "1.edi").write_text(envelope(order("PO-1")), encoding="utf-8")
    stage.drop("2.edi", envelope(order("PO-2"), icn=2))

    def goes(_seconds: float) -> bool:
        acks.rename(away)
        return False

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(stage.house.stopping, "wait", goes)
        stage.turn()
    assert (stage.issues(), [number for number, _ in stage.orders()]) == (["exchange.folder-missing"], ["PO-2"])
    away.rename(acks)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(stage.house.stopping, "wait", lambda _seconds: False)
        stage.turn()
    assert (stage.issues(), len(stage.orders())) == ([], 2)


def test_what_a_set_is_to_go_in_is_its_own_folder_in_the_house_of_the_settings(stage: Stage) -> None:
    stage.drop("1.edi", envelope(order("PO-1")))
    stage.turn()
    assert len(list((stage.directory / "mailbox/answers").glob("*_855_*"))) == 1
    assert [path.name.split("_")[1] for path in (stage.directory / "mailbox/in").iterdir()] == ["997"]


def test_a_file_of_theirs_that_begins_as_ours_is_not_written_over_by_any_later_try(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.configure(f'{CONFIGURATION}upload = "direct"\n')
    stage.known()
    stage.drop("1.edi", envelope(order("PO-1")))
    stage.turn_without_delivering()
    names = [name for (name,) in stage.ask("SELECT name FROM parcels")]
    for name in names:
        (tmp_path / "mailbox/in" / name).write_bytes(b"ISA*00*")
    for _ in range(3):
        delivering.deliver(stage.house, "acme")
    assert {(tmp_path / "mailbox/in" / name).read_bytes() for name in names} == {b"ISA*00*"}
    assert stage.issues() == [exchange.NAME_TAKEN.code]
    stage.closing.close()


class CutsUploads(UserFolder):
    """As long as the line is bad, it goes down in the middle of every upload."""

    bad = True

    def write(self, file_obj: object, offset: int, data: bytes) -> int:
        written: int = super().write(file_obj, offset, data[:40] if self.bad else data)  # type: ignore[assignment]
        if self.bad:
            self.connection.abort()
        return written


def test_an_upload_under_its_own_name_that_was_cut_off_is_known_to_be_begun_and_is_finished(tmp_path: Path) -> None:
    with at_server(tmp_path, CutsUploads, upload="direct") as scene:
        scene.order("one.edi")
        for _ in range(2):
            scene.turn()
        assert scene.issues() == [exchange.CUT_OFF.code]
        assert scene.ask("SELECT count(*) FROM parcels WHERE begun") != [(0,)]
        assert {len(content) for content in scene.plug.delivered().values()} == {40}
        CutsUploads.bad = False
        scene.later()
        assert scene.unhealed() == []


class Stop(threading.Event):
    """A stop that is asked for while the first of a page are told, and the partner has taken all that is there."""

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self._scene = scene

    def is_set(self) -> bool:
        assert CountsRenames.both.wait(10)
        self._scene.take()
        return True


class CountsRenames(UserFolder):
    """Says when two files have got their names."""

    both: threading.Event
    times = 0

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        super().rename(oldpath, newpath)
        type(self).times += 1
        if self.times == 2:
            self.both.set()


def test_a_stop_sends_nothing_twice_that_was_under_way(tmp_path: Path) -> None:
    CountsRenames.both = threading.Event()
    with at_server(tmp_path, CountsRenames, claim=False) as scene:
        scene.order("one.edi")
        collecting.collect(scene.house, "acme")
        working.work(scene.house)
        delivering.deliver(replace(scene.house, stopping=Stop(scene)), "acme")
        assert len(scene.received) == 2
        scene.turn()
        scene.take()
        assert len(scene.received) == 2


def test_a_stop_leaves_no_half_of_a_file_that_is_written_under_its_own_name(tmp_path: Path) -> None:
    contents = {"small.x12": b"ISA", "large.x12": bytes(range(256)) * 40_000}
    with at_server(tmp_path, upload="direct") as scene:
        for name, content in contents.items():
            digest = scene.house.archive.keep(content)
            with scene.house.commit() as commit:
                commit.unit.outbox.queue("acme", name, digest, len(content), Label(), commit.now)
        scene.house.stopping.set()
        delivering.deliver(scene.house, "acme")
        there = {name: len(content) for name, content in scene.plug.delivered().items()}
        assert there == {name: len(content) for name, content in contents.items()}
        assert scene.ask("SELECT DISTINCT state FROM parcels") == [("delivered",)]


def claim(house: House) -> None:
    """Claims what lies in the mailbox, and goes no further."""
    with house.channels["acme"]() as mailbox:
        [claimed] = mailbox.claim(mailbox.list())
        assert claimed.outcome == "claimed"


def test_a_house_knows_its_claims_after_a_crash_and_another_house_leaves_them_alone(tmp_path: Path) -> None:
    box = tmp_path / "mailbox"
    for folder in (box, tmp_path / "one", tmp_path / "other"):
        folder.mkdir()
    for name in ("one", "other"):
        (tmp_path / name / "gateway.toml").write_text(
            f'[channels.acme]\ntransport = "folder"\ncollect = "{box}"\nstable_seconds = 0\n',
            encoding="utf-8",
        )
    (box / "1.edi").write_text(envelope(order("PO-1")), encoding="utf-8")
    with open_house(tmp_path / "one") as house:
        claim(house)
    [hidden] = [path.name for path in box.iterdir()]
    with open_house(tmp_path / "other") as other:
        assert collecting.collect(other, "acme") == 0
    assert [path.name for path in box.iterdir()] == [hidden]
    with open_house(tmp_path / "one") as house:
        assert collecting.collect(house, "acme") == 1
    assert list(box.iterdir()) == []


ONE_FOLDER = """
[channels.acme]
transport = "folder"
collect = "mailbox/out"
deliver = "mailbox/in"
names = ["a*"]
stable_seconds = 0

[channels.birch]
transport = "folder"
collect = "mailbox/out"
names = ["b*"]
stable_seconds = 0
"""


def test_what_one_channel_has_claimed_is_not_taken_by_another_that_shares_its_folder(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_page = stage.house.archive.keep_page

    def meanwhile(contents: Sequence[bytes]) -> tuple[str, ...]:
        """The other comes by between the claim and the commit."""
        monkeypatch.undo()
        collecting.collect(stage.house, "birch")
        return tuple(keep_page(contents))

    stage.configure(ONE_FOLDER)
    stage.drop("a1.edi", envelope(order()))
    monkeypatch.setattr(stage.house.archive, "keep_page", meanwhile)
    collecting.collect(stage.house, "acme")
    assert stage.ask("SELECT channel, name, verdict FROM arrivals") == [("acme", "a1.edi", "new")]
    assert stage.issues() == []
