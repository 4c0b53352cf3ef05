"""One case for each fault inside a set: its kind, where it stands, its codes, and what it does to the set."""

import pytest

from edi_gateway.issues import Finding, x12
from edi_gateway.x12 import envelope
from edi_gateway.x12.limits import Limits
from edi_gateway.x12.read import read
from edi_gateway.x12.tallies import FINDINGS_MAX
from tests.x12.workshop import GOOD, TABLE, codes, isa, judge, table, text, transactions, wrap

HEAD, LINES = GOOD[:4], GOOD[4:6]
R, E, W = "rejected", "accepted_with_errors", "accepted"


def told(finding: Finding) -> tuple[str, int | None, str | None, int | None, str | None]:
    """Kind without its family, position, segment, element, loop."""
    name = finding.kind.removeprefix("x12.")
    return name, finding.position, finding.segment, finding.element, finding.loop


def test_a_good_set_is_accepted_without_a_word() -> None:
    verdict = judge(*GOOD)
    assert (verdict.outcome, verdict.findings) == (W, ())
    assert verdict.tree
    assert [TABLE.definition.places[place].segment.id for place in verdict.tree.places] == [
        segment[0] for segment in verdict.tree.segments
    ]


STRUCTURE = [
    ("a segment of no standard", [*HEAD, "QQQ*1", *LINES], ("segment-unknown", 6, "QQQ", None, "N1"), "1"),
    ("a segment of another set", [*HEAD, "OFF*1", *LINES], ("segment-not-in-set", 6, "OFF", None, "N1"), "6"),
    ("a child without its loop", [GOOD[0], "N3*X", *GOOD[1:3], *LINES], ("segment-unexpected", 3, "N3", None, "N1"),
     "2"),
    ("a missing segment", GOOD[1:], ("segment-missing", 2, "BGN", None, None), "3"),
    ("a missing loop", [*HEAD, "CTT*0"], ("segment-missing", 6, "LIN", None, "LIN"), "3"),
    ("a loop without its child", [*GOOD[:6], "SUB*A", "CTT*2"], ("segment-missing", 9, "N3", None, "LIN/SUB"), "3"),
    ("a loop too often", [*HEAD, *(f"LIN*{n}" for n in range(5)), "CTT*5"], ("loop-too-many", 10, "LIN", None, "LIN"),
     "4"),
    ("a segment too often", [GOOD[0], *["REF*IA*1"] * 3, *LINES], ("segment-too-many", 5, "REF", None, None), "5"),
    ("a segment twice that may come once", [GOOD[0], *GOOD], ("segment-too-many", 3, "BGN", None, None), "5"),
    ("a segment again, later", [*GOOD[:2], GOOD[0], *GOOD[2:]], ("segment-too-many", 4, "BGN", None, None), "5"),
    ("a segment before its turn", [GOOD[1], GOOD[0], *GOOD[2:]], ("segment-misplaced", 2, "REF", None, None), "7"),
    ("a segment after its turn", [*HEAD, "REF*IA*1", *LINES], ("segment-misplaced", 6, "REF", None, None), "7"),
    ("the summary before the detail", [*HEAD, "CTT*2", *LINES], ("segment-misplaced", 6, "CTT", None, "CTT"), "7"),
]


@pytest.mark.parametrize(
    ("body", "expected", "code"), [case[1:] for case in STRUCTURE], ids=[case[0] for case in STRUCTURE]
)
def test_one_structural_fault_is_one_finding(
    body: list[str], expected: tuple[str, int, str, int | None, str | None], code: str
) -> None:
    verdict = judge(*body)
    (finding,) = verdict.findings
    assert told(finding)[:4] == expected[:4]
    assert finding.loop in (expected[4], None)
    assert codes(finding) == (code, None, "5", None, None)


@pytest.mark.parametrize("segment", ["REP", "REP*", "TWO***", "TWO*****"])
@pytest.mark.parametrize("odd", ["", "\u00e9"])
def test_a_segment_without_a_value_is_one_finding(segment: str, odd: str) -> None:
    verdict = judge(*GOOD[:2], segment, f"{GOOD[2]}{odd}", *GOOD[3:])
    (finding,) = (found for found in verdict.findings if found.kind == x12.SEGMENT_WITHOUT_VALUE.code)
    assert (verdict.outcome, told(finding)) == (E, ("segment-without-value", 4, segment[:3], None, None))
    assert codes(finding) == ("8", None, "5", None, None)


