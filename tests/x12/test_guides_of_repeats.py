"""A guide may say how often an element is there in one segment, where the release lets it repeat (005010 on)."""

import pytest

from edi_gateway.issues import Finding
from edi_gateway.x12 import envelope
from edi_gateway.x12.compile import compile
from edi_gateway.x12.guide import RowError, parse
from edi_gateway.x12.narrowing import narrow
from edi_gateway.x12.read import read
from edi_gateway.x12.spec import load
from tests.x12.generator import shelf
from tests.x12.workshop import isa, text

ISA = isa().replace("*U*00401*", "*^*00501*")


def judged(ethnicity: str, row: dict[str, object]) -> tuple[Finding, ...]:
    """An invoice in 005010 with these values in DMG05, judged by a guide with one row for it."""
    standard = load(shelf().rows, "810", "005010")
    assert standard
    guide = parse("810.guide.toml", {"elements": {"N1/DMG05": row}} if row else {})
    by = compile(narrow(shelf().rows, standard, guide), shelf().rows)
    body = ["BIG*20260301*I1", "N1*BT*A", f"DMG*****{ethnicity}", "TDS*100", "CTT*0"]
    file = text([ISA, "GS*IN*ACME*US*20260302*1200*1*X*005010", "ST*810*0001", *body, f"SE*{len(body) + 2}*0001",
                 "GE*1*1", "IEA*1*000000001"])
    (verdict,) = (read(one, by) for each in envelope.read([file]) for group in each.groups
                  for one in group.transactions)
    return verdict.findings


def test_an_element_that_repeats_more_often_than_agreed_is_one_finding_that_cites_the_guide() -> None:
    assert judged("7^5", {"repeat": 2, "page": "p. 7"}) == judged("7^5^8", {}) == ()
    (found,) = judged("7^5^8", {"repeat": 2, "page": "p. 7"})
    assert (found.kind, found.segment, found.element, found.repetition) == ("x12.repetitions-too-many", "DMG", 5, 3)
    assert found.note == (
        "DMG05 (Ethnicity) occurs 3 times, 2 is the most, which is agreed with the partner (guide, p. 7)"
    )
    (once,) = judged("7^5", {"repeat": 1})
    assert once.kind == "x12.repetitions-too-many"


@pytest.mark.parametrize(("row", "why"), [
    ({"repeat": 11}, "the standard has it 10 times at most"),
    ({"repeat": 0}, "repeat is a number from 1"),
    ({"repeat": ">1"}, "repeat is a number from 1"),
    ({"repeat": True}, "repeat is a number from 1"),
])
def test_a_repeat_that_is_wider_by_accident_or_no_number_is_refused(row: dict[str, object], why: str) -> None:
    with pytest.raises(RowError, match=why):
        judged("7", row)


def test_a_deviation_lets_an_element_repeat_more_often_and_a_component_never_repeats() -> None:
    values = "^".join("7" * 11)
    assert [found.kind for found in judged(values, {})] == ["x12.repetitions-too-many"]
    assert judged(values, {"repeat": 11, "deviates": True, "page": "p. 7"}) == ()
    standard = load(shelf().rows, "810", "005010")
    assert standard
    guide = parse("810.guide.toml", {"elements": {"N1/DMG05-1": {"repeat": 1}}})
    with pytest.raises(RowError, match="a component does not repeat"):
        narrow(shelf().rows, standard, guide)
