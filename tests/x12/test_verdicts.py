"""The verdict on a group and the 997 that says so, beside texts written by hand."""

from collections.abc import Mapping

import pytest

from edi_gateway.x12 import envelope
from edi_gateway.x12.read import Verdict, read
from edi_gateway.x12.standard import Standard
from edi_gateway.x12.tokens import Separators
from edi_gateway.x12.verdicts import ECHOES, acknowledge, judge_group
from tests.x12.workshop import GOOD, TABLE, rows, text, wrap

BAD = GOOD[1:]
FAIR = [GOOD[0], "N1*ST*Acme*99*12", *GOOD[4:]]


def answer(
    content: bytes, leave_out_accepted: bool = False, separators: Separators | None = None,
    verdicts: Mapping[str, str] | None = None,
) -> list[str]:
    """The body of the 997 for the first group."""
    group = next(next(iter(envelope.read([content]))).groups)
    refusal = Standard(rows, ("123",)).refusal(group)
    group.findings += [refusal] if refusal else []
    if refusal:
        judged = [Verdict(one.set, one.control, "rejected") for one in group.transactions]
    else:
        judged = [read(one, TABLE if one.set == "123" else None, verdicts) for one in group.transactions]
    verdict = judge_group(group, judged)
    body = acknowledge(group, judged, verdict, leave_out_accepted, separators)
    return ["*".join(segment) for segment in body]


def test_all_accepted_is_a() -> None:
    assert answer(text(wrap(GOOD, GOOD))) == [
        "AK1*TR*1", "AK2*123*0001", "AK5*A", "AK2*123*0002", "AK5*A", "AK9*A*2*2*2",
    ]


def test_errors_without_a_rejection_are_e() -> None:
    assert answer(text(wrap(GOOD, FAIR))) == [
        "AK1*TR*1", "AK2*123*0001", "AK5*A", "AK2*123*0002", "AK3*N1*3*N1*8", "AK4*3*66*7*99", "AK5*E*5", "AK9*E*2*2*2",
    ]


def test_some_rejected_is_p() -> None:
    assert answer(text(wrap(GOOD, BAD))) == [
        "AK1*TR*1", "AK2*123*0001", "AK5*A", "AK2*123*0002", "AK3*BGN*2**3", "AK5*R*5", "AK9*P*2*2*1",
    ]


def test_all_rejected_is_r() -> None:
    assert answer(text(wrap(BAD))) == ["AK1*TR*1", "AK2*123*0001", "AK3*BGN*2**3", "AK5*R*5", "AK9*R*1*1*0"]


def test_accepted_sets_may_be_left_out() -> None:
    assert answer(text(wrap(GOOD, FAIR, BAD)), leave_out_accepted=True) == [
        "AK1*TR*1", "AK2*123*0002", "AK3*N1*3*N1*8", "AK4*3*66*7*99", "AK5*E*5",
        "AK2*123*0003", "AK3*BGN*2**3", "AK5*R*5", "AK9*P*3*3*2",
    ]


def test_every_fault_of_a_set_has_its_place() -> None:
    body = [
        "BGN*99*A*20230229", "REF*IA", "REF*DP*1**ZZ>V", "QQQ*1", "N1*ST*Acme", "N3*X", "N3*X", "N3*X", "LIN*1",
        "SUB*A", "N3*X", "CTT*1",
    ]
    segments = wrap(body)
    segments[-3] = "SE*99*0009"
    assert answer(text(segments)) == [
        "AK1*TR*1", "AK2*123*0001",
        "AK3*BGN*2**8", "AK4*1*353*7*99", "AK4*2*127*4*A", "AK4*3*373*8*20230229",
        "AK3*REF*3**8", "AK4*2*127*2",
        "AK3*REF*4**8", "AK4*4>1*128*7*ZZ",
        "AK3*QQQ*5**1",
        "AK3*N3*9*N1*5",
        "AK5*R*5*4*3", "AK9*R*1*1*0",
    ]


def test_a_segment_with_a_place_too_many_and_a_faulty_element_has_both() -> None:
    body = [GOOD[0], "REF*IA*1", "REF*IA*1", "REF*IA", *GOOD[4:6]]
    assert answer(text(wrap(body)))[2:5] == ["AK3*REF*5**5", "AK3*REF*5**8", "AK4*2*127*2"]


