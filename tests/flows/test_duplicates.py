"""What comes again: interchanges and groups of a used number, documents under new ones, and a person's word on it."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from edi_gateway.flows import collecting, deciding, desk, partners, working
from edi_gateway.issues import GatewayError
from tests.flows.stage import Stage, envelope, order
from tests.flows.test_buyer import ANSWER, BILL, facts, ordered, said

DAY = timedelta(days=1)
SHIPMENT = said(
    "856", "BSN*00*S-1*20260302*1000*0001", "HL*1**S", "HL*2*1*O", "PRF*PO-7", "HL*3*2*P", "HL*4*3*I",
    "LIN*1*UP*700000000001", "SN1*1*QTY*EA", "CTT*4",
)


class Calendar:
    """A clock that a test turns on."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture
def clock(stage: Stage) -> Calendar:
    calendar = Calendar()
    stage.house = replace(stage.house, clock=calendar)
    return calendar


def agree(stage: Stage, duplicates: str = "", ta1: str = "on_error", **known: Any) -> None:
    folder = stage.directory / "mappings/partners/acme"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text(
        f'[acknowledgments]\nta1 = "{ta1}"\n[duplicates]\n{duplicates}\n', encoding="utf-8"
    )
    stage.known(partner_file="acme", **known)


def come(stage: Stage, *contents: str) -> None:
    for content in contents:
        stage.drop(f"file{len(stage.ask('SELECT id FROM arrivals'))}.edi", content)
        stage.turn()


def one(number: str, icn: int = 1, group: int | None = None, **changes: Any) -> str:
    """An interchange with one order."""
    return envelope(order(number), icn=icn, group=group or icn + int(number[3:]) * 1000, **changes)


def numbers(stage: Stage) -> list[str]:
    return [number for number, _ in stage.orders()]


def ta1s(stage: Stage) -> list[str]:
    return [found for text in stage.received("TA1") for found in re.findall(r"TA1\*[^~]*", text)]


def came(stage: Stage) -> list[str]:
    return [state for direction, _, state in stage.documents() if direction == "in"]


def issue(stage: Stage, kind: str) -> int:
    ((found,),) = stage.ask(f"SELECT id FROM issues WHERE state = 'open' AND kind = '{kind}'")
    return int(found)


# An interchange number


def test_a_number_with_other_content_is_refused_with_025_and_nothing_behind_it_is_posted(stage: Stage) -> None:
    agree(stage)
    come(stage, one("PO-1"), one("PO-2"))
    assert (numbers(stage), ta1s(stage)) == (["PO-1"], ["TA1*000000001*260301*0930*R*025"])
    assert stage.issues() == ["duplicate.interchange"]
    assert came(stage) == ["answered", "duplicate"]
    assert len(stage.received("997")) == 1
    assert stage.ask("SELECT order_number, findings LIKE '%duplicate.interchange%' FROM documents "
                     "WHERE state = 'duplicate'") == [("PO-2", 1)]


def test_no_ta1_goes_where_none_is_agreed_and_the_issue_says_so(stage: Stage) -> None:
    agree(stage, ta1="never")
    come(stage, one("PO-1"), one("PO-2"))
    assert (numbers(stage), ta1s(stage)) == (["PO-1"], [])
    ((note,),) = stage.ask("SELECT note FROM issues")
    assert "file0.edi" in note
    assert "nobody told the partner" in note


def test_a_number_is_free_again_after_the_days_of_the_partners_file(stage: Stage, clock: Calendar) -> None:
    agree(stage, "interchange_days = 10")
    come(stage, one("PO-1"))
    clock.at += 9 * DAY
    come(stage, one("PO-2"))
    clock.at += 2 * DAY
    come(stage, one("PO-3"))
    assert numbers(stage) == ["PO-1", "PO-3"]


def test_a_refused_interchange_has_not_used_its_number(stage: Stage) -> None:
    agree(stage)
    come(stage, one("PO-1").replace("IEA*1*000000001", "IEA*1*000000009"), one("PO-1"))
    assert numbers(stage) == ["PO-1"]


