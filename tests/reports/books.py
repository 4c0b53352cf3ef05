"""Books written fact by fact, with two partners on them."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from edi_gateway.issues import Kind
from edi_gateway.ledger.facts import Entry, Trouble
from edi_gateway.ledger.orders import answered, key_of
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.model import Noun
from edi_gateway.model._parts import ProductId
from edi_gateway.model.order import Order, OrderLine
from edi_gateway.ports import Agreement, Document, Envelope, Identity
from edi_gateway.store.migrate import migrate
from edi_gateway.store.sql import SqlStore

NOW = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
US, ACME, BOLT = Identity("ZZ", "US"), Identity("ZZ", "ACME"), Identity("12", "5550100")


def order(number: str, *, release: str | None = None, quantities: tuple[int, ...] = (3, 5)) -> Order:
    """An order of one line for each quantity."""
    lines = tuple(
        OrderLine(
            number=str(ordinal), quantity=Decimal(quantity), unit="EA", price=Decimal("4.50"),
            product_ids=(ProductId(kind="upc", value=f"70000000000{ordinal}"),),
        )
        for ordinal, quantity in enumerate(quantities, 1)
    )
    return Order(
        purpose="original", type="stand_alone", number=number, release=release, date=dt.date(2026, 3, 1), lines=lines
    )


class Books:
    """A store with the agreements acme (one partnership) and bolt (two), and what is written into it."""

    def __init__(self, folder: Path) -> None:
        self.store = SqlStore(f"sqlite:///{folder / 'gateway.sqlite'}")
        with self.store.unit() as unit:
            migrate(unit.connection)
            common = {"ours": str(US), "our_group": "US", "usage": "production", "channel": "box"}
            self.acme = unit.agreements.put("acme", theirs=str(ACME), their_group="ACME", partner="", **common)
            self.bolt = unit.agreements.put("bolt", theirs=str(BOLT), their_group="BOLT", partner="bolt", **common)
            trade = {"role": "seller", "answer": "auto"}
            self.shop = unit.agreements.put_partnership(self.acme.id, "acme-shop", **trade)
            self.web = unit.agreements.put_partnership(self.bolt.id, "bolt-web", reference="70012", **trade)
            self.stores = unit.agreements.put_partnership(self.bolt.id, "bolt-stores", reference="70013", **trade)

    def document(
        self, agreement: Agreement | None, state: str, *, direction: Any = "in", body: Noun | None = None,
        partnership: Partnership | None = None, order_id: int | None = None, set_id: str = "850", at: dt.datetime = NOW,
    ) -> int:
        """A document on the books."""
        theirs = agreement.theirs if agreement else Identity("ZZ", "STRANGER")
        travels = Envelope(theirs, US, theirs.id, "US", "000000007", "PO", "7", "0001", test=False)
        document = Document(
            direction, set_id, "004010", state, "box", "orders.edi", travels, agreement.id if agreement else None,
            partnership.id if partnership else None, order_id, body=body,
        )
        with self.store.unit() as unit:
            return unit.documents.record(document, at)

    def place(self, order: Order, partnership: Partnership, agreement: Agreement, fact: str = "order.placed") -> int:
        """An order on the books with the document that brought it; returns the order's id."""
        document_id = self.document(agreement, "posted", body=order, partnership=partnership)
        self.write(Entry(fact, {}, order=key_of(order), opens=order, order_state="open"), partnership, document_id)
        with self.store.unit() as unit:
            order_id = unit.books.order_id(partnership.id, key_of(order))
            unit.documents.state(document_id, "posted", order_id, partnership.id)
        assert order_id is not None
        return order_id

    def answer(self, order: Order, partnership: Partnership, decisions: Mapping[str, str], default: str) -> None:
        """The facts of an answer."""
        facts, _ = answered(order, decisions, default, NOW.date())
        for fact in facts:
            self.write(fact, partnership)

    def write(self, fact: Entry, partnership: Partnership, document_id: int | None = None) -> None:
        """One fact."""
        with self.store.unit() as unit:
            unit.books.write([fact], document_id, partnership, NOW)

    def trouble(self, kind: Kind, about: str, at: dt.datetime = NOW, **more: Any) -> int:
        """An issue on the desk."""
        with self.store.unit() as unit:
            return unit.desk.open(Trouble(kind, about, f"the note about {about}", **more), at)
