"""What a partner sent broken is over when the corrected one comes: the issue about it closes by itself, or stays."""

from datetime import timedelta

import pytest

from edi_gateway.flows import partners
from tests.flows.stage import Stage, envelope, order
from tests.flows.test_buyer import ordered
from tests.flows.test_duplicates import SHIPMENT, Calendar, agree, clock, come, one

__all__ = ["clock"]


def broken(number: str = "PO-1") -> str:
    """An order with a date that there is not."""
    return order(number).replace("**20260301~", "**20261399~")


def refused(text: str) -> str:
    """An interchange whose trailer tells another number."""
    return text.replace("~IEA*1*", "~IEA*9*")


def desk(stage: Stage) -> list[tuple[str, str, int]]:
    """Kind, state and count of the issues about what was broken."""
    return list(stage.ask("SELECT kind, state, count FROM issues WHERE kind LIKE 'document.%' ORDER BY id"))


OPEN, CLOSED = [("document.rejected", "open", 1)], [("document.rejected", "closed", 1)]


def test_a_rejected_order_is_over_when_the_order_of_that_number_is_accepted(stage: Stage) -> None:
    agree(stage)
    come(stage, envelope(broken()))
    assert desk(stage) == OPEN
    come(stage, one("PO-2", 2))
    assert desk(stage) == OPEN
    come(stage, one("PO-1", 3))
    assert desk(stage) == CLOSED


def test_an_order_that_is_broken_once_more_is_the_same_issue_about_the_newest(stage: Stage) -> None:
    agree(stage)
    come(stage, envelope(broken()), envelope(broken(), icn=2, group=2))
    assert desk(stage) == [("document.rejected", "open", 2)]
    newest = "SELECT note LIKE '%PO-1%file1.edi%', file FROM issues JOIN documents ON documents.id = document_id"
    assert stage.ask(newest) == [(1, "file1.edi")]


@pytest.mark.parametrize("purpose", ["01", "04"], ids=["cancelled", "changed"])
def test_an_order_that_is_called_off_or_changed_is_not_the_corrected_one(stage: Stage, purpose: str) -> None:
    agree(stage)
    come(stage, envelope(broken()), one("PO-1", 2).replace("BEG*00*", f"BEG*{purpose}*"))
    assert desk(stage) == OPEN


def test_a_test_order_of_that_number_is_not_the_corrected_one(stage: Stage) -> None:
    agree(stage, usage="both")
    come(stage, envelope(broken()), one("PO-1", 2, usage="T"))
    assert desk(stage) == OPEN


def test_an_order_of_that_number_from_another_partner_is_not_the_corrected_one(stage: Stage) -> None:
    agree(stage)
    partners.add(stage.house, "brook", ours="ZZ:SELLER", theirs="ZZ:BROOK", channel="acme",
                 partnership_name="brook-books", price_list="list", currency="USD")
    come(stage, envelope(broken()), one("PO-1", 2, sender="BROOK"))
    assert desk(stage) == OPEN


def test_an_order_that_came_before_the_broken_one_does_not_end_it_when_it_is_run_again(stage: Stage) -> None:
    agree(stage)
    come(stage, envelope(order("PO-1", control="0001", price="3.0")), envelope(broken(), icn=2, group=2))
    with stage.house.commit() as commit:
        commit.unit.inbox.again(1)
    stage.work()
    assert desk(stage) == OPEN


def test_a_set_whose_number_cannot_be_read_is_for_a_person_to_end(stage: Stage) -> None:
    agree(stage)
    come(stage, envelope(broken().replace("*PO-1*", "**")), one("PO-1", 2))
    assert desk(stage) == OPEN


def test_a_shipment_is_corrected_by_a_shipment_of_its_own_number_and_by_no_other_of_its_order(stage: Stage) -> None:
    agree(stage, role="buyer")
    ordered(stage)
    shipment = SHIPMENT.replace("*QTY*", "*1*")
    bad = shipment.replace("*20260302*1000", "*20261399*1000")
    come(stage, envelope(bad, icn=2, group=2, code="SH"))
    assert desk(stage) == OPEN
    come(stage, envelope(shipment.replace("*S-1*", "*S-2*"), icn=3, group=3, code="SH"))
    assert desk(stage) == OPEN
    come(stage, envelope(shipment, icn=4, group=4, code="SH"))
    assert desk(stage) == CLOSED


