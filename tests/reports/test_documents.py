"""Which documents came and went."""

import datetime as dt

from sqlalchemy import update

from edi_gateway.reports import documents
from edi_gateway.store import tables
from tests.reports.books import NOW, Books, order

KEYS = {
    "id", "direction", "set", "version", "partner", "partnership", "channel", "file", "interchange_control",
    "group_control", "set_control", "test", "state", "order", "at",
}


def test_a_document_says_who_sent_it_where_it_stands_and_which_order_it_is_about(books: Books) -> None:
    books.place(order("PO-1"), books.web, books.bolt)
    with books.store.view() as connection:
        (row,) = documents.documents(connection)
    assert set(row) == KEYS
    assert row | {"id": 0} == {
        "id": 0, "direction": "in", "set": "850", "version": "004010", "partner": "bolt", "partnership": "bolt-web",
        "channel": "box", "file": "orders.edi", "interchange_control": "000000007", "group_control": "7",
        "set_control": "0001", "test": False, "state": "posted", "order": "PO-1", "at": "2026-03-02T09:30:00Z",
    }


def test_a_document_of_a_stranger_has_no_partner(books: Books) -> None:
    books.document(None, "held")
    with books.store.view() as connection:
        (row,) = documents.documents(connection)
    assert (row["partner"], row["partnership"], row["order"]) == (None, None, None)


def test_a_held_document_is_found_by_its_order_number_though_the_order_is_not_on_the_books(books: Books) -> None:
    books.document(books.bolt, "held", body=order("PO-9"))
    books.document(books.bolt, "held", body=order("PO-8"))
    with books.store.view() as connection:
        assert [row["order"] for row in documents.documents(connection, order="PO-9")] == ["PO-9"]


def test_filters_all_apply(books: Books) -> None:
    books.document(books.acme, "posted")
    books.document(books.acme, "confirmed", direction="out", set_id="855")
    books.document(books.bolt, "posted", partnership=books.web)
    with books.store.view() as connection:
        def found(**filters: str) -> list[tuple[str, str]]:
            rows = documents.documents(connection, **filters)  # type: ignore[arg-type]
            return [(row["partner"], row["set"]) for row in rows]

        assert found(partner="acme") == [("acme", "850"), ("acme", "855")]
        assert found(partner="bolt-web") == [("bolt", "850")]
        assert found(state="posted", partner="acme") == [("acme", "850")]
        assert found(direction="out") == [("acme", "855")]
        assert found(set_id="855") == [("acme", "855")]
        assert found(partner="nobody") == []


def test_the_newest_are_shown_in_the_order_of_time(books: Books) -> None:
    ids = [books.document(books.acme, "read", at=NOW + dt.timedelta(minutes=n)) for n in range(5)]
    with books.store.view() as connection:
        assert [row["id"] for row in documents.documents(connection, last=2)] == ids[-2:]
        assert [row["id"] for row in documents.documents(connection)] == ids


def test_totals_count_each_document_once(books: Books) -> None:
    for state in ("posted", "posted", "held"):
        books.document(books.acme, state)
    books.document(None, "held")
    with books.store.view() as connection:
        rows = list(documents.totals(connection))
    assert [(row["partner"], row["state"], row["documents"]) for row in rows] == [
        (None, "held", 1), ("acme", "held", 1), ("acme", "posted", 2),
    ]


def test_one_document_is_told_in_full(books: Books) -> None:
    document_id = books.document(books.acme, "held", body=order("PO-1"))
    with books.store.view() as connection:
        row = documents.document(connection, document_id)
        assert documents.document(connection, document_id + 1) is None
    assert row is not None
    more = {"findings", "type", "document", "digest", "words", "erased", "repeats", "repeated"}
    assert set(row) == KEYS | more
    assert (row["type"], row["document"]["number"]) == ("order", "PO-1")


def test_shipments_and_invoices_are_found_by_their_own_number(books: Books) -> None:
    books.place(order("7"), books.shop, books.acme)
    ours = {noun: books.document(books.acme, "posted", body=order("7")) for noun in ("shipment", "invoice")}
    with books.store.unit() as unit:
        for noun, document in ours.items():
            unit.connection.execute(update(tables.documents).where(tables.documents.c.id == document).values(noun=noun))
    with books.store.view() as connection:
        found = {
            "shipment": [row["id"] for row in documents.documents(connection, shipment="7")],
            "invoice": [row["id"] for row in documents.documents(connection, invoice="7")],
        }
        assert list(documents.documents(connection, shipment="8")) == []
    assert found == {noun: [document] for noun, document in ours.items()}


def test_days_are_whole_days_in_utc(books: Books) -> None:
    first, last = NOW.replace(hour=0, minute=0), NOW.replace(hour=23, minute=59, second=59)
    for at in (first, last, last + dt.timedelta(seconds=1)):
        books.document(books.acme, "posted", at=at)
    with books.store.view() as connection:
        day = NOW.date()
        assert [row["id"] for row in documents.documents(connection, since=day, until=day)] == [1, 2]
        assert [row["id"] for row in documents.documents(connection, since=day + dt.timedelta(1))] == [3]


def test_control_numbers_are_the_same_with_and_without_zeros(books: Books) -> None:
    books.document(books.acme, "posted")
    with books.store.view() as connection:
        for number in ("7", "000000007"):
            assert len(list(documents.documents(connection, interchange=number, group=number))) == 1
        assert list(documents.documents(connection, interchange="70")) == []
