"""Composites and repetition, with the rows that come with the gateway."""

import pytest

from edi_gateway.x12.elements import faults
from edi_gateway.x12.spec import Segment
from edi_gateway.x12.tokens import Separators
from tests.x12.generator import REPEATING, table

ONCE = Separators()


def segment(set_id: str, version: str, id: str) -> Segment:
    return next(place.segment for place in table(set_id, version).definition.places if place.segment.id == id)


CASES = [
    # C040 in REF04 and N907, C001 in MEA04 and SLN05, C030 in AK402.
    ("850", "004010", "REF*IA*1**DP>2", []),
    ("850", "004010", "REF*IA*1**DP>2>ZZ>3", []),
    ("850", "004010", "REF*IA*1**DP", [("element-missing", 4, 2, None)]),
    ("850", "004010", "REF*IA*1**DP>2>ZZ", [("condition-missing", 4, 4, None)]),
    ("850", "005010", "REF*IA*1**DP>2>>>>>>8", [("components-too-many", 4, 8, None)]),
    ("850", "005010", "N9*IA*1*****DP>2", []),
    ("850", "005010", "N9*IA*1*****??>2", [("code-unknown", 7, 1, None)]),
    ("850", "004010", "MEA*PD*WT*5*LB", []),
    ("850", "005010", "MEA*PD*WT*5*LB>2>.5>KG", []),
    ("850", "005010", "MEA*PD*WT*5*LB>x", [("not-a-number", 4, 2, None)]),
    ("850", "005010", "MEA*PD*WT*5*LB>1>1>>>>>>>>>>>>>16", [("components-too-many", 4, 16, None)]),
    ("850", "005010", "SLN*1**I*2*EA>2", []),
    ("850", "005010", "SLN*1**I*2*>2", [("element-missing", 5, 1, None)]),
    ("997", "004010", "AK4*2>1*93*7*X", []),
    ("997", "005010", "AK4*2>1>3*93*7*X", []),
    ("997", "005010", "AK4*x*93*7*X", [("not-a-number", 1, 1, None)]),
    # No element of these sets repeats but those that the rows mark.
    ("850", "005010", "REF*IA*1^2", [("repetitions-too-many", 2, None, 2)]),
    ("850", "005010", "REF*IA*1**DP>2^DP>3", [("repetitions-too-many", 4, None, 2)]),
    ("850", "004010", "REF*IA*1^2", []),
]


@pytest.mark.parametrize(("set_id", "version", "line", "found"), CASES, ids=[f"{case[1]} {case[2]}" for case in CASES])
def test_a_composite_is_judged_part_by_part(
    set_id: str, version: str, line: str, found: list[tuple[str, int, int | None, int | None]]
) -> None:
    row, marks = line.split("*"), REPEATING if version > "00402" else ONCE
    told = faults(segment(set_id, version, row[0]), row, marks)
    assert [(each.kind.code[4:], each.element, each.component, each.repetition) for each in told] == found


def repeated() -> list[tuple[str, str, Segment, int]]:
    """The segments of 005010 that have an element which may repeat, with its position."""
    return [
        (set_id, version, place.segment, element.position)
        for set_id, version in (("824", "005010"),)
        for place in table(set_id, version).definition.places
        for element in place.segment.elements if element.repeat > 1
    ]


def test_an_element_of_005010_that_may_repeat_is_judged_each_time() -> None:
    found = repeated()
    assert found
    (_, _, context, position), *_ = found
    element = context.elements[position - 1]
    row = [context.id, *[""] * (position - 1), "^".join(["A"] * element.repeat)]
    assert not [each for each in faults(context, row, REPEATING) if each.element == position]
    row[position] = "^".join(["A"] * (element.repeat + 1))
    (told,) = (each for each in faults(context, row, REPEATING) if each.element == position)
    assert (told.kind.code, told.repetition) == ("x12.repetitions-too-many", element.repeat + 1)
    row[position] = f"A^{'B' * 90}"
    (told,) = (each for each in faults(context, row, REPEATING) if each.element == position)
    assert (told.kind.code, told.component, told.repetition) == ("x12.mandatory-too-long", 1, 2)
