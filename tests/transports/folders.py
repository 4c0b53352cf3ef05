"""The laws of a channel with several folders, for every transport that has them.

A transport is held to them by a test class that derives from `FoldersContract` and has a fixture `plug`.
"""

from pathlib import Path
from typing import Any, Protocol

import pytest
from pydantic import ValidationError

from edi_gateway.issues import GatewayError
from edi_gateway.ports import Looks, Parcel, Skips, Transport
from tests.transports.contract import code, fault_of, sighting


class FoldersPlug(Protocol):
    """A mailbox whose partner makes folders on a disk."""

    def open(self, **options: Any) -> Transport:
        """The transport, with these options beside those that lead to the mailbox."""

    def make(self, name: str) -> Path:
        """Makes a folder; returns where it is on the disk."""

    def named(self, name: str) -> str:
        """How an option names that folder."""

    def delivered(self) -> dict[str, bytes]:
        """All files in the folder we deliver to."""


def remaining(mailbox: Transport) -> dict[str, str]:
    """What the last listing left out, and why."""
    assert isinstance(mailbox, Skips)
    return {mark: fault.kind.code for mark, fault in mailbox.left_out().items()}


class FoldersContract:
    def test_several_folders_are_one_mailbox_and_equal_names_do_not_clash(self, plug: FoldersPlug) -> None:
        places = {name: plug.make(name) for name in ("orders", "acks")}
        for name, place in places.items():
            (place / "1.edi").write_bytes(name.encode())
        folders = [plug.named("orders"), plug.named("acks")]
        with plug.open(collect=folders, claim=True, after="move") as mailbox:
            seen = mailbox.list()
            assert [file.name for file in seen] == ["acks:1.edi", "orders:1.edi"]
            assert remaining(mailbox) == {}
            assert [(file.sighting, file.content) for file in mailbox.fetch(seen)] == [
                (seen[0], b"acks"), (seen[1], b"orders"),
            ]
            claims = [claim.sighting for claim in mailbox.claim(seen)]
            assert mailbox.list() == tuple(claims)
            assert [settled.fault for settled in mailbox.settle(claims)] == [None, None]
        for name, place in places.items():
            assert (place / "archive" / "1.edi").read_bytes() == name.encode()

    def test_a_name_leads_out_of_none_of_the_folders(self, plug: FoldersPlug) -> None:
        for name in ("orders", "acks"):
            plug.make(name)
        with plug.open(collect=[plug.named("orders"), plug.named("acks")], claim=True) as mailbox:
            odd = [sighting("acks:../1.edi"), sighting("acks:..")]
            assert [code(fetched) for fetched in mailbox.fetch(odd)] == ["exchange.name-refused"] * 2
            assert [code(claim) for claim in mailbox.claim(odd)] == ["exchange.name-refused"] * 2
            assert [code(settled) for settled in mailbox.settle(odd)] == ["exchange.name-refused"] * 2
            nowhere = [sighting("1.edi")]
            assert [code(fetched) for fetched in mailbox.fetch(nowhere)] == ["exchange.folder-missing"]

    def test_a_folder_that_cannot_be_listed_is_told_and_the_others_go_on(self, plug: FoldersPlug) -> None:
        (plug.make("orders") / "1.edi").write_bytes(b"abc")
        with plug.open(collect=[plug.named("acks"), plug.named("orders")]) as mailbox:
            assert [file.name for file in mailbox.list()] == ["orders:1.edi"]
            assert remaining(mailbox) == {"acks:": "exchange.folder-missing"}
            (plug.make("acks") / "2.edi").write_bytes(b"abc")
            assert [file.name for file in mailbox.list()] == ["acks:2.edi", "orders:1.edi"]
            assert remaining(mailbox) == {}

    def test_where_no_folder_can_be_listed_the_listing_fails(self, plug: FoldersPlug) -> None:
        with plug.open(collect=[plug.named("acks"), plug.named("orders")]) as mailbox:
            assert fault_of(mailbox.list) == "exchange.folder-missing"

    def test_a_folder_to_move_to_that_cannot_be_made_is_told_and_the_file_stays(self, plug: FoldersPlug) -> None:
        place = plug.make("orders")
        (place / "1.edi").write_bytes(b"abc")
        with plug.open(collect=plug.named("orders"), after="move", move_to="none/archive") as mailbox:
            seen = mailbox.list()
            assert [code(settled) for settled in mailbox.settle(seen)] == ["exchange.folder-missing"]
            assert mailbox.list() == seen
            (place / "none").mkdir()
            assert [settled.fault for settled in mailbox.settle(seen)] == [None]
            assert [settled.fault for settled in mailbox.settle(seen)] == [None]
        assert (place / "none/archive/1.edi").read_bytes() == b"abc"

    def test_each_set_goes_to_its_own_folder_and_the_others_to_the_default(self, plug: FoldersPlug) -> None:
        other, own = plug.make("in"), plug.make("asn")
        with plug.open(deliver={"default": plug.named("in"), "856": plug.named("asn")}) as mailbox:
            assert isinstance(mailbox, Looks)
            assert mailbox.look()
            parcels = [Parcel(1, "acme", "a.x12", b"a", "856"), Parcel(2, "acme", "b.x12", b"b", "810")]
            assert [pushed.outcome for pushed in mailbox.push(parcels)] == ["delivered"] * 2
            assert [file.name for file in other.iterdir()] == ["b.x12"]
            assert [file.name for file in own.iterdir()] == ["a.x12"]
            (own / "a.x12").unlink()
            own.rmdir()
            with pytest.raises(GatewayError, match="asn"):
                mailbox.look()

    def test_folders_that_cannot_be_told_apart_are_refused_in_the_settings(self, plug: FoldersPlug) -> None:
        with pytest.raises(ValidationError, match="a last part of its own"):
            plug.open(collect=["/a/orders", "/b/orders"])
        with pytest.raises(ValidationError, match="under default"):
            plug.open(deliver={"856": "/asn"})
        with pytest.raises(ValidationError, match="two folders"):
            plug.open(collect=["/a/orders", "/a/acks"], deliver={"default": "/in", "856": "/a/acks"})
