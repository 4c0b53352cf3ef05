"""Which control numbers were used last, towards whom."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, or_, select

from edi_gateway.flows.control import LAST, meaning
from edi_gateway.store.agreements import Agreements
from edi_gateway.store.tables import numbers


def control(connection: Connection, partner: str | None = None) -> Iterator[dict[str, Any]]:
    """The last number of each scope and the next that will be taken: ISA13, and GS06 by its GS01 (`group`).

    `partners` are the agreements that count in a scope; there is none where their ids were changed since.
    """
    known = Agreements(connection).all()
    counted = select(numbers).where(or_(numbers.c.scope.startswith("ISA13 "), numbers.c.scope.startswith("GS06 ")))
    for row in connection.execute(counted.order_by(numbers.c.scope.desc())):
        meant = {agreement.name: found for agreement in known if (found := meaning(agreement, row.scope)) is not None}
        if partner is not None and partner not in meant:
            continue
        test, group = next(iter(meant.values()), (None, None))
        yield {
            "partners": list(meant), "number": row.scope.partition(" ")[0], "group": group, "test": test,
            "last": row.last, "next": 1 if row.last >= LAST else row.last + 1, "scope": row.scope,
        }
