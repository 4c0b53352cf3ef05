"""Every call to a server has an end, whether it answers nothing at all or one drop after another."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from edi_gateway.demo.server import UserFolder
from edi_gateway.issues import GatewayError
from edi_gateway.ports import Transport
from tests.transports.contract import code, fault_of, parcel
from tests.transports.mailboxes import ServerPlug, serving

# The server's side is cut down in the middle of its answer, and leaves its file to be closed by nobody.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")

CONTENT = bytes(range(256)) * 8
STEPS = ("open", "read", "write", "close", "lstat", "rename", "remove", "scandir")
PATIENCE_SECONDS = 15
QUICK = {"timeout_seconds": 0.4, "seconds_per_file_max": 1.0}
"""So long a silent server is listened to, and one that answers in drops."""


def hanging(step: str) -> type[UserFolder]:
    """A view that never answers one kind of request."""

    async def hang(self: UserFolder, *_: Any) -> None:
        await asyncio.sleep(PATIENCE_SECONDS * 4)

    async def hang_listing(self: UserFolder, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        await asyncio.sleep(PATIENCE_SECONDS * 4)
        yield asyncssh.SFTPName(b"never.edi")

    return type(f"HangsOn{step}", (UserFolder,), {step: hang_listing if step == "scandir" else hang})


def every_call(mailbox: Transport, plug: ServerPlug) -> Iterator[str | None]:
    """The faults of each call in turn."""
    plug.put("order.edi", CONTENT)
    try:
        seen = mailbox.list()
    except GatewayError as fault:
        yield fault.kind.code
        seen = ()
    for answers in (mailbox.fetch(seen), mailbox.claim(seen), mailbox.settle(seen)):
        yield from map(code, answers)
    yield from map(code, mailbox.push([parcel("answer.x12", CONTENT)]))


@pytest.mark.parametrize(
    "options", [{"claim": True, "after": "move"}, {"claim": False, "upload": "direct"}], ids=["renamed", "direct"]
)
@pytest.mark.parametrize("step", STEPS)
def test_a_request_that_is_never_answered_ends_and_is_told(
    tmp_path: Path, step: str, options: dict[str, Any]
) -> None:
    with serving(tmp_path, hanging(step)) as server, ServerPlug(server).open(**QUICK, **options) as mailbox:
        began = time.monotonic()
        told = list(every_call(mailbox, ServerPlug(server)))
        assert time.monotonic() - began < PATIENCE_SECONDS
    needed = {"rename": options["claim"], "remove": "upload" in options}.get(step, True)
    assert ("exchange.cut-off" in told) is needed


class Drips(UserFolder):
    """Answers always, and each time with next to nothing."""

    async def read(self, file_obj: Any, offset: int, size: int) -> bytes:
        await asyncio.sleep(0.05)
        file_obj.seek(offset)
        drop: bytes = file_obj.read(1)
        return drop


class DripsTheListing(UserFolder):
    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        for number in range(10_000):
            await asyncio.sleep(0.05)
            yield asyncssh.SFTPName(b"%d.edi" % number, b"-rw", asyncssh.SFTPAttrs(size=3, permissions=0o100644))


class DripsWhatItTakes(UserFolder):
    async def write(self, file_obj: Any, offset: int, data: bytes) -> int:
        await asyncio.sleep(0.3)
        written: int = file_obj.write(data)
        return written


@pytest.mark.parametrize(
    ("view", "call"),
    [
        (Drips, lambda mailbox: [code(file) for file in mailbox.fetch(mailbox.list())]),
        (DripsTheListing, lambda mailbox: [fault_of(mailbox.list)]),
        (DripsWhatItTakes, lambda mailbox: [code(one) for one in mailbox.push([parcel("a.x12", CONTENT * 8_000)])]),
    ],
    ids=lambda value: getattr(value, "__name__", "call"),
)
def test_a_server_that_answers_drop_by_drop_is_hung_up_on(
    tmp_path: Path, view: type[UserFolder], call: Callable[[Transport], list[str]]
) -> None:
    with serving(tmp_path, view) as server, ServerPlug(server).open(seconds_per_file_max=1) as mailbox:
        ServerPlug(server).put("order.edi", CONTENT * 4)
        began = time.monotonic()
        assert call(mailbox) == ["exchange.cut-off"]
        assert time.monotonic() - began < PATIENCE_SECONDS


def test_a_file_that_drips_keeps_no_other_from_being_fetched(tmp_path: Path) -> None:
    class DripsOne(Drips):
        async def read(self, file_obj: Any, offset: int, size: int) -> bytes:
            if b"slow" in file_obj.name:
                return await super().read(file_obj, offset, size)
            return UserFolder.read(self, file_obj, offset, size)  # type: ignore[return-value]

    with serving(tmp_path, DripsOne) as server, ServerPlug(server).open(seconds_per_file_max=1) as mailbox:
        for name in ("a.edi", "m-slow.edi", "z.edi"):
            ServerPlug(server).put(name, CONTENT * 4)
        fetched = {file.sighting.name: code(file) for file in mailbox.fetch(mailbox.list())}
    assert fetched == {"a.edi": None, "m-slow.edi": "exchange.cut-off", "z.edi": None}


class RenamesInSilence(UserFolder):
    """Renames, and never says so."""

    async def rename(self, oldpath: bytes, newpath: bytes) -> None:
        super().rename(oldpath, newpath)
        await asyncio.sleep(PATIENCE_SECONDS * 4)


def test_what_became_of_a_rename_that_took_too_long_is_looked_up(tmp_path: Path) -> None:
    with serving(tmp_path, RenamesInSilence) as server, ServerPlug(server).open(seconds_per_file_max=1) as mailbox:
        assert [pushed.outcome for pushed in mailbox.push([parcel("a.x12", CONTENT)])] == ["delivered"]


@contextmanager
def greeting_in_drops() -> Iterator[int]:
    """The port of a server that never comes to the end of its first line."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)

        def greet() -> None:
            while not ended.is_set():
                with suppress(OSError):
                    guest, _ = server.accept()
                    with guest:
                        while not ended.wait(0.05):
                            guest.sendall(b"-")

        thread = threading.Thread(target=greet)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            ended.set()
            thread.join()


def test_a_login_that_drips_ends(tmp_path: Path) -> None:
    with serving(tmp_path) as server, greeting_in_drops() as port:
        began = time.monotonic()
        with ServerPlug(server).open(port=port, **QUICK) as mailbox:
            assert fault_of(mailbox.list) == "exchange.unreachable"
        assert time.monotonic() - began < PATIENCE_SECONDS


class HoldsItsTongue(UserFolder):
    """Lets us in, and does not say whether there is SFTP."""

    ended: threading.Event

    def __init__(self, *asked: Any) -> None:
        self.ended.wait(PATIENCE_SECONDS)
        super().__init__(*asked)


def test_a_server_that_falls_silent_after_the_login_is_not_taken_for_one_that_refuses(tmp_path: Path) -> None:
    HoldsItsTongue.ended = threading.Event()
    with serving(tmp_path, HoldsItsTongue) as server:
        try:
            with ServerPlug(server).open(timeout_seconds=1) as mailbox:
                assert fault_of(mailbox.list) == "exchange.unreachable"
        finally:
            HoldsItsTongue.ended.set()
