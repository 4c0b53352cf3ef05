"""What a partner is told of a whole interchange: which TA1 goes when, once, and in which version."""

import re
from typing import Any

import pytest

from edi_gateway.flows import collecting, partners, working
from tests.flows.stage import Stage, envelope, functional_acknowledgment, order

ISA = "ISA*00*{0:10}*00*{0:10}*ZZ*{sender:15}*ZZ*SELLER         *260301*0930*{mark}*{version}*{icn:09}*{ask}*{usage}*>~"


def good(ask: str = "0") -> str:
    return asking(envelope(order()), ask)


def asking(content: str, ask: str = "1") -> str:
    """The same with ISA14."""
    return re.sub(r"(ISA(?:\*[^*]*){13})\*\d", rf"\1*{ask}", content, count=1)


def faulty(ask: str = "0") -> str:
    """Taken with an error: nobody knows the authorization qualifier."""
    return good(ask).replace("ISA*00*", "ISA*99*")


def refused(ask: str = "0") -> str:
    """Refused: the numbers of ISA13 and IEA02 differ."""
    return good(ask).replace("IEA*1*000000001", "IEA*1*000000009")


def policy(stage: Stage, word: str, more: str = "", **known: Any) -> None:
    folder = stage.directory / "mappings/partners/acme"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text(f'[acknowledgments]\nta1 = "{word}"\n{more}', encoding="utf-8")
    stage.known(partner_file="acme", **known)


def ta1s(stage: Stage) -> list[str]:
    """The TA1 segments the partner has received."""
    return [found for text in stage.received("TA1") for found in re.findall(r"TA1\*[^~]*", text)]


A, E, R = (f"TA1*000000001*260301*0930*{verdict}" for verdict in ("A*000", "E*010", "R*001"))
TOLD = [
    ("never", "1", []), ("never", "0", []),
    ("on_request", "1", [A, E, R]), ("on_request", "0", []),
    ("on_error", "1", ["", E, R]), ("on_error", "0", ["", E, R]),
    ("always", "1", [A, E, R]), ("always", "0", [A, E, R]),
]


@pytest.mark.parametrize(("word", "ask", "told"), TOLD, ids=lambda value: value if isinstance(value, str) else "")
@pytest.mark.parametrize(("ordinal", "content"), list(enumerate((good, faulty, refused))))
def test_each_policy_tells_each_verdict_when_it_is_due(
    stage: Stage, word: str, ask: str, told: list[str], ordinal: int, content: Any
) -> None:
    policy(stage, word)
    stage.drop("order.edi", content(ask))
    stage.turn()
    wanted = told[ordinal] if told else ""
    assert ta1s(stage) == ([wanted] if wanted else [])
    assert len(stage.received("997")) == len(stage.orders()) == (0 if content is refused else 1)
    assert stage.issues() == (["document.interchange-refused"] if content is refused else [])


def test_a_ta1_is_asked_for_where_nothing_else_is_agreed(stage: Stage) -> None:
    stage.known()
    stage.drop("a.edi", good("0"))
    stage.drop("b.edi", asking(envelope(order("PO-2"), icn=2)))
    stage.turn()
    assert ta1s(stage) == ["TA1*000000002*260301*0930*A*000"]


def test_a_ta1_goes_in_an_interchange_of_its_own_with_the_ids_swapped_and_asks_for_nothing(stage: Stage) -> None:
    policy(stage, "always")
    stage.drop("order.edi", good("1"))
    stage.turn()
    (told,) = stage.received("TA1")
    isa = told.split("~")[0].split("*")
    assert (isa[5:9], isa[11], isa[14:16]) == (
        ["ZZ", "SELLER         ", "ZZ", "ACME           "], "U", ["0", "P"],
    )
    assert [segment.split("*")[0] for segment in told.split("~")[:-1]] == ["ISA", "TA1", "IEA"]
    assert told.split("~")[2] == f"IEA*0*{isa[13]}"
    numbers = [row[0] for row in stage.ask("SELECT interchange_control FROM documents WHERE direction = 'out'")]
    assert sorted(numbers) == ["000000001", "000000002", "000000003"]
    assert ("out", "TA1", "delivered") in stage.documents()
    assert stage.ask("SELECT noun FROM documents WHERE \"set\" = 'TA1'") == [("interchange_acknowledgment",)]


def test_every_acknowledgment_has_isa14_0(stage: Stage) -> None:
    policy(stage, "always")
    stage.drop("order.edi", good("1"))
    stage.turn()
    for text in (*stage.received("TA1"), *stage.received("997")):
        assert text.split("~")[0].split("*")[14] == "0"


def test_the_ta1_of_a_refused_interchange_says_in_the_issue_that_the_partner_knows(stage: Stage) -> None:
    policy(stage, "on_error")
    stage.drop("order.edi", refused())
    stage.turn()
    ((note,),) = stage.ask("SELECT note FROM issues")
    assert note.endswith("; a TA1 told the partner")
    assert stage.documents() == [("out", "TA1", "delivered"), ("in", "850", "rejected")]