def test_an_inner_loop_is_named_by_its_last_name() -> None:
    body = [*GOOD[:6], "SUB*A"]
    assert answer(text(wrap(body)))[2] == "AK3*N3*9*SUB*3"


def test_the_copy_of_a_bad_value_is_clipped_and_left_out_where_it_cannot_be_written() -> None:
    def copy(value: str, separators: Separators | None = None) -> str:
        content = text(wrap([f"BGN*{value}*A1*20240229", *GOOD[4:6]]))
        return next(row for row in answer(content, separators=separators) if row[:3] == "AK4")

    assert copy("X" * 120) == f"AK4*1*353*5*{'X' * 99}"
    assert copy("A\x01") == "AK4*1*353*6"
    assert copy("\xe9\xe9\xe9") == "AK4*1*353*5"
    assert copy("A:B:C") == "AK4*1*353*5*A:B:C"
    assert copy("A:B:C", Separators("*", ":", "~")) == "AK4*1*353*5"


def test_a_position_in_a_composite_uses_the_separator_of_the_answer() -> None:
    body = [GOOD[0], "REF*DP*1**ZZ>V", *GOOD[4:6]]
    assert answer(text(wrap(body)), separators=Separators("*", ":", "~"))[3] == "AK4*4:1*128*7*ZZ"


GROUPS = [
    (lambda file: file.replace(b"GE*2*1", b"GE*3*1"), "AK9*R*3*2*0*5"),
    (lambda file: file.replace(b"GE*2*1", b"GE*2*9"), "AK9*R*2*2*0*4"),
    (lambda file: file.replace(b"GE*2*1~", b""), "AK9*R*2*2*0*3"),
    (lambda file: file.replace(b"GE*2*1", b"GE*x*9"), "AK9*R*2*2*0*5*4"),
]


@pytest.mark.parametrize(("damage", "expected"), GROUPS)
def test_a_refused_group_takes_nothing_and_lists_only_rejected_sets(damage: object, expected: str) -> None:
    file = damage(text(wrap(GOOD, BAD)))  # type: ignore[operator]
    assert answer(file) == ["AK1*TR*1", "AK2*123*0002", "AK3*BGN*2**3", "AK5*R*5", expected]


def test_a_group_that_cannot_be_read_has_no_sets_in_its_answer() -> None:
    assert answer(text(wrap(GOOD, GOOD, version="009999"))) == ["AK1*TR*1", "AK9*R*2*2*0*2"]
    assert answer(text(wrap(GOOD, code="QQ"))) == ["AK1*QQ*1", "AK9*R*1*1*0*1"]


def test_an_unknown_set_is_answered_with_its_code() -> None:
    segments = [segment.replace("ST*123", "ST*999") for segment in wrap(GOOD)]
    assert answer(text(segments)) == ["AK1*TR*1", "AK2*999*0001", "AK5*R*1", "AK9*R*1*1*0"]


def test_an_empty_group_is_accepted() -> None:
    assert answer(text(wrap())) == ["AK1*TR*1", "AK9*A*0*0*0"]


def test_what_a_partner_overrules_is_not_told_to_them() -> None:
    told = answer(text(wrap(FAIR)), verdicts={"x12.code-unknown": ""})
    assert told == ["AK1*TR*1", "AK2*123*0001", "AK5*A", "AK9*A*1*1*1"]


def test_what_is_repeated_of_a_faulty_group_can_be_written() -> None:
    segments = [each.replace("*1*X*", "*A>\x01*X*").replace("ST*123*0001", "ST*12\x0234*0~") for each in wrap(GOOD)]
    body = answer(text(segments, "\n"))
    assert body[0] == "AK1*TR*A"
    assert body[1] == "AK2*1234*0"
    assert set(ECHOES.values()) == {""}


def test_what_came_as_a_segment_id_fits_the_answer() -> None:
    for id, told in [("InvalidSegment", "INV"), ("x", "XX"), ("!", "XX"), ("a-9", "A9")]:
        assert answer(text(wrap([GOOD[0], f"{id}*1", *GOOD[4:6]])))[2] == f"AK3*{told}*3**1"
