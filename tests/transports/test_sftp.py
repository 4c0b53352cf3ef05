"""SFTP against our own server keeps the laws of mailboxes, and tells what keeps it from a server."""

import logging
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from edi_gateway.demo.server import MailboxServer
from edi_gateway.issues import GatewayError
from edi_gateway.transports import sftp
from tests.transports.contract import MailboxContract, code, fault_of, parcel, sighting
from tests.transports.folders import FoldersContract
from tests.transports.mailboxes import PartneredPlug, ServerPlug, serving


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailboxServer]:
    with serving(tmp_path) as server:
        yield server


@pytest.fixture
def plug(server: MailboxServer) -> Iterator[PartneredPlug]:
    with ServerPlug(server).partner() as partner:
        yield PartneredPlug(server, partner)


class TestSftp(MailboxContract):
    pass


class TestFolders(FoldersContract):
    pass


def test_nothing_is_called_before_the_first_use(plug: ServerPlug) -> None:
    with plug.open(port=1):
        pass


def test_a_wrong_password_and_an_unknown_user_are_told_alike(plug: ServerPlug) -> None:
    for wrong in ({"password": "wrong"}, {"user": "nobody"}):
        with plug.open(**wrong) as mailbox:
            assert fault_of(mailbox.list) == "exchange.login-refused"


def test_a_server_that_is_down_is_told_once_and_for_every_file(plug: ServerPlug) -> None:
    plug.server.stop()
    with plug.open() as mailbox:
        assert fault_of(mailbox.list) == "exchange.unreachable"
        fetched = list(mailbox.fetch([sighting(f"{number}.edi") for number in range(100)]))
        settled = list(mailbox.settle([sighting("a.edi")]))
        pushed = list(mailbox.push([parcel("a.x12", b"x")]))
    told = {*map(code, fetched), *map(code, settled), *map(code, pushed)}
    assert told == {"exchange.unreachable"}
    plug.server.start()
    with plug.open() as mailbox:
        assert mailbox.list() == ()


def test_a_server_that_says_nothing_is_not_waited_for_long(plug: ServerPlug) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        began = time.monotonic()
        with plug.open(port=mute.getsockname()[1], timeout_seconds=0.3) as mailbox:
            assert fault_of(mailbox.list) == "exchange.unreachable"
        assert time.monotonic() - began < 5


def test_a_host_key_that_is_not_pinned_is_shown_and_can_be_pinned_from_the_note(plug: ServerPlug) -> None:
    with plug.open(host_keys=()) as mailbox, pytest.raises(GatewayError) as caught:
        mailbox.list()
    assert caught.value.kind.code == "exchange.host-key-unpinned"
    assert "SHA256:" in caught.value.note
    [line] = re.findall(r'"(ssh-[^"]+)"', caught.value.note)
    with plug.open(host_keys=(line,)) as mailbox:
        assert mailbox.list() == ()


def test_a_changed_host_key_stops_everything_until_it_is_pinned(plug: ServerPlug) -> None:
    plug.put("order.edi", b"abc")
    plug.server.replace_host_key("another")
    with plug.open() as mailbox:
        assert fault_of(mailbox.list) == "exchange.host-key-changed"
        [fetched] = mailbox.fetch([sighting("order.edi")])
        assert code(fetched) == "exchange.host-key-changed"
    with plug.open(host_keys=(plug.server.host_key,)) as mailbox:
        assert len(mailbox.list()) == 1


def test_a_connection_cut_between_two_calls_is_made_anew(plug: ServerPlug) -> None:
    plug.put("order.edi", b"abc")
    with plug.open() as mailbox:
        seen = mailbox.list()
        plug.server.hang_up()
        assert [fetched.content for fetched in mailbox.fetch(seen)] == [b"abc"]
        plug.server.hang_up()
        assert [pushed.outcome for pushed in mailbox.push([parcel("a.x12", b"x")])] == ["delivered"]
        plug.server.hang_up()
        assert [settled.fault for settled in mailbox.settle(seen)] == [None]


def test_many_files_need_one_connection(server: MailboxServer) -> None:
    plug = ServerPlug(server)
    for number in range(200):
        plug.put(f"{number}.edi", b"x")
    with plug.open() as mailbox:
        seen = mailbox.list()
        for fetched in mailbox.fetch(seen):
            assert fetched.content == b"x"
            assert len(server.connections) == 1
        list(mailbox.settle(seen))
        assert len(server.connections) == 1
    assert plug.waiting() == {}


def test_leaving_the_context_hangs_up(server: MailboxServer) -> None:
    plug = ServerPlug(server)
    with plug.open() as mailbox:
        mailbox.list()
    for _ in range(100):
        if not server.connections:
            return
        time.sleep(0.02)
    pytest.fail("the connection is still there")


def test_a_mailbox_can_be_entered_again(plug: ServerPlug) -> None:
    mailbox = plug.open()
    for _ in range(2):
        with mailbox:
            assert mailbox.list() == ()


def test_a_channel_may_only_collect_or_only_deliver(plug: ServerPlug) -> None:
    with plug.open(deliver=None) as mailbox:
        assert mailbox.list() == ()
        assert [code(pushed) for pushed in mailbox.push([parcel("a.x12", b"x")])] == ["exchange.folder-missing"]
    with plug.open(collect=None) as mailbox:
        assert mailbox.list() == ()
        assert [code(fetched) for fetched in mailbox.fetch([sighting("a.edi")])] == ["exchange.folder-missing"]
        assert [code(settled) for settled in mailbox.settle([sighting("a.edi")])] == ["exchange.folder-missing"]
        assert [pushed.outcome for pushed in mailbox.push([parcel("a.x12", b"x")])] == ["delivered"]


def test_folders_that_cannot_be_meant_are_refused_in_the_settings(plug: ServerPlug) -> None:
    with pytest.raises(ValidationError, match="two folders"):
        plug.open(deliver="/from-retailer/")
    with pytest.raises(ValidationError, match="is needed"):
        plug.open(collect=None, deliver=None)


def test_an_absolute_archive_is_where_it_says(plug: ServerPlug) -> None:
    plug.put("order.edi", b"abc")
    with plug.open(after="move", move_to="/done") as mailbox:
        assert [settled.fault for settled in mailbox.settle(mailbox.list())] == [None]
    assert (plug.server.folder("acme") / "done" / "order.edi").read_bytes() == b"abc"


def test_secrets_are_in_no_note_and_no_log(plug: ServerPlug, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with plug.open(password="hunter2") as mailbox, pytest.raises(GatewayError) as caught:
        mailbox.list()
    options = sftp.Options.model_validate(plug.stated | {"password": "hunter2"})
    assert "hunter2" not in f"{caught.value} {caught.value.context} {options!r} {caplog.text}"