def test_a_partner_who_never_changes_the_number_is_not_refused_with_0_days(stage: Stage) -> None:
    agree(stage, "interchange_days = 0")
    come(stage, one("PO-1"), one("PO-2"), one("PO-3"))
    assert (numbers(stage), stage.issues()) == (["PO-1", "PO-2", "PO-3"], [])


def test_tests_and_production_have_their_own_numbers(stage: Stage) -> None:
    agree(stage, usage="both")
    come(stage, one("PO-1", usage="T"), one("PO-2"))
    assert (numbers(stage), stage.issues()) == (["PO-2"], [])


def test_another_sender_or_another_qualifier_has_numbers_of_its_own(stage: Stage) -> None:
    agree(stage)
    for name, theirs in (("brook", "ZZ:BROOK"), ("twelve", "12:ACME")):
        partners.add(
            stage.house, name, ours="ZZ:SELLER", theirs=theirs, channel="acme", partnership_name=f"{name}-books",
            price_list="list", currency="USD",
        )
    come(stage, one("PO-1"), one("PO-2", sender="BROOK"), one("PO-3").replace("*ZZ*ACME", "*12*ACME"))
    assert (numbers(stage), stage.issues()) == (["PO-1", "PO-2", "PO-3"], [])


def test_numbers_may_begin_again_with_1_behind_999999999(stage: Stage) -> None:
    agree(stage)
    come(stage, one("PO-1", 1), one("PO-2", 999_999_999, 7), one("PO-3", 1, 8), one("PO-4", 1, 9))
    assert numbers(stage) == ["PO-1", "PO-2", "PO-3"]
    assert stage.issues() == ["duplicate.interchange"]


def test_where_agreed_the_date_and_time_tell_two_of_one_number_apart(stage: Stage) -> None:
    agree(stage, "interchange_time = true")
    later = one("PO-2").replace("*0930*U", "*0931*U")
    come(stage, one("PO-1"), later, one("PO-3"))
    assert numbers(stage) == ["PO-1", "PO-2"]


def test_an_interchange_again_inside_another_file_is_a_copy_and_its_997_goes_again(stage: Stage) -> None:
    agree(stage)
    come(stage, one("PO-1"), one("PO-2", 2), one("PO-1") + one("PO-3", 3))
    assert (numbers(stage), ta1s(stage)) == (["PO-1", "PO-2", "PO-3"], [])
    assert stage.issues() == ["duplicate.copy"]
    assert came(stage) == ["answered", "answered", "duplicate", "answered"]
    sent = stage.ask('SELECT count(*) FROM attempts JOIN documents USING (parcel_id) WHERE "set" = \'997\'')
    assert sent == [(4,)]


def test_a_copy_is_let_be_where_the_partners_file_says_so(stage: Stage) -> None:
    agree(stage, 'same_bytes = "ignore"')
    come(stage, one("PO-1"), one("PO-1") + one("PO-2", 2))
    assert (numbers(stage), stage.issues(), came(stage)) == (
        ["PO-1", "PO-2"], [], ["answered", "duplicate", "answered"],
    )


@pytest.mark.parametrize("step", ["Documents.judge_interchange", "Desk.open"])
def test_a_death_before_the_commit_refuses_nothing_and_the_next_run_refuses_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    agree(stage)
    come(stage, one("PO-1"))
    stage.drop("again.edi", one("PO-2"))
    collecting.collect(stage.house, "acme")

    class Killed(BaseException):
        pass

    def kill(*_: Any) -> None:
        raise Killed

    module = "documents" if step.startswith("Doc") else "desk"
    with monkeypatch.context() as dying:
        dying.setattr(f"edi_gateway.store.{module}.{step}", kill)
        with pytest.raises(Killed):
            working.work(stage.house)
    assert (came(stage), stage.issues()) == (["answered"], [])
    stage.work()
    stage.work()
    assert (len(ta1s(stage)), numbers(stage), came(stage)) == (1, ["PO-1"], ["answered", "duplicate"])


