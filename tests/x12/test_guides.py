"""What a partner's guide may say, what comes of it in a document, and that it is never wider by accident."""

import random
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi_gateway.issues import x12
from edi_gateway.x12 import elements
from edi_gateway.x12.diagnose import Walk
from edi_gateway.x12.guide import RowError, parse
from edi_gateway.x12.read import Verdict
from edi_gateway.x12.tokens import Separators
from edi_gateway.x12.walk import walk
from tests.x12.workshop import GOOD, codes, judge, table

HEAD, LINES = GOOD[:1], GOOD[4:]


def by(
    segments: Mapping[str, Any] | None = None, elements: Mapping[str, Any] | None = None, *rules: Mapping[str, str]
) -> dict[str, Any]:
    return {"segments": segments or {}, "elements": elements or {}, "rules": list(rules)}


def found(guide: Mapping[str, Any], *body: str) -> list[tuple[str, int | None, str | None, int | None]]:
    verdict = judge(*body, by=table(guide))
    assert all(finding.verdict == "R" for finding in verdict.findings)
    return [
        (finding.kind.removeprefix("x12."), finding.position, finding.segment, finding.element)
        for finding in verdict.findings
    ]


MUST, UNUSED = {"use": "must", "page": "p. 7"}, {"use": "unused", "page": "p. 8"}
DP = "REF*DP*12"

ROWS = [
    (by({"REF": MUST}), (*HEAD, *LINES), [("agreed-segment-missing", 3, "REF", None)]),
    (by({"N1": MUST}), (*HEAD, *LINES), [("agreed-segment-missing", 3, "N1", None)]),
    (by({"REF[DP]": MUST}), GOOD, [("agreed-segment-missing", 4, "REF", None)]),
    (by({"N1[ST]/N3": MUST}), (*HEAD, "N1*BT*A", "N1*ST*B", *LINES), [("agreed-segment-missing", 5, "N3", None)]),
    (by({"LIN/REF": MUST}), (*GOOD[:6], "REF*IA*1", "CTT*2*5"), [("agreed-segment-missing", 7, "REF", None)]),
    (by({"N1": UNUSED}), GOOD, [("segment-not-agreed", 4, "N1", None)]),
    (by({"REF[IA]": UNUSED}), (*HEAD, DP, *GOOD[1:]), [("segment-not-agreed", 4, "REF", None)]),
    (by({"N1[ST]/N3": UNUSED}), GOOD, [("segment-not-agreed", 5, "N3", None)]),
    (by({"REF": {"repeat": 1}}), (*HEAD, DP, *GOOD[1:]), [("segment-more-than-agreed", 4, "REF", None)]),
    (by({"N1": {"repeat": 1}}), (*GOOD[:4], "N1*BT*A", *LINES), [("loop-more-than-agreed", 6, "N1", None)]),
    (by({"N1[ST]": {"repeat": 1}}), (*GOOD[:4], "N1*ST*A", *LINES), [("loop-more-than-agreed", 6, "N1", None)]),
    (by({"REF[IA]": {"repeat": 1}}), (*GOOD[:2], *GOOD[1:]), [("segment-more-than-agreed", 4, "REF", None)]),
    (by(None, {"BGN04": MUST}), GOOD, [("agreed-element-missing", 2, "BGN", 4)]),
    (by(None, {"N1[ST]/N104": MUST}), GOOD, [("agreed-element-missing", 4, "N1", 4)]),
    (by(None, {"N1[BT]/N104": MUST}), GOOD, []),
    (by(None, {"REF02": UNUSED}), ("BGN*00*A1*20240229", "REF*IA*1*x", *LINES), [("element-not-agreed", 3, "REF", 2)]),
    (by(None, {"REF04": UNUSED}), (*HEAD, "REF*IA*1**IA>2", *LINES), [("element-not-agreed", 3, "REF", 4)]),
    (by(None, {"REF04-3": UNUSED}), (*HEAD, "REF*IA*1**IA>2>DP>3", *LINES), [("element-not-agreed", 3, "REF", 4)]),
    (by(None, {"REF04-3": MUST}), (*HEAD, "REF*IA*1**IA>2", *LINES), [("agreed-element-missing", 3, "REF", 4)]),
    (by(None, {"N1[ST]/N102": {"length": [5, 9]}}), GOOD, [("shorter-than-agreed", 4, "N1", 2)]),
    (by(None, {"BGN02": {"length": [3, 4]}}), GOOD, [("shorter-than-agreed", 2, "BGN", 2)]),
    (by(None, {"N1/N102": {"length": [1, 3]}}), GOOD, [("longer-than-agreed", 4, "N1", 2)]),
    (by(None, {"REF[IA]02": {"codes": ["V8"]}}), GOOD, [("code-not-agreed", 3, "REF", 2)]),
    (by(None, {"REF[DP]02": {"codes": ["V8"]}}), GOOD, []),
    (by({"N1": UNUSED}), (*HEAD, *LINES), []),
    (by({"N1[ST]": MUST, "REF[IA]": {"use": "must", "repeat": 1}}, {"N1[ST]02": {"length": [4, 4]}}), GOOD, []),
]


