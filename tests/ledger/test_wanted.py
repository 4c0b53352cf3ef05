"""What a partner wants told in a document beside what it is about."""

import datetime as dt

from edi_gateway.ledger.wanted import INVOICE, SHIPMENT, Wanted, our_number
from edi_gateway.model._parts import Party, Reference
from edi_gateway.model.order import Order

REFERENCES = tuple(Reference(kind=kind, value="1") for kind in ("vendor_number", "department", "merchandise_type"))
SHIP_TO, BUYER = Party(role="ship_to", name="Depot 12"), Party(role="buyer", name="Harrowmill Supply")
ORDER = Order(
    purpose="original", type="stand_alone", number="PO-1", date=dt.date(2026, 3, 2), references=REFERENCES,
    parties=(BUYER, SHIP_TO), lines=(),
)
WANTED = Wanted(references=("department",), parties=("ship_to",), ours=(Party(role="remit_to", name="Fernhill Goods"),))


def test_of_the_order_only_what_is_named_is_told_and_ours_stand_first() -> None:
    assert WANTED.references_of(ORDER) == (REFERENCES[1],)
    assert WANTED.parties_of(ORDER) == (*WANTED.ours, SHIP_TO)


def test_our_number_is_told_once_where_it_is_wanted_by_name_too() -> None:
    assert Wanted(references=("department", "vendor_number")).numbers_of(ORDER) == REFERENCES[:2]
    assert INVOICE.numbers_of(ORDER) == REFERENCES[:1]


def test_where_nothing_is_wanted_our_number_is_told_and_where_a_shipment_goes() -> None:
    assert our_number(ORDER) == REFERENCES[:1]
    assert (SHIPMENT.references_of(ORDER), SHIPMENT.parties_of(ORDER)) == ((), (SHIP_TO,))
    assert (INVOICE.references_of(ORDER), INVOICE.parties_of(ORDER)) == ((), ())


def test_of_a_party_whose_name_and_address_were_erased_nothing_is_told() -> None:
    assert WANTED.parties_of(ORDER.impersonal()) == WANTED.ours
