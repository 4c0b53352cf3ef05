"""A seller's answer to an order of ours: what it says of each line is on the books, and the last answer counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from edi_gateway.issues import Kind
from edi_gateway.issues import response as issues
from edi_gateway.ledger.answering import ACCEPTED, CHANGED, REJECTED, line_numbers
from edi_gateway.ledger.facts import Entry, Key, KnownOrder, OrderKey, Past, Posted, Trouble
from edi_gateway.ledger.fulfilment import REFUSED
from edi_gateway.ledger.orders import about
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.ledger.receiving import as_buyer, fingerprint, line_of
from edi_gateway.model.order import Order, OrderLine
from edi_gateway.model.order_response import LineAnswer, OrderResponse, ResponseLine

WORDS = (ACCEPTED, REJECTED, CHANGED)
IN_FULL = (ACCEPTED, "accepted_and_shipped", "accepted_and_released")
SETTLED = ("cancelled",)
"""States of an order that an answer does not change."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of one line; `quantity` is None where it was not said."""

    decision: str
    quantity: Decimal | None
    whole: bool
    """The line as it was ordered."""
    parts: tuple[LineAnswer, ...] = ()

    @property
    def refused(self) -> bool:
        """Nothing of the line will come."""
        return self.decision.startswith(REFUSED)


def needs(said: OrderResponse) -> tuple[Key, ...]:
    """The order, what was shipped of it, and the last answer to it."""
    key = _key(said)
    return (("order", *key), ("lines", *key), identity(said))


def identity(said: OrderResponse) -> Key:
    """The order that it answers: of several answers the last counts."""
    return ("fact", "response.received", _name(_key(said)))


def post(said: OrderResponse, partnership: Partnership | None, past: Past) -> Posted:
    """A fact for the answer, for the order and for each line; without its order it waits."""
    buyer = as_buyer(said, partnership)
    key = _key(said)
    known: KnownOrder | None = past.get(("order", *key))
    note = f"order {_name(key)} of {buyer.name}"
    if known is None:
        return Posted("held", troubles=(_trouble(issues.ORDER_UNKNOWN, said, buyer, f"an answer to {note}"),))
    before, content = past.get(("fact", "response.received", _name(key))), fingerprint(said)
    if before is not None and before["content"] == content:
        again = (_trouble(issues.REPEATED, said, buyer, note),)
        return Posted("read", troubles=again, order=key, repeats="equal")
    lines, unknown = _lines(said, known.order)
    decision = _decision(said, known.order, lines)
    troubles = [_trouble(issues.REPLACED, said, buyer, f"{note}: now {decision}")] if before is not None else []
    if unknown:
        names = ", ".join(unknown)
        troubles.append(_trouble(issues.LINE_UNKNOWN, said, buyer, f"{note} has no line {names}"))
    if decision != said.decision and said.decision in WORDS:
        told = f"{note}: the answer is {said.decision}, its lines are {decision}"
        troubles.append(_trouble(issues.CONTRADICTS, said, buyer, told))
    facts = _facts(said, key, decision, content, changes=_changes(known, past))
    return Posted("posted", (*facts, *_line_facts(lines, key)), tuple(troubles), order=key)


def again(said: OrderResponse, partnership: Partnership | None, past: Past) -> Posted:
    """An answer that is on the books stays as it is."""
    before = past.get(("fact", "response.received", _name(_key(said))))
    if before is not None:
        return Posted("posted", order=_key(said))
    return post(said, partnership, past)


def _key(said: OrderResponse) -> OrderKey:
    return said.number, said.release or ""


def _name(key: OrderKey) -> str:
    return " ".join(key).rstrip()


def _changes(known: KnownOrder, past: Past) -> bool:
    """Whether an answer still changes where the order stands: not once it is cancelled or goods have left."""
    sums: Mapping[str, Mapping[str, Decimal]] = past.get(("lines", known.order.number, known.order.release or "")) or {}
    return known.state not in SETTLED and not any(line.get("line.shipped") for line in sums.values())


def _lines(said: OrderResponse, order: Order) -> tuple[dict[str, Said], list[str]]:
    """What is said of each line of the order, and the names of the lines it does not have."""
    ordered = dict(zip(line_numbers(order), order.lines, strict=True))
    answers: dict[str, list[tuple[ResponseLine, LineAnswer]]] = {}
    unknown = []
    for ordinal, line in enumerate(said.lines, 1):
        name = line_of(order, line.number, line.product_ids)
        if name is None:
            unknown.append(line.number or str(ordinal))
        else:
            answers.setdefault(name, []).extend((line, answer) for answer in line.answers)
    lines = {name: _said(ordered[name], found) for name, found in answers.items() if found}
    if said.decision in (ACCEPTED, REJECTED):
        silent = Said(said.decision, None, whole=said.decision == ACCEPTED)
        lines |= {name: silent for name in ordered if name not in lines}
    return lines, unknown


def _said(ordered: OrderLine, found: Sequence[tuple[ResponseLine, LineAnswer]]) -> Said:
    parts = tuple(answer for _, answer in found)
    taken = [part for part in parts if not part.decision.startswith(REFUSED)]
    decisions = {part.decision for part in parts}
    decision = decisions.pop() if len(decisions) == 1 else CHANGED if taken else parts[0].decision
    told = [part.quantity for part in taken or parts if part.quantity is not None]
    quantity = sum(told, Decimal(0)) if told else None
    same_price = all(line.price is None or ordered.price in (None, line.price) for line, _ in found)
    whole = decision in IN_FULL and quantity in (None, ordered.quantity) and same_price
    return Said(decision, quantity, whole, parts if len(parts) > 1 else ())


def _decision(said: OrderResponse, order: Order, lines: Mapping[str, Said]) -> str:
    """What the lines come to; where none of them is spoken of, what is said of the order."""
    if not lines:
        return said.decision
    if len(lines) == len(order.lines) and all(line.whole for line in lines.values()):
        return ACCEPTED
    if len(lines) == len(order.lines) and all(line.refused for line in lines.values()):
        return REJECTED
    return CHANGED


def _facts(said: OrderResponse, key: OrderKey, decision: str, content: str, *, changes: bool) -> tuple[Entry, Entry]:
    state = decision if changes and decision in WORDS else None
    received = {
        "decision": said.decision, "seller_number": said.seller_number, "content": content,
        "date": (said.answered or said.date).isoformat(),
    }
    return (
        Entry("response.received", received, key=_name(key), order=key),
        Entry("order.answered", {"decision": decision}, order=key, order_state=state),
    )


def _line_facts(lines: Mapping[str, Said], key: OrderKey) -> Iterator[Entry]:
    for name, line in lines.items():
        data = {"decision": line.decision, "quantity": _plain(line.quantity)}
        parts = [{"decision": part.decision, "quantity": _plain(part.quantity)} for part in line.parts]
        yield Entry("line.answered", {**data, **({"parts": parts} if parts else {})}, order=key, line=name)


def _plain(quantity: Decimal | None) -> str | None:
    return None if quantity is None else f"{quantity:f}"


def _trouble(kind: Kind, said: OrderResponse, buyer: Partnership, note: str) -> Trouble:
    return Trouble(kind, about(_key(said), buyer), note, order=said.number)
