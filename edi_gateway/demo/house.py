"""The seller's house: its files and rows as an operator would make them, and its books as they stand."""

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edi_gateway import wiring
from edi_gateway.demo.client import FROM_RETAILER, TO_RETAILER
from edi_gateway.demo.script import Books, Script
from edi_gateway.flows import partners, prices
from edi_gateway.reports import documents, issues, orders
from edi_gateway.store.sql import SqlStore

Row = Mapping[str, Any]

CHANNEL = """
[channels.{user}]
transport = "sftp"
every_seconds = 1
host = "127.0.0.1"
port = {port}
user = "{user}"
password = "file:secrets/{user}.password"
host_keys = [{host_key}]
collect = "/{collect}"
deliver = "/{deliver}"
after = "delete"
"""


@dataclass(frozen=True, slots=True)
class Rows:
    """The books as the commands `documents`, `orders` and `issues` print them; issues that are open only."""

    documents: tuple[Row, ...] = ()
    orders: tuple[Row, ...] = ()
    issues: tuple[Row, ...] = ()

    def counted(self) -> Books:
        """In the shape that the script expects."""
        return Books(
            orders={_named(self.orders, row): row["state"] for row in self.orders},
            documents=Counter(f"{row['direction']} {row['set']} {row['state']}" for row in self.documents),
            issues=Counter(row["kind"] for row in self.issues),
        )


def _named(orders: tuple[Row, ...], order: Row) -> str:
    """The order's number; one that stands twice on the books is no order of the script."""
    twice = sum(other["number"] == order["number"] for other in orders) > 1
    return f"{order['number']} as order {order['id']}" if twice else order["number"]


def write(script: Script, seller: Path, port: int, host_key: str, passwords: Mapping[str, str]) -> None:
    """The house's configuration, its secrets in files of their own, and its price lists."""
    seller.mkdir()
    secrets = seller / "secrets"
    secrets.mkdir(mode=0o700)
    text = f"# The house of {script.seller.name}, made by the demo.\n\n[gateway]\nname = \"fern-hill\"\n"
    for user in (retailer.user for retailer in script.retailers):
        (secrets / f"{user}.password").write_text(f"{passwords[user]}\n", "ascii")
        text += CHANNEL.format(
            user=user, port=port, host_key=json.dumps(host_key), collect=FROM_RETAILER, deliver=TO_RETAILER
        )
    (seller / "gateway.toml").write_text(text, "utf-8")
    (seller / "prices").mkdir()
    for name, content in script.seller.price_lists.items():
        (seller / "prices" / f"{name}.csv").write_bytes(content)


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