@pytest.mark.parametrize(("guide", "body", "told"), ROWS)
def test_a_row_of_a_guide_has_one_finding_where_it_is_not_kept(
    guide: Mapping[str, Any], body: tuple[str, ...], told: list[tuple[str, int, str, int | None]]
) -> None:
    assert found(guide, *body) == told


@pytest.mark.parametrize(("rule", "told"), [
    ({"when": "BGN01 is 00", "then": "REF[DP] must be there"}, ("REF", 4, None, "3", None)),
    ({"when": "BGN01 is 05", "then": "REF[DP] must be there"}, None),
    ({"when": "BGN01 is 00 and REF[IA] is there", "then": "N1[ST] must not be there"}, ("N1", 4, None, "2", None)),
    ({"then": "N1/N103 must be there"}, ("N1", 4, 3, "8", "2")),
    ({"when": "REF[DP] is missing", "then": "REF[IA]02 is V8, V9"}, ("REF", 3, 2, "8", "7")),
    ({"then": "REF[IA]02 is V7, V9"}, None),
    ({"then": "REF[IA]02 is not V7"}, ("REF", 3, 2, "8", "7")),
    ({"then": "REF[IA]02 equals BGN02"}, ("REF", 3, 2, "8", "10")),
    ({"in": "LIN", "when": "LIN01 is 2", "then": "LIN02 is 2"}, ("LIN", 7, 2, "8", "7")),
    ({"in": "LIN", "when": "BGN01 is 00", "then": "REF must be there"}, ("REF", 7, None, "3", None)),
    ({"in": "LIN", "when": "BGN01 is not 00", "then": "REF must be there"}, None),
    ({"in": "N1[BT]", "then": "N3 must be there"}, None),
    ({"in": "N1[ST]", "then": "N3 must not be there"}, ("N3", 5, None, "2", None)),
])
def test_a_rule_holds_where_its_condition_does(rule: dict[str, str], told: tuple[Any, ...] | None) -> None:
    verdict = judge(*GOOD, by=table({"rules": [{**rule, "page": "p. 9"}]}))
    if told is None:
        assert verdict.findings == ()
        return
    finding = verdict.findings[0]
    assert (finding.kind, finding.verdict) == (x12.RULE_BROKEN.code, "R")
    assert (finding.segment, finding.position, finding.element, *codes(finding)[:2]) == told
    assert rule["then"] in finding.note
    assert "p. 9" in finding.note


def test_a_rule_of_a_loop_is_judged_in_each_of_its_occurrences() -> None:
    guide = by(None, None, {"in": "LIN", "then": "REF must be there"})
    body = (*GOOD[:4], "LIN*1*2*EA", "LIN*2*3*EA", "REF*IA*1", "LIN*3*1*EA", "CTT*3*6")
    assert [at for _, at, _, _ in found(guide, *body)] == [7, 10]