def test_a_refused_interchange_stays_refused_when_its_file_is_run_again(stage: Stage) -> None:
    agree(stage)
    come(stage, one("PO-1"), one("PO-2"))
    with stage.house.commit() as commit:
        commit.unit.inbox.again(2)
    stage.work()
    assert (numbers(stage), len(ta1s(stage)), len(stage.received("997"))) == (["PO-1"], 1, 1)


def test_a_person_lets_a_refused_interchange_be_processed_and_it_is_answered_once(stage: Stage) -> None:
    agree(stage)
    come(stage, one("PO-1"), one("PO-2"))
    deciding.decide(stage.house, issue(stage, "duplicate.interchange"), "again")
    stage.work()
    stage.work()
    assert (numbers(stage), stage.issues()) == (["PO-1", "PO-2"], [])
    assert (came(stage), len(stage.received("997"))) == (["answered", "answered"], 2)


@pytest.mark.parametrize(("choice", "copies"), [("ignore", 1), ("resend", 2)])
def test_a_person_lets_a_refused_interchange_be_or_acknowledges_the_first_again(
    stage: Stage, choice: Any, copies: int
) -> None:
    agree(stage, ta1="never")
    come(stage, one("PO-1"), one("PO-2"))
    deciding.decide(stage.house, issue(stage, "duplicate.interchange"), choice)
    stage.work()
    sent = stage.ask('SELECT count(*) FROM attempts JOIN documents USING (parcel_id) WHERE "set" = \'997\'')
    assert (sent, numbers(stage), stage.issues()) == ([(copies,)], ["PO-1"], [])


# A group number


def test_a_group_number_under_a_new_interchange_is_a_remark_on_its_documents(stage: Stage) -> None:
    agree(stage)
    come(stage, one("PO-1", 1, 5), one("PO-2", 2, 5))
    assert (numbers(stage), stage.issues()) == (["PO-1", "PO-2"], [])
    assert "AK9*A*1*1*1" in stage.received("997")[1]
    ((first,), (second,)) = stage.ask("SELECT findings LIKE '%duplicate.group%' FROM documents WHERE direction = 'in'")
    assert (first, second) == (0, 1)


def test_a_group_number_is_a_duplicate_where_the_partners_file_says_so(stage: Stage) -> None:
    agree(stage, 'group_numbers = "duplicate"')
    come(stage, one("PO-1", 1, 5), one("PO-2", 2, 5))
    assert (numbers(stage), stage.issues(), came(stage)) == (
        ["PO-1"], ["duplicate.group"], ["answered", "duplicate"],
    )
    assert "AK9*R*1*1*0" in stage.received("997")[1]
    deciding.decide(stage.house, issue(stage, "duplicate.group"), "again")
    stage.work()
    assert (numbers(stage), stage.issues(), came(stage)) == (["PO-1", "PO-2"], [], ["answered", "answered"])
    assert "AK9*A*1*1*1" in stage.received("997")[2]


def test_group_numbers_may_begin_again_too_and_other_groups_have_their_own(stage: Stage) -> None:
    agree(stage, 'group_numbers = "duplicate"')
    come(stage, one("PO-1", 1, 5), one("PO-2", 2, 999_999_999), one("PO-3", 3, 5))
    assert numbers(stage) == ["PO-1", "PO-2", "PO-3"]


# A document


def test_the_same_order_under_new_numbers_is_equal_and_has_a_state_of_its_own(stage: Stage) -> None:
    agree(stage)
    come(stage, one("PO-1"), envelope(order("PO-1"), icn=2, group=2))
    assert (came(stage), stage.issues()) == (["answered", "duplicate"], ["trade.order-repeated"])
    which = "FROM documents WHERE repeats IS NOT NULL"
    ((verdict, earlier, known),) = stage.ask(f"SELECT repeats, repeats_id, order_id {which}")
    assert (verdict, stage.ask(f"SELECT \"set\" FROM documents WHERE id = {earlier}"), known) == (
        "equal", [("850",)], 1,
    )


