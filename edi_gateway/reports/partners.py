"""Who we trade with: agreements, and the partnerships under each."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from edi_gateway.store.tables import agreements, partnerships


def partners(connection: Connection) -> Iterator[dict[str, Any]]:
    """The agreements by name, each with its ids and references; `guide` names the partner's folder of rules."""
    under: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in connection.execute(select(partnerships).order_by(partnerships.c.name)):
        fields = dict(row._mapping)
        under[fields.pop("agreement_id")].append(fields)
    for row in connection.execute(select(agreements).order_by(agreements.c.name)):
        fields = dict(row._mapping)
        guide = fields.pop("partner") or None
        yield {**fields, "guide": guide, "partnerships": under[row.id]}


def agreement_names(connection: Connection) -> tuple[str, ...]:
    """The names of the agreements."""
    return tuple(connection.scalars(select(agreements.c.name).order_by(agreements.c.name)))


def names(connection: Connection) -> tuple[str, ...]:
    """The names of the agreements, and of the partnerships under them."""
    under = connection.scalars(select(partnerships.c.name).order_by(partnerships.c.name))
    return tuple(dict.fromkeys((*agreement_names(connection), *under)))
