"""A pair of folders keeps the laws of mailboxes."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from edi_gateway.ports import Transport
from edi_gateway.transports import folder
from tests.transports.contract import MailboxContract, code, fault_of, parcel
from tests.transports.disk import DiskPlug, as_unprivileged, make_sticky, names_stay, open_ground
from tests.transports.folders import FoldersContract


class FolderPlug(DiskPlug):
    def open(self, **options: Any) -> Transport:
        stated = {"collect": self.collect, "deliver": self.deliver}
        return folder.open("acme", folder.Options.model_validate(stated | options))

    def make(self, name: str) -> Path:
        (self.ground / name).mkdir()
        return self.ground / name

    def named(self, name: str) -> str:
        return str(self.ground / name)


class TablePlug(FolderPlug):
    """The same, its folders told as a list and as a table."""

    def open(self, **options: Any) -> Transport:
        return super().open(**{"collect": [self.collect], "deliver": {"default": self.deliver}} | options)


@pytest.fixture
def plug() -> Iterator[FolderPlug]:
    """As root nothing is denied, so the tests run as somebody who is not."""
    with open_ground() as ground, as_unprivileged(ground):
        yield FolderPlug(ground)


class TestFolder(MailboxContract):
    pass


class TestFolderOfTables(MailboxContract):
    @pytest.fixture
    def plug(self) -> Iterator[TablePlug]:
        with open_ground() as ground, as_unprivileged(ground):
            yield TablePlug(ground)


class TestFolders(FoldersContract):
    pass


def test_a_link_is_not_followed(plug: FolderPlug) -> None:
    secret = plug.ground / "secret.edi"
    secret.write_bytes(b"secret")
    (plug.collect / "order.edi").symlink_to(secret)
    (plug.deliver / ".answer.x12.part").symlink_to(secret)
    with plug.open() as mailbox:
        assert mailbox.list() == ()
        assert [pushed.outcome for pushed in mailbox.push([parcel("answer.x12", b"ours")])] == ["delivered"]
    assert secret.read_bytes() == b"secret"


def test_a_time_beyond_the_calendar_stops_nothing(plug: FolderPlug) -> None:
    plug.put("order.edi", b"x")
    os.utime(plug.collect / "order.edi", (2**40, 2**40))
    with plug.open() as mailbox:
        assert [settled.fault for settled in mailbox.settle(mailbox.list())] == [None]


def test_a_folder_inside_is_no_file(plug: FolderPlug) -> None:
    (plug.collect / "folder.edi").mkdir()
    with plug.open() as mailbox:
        assert mailbox.list() == ()


def test_a_direct_upload_finishes_what_was_cut_off_and_follows_no_link(plug: FolderPlug) -> None:
    secret = plug.ground / "secret.edi"
    secret.write_bytes(b"ou")
    (plug.deliver / "link.x12").symlink_to(secret)
    plug.put_delivered("half.x12", b"ou")
    with plug.open(upload="direct") as mailbox:
        parcels = [parcel(name, b"ours", begun=True) for name in ("link.x12", "half.x12")]
        link, half = mailbox.push(parcels)
    assert (link.outcome, half.outcome) == ("failed", "delivered")
    assert (plug.deliver / "half.x12").read_bytes() == b"ours"
    assert secret.read_bytes() == b"ou"


def test_a_channel_may_only_collect(plug: FolderPlug) -> None:
    with folder.open("acme", folder.Options(collect=plug.collect)) as mailbox:
        assert mailbox.list() == ()
        assert [code(pushed) for pushed in mailbox.push([parcel("a.x12", b"x")])] == ["exchange.folder-missing"]


def test_a_channel_does_not_collect_what_it_delivers(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="two folders"):
        folder.Options(collect=tmp_path, deliver=tmp_path)
    with pytest.raises(ValidationError, match="is needed"):
        folder.Options()
    with pytest.raises(ValidationError, match="begin with a dot"):
        folder.Options(collect=tmp_path, extensions=("edi",))


def test_a_folder_that_is_not_there_is_told_by_its_path(plug: FolderPlug) -> None:
    with plug.open(deliver=str(plug.ground / "elsewhere")) as mailbox:
        (pushed,) = mailbox.push([parcel("a.x12", b"x")])
    assert pushed.fault is not None
    assert str(plug.ground / "elsewhere") in pushed.fault.note


def test_a_name_that_cannot_be_taken_is_told_as_it_was_listed(plug: FolderPlug) -> None:
    (plug.collect / "two\nlines.edi").write_bytes(b"ISA")
    with plug.open() as mailbox:
        (seen,) = mailbox.list()
        (fetched,) = mailbox.fetch([seen])
    assert fetched.fault is not None
    assert fetched.fault.note.startswith(f"{seen.name}: ")
    assert seen.name == "two\\nlines.edi"


def test_a_claim_is_whole_or_absent_where_links_may_be_made_and_nothing_may_be_deleted(plug: FolderPlug) -> None:
    plug.put("order.edi", b"abc")
    make_sticky(plug.collect)
    os.link(plug.collect / "order.edi", plug.ground / "a link may be made")
    for _ in range(3):
        with plug.open() as mailbox:
            [seen] = mailbox.list()
            [claim] = mailbox.claim([seen])
            assert (claim.outcome, code(claim), claim.sighting) == ("open", "exchange.rename-denied", seen)
            assert [code(settled) for settled in mailbox.settle([seen])] == ["exchange.delete-denied"]
        assert plug.waiting() == {"order.edi": b"abc"}


def test_a_claimed_file_that_may_not_be_deleted_is_told_with_the_name_it_lies_under(plug: FolderPlug) -> None:
    plug.put("order.edi", b"abc")
    with plug.open(mark="m1") as mailbox:
        [claim] = mailbox.claim(mailbox.list())
        plug.deny("delete")
        [settled] = mailbox.settle([claim.sighting])
    assert settled.fault is not None
    assert settled.fault.note == "order.edi, which lies there as .order.edi.m1.taken: Permission denied"


def test_a_file_that_may_not_leave_its_folder_is_not_put_into_the_archive_again_and_again(plug: FolderPlug) -> None:
    plug.put("order.edi", b"abc")
    plug.archive.mkdir()
    with names_stay(plug.collect), names_stay(plug.archive), plug.open(after="move") as mailbox:
        seen = mailbox.list()
        for _ in range(3):
            [settled] = mailbox.settle(seen)
            assert settled.fault is not None
            assert (code(settled), "lies there as" in settled.fault.note) == ("exchange.rename-denied", True)
            assert plug.archived() == plug.waiting() == {"order.edi": b"abc"}
    with plug.open(after="move") as mailbox:
        assert [settled.fault for settled in mailbox.settle(seen)] == [None]
    assert (plug.waiting(), plug.archived()) == ({}, {"order.edi": b"abc"})


def test_what_stands_under_its_name_is_delivered_though_its_hidden_name_cannot_be_taken_away(plug: FolderPlug) -> None:
    with names_stay(plug.deliver), plug.open() as mailbox:
        [pushed] = mailbox.push([parcel("answer.x12", b"ours")])
        assert (pushed.outcome, pushed.fault) == ("delivered", None)
        assert plug.delivered() == {"answer.x12": b"ours", ".answer.x12.part": b"ours"}
        assert [pushed.outcome for pushed in mailbox.push([parcel("answer.x12", b"ours")])] == ["delivered"]
    with plug.open() as mailbox:
        assert [pushed.outcome for pushed in mailbox.push([parcel("answer.x12", b"ours")])] == ["delivered"]
    assert plug.delivered() == {"answer.x12": b"ours"}


def test_a_claim_that_is_given_back_half_is_told_with_both_its_names(plug: FolderPlug) -> None:
    plug.put(".order.edi.gone.taken", b"abc")
    with plug.open(mark="m1") as mailbox:
        mailbox.list()
        assert isinstance(mailbox, folder.Mailbox)
        [claim] = mailbox.survey()
        with names_stay(plug.collect):
            for _ in range(2):
                assert fault_of(lambda: mailbox.unclaim(claim)) == "exchange.rename-denied"
                assert plug.waiting() == {"order.edi": b"abc", ".order.edi.gone.taken": b"abc"}
        mailbox.unclaim(claim)
    assert plug.waiting() == {"order.edi": b"abc"}