def test_an_order_of_a_known_number_with_other_content_is_changed_and_held(stage: Stage) -> None:
    agree(stage)
    come(stage, one("PO-1"), envelope(order("PO-1").replace("*3*EA", "*9*EA"), icn=2, group=2))
    assert (came(stage), stage.issues()) == (["answered", "held"], ["trade.order-number-reused"])
    assert stage.ask("SELECT repeats FROM documents WHERE repeats IS NOT NULL") == [("changed",)]


@pytest.mark.parametrize("quantity", ["3", "9"], ids=["equal", "changed"])
def test_a_known_order_is_processed_again_only_by_its_number_and_keeps_its_lineage(
    stage: Stage, quantity: str
) -> None:
    agree(stage)
    come(stage, one("PO-1"), envelope(order("PO-1").replace("*3*EA", f"*{quantity}*EA"), icn=2, group=2))
    ((asked,),) = stage.ask("SELECT id FROM issues WHERE state = 'open'")
    for wrong in (None, "PO-2"):
        with pytest.raises(GatewayError) as refused:
            deciding.decide(stage.house, asked, "again", wrong)
        assert refused.value.kind.code == "duplicate.order-not-named"
    assert len(stage.received("855")) == 1
    deciding.decide(stage.house, asked, "again", "PO-1")
    stage.work()
    first, second = stage.received("855")
    assert first != second
    assert f"*{quantity}*EA" in second
    assert (came(stage), stage.issues(), stage.orders()) == (
        ["answered", "answered"], [], [("PO-1", "accepted")],
    )
    earlier, again = (row[0] for row in stage.ask("SELECT id FROM documents WHERE direction = 'in' ORDER BY id"))
    placed = stage.ask("SELECT source_document_id FROM entries WHERE kind = 'order.placed' ORDER BY id")
    decided = stage.ask("SELECT source_document_id, document_id FROM entries WHERE kind = 'duplicate.decided'")
    assert (placed, decided) == ([(earlier,), (again,)], [(again, earlier)])


@pytest.mark.parametrize("choice", ["again", "ignore", "resend"])
def test_what_else_an_order_that_was_processed_again_is_held_for_is_not_decided_as_if_it_came_again(
    stage: Stage, choice: Any
) -> None:
    agree(stage)
    come(stage, one("PO-1"), envelope(order("PO-1", price="3.0"), icn=2, group=2))
    deciding.decide(stage.house, issue(stage, "trade.order-number-reused"), "again", "PO-1")
    with pytest.raises(GatewayError) as refused:
        deciding.decide(stage.house, issue(stage, "trade.price-differs"), choice, "PO-1")
    assert refused.value.kind.code == "duplicate.not-one"
    assert stage.issues() == ["trade.price-differs"]
    assert len(stage.ask("SELECT id FROM entries WHERE kind = 'order.placed'")) == 2


def test_an_order_that_is_treated_as_resent_gets_the_same_answer_again(stage: Stage) -> None:
    agree(stage)
    come(stage, one("PO-1"), envelope(order("PO-1"), icn=2, group=2))
    deciding.decide(stage.house, issue(stage, "trade.order-repeated"), "resend")
    stage.work()
    assert stage.ask("SELECT \"set\", count(*) FROM attempts JOIN documents USING (parcel_id) GROUP BY \"set\"") == [
        ("855", 2), ("997", 3),
    ]
    assert (len(stage.received("855")), stage.issues(), came(stage)) == (1, [], ["answered", "duplicate"])


def test_an_order_that_came_again_is_decided_and_not_retried(stage: Stage) -> None:
    agree(stage)
    come(stage, one("PO-1"), envelope(order("PO-1"), icn=2, group=2))
    with pytest.raises(GatewayError) as refused:
        desk.retry(stage.house, issue(stage, "trade.order-repeated"))
    assert "issues decide" in refused.value.note
    assert (came(stage), stage.issues()) == (["answered", "duplicate"], ["trade.order-repeated"])


