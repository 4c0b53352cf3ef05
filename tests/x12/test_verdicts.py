"""The verdict on a group and the 997 that says so, beside texts written by hand."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edi_gateway.issues import Finding, kind
from edi_gateway.x12 import envelope
from edi_gateway.x12.envelope import TA1, Interchange
from edi_gateway.x12.read import Verdict, read
from edi_gateway.x12.spec import Definition, load
from edi_gateway.x12.standard import Standard
from edi_gateway.x12.tokens import Separators
from edi_gateway.x12.verdicts import (
    ECHOES,
    FINER,
    acknowledge,
    acknowledge_interchange,
    judge_group,
    only_acknowledges,
)
from tests.x12.workshop import GOOD, TABLE, rows, text, wrap

BAD = GOOD[1:]
FAIR = [GOOD[0], "N1*ST*Acme*99*12", *GOOD[4:]]


def answer(
    content: bytes, leave_out_accepted: bool = False, separators: Separators | None = None,
    verdicts: Mapping[str, str] | None = None, definition: Definition | None = None,
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
    body = acknowledge(group, judged, verdict, leave_out_accepted, separators, definition=definition)
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


def of_release(release: str) -> Definition:
    """The real rows of the 997."""
    def real(path: str) -> Mapping[str, Any] | None:
        file = Path(__file__).parents[2] / path
        return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else None

    definition = load(real, "997", release)
    assert definition is not None
    return definition


def fault(code: str, **where: Any) -> Finding:
    return kind(code).finding("a fault", segment="REF", position=3, element=4, reference="1", **where)


def said(release: str, *findings: Finding, set_control: str = "0001", guide: str = "") -> list[str]:
    """The 997 of that release for one rejected set."""
    group = next(next(iter(envelope.read([text(wrap(GOOD))]))).groups)
    for _ in group.transactions:
        pass
    verdicts = [Verdict("123", set_control, "rejected", findings, implementation=guide)]
    body = acknowledge(group, verdicts, judge_group(group, verdicts), definition=of_release(release))
    return ["*".join(segment) for segment in body]


def test_a_code_that_only_a_later_release_has_is_mapped_to_a_plainer_one() -> None:
    found = [fault("x12.repetitions-too-many"), fault("x12.components-too-many"), fault("x12.set-not-in-group")]
    assert said("004010", *found)[2:6] == ["AK3*REF*3**8", "AK4*4*1*3", "AK4*4*1*3", "AK5*R*5*6"]
    assert said("005010", *found)[2:6] == ["AK3*REF*3**8", "AK4*4*1*12", "AK4*4*1*13", "AK5*R*5*18"]


def test_the_finer_codes_are_those_that_004010_lacks() -> None:
    for finer in FINER.values():
        segment, position, code = ("AK5", 1, finer.set) if finer.set else ("AK4", 2, finer.element)
        there = {release for release in ("004010", "005010") if code in (codes_of(release, segment, position) or ())}
        assert there == {"005010"}, code


def codes_of(release: str, segment: str, position: int) -> frozenset[str] | None:
    found = next(place.segment for place in of_release(release).places if place.segment.id == segment)
    return found.elements[position].codes


def test_a_code_that_the_release_does_not_have_is_left_out() -> None:
    odd = fault("x12.control-repeated")
    assert said("004010", replace(odd, ack=replace(odd.ack, set="99")))[-2] == "AK5*R"
    assert said("004010", odd)[-2] == "AK5*R*23"


def test_version_and_guide_are_repeated_in_005010_only() -> None:
    assert said("005010", guide="005010X1")[:2] == ["AK1*TR*1*004010", "AK2*123*0001*005010X1"]
    assert said("004010", guide="005010X1")[:2] == ["AK1*TR*1", "AK2*123*0001"]


def test_the_repetition_is_told_in_005010_only() -> None:
    found = fault("x12.code-unknown", component=2, repetition=3, value="ZZ")
    assert said("005010", found)[3] == "AK4*4>2>3*1*7*ZZ"
    assert said("004010", found)[3] == "AK4*4>2*1*7*ZZ"
    plain = fault("x12.code-unknown", repetition=3, value="ZZ")
    assert said("005010", plain)[3] == "AK4*4>>3*1*7*ZZ"


def interchange(*findings: Finding, **isa: str) -> Interchange:
    fields = ("00", "", "00", "", "ZZ", "A", "ZZ", "B", "260301", "0930", "U", "00401", "000000012", "0", "P", ">")
    given = {8: isa.get("date"), 9: isa.get("time"), 12: isa.get("control")}
    whole = tuple(given.get(place) or value for place, value in enumerate(fields))
    return Interchange(1, 0, Separators(), whole, findings=list(findings))


def of_interchange(code: str) -> Finding:
    return kind(code).finding("a fault")


@pytest.mark.parametrize(("codes", "told"), [
    ((), "A*000"),
    (("envelope.padding",), "A*000"),
    (("envelope.time",), "E*015"),
    (("envelope.time", "envelope.control-differs", "envelope.date"), "R*001"),
    (("envelope.trailer-missing", "envelope.group-count"), "R*023"),
])
def test_a_ta1_has_the_code_of_the_worst_finding(codes: tuple[str, ...], told: str) -> None:
    segment = acknowledge_interchange(interchange(*map(of_interchange, codes)))
    assert "*".join(segment) == f"TA1*000000012*260301*0930*{told}"


def test_a_fault_without_a_code_is_told_as_a_faulty_structure() -> None:
    bare = replace(of_interchange("envelope.byte-order-mark"), verdict="R")
    assert acknowledge_interchange(interchange(replace(bare, ack=type(bare.ack)())))[4:] == ["R", "022"]


def test_what_a_ta1_repeats_can_be_written() -> None:
    segment = acknowledge_interchange(interchange(control="1*2~345678", date="\x01\x02", time="9:30"))
    assert segment[1:4] == ["012345678", "000000", "9:30"]


@pytest.mark.parametrize(("groups", "words", "only"), [
    (["FA"], 0, True), ([], 1, True), (["FA", "FA"], 2, True), (["FA", "PO"], 0, False), (["PO"], 1, False),
    ([], 0, False),
])
def test_an_interchange_of_acknowledgments_is_known_by_what_it_holds(
    groups: list[str], words: int, only: bool
) -> None:
    found = interchange()
    found.ta1s.extend(TA1(["TA1"], 0, ordinal) for ordinal in range(words))
    assert only_acknowledges(found, groups) is only
