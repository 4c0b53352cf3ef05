"""The stage of the demo: a server that plays the retailers' servers, and the gateway as a process beside it."""

import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from edi_gateway import settings
from edi_gateway.demo import buyer, house
from edi_gateway.demo.buyer import Office
from edi_gateway.demo.clerk import PROGRAM, Clerk, environment
from edi_gateway.demo.client import FROM_RETAILER, TO_RETAILER, Desk
from edi_gateway.demo.house import RETAILER, SELLER, Door, Rows
from edi_gateway.demo.script import Mishap, Retailer, Script
from edi_gateway.demo.server import MailboxServer
from edi_gateway.issues.settings import HOUSE_EXISTS, UNREADABLE
from edi_gateway.store.archive import FileArchive
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
        command = (*PROGRAM, "run", "--dir", str(self.directory))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=environment()
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
    seed: int
    servers: Mapping[str, MailboxServer]
    gateway: Gateway
    buyers: tuple[Gateway, ...]
    books: SqlStore
    desks: Mapping[str, Desk]
    offices: Mapping[str, Office]
    clerk: Clerk

    def mend(self, mishap: Mishap) -> None:
        """The retailer puts their server right."""
        server = self.servers[mishap.retailer]
        if mishap.what == "host_key":
            server.replace_host_key(_key_seed(self.seed, mishap.retailer))
        else:
            server.allow(mishap.retailer, TO_RETAILER, may_write=True)

    def rows(self) -> Rows:
        """The books of the seller, and those of the retailers that are gateways."""
        buyers = {user: office.rows() for user, office in self.offices.items()}
        return replace(house.read(self.books), buyers=buyers)

    @property
    def gateways(self) -> tuple[Gateway, ...]:
        """The seller's and the retailers'."""
        return (self.gateway, *self.buyers)


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
        servers: dict[str, MailboxServer] = {retailer.user: server for retailer in script.retailers}
        for user in (mishap.retailer for mishap in script.mishaps if mishap.what == "host_key"):
            alone = {user: passwords[user]}
            key = _key_seed(seed, user)
            servers[user] = Mailboxes(server.root, alone, port=_port(chance), host_key_seed=key)
            stack.enter_context(servers[user])
        doors = {user: Door(each.port, each.host_key) for user, each in servers.items()}
        for mishap in script.mishaps:
            _break(servers[mishap.retailer], mishap, seed)
        seller = directory / SELLER
        house.write(script, seller, doors, passwords)
        house.fill(script, seller)
        books = stack.enter_context(closing(SqlStore(f"sqlite:///{settings.load(seller).database}")))
        desks = {}
        for user in (retailer.user for retailer in script.retailers if retailer.books is None):
            desks[user] = Desk(server.port, user + OWN, passwords[user + OWN], server.host_key)
            stack.callback(desks[user].close)
        offices = {
            retailer.user: _office(script, retailer, directory / RETAILER, server, passwords, stack)
            for retailer in script.retailers if retailer.books is not None
        }
        gateways = [
            Gateway(directory / name, directory / f"{name}.log") for name in (SELLER, *(RETAILER for _ in offices))
        ]
        for gateway in gateways:
            stack.callback(gateway.stop)
            gateway.start()
        clerk = Clerk({name: directory / name for name in (SELLER, RETAILER)}, directory / "commands.log")
        stack.callback(clerk.stop)
        yield Stage(script, seed, servers, gateways[0], tuple(gateways[1:]), books, desks, offices, clerk)


def _office(
    script: Script, retailer: Retailer, folder: Path, server: MailboxServer, passwords: Mapping[str, str],
    stack: ExitStack,
) -> Office:
    """The house of a retailer that is a gateway itself."""
    user = retailer.user + OWN
    buyer.write(retailer, folder, Door(server.port, server.host_key), user, passwords[user])
    buyer.fill(script, retailer, folder)
    for (name, file), content in retailer.papers.items():
        (folder.parent / name / file).write_bytes(content)
    wanted = settings.load(folder)
    books = stack.enter_context(closing(SqlStore(f"sqlite:///{wanted.database}")))
    return Office(books, FileArchive(wanted.archive), server.folder(user) / FROM_RETAILER)


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


def _key_seed(seed: int, user: str) -> str:
    """Of the host key of a server that one retailer has alone."""
    return f"{seed} {user}"


def _break(server: MailboxServer, mishap: Mishap, seed: int) -> None:
    if mishap.what == "host_key":
        server.replace_host_key(f"{_key_seed(seed, mishap.retailer)}, somebody else's")
    else:
        server.allow(mishap.retailer, TO_RETAILER, may_write=False)


def _furnish(server: MailboxServer, retailer: Retailer) -> None:
    for folder in (FROM_RETAILER, TO_RETAILER):
        (server.folder(retailer.user) / folder).mkdir(parents=True, exist_ok=True)
    # On most servers the right to delete and the right to rename are one.
    server.allow(retailer.user, FROM_RETAILER, may_delete=retailer.may_delete, may_rename=retailer.may_delete)