def test_a_changed_order_that_is_ignored_is_a_duplicate_and_nothing_else_changes(stage: Stage) -> None:
    agree(stage)
    come(stage, one("PO-1"), envelope(order("PO-1").replace("*3*EA", "*9*EA"), icn=2, group=2))
    deciding.decide(stage.house, issue(stage, "trade.order-number-reused"), "ignore")
    stage.work()
    assert (came(stage), stage.issues(), len(stage.received("855"))) == (["answered", "duplicate"], [], 1)


@pytest.mark.parametrize("choice", ["again", "ignore", "resend"])
def test_nothing_is_held_in_a_file_any_more_once_all_of_it_was_decided_on(stage: Stage, choice: Any) -> None:
    agree(stage)
    come(stage, one("PO-1"), envelope(order("PO-1").replace("*3*EA", "*9*EA"), icn=2, group=2))
    deciding.decide(stage.house, issue(stage, "trade.order-number-reused"), choice, "PO-1")
    decided = came(stage)
    stage.work()
    assert stage.ask("SELECT DISTINCT state FROM receipts") == [("done",)]
    assert (came(stage), stage.issues()) == (decided, [])


@pytest.mark.parametrize(("word", "answers"), [("ignore", 1), ("resend", 2)])
def test_the_partners_file_decides_on_equal_documents_beforehand(stage: Stage, word: str, answers: int) -> None:
    agree(stage, f'equal_documents = "{word}"')
    come(stage, one("PO-1"), envelope(order("PO-1"), icn=2, group=2))
    sent = stage.ask('SELECT count(*) FROM attempts JOIN documents USING (parcel_id) WHERE "set" = \'855\'')
    assert (stage.issues(), came(stage), sent) == ([], ["answered", "duplicate"], [(answers,)])


def test_a_changed_invoice_that_is_processed_again_takes_the_first_one_back(stage: Stage) -> None:
    agree(stage, role="buyer")
    ordered(stage)
    come(
        stage, envelope(ANSWER, icn=1, group=1, code="PR"),
        envelope(said("810", *BILL, "TDS*1350", "CTT*1"), icn=2, group=2, code="IN"),
        envelope(said("810", *BILL[:2], BILL[2].replace("*3*EA", "*2*EA"), "TDS*900", "CTT*1"),
                 icn=3, group=3, code="IN"),
    )
    assert stage.issues() == ["invoice.number-reused"]
    deciding.decide(stage.house, issue(stage, "invoice.number-reused"), "again", "PO-7")
    assert [fact["quantity"] for fact in facts(stage, "line.invoiced")] == ["3", "-3", "2"]
    assert stage.issues() == []


def test_a_changed_shipment_that_is_processed_again_takes_the_first_one_back(stage: Stage) -> None:
    agree(stage, role="buyer")
    ordered(stage)
    come(stage, *(
        envelope(SHIPMENT.replace("*QTY*", f"*{count}*"), icn=count, group=count, code="SH") for count in (2, 3)
    ))
    assert stage.issues() == ["shipment.number-reused"]
    deciding.decide(stage.house, issue(stage, "shipment.number-reused"), "again", "PO-7")
    assert [fact["quantity"] for fact in facts(stage, "line.shipped")] == ["2", "-2", "3"]
    assert (stage.issues(), stage.orders()) == ([], [("PO-7", "shipped")])


