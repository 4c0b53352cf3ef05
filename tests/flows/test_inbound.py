"""From a file to the books and back."""

import re
from typing import Any

import pytest

from edi_gateway import ledger
from edi_gateway.flows import collecting, desk, orders, partners, prices
from tests.flows.stage import PRICES, Stage, envelope, functional_acknowledgment, order


def control(text: str, segment: str, element: int) -> str:
    found = re.search(rf"(?:^|~\n?){segment}\*([^~]*)", text)
    assert found
    return found[1].split("*")[element - 1]


def test_an_order_is_posted_acknowledged_and_answered(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn()
    assert stage.orders() == [("PO-1", "accepted")]
    (acknowledgment,), (response,) = stage.received("997"), stage.received("855")
    assert "AK1*PO*1~AK2*850*0001~AK5*A~AK9*A*1*1*1~" in acknowledgment
    assert "BAK*00*AD*PO-1*20260301" in response
    assert stage.documents() == [("in", "850", "answered"), ("out", "997", "delivered"), ("out", "855", "delivered")]
    assert stage.issues() == []
    assert list((stage.directory / "mailbox/out").iterdir()) == []


def test_the_partners_997_confirms_our_855(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn()
    stage.drop("ack.edi", envelope(functional_acknowledgment(1), icn=2, code="FA"))
    stage.turn()
    assert ("out", "855", "confirmed") in stage.documents()
    assert len(stage.received("997")) == 1  # An acknowledgment is never acknowledged.


def test_the_partners_rejection_reopens_our_855_as_an_issue(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn()
    stage.drop("ack.edi", envelope(functional_acknowledgment(1, verdict="R"), icn=2, code="FA"))
    stage.turn()
    assert ("out", "855", "rejected") in stage.documents()
    assert stage.issues() == ["trade.document-rejected"]


def test_a_file_of_a_stranger_is_held_and_goes_on_once_they_are_known(stage: Stage) -> None:
    stage.drop("order.edi", envelope(order()))
    stage.turn()
    assert (stage.documents(), stage.issues()) == ([("in", "850", "held")], ["trade.agreement-unknown"])
    assert stage.received("997") == []
    stage.known()
    stage.work()
    assert (stage.orders(), stage.issues()) == ([("PO-1", "accepted")], [])
    assert (len(stage.received("997")), len(stage.received("855"))) == (1, 1)


def with_reference(stage: Stage) -> None:
    """A partner whose sets name our number in REF*IA."""
    folder = stage.directory / "mappings/partners/acme"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text('[reference]\n850 = "REF[IA]02"\n855 = "REF[IA]02"\n', encoding="utf-8")
    stage.known(partner_file="acme", reference="V1")


def test_what_went_through_while_its_sender_was_known_stays_so_when_they_are_not(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order(), order("PO-2", beg01="04", control="0002")))
    stage.turn()
    for their_group in ("OTHER", "ACME"):
        partners.add(stage.house, "acme", their_group=their_group)
        stage.turn()
        assert stage.documents()[:2] == [("in", "850", "answered"), ("in", "850", "held")]
    assert stage.issues() == ["trade.order-unknown"]


def test_an_unknown_reference_holds_that_set_only_and_the_group_is_acknowledged_at_once(stage: Stage) -> None:
    with_reference(stage)
    sets = [order("PO-1", reference="V1"), order("PO-2", control="0002", reference="V2")]
    stage.drop("orders.edi", envelope(*sets))
    stage.turn()
    assert stage.orders() == [("PO-1", "accepted")]
    assert "AK9*A*2*2*2~" in stage.received("997")[0]
    assert stage.issues() == ["trade.reference-unknown"]
    partners.add(stage.house, "acme", partnership_name="acme-toys", reference="V2", price_list="list", currency="USD")
    stage.work()
    assert stage.orders() == [("PO-1", "accepted"), ("PO-2", "accepted")]
    assert stage.issues() == []
    assert (len(stage.received("997")), len(stage.received("855"))) == (1, 2)
    assert "REF*IA*V2~" in stage.received("855")[1]


def test_a_test_order_is_answered_as_a_test_and_never_posted(stage: Stage) -> None:
    stage.known(usage="both")
    stage.drop("order.edi", envelope(order(), usage="T"))
    stage.turn()
    (acknowledgment,) = stage.received("997")
    assert control(acknowledgment, "ISA", 15) == "T"
    assert (stage.orders(), stage.received("855")) == ([], [])
    assert ("in", "850", "read") in stage.documents()


def test_a_test_order_is_held_where_only_production_was_agreed(stage: Stage) -> None:
    stage.known(usage="production")
    stage.drop("order.edi", envelope(order(), usage="T"))
    stage.turn()
    assert (stage.issues(), stage.received("997"), stage.orders()) == (["trade.usage-not-agreed"], [], [])
    stage.drop("next.edi", envelope(order("PO-2"), icn=2, group=2))
    stage.turn()
    # That production goes on says nothing of what is held.
    assert (stage.issues(), stage.orders()) == (["trade.usage-not-agreed"], [("PO-2", "accepted")])


def test_a_broken_set_is_rejected_and_its_neighbour_is_posted(stage: Stage) -> None:
    stage.known()
    broken = order("PO-9", control="0002").replace("BEG*00*SA*PO-9**20260301~", "")
    stage.drop("orders.edi", envelope(order(), broken.replace("SE*6", "SE*5")))
    stage.turn()
    (acknowledgment,) = stage.received("997")
    assert "AK2*850*0002~AK3*BEG*2**3~AK5*R*5~AK9*P*2*2*1~" in acknowledgment
    assert (stage.orders(), stage.issues()) == ([("PO-1", "accepted")], ["document.rejected"])


def test_a_bug_in_one_set_holds_that_set_only_and_is_retried_when_asked(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.known()
    stage.drop("orders.edi", envelope(order("PO-1"), order("PO-2", control="0002"), order("PO-3", control="0003")))
    real = ledger.post

    def faulty(noun: Any, *rest: Any) -> Any:
        if noun.number == "PO-2":
            raise ZeroDivisionError("a bug")
        return real(noun, *rest)

    monkeypatch.setattr(ledger, "post", faulty)
    stage.turn()
    assert [number for number, _ in stage.orders()] == ["PO-1", "PO-3"]
    assert "AK9*A*3*3*3~" in stage.received("997")[0]
    assert stage.issues() == ["internal.bug"]
    monkeypatch.setattr(ledger, "post", real)
    desk.retry(stage.house, stage.ask("SELECT id FROM issues WHERE state = 'open'")[0][0])
    stage.work()
    assert sorted(number for number, _ in stage.orders()) == ["PO-1", "PO-2", "PO-3"]
    assert (stage.issues(), len(stage.received("997"))) == ([], 1)


def everything(stage: Stage) -> list[list[tuple[Any, ...]]]:
    return [stage.documents(), *(stage.ask(f"SELECT * FROM {table}") for table in ("orders", "entries", "numbers"))]


def test_running_every_receipt_again_does_nothing_twice(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.drop("broken.edi", envelope(order("PO-2").replace("20260301", "20261301"), icn=3))
    stage.turn()
    before = everything(stage)
    with stage.house.store.unit() as unit:
        for (receipt,) in stage.ask("SELECT id FROM receipts"):
            unit.inbox.again(receipt)
    stage.work()
    assert everything(stage) == before


def test_a_price_that_differs_holds_the_order_until_a_person_decides(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order(price="4.25")))
    stage.turn()
    assert (stage.orders(), stage.issues()) == ([("PO-1", "held")], ["trade.price-differs"])
    assert (len(stage.received("997")), stage.received("855")) == (1, [])
    orders.answer(stage.house, 1, "PO-1", "", decisions={"2": "rejected"}, default="accepted")
    stage.work()
    (response,) = stage.received("855")
    assert "BAK*00*AC*PO-1*20260301" in response
    assert re.findall(r"ACK\*(\w\w)\*(\d+)", response) == [("IA", "3"), ("IR", "5")]
    assert (stage.orders(), stage.issues()) == ([("PO-1", "accepted_with_changes")], [])


def test_a_held_order_is_answered_when_the_price_list_is_mended_and_the_issue_retried(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order(price="4.25")))
    stage.turn()
    issue = stage.ask("SELECT id FROM issues")[0][0]
    assert "still held" in desk.retry(stage.house, issue)
    prices.load(stage.house, "list", [{**row, "price": "4.25"} for row in PRICES])
    issue = stage.ask("SELECT id FROM issues WHERE state = 'open'")[0][0]
    assert desk.retry(stage.house, issue) == "It went through."
    stage.work()
    assert (stage.orders(), stage.issues()) == ([("PO-1", "accepted")], [])
    assert len(stage.received("855")) == 1


def test_the_same_file_again_is_already_processed_and_nothing_follows(stage: Stage) -> None:
    stage.known()
    for name in ("order.edi", "again.edi"):
        stage.drop(name, envelope(order()))
        stage.turn()
    assert stage.issues() == ["exchange.same-bytes"]
    assert (len(stage.received("997")), len(stage.received("855")), len(stage.orders())) == (1, 1, 1)


def test_a_file_found_again_after_a_crash_before_it_was_removed_is_our_unfinished_work(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    with monkeypatch.context() as crash:
        crash.setattr("edi_gateway.transports.folder.Mailbox.settle", lambda *_: iter(()))
        collecting.collect(stage.house, "acme")
    assert len(list((stage.directory / "mailbox/out").iterdir())) == 1
    stage.turn()
    assert list((stage.directory / "mailbox/out").iterdir()) == []
    assert (stage.issues(), stage.orders()) == ([], [("PO-1", "accepted")])


def test_two_orders_of_one_number_and_other_content_never_overwrite_each_other(stage: Stage) -> None:
    stage.known()
    stage.drop("one.edi", envelope(order()))
    stage.turn()
    stage.drop("two.edi", envelope(order().replace("*3*EA", "*4*EA"), icn=2))
    stage.turn()
    assert stage.issues() == ["trade.order-number-reused"]
    assert len(stage.received("855")) == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00" * 300, b"ISA", b"not EDI at all\n", b"ISA*00*", envelope(order()).encode()[:150], b"\xff\xfe" * 80],
)
def test_bytes_that_are_no_document_are_refused_with_an_issue_and_the_next_file_goes_on(
    stage: Stage, content: bytes
) -> None:
    stage.known()
    stage.drop("a.edi", content)
    stage.drop("b.edi", envelope(order(), icn=2, group=2))
    stage.turn()
    stage.turn()
    assert stage.orders() == [("PO-1", "accepted")]
    assert len(stage.issues()) == 1
    assert not stage.issues()[0].startswith("internal")


def test_an_unknown_version_is_answered_as_such_and_posts_nothing(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order(), version="003040"))
    stage.turn()
    (acknowledgment,) = stage.received("997")
    assert "AK1*PO*1~AK9*R*1*1*0*2~" in acknowledgment
    assert stage.orders() == []


def test_a_mailbox_that_cannot_be_reached_is_one_issue_that_closes_itself(stage: Stage) -> None:
    stage.known()
    folder, away = stage.directory / "mailbox/out", stage.directory / "mailbox/away"
    folder.rename(away)
    for _ in range(3):
        collecting.collect(stage.house, "acme")
    assert stage.issues() == ["exchange.folder-missing"]
    assert stage.ask('SELECT "count" FROM issues') == [(3,)]
    away.rename(folder)
    collecting.collect(stage.house, "acme")
    assert stage.issues() == []


def test_a_new_arrival_of_known_bytes_gets_the_same_997_again_byte_for_byte(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn()
    (first,) = (stage.directory / "mailbox/in").glob("*_997_*")
    content = first.read_bytes()
    first.unlink()
    stage.drop("again.edi", envelope(order()))
    stage.turn()
    assert first.read_bytes() == content
    assert (len(stage.received("855")), len(stage.orders())) == (1, 1)


def test_a_group_whose_trailer_is_wrong_is_refused_as_a_whole(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()).replace("GE*1*1~", "GE*1*2~"))
    stage.turn()
    assert "AK9*R*1*1*0*4~" in stage.received("997")[0]
    assert (stage.orders(), stage.issues()) == ([], ["document.group-rejected"])


def test_an_interchange_whose_trailer_is_wrong_is_refused_without_an_acknowledgment(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()).replace("IEA*1*000000001", "IEA*1*000000002"))
    stage.turn()
    assert (stage.orders(), stage.received("997")) == ([], [])
    assert stage.issues() == ["document.interchange-refused"]
    assert ("in", "850", "rejected") in stage.documents()


