"""A generated function tells which elements of a segment to look at; the same is found as if each were looked at."""

from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.issues import NO_ACK, VALUE_MAX, Finding, x12
from edi_gateway.x12 import elements
from edi_gateway.x12.checks import Checks
from edi_gateway.x12.suspects import Suspects
from edi_gateway.x12.tokens import Separators
from tests.x12.test_laws import MARKS, VALUES
from tests.x12.workshop import TABLE, table

GUIDED = table({
    "segments": {"N1/N3": {"use": "unused"}},
    "elements": {"REF02": {"use": "unused"}, "N1/N104": {"use": "must", "length": [2, 2]}},
})


@given(
    st.sampled_from([*TABLE.definition.places, *GUIDED.definition.places]), st.lists(VALUES, max_size=9), MARKS,
)
def test_the_faults_of_the_suspects_are_all_the_faults(place: object, values: list[str], marks: Separators) -> None:
    segment = place.segment  # type: ignore[attr-defined]
    row = [segment.id, *(value for value in values if value.isascii() and value.isprintable())]
    here = "".join(row[1:])
    compound = marks.component in here or (marks.repetition or marks.component) in here
    inner = (marks.component, marks.repetition) if compound else (None, None)
    suspects = Suspects(Checks(segment.elements, segment.notes, *inner))[len(row)](row)
    faults = list(elements.faults(segment, row, marks))
    assert elements.suspected(segment, row, marks, suspects) == faults
    assert bool(suspects) == bool(faults)


@given(st.text(max_size=1_200), st.one_of(st.none(), st.text(max_size=2 * VALUE_MAX)))
def test_a_finding_is_the_same_value_with_and_without_names(note: str, value: str | None) -> None:
    named = x12.TOO_LONG.finding(
        note, segment="REF", position=3, element=2, loop="LIN", offset=9, value=value, reference="127"
    )
    assert x12.TOO_LONG.at(note, None, "REF", 3, 2, None, None, "LIN", 9, value, "127") == named
    assert named == Finding(
        x12.TOO_LONG.code, "error", named.note, x12.TOO_LONG.resolution, x12.TOO_LONG.verdict, x12.TOO_LONG.ack,
        "REF", 3, 2, None, None, "LIN", 9, named.value, "127",
    )
    assert hash(x12.TOO_LONG.finding("a", ack=NO_ACK, verdict="E")) != hash(named)
