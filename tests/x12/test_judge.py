"""A generated function tells the faults of a segment: the same as are found where each of its elements is looked at."""

import pickle
import weakref
from copy import copy, deepcopy
from dataclasses import FrozenInstanceError, asdict, fields, replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edi_gateway.issues import NO_ACK, VALUE_MAX, Finding, x12
from edi_gateway.x12 import elements
from edi_gateway.x12.judge import Judge
from edi_gateway.x12.tokens import Separators
from tests.x12.test_laws import MARKS, VALUES
from tests.x12.workshop import TABLE, table

GUIDED = table({
    "segments": {"N1/N3": {"use": "unused"}},
    "elements": {"REF02": {"use": "unused"}, "N1/N104": {"use": "must", "length": [2, 2]}},
})


@example(TABLE.stands("N3")[0], ["1 LONG ROAD", ""], Separators())
@given(
    st.sampled_from([*TABLE.definition.places, *GUIDED.definition.places]), st.lists(VALUES, max_size=9), MARKS,
)
def test_what_a_judge_finds_closely_are_all_the_faults(place: object, values: list[str], marks: Separators) -> None:
    segment = place.segment  # type: ignore[attr-defined]
    row = [segment.id, *(value for value in values if value.isascii() and value.isprintable())]
    here = "".join(row[1:])
    compound = marks.component in here or (marks.repetition or marks.component) in here
    inner = (marks.component, marks.repetition) if compound else (None, None)
    judge = Judge(segment, *inner)
    faults = list(elements.faults(segment, row, marks))
    found = judge.closely[len(row)](row)
    assert [(fault.kind, fault.told, fault[2:]) for fault in found] == [
        (fault.kind, fault.told, fault[2:]) for fault in faults
    ]
    assert bool(judge[len(row)](row)) == (not faults)


def told(note: str, remedy: str | None) -> dict[str, Any]:
    return {
        "note": note, "remedy": remedy, "segment": "REF", "element": 2, "component": None, "repetition": None,
        "loop": "LIN", "reference": "127",
    }


@given(
    st.text(max_size=1_200), st.sampled_from([None, "Send it."]), st.one_of(st.none(), st.text(max_size=2 * VALUE_MAX)),
)
def test_a_finding_that_is_told_later_is_the_same_value(note: str, remedy: str | None, value: str | None) -> None:
    named = x12.TOO_LONG.finding(
        note, remedy=remedy, segment="REF", position=3, element=2, loop="LIN", offset=9, value=value, reference="127"
    )
    assert named == Finding(
        x12.TOO_LONG.code, "error", named.note, remedy or x12.TOO_LONG.resolution, x12.TOO_LONG.verdict,
        x12.TOO_LONG.ack, "REF", 3, 2, None, None, "LIN", 9, named.value, "127",
    )
    assert hash(x12.TOO_LONG.finding("a", ack=NO_ACK, verdict="E")) != hash(named)

    def later() -> Finding:
        return x12.TOO_LONG.at(3, 9, value, told, (note, remedy))

    assert later() == named
    assert named == later()
    assert hash(later()) == hash(named)
    assert repr(later()) == repr(named)
    assert later().as_json() == named.as_json()
    assert pickle.loads(pickle.dumps(later())) == copy(later()) == deepcopy(later()) == named
    assert replace(later(), verdict="") == replace(named, verdict="")
    assert asdict(later()) == asdict(named)


@pytest.mark.parametrize("field", [each.name for each in fields(Finding)])
def test_each_field_may_be_the_first_that_is_asked_for(field: str) -> None:
    named = x12.TOO_LONG.finding(
        "long", segment="REF", position=3, element=2, loop="LIN", offset=9, value="v", reference="127"
    )
    assert getattr(x12.TOO_LONG.at(3, 9, "v", told, ("long", None)), field) == getattr(named, field)


def test_a_finding_has_no_other_fields_and_none_that_changes() -> None:
    finding = x12.TOO_LONG.at(3, 9, "v", told, ("long", None))
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        finding.nothing  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(FrozenInstanceError):
        finding.note = ""  # type: ignore[misc]


def test_a_finding_that_is_told_later_does_not_hold_on_to_a_long_value() -> None:
    class Long(str):
        """A text of which is known when nobody holds it any more."""

        __slots__ = ("__weakref__",)

    value = Long("A" * 20_000)
    held = weakref.ref(value)
    finding = x12.TOO_LONG.at(3, 9, value, lambda value: told(value[:5], None), (value,))
    del value
    assert held() is None
    assert finding.note == "AAAAA"
