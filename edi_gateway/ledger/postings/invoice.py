"""A seller's invoice: on the books by its number, compared with what was ordered, answered and shipped."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from edi_gateway.issues import Kind
from edi_gateway.issues import invoice as issues
from edi_gateway.ledger.facts import Entry, Key, KnownOrder, OrderKey, Past, Posted, Trouble
from edi_gateway.ledger.fulfilment import LineOfLife, line_keys, lines_of_life
from edi_gateway.ledger.invoice_total import by_percentage_alone, totals
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.ledger.receiving import as_buyer, fingerprint, line_of
from edi_gateway.model.invoice import Invoice
from edi_gateway.model.order import Order

CREDITS = ("credit_memo", "credit_invoice")
ENDED = ("cancelled", "rejected")
NOTHING = Decimal(0)

Difference = tuple[Kind, str]


def needs(invoice: Invoice) -> tuple[Key, ...]:
    """The invoice of the same number, the order, and what was answered, shipped and invoiced of its lines."""
    order = _order_key(invoice)
    asked: tuple[Key, ...] = () if order is None else (("order", *order), *line_keys(order))
    return (identity(invoice), *asked)


def identity(invoice: Invoice) -> Key:
    """The seller's number."""
    return ("fact", "invoice.received", invoice.number)


def post(invoice: Invoice, partnership: Partnership | None, past: Past) -> Posted:
    """Onto the books, with an issue for all that differs; without its order it waits."""
    buyer = as_buyer(invoice, partnership)
    key, known = _known(invoice, past)
    before = past.get(("fact", "invoice.received", invoice.number))
    if before is not None:
        return _repeated(invoice, buyer, _content(invoice) == before["content"], key if known else None)
    if known is None or key is None:
        note = f"invoice {invoice.number} of {buyer.name} is for order {invoice.order_number or '(none named)'}"
        return Posted("held", troubles=(_trouble(issues.ORDER_UNKNOWN, invoice, buyer, note),))
    matched = _matched(invoice, known.order)
    entries = (_received(invoice, key), *_invoiced(invoice, key, matched))
    return Posted("posted", entries, tuple(_troubles(invoice, known, buyer, past, booked=False)), order=key)


def again(invoice: Invoice, partnership: Partnership | None, past: Past) -> Posted:
    """Compares an invoice that is on the books once more: what has been shipped since may settle it."""
    buyer = as_buyer(invoice, partnership)
    key, known = _known(invoice, past)
    before = past.get(("fact", "invoice.received", invoice.number))
    if known is None or before is None or before["content"] != _content(invoice):
        return post(invoice, partnership, past)
    return Posted("posted", troubles=tuple(_troubles(invoice, known, buyer, past, booked=True)), order=key)


def _order_key(invoice: Invoice) -> OrderKey | None:
    return None if invoice.order_number is None else (invoice.order_number, invoice.release or "")


def _known(invoice: Invoice, past: Past) -> tuple[OrderKey | None, KnownOrder | None]:
    key = _order_key(invoice)
    return key, None if key is None else past.get(("order", *key))


def _content(invoice: Invoice) -> str:
    return fingerprint(invoice.model_copy(update={"purpose": None}))


def _repeated(invoice: Invoice, buyer: Partnership, same: bool, key: OrderKey | None) -> Posted:
    note = f"invoice {invoice.number} of {buyer.name}"
    if same:
        again = (_trouble(issues.REPEATED, invoice, buyer, note),)
        return Posted("read", troubles=again, order=key, repeats="equal")
    reused = (_trouble(issues.NUMBER_REUSED, invoice, buyer, note),)
    return Posted("held", troubles=reused, order=key, repeats="changed")


def _received(invoice: Invoice, key: OrderKey) -> Entry:
    said = {
        "type": invoice.type, "date": invoice.date.isoformat(), "total": f"{invoice.total:f}",
        "currency": invoice.currency, "content": _content(invoice),
    }
    return Entry("invoice.received", said, key=invoice.number, order=key)


def _matched(invoice: Invoice, order: Order) -> tuple[str | None, ...]:
    """For each line of the invoice the line of the order."""
    return tuple(line_of(order, line.number, line.product_ids) for line in invoice.lines)


