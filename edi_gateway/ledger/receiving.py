"""What the postings of a buyer share: whose word it is, which line is meant, and whether it was said before."""

import hashlib
import json
from collections.abc import Iterable, Sequence

from edi_gateway import model
from edi_gateway.issues import trade
from edi_gateway.ledger.answering import line_numbers
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.model import Noun
from edi_gateway.model._parts import ProductId
from edi_gateway.model.order import Order, OrderLine


def as_buyer(noun: Noun, partnership: Partnership | None) -> Partnership:
    """The partnership, where we buy in it. Raises `GatewayError` (`trade.not-taken`) where we sell."""
    assert partnership is not None
    if partnership.role != "buyer":
        what = model.name(noun).replace("_", " ")
        raise trade.NOT_TAKEN.error(f"{partnership.name} buys from us, and sent the document of a seller: {what}")
    return partnership


def fingerprint(noun: Noun) -> str:
    """A short text that is the same for documents that say the same."""
    return hashlib.sha256(json.dumps(noun.as_json(), sort_keys=True).encode()).hexdigest()[:32]


def line_of(order: Order, number: str | None, product_ids: Sequence[ProductId]) -> str | None:
    """Which line of the order is meant: the one of that number, else the only one of that product; None for neither.

    A seller who counts their own lines gives the number of another product; then the product counts.
    """
    lines = dict(zip(line_numbers(order), order.lines, strict=True))
    if number in lines and not _another(lines[number], product_ids):
        return number
    named = [name for name, line in lines.items() if _ids(line.product_ids) & _ids(product_ids)]
    return named[0] if len(named) == 1 else None


def _another(line: OrderLine, product_ids: Sequence[ProductId]) -> bool:
    """Whether the ids speak of a product that is not the line's."""
    theirs, ours = _ids(product_ids), _ids(line.product_ids)
    comparable = {kind for kind, _ in theirs} & {kind for kind, _ in ours}
    return bool(comparable) and not theirs & ours


def _ids(product_ids: Iterable[ProductId]) -> set[tuple[str, str]]:
    return {(product.kind, product.value) for product in product_ids}
