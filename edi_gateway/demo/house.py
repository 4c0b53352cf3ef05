"""The seller's house: its files and rows as an operator would make them, and its books as they stand."""

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from edi_gateway import wiring
from edi_gateway.demo.client import FROM_RETAILER, TO_RETAILER
from edi_gateway.demo.script import Books, Script
from edi_gateway.flows import partners, prices
from edi_gateway.ledger.fulfilment import REFUSED
from edi_gateway.reports import documents, issues, orders
from edi_gateway.store.sql import SqlStore

Row = Mapping[str, Any]

SELLER, RETAILER = "seller", "retailer"
"""The folders of the two houses, and how the script calls them."""

STATIONS = ("ordered", "answered", "shipped", "invoiced")

CHANNEL = """
[channels.{name}]
transport = "sftp"
every_seconds = 1
host = "127.0.0.1"
port = {port}
user = "{user}"
password = "file:secrets/{name}.password"
host_keys = [{host_key}]
collect = "/{collect}"
deliver = "/{deliver}"
after = "delete"
stable_seconds = 0.2
"""


@dataclass(frozen=True, slots=True)
class Rows:
    """The books as the commands `documents`, `orders` and `issues` print them; issues that are open only.

    `buyers` are the books of the retailers that are gateways themselves.
    """

    documents: tuple[Row, ...] = ()
    orders: tuple[Row, ...] = ()
    issues: tuple[Row, ...] = ()
    buyers: Mapping[str, "Rows"] = field(default_factory=dict)

    def counted(self) -> Books:
        """In the shape that the script expects."""
        return Books(
            orders={_named(self.orders, row): row["state"] for row in self.orders},
            documents=Counter(f"{row['direction']} {row['set']} {row['state']}" for row in self.documents),
            issues=Counter(row["kind"] for row in self.issues),
            lines={
                f"{_named(self.orders, row)} line {line['number']}": life(line)
                for row in self.orders for line in row["lines"] if any(Decimal(line[word]) for word in orders.DONE)
            },
        )


def life(line: Row) -> str:
    """How far a line of an order is, such as `ordered 5, answered 5, shipped 3, invoiced 0`."""
    return ", ".join(f"{name} {quantity}" for name, quantity in zip(STATIONS, stations(line), strict=True))


def stations(line: Row) -> tuple[str, ...]:
    """How much of a line has come to each station; answered is what the seller will ship."""
    taken = [each for each in line["answers"] if not each["decision"].startswith(REFUSED)]
    answered = sum((Decimal(each["quantity"] or line["quantity"] or 0) for each in taken), Decimal())
    return line["quantity"] or "0", f"{answered:f}", *(line[word] for word in orders.DONE)


def _named(orders: tuple[Row, ...], order: Row) -> str:
    """The order's number; one that stands twice on the books is no order of the script."""
    twice = sum(other["number"] == order["number"] for other in orders) > 1
    return f"{order['number']} as order {order['id']}" if twice else order["number"]


@dataclass(frozen=True, slots=True)
class Door:
    """Where a retailer's server is, and the host key that was agreed."""

    port: int
    host_key: str


def write(script: Script, seller: Path, doors: Mapping[str, Door], passwords: Mapping[str, str]) -> None:
    """The house's configuration, its secrets in files of their own, and its price lists."""
    seller.mkdir()
    text = f"# The house of {script.seller.name}, made by the demo.\n\n[gateway]\nname = \"fern-hill\"\n"
    text += f"gs1_prefix = \"{script.seller.gs1_prefix}\"\n"
    for user in (retailer.user for retailer in script.retailers):
        write_secret(seller, user, passwords[user])
        text += channel(user, user, doors[user], collect=FROM_RETAILER, deliver=TO_RETAILER)
    (seller / "gateway.toml").write_text(text, "utf-8")
    (seller / "prices").mkdir()
    for name, content in script.seller.price_lists.items():
        (seller / "prices" / f"{name}.csv").write_bytes(content)


def channel(name: str, user: str, door: Door, *, collect: str, deliver: str) -> str:
    """The lines of a channel; its password stands in a file of the channel's name."""
    return CHANNEL.format(
        name=name, user=user, port=door.port, host_key=json.dumps(door.host_key), collect=collect, deliver=deliver
    )


def write_secret(folder: Path, name: str, password: str) -> None:
    """A channel's password in a file of its own."""
    (folder / "secrets").mkdir(mode=0o700, exist_ok=True)
    (folder / "secrets" / f"{name}.password").write_text(f"{password}\n", "ascii")


def fill(script: Script, seller: Path) -> None:
    """Price lists and partners, by what `prices import` and `partner add` call."""
    with wiring.open_house(seller) as opened:
        for name, content in script.seller.price_lists.items():
            prices.load(opened, name, csv.DictReader(io.StringIO(content.decode("utf-8"))))
        for retailer in script.retailers:
            for terms in retailer.terms:
                for trade in terms.trades:
                    partners.add(
                        opened, terms.name, ours=str(script.seller.id), theirs=str(terms.theirs),
                        our_group=script.seller.group, their_group=terms.group, partner_file=terms.partner,
                        channel=retailer.user, partnership_name=trade.name, reference=trade.reference,
                        role="seller", price_list=trade.price_list, currency="USD", answer="auto",
                    )


def read(store: SqlStore) -> Rows:
    """The books as they stand."""
    with store.view() as connection:
        return Rows(
            documents=tuple(documents.documents(connection)),
            orders=tuple(orders.orders(connection)),
            issues=tuple(issues.issues(connection)),
        )