def test_a_segment_without_a_value_that_must_have_one_lacks_that_and_nothing_else() -> None:
    verdict = judge(*GOOD[:3], "N3", *GOOD[4:])
    assert [told(finding) for finding in verdict.findings] == [("element-missing", 5, "N3", 1, "N1")]
    assert verdict.outcome == R
    assert verdict.tree is None


def test_each_place_has_its_own_loop_in_the_finding() -> None:
    (finding,) = judge(*HEAD, "CTT*0").findings
    assert finding.loop == "LIN"
    (finding,) = judge(*GOOD[1:]).findings
    assert finding.loop is None


BGN = "BGN*00*A1*20240229"
ELEMENTS = [
    ("element-missing", "BGN**A1*20240229", (1, None), "1", R),
    ("element-missing", "BGN*00*A1", (3, None), "1", R),
    ("condition-missing", "REF*IA", (2, None), "2", R),
    ("condition-missing", "N1*ST**92", (4, None), "2", R),
    ("condition-missing", "LIN*1**EA", (2, None), "2", R),
    ("condition-doubtful", "LIN*1***5", (2, None), None, W),
    ("exclusion", "LIN*1*2*EA*1*X", (5, None), "10", R),
    ("exclusion-doubtful", "SUB*A*B", (2, None), None, W),
    ("elements-too-many", f"{BGN}******X", (9, None), "3", R),
    ("mandatory-too-short", "BGN*00*A*20240229", (2, None), "4", R),
    ("mandatory-too-long", "BGN*00*A123456*20240229", (2, None), "5", R),
    ("too-short", f"{BGN}****X", (7, None), "4", E),
    ("too-long", f"{BGN}****XXXXX", (7, None), "5", E),
    ("too-long", f"{BGN}**-123456", (5, None), "5", E),
    ("character", "BGN*00*A\x01*20240229", (2, None), "6", R),
    ("character", "N1*ST*Ac\nme", (2, None), "6", R),
    ("not-a-number", f"{BGN}**1.5", (5, None), "6", R),
    ("not-a-number", f"{BGN}***1,5", (6, None), "6", R),
    ("not-a-number", f"{BGN}***+1", (6, None), "6", R),
    ("not-a-number", f"{BGN}***.", (6, None), "6", R),
    ("component-in-simple", "N1*ST*A>B", (2, None), "6", R),
    ("code-unknown", "BGN*99*A1*20240229", (1, None), "7", E),
    ("date-invalid", "BGN*00*A1*20230229", (3, None), "8", R),
    ("date-invalid", "BGN*00*A1*240229", (3, None), "8", R),
    ("date-invalid", f"{BGN}*****231301", (8, None), "8", R),
    ("time-invalid", f"{BGN}*2460", (4, None), "9", R),
    ("time-invalid", f"{BGN}*12000", (4, None), "9", R),
    ("element-missing", "REF*IA*1**>V", (4, 1), "1", R),
    ("code-unknown", "REF*IA*1**ZZ>V", (4, 1), "7", E),
    ("condition-missing", "REF*IA*1**IA>V>DP", (4, 4), "2", R),
    ("components-too-many", "REF*IA*1**IA>V>DP>W>X", (4, 5), "3", R),
]


def with_segment(segment: str) -> list[str]:
    """The good body with one of its segments in another form."""
    body, id = list(GOOD), segment.partition("*")[0]
    if id == "SUB":
        return [*body[:5], segment, "N3*X", *body[5:]]
    body[[each.partition("*")[0] for each in body].index(id)] = segment
    return body


@pytest.mark.parametrize(
    ("kind", "segment", "place", "code", "outcome"), ELEMENTS, ids=[f"{case[0]} {case[1]!r}" for case in ELEMENTS]
)
def test_one_faulty_element_is_one_finding(
    kind: str, segment: str, place: tuple[int, int | None], code: str | None, outcome: str
) -> None:
    body = with_segment(segment)
    verdict = judge(*body)
    (finding,) = (each for each in verdict.findings if each.kind not in ("x12.hash-differs", "x12.total-differs"))
    assert (finding.kind, finding.element, finding.component) == (f"x12.{kind}", *place)
    assert finding.position == body.index(segment) + 2
    assert codes(finding) == (("8", code, "5", None, None) if code else (None,) * 5)
    assert verdict.outcome == outcome


