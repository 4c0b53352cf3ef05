"""A mailbox on our own server, with the partner's client logged in beside us."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from edi_gateway.demo.server import MailboxServer, UserFolder
from edi_gateway.transports import sftp
from tests.transports.contract import NOON
from tests.transports.disk import files
from tests.transports.partner import Partner

USER, PASSWORD = "acme", "correct horse"
COLLECT, DELIVER = "from-retailer", "to-retailer"


class ServerPlug:
    """The partner drops and reads with paramiko where it can."""

    def __init__(self, server: MailboxServer) -> None:
        self.server = server
        self.collect = server.folder(USER) / COLLECT
        self.deliver = server.folder(USER) / DELIVER
        self.stated = {
            "host": self.server.host, "port": self.server.port, "user": USER, "password": PASSWORD,
            "host_keys": (self.server.host_key,), "collect": f"/{COLLECT}", "deliver": f"/{DELIVER}",
            "timeout_seconds": 10,
        }

    def open(self, **options: Any) -> sftp.Mailbox:
        return sftp.open("acme", sftp.Options.model_validate(self.stated | options))

    def partner(self) -> Partner:
        return Partner(self.server.host, self.server.port, USER, password=PASSWORD)

    def put(self, name: str, content: bytes, modified: datetime = NOON) -> None:
        path = self.collect / name
        path.write_bytes(content)
        os.utime(path, (modified.timestamp(), modified.timestamp()))

    def waiting(self) -> dict[str, bytes]:
        return files(self.collect)

    def archived(self) -> dict[str, bytes]:
        return files(self.collect / "archive")

    def delivered(self) -> dict[str, bytes]:
        return files(self.deliver)

    def put_delivered(self, name: str, content: bytes) -> None:
        (self.deliver / name).write_bytes(content)

    def deny(self, right: str) -> None:
        self._allow(right, yes=False)

    def grant(self, right: str) -> None:
        self._allow(right, yes=True)

    def lose(self, folder: str) -> None:
        {"collect": self.collect, "deliver": self.deliver}[folder].rmdir()

    def make(self, name: str) -> Path:
        place = self.server.folder(USER) / name
        place.mkdir()
        return place

    def named(self, name: str) -> str:
        return f"/{name}"

    def _allow(self, right: str, *, yes: bool) -> None:
        for folder in (COLLECT, DELIVER):
            self.server.allow(USER, folder, **{f"may_{right}": yes})


class PartneredPlug(ServerPlug):
    """The same, with everything that can go through the partner's client going through it."""

    def __init__(self, server: MailboxServer, partner: Partner) -> None:
        super().__init__(server)
        self._partner = partner

    def put(self, name: str, content: bytes, modified: datetime = NOON) -> None:
        if name.isprintable():
            self._partner.put(f"/{COLLECT}/{name}", content, modified)
        else:
            super().put(name, content, modified)

    def archived(self) -> dict[str, bytes]:
        return self._partner.files(f"/{COLLECT}/archive")

    def delivered(self) -> dict[str, bytes]:
        return self._partner.files(f"/{DELIVER}")

    def put_delivered(self, name: str, content: bytes) -> None:
        self._partner.put(f"/{DELIVER}/{name}", content)


@contextmanager
def serving(root: Path, view: type[UserFolder] = UserFolder) -> Iterator[MailboxServer]:
    """Our server with one user, as that view of it shows them their folder."""
    with MailboxServer(root, {USER: PASSWORD}, host_key_seed="tests", view=view) as server:
        for folder in (COLLECT, DELIVER):
            (server.folder(USER) / folder).mkdir()
        yield server