def test_a_set_without_a_posting_is_acknowledged_kept_and_told(stage: Stage) -> None:
    stage.known()
    response = "ST*855*0001~BAK*00*AD*PO-7*20260301~PO1*1*3*EA*4.5**UP*700000000001~ACK*IA*3*EA~CTT*1~SE*6*0001~"
    stage.drop("response.edi", envelope(response, code="PR"))
    stage.turn()
    assert "AK9*A*1*1*1~" in stage.received("997")[0]
    assert stage.issues() == ["trade.not-taken"]


def test_a_set_that_says_what_no_order_can_be_is_held_as_not_understood(stage: Stage) -> None:
    folder = stage.directory / "mappings/partners/acme"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text('[verdicts]\n"x12.segment-missing" = ""\n', encoding="utf-8")
    stage.known(partner_file="acme")
    stage.drop("order.edi", envelope(order().replace("BEG*00*SA*PO-1**20260301~", "").replace("SE*6", "SE*5")))
    stage.turn()
    assert (stage.orders(), stage.issues()) == ([], ["document.not-understood"])


def quirk(stage: Stage, name: str, content: str) -> None:
    folder = stage.directory / "mappings/partners/acme"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text("", encoding="utf-8")
    (folder / name).write_text(content, encoding="utf-8")
    stage.known(partner_file="acme")
    stage.drop("order.edi", envelope(order()))
    stage.turn()