# A whole interchange


TWO = (order("PO-1"), order("PO-2", control="0002"))
"""Two orders, which end no issue about the one that holds both by coming alone."""
STAYS, ENDS = [("document.interchange-refused", "open", 1)], [("document.interchange-refused", "closed", 1)]


def test_a_refused_interchange_is_over_when_its_number_comes_and_is_taken(stage: Stage) -> None:
    agree(stage)
    two = envelope(*TWO)
    come(stage, refused(two), one("PO-3", 2))
    assert desk(stage) == STAYS
    come(stage, refused(two.replace("0930", "0931")))
    assert [state for _, state, _ in desk(stage)] == ["open", "open"]
    come(stage, two)
    assert [state for _, state, _ in desk(stage)] == ["closed", "closed"]


def test_a_refused_interchange_of_one_order_is_over_when_that_order_comes_under_another_number(stage: Stage) -> None:
    agree(stage)
    come(stage, refused(one("PO-1", 1)), one("PO-2", 2))
    assert desk(stage) == STAYS
    come(stage, one("PO-1", 3))
    assert desk(stage) == ENDS


def test_a_refused_interchange_of_two_orders_is_not_over_when_one_of_them_comes(stage: Stage) -> None:
    agree(stage)
    come(stage, refused(envelope(order("PO-1"), order("PO-2", control="0002"))), one("PO-1", 2), one("PO-2", 3))
    assert desk(stage) == STAYS


def test_a_refused_shipment_is_not_over_when_another_one_of_its_order_comes(stage: Stage) -> None:
    agree(stage, role="buyer")
    ordered(stage)
    shipment = SHIPMENT.replace("*QTY*", "*1*")
    come(stage, refused(envelope(shipment, icn=2, group=2, code="SH")),
         envelope(shipment.replace("*S-1*", "*S-2*"), icn=3, group=3, code="SH"))
    assert desk(stage) == STAYS


def test_where_the_number_never_changes_only_the_order_tells_the_corrected_interchange(stage: Stage) -> None:
    agree(stage, "interchange_days = 0")
    come(stage, refused(one("PO-1")), one("PO-2"))
    assert desk(stage) == STAYS
    come(stage, one("PO-1"))
    assert desk(stage) == ENDS


def test_where_date_and_time_belong_to_the_number_another_time_is_another_interchange(stage: Stage) -> None:
    agree(stage, "interchange_time = true")
    come(stage, refused(envelope(*TWO)), envelope(*TWO, group=7).replace("*0930*U", "*0931*U"))
    assert desk(stage) == STAYS
    come(stage, envelope(*TWO, group=8))
    assert desk(stage) == ENDS


@pytest.mark.parametrize(("days", "ends"), [(9, True), (11, False)])
def test_a_number_that_comes_after_its_days_is_another_interchange(
    stage: Stage, clock: Calendar, days: int, ends: bool
) -> None:
    agree(stage, "interchange_days = 10")
    come(stage, refused(envelope(*TWO)))
    clock.at += timedelta(days=days)
    come(stage, envelope(*TWO, group=7))
    assert desk(stage) == (ENDS if ends else STAYS)


def test_an_interchange_of_that_number_without_the_orders_of_the_refused_one_is_another(stage: Stage) -> None:
    agree(stage)
    come(stage, refused(envelope(*TWO)), envelope(order("PO-1"), order("PO-3", control="0002"), group=7))
    assert desk(stage) == STAYS


def test_where_no_order_can_be_read_the_number_alone_tells_the_corrected_interchange(stage: Stage) -> None:
    agree(stage)
    come(stage, refused(envelope(*TWO)).replace("*PO-1*", "**").replace("*PO-2*", "**"), one("PO-3"))
    assert ("document.interchange-refused", "closed", 1) in desk(stage)


# A whole group


WAITS, OVER = [("document.group-rejected", "open", 1)], [("document.group-rejected", "closed", 1)]


