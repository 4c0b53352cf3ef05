"""What was ordered and answered."""

from edi_gateway.ledger.orders import key_of
from edi_gateway.reports import orders
from tests.reports.books import Books, order


def answers(books: Books, number: str) -> list[list[str]]:
    with books.store.view() as connection:
        (row,) = orders.orders(connection, number=number)
    return [[answer["decision"] for answer in line["answers"]] for line in row["lines"]]


def test_an_order_says_what_was_ordered(books: Books) -> None:
    order_id = books.place(order("PO-1", release="2", quantities=(3,)), books.web, books.bolt)
    with books.store.view() as connection:
        (row,) = orders.orders(connection)
    line = {
        "number": "1", "quantity": "3", "unit": "EA", "price": "4.50", "title": None,
        "product_ids": [{"kind": "upc", "value": "700000000001"}], "answers": [], "shipped": "0", "invoiced": "0",
    }
    assert row == {
        "id": order_id, "partner": "bolt", "number": "PO-1", "release": "2", "state": "open", "lines": [line],
    }


def test_an_order_without_a_release_has_none(books: Books) -> None:
    books.place(order("PO-1"), books.shop, books.acme)
    with books.store.view() as connection:
        assert next(orders.orders(connection))["release"] is None


def test_each_line_says_what_was_answered_to_it(books: Books) -> None:
    placed = order("PO-1")
    books.place(placed, books.shop, books.acme)
    books.answer(placed, books.shop, {"2": "backordered"}, "accepted")
    assert answers(books, "PO-1") == [["accepted"], ["backordered"]]


def test_the_last_answer_is_the_one_that_counts(books: Books) -> None:
    placed = order("PO-1")
    books.place(placed, books.shop, books.acme)
    books.answer(placed, books.shop, {"2": "backordered"}, "accepted")
    books.answer(placed, books.shop, {}, "rejected")
    assert answers(books, "PO-1") == [["rejected"], ["rejected"]]


def test_an_order_that_was_replaced_waits_for_an_answer_again(books: Books) -> None:
    placed = order("PO-1")
    books.place(placed, books.shop, books.acme)
    books.answer(placed, books.shop, {}, "accepted")
    books.place(order("PO-1", quantities=(7, 8, 9)), books.shop, books.acme, "order.replaced")
    assert answers(books, "PO-1") == [[], [], []]


def test_many_orders_keep_their_own_answers(books: Books) -> None:
    for number in range(7):
        placed = order(f"PO-{number}", quantities=(1,))
        books.place(placed, books.shop, books.acme)
        books.answer(placed, books.shop, {}, "accepted" if number % 2 else "rejected")
    with books.store.view() as connection:
        rows = list(orders.orders(connection))
    assert [row["lines"][0]["answers"][0]["decision"] for row in rows] == [row["state"] for row in rows]
    assert len(rows) == 7


def test_an_order_is_found_in_every_place_it_stands(books: Books) -> None:
    for partnership in (books.web, books.stores):
        for release in (None, "1"):
            books.place(order("PO-1", release=release), partnership, books.bolt)
    with books.store.view() as connection:
        assert len(orders.places(connection, "PO-1")) == 4
        assert orders.places(connection, "PO-1", partnership="bolt-web", release="1") == (
            (books.web.id, "bolt-web", "1"),
        )
        assert orders.places(connection, "PO-1", release="") == (
            (books.web.id, "bolt-web", ""), (books.stores.id, "bolt-stores", ""),
        )
        assert orders.places(connection, "PO-2") == ()


def test_orders_are_filtered_by_partner_and_state(books: Books) -> None:
    placed = order("PO-1")
    books.place(placed, books.shop, books.acme)
    books.answer(placed, books.shop, {}, "accepted")
    books.place(order("PO-2"), books.web, books.bolt)
    with books.store.view() as connection:
        assert [row["number"] for row in orders.orders(connection, state="accepted")] == ["PO-1"]
        assert [row["number"] for row in orders.orders(connection, partner="bolt")] == ["PO-2"]
        assert [row["number"] for row in orders.orders(connection, partner="bolt-web", last=1)] == ["PO-2"]
    assert key_of(placed) == ("PO-1", "")