def test_a_finding_names_the_page_and_is_overruled_by_its_kind() -> None:
    guide = by({"N1": UNUSED}, {"REF02": MUST | {"length": [3, 9]}})
    verdict = judge(*GOOD, by=table(guide), verdicts={"x12.segment-not-agreed": "", "x12.shorter-than-agreed": "E"})
    assert [finding.note.rpartition(" (")[2] for finding in verdict.findings] == ["guide, p. 7)", "guide, p. 8)"]
    assert verdict.outcome == "accepted_with_errors"


PAGE = {"deviates": True, "page": "p. 12"}


@pytest.mark.parametrize(("guide", "body"), [
    (by(None, {"REF01": {"codes_add": ["ZZ"], **PAGE}}), (*HEAD, "REF*ZZ*1", *LINES)),
    (by(None, {"BGN02": {"length": [1, 12], **PAGE}}), ("BGN*00*ABCDEFGHIJKL*20240229", *LINES)),
    (by(None, {"BGN03": {"use": "used", **PAGE}}), ("BGN*00*A1", *LINES)),
    (by({"REF": {"repeat": 4, **PAGE}}), (*HEAD, DP, DP, DP, DP, *LINES)),
    (by({"LIN": {"repeat": ">1", **PAGE}}), (*HEAD, *["LIN*1*2*EA"] * 9)),
    (by({"LIN": {"use": "used", **PAGE}}), HEAD),
    (by({"OFF": {"after": "BGN", **PAGE}}), (*HEAD, "OFF*1", *GOOD[1:])),
    (by({"LIN/OFF": {"after": "LIN/SUB", **PAGE}}), (*HEAD, "LIN*1*2*EA", "SUB*1", "N3*1", "OFF*1", "LIN*2*3*EA")),
    (by({"ZZ1": {"after": "REF", "elements": "01 M 9001 AN 1/5 Own word", **PAGE}}), (*HEAD, DP, "ZZ1*x", *LINES)),
    (by({"N1": {"after": "BGN", **PAGE}}), (*HEAD, "N1*ST*A", "N3*1", "REF*IA*1", *LINES)),
    (by({"CTT": {"after": "TWO", **PAGE}}), (*HEAD, "CTT*2*5", "N1*ST*A", "LIN*1*2*EA", "LIN*2*3*EA")),
])
def test_a_deviation_lets_in_what_the_standard_does_not(guide: Mapping[str, Any], body: tuple[str, ...]) -> None:
    assert judge(*body).outcome != "accepted"
    assert judge(*body, by=table(guide)).findings == ()


ZQ = {"REF01": {"codes": ["IA", "DP"], "codes_add": ["ZQ"], **PAGE}}


@pytest.mark.parametrize(("guide", "body", "told"), [
    (by({"REF[ZQ]": MUST}, ZQ), GOOD, [("agreed-segment-missing", 4, "REF", None)]),
    (by({"REF[ZQ]": MUST}, ZQ), (*HEAD, "REF*ZQ*1", *GOOD[1:]), []),
    (by({"REF[ZQ]": UNUSED}, ZQ), (*HEAD, "REF*ZQ*1", *LINES), [("segment-not-agreed", 3, "REF", None)]),
    (by(None, {"REF[ZQ]02": {"codes": ["V8"]}, **ZQ}), (*HEAD, "REF*ZQ*1", *LINES),
     [("code-not-agreed", 3, "REF", 2)]),
    (by({"N1[ZQ]/N3": MUST}, {"N1/N101": ZQ["REF01"] | {"codes": ["ST", "BT"]}}), (*HEAD, "N1*ZQ*A", *LINES),
     [("agreed-segment-missing", 4, "N3", None)]),
    (by({"N1[BT]": UNUSED}, {"N1/N101": {"codes": ["ST"]}}), GOOD, []),
])
def test_a_code_of_the_partners_own_tells_segments_apart_as_those_of_the_standard_do(
    guide: Mapping[str, Any], body: tuple[str, ...], told: list[tuple[str, int, str, int | None]]
) -> None:
    assert found(guide, *body) == told