@pytest.mark.parametrize("segment", [
    f"{BGN}****", f"{BGN}*********", f"{BGN}*235959", f"{BGN}*2359599*-12345*-1.234*AB*240229", "REF*IA**Text",
    "REF*IA*1**IA>V>DP>W", "REF*IA*1**IA>V>>", "N1*BT*A*92*12", "LIN*1*2*EA", "LIN*1*.5*EA*-0.05", "LIN*1*2.*EA",
])
def test_what_the_rows_allow_is_accepted(segment: str) -> None:
    assert [each.kind for each in judge(*with_segment(segment)).findings if each.kind != "x12.hash-differs"] == []


def test_repetitions_count_against_their_element() -> None:
    header = isa(version="00402", eleventh="^")

    def found(segment: str) -> list[tuple[str, int | None, int | None, int | None]]:
        body = [GOOD[0], segment, *LINES]
        return [
            (each.kind, each.element, each.component, each.repetition) for each in judge(*body, header=header).findings
        ]

    assert found("REP*A^B^C*IA>V^DP>W*1^2") == []
    assert found("REP*A^B^C^D") == [("x12.repetitions-too-many", 1, None, 4)]
    assert found("REP*A^BBBB") == [("x12.too-long", 1, None, 2)]
    assert found("REP**IA>V^ZZ>W") == [("x12.code-unknown", 2, 1, 2)]
    assert found("REP***1^x") == [("x12.not-a-number", 3, None, 2)]
    assert found("REF*IA*A^B") == [("x12.repetitions-too-many", 2, None, 2)]


WORDS = [
    ("REF*ZZ*1", {"REF01": ["VR", "IA", "DP"]}, "REF01 'ZZ' is not in the partner's list; expected one of VR, IA, DP",
     "Ask the partner to send one of VR, IA, DP in REF01, or add the code to the guide file."),
    ("BGN*00*ZZ*20240229", {"BGN02": [f"A{number}" for number in range(1, 10)]},
     "BGN02 'ZZ' is not in the partner's list; expected one of A1, A2, A3, A4, A5, A6, A7, A8 and 1 more", None),
    ("REF*ia*1", {}, "REF01 (Kind) is 'ia', which is no code of the standard's list",
     "Ask the partner to send IA in REF01, if that is what they mean."),
    ("REF*QQ*1", {}, "REF01 (Kind) is 'QQ', which is no code of the standard's list",
     "Ask the partner what the code means, and to send one of the standard's list."),
    ("BGN*00*A*20240229", {}, "BGN02 (Number) is 'A': 1 character where 2 to 6 characters are allowed",
     "Ask the partner to send 2 to 6 characters in BGN02."),
    (f"{BGN}*****1234567", {}, "BGN08 (Short date) is '1234567', which is no date of 6 digits", None),
    (f"{BGN}**123456", {}, "BGN05 (Cents) is '123456': 6 digits where 1 to 5 digits are allowed",
     "Ask the partner to send 1 to 5 digits in BGN05."),
    (f"{BGN}***1,5", {}, "BGN06 (Rate) is '1,5', which is no number with or without a decimal point", None),
    ("REF*IA", {}, "REF02 is missing, and so is REF03; one of them must be sent (note R0203)",
     "Ask the partner to send REF02 or REF03."),
    ("N1*ST**92", {}, "N104 is missing, which must be sent together with N103 (note P0304)",
     "Ask the partner to send N104."),
    ("LIN*1**EA", {}, "LIN02 is missing, which must be sent where LIN03 is (note C0302)", None),
    ("LIN*1*2*EA*1*X", {}, "LIN05 may not be sent beside LIN04 (note E0405)",
     "Ask the partner to send only one of LIN04, LIN05."),
    ("REF*IA*1**IA>V>DP", {}, "REF04-4 is missing, which must be sent together with REF04-3 (note P0304)",
     "Ask the partner to send REF04-4."),
    ("BGN*00*A1", {}, "BGN03 (Date) is missing, which is mandatory", "Ask the partner to send BGN03."),
]


@pytest.mark.parametrize(("segment", "narrowed", "note", "remedy"), WORDS)
def test_a_finding_says_what_is_wrong_and_what_would_be_right(
    segment: str, narrowed: dict[str, list[str]], note: str, remedy: str | None
) -> None:
    guide = {"elements": {path: {"codes": known} for path, known in narrowed.items()}}
    findings = judge(*with_segment(segment), by=table(guide)).findings
    (finding,) = (each for each in findings if each.kind not in {"x12.hash-differs", "x12.total-differs"})
    assert finding.note == note
    assert remedy is None or finding.remedy == remedy


