"""A retailer with a gateway of its own, in the buyer's role: its house, and what it has collected."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from edi_gateway import wiring
from edi_gateway.demo.client import FROM_RETAILER, TO_RETAILER
from edi_gateway.demo.house import Door, Rows, channel, read, write_secret
from edi_gateway.demo.script import Retailer, Script
from edi_gateway.flows import partners
from edi_gateway.ports import Archive
from edi_gateway.reports import documents
from edi_gateway.store.sql import SqlStore

SELLER = "fern-hill"
"""How a retailer calls the seller: its channel and its agreement."""


def write(retailer: Retailer, folder: Path, door: Door, user: str, password: str) -> None:
    """The retailer's configuration: the seller's two folders the other way round, with the retailer's own account."""
    folder.mkdir()
    write_secret(folder, SELLER, password)
    text = f"# The house of {retailer.name}, made by the demo.\n\n[gateway]\nname = {json.dumps(retailer.user)}\n"
    text += channel(SELLER, user, door, collect=TO_RETAILER, deliver=FROM_RETAILER)
    (folder / "gateway.toml").write_text(text, "utf-8")


def fill(script: Script, retailer: Retailer, folder: Path) -> None:
    """The seller as the retailer's partner, by what `partner add` calls."""
    (terms,) = retailer.terms
    with wiring.open_house(folder) as opened:
        partners.add(
            opened, SELLER, ours=str(terms.theirs), theirs=str(script.seller.id), our_group=terms.group,
            their_group=script.seller.group, channel=SELLER, partnership_name=script.seller.name, role="buyer",
            currency="USD",
        )


@dataclass
class Office:
    """What a retailer's gateway has collected, and what it has delivered that still lies there."""

    books: SqlStore
    archive: Archive
    delivered: Path
    _seen: set[int] = field(default_factory=set)

    def collect(self) -> Iterator[tuple[str, bytes]]:
        """Every file collected since the last call, as its bytes lie in the retailer's archive."""
        with self.books.view() as connection:
            new = [row for row in documents.documents(connection, direction="in") if row["id"] not in self._seen]
            found = [(row["id"], documents.stored(connection, row["id"])) for row in new]
        for document_id, stored in found:
            if stored is not None:
                self._seen.add(document_id)
                name, digest = stored
                yield name, self.archive.read(digest)

    def waiting(self) -> tuple[str, ...]:
        """The names that the seller's gateway has not yet taken away."""
        names = (file.name for file in self.delivered.iterdir())
        return tuple(sorted(name for name in names if not name.startswith(".")))

    def rows(self) -> Rows:
        """The retailer's own books."""
        return read(self.books)
