"""A house of its own with one partner, and that partner's mailbox as two folders."""

import sqlite3
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edi_gateway.flows import collecting, delivering, partners, prices, working
from edi_gateway.flows.house import House
from edi_gateway.wiring import open_house

CONFIGURATION = """
[channels.acme]
transport = "folder"
collect = "mailbox/out"
deliver = "mailbox/in"
stable_seconds = 0.01
unclosed_rounds_max = 1
"""
PRICES = [{"product_kind": "upc", "product_id": f"70000000000{n}", "price": "4.5", "currency": "USD"} for n in (1, 2)]


@dataclass
class Stage:
    """What a partner can do, and what can be seen."""

    directory: Path
    house: House = field(init=False)
    closing: ExitStack = field(init=False)

    def __post_init__(self) -> None:
        for folder in ("mailbox/out", "mailbox/in"):
            (self.directory / folder).mkdir(parents=True)
        self.closing = ExitStack()
        self.configure(CONFIGURATION)

    def configure(self, configuration: str) -> None:
        """Opens the house with another configuration."""
        (self.directory / "gateway.toml").write_text(configuration, encoding="utf-8")
        self.closing.close()
        self.house = self.closing.enter_context(open_house(self.directory))

    def known(self, **changes: Any) -> None:
        """The partner becomes known, with one partnership and a price list."""
        prices.load(self.house, "list", PRICES)
        given = {
            "ours": "ZZ:SELLER", "theirs": "ZZ:ACME", "channel": "acme", "partnership_name": "acme-books",
            "price_list": "list", "currency": "USD", **changes,
        }
        partners.add(self.house, "acme", **given)

    def drop(self, name: str, content: str | bytes) -> None:
        """The partner puts a file out for us."""
        raw = content if isinstance(content, bytes) else content.encode()
        (self.directory / "mailbox/out" / name).write_bytes(raw)

    def turn(self) -> None:
        """One round: collect, work, deliver."""
        collecting.collect(self.house, "acme")
        working.work(self.house)
        delivering.deliver(self.house, "acme")

    def turn_without_delivering(self) -> None:
        """A round that stops before the last step."""
        collecting.collect(self.house, "acme")
        working.work(self.house)

    def work(self) -> None:
        """A round without collecting."""
        working.work(self.house)
        delivering.deliver(self.house, "acme")

    def received(self, set_id: str) -> list[str]:
        """What the partner has received of one set, oldest first."""
        found = sorted((self.directory / "mailbox/in").glob(f"*_{set_id}_*"))
        return [path.read_text(encoding="utf-8") for path in found]

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """The rows of a question to the books."""
        with sqlite3.connect(self.directory / "gateway.sqlite") as connection:
            return connection.execute(question).fetchall()

    def documents(self) -> list[tuple[Any, ...]]:
        """Direction, set and state of every document."""
        return self.ask('SELECT direction, "set", state FROM documents ORDER BY id')

    def issues(self) -> list[str]:
        """The kinds of the open issues."""
        return [row[0] for row in self.ask("SELECT kind FROM issues WHERE state = 'open' ORDER BY kind")]

    def orders(self) -> list[tuple[Any, ...]]:
        """Number and state of every order."""
        return self.ask("SELECT number, state FROM orders ORDER BY id")


def order(
    number: str = "PO-1", *, control: str = "0001", price: str = "4.5", reference: str = "", beg01: str = "00"
) -> str:
    """One 850, from ST to SE."""
    body = [
        f"BEG*{beg01}*SA*{number}**20260301", *([f"REF*IA*{reference}"] if reference else []),
        f"PO1*1*3*EA*{price}**UP*700000000001", f"PO1*2*5*EA*{price}**UP*700000000002", "CTT*2",
    ]
    return "~".join([f"ST*850*{control}", *body, f"SE*{len(body) + 2}*{control}"]) + "~"


def envelope(
    *sets: str, icn: int = 1, group: int = 1, code: str = "PO", usage: str = "P", sender: str = "ACME",
    version: str = "004010",
) -> str:
    """One interchange with one group."""
    isa = (
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{sender:15}*ZZ*{'SELLER':15}*260301*0930*U*00401*{icn:09}*0*{usage}*>~"
        f"GS*{code}*{sender}*SELLER*20260301*0930*{group}*X*{version}~"
    )
    return f"{isa}{''.join(sets)}GE*{len(sets)}*{group}~IEA*1*{icn:09}~"


def functional_acknowledgment(group: int, *, set_control: str = "0001", verdict: str = "A") -> str:
    """The partner's 997 for an 855 of ours."""
    body = [f"AK1*PR*{group}", f"AK2*855*{set_control}", f"AK5*{verdict}", f"AK9*{verdict}*1*1*{int(verdict == 'A')}"]
    return "~".join(["ST*997*0001", *body, f"SE*{len(body) + 2}*0001"]) + "~"
