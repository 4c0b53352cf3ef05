"""What of an order is still to be done."""

from decimal import Decimal

from edi_gateway.ledger.facts import Past
from edi_gateway.ledger.fulfilment import lines_of_life
from tests.ledger.test_order import order

ANSWERS = {"1": {"decision": "accepted", "quantity": "1"}, "2": {"decision": "accepted", "quantity": "2"}}


def life(**changes: object) -> list[tuple[int, int]]:
    past: Past = {("lines", "PO-1", ""): {}, ("answers", "PO-1", ""): ANSWERS, **{
        (kind, "PO-1", ""): value for kind, value in changes.items()
    }}
    return [(int(line.to_ship), int(line.to_invoice)) for line in lines_of_life(order(), past)]


def test_what_was_taken_is_to_be_shipped() -> None:
    assert life() == [(1, 0), (2, 0)]


def test_what_nobody_answered_or_was_refused_is_not_to_be_shipped() -> None:
    assert life(answers={}) == [(0, 0), (0, 0)]
    refused = {"1": ANSWERS["1"], "2": {"decision": "rejected_not_available", "quantity": "2"}}
    assert life(answers=refused) == [(1, 0), (0, 0)]


def test_what_was_shipped_is_to_be_invoiced_and_the_rest_stays_open() -> None:
    assert life(lines={"2": {"line.shipped": Decimal(1)}}) == [(1, 0), (1, 1)]


def test_what_was_invoiced_is_done_and_too_much_leaves_nothing_to_do() -> None:
    done = {"1": {"line.shipped": Decimal(5), "line.invoiced": Decimal(9)}}
    assert life(lines=done) == [(0, 0), (2, 0)]
