"""Rows become definitions, or say what is wrong with them; what is compiled can be looked at."""

from collections.abc import Mapping
from typing import Any

import pytest

from edi_gateway.issues import GatewayError
from edi_gateway.x12.checks import Checks, Memo
from edi_gateway.x12.spec import base_version, load
from tests.x12.workshop import TABLE, rows, table


def test_a_version_is_known_by_its_first_six_characters() -> None:
    for version, base in [("004010", "004010"), ("004010VICS", "004010"), ("005010X222A1", "005010"), ("", "")]:
        assert base_version(version) == base


def test_places_stand_in_the_order_of_the_grammar_with_their_loops() -> None:
    told = [(each.index, each.segment.id, each.loop.path, each.trigger) for each in TABLE.definition.places]
    assert told == [
        (0, "ST", "", True), (1, "BGN", "", False), (2, "REF", "", False), (3, "REP", "", False), (4, "TWO", "", False),
        (5, "N1", "N1", True), (6, "N3", "N1", False), (7, "LIN", "LIN", True), (8, "REF", "LIN", False),
        (9, "SUB", "LIN/SUB", True), (10, "N3", "LIN/SUB", False), (11, "CTT", "", False), (12, "SE", "", False),
    ]


def test_a_guide_narrows_the_definition_it_is_laid_over() -> None:
    found = table({
        "segments": {"LIN/REF[DP]": {"use": "must"}, "N1": {"use": "must"}},
        "elements": {"LIN/REF01": {"codes": ["DP"]}},
    }).definition
    assert [(each.spot.path, each.least, each.most) for each in found.counted] == [("LIN/REF[DP]", 1, None)]
    assert {each.loop.need for each in found.places if each.loop.path == "N1"} == {"M"}
    first, second = (each.segment.elements[0] for each in found.places if each.segment.id == "REF")
    assert (first.narrowed, second.narrowed, second.codes) == (False, True, frozenset({"DP"}))


def test_there_is_no_definition_without_rows_whatever_was_asked() -> None:
    for set_id, version in [("124", "004010"), ("123", "005010"), ("../123", "004010"), ("", ""), ("123", "0040\x00")]:
        assert load(rows, set_id, version) is None


SMALLEST = {"set": "123", "name": "T", "group": "TR", "structure": "ST M 1"}
BROKEN: list[tuple[str, Mapping[str, Any]]] = [
    ("specs/x12/004010/REF.toml", {"name": "Ref", "elements": "01 M"}),
    ("specs/x12/004010/REF.toml", {"name": "Ref", "elements": "01 M 128 ID 2", "syntax": []}),
    ("specs/x12/004010/REF.toml", {"name": "Ref", "elements": "01 Z 128 ID 2/3 Kind"}),
    ("specs/x12/004010/REF.toml", {"name": "Ref", "elements": "01 M 128 ID 2/3 Kind", "syntax": ["Z0102 V"]}),
    ("specs/x12/004010/REF.toml", {"name": "Ref"}),
    ("specs/123/004010.toml", {"set": "123"}),
    ("specs/123/004010.toml", {**SMALLEST, "structure": "ST M 1\nNIX M 1"}),
    ("specs/123/004010.toml", {**SMALLEST, "totals": {"ST01": "median"}}),
    ("specs/123/004010.toml", {**SMALLEST, "totals": {"ST01": "mean ST01"}}),
]


@pytest.mark.parametrize(("path", "row"), BROKEN)
def test_rows_that_contradict_the_format_are_named(path: str, row: Mapping[str, Any]) -> None:
    with pytest.raises(GatewayError) as broken:
        load(lambda asked: row if asked == path else rows(asked), "123", "004010")
    assert broken.value.kind.code == "x12.definition-broken"
    assert "specs/123/004010.toml" in broken.value.note


def test_a_generated_check_can_be_read() -> None:
    segment = TABLE.definition.places[5].segment
    assert Checks(segment.elements, segment.notes).source(5) == (
        "def check(row):\n"
        "    _, e1, e2, e3, e4, = row\n"
        "    return (\n"
        "        e1 in codes1\n"
        "        and len(e2) <= 60\n"
        "        and e3 in codes3\n"
        "        and (not e4 or 2 <= len(e4) <= 80)\n"
        "        and (e2 or e3) and (e4 if e3 else not e4)\n"
        "    )\n"
    )


def test_a_memo_forgets_before_it_grows_without_end() -> None:
    memo = Memo(str.isdigit)
    assert all(memo[str(number)] for number in range(60_000))
    assert len(memo) < 50_001
