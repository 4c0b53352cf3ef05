"""What a partner wants told in a document beside what it is about: of the order that it answers, and of ourselves."""

from dataclasses import dataclass

from edi_gateway.model._parts import Party, Reference
from edi_gateway.model.order import Order

OUR_NUMBER = "vendor_number"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is told. `references` and `parties` are kinds and roles of those that the order names.

    `ours` are parties on our side. Of an invoice, `terms` are those of the order, and `shipped` is the day on which
    goods of it last left. Of a shipment, `packages` is how many there are, and `packaging` what they are.
    """

    references: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    ours: tuple[Party, ...] = ()
    terms: bool = False
    shipped: bool = False
    packages: bool = False
    packaging: str | None = None

    def references_of(self, order: Order) -> tuple[Reference, ...]:
        """Those of the order's references that are to be told."""
        return tuple(reference for reference in order.references if reference.kind in self.references)

    def numbers_of(self, order: Order) -> tuple[Reference, ...]:
        """Our number at the partner and those that are to be told beside it, none of them twice."""
        return tuple(dict.fromkeys((*our_number(order), *self.references_of(order))))

    def parties_of(self, order: Order) -> tuple[Party, ...]:
        """Ours, and those of the order's parties that are to be told. Of whom nothing is kept, nothing is told."""
        named = (party for party in order.parties if party.role in self.parties and party != Party(role=party.role))
        return (*self.ours, *named)


SHIPMENT, INVOICE = Wanted(parties=("ship_to",)), Wanted()
"""What our documents tell where nobody wants it otherwise."""


def our_number(order: Order) -> tuple[Reference, ...]:
    """Our number at the partner, as the order says it."""
    return tuple(reference for reference in order.references if reference.kind == OUR_NUMBER)
