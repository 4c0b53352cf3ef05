"""The way to the server: another key, a refused login, no server, a line that is cut, slow or silent."""

import os
import time

import pytest

from edi_gateway.demo.server import Account
from edi_gateway.ports import Parcel
from tests.matrix.conftest import Build, OurPlug
from tests.matrix.proxy import Proxy
from tests.matrix.scene import Scene
from tests.transports.mailboxes import USER

LINES = 400
"""So long is an order, and our response, that a cut may fall into its bytes."""
CUTS = tuple(int(size) for size in os.environ.get("EDI_CUTS", "700,4000,9000,20000").split(","))
"""After how many bytes the line is cut: in the handshake, the listing, the files; `EDI_CUTS=500,1000` for others."""


def _our(scene: Scene) -> OurPlug:
    assert isinstance(scene.plug, OurPlug)
    return scene.plug


def test_another_host_key_stops_everything_until_the_agreed_one_is_back(ours: Build) -> None:
    scene = ours()
    server = _our(scene).server
    scene.order("first.edi")
    server.replace_host_key("somebody else's")
    for _ in range(2):
        scene.turn()
    assert scene.issues() == ["exchange.host-key-changed"]
    assert (scene.lost(), len(scene.plug.waiting())) == ([], 1)
    server.replace_host_key("tests")
    scene.turn()
    assert scene.unhealed() == []


def test_a_refused_login_is_told_and_heals_when_the_account_is_back(ours: Build) -> None:
    scene = ours()
    server = _our(scene).server
    scene.order("first.edi")
    before = server.accounts[USER]
    server.accounts[USER] = Account("another")
    for _ in range(2):
        scene.turn()
    assert scene.issues() == ["exchange.login-refused"]
    assert scene.lost() == []
    server.accounts[USER] = before
    scene.turn()
    assert scene.unhealed() == []


def test_a_server_that_is_gone_is_told_and_what_waits_goes_when_it_is_back(ours: Build) -> None:
    scene = ours()
    server = _our(scene).server
    scene.order("first.edi")
    scene.plug.deny("write")
    scene.turn()
    server.stop()
    for _ in range(2):
        scene.turn()
    assert "exchange.unreachable" in scene.issues()
    assert scene.lost() == []
    server.start()
    scene.plug.grant("write")
    scene.turn()
    assert scene.unhealed() == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("way", "claim"), [("up_bytes_max", False), ("down_bytes_max", False), ("down_bytes_max", True)],
    ids=["on its way to them", "on its way to us", "on its way to us, claimed"],
)
def test_a_line_that_is_cut_after_so_many_bytes_loses_nothing(behind_sshd: Build, way: str, *, claim: bool) -> None:
    scene = behind_sshd()
    told = set()
    with Proxy(scene.plug.stated["port"]) as proxy:
        scene.configure(port=proxy.port, claim=claim)
        for size_bytes in CUTS:
            scene.order(f"{size_bytes}.edi", lines=LINES)
            setattr(proxy, way, size_bytes)
            for _ in range(2):
                scene.turn()
                assert scene.lost() == []
            told |= set(scene.issues())
            setattr(proxy, way, None)
            scene.later()
            assert scene.unhealed() == []
            scene.take()
        assert proxy.cuts >= len(CUTS)
    assert "exchange.cut-off" in told
    assert told <= {"exchange.cut-off", "exchange.unreachable"}


def test_a_slow_line_is_only_slow(behind_sshd: Build) -> None:
    scene = behind_sshd()
    with Proxy(scene.plug.stated["port"]) as proxy:
        scene.configure(port=proxy.port, timeout_seconds=2)
        proxy.bytes_per_second, proxy.latency_seconds = 100_000, 0.03
        for number in range(3):
            scene.order(f"{number}.edi", lines=LINES)
        scene.turn()
        assert scene.unhealed() == []


def test_a_file_that_takes_longer_over_a_slow_line_than_a_server_may_be_silent_is_only_slow(
    behind_sshd: Build,
) -> None:
    scene = behind_sshd()
    content = bytes(range(256)) * 8_000
    with Proxy(scene.plug.stated["port"]) as proxy:
        scene.configure(port=proxy.port, timeout_seconds=2)
        proxy.bytes_per_second = 600_000
        scene.plug.put("large.edi", content)
        with scene.house.channels["acme"]() as mailbox:
            assert [fetched.content == content for fetched in mailbox.fetch(mailbox.list())] == [True]
            parcels = [Parcel(number, "acme", f"{number}.x12", content[:1_000_000]) for number in range(2)]
            assert [pushed.outcome for pushed in mailbox.push(parcels)] == ["delivered"] * 2


def test_a_line_that_falls_silent_is_hung_up_on_and_heals(behind_sshd: Build) -> None:
    scene = behind_sshd()
    with Proxy(scene.plug.stated["port"]) as proxy:
        scene.configure(port=proxy.port, timeout_seconds=0.5)
        scene.order("first.edi")
        proxy.silent = True
        began = time.monotonic()
        scene.turn()
        assert time.monotonic() - began < 10
        assert set(scene.issues()) <= {"exchange.cut-off", "exchange.unreachable"}
        assert scene.issues()
        assert scene.lost() == []
        proxy.silent = False
        scene.configure(port=proxy.port)
        scene.turn()
        assert scene.unhealed() == []
