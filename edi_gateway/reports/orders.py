"""What was ordered, and what was answered to each line."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from edi_gateway.ledger.answering import line_numbers
from edi_gateway.model.order import Order, OrderLine
from edi_gateway.reports._asking import ROWS_AT_ONCE, meeting, newest
from edi_gateway.store import tables
from edi_gateway.store.tables import agreements, entries, partnerships

Sums = defaultdict[tuple[str, str], Decimal]
DONE = {"shipped": "line.shipped", "invoiced": "line.invoiced"}
"""What is told of a line beside its answers, and the kind of entry that says so."""
_BEGINS_ANEW = ("order.placed", "order.replaced", "order.answered")
"""What makes the answers that lines had before it void."""

STATES = (
    "open", "held", "accepted", "accepted_with_changes", "rejected", "change_asked", "cancelled", "partly_shipped",
    "shipped", "invoiced",
)
"""Where an order may stand."""

_ORDERS = tables.orders
_QUESTION = select(_ORDERS, agreements.c.name.label("partner"), partnerships.c.name.label("partnership")).select_from(
    _ORDERS.join(partnerships, _ORDERS.c.partnership_id == partnerships.c.id).join(
        agreements, partnerships.c.agreement_id == agreements.c.id
    )
)

Answers = dict[str, list[dict[str, Any]]]


def orders(
    connection: Connection, *, partner: str | None = None, number: str | None = None, state: str | None = None,
    last: int | None = None,
) -> Iterator[dict[str, Any]]:
    """The orders that agree with every filter given, oldest first; with `last` only so many of the newest.

    A line says what was ordered, and in `answers` what was answered last. Amounts and quantities are text.
    """
    named = or_(agreements.c.name == partner, partnerships.c.name == partner)
    question = meeting(
        _QUESTION, (partner, named), (number, _ORDERS.c.number == number), (state, _ORDERS.c.state == state)
    )
    rows = newest(connection, question, _ORDERS.c.id, last)
    while page := tuple(islice(rows, ROWS_AT_ONCE)):
        ids = [row.id for row in page]
        answers, done = _answers(connection, ids), _done(connection, ids)
        yield from (_as_json(row, answers[row.id], done[row.id]) for row in page)


def order(connection: Connection, partnership_id: int, number: str, release: str) -> dict[str, Any]:
    """The one order of that identity, told as in the list, with its partnership."""
    here = (_ORDERS.c.partnership_id == partnership_id, _ORDERS.c.number == number, _ORDERS.c.release == release)
    row = connection.execute(_QUESTION.where(*here)).one()
    told = _as_json(row, _answers(connection, [row.id])[row.id], _done(connection, [row.id])[row.id])
    return {**told, "partnership": row.partnership}


def places(
    connection: Connection, number: str, *, partnership: str | None = None, release: str | None = None
) -> tuple[tuple[int, str, str], ...]:
    """Where an order of that number stands on the books: the partnership's id and name, and the release or ''."""
    question = meeting(
        _QUESTION, (number, _ORDERS.c.number == number), (partnership, partnerships.c.name == partnership),
        (release, _ORDERS.c.release == release),
    )
    rows = newest(connection, question, _ORDERS.c.id, None)
    return tuple((row.partnership_id, row.partnership, row.release) for row in rows)


def _answers(connection: Connection, order_ids: Sequence[int]) -> defaultdict[int, Answers]:
    """What stands as answered, by order and line: entries are only added, so the last answer is the one that counts."""
    found: defaultdict[int, Answers] = defaultdict(lambda: defaultdict(list))
    told = select(entries.c.order_id, entries.c.kind, entries.c.line, entries.c.data)
    told = told.where(entries.c.order_id.in_(order_ids), entries.c.kind.in_((*_BEGINS_ANEW, "line.answered")))
    for entry in connection.execute(told.order_by(entries.c.id)):
        if entry.kind in _BEGINS_ANEW:
            found[entry.order_id].clear()
        else:
            found[entry.order_id][entry.line].append(dict(entry.data))
    return found


def _done(connection: Connection, order_ids: Sequence[int]) -> defaultdict[int, Sums]:
    """What has been shipped and invoiced so far, by order, line and kind of entry."""
    found: defaultdict[int, Sums] = defaultdict(lambda: defaultdict(Decimal))
    told = select(entries.c.order_id, entries.c.kind, entries.c.line, entries.c.data)
    for entry in connection.execute(told.where(entries.c.order_id.in_(order_ids), entries.c.kind.in_(DONE.values()))):
        found[entry.order_id][entry.line, entry.kind] += Decimal(entry.data.get("quantity") or 0)
    return found


def _as_json(row: Row[Any], answers: Answers, done: Sums) -> dict[str, Any]:
    order = Order.model_validate(row.body)
    lines = zip(line_numbers(order), order.lines, strict=True)
    return {
        "id": row.id, "partner": row.partner, "number": row.number, "release": row.release or None, "state": row.state,
        "lines": [
            {
                "number": name, **_asked(line), "answers": answers.get(name, []),
                **{word: f"{done[name, kind]:f}" for word, kind in DONE.items()},
            }
            for name, line in lines
        ],
    }


def _asked(line: OrderLine) -> dict[str, Any]:
    said = line.model_dump(mode="json")
    return {key: said[key] for key in ("quantity", "unit", "price", "title", "product_ids")}