def test_the_issue_says_so_when_nobody_told_the_partner(stage: Stage) -> None:
    policy(stage, "never")
    stage.drop("order.edi", refused("1"))
    stage.turn()
    ((note,),) = stage.ask("SELECT note FROM issues")
    assert note.endswith("; nobody told the partner")


CUT = [
    (lambda text: text.split("IEA")[0], "R*023"),
    (lambda text: text.replace("IEA*1*", "IEA*2*"), "R*021"),
    (lambda text: text.replace("*P*>~", "*X*>~"), "R*020"),
]


@pytest.mark.parametrize(("damage", "told"), CUT)
def test_a_refusal_has_the_code_of_its_fault_and_no_997(stage: Stage, damage: Any, told: str) -> None:
    policy(stage, "on_error", usage="both")
    stage.drop("order.edi", damage(good()))
    stage.turn()
    assert [said[-5:] for said in ta1s(stage)] == [told]
    assert (stage.received("997"), stage.orders()) == ([], [])
    assert (stage.directory / "archive").is_dir()


def test_a_repair_that_a_partner_refuses_is_told_as_a_faulty_structure(stage: Stage) -> None:
    policy(stage, "on_error", '[verdicts]\n"envelope.padding" = "R"\n')
    stage.drop("order.edi", good() + "\x1a\x1a")
    stage.turn()
    ((said,),) = [ta1s(stage)]
    assert said.split("*")[4] == "R"
    assert stage.orders() == []


def test_an_isa_that_cannot_be_read_is_an_issue_only(stage: Stage) -> None:
    policy(stage, "always")
    stage.drop("order.edi", "ISA*00*")
    stage.turn()
    assert (ta1s(stage), stage.documents()) == ([], [])
    assert stage.issues() == ["document.unreadable"]


def test_an_interchange_of_acknowledgments_only_is_never_answered(stage: Stage) -> None:
    policy(stage, "always")
    stage.drop("order.edi", good())
    stage.turn()
    assert len(ta1s(stage)) == 1
    stage.drop("ack.edi", asking(envelope(functional_acknowledgment(1), icn=2, code="FA")))
    stage.drop("word.edi", asking(envelope(icn=3).replace("GS*PO", "TA1*000000001*260301*0930*A*000~GS*PO")
                                  .replace("GE*0*1~", "").replace("IEA*1", "IEA*0")
                                  .replace("GS*PO*ACME*SELLER*20260301*0930*1*X*004010~", "")))
    stage.drop("999.edi", asking(envelope("ST*999*0001~AK1*PO*1~SE*3*0001~", icn=4, code="FA")))
    stage.turn()
    assert (len(ta1s(stage)), len(stage.received("997"))) == (1, 1)


def test_a_stranger_is_answered_once_they_are_known_and_only_once(stage: Stage) -> None:
    folder = stage.directory / "mappings/partners/acme"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text('[acknowledgments]\nta1 = "always"\n', encoding="utf-8")
    stage.drop("order.edi", good())
    stage.turn()
    assert (stage.received("TA1"), stage.issues()) == ([], ["trade.agreement-unknown"])
    stage.known(partner_file="acme")
    stage.work()
    assert (ta1s(stage), stage.issues()) == ([A], [])
    partners.add(stage.house, "acme", partner_file="acme")
    stage.work()
    assert (len(ta1s(stage)), len(stage.received("997"))) == (1, 1)


def test_a_test_is_answered_as_a_test_and_not_at_all_where_only_production_was_agreed(stage: Stage) -> None:
    policy(stage, "always", usage="production")
    stage.drop("order.edi", asking(envelope(order(), usage="T")))
    stage.turn()
    assert (ta1s(stage), stage.issues()) == ([], ["trade.usage-not-agreed"])
    partners.add(stage.house, "acme", usage="both")
    stage.work()
    (told,) = stage.received("TA1")
    assert told.split("~")[0].split("*")[15] == "T"


def run_again(stage: Stage) -> None:
    with stage.house.store.unit() as unit:
        unit.inbox.again(1)
    working.work(stage.house)


@pytest.mark.parametrize("content", [good, faulty, refused])
def test_a_receipt_that_is_run_again_is_not_answered_again(stage: Stage, content: Any) -> None:
    policy(stage, "always")
    stage.drop("order.edi", content())
    stage.turn()
    before = [stage.ask(f"SELECT * FROM {table}") for table in ("documents", "numbers", "entries", "issues")]
    run_again(stage)
    after = [stage.ask(f"SELECT * FROM {table}") for table in ("documents", "numbers", "entries", "issues")]
    assert after == before