@pytest.mark.parametrize(("guide", "row", "why"), [
    (by({"ZZZ": MUST}), "ZZZ", "set 123 has no ZZZ in its heading"),
    (by({"n1": MUST}), "n1", "does not read like REF"),
    (by({"REF[ZZ]": MUST}), "REF[ZZ]", "ZZ is no code of REF01"),
    (by({"REF": {"repeat": 3}}), "REF", "the standard has it 2 times at most; if the guide means it, write deviates"),
    (by({"LIN": {"use": "used"}}), "LIN", "it is mandatory in the standard"),
    (by({"BGN": UNUSED}), "BGN", "it is mandatory in the standard"),
    (by({"OFF": {"after": "BGN"}}), "OFF", "another order, or a segment more"),
    (by({"QQ": {"after": "BGN", **PAGE}}), "QQ", "write its elements"),
    (by({"N1/N3": {"after": "BGN", **PAGE}}), "N1/N3", "BGN does not stand in the loop N1"),
    (by({"REF[IA]": {"repeat": 9, **PAGE}}), "REF[IA]", "write its path without"),
    (by(None, {"BGN99": MUST}), "BGN99", "BGN has the elements 01 to 08, not 99"),
    (by(None, {"LIN/N301": MUST}), "LIN/N301", "has no N3 in the loop LIN"),
    (by(None, {"BGN": MUST}), "BGN", "does not read like BEG02"),
    (by(None, {"BGN02": {"length": [1, 6]}}), "BGN02", "the standard has 2 to 6 characters"),
    (by(None, {"BGN01": {"use": "used"}}), "BGN01", "it is mandatory in the standard"),
    (by(None, {"BGN01": {"codes": ["00", "77"]}}), "BGN01", "77 is no code of the standard's list"),
    (by(None, {"BGN01": {"codes_add": ["77"]}}), "BGN01", "77 is no code of the standard"),
    (by(None, {"BGN02": {"codes": ["ABCDEFG"]}}), "BGN02", "has not the length of 2 to 6"),
    (by(None, {"BGN03": {"codes": ["20240101"]}}), "BGN03", "an element of type DT has no codes"),
    (by(None, {"BGN01": {"codes": "00"}}), "BGN01", "codes is a list of texts"),
    (by(None, {"BGN01": {"code": ["00"]}}), "BGN01", "code is none of use, length"),
    (by(None, {"BGN01": {"codes_add": ["77"], "deviates": True}}), "BGN01", "names the page"),
    (by(None, None, {"when": "BGN01 = 00", "then": "REF must be there"}), "rule 1", "does not read like"),
    (by(None, None, {"then": "REF must be nice"}), "rule 1", "does not read like"),
    (by(None, None, {"then": "BGN99 must be there"}), "rule 1", "BGN has the elements"),
    (by(None, None, {"then": "REF is IA"}), "rule 1", "REF is a segment, and only an element has a value"),
    (by(None, None, {"when": "BGN01 is 00"}), "rule 1", "it says nothing under `then`"),
    (by(None, None, {"in": "REF", "then": "REF must be there"}), "rule 1", "REF opens no loop"),
    ({"must": ["REF"]}, "must", "it is none of page, rules, segments, elements"),
])
def test_a_row_that_is_unknown_or_wider_by_accident_is_refused_with_file_and_row(
    guide: Mapping[str, Any], row: str, why: str
) -> None:
    with pytest.raises(RowError) as wrong:
        table(guide)
    assert str(wrong.value).startswith(f"123.guide.toml: {row}: ")
    assert why in str(wrong.value)