@pytest.mark.parametrize("choice", ["ignore", "again", "resend"])
def test_a_death_before_a_decision_is_committed_leaves_everything_as_it_was(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, choice: Any
) -> None:
    agree(stage)
    come(stage, one("PO-1"), envelope(order("PO-1"), icn=2, group=2), one("PO-3"))
    tables = ("documents", "entries", "orders", "parcels", "issues", "interchanges", "receipts")
    before = [stage.ask(f"SELECT * FROM {table}") for table in tables]

    class Killed(BaseException):
        pass

    def kill(*_: Any, **__: Any) -> None:
        raise Killed

    for kind in ("trade.order-repeated", "duplicate.interchange"):
        with monkeypatch.context() as dying:
            dying.setattr("edi_gateway.store.desk.Desk.end", kill)
            dying.setattr("edi_gateway.store.desk.Desk.close_about", kill)
            with pytest.raises(Killed):
                deciding.decide(stage.house, issue(stage, kind), choice, "PO-1")
    assert [stage.ask(f"SELECT * FROM {table}") for table in tables] == before


def test_an_issue_about_nothing_that_came_again_cannot_be_decided(stage: Stage) -> None:
    stage.drop("noise.edi", "nothing")
    stage.turn()
    with pytest.raises(GatewayError) as refused:
        deciding.decide(stage.house, 1, "ignore")
    assert refused.value.kind.code == "duplicate.not-one"
    with pytest.raises(GatewayError) as unknown:
        deciding.decide(stage.house, 99, "ignore")
    assert unknown.value.kind.code == "command.issue-unknown"


def test_the_same_bytes_are_decided_in_the_same_way(stage: Stage) -> None:
    agree(stage)
    come(stage, one("PO-1"), one("PO-1"))
    deciding.decide(stage.house, issue(stage, "exchange.same-bytes"), "again")
    stage.work()
    assert (numbers(stage), stage.issues(), came(stage)) == (
        ["PO-1"], ["trade.order-repeated"], ["answered", "duplicate"],
    )


# A question that was put away


ASKED = [
    ("exchange.same-bytes", lambda: (one("PO-1"), one("PO-1"))),
    ("duplicate.interchange", lambda: (one("PO-1"), one("PO-2"))),
    ("duplicate.copy", lambda: (one("PO-1"), one("PO-1") + one("PO-3", 3))),
    ("trade.order-repeated", lambda: (one("PO-1"), envelope(order("PO-1"), icn=2, group=2))),
    ("trade.order-number-reused", lambda: (
        one("PO-1"), envelope(order("PO-1").replace("*3*EA", "*9*EA"), icn=2, group=2)
    )),
]


@pytest.mark.parametrize(("kind", "contents"), ASKED, ids=[kind for kind, _ in ASKED])
@pytest.mark.parametrize("choice", deciding.CHOICES)
def test_a_question_that_was_archived_can_be_decided_once_still(
    stage: Stage, kind: str, contents: Any, choice: Any
) -> None:
    agree(stage)
    come(stage, *contents())
    asked = issue(stage, kind)
    desk.archive(stage.house, [asked])
    assert [option.choice for option in deciding.options(stage.house, asked)] == list(deciding.CHOICES)
    deciding.decide(stage.house, asked, choice, "PO-1")
    assert stage.ask(f"SELECT state FROM issues WHERE id = {asked}") == [("closed",)]
    for again in (deciding.options, lambda house, id: deciding.decide(house, id, choice, "PO-1")):
        with pytest.raises(GatewayError) as refused:
            again(stage.house, asked)
        assert refused.value.kind.code == "command.issue-not-open"


@pytest.mark.parametrize(("kind", "contents"), ASKED, ids=[kind for kind, _ in ASKED])
def test_what_was_erased_is_not_run_again(stage: Stage, kind: str, contents: Any) -> None:
    agree(stage)
    come(stage, *contents())
    asked = issue(stage, kind)
    desk.archive(stage.house, [asked])
    stage.ask("INSERT INTO erasures SELECT DISTINCT digest, '2026-03-02 00:00:00' FROM receipts")
    with pytest.raises(GatewayError) as refused:
        deciding.decide(stage.house, asked, "again", "PO-1")
    assert refused.value.kind.code == "archive.erased"
    assert stage.ask(f"SELECT state FROM issues WHERE id = {asked}") == [("archived",)]
    deciding.decide(stage.house, asked, "ignore")