def test_a_death_before_the_commit_leaves_nothing_and_the_next_run_answers_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy(stage, "always")
    stage.drop("order.edi", good())
    collecting.collect(stage.house, "acme")

    class Killed(BaseException):
        pass

    def kill(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr("edi_gateway.store.documents.Documents.judge_interchange", kill)
        with pytest.raises(Killed):
            working.work(stage.house)
    assert (stage.documents(), stage.ask("SELECT * FROM numbers"), stage.ask("SELECT * FROM parcels")) == ([], [], [])
    with monkeypatch.context() as dying:
        dying.setattr("edi_gateway.store.documents.Documents.judge", kill)
        with pytest.raises(Killed):
            working.work(stage.house)
    stage.work()
    assert (ta1s(stage), len(stage.received("997"))) == ([A], 1)


def test_the_same_bytes_again_get_the_same_ta1_again(stage: Stage) -> None:
    policy(stage, "always")
    stage.drop("order.edi", good())
    stage.turn()
    (first,) = stage.received("TA1")
    for path in (stage.directory / "mailbox/in").iterdir():
        path.unlink()
    stage.drop("other.edi", good())
    stage.turn()
    assert stage.received("TA1") == [first]
    assert len(stage.received("997")) == 1
    assert stage.received("855") == []


def newer(*sets: str, version: str = "005010", isa_version: str = "00501", code: str = "PO") -> str:
    isa = ISA.format("", sender="ACME", mark="^", version=isa_version, icn=7, ask="1", usage="P")
    return f"{isa}GS*{code}*ACME*SELLER*20260301*0930*7*X*{version}~{''.join(sets)}GE*{len(sets)}*7~IEA*1*000000007~"


def test_a_group_of_005010_is_answered_in_005010_and_repeats_its_version(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", newer(order(), version="005010VICS"))
    stage.turn()
    (told,) = stage.received("997")
    segments = [segment.split("*") for segment in told.split("~")]
    assert (segments[0][11:13], segments[1][8]) == (["^", "00501"], "005010")
    assert "AK1*PO*7*005010VICS~AK2*850*0001~AK5*A~AK9*A*1*1*1~" in told
    (ta1,) = stage.received("TA1")
    assert ta1.split("~")[0].split("*")[11:13] == ["^", "00501"]


def test_the_guide_of_a_set_is_repeated_in_005010(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", newer(order().replace("ST*850*0001", "ST*850*0001*005010X999")))
    stage.turn()
    assert "AK2*850*0001*005010X999~" in stage.received("997")[0]


@pytest.mark.parametrize(("version", "told"), [("003040", "AK9*R*1*1*0*2~"), ("XYZ", "AK9*R*1*1*0*2~")])
def test_a_version_without_a_lower_release_is_answered_in_004010_with_its_code_and_no_set(
    stage: Stage, version: str, told: str
) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order(), version=version))
    stage.turn()
    (answer,) = stage.received("997")
    assert f"AK1*PO*1~{told}" in answer
    assert answer.split("~")[1].split("*")[8] == "004010"
    assert stage.orders() == []


def test_the_sets_of_an_answer_that_were_accepted_can_be_left_out(stage: Stage) -> None:
    policy(stage, "never", "accepted_sets = false\n")
    broken = order("PO-9", control="0002").replace("BEG*00*SA*PO-9**20260301~", "").replace("SE*6", "SE*5")
    stage.drop("orders.edi", envelope(order(), broken))
    stage.drop("order.edi", envelope(order("PO-2"), icn=2, group=2))
    stage.turn()
    first, second = stage.received("997")
    assert "AK1*PO*1~AK2*850*0002~AK3*BEG*2**3~AK5*R*5~AK9*P*2*2*1~" in first
    assert "AK1*PO*2~AK9*A*1*1*1~" in second


ODD = [
    lambda text: text.replace("*0001~", "*1~"),
    lambda text: text.replace("ST*850*", "ST*85*"),
    lambda text: text.replace("GS*PO*", "GS*P*"),
    lambda text: text.replace("GS*PO*", "GS*PURCHASE*"),
    lambda text: text.replace("0930*1*X", "0930*1234567890*X").replace("GE*1*1~", "GE*1*1234567890~"),
    lambda text: text.replace("*0001~", "*00000000001~"),
]


@pytest.mark.parametrize("damage", ODD)
@pytest.mark.parametrize("version", ["004010", "005010"])
def test_what_is_faulty_in_ids_and_numbers_is_still_answered(stage: Stage, damage: Any, version: str) -> None:
    stage.known()
    stage.drop("order.edi", damage(envelope(order(), version=version)))
    stage.turn()
    (told,) = stage.received("997")
    assert "~AK9*R*1*1*0" in told
    assert "document.ours-broken" not in stage.issues()


def test_a_file_of_several_sets_is_refused_where_one_was_agreed(stage: Stage) -> None:
    policy(stage, "on_error", "[receiving]\none_set_per_file = true\n")
    stage.drop("orders.edi", envelope(order(), order("PO-2", control="0002")))
    stage.turn()
    assert ta1s(stage) == ["TA1*000000001*260301*0930*R*024"]
    ((note,),) = stage.ask("SELECT note FROM issues WHERE kind = 'document.interchange-refused'")
    assert "holds 2 sets" in note  # envelope.sets-too-many
    assert stage.orders() == []
