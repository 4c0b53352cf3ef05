"""SFTP servers that behave as some do in the wild, and worse."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from edi_gateway.demo.server import UserFolder
from edi_gateway.transports import _names
from tests.transports.contract import code, fault_of, parcel
from tests.transports.mailboxes import ServerPlug, serving


class SaysFailure(UserFolder):
    """Denies without a reason, as some servers do."""

    def _demand(self, right: str, path: bytes) -> None:
        try:
            super()._demand(right, path)
        except asyncssh.SFTPPermissionDenied:
            raise asyncssh.SFTPFailure("Failure") from None


class SaysNoSuchFile(UserFolder):
    """Denies by pretending that there is nothing."""

    def _demand(self, right: str, path: bytes) -> None:
        try:
            super()._demand(right, path)
        except asyncssh.SFTPPermissionDenied:
            raise asyncssh.SFTPNoSuchFile("No such file") from None


class DeniesWhatIsNotThere(UserFolder):
    """Says "permission denied" of files that do not exist."""

    def lstat(self, path: bytes) -> Any:
        try:
            return super().lstat(path)
        except (FileNotFoundError, asyncssh.SFTPNoSuchFile):
            raise asyncssh.SFTPPermissionDenied("Permission denied") from None

    def remove(self, path: bytes) -> None:
        try:
            super().remove(path)
        except FileNotFoundError:
            raise asyncssh.SFTPPermissionDenied("Permission denied") from None


@pytest.mark.parametrize("view", [SaysFailure, SaysNoSuchFile], ids=lambda view: view.__name__)
@pytest.mark.parametrize(
    ("right", "told"),
    [("list", "list-denied"), ("read", "read-denied"), ("delete", "delete-denied"), ("write", "write-denied"),
     ("rename", "rename-denied")],
)
def test_a_missing_right_is_told_whatever_the_server_calls_it(
    tmp_path: Path, view: type[UserFolder], right: str, told: str
) -> None:
    with serving(tmp_path, view) as server, ServerPlug(server).open() as mailbox:
        plug = ServerPlug(server)
        plug.put("order.edi", b"abc")
        seen = mailbox.list()
        plug.deny(right)
        answers: dict[str, Callable[[], str | None]] = {
            "list": lambda: fault_of(mailbox.list),
            "read": lambda: code(next(iter(mailbox.fetch(seen)))),
            "delete": lambda: code(next(iter(mailbox.settle(seen)))),
            "write": lambda: code(next(iter(mailbox.push([parcel("a.x12", b"x")])))),
            "rename": lambda: code(next(iter(mailbox.push([parcel("a.x12", b"x")])))),
        }
        assert answers[right]() == f"exchange.{told}"
        assert plug.delivered() == {}
        assert plug.waiting() == {"order.edi": b"abc"}


def test_a_server_that_denies_what_is_not_there_is_understood(tmp_path: Path) -> None:
    with serving(tmp_path, DeniesWhatIsNotThere) as server, ServerPlug(server).open() as mailbox:
        plug = ServerPlug(server)
        plug.put("order.edi", b"abc")
        seen = mailbox.list()
        assert [pushed.outcome for pushed in mailbox.push([parcel("a.x12", b"x")])] == ["delivered"]
        assert [code(settled) for settled in mailbox.settle(seen)] == [None]
        assert [code(settled) for settled in mailbox.settle(seen)] == [None]


class ListsOddly(UserFolder):
    """Names that try to leave the folder, entries without size, mode or time."""

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        for name in (b"sub/../../order.edi", b"/etc/order.edi", b"x\n.edi", b"\xff\xfe.edi", b"c:\\order.edi"):
            yield asyncssh.SFTPName(name, b"-rw", asyncssh.SFTPAttrs(size=3, permissions=0o100644))
        yield asyncssh.SFTPName(b"order.edi", b"-rw-r--r--", asyncssh.SFTPAttrs())
        yield asyncssh.SFTPName(b"folder.edi", b"drwxr-xr-x", asyncssh.SFTPAttrs())
        yield asyncssh.SFTPName(b"pipe.edi", b"prw", asyncssh.SFTPAttrs(size=3, permissions=0o010644))
        yield asyncssh.SFTPName(b"late.edi", b"-rw", asyncssh.SFTPAttrs(size=3, permissions=0o100644, mtime=2**32 - 1))


def test_whatever_a_server_lists_nothing_leaves_the_folder(tmp_path: Path) -> None:
    with serving(tmp_path, ListsOddly) as server, ServerPlug(server).open() as mailbox:
        ServerPlug(server).put("order.edi", b"abc")
        fetched = {file.sighting.name: file for file in mailbox.fetch(mailbox.list())}
    assert len(fetched) == 7
    assert fetched.pop("order.edi").content == b"abc"
    assert code(fetched.pop("late.edi")) == "exchange.file-gone"
    assert {code(file) for file in fetched.values()} == {"exchange.name-refused"}


class ShowsNothing(UserFolder):
    """Lists a file once, and from then on denies every look at it."""

    listed = False

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        if type(self).listed:
            raise asyncssh.SFTPPermissionDenied("Permission denied")
        type(self).listed = True
        yield asyncssh.SFTPName(b"order.edi", b"-rw-r--r--", asyncssh.SFTPAttrs())
        yield asyncssh.SFTPName(b"sized.edi", b"-rw-r--r--", asyncssh.SFTPAttrs(size=3))

    def lstat(self, path: bytes) -> Any:
        raise asyncssh.SFTPPermissionDenied("Permission denied")

    def stat(self, path: bytes) -> Any:
        raise asyncssh.SFTPPermissionDenied("Permission denied")

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        raise asyncssh.SFTPNoSuchFile("No such file")


def test_a_file_that_cannot_be_looked_at_is_told_and_left(tmp_path: Path) -> None:
    with serving(tmp_path, ShowsNothing) as server, ServerPlug(server).open() as mailbox:
        seen = mailbox.list()
        assert [file.name for file in seen] == ["order.edi", "sized.edi"]
        assert [code(fetched) for fetched in mailbox.fetch(seen)] == ["exchange.read-denied"] * 2
        assert [code(settled) for settled in mailbox.settle(seen)] == ["exchange.read-denied"] * 2
        assert [code(pushed) for pushed in mailbox.push([parcel("a.x12", b"x")])] == ["exchange.write-denied"]


class ListsForEver(UserFolder):
    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        number = 0
        while True:
            number += 1
            attrs = asyncssh.SFTPAttrs(size=3, permissions=0o100644, mtime=0)
            yield asyncssh.SFTPName(b"%d.edi" % number, b"-rw", attrs)


def test_a_listing_without_end_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_names, "LISTED_MAX", 1000)
    with serving(tmp_path, ListsForEver) as server, ServerPlug(server).open() as mailbox:
        assert len(mailbox.list()) == 1000


class HangsUpOnPoison(UserFolder):
    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        if b"poison" in path:
            self.connection.abort()
        return super().open(path, pflags, attrs)


def test_a_file_on_which_the_server_hangs_up_fails_alone(tmp_path: Path) -> None:
    with serving(tmp_path, HangsUpOnPoison) as server, ServerPlug(server).open(in_flight=8) as mailbox:
        plug = ServerPlug(server)
        for number in range(40):
            plug.put(f"{number:02}.edi", b"abc")
        plug.put("07-poison.edi", b"abc")
        fetched = {file.sighting.name: code(file) for file in mailbox.fetch(mailbox.list())}
        pushed = list(mailbox.push([parcel("poison.x12", b"x"), parcel("good.x12", b"x")]))
    assert fetched.pop("07-poison.edi") == "exchange.cut-off"
    assert set(fetched.values()) == {None}
    assert [code(answer) for answer in pushed] == ["exchange.cut-off", None]


class AlwaysHangsUp(UserFolder):
    opened = 0

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        type(self).opened += 1
        self.connection.abort()
        return super().open(path, pflags, attrs)


def test_a_server_that_always_hangs_up_is_not_called_without_end(tmp_path: Path) -> None:
    with serving(tmp_path, AlwaysHangsUp) as server, ServerPlug(server).open(in_flight=1) as mailbox:
        for number in range(100):
            ServerPlug(server).put(f"{number:02}.edi", b"abc")
        fetched = list(mailbox.fetch(mailbox.list()))
    assert {code(file) for file in fetched} == {"exchange.cut-off"}
    assert AlwaysHangsUp.opened < 20


class Stalls(UserFolder):
    async def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        await asyncio.sleep(60)
        return super().open(path, pflags, attrs)


def test_a_server_that_stops_answering_is_hung_up_on(tmp_path: Path) -> None:
    with serving(tmp_path, Stalls) as server, ServerPlug(server).open(timeout_seconds=0.4) as mailbox:
        ServerPlug(server).put("order.edi", b"abc")
        began = time.monotonic()
        [fetched] = mailbox.fetch(mailbox.list())
        assert code(fetched) == "exchange.cut-off"
        assert "no answer" in str(fetched.fault)
        assert time.monotonic() - began < 5


class LosesBytes(UserFolder):
    """A full disk that nobody mentions."""

    def write(self, file_obj: Any, offset: int, data: bytes) -> int:
        written: int = file_obj.write(data[: len(data) // 2])
        return written


def test_a_file_that_arrives_short_is_never_shown(tmp_path: Path) -> None:
    with serving(tmp_path, LosesBytes) as server, ServerPlug(server).open() as mailbox:
        [pushed] = mailbox.push([parcel("answer.x12", b"0123456789")])
        assert (pushed.outcome, code(pushed)) == ("failed", "exchange.size-differs")
        assert ServerPlug(server).delivered() == {}


class LosesTheAnswer(UserFolder):
    """Renames, and the connection is lost before the answer is sent."""

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        super().rename(oldpath, newpath)
        self.connection.abort()


class LosesTheRequest(UserFolder):
    """The connection is lost before the rename."""

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        self.connection.abort()


class LosesTheAnswerAndCollects(UserFolder):
    """As the first, and the partner takes the file away at once."""

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        super().rename(oldpath, newpath)
        super().remove(newpath)
        self.connection.abort()


class CollectsAtOnce(UserFolder):
    """The partner is quick: the file is gone before our rename is answered."""

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        super().rename(oldpath, newpath)
        super().remove(newpath)


class RefusesInWordsOnly(UserFolder):
    """Renames and says that it did not."""

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        super().rename(oldpath, newpath)
        raise asyncssh.SFTPFailure("Failure")


@pytest.mark.parametrize(
    ("view", "outcome", "told", "there"),
    [
        (LosesTheAnswer, "delivered", None, {"a.x12": b"x"}),
        (LosesTheAnswerAndCollects, "unproven", None, {}),
        (LosesTheRequest, "failed", "exchange.cut-off", {".a.x12.part": b"x"}),
        (CollectsAtOnce, "delivered", None, {}),
        (RefusesInWordsOnly, "delivered", None, {"a.x12": b"x"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_became_of_a_rename_is_looked_up_and_never_guessed(
    tmp_path: Path, view: type[UserFolder], outcome: str, told: str | None, there: dict[str, bytes]
) -> None:
    with serving(tmp_path, view) as server, ServerPlug(server).open() as mailbox:
        [pushed] = mailbox.push([parcel("a.x12", b"x")])
        assert (pushed.outcome, code(pushed)) == (outcome, told)
        assert ServerPlug(server).delivered() == there


class SlowDeleter(UserFolder):
    """Deletes, and the connection is lost before the answer."""

    def remove(self, path: bytes) -> None:
        super().remove(path)
        self.connection.abort()


def test_a_deletion_whose_answer_was_lost_counts_as_done(tmp_path: Path) -> None:
    with serving(tmp_path, SlowDeleter) as server, ServerPlug(server).open() as mailbox:
        ServerPlug(server).put("order.edi", b"abc")
        assert [settled.fault for settled in mailbox.settle(mailbox.list())] == [None]
        assert ServerPlug(server).waiting() == {}


class Counts(UserFolder):
    at_once = 0
    most = 0

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        type(self).at_once += 1
        type(self).most = max(self.most, self.at_once)
        return super().open(path, pflags, attrs)

    def close(self, file_obj: object) -> Any:
        type(self).at_once -= 1
        return super().close(file_obj)


def test_no_more_files_are_open_at_once_than_asked_for(tmp_path: Path) -> None:
    with serving(tmp_path, Counts) as server, ServerPlug(server).open(in_flight=5) as mailbox:
        for number in range(60):
            ServerPlug(server).put(f"{number:02}.edi", b"abc")
        assert len(list(mailbox.fetch(mailbox.list()))) == 60
    assert 1 < Counts.most <= 5


class CutsUploads(UserFolder):
    """The line goes down in the middle of an upload; the server then closes the file as if it were whole."""

    def write(self, file_obj: Any, offset: int, data: bytes) -> int:
        if offset > 0:
            self.connection.abort()
        return super().write(file_obj, offset, data)  # type: ignore[return-value]


def test_an_upload_that_is_cut_off_is_never_taken_for_a_delivery(tmp_path: Path) -> None:
    with serving(tmp_path, CutsUploads) as server, ServerPlug(server).open() as mailbox:
        [pushed] = mailbox.push([parcel("big.x12", b"x" * 9_000_000)])
        assert (pushed.outcome, code(pushed)) == ("failed", "exchange.cut-off")
        assert set(ServerPlug(server).delivered()) <= {".big.x12.part"}


def test_a_direct_upload_that_is_cut_off_is_told_and_finished_by_the_next_try(tmp_path: Path) -> None:
    content = bytes(range(256)) * 36_000
    with serving(tmp_path, CutsUploads) as server, ServerPlug(server).open(upload="direct") as mailbox:
        [pushed] = mailbox.push([parcel("big.x12", content)])
        assert (pushed.outcome, code(pushed)) == ("failed", "exchange.cut-off")
        assert pushed.begun
        [there] = ServerPlug(server).delivered().values()
    (tmp_path / "again").mkdir()
    with serving(tmp_path / "again") as server, ServerPlug(server).open(upload="direct") as mailbox:
        ServerPlug(server).put_delivered("big.x12", there[:100_000])
        assert [pushed.outcome for pushed in mailbox.push([replace(pushed.parcel, begun=True)])] == [
            "delivered"
        ]
        assert ServerPlug(server).delivered() == {"big.x12": content}


class TakesOnClosing(UserFolder):
    """The partner takes a file away as soon as it is closed."""

    def close(self, file_obj: Any) -> Any:
        closed = super().close(file_obj)
        Path(os.fsdecode(file_obj.name)).unlink()
        return closed


class TakesOnClosingAndHangsUp(TakesOnClosing):
    """As before, and the connection is lost before the answer."""

    def close(self, file_obj: Any) -> Any:
        closed = super().close(file_obj)
        self.connection.abort()
        return closed


@pytest.mark.parametrize("view", [TakesOnClosing, TakesOnClosingAndHangsUp])
def test_a_direct_upload_that_was_taken_before_it_was_seen_whole_is_unproven(
    tmp_path: Path, view: type[UserFolder]
) -> None:
    with serving(tmp_path, view) as server, ServerPlug(server).open(upload="direct") as mailbox:
        [pushed] = mailbox.push([parcel("a.x12", b"x")])
        assert (pushed.outcome, code(pushed)) == ("unproven", None)


def test_a_direct_upload_that_arrives_short_is_told(tmp_path: Path) -> None:
    with serving(tmp_path, LosesBytes) as server, ServerPlug(server).open(upload="direct") as mailbox:
        [pushed] = mailbox.push([parcel("answer.x12", b"0123456789")])
        assert (pushed.outcome, code(pushed)) == ("failed", "exchange.size-differs")


@pytest.mark.parametrize("view", [LosesTheAnswer, RefusesInWordsOnly])
def test_a_claim_whose_answer_was_lost_is_ours(tmp_path: Path, view: type[UserFolder]) -> None:
    with serving(tmp_path, view) as server, ServerPlug(server).open(claim=True) as mailbox:
        ServerPlug(server).put("order.edi", b"abc")
        [claim] = mailbox.claim(mailbox.list())
        assert (claim.outcome, claim.sighting.claimed) == ("claimed", True)
        assert set(ServerPlug(server).waiting()) == {".order.edi.house.taken"}


def test_a_claim_that_was_never_asked_for_is_no_claim(tmp_path: Path) -> None:
    with serving(tmp_path, LosesTheRequest) as server, ServerPlug(server).open(claim=True) as mailbox:
        ServerPlug(server).put("order.edi", b"abc")
        [claim] = mailbox.claim(mailbox.list())
        assert (claim.outcome, code(claim)) == ("lost", "exchange.cut-off")
        assert set(ServerPlug(server).waiting()) == {"order.edi"}
