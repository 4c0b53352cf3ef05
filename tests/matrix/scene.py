"""A whole house at a partner's real server, and what must hold at both ends whatever goes wrong between them."""

import json
import resource
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from edi_gateway.flows import partners, prices
from edi_gateway.flows.house import House
from edi_gateway.flows.turns import Turns
from edi_gateway.issues import GatewayError
from edi_gateway.settings import load
from edi_gateway.store.archive import FileArchive
from edi_gateway.wiring import open_house
from tests.flows.stage import PRICES, envelope, order

HABITS = {"stable_seconds": 0.01, "unclosed_rounds_max": 1, "timeout_seconds": 10}


class Ahead:
    """The machine's clock, which can be put forward: so nobody waits for the pauses between two tries."""

    def __init__(self) -> None:
        self.by = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


class Plug(Protocol):
    """The partner's side of a mailbox, and how we log in there."""

    stated: dict[str, Any]
    collect: Path

    def put(self, name: str, content: bytes) -> None: ...
    def take_away(self, name: str) -> None: ...
    def waiting(self) -> dict[str, bytes]: ...
    def delivered(self) -> dict[str, bytes]: ...
    def deny(self, right: str) -> None: ...
    def grant(self, right: str) -> None: ...


class Scene:
    """One house, the partner `acme`, and what that partner has dropped and received so far."""

    def __init__(self, directory: Path, plug: Plug, **options: Any) -> None:
        self.directory = directory
        self.plug = plug
        self.dropped: dict[str, bytes] = {}
        self.received: list[tuple[str, bytes]] = []
        self.told: list[str] = []
        self._clock = Ahead()
        self._closing = ExitStack()
        self._orders = 0
        directory.mkdir()
        self.configure(**options)
        prices.load(self.house, "list", PRICES)
        partners.add(
            self.house, "acme", ours="ZZ:SELLER", theirs="ZZ:ACME", channel="acme", partnership_name="acme-books",
            price_list="list", currency="USD",
        )

    def configure(self, **options: Any) -> None:
        """Opens the house with other options of its channel; those not given are as the plug states them."""
        stated = HABITS | self.plug.stated | options
        if "password" in stated:
            (self.directory / "password").write_text(stated["password"], encoding="utf-8")
            stated["password"] = "file:password"
        rows = [f"{name} = {_toml(value)}" for name, value in stated.items()]
        text = "\n".join(("[channels.acme]", 'transport = "sftp"', *rows, ""))
        (self.directory / "gateway.toml").write_text(text, encoding="utf-8")
        self._closing.close()
        self.house: House = replace(self._closing.enter_context(open_house(self.directory)), clock=self._clock)

    def order(self, name: str | None = None, *, lines: int = 2) -> bytes:
        """The next order, which the partner drops under that name when one is given."""
        self._orders += 1
        content = envelope(_order(self._orders, lines), icn=self._orders, group=self._orders).encode()
        if name is not None:
            self.drop(name, content)
        return content

    def drop(self, name: str, content: bytes) -> None:
        """The partner puts a file out for us."""
        self.plug.put(name, content)
        self.dropped[sha256(content).hexdigest()] = content

    def turn(self) -> None:
        """One visit, as the scheduler makes it: what cannot even be put on the desk is told in the log."""
        try:
            Turns(self.house, ["acme"]).visit("acme")
        except GatewayError as error:
            self.told.append(error.kind.code)

    def turn_beside(self) -> None:
        """One visit by another who has opened the same house, as `poll` beside a gateway that runs."""
        with open_house(self.directory) as house:
            Turns(house, ["acme"]).visit("acme")

    def later(self) -> None:
        """A visit when the pauses after what went wrong have passed, and one more."""
        self._clock.by += timedelta(days=1)
        for _ in range(2):
            self.turn()

    def issues(self) -> list[str]:
        """The kinds of the open issues."""
        return [row[0] for row in self.ask("SELECT kind FROM issues WHERE state = 'open' ORDER BY kind")]

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """The rows of a question to the books."""
        with sqlite3.connect(self.directory / "gateway.sqlite") as connection:
            return connection.execute(question).fetchall()

    def take(self) -> None:
        """The partner takes what was delivered."""
        for name, content in self.plug.delivered().items():
            if not name.startswith("."):
                self.received.append((name, content))
                self.plug.take_away(name)

    def lost(self) -> list[str]:
        """What breaks the laws that hold at every moment, with its place; nothing when all is well."""
        lying = {sha256(content).hexdigest() for content in self.plug.waiting().values()}
        nowhere = [digest for digest in self.dropped if digest not in lying and not self._archived(digest)]
        found = [f"{digest} is nowhere" for digest in nowhere]
        found += [f"order {number} is on the books {times} times" for number, times in self.ask(
            "SELECT number, count(*) FROM orders GROUP BY number HAVING count(*) > 1")]
        found += [f"{kind} of order {key} stands in the ledger {times} times" for kind, key, times in self.ask(
            "SELECT kind, order_id, count(*) FROM entries WHERE kind IN ('order.placed', 'order.answered') "
            "GROUP BY kind, order_id HAVING count(*) > 1")]
        there = Counter(dict.fromkeys(self.received, 1)) | Counter(dict.fromkeys(self.plug.delivered().items(), 1))
        digests = {sha256(content).hexdigest() for _, content in there}
        found += [f"{name} is {state} and never came" for name, state, digest in self.ask(
            "SELECT name, state, digest FROM parcels WHERE state = 'delivered'") if digest not in digests]
        return found

    def unhealed(self) -> list[str]:
        """What is not as it must be once the cause is gone and a round or two have been made."""
        found = [*self.lost(), *(f"{kind} is open" for kind in self.issues())]
        wanted = {f"PO-{number}" for number in range(1, self._orders + 1)}
        on_books = {row[0] for row in self.ask("SELECT number FROM orders")}
        found += [f"order {number} is not on the books" for number in sorted(wanted - on_books)]
        hidden_or_ours = [name for name, content in self.plug.waiting().items()
                          if name.startswith(".") or sha256(content).hexdigest() in self.dropped]
        found += [f"{name} still lies in the mailbox" for name in hidden_or_ours]
        came = [*self.received, *self.plug.delivered().items()]
        found += [f"{name} was left behind" for name, _ in came if name.startswith(".")]
        for set_id in ("997", "855"):
            distinct = {content for name, content in came if f"_{set_id}_" in name}
            if len(distinct) != len(wanted):
                found.append(f"{len(distinct)} files with a {set_id} came for {len(wanted)} orders")
        found += [f"parcel {name} is {state}" for name, state in self.ask("SELECT name, state FROM parcels")
                  if state not in ("delivered", "sent")]
        return found

    def close(self) -> None:
        """Closes the house."""
        self._closing.close()

    def _archived(self, digest: str) -> bool:
        try:
            FileArchive(load(self.directory).archive).read(digest)
        except GatewayError:
            return False
        return True


def _order(number: int, lines: int) -> str:
    if lines == 2:
        return order(f"PO-{number}")
    body = [f"BEG*00*SA*PO-{number}**20260301"]
    body += [f"PO1*{line}*3*EA*4.5**UP*70000000000{line % 2 + 1}" for line in range(1, lines + 1)]
    body.append(f"CTT*{lines}")
    return "~".join(["ST*850*0001", *body, f"SE*{len(body) + 2}*0001"]) + "~"


def _toml(value: Any) -> str:
    return json.dumps(str(value) if isinstance(value, Path) else value)


@contextmanager
def files_no_larger_than(size_bytes: int) -> Iterator[None]:
    """No file of this process can grow beyond that, as if the disk were full; nothing of it needs root."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
