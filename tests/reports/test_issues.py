"""What waits for a person."""

import datetime as dt

from sqlalchemy import update

from edi_gateway.issues import exchange, trade
from edi_gateway.reports import issues
from edi_gateway.store import tables
from tests.reports.books import NOW, Books


def test_an_issue_says_what_to_do(books: Books) -> None:
    document = books.document(books.acme, "posted")
    issue = books.trouble(trade.PRICE_DIFFERS, "order 1", partner="acme", order="PO-1", document_id=document)
    books.trouble(trade.PRICE_DIFFERS, "order 1", NOW + dt.timedelta(seconds=90))
    with books.store.view() as connection:
        (row,) = issues.issues(connection)
    assert row == {
        "id": issue, "kind": "trade.price-differs", "title": trade.PRICE_DIFFERS.title, "severity": "error",
        "count": 2, "partner": "acme", "document": document, "order": "PO-1", "channel": None,
        "opened": "2026-03-02T09:30:00Z", "last_seen": "2026-03-02T09:31:30Z", "state": "open",
        "resolution": trade.PRICE_DIFFERS.resolution, "note": "the note about order 1",
    }


def test_the_newest_come_first_and_closed_ones_only_when_asked_for(books: Books) -> None:
    first = books.trouble(trade.ANSWER_DUE, "order 1")
    second = books.trouble(exchange.DELETE_DENIED, "acme: collect", channel="acme")
    third = books.trouble(trade.ANSWER_DUE, "order 2")
    with books.store.unit() as unit:
        unit.desk.close(trade.ANSWER_DUE, "order 2", NOW)
    with books.store.view() as connection:
        assert [row["id"] for row in issues.issues(connection)] == [second, first]
        assert [row["id"] for row in issues.issues(connection, closed=True)] == [third, second, first]
        assert [row["id"] for row in issues.issues(connection, partner="acme")] == [second]
        assert [row["id"] for row in issues.issues(connection, kind_code="trade.answer-due", last=1)] == [first]


def test_an_issue_of_a_kind_that_is_not_known_is_shown_by_its_code(books: Books) -> None:
    books.trouble(trade.ANSWER_DUE, "order 1")
    for code in ("plugin.other", "trade.other"):
        with books.store.unit() as unit:
            unit.connection.execute(update(tables.issues).values(kind=code))
        with books.store.view() as connection:
            (row,) = issues.issues(connection)
        assert (row["title"], row["resolution"].endswith(".")) == (code, True)
