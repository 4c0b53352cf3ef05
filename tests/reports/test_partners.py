"""Who we trade with."""

from edi_gateway.reports import partners
from tests.reports.books import Books


def test_agreements_are_listed_with_their_partnerships(books: Books) -> None:
    with books.store.view() as connection:
        acme, bolt = partners.partners(connection)
    assert acme == {
        "id": books.acme.id, "name": "acme", "ours": "ZZ:US", "theirs": "ZZ:ACME", "our_group": "US",
        "their_group": "ACME", "usage": "production", "guide": None, "channel": "box",
        "partnerships": [{
            "id": books.shop.id, "name": "acme-shop", "reference": None, "role": "seller", "price_list": None,
            "currency": None, "answer": "auto",
        }],
    }
    assert bolt["guide"] == "bolt"
    assert [(one["name"], one["reference"]) for one in bolt["partnerships"]] == [
        ("bolt-stores", "70013"), ("bolt-web", "70012"),
    ]