def test_an_answer_that_breaks_the_partners_guide_never_leaves(stage: Stage) -> None:
    quirk(stage, "855.guide.toml", '[segments]\n"REF[IA]" = { use = "must" }\n')
    assert (stage.received("855"), stage.orders()) == ([], [])
    assert stage.issues() == ["document.ours-broken"]
    assert len(stage.received("997")) == 1


def test_what_holds_an_order_is_listed_under_its_number(stage: Stage) -> None:
    quirk(stage, "855.guide.toml", '[segments]\n"REF[IA]" = { use = "must" }\n')
    assert stage.ask('SELECT kind, "order" FROM issues') == [("document.ours-broken", "PO-1")]


@pytest.mark.parametrize("decided", ["auto", "manual"])
def test_an_answer_tells_of_the_order_what_the_partner_wants_told_beside(stage: Stage, decided: str) -> None:
    folder = stage.directory / "mappings/partners/acme"
    folder.mkdir(parents=True)
    rows = '[order_response]\nreferences = ["vendor_number", "department"]\nparties = ["ship_to"]\n'
    (folder / "partner.toml").write_text(rows, encoding="utf-8")
    stage.known(partner_file="acme", answer=decided)
    more = "REF*IA*70012~REF*DP*044~REF*MR*9~N1*ST*Depot 7*92*0007~N1*BT*Acme~PO1*1*"
    stage.drop("order.edi", envelope(order().replace("PO1*1*", more).replace("SE*6*", "SE*11*")))
    stage.turn()
    if decided == "manual":
        ((partnership,),) = stage.ask("SELECT id FROM partnerships")
        orders.answer(stage.house, partnership, "PO-1", "", decisions={}, default="accepted")
        stage.turn()
    (told,) = stage.received("855")
    assert "REF*IA*70012~REF*DP*044~N1*ST*Depot 7*92*0007~PO1*1*3" in told.replace("\n", "")
    assert "MR" not in told


def test_an_answer_that_the_partners_mapping_cannot_say_never_leaves(stage: Stage) -> None:
    quirk(stage, "855.map.toml", "[fields.lines]\nprice = false\n")
    assert (stage.received("855"), stage.orders()) == ([], [])
    assert stage.issues() == ["document.cannot-say"]


def test_a_partners_own_code_that_no_list_knows_is_repeated_to_them(stage: Stage) -> None:
    stage.known(price_list="")
    stage.drop("order.edi", envelope(order().replace("*UP*", "*QJ*")))
    stage.turn()
    assert "AK5*E" in stage.received("997")[0]
    assert "**QJ*700000000001~" in stage.received("855")[0]
