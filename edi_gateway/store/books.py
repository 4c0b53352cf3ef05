"""The books: orders as they stand, and the entries that made them so."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, select

from edi_gateway.ledger.facts import AgreedPrice, Entry, Key, KnownOrder, OrderKey, Past
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.ledger.shipping import SENT
from edi_gateway.model.order import Order
from edi_gateway.ports import Agreement
from edi_gateway.store.prepared import Prepared, add_each, change, put
from edi_gateway.store.prices import Prices
from edi_gateway.store.sent import Sent
from edi_gateway.store.tables import documents, entries, orders


class Books:
    """Entries are only ever added; an order's row is what they amount to."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._opened: dict[tuple[int, OrderKey], int] = {}

    def past(
        self, agreement: Agreement, partnership: Partnership | None, keys: Sequence[Key], now: datetime,
        test: bool = False,
    ) -> Past:
        """What is known under each key, None where nothing is; of ours, the test documents or the others."""
        sent = Sent(self._connection, agreement, test)
        look: dict[str, Callable[..., Any]] = {
            "today": now.date,
            "now": lambda: now,
            "lines": partial(self._lines, partnership),
            "answers": partial(self._answers, partnership),
            "shipped": partial(self._shipped, partnership),
            "fact": partial(self.fact, partnership.id if partnership else None),
            "latest": partial(self.fact, partnership.id if partnership else None),
            "order": lambda *key: partnership and self.known_order(partnership.id, key),
            "price": partial(self._price, partnership),
            "sent": sent.in_group,
            "interchange": sent.in_interchange,
            "ours": sent.advised,
        }
        return {key: look[key[0]](*key[1:]) for key in keys}

    def write(
        self, facts: Sequence[Entry], source_document_id: int | None, partnership: Partnership | None, now: datetime
    ) -> None:
        """Adds the entries and lets them change what they are about."""
        ids: dict[OrderKey | None, int | None] = {None: None}
        states = {fact.order: fact.order_state for fact in facts if fact.order_state is not None}
        rows: list[dict[str, Any]] = []
        for fact in facts:
            if fact.opens is not None and fact.order is not None and partnership is not None:
                state = states.pop(fact.order, "open")
                ids[fact.order] = self._open(fact.opens, fact.order, state, partnership, source_document_id, now)
            if fact.order is not None and fact.order not in ids:
                ids[fact.order] = self.order_id(partnership.id, fact.order) if partnership else None
            if fact.document_state is not None and fact.document_id is not None:
                change(self._connection, documents, {"id": fact.document_id}, {"state": fact.document_state})
            rows.append({
                "kind": fact.kind, "key": fact.key, "at": now, "source_document_id": source_document_id,
                "order_id": ids[fact.order], "partnership_id": partnership.id if partnership else None,
                "line": fact.line, "document_id": fact.document_id, "data": dict(fact.data),
            })
        for key, state in states.items():
            if (order_id := ids[key]) is not None:
                change(self._connection, orders, {"id": order_id}, {"state": state})
        add_each(self._connection, entries, rows)

    def fact(self, partnership_id: int | None, kind: str, key: str | None = None) -> Mapping[str, Any] | None:
        """The data of the last entry of that kind, with that key where one is given."""
        here = [entries.c.partnership_id.is_not_distinct_from(partnership_id), entries.c.kind == kind]
        if key is not None:
            here.append(entries.c.key == key)
        last = select(entries.c.data).where(*here).order_by(entries.c.id.desc()).limit(1)
        found: Mapping[str, Any] | None = self._connection.scalar(last)
        return found

    def facts(self, partnership_id: int | None, kind: str) -> dict[str, Mapping[str, Any]]:
        """The data of the last entry of that kind for each key, in order of key."""
        rows = self._connection.execute(
            select(entries.c.key, entries.c.data)
            .where(entries.c.partnership_id.is_not_distinct_from(partnership_id), entries.c.kind == kind)
            .order_by(entries.c.key, entries.c.id)
        )
        return {row.key: row.data for row in rows}

    def _lines(self, partnership: Partnership | None, number: str, release: str) -> dict[str, dict[str, Decimal]]:
        order_id = partnership and self.order_id(partnership.id, (number, release))
        sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        rows = select(entries.c.line, entries.c.kind, entries.c.data).where(
            entries.c.order_id == order_id, entries.c.line.is_not(None)
        )
        for row in self._connection.execute(rows):
            sums[row.line][row.kind] += Decimal(row.data.get("quantity") or 0)
        return sums

    def _answers(self, partnership: Partnership | None, number: str, release: str) -> dict[str, Mapping[str, Any]]:
        order_id = partnership and self.order_id(partnership.id, (number, release))
        said = select(entries.c.line, entries.c.data).where(
            entries.c.order_id == order_id, entries.c.kind == "line.answered"
        )
        return {row.line: row.data for row in self._connection.execute(said.order_by(entries.c.id))}

    def _shipped(self, partnership: Partnership | None, number: str, release: str) -> date | None:
        order_id = partnership and self.order_id(partnership.id, (number, release))
        left = and_(entries.c.order_id == order_id, entries.c.kind == SENT)
        last: datetime | None = self._connection.scalar(
            select(entries.c.at).where(left).order_by(entries.c.id.desc()).limit(1)
        )
        return last and last.date()

    def known_order(self, partnership_id: int, key: OrderKey) -> KnownOrder | None:
        """The order of that number and release."""
        row = _ORDER.row(self._connection, partnership=partnership_id, named=key[0], released=key[1])
        if row is None:
            return None
        return KnownOrder(row.id, row.state, Order.model_validate(row.body), row.document_id)

    def order_id(self, partnership_id: int, key: OrderKey) -> int | None:
        """The id of the order of that number and release."""
        opened = self._opened.get((partnership_id, key))
        if opened is not None:
            return opened
        found: int | None = _ORDER_ID.scalar(
            self._connection, partnership=partnership_id, named=key[0], released=key[1]
        )
        return found

    def source(self, partnership_id: int | None, key: Key) -> int | None:
        """The document that put on the books what is known under a key, an order or a fact."""
        if key[0] == "order":
            known = select(orders.c.document_id).where(_is(partnership_id or 0, (key[1], key[2])))
            return self._connection.scalar(known)
        said = select(entries.c.source_document_id).where(
            entries.c.partnership_id.is_not_distinct_from(partnership_id), entries.c.kind == key[1],
            entries.c.key == key[2],
        )
        return self._connection.scalar(said.order_by(entries.c.id.desc()).limit(1))

    def named_order(self, partnership_id: int, number: str) -> int | None:
        """The id of the last order of that number, of whatever release."""
        named = and_(orders.c.partnership_id == partnership_id, orders.c.number == number)
        found: int | None = self._connection.scalar(
            select(orders.c.id).where(named).order_by(orders.c.id.desc()).limit(1)
        )
        return found

    def take_back(self, document_id: int, by: int, partnership: Partnership, now: datetime) -> None:
        """Writes the opposite of the quantities that a document put on the books, because another one replaces it."""
        said = select(entries).where(entries.c.source_document_id == document_id, entries.c.line.is_not(None))
        rows = [
            {
                "kind": row.kind, "key": row.key, "at": now, "source_document_id": by, "order_id": row.order_id,
                "partnership_id": partnership.id, "line": row.line, "document_id": document_id,
                "data": {**row.data, "quantity": f"{-Decimal(row.data['quantity']):f}", "taken_back": row.id},
            }
            for row in self._connection.execute(said).all() if row.data.get("quantity")
        ]
        if rows:
            self._connection.execute(insert(entries), rows)

    def _open(
        self, order: Order, key: OrderKey, state: str, partnership: Partnership, document_id: int | None, now: datetime
    ) -> int:
        values = {
            "state": state, "date": order.date.isoformat(), "currency": order.currency or partnership.currency,
            "body": order, "document_id": document_id, "at": now,
        }
        who = {"partnership_id": partnership.id, "number": key[0], "release": key[1]}
        opened = put(self._connection, orders, who, values)
        self._opened[partnership.id, key] = opened
        return opened

    def _price(self, partnership: Partnership | None, kind: str, product: str) -> AgreedPrice | None:
        if partnership is None or partnership.price_list is None:
            return None
        return Prices(self._connection).agreed(partnership.price_list, kind, product)


def _is(partnership_id: Any, key: tuple[Any, Any]) -> Any:
    return and_(orders.c.partnership_id == partnership_id, orders.c.number == key[0], orders.c.release == key[1])


_HERE = _is(bindparam("partnership"), (bindparam("named"), bindparam("released")))
_ORDER, _ORDER_ID = Prepared(select(orders).where(_HERE)), Prepared(select(orders.c.id).where(_HERE))
