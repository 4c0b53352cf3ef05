"""What a person does at the desk: puts issues away, sends a document again."""

import pytest

from edi_gateway.flows import desk
from edi_gateway.issues import GatewayError
from tests.flows.stage import CONFIGURATION, Stage, envelope, functional_acknowledgment, order


def refusal(house: object, act: object, *arguments: object) -> str:
    assert callable(act)
    with pytest.raises(GatewayError) as raised:
        act(house, *arguments)
    return raised.value.kind.code


def ours(stage: Stage) -> int:
    """The id of our answer."""
    return int(stage.ask("SELECT id FROM documents WHERE noun = 'order_response'")[0][0])


def answered(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn()


def state(stage: Stage) -> str:
    return str(stage.ask("SELECT state FROM documents WHERE noun = 'order_response'")[0][0])


def test_a_document_goes_again_with_the_same_bytes_name_and_numbers(stage: Stage) -> None:
    answered(stage)
    (file,) = (stage.directory / "mailbox/in").glob("*_855_*")
    content, numbers = file.read_bytes(), stage.ask("SELECT * FROM numbers")
    file.unlink()
    desk.resend(stage.house, ours(stage))
    assert state(stage) == "prepared"
    stage.work()
    assert (file.read_bytes(), stage.ask("SELECT * FROM numbers"), state(stage)) == (content, numbers, "delivered")
    assert len(stage.ask("SELECT * FROM attempts WHERE outcome = 'delivered'")) == 3
    assert stage.ask("SELECT document_id FROM entries WHERE kind = 'document.resent'") == [(ours(stage),)]


def test_a_document_that_waits_is_not_queued_twice(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn_without_delivering()
    assert refusal(stage.house, desk.resend, ours(stage)) == "command.waits-already"


def test_only_a_document_of_ours_that_is_there_goes_again(stage: Stage) -> None:
    answered(stage)
    assert refusal(stage.house, desk.resend, 1) == "command.not-ours"
    assert refusal(stage.house, desk.resend, 999) == "command.document-unknown"


def test_a_confirmed_document_stays_confirmed_and_a_rejected_one_waits_for_a_new_word(stage: Stage) -> None:
    answered(stage)
    stage.drop("ack.edi", envelope(functional_acknowledgment(1, verdict="R"), icn=2, code="FA"))
    stage.turn()
    desk.resend(stage.house, ours(stage))
    stage.work()
    assert state(stage) == "delivered"
    stage.drop("again.edi", envelope(functional_acknowledgment(1), icn=3, code="FA"))
    stage.turn()
    assert state(stage) == "confirmed"
    desk.resend(stage.house, ours(stage))
    stage.work()
    assert state(stage) == "confirmed"


def test_issues_are_put_away_all_or_none_and_come_anew(stage: Stage) -> None:
    for number in range(2):
        stage.drop(f"{number}.edi", f"no EDI {number}")
    stage.turn()
    first, second = (row[0] for row in stage.ask("SELECT id FROM issues ORDER BY id"))
    assert refusal(stage.house, desk.archive, [first, 99]) == "command.issue-unknown"
    assert len(stage.issues()) == 2
    desk.archive(stage.house, [first, first])
    assert refusal(stage.house, desk.archive, [second, first]) == "command.issue-not-open"
    assert stage.ask("SELECT state FROM issues ORDER BY id") == [("archived",), ("open",)]
    stage.ask("SELECT 1")
    with stage.house.store.unit() as unit:
        unit.inbox.again(1)
    stage.work()
    assert len(stage.issues()) == 2


def every_issue(stage: Stage) -> list[tuple[int, str, int, str]]:
    return list(stage.ask("SELECT id, kind, count, state FROM issues ORDER BY id"))


def test_an_issue_that_is_retried_and_still_there_is_the_same_one_and_goes_on_counting(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order(price="4.25")))
    stage.turn()
    for count in (2, 3):
        assert desk.retry(stage.house, 1).startswith("It is still held")
        assert every_issue(stage) == [(1, "trade.price-differs", count, "open")]


def test_what_a_retry_finds_in_the_place_of_an_issue_closes_it(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order(price="4.25")))
    stage.turn()
    stage.ask("UPDATE prices SET currency = 'EUR', price = '4.25'")
    assert desk.retry(stage.house, 1).startswith("It is still held")
    assert every_issue(stage) == [
        (1, "trade.price-differs", 1, "closed"), (2, "trade.currency-differs", 1, "open"),
    ]


def test_a_file_that_waited_for_a_partners_file_and_still_does_keeps_its_issue(stage: Stage) -> None:
    folder = stage.directory / "mappings/partners/acme"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text("", encoding="utf-8")
    stage.known(partner_file="acme")
    (folder / "partner.toml").write_text("[separators]\nelement = 7\n", encoding="utf-8")
    stage.configure(CONFIGURATION)
    stage.drop("order.edi", envelope(order()))
    stage.turn()
    desk.retry(stage.house, 1)
    stage.work()
    assert every_issue(stage) == [(1, "mapping.partner-wrong", 2, "open")]