def test_a_missing_segment_is_told_with_its_name_and_place() -> None:
    (finding,) = judge(*GOOD[:6], "SUB*A", "CTT*2").findings
    assert finding.note == "N3 (N3) is missing in loop LIN/SUB: it must stand before CTT (segment 9)"
    assert finding.remedy == "Ask the partner to send N3 in loop LIN/SUB before CTT (segment 9)."


def test_a_finding_never_holds_more_than_the_beginning_of_a_value() -> None:
    for segment in ("N1*ST*" + "A" * 20_000, "BGN*00*" + "B" * 20_000 + "*20240229", "Q" * 20_000 + "*1"):
        findings = judge(*HEAD, segment, *LINES).findings
        assert findings
        for finding in findings:
            assert finding.value is None or finding.value in {"A" * 99 + "…", "B" * 99 + "…"}
            assert len(finding.note) < 250
            assert len(finding.segment or "") <= 20


def test_the_offset_is_where_the_segment_starts_even_behind_text_of_two_bytes() -> None:
    body = [GOOD[0], "N1*ST*Zo\xc3\xab \xc3\x84\xc3\x96", *LINES, "CTT*9"]
    content = text(wrap(body), "~\r\n")
    (transaction,) = transactions(content)
    remark, total = read(transaction, TABLE).findings
    assert (remark.kind, remark.value) == ("x12.not-ascii", "Zoë ÄÖ")
    assert total.offset == content.index(b"CTT*9")


def test_text_that_is_not_utf_8_is_read_as_latin_1_with_one_remark_a_set() -> None:
    verdict = judge(GOOD[0], "N1*ST*Zo\xeb", "N1*BT*Zo\xeb", *LINES)
    assert [each.kind for each in verdict.findings] == ["x12.not-ascii"]
    assert verdict.tree
    assert verdict.tree.segments[2] == ["N1", "ST", "Zoë"]
    assert verdict.outcome == W


def test_totals_are_compared_with_what_the_set_holds() -> None:
    verdict = judge(*GOOD[:6], "CTT*3*5.0")
    (finding,) = verdict.findings
    assert told(finding) == ("total-differs", 8, "CTT", 1, None)
    assert (finding.value, finding.severity, codes(finding), verdict.outcome) == ("3", "error", (None,) * 5, E)
    verdict = judge(*GOOD[:6], "CTT*2*6")
    assert [told(each)[0] for each in verdict.findings] == ["hash-differs"]
    assert verdict.outcome == W


def test_a_partner_may_judge_a_kind_otherwise() -> None:
    body = with_segment("BGN*99*A1*20230229")
    verdict = judge(*body, verdicts={"x12.date-invalid": "E", "x12.code-unknown": ""})
    assert [(each.severity, codes(each)[1]) for each in verdict.findings] == [("warning", None), ("error", "8")]
    assert verdict.outcome == E
    verdict = judge(*with_segment("LIN*1***5"), verdicts={"x12.condition-doubtful": "R"})
    assert verdict.outcome == R
    assert "8" in {codes(each)[0] for each in verdict.findings}


def test_segments_out_of_place_are_not_in_the_tree_of_a_lenient_partner() -> None:
    verdict = judge(*HEAD, "QQQ*1", *LINES, verdicts={"x12.segment-unknown": "E"})
    assert verdict.tree
    assert len(verdict.tree.segments) == len(verdict.tree.places) == 8


GUIDE = {
    "segments": {"REF[DP]": {"use": "must"}, "N1[ST]": {"use": "must"}, "LIN/SUB": {"use": "must"}},
    "elements": {"BGN01": {"codes": ["05"]}, "N1/N102": {"length": [1, 3]}},
}


