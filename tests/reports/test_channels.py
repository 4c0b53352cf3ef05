"""How the channels stand, and what a round came to."""

import datetime as dt

from edi_gateway.issues import exchange, trade
from edi_gateway.reports import channels
from tests.reports.books import NOW, Books


def test_a_round_tells_what_it_met_in_the_mailbox_and_in_the_documents_that_came_over_it(books: Books) -> None:
    document = books.document(books.acme, "held")
    books.trouble(exchange.DELETE_DENIED, "acme: collect", channel="box")
    books.trouble(trade.PRICE_DIFFERS, "order 1", partner="acme", document_id=document)
    books.trouble(trade.ANSWER_DUE, "order 2", partner="birch")
    with books.store.view() as connection:
        met = channels.since(connection, "box", NOW - dt.timedelta(seconds=1))
        (row,) = channels.standing(connection, ["box"])
    assert [issue["kind"] for issue in met["issues"]] == ["exchange.delete-denied", "trade.price-differs"]
    assert row["issues"] == 2
