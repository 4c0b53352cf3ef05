"""Loops that form a tree by the ids they tell: what is wrong with one is named, on the quick way and on the slow."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edi_gateway.issues import GatewayError
from edi_gateway.x12.compile import compile
from edi_gateway.x12.hierarchy import faults, sound
from edi_gateway.x12.read import Verdict
from edi_gateway.x12.spec import Hierarchy, load
from tests.x12.workshop import codes, judge, rows

STRUCTURE = "ST M 1\nBGN M 1\nloop HL M >1\n  HL M 1\n  REF O 1\nCTT O 1\nSE M 1"
SET: Mapping[str, Any] = {
    "set": "123", "name": "Trial", "group": "TR", "version": "004010", "structure": STRUCTURE,
    "tree": {"id": "HL01", "parent": "HL02", "level": "HL03"}, "totals": {"CTT01": "count HL"},
}
LEVEL = "01 M 628 AN 1/12 Id\n02 O 734 AN 1/12 Parent\n03 M 735 ID 1/2 Level\n04 O 736 ID 1/1 Below"


def with_levels(**changes: Any) -> Any:
    level = {"name": "Level", "elements": LEVEL}
    own = {"specs/123/004010.toml": {**SET, **changes}, "specs/x12/004010/HL.toml": level}
    return lambda path: own.get(path, rows(path))


def definition(**changes: Any) -> Any:
    found = load(with_levels(**changes), "123", "004010")
    assert found
    return found


TABLE = compile(definition(), with_levels())
BY: Hierarchy = TABLE.definition.hierarchy  # type: ignore[assignment]
GOOD = ("HL*1**S", "HL*2*1*O", "REF*IA*V7", "HL*3*2*I", "HL*4*2*I", "HL*5*1*O", "CTT*5")


def judged(*levels: str, verdicts: Mapping[str, str] | None = None) -> Verdict:
    return judge("BGN*00*A1*20240229", *levels, by=TABLE, verdicts=verdicts)


def told(*levels: str) -> list[tuple[str, int | None, int | None]]:
    return [(one.kind, one.position, one.element) for one in judged(*levels).findings]


def test_a_tree_whose_parents_come_first_is_accepted_whatever_its_levels() -> None:
    assert judged(*GOOD).findings == ()
    assert judged("HL*1**I", "HL*2**S", "HL*3*1*ZZ").findings == ()


@pytest.mark.parametrize(("levels", "found"), [
    (("HL*1**S", "HL*2*9*O"), [("x12.parent-unknown", 4, 2)]),
    (("HL*1**S", "HL*2*3*O", "HL*3*1*O"), [("x12.parent-later", 4, 2)]),
    (("HL*1**S", "HL*2*2*O"), [("x12.parent-below-itself", 4, 2)]),
    (("HL*1**S", "HL*2*4*O", "HL*3*2*P", "HL*4*3*I"), [("x12.parent-below-itself", 4, 2)]),
    (("HL*1*2*S", "HL*2*1*O", "HL*3*4*S", "HL*4*3*O"), [
        ("x12.parent-below-itself", 3, 2), ("x12.parent-below-itself", 5, 2),
    ]),
    (("HL*1**S", "HL*2*1*O", "HL*2*1*O"), [("x12.level-repeated", 5, 1)]),
    (("HL*1**S", "HL*3*1*O", "HL*7*3*O"), [("x12.levels-not-counted", 4, 1)]),
    (("HL*A**S", "HL*B*A*O"), [("x12.levels-not-counted", 3, 1)]),
    (("HL*1**S", "HL*1*9*O", "HL*2*3*O"), [
        ("x12.level-repeated", 4, 1), ("x12.parent-unknown", 4, 2), ("x12.parent-unknown", 5, 2),
    ]),
])
def test_each_fault_of_a_tree_is_named_once_at_its_segment(
    levels: tuple[str, ...], found: list[tuple[str, int, int]]
) -> None:
    assert told(*levels) == found


def test_faults_reject_with_an_invalid_code_value_of_the_element_and_counting_otherwise_does_not() -> None:
    (orphan,) = judged("HL*1**S", "HL*2*9*O").findings
    assert (orphan.verdict, codes(orphan), orphan.value, orphan.reference, orphan.loop) == (
        "R", ("8", "7", "5", None, None), "9", "734", "HL"
    )
    uncounted = judged("HL*2**S")
    assert (uncounted.outcome, uncounted.findings[0].severity) == ("accepted", "warning")
    assert judged("HL*01**S", "HL*02*01*O").findings == ()


def test_a_tree_is_looked_at_beside_other_faults_of_the_set() -> None:
    assert told("HL*1**S", "QQ*1", "HL*2*9*O") == [("x12.segment-unknown", 4, None), ("x12.parent-unknown", 5, 2)]
    assert told("HL***S", "HL*2*1*O") == [("x12.element-missing", 3, 1), ("x12.parent-unknown", 4, 2)]


def test_a_partner_may_be_forgiven() -> None:
    verdict = judged("HL*1**S", "HL*2*9*O", verdicts={"x12.parent-unknown": "E"})
    assert (verdict.outcome, verdict.tree is not None) == ("accepted_with_errors", True)


def test_the_total_counts_the_levels() -> None:
    assert told("HL*1**S", "HL*2*1*O", "CTT*1") == [("x12.total-differs", 5, 1)]


ids = st.sampled_from(["", "1", "2", "3", "4", "5", "01", "A"])


@given(st.lists(st.tuples(ids, ids).map(lambda pair: ["HL", *pair, "S"]) | st.just(["REF", "IA", "1"]), max_size=7))
@example([])
@example([["HL", "1", "", "S"], ["HL"]])
def test_the_quick_look_is_content_if_and_only_if_no_fault_is_named(levels: list[list[str]]) -> None:
    assert sound(BY, levels) == (not list(faults(BY, levels)))


def test_a_long_chain_and_a_long_ring_are_walked_once() -> None:
    chain = [["HL", str(at), str(at + 1), "S"] for at in range(1, 50_001)]
    assert {fault.kind.code for fault in faults(BY, chain)} == {"x12.parent-later", "x12.parent-unknown"}
    ring = [*chain[:-1], ["HL", "50000", "1", "S"]]
    assert [(fault.kind.code, fault.segment) for fault in faults(BY, ring)] == [("x12.parent-below-itself", 0)]


@pytest.mark.parametrize("tree", [
    {"id": "HL01", "parent": "HL02"}, {"id": "HL01", "parent": "HL02", "level": "HL05"},
    {"id": "REF01", "parent": "REF02", "level": "REF03"}, {"id": "HL01", "parent": "BGN02", "level": "HL03"},
    {"id": "HL", "parent": "HL02", "level": "HL03"}, {"id": "HL01", "parent": "HL02", "level": "HL03", "child": "HL04"},
])
def test_rows_of_a_tree_that_cannot_be_right_are_refused(tree: dict[str, str]) -> None:
    with pytest.raises(GatewayError) as raised:
        definition(tree=tree)
    assert raised.value.kind.code == "x12.definition-broken"