def test_a_guide_makes_segments_mandatory_and_codes_fewer() -> None:
    verdict = judge(*GOOD, by=table(GUIDE))
    notes = [finding.note for finding in verdict.findings if finding.kind == "x12.agreed-segment-missing"]
    assert notes == [
        "REF with REF01 = DP is missing before N1 (segment 4), which is agreed with the partner",
        "SUB (Sub) is missing: it must stand before LIN (segment 7), which is agreed with the partner",
        "SUB (Sub) is missing: it must stand before CTT (segment 8), which is agreed with the partner",
    ]
    assert [told(each) for each in verdict.findings] == [
        ("code-not-agreed", 2, "BGN", 1, None),
        ("longer-than-agreed", 4, "N1", 2, "N1"),
        ("agreed-segment-missing", 4, "REF", None, None),
        ("agreed-segment-missing", 7, "SUB", None, "LIN/SUB"),
        ("agreed-segment-missing", 8, "SUB", None, "LIN/SUB"),
    ]
    assert {each.verdict for each in verdict.findings} == {"R"}


def test_the_number_of_findings_is_bounded_and_the_rest_is_counted_with_its_worst() -> None:
    verdict = judge(*HEAD, *["QQQ*1"] * (FINDINGS_MAX + 10), *LINES)
    assert len(verdict.findings) == FINDINGS_MAX + 1
    *_, more = verdict.findings
    assert more.kind == "x12.more-findings"
    assert more.note.startswith("10 more")
    assert more.verdict == "R"


# The set as a whole


def test_a_set_without_rows_is_not_supported() -> None:
    verdict = judge(*GOOD, by=None)
    (finding,) = verdict.findings
    assert told(finding) == ("set-unknown", 1, "ST", 1, None)
    assert codes(finding) == (None, None, "1", None, None)
    assert verdict.outcome == R


ENDS = [
    ("segment-count", "SE*8*0001", (9, "SE", 1), "4"),
    ("segment-count", "SE*x*0001", (9, "SE", 1), "4"),
    ("control-differs", "SE*9*0002", (9, "SE", 2), "3"),
]


@pytest.mark.parametrize(("kind", "se", "place", "code"), ENDS)
def test_a_trailer_that_does_not_agree_rejects_the_set(
    kind: str, se: str, place: tuple[int, str, int], code: str
) -> None:
    segments = wrap(GOOD)
    segments[-3] = se
    (transaction,) = transactions(text(segments))
    (finding,) = transaction.findings
    assert told(finding)[:4] == (kind, *place)
    assert codes(finding) == (None, None, code, None, None)
    assert finding.offset == text(segments).index(b"SE*")
    assert read(transaction, TABLE).outcome == R


def test_a_set_without_its_trailer_is_one_finding() -> None:
    segments = wrap(GOOD)
    del segments[-3]
    (transaction,) = transactions(text(segments))
    (finding,) = read(transaction, TABLE).findings
    assert told(finding) == ("trailer-missing", 9, "SE", None, None)
    assert codes(finding)[2] == "2"
    assert finding.offset == text(segments).index(b"GE*")


def test_a_control_number_is_unique_in_its_group() -> None:
    segments = [segment.replace("0002", "0001") for segment in wrap(GOOD, GOOD)]
    first, second = transactions(text(segments))
    assert read(first, TABLE).outcome == W
    (finding,) = read(second, TABLE).findings
    assert (finding.kind, codes(finding)[2]) == ("x12.control-repeated", "23")


@pytest.mark.parametrize(("st", "kind", "code"), [
    ("ST*123*1", "x12.control-invalid", "7"), ("ST*123", "x12.control-invalid", "7"),
    ("ST**0001", "x12.set-id-invalid", "6"),
])
def test_a_set_says_what_it_is(st: str, kind: str, code: str) -> None:
    segments = wrap(GOOD)
    segments[2] = st
    (transaction,) = transactions(text(segments))
    assert (kind, code) in {(each.kind, codes(each)[2]) for each in transaction.findings}
    assert read(transaction, TABLE).outcome == R


def test_a_set_in_a_group_of_another_kind_is_rejected() -> None:
    (transaction,) = transactions(text(wrap(GOOD, code="ZZ")))
    (finding,) = read(transaction, TABLE).findings
    assert (finding.kind, codes(finding)[2]) == ("x12.set-not-in-group", "6")


def test_a_set_larger_than_the_limits_is_one_finding_and_the_next_goes_on() -> None:
    content = text(wrap(["N3*X"] * 50, GOOD))
    reading = envelope.read([content], Limits(set_segments=20))
    large, small = (read(one, TABLE) for each in reading for group in each.groups for one in group.transactions)
    assert [each.kind for each in large.findings] == ["x12.set-too-large"]
    assert large.outcome == R
    assert small.outcome == W
