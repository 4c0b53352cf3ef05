"""Invoices: written and read, what their parts come to, and what follows from one."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway import ledger
from edi_gateway.flows.guides import Guides
from edi_gateway.issues import GatewayError
from edi_gateway.ledger.facts import Entry, KnownOrder, Past, Posted
from edi_gateway.ledger.invoice_total import by_percentage_alone, totals
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.mapping import from_canonical, to_canonical
from edi_gateway.model._parts import ProductId
from edi_gateway.model.invoice import Charge, Invoice, InvoiceLine, Tax
from edi_gateway.model.order import Order, OrderLine
from edi_gateway.reports.outline import outline
from edi_gateway.store.shelf import DataShelf
from tests.mapping.test_round_trip import (
    cents,
    dates,
    events,
    kinds,
    many,
    maybe,
    numbers,
    parties,
    percents,
    products,
    references,
    spoilt,
    terms,
    texts,
)
from tests.mapping.trees import SEPARATORS, definition, mapped, text

MAP, DEFINITION = mapped("810"), definition("810")
FIXTURES = Path(__file__).parents[2] / "fixtures" / "x12" / "810"
WE_BUY = Partnership(1, 1, "Fernhill Pottery", "V-4471", "buyer", None, "USD", "auto")
WE_SELL = Partnership(2, 1, "Birchbarrow Stores", "V-4471", "seller", None, "USD", "auto")


# Both ways: the normal form is that of tests/mapping/test_round_trip.py; totals and charges are in whole cents.


def words(table: str, *codes: str) -> st.SearchStrategy[str]:
    return st.sampled_from([*MAP.tables[table].codes, *codes])


taxes = many(st.builds(Tax, type=words("tax", "EV"), amount=maybe(numbers(18)), percent=maybe(percents)))
charges = many(st.builds(
    Charge, kind=words("charge_kind", "P"), code=maybe(words("charge", "A010")), amount=maybe(cents(15)),
    percent=maybe(percents), handling=maybe(words("charge_handling", "07")), description=maybe(texts(80)), taxes=taxes,
))
lines = st.builds(
    InvoiceLine, number=texts(20), quantity=maybe(numbers(10)), unit=maybe(st.sampled_from(["EA", "CA"])),
    price=maybe(numbers(17)), price_basis=maybe(st.just("PE")), product_ids=products, title=maybe(texts(80)),
    taxes=taxes, charges=charges, references=references, dates=events,
)
invoices = st.builds(
    Invoice, type=maybe(words("invoice_type", "PR")), purpose=maybe(kinds("purpose")), number=texts(22), date=dates,
    order_number=maybe(texts(22)), order_date=maybe(dates), release=maybe(texts(30)), currency=maybe(texts(3, 3)),
    references=references, parties=parties, dates=events, terms=terms, lines=many(lines), charges=charges, taxes=taxes,
    total=cents(15),
)


@given(invoices)
def test_an_invoice_in_normal_form_is_read_as_it_was_written(invoice: Invoice) -> None:
    tree, findings = from_canonical(invoice, MAP, DEFINITION, SEPARATORS)
    assert findings == ()
    assert tree is not None
    assert to_canonical(tree, MAP) == (invoice, ())


@given(invoices, st.data())
def test_any_invoice_is_read_as_it_was_written_or_a_finding_says_why_not(invoice: Invoice, data: st.DataObject) -> None:
    said = spoilt(invoice, data)
    tree, findings = from_canonical(said, MAP, DEFINITION, SEPARATORS)
    if tree is None:
        assert [found for found in findings if found.severity == "error" and found.kind.startswith("mapping.")]
    else:
        assert to_canonical(tree, MAP)[0] == said


def test_the_total_and_charges_are_written_in_cents_and_prices_and_taxes_with_a_point() -> None:
    said = invoice(
        total="46.53", charges=(charge("charge", "9.8", code="freight"),),
        taxes=(tax("goods_and_services", "3.04"), tax("state_or_provincial", "3")),
    )
    tree, findings = from_canonical(said, MAP, DEFINITION, SEPARATORS)
    assert findings == ()
    assert tree is not None
    assert text(tree).split("\n") == [
        "BIG*20260310*FI-1*20260302*PO-1", "CUR*SE*USD", "IT1*1*2*EA*14.25**UP*400000000176",
        "IT1*2*1*EA*3.5**UP*400000000183", "TDS*4653", "TXI*GS*3.04", "TXI*SP*3", "SAC*C*D240***980", "CTT*2",
    ]


@pytest.mark.parametrize("total", ["1.005", "0.001"])
def test_a_total_finer_than_a_cent_cannot_be_said(total: str) -> None:
    tree, findings = from_canonical(invoice(total=total), MAP, DEFINITION, SEPARATORS)
    assert tree is None
    assert [found.kind for found in findings] == ["mapping.does-not-fit"]


def test_fixtures_that_pass_are_said_again_as_they_were_and_add_up() -> None:
    guides = Guides(DataShelf())
    for file in sorted((FIXTURES / "pass").glob("*.edi")):
        for verdict in outline(file.read_bytes(), guides).verdicts:
            assert verdict.tree is not None
            noun, _ = to_canonical(verdict.tree, MAP)
            assert isinstance(noun, Invoice), file
            again, findings = from_canonical(noun, MAP, DEFINITION, SEPARATORS)
            assert again is not None, (file, findings)
            assert to_canonical(again, MAP)[0] == noun
            assert noun.total in totals(noun) or not noun.lines, file


# What the parts come to.


def invoice(*lines: tuple[str, str, str], total: str = "32.00", **changes: Any) -> Invoice:
    """An invoice of the order below; a line is (number, quantity, price)."""
    upc = {"1": "400000000176", "2": "400000000183"}
    found = Invoice(
        number="FI-1", date=dt.date(2026, 3, 10), order_number="PO-1", order_date=dt.date(2026, 3, 2), currency="USD",
        lines=tuple(
            InvoiceLine(
                number=number, quantity=Decimal(quantity), unit="EA", price=Decimal(price),
                product_ids=(ProductId(kind="upc", value=upc.get(number, number)),),
            )
            for number, quantity, price in lines or (("1", "2", "14.25"), ("2", "1", "3.5"))
        ),
        total=Decimal(total),
    )
    return found.model_copy(update=changes)


def charge(kind: str, amount: str, **changes: Any) -> Charge:
    return Charge(kind=kind, amount=Decimal(amount), **changes)


def tax(type: str, amount: str) -> Tax:
    return Tax(type=type, amount=Decimal(amount))


def test_charges_are_put_on_allowances_taken_off_and_taxes_put_on() -> None:
    said = invoice(
        charges=(charge("charge", "9.80", taxes=(tax("state_sales", "0.60"),)), charge("allowance", "5")),
        taxes=(tax("goods_and_services", "3.04"),),
    )
    assert totals(said) == (Decimal("40.44"),)


@pytest.mark.parametrize("handling", ["bill_back", "credit_account", "paid_by_vendor", "information_only"])
def test_what_is_settled_elsewhere_is_no_part_of_the_total(handling: str) -> None:
    assert totals(invoice(charges=(charge("allowance", "5", handling=handling),))) == (Decimal("32.00"),)


def test_a_charge_that_goes_neither_way_is_no_part_of_the_total() -> None:
    assert totals(invoice(charges=(charge("neither", "5"),))) == (Decimal("32.00"),)


def test_lines_may_be_rounded_one_by_one_or_in_sum() -> None:
    assert totals(invoice(("1", "3", "0.335"), ("2", "1", "0.335"))) == (Decimal("1.34"), Decimal("1.35"))


def test_taxes_at_the_end_may_be_in_addition_to_those_of_the_lines_or_sum_them_up() -> None:
    one = (tax("state_sales", "1.00"),)
    said = invoice(("1", "1", "10"), taxes=one)
    both = said.model_copy(update={"lines": (said.lines[0].model_copy(update={"taxes": one}),)})
    assert totals(both) == (Decimal("12.00"), Decimal("11.00"))


@given(st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 99_999)), min_size=1, max_size=8))
def test_prices_in_whole_cents_have_one_total(goods: list[tuple[int, int]]) -> None:
    said = invoice(*((str(n), str(quantity), f"{price / 100:.2f}") for n, (quantity, price) in enumerate(goods, 1)))
    assert totals(said) == (Decimal(sum(quantity * price for quantity, price in goods)).scaleb(-2),)


def test_what_is_given_by_percentage_alone_is_told() -> None:
    assert not by_percentage_alone(invoice())
    assert by_percentage_alone(invoice(taxes=(Tax(type="state_sales", percent=Decimal(5)),)))


# What follows.


def order(**changes: Any) -> Order:
    found = Order(
        purpose="original", type="new_order", number="PO-1", date=dt.date(2026, 3, 2), currency="USD",
        lines=tuple(
            OrderLine(
                number=number, quantity=Decimal(quantity), unit="EA", price=Decimal(price),
                product_ids=(ProductId(kind="upc", value=upc),),
            )
            for number, quantity, price, upc in
            (("1", "2", "14.25", "400000000176"), ("2", "3", "3.50", "400000000183"))
        ),
    )
    return found.model_copy(update=changes)


def past(
    *entries: Entry, known: Order | None = None, state: str = "accepted", nothing: bool = False
) -> Past:
    """The books after these entries, with the order on them unless there is `nothing`."""
    lines: dict[str, dict[str, Decimal]] = {}
    answers: dict[str, Any] = {}
    before = None
    for entry in entries:
        if entry.kind == "invoice.received":
            before = entry.data
        if entry.line is not None:
            sums = lines.setdefault(entry.line, {})
            sums[entry.kind] = sums.get(entry.kind, Decimal(0)) + Decimal(entry.data["quantity"])
            answers |= {entry.line: entry.data} if entry.kind == "line.answered" else {}
    return {
        ("order", "PO-1", ""): None if nothing else KnownOrder(1, state, known or order(), 1),
        ("lines", "PO-1", ""): lines, ("answers", "PO-1", ""): answers,
        ("fact", "invoice.received", "FI-1"): before,
    }


def line_fact(kind: str, line: str, quantity: str, **data: str) -> Entry:
    return Entry(kind, {"quantity": quantity, **data}, order=("PO-1", ""), line=line)


def troubles(of: Posted) -> list[str]:
    return [trouble.kind.code for trouble in of.troubles]


def test_an_invoice_that_agrees_is_on_the_books_line_by_line() -> None:
    found = ledger.post(invoice(), WE_BUY, past())
    assert (found.state, found.order, found.troubles, found.replies) == ("posted", ("PO-1", ""), (), ())
    assert [(entry.kind, entry.key, entry.line, entry.data.get("quantity")) for entry in found.entries] == [
        ("invoice.received", "FI-1", None, None), ("line.invoiced", None, "1", "2"), ("line.invoiced", None, "2", "1"),
    ]
    assert found.entries[0].data["total"] == "32.00"


@pytest.mark.parametrize("changes", [{}, {"order_number": "PO-9"}, {"order_number": None}])
def test_an_invoice_without_its_order_waits(changes: dict[str, Any]) -> None:
    found = ledger.post(invoice(**changes), WE_BUY, past(nothing=True))
    assert (found.state, found.entries, troubles(found)) == ("held", (), ["invoice.order-unknown"])


def test_the_same_invoice_again_changes_nothing() -> None:
    first = ledger.post(invoice(), WE_BUY, past())
    for purpose in (None, "duplicate"):
        found = ledger.post(invoice(purpose=purpose), WE_BUY, past(*first.entries))
        assert (found.state, found.entries, troubles(found)) == ("read", (), ["invoice.repeated"])


def test_an_invoice_number_used_again_with_other_content_waits() -> None:
    first = ledger.post(invoice(), WE_BUY, past())
    found = ledger.post(invoice(total="31.00"), WE_BUY, past(*first.entries))
    assert (found.state, found.entries, troubles(found)) == ("held", (), ["invoice.number-reused"])


@pytest.mark.parametrize(("said", "kind", "note"), [
    (invoice(("1", "2", "14.26"), total="28.52"), "invoice.price-differs",
     "line 1 invoiced at 14.26, ordered at 14.25"),
    (invoice(("1", "3", "14.25"), total="42.75"), "invoice.too-much", "line 1 invoiced 3, ordered 2"),
    (invoice(("7", "1", "1"), total="1"), "invoice.line-unknown", "line 7 (upc 7) was not ordered"),
    (invoice(currency="CAD"), "invoice.currency-differs", "invoiced in CAD, ordered in USD"),
    (invoice(total="32.01"), "invoice.total-differs", "the total is 32.01, its parts come to 32.00"),
    (invoice(total="33.60", taxes=(Tax(type="state_sales", percent=Decimal(5)),)), "invoice.total-differs",
     "the total is 33.60, its parts come to 32.00, without what is given by percentage alone"),
])
def test_an_invoice_that_differs_is_on_the_books_with_an_issue(said: Invoice, kind: str, note: str) -> None:
    found = ledger.post(said, WE_BUY, past())
    assert (found.state, troubles(found)) == ("posted", [kind])
    assert found.troubles[0].note == f"invoice FI-1: {note}"
    assert found.entries[0].kind == "invoice.received"


def test_differences_of_a_kind_are_one_issue() -> None:
    found = ledger.post(invoice(("1", "2", "14"), ("2", "1", "3"), total="31.00"), WE_BUY, past())
    assert troubles(found) == ["invoice.price-differs"]
    assert found.troubles[0].note.count("ordered at") == 2


def test_an_invoice_by_another_unit_is_told() -> None:
    said = invoice(("1", "2", "14.25"), total="28.50")
    by_case = said.model_copy(update={"lines": (said.lines[0].model_copy(update={"unit": "CA"}),)})
    assert troubles(ledger.post(by_case, WE_BUY, past())) == ["invoice.unit-differs"]


def test_more_than_was_shipped_is_too_much_even_when_it_was_ordered() -> None:
    shipped = line_fact("line.shipped", "1", "1")
    found = ledger.post(invoice(("1", "2", "14.25"), total="28.50"), WE_BUY, past(shipped))
    assert found.troubles[0].note == "invoice FI-1: line 1 invoiced 2, shipped 1"
    rest = line_fact("line.shipped", "1", "1")
    assert troubles(ledger.post(invoice(("1", "2", "14.25"), total="28.50"), WE_BUY, past(shipped, rest))) == []


def test_more_than_the_seller_agreed_to_is_too_much_where_no_shipment_is_told() -> None:
    agreed = line_fact("line.answered", "2", "0", decision="rejected")
    found = ledger.post(invoice(("2", "1", "3.50"), total="3.50"), WE_BUY, past(agreed))
    assert found.troubles[0].note == "invoice FI-1: line 2 invoiced 1, agreed 0"


def test_invoices_of_a_line_add_up() -> None:
    before = line_fact("line.invoiced", "1", "1")
    found = ledger.post(invoice(("1", "2", "14.25"), total="28.50"), WE_BUY, past(before))
    assert found.troubles[0].note == "invoice FI-1: line 1 invoiced 3, ordered 2"


@given(st.lists(st.integers(1, 4), min_size=1, max_size=6))
def test_there_is_an_issue_exactly_from_the_invoice_on_that_is_too_much(quantities: Sequence[int]) -> None:
    booked: list[Entry] = []
    total = 0
    for quantity in quantities:
        total += quantity
        said = invoice(("2", str(quantity), "3.50"), total=f"{quantity * 3.5:.2f}")
        found = ledger.post(said, WE_BUY, past(*(entry for entry in booked if entry.line)))
        assert troubles(found) == (["invoice.too-much"] if total > 3 else [])
        booked += found.entries


def test_a_credit_memo_gives_back_what_was_invoiced() -> None:
    for quantity, total in (("1", "14.25"), ("-1", "-14.25"), ("-1", "14.25")):
        said = invoice(("1", quantity, "14.25"), total=total, type="credit_memo")
        found = ledger.post(said, WE_BUY, past(line_fact("line.invoiced", "1", "2")))
        assert (troubles(found), found.entries[1].data["quantity"]) == ([], "-1")


def test_an_invoice_for_a_cancelled_order_is_told() -> None:
    assert troubles(ledger.post(invoice(), WE_BUY, past(state="cancelled"))) == ["invoice.order-ended"]


def test_a_line_that_the_seller_counted_on_their_own_is_found_by_its_product() -> None:
    said = invoice(("2", "1", "3.50"), total="3.50")
    own = said.model_copy(update={"lines": (said.lines[0].model_copy(update={"number": "1"}),)})
    found = ledger.post(own, WE_BUY, past())
    assert (found.entries[1].line, troubles(found)) == ("2", [])


def test_looking_again_compares_with_what_has_been_shipped_since() -> None:
    said = invoice(("1", "2", "14.25"), total="28.50")
    one = line_fact("line.shipped", "1", "1")
    first = ledger.post(said, WE_BUY, past(one))
    assert troubles(ledger.again(said, WE_BUY, past(one, *first.entries))) == ["invoice.too-much"]
    found = ledger.again(said, WE_BUY, past(one, one, *first.entries))
    assert (found.state, found.entries, found.troubles) == ("posted", (), ())


def test_a_seller_does_not_take_invoices() -> None:
    with pytest.raises(GatewayError) as raised:
        ledger.post(invoice(), WE_SELL, past())
    assert raised.value.kind.code == "trade.not-taken"


def test_what_others_published_becomes_an_invoice_that_can_be_said_again(samples: Path) -> None:
    guides = Guides(DataShelf())
    trees = [
        verdict.tree for file in sorted((samples / "810").glob("*.edi"))
        for verdict in outline(file.read_bytes(), guides).verdicts if verdict.tree is not None
    ]
    assert len(trees) > 5
    for tree in trees:
        noun, findings = to_canonical(tree, MAP)
        assert isinstance(noun, Invoice), findings
        again, faults = from_canonical(noun, MAP, tree.definition, tree.separators)
        assert again, faults
        assert to_canonical(again, MAP)[0] == noun
