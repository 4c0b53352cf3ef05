"""What can still be read of a broken set or file: our number, the order's, the ids; so that people find it."""

import re
from collections.abc import Iterator

from edi_gateway.flows.guides import Guides
from edi_gateway.mapping import seeking
from edi_gateway.model import Noun
from edi_gateway.ports import Identity
from edi_gateway.x12.envelope import Transaction
from edi_gateway.x12.spec import Definition

HEADERS_MAX = 20
_HEADER = re.compile(rb"ISA([^A-Za-z0-9\s])")
_HEADER_BYTES = 400


def reference(guides: Guides, transaction: Transaction, release: str, partner: str) -> str | None:
    """Our number at the partner, where their path to it leads to something. Never raises."""
    path = guides.partner(partner).reference.get(transaction.set)
    definition = _definition(guides, transaction, release, partner) if path else None
    if path is None or definition is None:
        return None
    return seeking.at_path(transaction.segments, definition, path, transaction.separators.component)


def order(guides: Guides, transaction: Transaction, release: str, partner: str) -> str | None:
    """The number of the order, where the rows of the map read it. Never raises."""
    definition = _definition(guides, transaction, release, partner)
    plan = guides.map(transaction.set, release, partner) if definition else None
    if definition is None or plan is None or not plan.noun.names_order:
        return None
    separator = transaction.separators.component
    return seeking.at_field(transaction.segments, plan, definition, plan.noun.names_order, separator)


def number(guides: Guides, transaction: Transaction, release: str, partner: str) -> str | None:
    """The set's own number, as `number_of` tells it of its noun. Never raises."""
    definition = _definition(guides, transaction, release, partner)
    plan = guides.map(transaction.set, release, partner) if definition else None
    if definition is None or plan is None or "number" not in plan.noun.model_fields:
        return None
    separator = transaction.separators.component
    parts = (seeking.at_field(transaction.segments, plan, definition, field, separator) for field in _own(plan.noun))
    said = [part for part in parts if part is not None]
    return " ".join(said) if said else None


def number_of(noun: Noun) -> str | None:
    """The own number of a noun; of an order or its answer with the release. None where it has none."""
    said = [str(part) for field in _own(type(noun)) if (part := getattr(noun, field, None)) is not None]
    return " ".join(said) if said else None


def order_of(noun: Noun) -> str | None:
    """The number of the order that a noun names, of several the first."""
    found: object = noun
    for key in noun.names_order.split(".") if noun.names_order else ():
        found = getattr(found[0] if isinstance(found, tuple) and found else found, key, None)
    return found if isinstance(found, str) else None


def ids(content: bytes) -> Iterator[tuple[Identity, Identity]]:
    """Senders and receivers of what looks like headers in bytes that cannot be read. Never raises."""
    for count, header in enumerate(_HEADER.finditer(content)):
        if count >= HEADERS_MAX:
            return
        parts = content[header.start() : header.start() + _HEADER_BYTES].split(header[1])
        texts = [part.decode("latin-1").strip() for part in parts[5:9]]
        if len(texts) == 4 and all(text.isprintable() and len(text) <= 15 for text in texts):
            yield Identity(texts[0], texts[1]), Identity(texts[2], texts[3])


def _own(noun: type[Noun]) -> tuple[str, ...]:
    return ("number", "release") if noun.names_order == "number" else ("number",)


def _definition(guides: Guides, transaction: Transaction, release: str, partner: str) -> Definition | None:
    return guides.definition(transaction.set, release, partner, "in") if release else None
