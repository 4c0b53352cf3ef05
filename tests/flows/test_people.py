"""What people ask for: a partner, a price list, an answer, another try."""

from typing import Any

import pytest

from edi_gateway.flows import desk, orders, partners, prices
from edi_gateway.issues import GatewayError
from tests.flows.stage import PRICES, Stage, envelope, order


def refusal(action: Any, *arguments: Any, **options: Any) -> tuple[str, str]:
    with pytest.raises(GatewayError) as raised:
        action(*arguments, **options)
    return raised.value.kind.code, raised.value.note


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"price": ""}, "row 2: price is missing"),
        ({"price": "4,50"}, "row 2: price '4,50' is not a decimal number"),
        ({"price": "NaN"}, "row 2: price 'NaN' is not a price"),
        ({"price": "-1"}, "row 2: price '-1' is not a price"),
        ({"product_id": "7E+11"}, "row 2: product_id '7E+11' was damaged by a spreadsheet"),
        ({"currency": "dollars"}, "row 2: currency 'dollars' is not a code of three capitals, such as USD"),
    ],
)
def test_a_faulty_price_is_named_and_nothing_of_the_file_is_taken(
    stage: Stage, row: dict[str, str], fault: str
) -> None:
    rows = [{**PRICES[0], **row}, PRICES[1]]
    assert refusal(prices.load, stage.house, "list", rows) == ("trade.prices-faulty", fault)
    assert stage.ask("SELECT * FROM prices") == []


def test_a_product_that_stands_twice_in_a_price_list_is_refused(stage: Stage) -> None:
    assert refusal(prices.load, stage.house, "list", [PRICES[0], PRICES[0]])[0] == "trade.prices-faulty"


@pytest.mark.parametrize(
    "wrong",
    [
        {"ours": "SELLER"}, {"ours": "Z:SELLER"}, {"theirs": "ZZ:MORE-THAN-FIFTEEN"}, {"channel": "nowhere"},
        {"usage": "sometimes"}, {"partner_file": "nobody"}, {"role": "agent"}, {"answer": "never"}, {"currency": "$"},
        {"theirs": None}, {"partner_file": "../specs"}, {"our_group": "G"}, {"reference": ""},
    ],
    ids=str,
)
def test_a_partner_that_cannot_be_added_is_refused_and_nothing_is_added(stage: Stage, wrong: dict[str, Any]) -> None:
    given = {"ours": "ZZ:SELLER", "theirs": "ZZ:ACME", "channel": "acme", "partnership_name": "books", **wrong}
    assert refusal(partners.add, stage.house, "acme", **given)[0] == "trade.partner-faulty"
    assert (stage.ask("SELECT * FROM agreements"), stage.ask("SELECT * FROM partnerships")) == ([], [])


def test_two_agreements_never_have_the_same_ids(stage: Stage) -> None:
    stage.known()
    same = {"ours": "ZZ:SELLER", "theirs": "ZZ:ACME", "channel": "acme"}
    assert refusal(partners.add, stage.house, "again", **same)[0] == "trade.partner-faulty"


def test_two_partnerships_of_an_agreement_never_have_the_same_reference(stage: Stage) -> None:
    stage.known(reference="V1")
    more = {"partnership_name": "toys", "reference": "V1"}
    assert refusal(partners.add, stage.house, "acme", **more)[0] == "trade.partner-faulty"


def test_adding_a_partner_again_changes_only_what_is_given(stage: Stage) -> None:
    stage.known(reference="V1")
    partners.add(stage.house, "acme", partnership_name="acme-books", answer="manual")
    assert stage.ask("SELECT reference, price_list, answer FROM partnerships") == [("V1", "list", "manual")]


def test_an_order_is_answered_once_unless_asked_for_again(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn()
    ask = (stage.house, 1, "PO-1", "")
    assert refusal(orders.answer, *ask, decisions={}, default="rejected")[0] == "trade.already-answered"
    orders.answer(*ask, decisions={}, default="rejected", again=True)
    stage.work()
    assert ["*AD*" in stage.received("855")[0], "*RD*" in stage.received("855")[1]] == [True, True]


def test_an_answer_names_an_order_and_lines_that_exist(stage: Stage) -> None:
    stage.known(answer="manual")
    stage.drop("order.edi", envelope(order()))
    stage.turn()
    assert stage.issues() == ["trade.answer-due"]
    unknown = refusal(orders.answer, stage.house, 1, "PO-2", "", decisions={}, default="accepted")
    assert unknown[0] == "trade.order-not-found"
    wrong = refusal(orders.answer, stage.house, 1, "PO-1", "", decisions={"9": "rejected"}, default="accepted")
    assert wrong == ("trade.line-not-found", "order PO-1 has the lines 1, 2, not 9")


def test_a_partnership_is_never_taken_from_another_agreement(stage: Stage) -> None:
    stage.known()
    given = {"ours": "ZZ:SELLER", "theirs": "ZZ:BETA", "channel": "acme", "partnership_name": "acme-books"}
    assert refusal(partners.add, stage.house, "beta", **given, price_list="other")[0] == "trade.partner-faulty"
    assert stage.ask("SELECT price_list FROM partnerships") == [("list",)]
    assert stage.ask("SELECT name FROM agreements") == [("acme",)]


@pytest.mark.parametrize(
    "content",
    [
        envelope(order().replace("BEG*00*SA*PO-1**20260301~", "")), envelope(order()).replace("GE*1*1~", "GE*1*2~"),
        envelope(order()).replace("IEA*1*000000001", "IEA*1*000000002"), "no EDI at all",
    ],
    ids=["set", "group", "interchange", "file"],
)
def test_an_issue_that_holds_nothing_cannot_be_retried(stage: Stage, content: str) -> None:
    stage.known()
    stage.drop("broken.edi", content)
    stage.turn()
    for (issue,) in stage.ask("SELECT id FROM issues"):
        assert refusal(desk.retry, stage.house, issue)[0] == "trade.issue-not-found"
    assert refusal(desk.retry, stage.house, 99)[0] == "trade.issue-not-found"
