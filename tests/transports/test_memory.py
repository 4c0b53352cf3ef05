"""The mailbox in memory keeps the laws of mailboxes."""

from datetime import datetime
from typing import Any

import pytest

from edi_gateway.ports import Transport
from edi_gateway.transports import memory
from tests.transports.contract import NOON, MailboxContract, fault_of


class MemoryPlug:
    def __init__(self, name: str) -> None:
        self.name = name
        self.contents = memory.contents(name)

    def open(self, **options: Any) -> Transport:
        return memory.open("acme", memory.Options(mailbox=self.name, **options))

    def put(self, name: str, content: bytes, modified: datetime = NOON) -> None:
        self.contents.collect.put(name, content, modified)

    def waiting(self) -> dict[str, bytes]:
        return _bytes(self.contents.collect)

    def archived(self) -> dict[str, bytes]:
        return _bytes(self.contents.archive)

    def delivered(self) -> dict[str, bytes]:
        return _bytes(self.contents.deliver)

    def put_delivered(self, name: str, content: bytes) -> None:
        if not name.startswith("."):
            self.contents.deliver.put(name, content)

    def deny(self, right: str) -> None:
        self.contents.denied.add(right)

    def grant(self, right: str) -> None:
        self.contents.denied.discard(right)

    def lose(self, folder: str) -> None:
        self.contents.missing.add(folder)


def _bytes(files: memory.Files) -> dict[str, bytes]:
    return {name: content for name, (content, _) in tuple(files.items())}


@pytest.fixture
def plug(request: pytest.FixtureRequest) -> MemoryPlug:
    return MemoryPlug(request.node.nodeid)


class TestMemory(MailboxContract):
    pass


def test_a_server_that_is_down_is_told(plug: MemoryPlug) -> None:
    plug.contents.reachable = False
    with plug.open() as mailbox:
        assert fault_of(mailbox.list) == "exchange.unreachable"
