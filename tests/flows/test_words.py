"""What partners say of our own documents: 997, TA1 and advice, each matched, told apart, and settled once."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from edi_gateway.flows import desk, working
from edi_gateway.issues import GatewayError
from tests.flows.stage import Stage, envelope, functional_acknowledgment, order


def known(stage: Stage, **changes: Any) -> None:
    """The partner becomes known as one whose interchange numbers may jump, as they do here."""
    folder = stage.directory / "mappings/partners/jumping"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "partner.toml").write_text('[control_numbers]\nmissing_interchanges = "ignore"\n', "utf-8")
    stage.known(partner_file="jumping", **changes)


def answered(stage: Stage, **changes: Any) -> dict[str, Any]:
    """An order came and was answered: id, interchange, date and time of our 855."""
    known(stage, **changes)
    stage.drop("order.edi", envelope(order()))
    stage.turn()
    return ours(stage)


def ours(stage: Stage, set_id: str = "855") -> dict[str, Any]:
    rows = stage.ask(f"SELECT id, interchange_control, at FROM documents WHERE \"set\" = '{set_id}' ORDER BY id")
    (document, number, at) = rows[-1]
    return {"id": document, "number": number, "date": at[2:10].replace("-", ""), "time": at[11:16].replace(":", "")}


def ta1(sent: dict[str, Any], verdict: str = "A", code: str = "000", **changes: str) -> str:
    said = {**sent, **changes}
    return f"TA1*{said['number']}*{said['date']}*{said['time']}*{verdict}*{code}~"


def alone(*words: str, icn: int = 50, usage: str = "P") -> str:
    """An interchange that holds nothing but TA1s."""
    whole = envelope(icn=icn, usage=usage)
    return re.sub(r"GS\*.*?~GE\*[^~]*~IEA\*1", f"{''.join(words)}IEA*0", whole)


def before_groups(word: str, *sets: str, icn: int = 50, code: str = "PO") -> str:
    return envelope(*sets, icn=icn, group=icn, code=code).replace("GS*", f"{word}GS*", 1)


def say(stage: Stage, content: str, name: str = "word.edi") -> None:
    stage.drop(name, content)
    stage.turn()


def words(stage: Stage, document: int) -> list[str]:
    return [row[0] for row in stage.ask(f"SELECT kind FROM entries WHERE document_id = {document} ORDER BY id")]


def state(stage: Stage, document: int) -> str:
    return str(stage.ask(f"SELECT state FROM documents WHERE id = {document}")[0][0])


# TA1


@pytest.mark.parametrize(("verdict", "code"), [("A", "000"), ("E", "014")])
def test_a_ta1_that_accepts_is_kept_and_confirms_nothing(stage: Stage, verdict: str, code: str) -> None:
    sent = answered(stage)
    say(stage, alone(ta1(sent, verdict, code)))
    assert (state(stage, sent["id"]), words(stage, sent["id"])) == ("delivered", ["interchange.accepted"])
    assert stage.issues() == []
    assert stage.documents()[-1] == ("in", "TA1", "posted")


def test_a_ta1_that_rejects_rejects_the_documents_and_tells_why_in_words(stage: Stage) -> None:
    sent = answered(stage)
    say(stage, alone(ta1(sent, "R", "018")))
    assert (state(stage, sent["id"]), words(stage, sent["id"])) == ("rejected", ["interchange.rejected"])
    assert stage.issues() == ["trade.interchange-rejected"]
    assert stage.ask("SELECT note FROM issues") == [
        ("855 0001 for order PO-1: the interchange: control number wrong (code 018)",),
    ]


def test_a_ta1_before_groups_is_read_and_so_are_the_groups(stage: Stage) -> None:
    sent = answered(stage)
    say(stage, before_groups(ta1(sent), order("PO-2")))
    assert words(stage, sent["id"]) == ["interchange.accepted"]
    assert [number for number, _ in stage.orders()] == ["PO-1", "PO-2"]


def test_a_ta1_and_a_997_in_one_interchange_are_both_taken(stage: Stage) -> None:
    sent = answered(stage)
    say(stage, before_groups(ta1(sent), functional_acknowledgment(1), code="FA"))
    assert words(stage, sent["id"]) == ["interchange.accepted", "document.confirmed"]


def test_a_ta1_that_is_run_again_leaves_no_second_word(stage: Stage) -> None:
    sent = answered(stage)
    say(stage, alone(ta1(sent), ta1(sent, number="000000999")))
    before = stage.ask("SELECT * FROM entries"), stage.ask("SELECT * FROM issues")
    ((receipt,),) = stage.ask("SELECT max(id) FROM receipts")
    with stage.house.store.unit() as unit:
        unit.inbox.again(receipt)
    working.work(stage.house)
    assert (stage.ask("SELECT * FROM entries"), stage.ask("SELECT * FROM issues")) == before


@pytest.mark.parametrize("changes", [{"number": "000000999"}, {"date": "991231"}, {"time": "9999"}], ids=str)
def test_a_ta1_on_what_we_did_not_send_is_unmatched(stage: Stage, changes: dict[str, str]) -> None:
    sent = answered(stage)
    say(stage, alone(ta1(sent, "R", "001", **changes)))
    assert (state(stage, sent["id"]), words(stage, sent["id"])) == ("delivered", [])
    assert stage.issues() == ["trade.interchange-unmatched"]
    ((note,),) = stage.ask("SELECT note FROM issues")
    assert ("ours of that number are of" in note) == ("number" not in changes)


def test_what_is_unmatched_holds_nothing_that_could_be_retried(stage: Stage) -> None:
    sent = answered(stage)
    say(stage, alone(ta1(sent, number="000000999")))
    with pytest.raises(GatewayError) as raised:
        desk.retry(stage.house, stage.ask("SELECT id FROM issues")[0][0])
    assert raised.value.kind.code == "trade.issue-not-found"
    assert stage.issues() == ["trade.interchange-unmatched"]


def test_the_same_ta1_twice_is_a_remark_and_no_issue(stage: Stage) -> None:
    sent = answered(stage)
    say(stage, alone(ta1(sent)))
    say(stage, alone(ta1(sent), icn=51))
    assert words(stage, sent["id"]) == ["interchange.accepted", "acknowledgment.repeated"]
    assert stage.issues() == []


def test_a_ta1_that_rejects_what_it_accepted_contradicts_itself(stage: Stage) -> None:
    sent = answered(stage)
    say(stage, alone(ta1(sent)))
    say(stage, alone(ta1(sent, "R", "018"), icn=51))
    assert (state(stage, sent["id"]), stage.issues()) == ("delivered", ["trade.acknowledgment-contradicts"])


def test_a_ta1_on_tests_speaks_of_tests_only(stage: Stage) -> None:
    sent = answered(stage, usage="both")
    say(stage, alone(ta1(sent, "R", "018"), usage="T"))
    assert (state(stage, sent["id"]), stage.issues()) == ("delivered", ["trade.interchange-unmatched"])


def test_a_ta1_as_a_test_speaks_of_what_we_sent_as_a_test(stage: Stage) -> None:
    known(stage, usage="both")
    stage.drop("order.edi", envelope(order(), usage="T"))
    stage.turn()
    sent = ours(stage, "997")
    say(stage, alone(ta1(sent, "R", "018")))
    assert (words(stage, sent["id"]), stage.issues()) == ([], ["trade.interchange-unmatched"])
    say(stage, alone(ta1(sent), icn=51, usage="T"))
    assert words(stage, sent["id"]) == ["interchange.accepted"]


def test_a_ta1_that_is_not_whole_is_held_and_told(stage: Stage) -> None:
    answered(stage)
    say(stage, alone("TA1*000000002*260301~"))
    assert stage.documents()[-1] == ("in", "TA1", "held")
    assert stage.issues() == ["document.not-understood"]


def test_a_ta1_of_a_stranger_waits_until_they_are_known(stage: Stage) -> None:
    say(stage, alone("TA1*000000001*260301*0930*A*000~"))
    assert (stage.documents(), stage.issues()) == ([("in", "TA1", "held")], ["trade.agreement-unknown"])
    known(stage)
    stage.work()
    assert (stage.documents(), stage.issues()) == ([("in", "TA1", "read")], ["trade.interchange-unmatched"])


# Our own second copy


def twice(stage: Stage) -> dict[str, Any]:
    """Our 855 went a second time, with the same bytes and numbers."""
    sent = answered(stage)
    desk.resend(stage.house, sent["id"])
    stage.turn()
    return sent


def test_a_ta1_025_on_our_second_copy_rejects_nothing(stage: Stage) -> None:
    sent = twice(stage)
    say(stage, alone(ta1(sent, "R", "025")))
    assert state(stage, sent["id"]) == "delivered"
    assert words(stage, sent["id"]) == ["document.resent", "acknowledgment.of-our-copy"]
    assert stage.issues() == []


def test_a_ta1_025_on_a_file_that_went_once_rejects_it(stage: Stage) -> None:
    sent = answered(stage)
    say(stage, alone(ta1(sent, "R", "025")))
    assert (state(stage, sent["id"]), stage.issues()) == ("rejected", ["trade.interchange-rejected"])


def test_a_later_rejection_of_our_second_copy_never_overturns_an_acceptance(stage: Stage) -> None:
    sent = twice(stage)
    say(stage, envelope(functional_acknowledgment(1), icn=60, code="FA"))
    say(stage, envelope(functional_acknowledgment(1, verdict="R"), icn=61, group=2, code="FA"))
    say(stage, alone(ta1(sent, "R", "025"), icn=62))
    assert state(stage, sent["id"]) == "confirmed"
    assert words(stage, sent["id"]) == [
        "document.resent", "document.confirmed", "acknowledgment.of-our-copy", "acknowledgment.of-our-copy",
    ]
    assert stage.issues() == []


def test_a_document_that_was_rejected_and_sent_again_waits_for_a_new_word(stage: Stage) -> None:
    sent = answered(stage)
    say(stage, alone(ta1(sent, "R", "018")))
    desk.resend(stage.house, sent["id"])
    stage.turn()
    say(stage, alone(ta1(sent), icn=51))
    say(stage, envelope(functional_acknowledgment(1), icn=60, code="FA"))
    assert state(stage, sent["id"]) == "confirmed"
    assert words(stage, sent["id"])[-2:] == ["interchange.accepted", "document.confirmed"]


# 997


def test_the_same_997_twice_is_a_remark_and_no_issue(stage: Stage) -> None:
    sent = answered(stage)
    say(stage, envelope(functional_acknowledgment(1), icn=60, code="FA"))
    say(stage, envelope(functional_acknowledgment(1), icn=61, code="FA"))
    assert words(stage, sent["id"]) == ["document.confirmed", "acknowledgment.repeated"]
    assert stage.issues() == []


@pytest.mark.parametrize(("first", "then", "stands"), [("A", "R", "confirmed"), ("R", "A", "rejected")])
def test_two_words_that_contradict_leave_the_first_and_ask_a_person(
    stage: Stage, first: str, then: str, stands: str
) -> None:
    sent = answered(stage)
    say(stage, envelope(functional_acknowledgment(1, verdict=first), icn=60, code="FA"))
    say(stage, envelope(functional_acknowledgment(1, verdict=then), icn=61, code="FA"))
    assert state(stage, sent["id"]) == stands
    assert "trade.acknowledgment-contradicts" in stage.issues()


def test_a_997_on_tests_speaks_of_tests_only(stage: Stage) -> None:
    sent = answered(stage, usage="both")
    say(stage, envelope(functional_acknowledgment(1, verdict="R"), icn=60, code="FA", usage="T"))
    assert (state(stage, sent["id"]), stage.issues()) == ("delivered", ["trade.acknowledgment-unmatched"])


# Advice and text


def advice(*rows: str) -> str:
    body = ["BGN*00*ADV-1*20260305", *rows]
    return "~".join(["ST*824*0001", *body, f"SE*{len(body) + 2}*0001"]) + "~"


BY_NUMBERS = "OTI*TR*TN*PO-1*****1*0001*855"


def test_an_advice_reopens_the_document_it_names_with_what_is_wrong(stage: Stage) -> None:
    sent = answered(stage)
    said = advice(BY_NUMBERS, "TED*848*PRICE DIFFERS*PO1*3*4**4.5*4.6", "NTE*GEN*SEE CONTRACT 7", "TED*ZZZ")
    say(stage, envelope(said, icn=70, code="AG"))
    assert (state(stage, sent["id"]), words(stage, sent["id"])) == ("reopened", ["document.reopened"])
    assert stage.issues() == ["trade.document-reopened"]
    told = (
        "advice ADV-1: set rejected, transaction PO-1: data incorrect in PO104 (segment 3) sent as '4.5' "
        "and changed to '4.6' (PRICE DIFFERS SEE CONTRACT 7); code ZZZ"
    )
    assert stage.ask('SELECT note, "order", document_id FROM issues') == [(told, "PO-1", sent["id"])]
    assert len(stage.received("997")) == 2
    assert ("in", "824", "posted") in stage.documents()


@pytest.mark.parametrize("row", [
    BY_NUMBERS, "OTI*IR*TN*X*****0001*0001*855", "OTI*TE*PO*PO-1*******855", "OTI*TP*PO*PO-1*******855",
])
def test_a_document_is_found_by_its_numbers_or_by_its_order(stage: Stage, row: str) -> None:
    sent = answered(stage)
    say(stage, envelope(advice(row), icn=70, code="AG"))
    assert (state(stage, sent["id"]), stage.issues()) == ("reopened", ["trade.document-reopened"])


def test_an_advice_that_accepts_leaves_the_document_as_it_is(stage: Stage) -> None:
    sent = answered(stage)
    say(stage, envelope(advice(BY_NUMBERS.replace("TR", "TA")), icn=70, code="AG"))
    assert (state(stage, sent["id"]), words(stage, sent["id"])) == ("delivered", ["acknowledgment.by-application"])
    assert stage.issues() == []


@pytest.mark.parametrize("row", ["OTI*TR*IV*INV-9", "OTI*TR*TN*X*****77*0001*855", "OTI*TR*PO*PO-9"])
def test_an_advice_on_what_we_do_not_know_is_told(stage: Stage, row: str) -> None:
    sent = answered(stage)
    say(stage, envelope(advice(row), icn=70, code="AG"))
    assert (state(stage, sent["id"]), stage.issues()) == ("delivered", ["trade.advice-unmatched"])


def test_a_997_that_comes_after_an_advice_closes_nothing(stage: Stage) -> None:
    sent = answered(stage)
    say(stage, envelope(advice(BY_NUMBERS), icn=70, code="AG"))
    say(stage, envelope(functional_acknowledgment(1), icn=60, code="FA"))
    assert (state(stage, sent["id"]), stage.issues()) == ("reopened", ["trade.document-reopened"])


def test_a_document_that_was_confirmed_can_be_reopened(stage: Stage) -> None:
    sent = answered(stage)
    say(stage, envelope(functional_acknowledgment(1), icn=60, code="FA"))
    say(stage, envelope(advice(BY_NUMBERS), icn=70, code="AG"))
    assert state(stage, sent["id"]) == "reopened"


def test_what_was_said_of_a_document_is_shown_with_it(stage: Stage) -> None:
    sent = answered(stage)
    say(stage, alone(ta1(sent)))
    say(stage, envelope(advice(BY_NUMBERS, "TED*848*BAD PRICE"), icn=70, code="AG"))
    command = [str(Path(sys.executable).parent / "edi-gateway"), "documents", "show", str(sent["id"])]
    shown = subprocess.run([*command, "--dir", stage.directory], capture_output=True, text=True, check=True).stdout
    assert "state                reopened\n" in shown
    assert f"interchange.accepted (document 4): verdict accepted, interchange {sent['number']}, code 000\n" in shown
    assert "document.reopened (document 5): advice ADV-1, verdict set_rejected, codes data_incorrect\n" in shown


def test_a_text_is_an_issue_with_the_text_and_the_same_text_again_is_counted(stage: Stage) -> None:
    known(stage)
    body = ["BMG*00*CLOSED FOR INVENTORY", "MIT*M-7*NO SHIPMENTS", "MSG*We take none on Friday.", "MSG*Call 555."]
    said = "~".join(["ST*864*0001", *body, "SE*6*0001"]) + "~"
    say(stage, envelope(said, icn=80, code="TX"))
    say(stage, envelope(said, icn=81, group=2, code="TX"))
    assert stage.ask('SELECT kind, note, "count" FROM issues') == [(
        "trade.text-received", "CLOSED FOR INVENTORY\nM-7: NO SHIPMENTS\nWe take none on Friday.\nCall 555.", 2,
    )]
    assert [row for row in stage.documents() if row[1] == "864"] == [("in", "864", "posted")] * 2
    assert len(stage.received("997")) == 2


def test_a_very_long_text_is_cut_in_its_issue(stage: Stage) -> None:
    known(stage)
    lines = [f"MSG*{'X' * 260}"] * 40
    said = "~".join(["ST*864*0001", "BMG*00", "MIT*M", *lines, f"SE*{len(lines) + 4}*0001"]) + "~"
    say(stage, envelope(said, icn=80, code="TX"))
    ((note,),) = stage.ask("SELECT note FROM issues")
    assert len(note) == 4_000
    assert note.endswith("…")


def test_a_change_of_an_order_is_acknowledged_and_left_to_a_person(stage: Stage) -> None:
    known(stage)
    body = ["BCH*04*SA*PO-1***20260301", "POC*1*QD*2*1*EA*4.5**UP*700000000001", "CTT*1"]
    said = "~".join(["ST*860*0001", *body, "SE*5*0001"]) + "~"
    say(stage, envelope(said, icn=90, code="PC"))
    assert "AK2*860*0001~AK5*A~" in stage.received("997")[0]
    assert (stage.documents()[0], stage.issues()) == (("in", "860", "held"), ["trade.not-taken"])
    ((note,),) = stage.ask("SELECT note FROM issues")
    assert note == "set 860 0001 (Purchase Order Change) is for a person to act on"
