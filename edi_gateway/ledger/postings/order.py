"""A purchase order received: onto the books, checked against the price list, answered or held."""

from edi_gateway.issues import Kind, trade
from edi_gateway.ledger.answering import ACCEPTED
from edi_gateway.ledger.facts import Entry, Key, KnownOrder, Past, Posted, Trouble
from edi_gateway.ledger.orders import about, answered, key_of
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.ledger.pricing import differences, price_keys
from edi_gateway.model.order import Order

PURPOSES = ("original", "duplicate", "change", "replace", "cancel")


def needs(order: Order) -> tuple[Key, ...]:
    """The order of the same number and release, the agreed prices, and today's date."""
    return (identity(order), ("today",), *price_keys(order))


def identity(order: Order) -> Key:
    """Number and release."""
    return ("order", *key_of(order))


def post(order: Order, partnership: Partnership | None, past: Past) -> Posted:
    """By BEG01: original and duplicate, change, replacement, cancellation (X12 element 353)."""
    assert partnership is not None
    known: KnownOrder | None = past.get(("order", *key_of(order)))
    if order.purpose not in PURPOSES:
        note = f"order {order.number} has the purpose {order.purpose!r}"
        return Posted("held", troubles=(_trouble(trade.PURPOSE_UNKNOWN, order, partnership, note),))
    if known is None:
        return _first(order, partnership, past)
    match order.purpose:
        case "replace" if known.state != "cancelled":
            return _place(order, partnership, past, "order.replaced")
        case "change":
            return _changed(order, partnership)
        case "cancel":
            return _cancelled(order, partnership)
        case _:
            return _repeated(order, known, partnership)


def again(order: Order, partnership: Partnership | None, past: Past) -> Posted:
    """Looks at a held order once more: answers it when nothing stands in the way any longer."""
    assert partnership is not None
    known: KnownOrder | None = past.get(("order", *key_of(order)))
    if known is None:
        return post(order, partnership, past)
    if known.state != "held" or known.order != order:
        return Posted("read", order=key_of(order))
    return _weigh(order, partnership, past, ())


def _first(order: Order, partnership: Partnership, past: Past) -> Posted:
    if order.purpose in ("change", "cancel"):
        note = f"{order.purpose} of order {order.number}, which is not on the books"
        return Posted("held", troubles=(_trouble(trade.ORDER_UNKNOWN, order, partnership, note),))
    return _place(order, partnership, past, "order.placed")


def _place(order: Order, partnership: Partnership, past: Past, fact: str) -> Posted:
    placed = Entry(fact, {"lines": len(order.lines)}, order=key_of(order), opens=order, order_state="open")
    return _weigh(order, partnership, past, (placed,))


def _weigh(order: Order, partnership: Partnership, past: Past, entries: tuple[Entry, ...]) -> Posted:
    notes: dict[Kind, list[str]] = {}
    for kind, note in differences(order, partnership, past):
        notes.setdefault(kind, []).append(note)
    troubles = tuple(_trouble(kind, order, partnership, "; ".join(said)) for kind, said in notes.items())
    if not troubles and partnership.answer == "manual":
        troubles = (_trouble(trade.ANSWER_DUE, order, partnership, f"order {order.number} of {partnership.name}"),)
    key = key_of(order)
    if troubles:
        held = Entry("order.held", {"reasons": [t.note for t in troubles]}, order=key, order_state="held")
        return Posted("posted", (*entries, held), troubles, order=key)
    facts, response = answered(order, {}, ACCEPTED, past[("today",)])
    return Posted("posted", (*entries, *facts), replies=(response,), order=key)


def _repeated(order: Order, known: KnownOrder, partnership: Partnership) -> Posted:
    if known.state != "cancelled" and known.order.model_copy(update={"purpose": order.purpose}) == order:
        note = f"order {order.number} of {partnership.name} came again under other control numbers"
        again = (_trouble(trade.ORDER_REPEATED, order, partnership, note),)
        return Posted("read", troubles=again, order=key_of(order), repeats="equal")
    note = f"order {order.number} of {partnership.name} is on the books ({known.state}) with other content"
    trouble = _trouble(trade.ORDER_NUMBER_REUSED, order, partnership, note)
    return Posted("held", troubles=(trouble,), order=key_of(order), repeats="changed")


def _changed(order: Order, partnership: Partnership) -> Posted:
    key = key_of(order)
    wish = Entry("order.change-asked", {"lines": len(order.lines)}, order=key, order_state="change_asked")
    note = f"order {order.number} of {partnership.name}: the partner sent a change"
    return Posted("posted", (wish,), (_trouble(trade.ORDER_CHANGED, order, partnership, note),), order=key)


def _cancelled(order: Order, partnership: Partnership) -> Posted:
    key = key_of(order)
    gone = Entry("order.cancelled", {"by": "buyer"}, order=key, order_state="cancelled")
    note = f"order {order.number} of {partnership.name}"
    return Posted("posted", (gone,), (_trouble(trade.ORDER_CANCELLED, order, partnership, note),), order=key)


def _trouble(kind: Kind, order: Order, partnership: Partnership, note: str) -> Trouble:
    return Trouble(kind, about(key_of(order), partnership), note, order=order.number)
