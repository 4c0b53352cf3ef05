"""The order that a person names, as it stands on the books."""

import datetime as dt
from dataclasses import dataclass

from edi_gateway.flows.house import Commit
from edi_gateway.issues import trade
from edi_gateway.ledger.facts import KnownOrder
from edi_gateway.ledger.fulfilment import LineOfLife, line_keys, lines_of_life
from edi_gateway.ledger.orders import key_of
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.ports import Agreement


@dataclass(frozen=True)
class Standing:
    """An order on the books, with whom it was agreed."""

    agreement: Agreement
    partnership: Partnership
    known: KnownOrder

    def lines(self, commit: Commit) -> tuple[LineOfLife, ...]:
        """What was ordered, taken, shipped and invoiced of each line so far."""
        order = self.known.order
        keys = line_keys(key_of(order))
        return lines_of_life(order, commit.unit.books.past(self.agreement, self.partnership, keys, commit.now))

    def shipped(self, commit: Commit) -> dt.date | None:
        """The day on which goods of it last left."""
        key = ("shipped", *key_of(self.known.order))
        found: dt.date | None = commit.unit.books.past(self.agreement, self.partnership, (key,), commit.now)[key]
        return found


def standing(commit: Commit, partnership_id: int, number: str, release: str) -> Standing:
    """The order of that number and release. Raises `GatewayError` (`trade.order-not-found`)."""
    partnership = commit.unit.agreements.get_partnership(partnership_id)
    known = commit.unit.books.known_order(partnership_id, (number, release))
    if known is None:
        raise trade.ORDER_NOT_FOUND.error(f"{partnership.name} has no order {number} {release}".rstrip())
    return Standing(commit.unit.agreements.get(partnership.agreement_id), partnership, known)