def _invoiced(invoice: Invoice, key: OrderKey, matched: tuple[str | None, ...]) -> Iterator[Entry]:
    for name, line in zip(matched, invoice.lines, strict=True):
        if name is not None:
            quantity = _signed(invoice, line.quantity or NOTHING)
            price = None if line.price is None else f"{line.price:f}"
            said = {"invoice": invoice.number, "quantity": f"{quantity:f}", "price": price}
            yield Entry("line.invoiced", said, order=key, line=name)


def _signed(invoice: Invoice, quantity: Decimal) -> Decimal:
    """What a credit memo gives back is no longer invoiced, however it writes its quantities."""
    return -abs(quantity) if invoice.type in CREDITS else quantity


def _troubles(
    invoice: Invoice, known: KnownOrder, buyer: Partnership, past: Past, *, booked: bool
) -> Iterator[Trouble]:
    """One trouble for each kind of difference. `booked`: the past has this invoice in it already."""
    found: dict[Kind, list[str]] = {}
    for kind, note in (*_of_whole(invoice, known, buyer), *_of_lines(invoice, known, past, booked=booked)):
        found.setdefault(kind, []).append(note)
    for kind, notes in found.items():
        yield _trouble(kind, invoice, buyer, f"invoice {invoice.number}: {'; '.join(notes)}")


def _of_whole(invoice: Invoice, known: KnownOrder, buyer: Partnership) -> Iterator[Difference]:
    currency = known.order.currency or buyer.currency
    if invoice.currency is not None and currency is not None and invoice.currency != currency:
        yield issues.CURRENCY_DIFFERS, f"invoiced in {invoice.currency}, ordered in {currency}"
    if known.state in ENDED and invoice.type not in CREDITS:
        yield issues.ORDER_ENDED, f"order {known.order.number} was {known.state}"
    sums = totals(invoice)
    same = {abs(one) for one in sums} if invoice.type in CREDITS else set(sums)
    if (abs(invoice.total) if invoice.type in CREDITS else invoice.total) not in same:
        more = ", without what is given by percentage alone" if by_percentage_alone(invoice) else ""
        yield issues.TOTAL_DIFFERS, f"the total is {invoice.total:f}, its parts come to {sums[0]:f}{more}"


def _of_lines(invoice: Invoice, known: KnownOrder, past: Past, *, booked: bool) -> Iterator[Difference]:
    lives = {life.number: life for life in lines_of_life(known.order, past)}
    answered = past.get(("answers", *(_order_key(invoice) or ("", "")))) or {}
    now: dict[str, Decimal] = {}
    for ordinal, (name, line) in enumerate(zip(_matched(invoice, known.order), invoice.lines, strict=True), 1):
        if name is None:
            ids = ", ".join(f"{product.kind} {product.value}" for product in line.product_ids)
            yield issues.LINE_UNKNOWN, f"line {line.number or ordinal} {f'({ids}) ' if ids else ''}was not ordered"
            continue
        now[name] = now.get(name, NOTHING) + _signed(invoice, line.quantity or NOTHING)
        ordered = lives[name].line
        if line.price is not None and ordered.price not in (None, line.price) and invoice.type not in CREDITS:
            yield issues.PRICE_DIFFERS, f"line {name} invoiced at {line.price:f}, ordered at {ordered.price:f}"
        if line.unit is not None and ordered.unit not in (None, line.unit):
            yield issues.UNIT_DIFFERS, f"line {name} invoiced by {line.unit}, ordered by {ordered.unit}"
    any_shipped = any(life.shipped for life in lives.values())
    for name, quantity in now.items():
        life = lives[name] if booked else replace(lives[name], invoiced=lives[name].invoiced + quantity)
        yield from _too_much(life, any_shipped, name in answered, quantity)


def _too_much(life: LineOfLife, any_shipped: bool, answered: bool, quantity: Decimal) -> Iterator[Difference]:
    """Compared with what was shipped; where the seller tells no shipments, with what was agreed."""
    most, how = (life.shipped, "shipped") if any_shipped else (life.taken, "agreed") if answered else (
        life.ordered, "ordered"
    )
    if quantity > 0 and life.invoiced > most:
        yield issues.TOO_MUCH, f"line {life.number} invoiced {life.invoiced:f}, {how} {most:f}"


def _trouble(kind: Kind, invoice: Invoice, buyer: Partnership, note: str) -> Trouble:
    return Trouble(kind, f"invoice {buyer.id} {invoice.number}", note, order=invoice.order_number)
