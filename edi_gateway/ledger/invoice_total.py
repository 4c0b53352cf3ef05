"""What the parts of an invoice come to."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import product

from edi_gateway.model.invoice import Charge, Invoice, InvoiceLine, Tax

NOTHING, CENT = Decimal(0), Decimal("0.01")
ELSEWHERE = ("bill_back", "vendor_check", "credit_account", "paid_by_vendor", "information_only")
"""Charges and allowances that are settled otherwise, and are no part of this invoice's total."""
_DIGITS = 80


def totals(invoice: Invoice) -> tuple[Decimal, ...]:
    """Every total that the parts may honestly come to, the plainest first; in cents, rounded half up.

    Sellers round each line or only the sum; and taxes and charges at the end are in addition to those of the
    lines, or sum them up. What is given by percentage alone is not counted.
    """
    with localcontext() as context:
        context.prec = _DIGITS
        goods = [_of_line(line) for line in invoice.lines]
        sums = _sums(goods)
        taxes = _with_details(_taxes(invoice.taxes), [_taxes(line.taxes) for line in invoice.lines])
        charges = _with_details(_charges(invoice.charges), [_charges(line.charges) for line in invoice.lines])
        found = (_cents(sum(parts, NOTHING)) for parts in product(sums, taxes, charges))
        return tuple(dict.fromkeys(found))


def by_percentage_alone(invoice: Invoice) -> bool:
    """Whether a tax or charge is given by its percentage alone, so that the sum of the amounts is not the whole."""
    parts: list[Tax | Charge] = [*invoice.taxes, *_counting(invoice.charges)]
    for line in invoice.lines:
        parts += [*line.taxes, *_counting(line.charges)]
    return any(part.amount is None and part.percent is not None for part in parts)


def _of_line(line: InvoiceLine) -> Decimal:
    return (line.quantity or NOTHING) * (line.price or NOTHING)


def _sums(goods: Sequence[Decimal]) -> tuple[Decimal, ...]:
    return sum(goods, NOTHING), sum(map(_cents, goods), NOTHING)


def _with_details(end: Sequence[Decimal], lines: Sequence[Sequence[Decimal]]) -> tuple[Decimal, ...]:
    at_end, in_lines = sum(end, NOTHING), sum((sum(line, NOTHING) for line in lines), NOTHING)
    return (at_end + in_lines, at_end) if end and in_lines else (at_end + in_lines,)


def _taxes(taxes: Iterable[Tax]) -> list[Decimal]:
    return [tax.amount for tax in taxes if tax.amount is not None]


def _charges(charges: Iterable[Charge]) -> list[Decimal]:
    return [_signed(charge) + sum(_taxes(charge.taxes), NOTHING) for charge in _counting(charges)]


def _counting(charges: Iterable[Charge]) -> list[Charge]:
    return [one for one in charges if one.kind in ("allowance", "charge") and one.handling not in ELSEWHERE]


def _signed(charge: Charge) -> Decimal:
    amount = charge.amount or NOTHING
    return -amount if charge.kind == "allowance" else amount


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