def miscounted(text: str) -> str:
    """A group whose trailer tells another number of sets."""
    return text.replace("~GE*", "~GE*9")


def test_a_rejected_group_is_over_when_its_number_comes_and_is_taken(stage: Stage) -> None:
    agree(stage)
    come(stage, miscounted(envelope(*TWO)), envelope(order("PO-3"), icn=2, group=2))
    assert desk(stage) == WAITS
    come(stage, miscounted(envelope(*TWO, icn=3, group=1)))
    assert [state for _, state, _ in desk(stage)] == ["open", "open"]
    come(stage, envelope(*TWO, icn=4, group=1))
    assert [state for _, state, _ in desk(stage)] == ["closed", "closed"]


def test_a_rejected_group_of_one_order_is_over_when_that_order_comes_under_another_number(stage: Stage) -> None:
    agree(stage)
    come(stage, miscounted(envelope(order("PO-1"))), envelope(order("PO-2"), icn=2, group=2))
    assert desk(stage) == WAITS
    come(stage, envelope(order("PO-1"), icn=3, group=3))
    assert desk(stage) == OVER


def test_a_rejected_group_of_two_orders_is_not_over_when_one_of_them_comes(stage: Stage) -> None:
    agree(stage)
    come(stage, miscounted(envelope(*TWO)), envelope(order("PO-1"), icn=2, group=2))
    assert desk(stage) == WAITS


def test_a_group_of_that_number_without_the_orders_of_the_rejected_one_is_another(stage: Stage) -> None:
    agree(stage)
    come(stage, miscounted(envelope(*TWO)), envelope(order("PO-1"), icn=2, group=1))
    assert desk(stage) == WAITS


def test_an_order_beside_a_rejected_group_is_not_the_corrected_one(stage: Stage) -> None:
    agree(stage)
    beside = envelope(order("PO-2")).replace("~IEA*1", "~" + miscounted(
        envelope(order("PO-1"), group=2)).partition("~")[2].partition("IEA")[0] + "IEA*2")
    come(stage, beside)
    assert ([number for number, _ in stage.orders()], desk(stage)) == (["PO-2"], WAITS)
    come(stage, envelope(order("PO-1"), icn=2, group=3))
    assert desk(stage) == OVER


@pytest.mark.parametrize(
    "other", [envelope(*TWO, icn=2, group=1, usage="T"), envelope(*TWO, icn=2, group=1, code="PR")],
    ids=["test", "kind"],
)
def test_a_group_of_that_number_that_counts_otherwise_is_not_the_corrected_one(stage: Stage, other: str) -> None:
    agree(stage, usage="both")
    come(stage, miscounted(envelope(*TWO)), other)
    assert desk(stage)[:1] == WAITS


def test_where_group_numbers_never_change_only_the_order_tells_the_corrected_group(stage: Stage) -> None:
    agree(stage, 'group_numbers = "ignore"')
    come(stage, miscounted(envelope(*TWO)), envelope(*TWO, icn=2, group=1))
    assert desk(stage) == WAITS
    come(stage, miscounted(envelope(order("PO-3"), icn=3, group=1)), envelope(order("PO-3"), icn=4, group=1))
    assert desk(stage) == [*WAITS, *OVER]


@pytest.mark.parametrize(("days", "ends"), [(9, True), (11, False)])
def test_a_group_number_that_comes_after_its_days_is_another_group(
    stage: Stage, clock: Calendar, days: int, ends: bool
) -> None:
    agree(stage, "group_days = 10")
    come(stage, miscounted(envelope(*TWO)))
    clock.at += timedelta(days=days)
    come(stage, envelope(*TWO, icn=2, group=1))
    assert desk(stage) == (OVER if ends else WAITS)


def test_a_group_that_was_refused_has_not_used_its_number(stage: Stage) -> None:
    agree(stage, 'group_numbers = "duplicate"')
    come(stage, miscounted(envelope(order("PO-1"))), envelope(order("PO-1"), icn=2, group=1))
    assert ([number for number, _ in stage.orders()], stage.issues(), desk(stage)) == (["PO-1"], [], OVER)
    come(stage, envelope(order("PO-2"), icn=3, group=1))
    assert stage.issues() == ["duplicate.group"]
