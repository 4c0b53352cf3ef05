"""Inventory reports: written and read, and what follows from one."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway import ledger
from edi_gateway.flows.guides import Guides
from edi_gateway.issues import GatewayError
from edi_gateway.ledger.facts import Entry, Past, Posted
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.mapping import from_canonical, to_canonical
from edi_gateway.model._parts import ProductId
from edi_gateway.model.inventory_report import InventoryLine, InventoryReport, StockQuantity
from edi_gateway.reports.outline import outline
from edi_gateway.store.shelf import DataShelf
from tests.mapping.test_round_trip import (
    dates,
    events,
    kinds,
    many,
    maybe,
    numbers,
    parties,
    products,
    references,
    spoilt,
    texts,
    times,
)
from tests.mapping.trees import SEPARATORS, definition, mapped, text

MAP, DEFINITION = mapped("846"), definition("846")
FIXTURES = Path(__file__).parents[2] / "fixtures" / "x12" / "846"
NOW = dt.datetime(2026, 3, 2, 14, 30, tzinfo=dt.UTC)
WE_BUY = Partnership(1, 1, "Fernhill Pottery", "V-4471", "buyer", None, "USD", "auto")
WE_SELL = Partnership(2, 1, "Birchbarrow Stores", "V-4471", "seller", None, "USD", "auto")


# Both ways: the normal form is that of tests/mapping/test_round_trip.py.

quantities = many(st.builds(
    StockQuantity, kind=st.sampled_from([*MAP.tables["stock_kind"].codes, "01"]), quantity=numbers(15),
    unit=maybe(st.sampled_from(["EA", "CA"])),
))
lines = st.builds(
    InventoryLine, number=maybe(texts(20)), title=maybe(texts(80)), quantities=quantities, dates=events,
    product_ids=st.tuples(st.builds(ProductId, kind=kinds("product_id"), value=texts(48)), products).map(
        lambda found: (found[0], *found[1])
    ),
)
reports = st.builds(
    InventoryReport, purpose=kinds("purpose"), type=st.sampled_from([*MAP.tables["report_type"].codes, "PR"]),
    number=texts(30), date=dates, time=maybe(times), references=references, parties=parties,
    lines=many(lines, least=1),
)


@given(reports)
def test_a_report_in_normal_form_is_read_as_it_was_written(report: InventoryReport) -> None:
    tree, findings = from_canonical(report, MAP, DEFINITION, SEPARATORS)
    assert findings == ()
    assert tree is not None
    assert to_canonical(tree, MAP) == (report, ())


@given(reports, st.data())
def test_any_report_is_read_as_it_was_written_or_a_finding_says_why_not(
    report: InventoryReport, data: st.DataObject
) -> None:
    said = spoilt(report, data)
    tree, findings = from_canonical(said, MAP, DEFINITION, SEPARATORS)
    if tree is None:
        assert [found for found in findings if found.severity == "error" and found.kind.startswith("mapping.")]
    else:
        assert to_canonical(tree, MAP)[0] == said


def test_a_report_is_written_as_its_guide_says() -> None:
    tree, findings = from_canonical(report(time=dt.time(14, 5)), MAP, DEFINITION, SEPARATORS)
    assert findings == ()
    assert tree is not None
    assert text(tree).split("\n") == [
        "BIA*00*MB*SR-1*20260302*1405", "LIN*1*UP*400000000176", "QTY*33*24*EA", "LIN*2*UP*400000000183", "QTY*33*0*EA",
        "CTT*2",
    ]


def test_fixtures_that_pass_are_said_again_as_they_were() -> None:
    guides = Guides(DataShelf())
    for file in sorted((FIXTURES / "pass").glob("*.edi")):
        for verdict in outline(file.read_bytes(), guides).verdicts:
            assert verdict.tree is not None
            noun, _ = to_canonical(verdict.tree, MAP)
            assert noun is not None, file
            again, findings = from_canonical(noun, MAP, DEFINITION, SEPARATORS)
            assert again is not None, (file, findings)
            assert to_canonical(again, MAP)[0] == noun


# What follows.


def report(*stock: tuple[str, str], **changes: Any) -> InventoryReport:
    found = InventoryReport(
        purpose="original", type="manufacturer_inventory", number="SR-1", date=dt.date(2026, 3, 2), time=dt.time(14, 0),
        lines=tuple(
            InventoryLine(
                number=str(number), product_ids=(ProductId(kind="upc", value=upc),),
                quantities=(StockQuantity(kind="available", quantity=Decimal(quantity), unit="EA"),),
            )
            for number, (upc, quantity) in enumerate(stock or (("400000000176", "24"), ("400000000183", "0")), 1)
        ),
    )
    return found.model_copy(update=changes)


def posted(said: InventoryReport, last: Posted | None = None, now: dt.datetime = NOW) -> Posted:
    return ledger.post(said, WE_BUY, past(last, now))


def past(last: Posted | None = None, now: dt.datetime = NOW) -> Past:
    """The books after `last` was posted."""
    return {("now",): now, ("latest", "inventory.reported"): last.entries[0].data if last else None}


def stock(of: Posted) -> dict[str | None, Any]:
    return {entry.key: entry.data["quantity"] for entry in of.entries if entry.kind == "stock.reported"}


def troubles(of: Posted) -> list[str]:
    return [trouble.kind.code for trouble in of.troubles]


def test_a_report_is_one_fact_and_one_for_each_product() -> None:
    found = posted(report())
    assert (found.state, found.troubles, found.replies) == ("posted", (), ())
    assert [(entry.kind, entry.key) for entry in found.entries] == [
        ("inventory.reported", "SR-1"), ("stock.reported", "upc 400000000176"), ("stock.reported", "upc 400000000183"),
    ]
    assert found.entries[0].data["as_of"] == found.entries[1].data["as_of"] == "2026-03-02T14:00:00+00:00"
    assert stock(found) == {"upc 400000000176": "24", "upc 400000000183": "0"}


def test_a_report_older_than_the_last_is_not_processed() -> None:
    found = posted(report(time=dt.time(13, 59)), posted(report()))
    assert (found.state, found.entries, troubles(found)) == ("read", (), ["stock.older"])


def test_a_report_without_a_time_is_of_midnight() -> None:
    assert posted(report(time=None)).entries[0].data["as_of"] == "2026-03-02T00:00:00+00:00"
    assert troubles(posted(report(time=None), posted(report()))) == ["stock.older"]
    assert posted(report(), posted(report(time=None))).state == "posted"


def test_a_report_of_the_future_waits_and_is_taken_when_its_time_has_come() -> None:
    early = report(time=dt.time(14, 31))
    found = posted(early)
    assert (found.state, found.entries, troubles(found)) == ("held", (), ["stock.future"])
    assert posted(early, now=NOW + dt.timedelta(minutes=1)).state == "posted"


def test_a_report_of_this_very_moment_is_not_of_the_future() -> None:
    assert posted(report(time=dt.time(14, 30))).state == "posted"


def test_the_same_stock_as_of_the_same_time_is_no_news() -> None:
    found = posted(report(number="SR-2"), posted(report()))
    assert (found.state, found.entries, found.troubles) == ("read", (), ())


def test_other_stock_as_of_the_same_time_is_taken_with_a_warning() -> None:
    found = posted(report(("400000000176", "23")), posted(report()))
    assert (found.state, troubles(found)) == ("posted", ["stock.same-time"])
    assert stock(found) == {"upc 400000000176": "23"}


@given(st.lists(st.integers(0, 60 * 24 - 1), min_size=1, max_size=8))
def test_in_whatever_order_reports_come_the_newest_is_in_force(minutes: list[int]) -> None:
    last: Posted | None = None
    now = dt.datetime(2026, 3, 3, tzinfo=dt.UTC)
    for minute in minutes:
        found = posted(report(("400000000176", str(minute)), time=dt.time(*divmod(minute, 60))), last, now)
        last = found if found.state == "posted" else last
    assert last is not None
    assert stock(last) == {"upc 400000000176": str(max(minutes))}


def test_less_than_nothing_is_nothing() -> None:
    assert stock(posted(report(("400000000176", "-3")))) == {"upc 400000000176": "0"}


def test_what_can_be_sold_counts_before_what_is_there_and_what_is_to_come_does_not() -> None:
    def line(*kinds: str) -> InventoryReport:
        counted = tuple(StockQuantity(kind=kind, quantity=Decimal(n)) for n, kind in enumerate(kinds, 1))
        ids = (ProductId(kind="vendor_item", value="FH-176"), ProductId(kind="upc", value="400000000176"))
        return report(lines=(InventoryLine(product_ids=ids, quantities=counted),))

    assert stock(posted(line("on_hand", "available"))) == {"upc 400000000176": "2"}
    assert stock(posted(line("01", "on_hand"))) == {"upc 400000000176": "2"}
    assert stock(posted(line("on_order", "01"))) == {"upc 400000000176": "2"}
    assert stock(posted(line("on_order", "projected"))) == {}


def test_a_product_named_twice_has_its_last_quantity_and_is_told() -> None:
    found = posted(report(("400000000176", "5"), ("400000000176", "7")))
    assert (stock(found), troubles(found)) == ({"upc 400000000176": "7"}, ["stock.product-twice"])


def test_looking_again_leaves_a_report_in_force_as_it_is() -> None:
    assert ledger.again(report(), WE_BUY, past(posted(report()))) == Posted("posted")
    older = ledger.again(report(time=dt.time(13, 0)), WE_BUY, past(posted(report())))
    assert (older.state, troubles(older)) == ("read", ["stock.older"])


def test_a_seller_does_not_take_stock_reports() -> None:
    with pytest.raises(GatewayError) as raised:
        ledger.post(report(), WE_SELL, past())
    assert raised.value.kind.code == "trade.not-taken"


def test_facts_are_plain_data() -> None:
    assert all(isinstance(entry, Entry) for entry in posted(report()).entries)
    plain = (str, int, type(None), list)
    assert all(isinstance(value, plain) for entry in posted(report()).entries for value in entry.data.values())
