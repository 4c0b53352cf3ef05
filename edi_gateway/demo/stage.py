"""The stage of the demo: a server that plays the retailers' servers, and the gateway as a process beside it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from edi_gateway import settings
from edi_gateway.demo import house
from edi_gateway.demo.client import FROM_RETAILER, TO_RETAILER, Desk
from edi_gateway.demo.script import Retailer, Script
from edi_gateway.demo.server import MailboxServer
from edi_gateway.issues.settings import HOUSE_EXISTS, UNREADABLE
from edi_gateway.settings import PREFIX
from edi_gateway.store.sql import SqlStore

OWN = "-own"
"""The retailer's own account of a mailbox is named as the gateway's, with this behind it."""
STOP_SECONDS = 30


class Mailboxes(MailboxServer):
    """One folder a retailer, with two accounts: the gateway's, whose rights count, and the retailer's own."""

    def folder(self, user: str) -> Path:
        """Both accounts see the same folder."""
        return self.root / user.removesuffix(OWN)


@dataclass
class Gateway:
    """The gateway's process."""

    directory: Path
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Runs `edi-gateway run` on the seller's house; what it says goes to the log."""
        environment = {name: text for name, text in os.environ.items() if not name.upper().startswith(PREFIX)}
        command = (sys.executable, "-m", "edi_gateway", "run", "--dir", str(self.directory))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=environment
            )

    @property
    def running(self) -> bool:
        """Whether it is alive."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """Ends it as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> int | None:
        """Asks it to end, waits, and returns its exit status."""
        if self.process is None:
            return None
        if self.running:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return None


@dataclass(frozen=True)
class Stage:
    """Everything that stands and runs while the play goes on."""

    script: Script
    server: MailboxServer
    gateway: Gateway
    books: SqlStore
    desks: Mapping[str, Desk]


@contextmanager
def build(script: Script, directory: Path, seed: int) -> Iterator[Stage]:
    """Sets the stage in an empty or new folder and takes it down again; the folder stays.

    Everything made up comes from the seed. Raises `GatewayError` (`settings.house-exists`) for a used folder.
    """
    _make(directory)
    chance = Random(seed)
    passwords = {user: f"{chance.getrandbits(96):024x}" for r in script.retailers for user in (r.user, r.user + OWN)}
    with ExitStack() as stack:
        server = Mailboxes(directory / "retailers", passwords, port=_port(chance), host_key_seed=f"{seed}")
        stack.enter_context(server)
        for retailer in script.retailers:
            _furnish(server, retailer)
        seller = directory / "seller"
        house.write(script, seller, server.port, server.host_key, passwords)
        house.fill(script, seller)
        books = stack.enter_context(closing(SqlStore(f"sqlite:///{settings.load(seller).database}")))
        desks = {}
        for user in (retailer.user for retailer in script.retailers):
            desks[user] = Desk(server.port, user + OWN, passwords[user + OWN], server.host_key)
            stack.callback(desks[user].close)
        gateway = Gateway(seller, directory / "seller.log")
        stack.callback(gateway.stop)
        gateway.start()
        yield Stage(script, server, gateway, books, desks)


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise HOUSE_EXISTS.error(f"{directory} is not empty; the demo wants a folder of its own")
    except OSError as error:
        raise UNREADABLE.error(f"{directory}: {error.strerror}") from error


def _port(chance: Random) -> int:
    """The seed's port where it is free, else any."""
    port = chance.randrange(20000, 32000)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port


def _furnish(server: MailboxServer, retailer: Retailer) -> None:
    for folder in (FROM_RETAILER, TO_RETAILER):
        (server.folder(retailer.user) / folder).mkdir(parents=True, exist_ok=True)
    server.allow(retailer.user, FROM_RETAILER, may_delete=retailer.may_delete)