def test_a_guide_is_laid_over_another_row_by_row() -> None:
    plain = parse("a", by({"REF": MUST, "N1": MUST}, {"BGN01": {"codes": ["00"]}}))
    laid = plain.under(parse("b", by({"REF": False}, {"BGN01": {"codes": ["05"]}})))
    assert [row.words is None for row in laid.segments.values()] == [True, False]
    assert (laid.elements["BGN01"].word("codes"), laid.elements["BGN01"].file) == (["05"], "b")


# The law of the two paths holds with guides as well.

WORDS = st.fixed_dictionaries({}, optional={
    "REF": st.sampled_from([MUST, UNUSED, {"repeat": 1}]), "REP": st.just(UNUSED), "N1": st.sampled_from(
        [MUST, UNUSED, {"repeat": 1}, {"after": "BGN", **PAGE}]),
    "LIN/SUB": st.sampled_from([MUST, UNUSED]), "LIN/REF[DP]": st.just(MUST), "N1/N3": st.sampled_from([MUST, UNUSED]),
})
ELEMENTS = st.fixed_dictionaries({}, optional={
    "BGN01": st.just({"codes": ["00"]}), "BGN02": st.just({"length": [2, 3]}), "BGN04": st.sampled_from([MUST, UNUSED]),
    "BGN06": st.sampled_from([MUST, UNUSED, {"length": [2, 3]}]), "REF04": st.sampled_from([MUST, UNUSED]),
    "REF04-2": st.just({"length": [2, 4]}), "REF04-3": st.sampled_from([MUST, UNUSED]), "REP01": st.just(UNUSED),
    "REP03": st.just({"length": [1, 2]}), "LIN/LIN03": st.just({"codes": ["EA"]}), "CTT02": st.just(UNUSED),
})
VALUES = ("", "00", "05", "IA", "DP", "A1", "ABCD", "20240229", "1200", "1.5", "3", "IA>2", "IA>2>DP>3", "1^2", "EA")


@settings(max_examples=300, deadline=None)
@given(WORDS, ELEMENTS, st.integers(0, 2**32))
def test_the_quick_path_is_clean_if_and_only_if_the_slow_one_names_nothing_with_a_guide_too(
    segments: dict[str, Any], narrower: dict[str, Any], seed: int
) -> None:
    if "REF04" in narrower and narrower["REF04"] == UNUSED:
        narrower = {path: row for path, row in narrower.items() if "-" not in path}
    dice, own = random.Random(seed), table(by(segments, narrower))
    ids = [id for id in ("BGN", "REF", "REP", "N1", "N3", "LIN", "REF", "SUB", "N3", "CTT") for _ in range(dice.choice(
        (0, 1, 1, 2) if id not in ("BGN", "LIN") else (1, 1, 1, 2)))]
    rows = [["ST", "123", "0001"], *([id, *dice.choices(VALUES, k=dice.randrange(1, 9))] for id in ids),
            ["SE", "5", "0001"]]
    marks = Separators("*", ">", "~", "^")
    slowly = Walk(own, rows)
    structural = list(slowly.faults())
    faulty = [
        at for at, place in enumerate(slowly.places)
        if place >= 0 and list(elements.faults(own.definition.places[place].segment, rows[at], marks))
    ]
    quick = walk(rows, own.steps(marks, True))
    assert (quick is None) == bool(structural)
    assert quick is None or quick == (slowly.places, faulty)


def test_the_kinds_of_a_guide_hold_by_the_rows_of_any_release() -> None:
    told: Verdict = judge(*GOOD, by=table(by({"N1": UNUSED})))
    kinds = {x12.SEGMENT_NOT_AGREED, x12.LOOP_MORE_THAN_AGREED, x12.SEGMENT_MORE_THAN_AGREED, x12.RULE_BROKEN,
             x12.AGREED_ELEMENT_MISSING, x12.ELEMENT_NOT_AGREED, x12.SHORTER_THAN_AGREED, x12.LONGER_THAN_AGREED,
             x12.AGREED_SEGMENT_MISSING, x12.CODE_NOT_AGREED}
    assert told.outcome == "rejected"
    assert not any(kind.of_release for kind in kinds)
