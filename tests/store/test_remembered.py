"""What a unit remembers of what it asked and said: nothing of a part that was undone."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from edi_gateway.issues import exchange
from edi_gateway.ledger.facts import Entry, Trouble
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.model.order import Order
from edi_gateway.ports import Document, Envelope, Identity, Place, Sighting
from edi_gateway.store.sql import SqlStore, Unit
from edi_gateway.store.tables import documents, entries, issues, orders

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ABOUT = "acme: collect"
TROUBLE = Trouble(exchange.WRITE_DENIED, ABOUT, "the partner grants no rights")
SIGHTING = Sighting("order.edi", 5, None)
KEY = ("PO1", "")
ORDER = Order(purpose="original", type="stand_alone", number="PO1", date=date(2026, 3, 2), lines=())


@pytest.fixture
def unit(store: SqlStore) -> Iterator[Unit]:
    with store.unit() as unit:
        yield unit


@pytest.fixture
def partnership(unit: Unit) -> Partnership:
    agreement = unit.agreements.put(
        "acme", ours="ZZ:SELLER", theirs="ZZ:ACME", our_group="SELLER", their_group="ACME", usage="production",
        partner="", channel="acme",
    )
    return unit.agreements.put_partnership(agreement.id, "acme-books")


def document(place: Place | None = None) -> Document:
    one = Identity("ZZ", "ACME")
    envelope = Envelope(one, one, "ACME", "ACME", "000000001", "PO", "1", "0001", False)
    return Document("in", "850", "004010", "held", "acme", "order.edi", envelope, place=place)


def placed(state: str, then: str) -> tuple[Entry, Entry]:
    fact = Entry("order.placed", {"lines": 0}, order=KEY, opens=ORDER, order_state=state)
    return fact, Entry("order.held", {}, order=KEY, order_state=then)


def test_what_an_undone_part_has_closed_is_closed_when_it_is_said_again(unit: Unit) -> None:
    unit.desk.open(TROUBLE, NOW)
    with suppress(ZeroDivisionError), unit.savepoint():
        unit.desk.close_about(ABOUT, NOW)
        raise ZeroDivisionError
    assert unit.desk.standing(ABOUT)
    unit.desk.close_about(ABOUT, NOW)
    assert not unit.desk.standing(ABOUT)


def test_what_opens_again_after_it_was_closed_is_closed_again(unit: Unit) -> None:
    for _ in range(2):
        unit.desk.open(TROUBLE, NOW)
        unit.desk.close_about(ABOUT, NOW)
        unit.desk.close_about(ABOUT, NOW)
    assert unit.connection.scalars(select(issues.c.state)).all() == ["closed", "closed"]


def test_an_order_that_an_undone_part_has_opened_is_not_known(unit: Unit, partnership: Partnership) -> None:
    said = unit.documents.record(document(), NOW)
    with suppress(ZeroDivisionError), unit.savepoint():
        unit.books.write(placed("open", "held"), said, partnership, NOW)
        assert unit.books.order_id(partnership.id, KEY) is not None
        raise ZeroDivisionError
    assert unit.books.order_id(partnership.id, KEY) is None


def test_an_order_stands_as_the_last_of_its_facts_says_and_keeps_its_id_when_it_is_opened_anew(
    unit: Unit, partnership: Partnership
) -> None:
    said = unit.documents.record(document(), NOW)
    stood = []
    for then in ("held", "answered"):
        unit.books.write(placed("open", then), said, partnership, NOW)
        stood.append(tuple(unit.connection.execute(select(orders.c.id, orders.c.state)).one()))
    (first, _), (again, _) = stood
    assert (first, [state for _, state in stood]) == (again, ["held", "answered"])
    unit.books.write((Entry("order.cancelled", {}, order=KEY, order_state="cancelled"),), said, partnership, NOW)
    assert unit.connection.scalar(select(orders.c.state)) == "cancelled"
    kinds = unit.connection.scalars(select(entries.c.kind).order_by(entries.c.id)).all()
    assert kinds == ["order.placed", "order.held"] * 2 + ["order.cancelled"]


def test_a_partnership_is_found_as_it_is_now(unit: Unit, partnership: Partnership) -> None:
    agreement = partnership.agreement_id
    assert (unit.agreements.partnership(agreement, "4711"), unit.agreements.partnership(agreement, None)) == (
        None, partnership,
    )
    unit.agreements.put_partnership(agreement, "acme-books", reference="4711")
    found = unit.agreements.partnership(agreement, "4711")
    assert found is not None
    assert (found.id, found.reference) == (partnership.id, "4711")


def test_a_document_is_recorded_once_at_its_place(unit: Unit) -> None:
    receipt = unit.inbox.admit("acme", SIGHTING, "digest", "rank", NOW).receipt
    place = Place(receipt.id, 1, 1, 1)
    with suppress(ZeroDivisionError), unit.savepoint():
        unit.documents.record(document(place), NOW)
        raise ZeroDivisionError
    assert unit.documents.at(place) is None
    recorded = [unit.documents.record(document(place), NOW) for _ in range(2)]
    assert recorded[0] == recorded[1]
    assert unit.documents.at(place) == (recorded[0], "held")
    assert len(unit.connection.execute(select(documents.c.id)).all()) == 1


def test_text_that_is_no_unicode_is_kept_on_the_books(unit: Unit) -> None:
    unit.books.write((Entry("file.erased", {"name": "a\udcff.edi", "size": None}),), None, None, NOW)
    assert unit.connection.scalar(select(entries.c.data)) == {"name": "a\udcff.edi", "size": None}
