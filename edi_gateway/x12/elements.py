"""Names every fault of one segment's elements: a plain interpreter of the rows.

`checks` generates functions that say yes or no to the same question, quickly; a law test holds the two together.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from edi_gateway.issues import Kind, Verdict, x12
from edi_gateway.x12 import values
from edi_gateway.x12.spec import Element, Segment, SyntaxNote
from edi_gateway.x12.tokens import CONTROL, Separators

ENFORCED = frozenset("VP")
DOUBTFUL = frozenset("RI")


class Fault(NamedTuple):
    """A fault of an element: where in its segment, and why. `verdict` is None for the kind's own."""

    kind: Kind
    note: str
    element: int
    component: int | None = None
    repetition: int | None = None
    value: str | None = None
    verdict: Verdict | None = None


def faults(segment: Segment, row: Sequence[str], separators: Separators) -> Iterator[Fault]:
    """The faults of a segment's elements, in their order, then of the relations between them."""
    for element in segment.elements:
        value = row[element.position] if element.position < len(row) else ""
        yield from _of_element(segment.id, element, value, separators)
    for position in range(len(segment.elements) + 1, len(row)):
        if row[position]:
            note = f"{segment.id} has {len(segment.elements)} elements, here are {len(row) - 1}"
            yield Fault(x12.ELEMENTS_TOO_MANY, note, position, value=row[position])
            break
    for rule, position in broken_notes(segment.notes, row):
        yield _relation(rule, f"{segment.id}{position:02}", position, None)


def _of_element(id: str, element: Element, value: str, separators: Separators) -> Iterator[Fault]:
    name = f"{id}{element.position:02}"
    if not value:
        if element.need == "M":
            yield Fault(x12.ELEMENT_MISSING, f"{name} ({element.name}) is missing", element.position)
        return
    mark = separators.repetition
    values_ = value.split(mark) if mark else [value]
    if len(values_) > element.repeat:
        note = f"{name} occurs {len(values_)} times, {element.repeat} is allowed"
        yield Fault(x12.REPETITIONS_TOO_MANY, note, element.position, value=value)
        return
    for number, one in enumerate(values_, start=1):
        repetition = number if element.repeat > 1 else None
        if not one:
            continue
        if element.components:
            yield from _of_composite(name, element, one, repetition, separators)
        elif separators.component in one:
            note = f"{name} is {one!r}, and {separators.component!r} parts components"
            yield Fault(x12.COMPONENT_IN_SIMPLE, note, element.position, None, repetition, one)
        else:
            yield from _of_value(name, element, one, element.position, None, repetition)


def _of_composite(
    name: str, element: Element, value: str, repetition: int | None, separators: Separators
) -> Iterator[Fault]:
    parts = ["", *value.split(separators.component)]
    for component in element.components:
        part = parts[component.position] if component.position < len(parts) else ""
        inner = f"{name}-{component.position}"
        if part:
            yield from _of_value(inner, component, part, element.position, component.position, repetition)
        elif component.need == "M":
            note = f"{inner} ({component.name}) is missing"
            yield Fault(x12.ELEMENT_MISSING, note, element.position, component.position, repetition)
    for position in range(len(element.components) + 1, len(parts)):
        if parts[position]:
            note = f"{name} has {len(element.components)} components, here are {len(parts) - 1}"
            yield Fault(x12.COMPONENTS_TOO_MANY, note, element.position, position, repetition, parts[position])
            break
    for rule, position in broken_notes(element.notes, parts):
        yield _relation(rule, f"{name}-{position}", element.position, position, repetition)


def _of_value(
    name: str, element: Element, value: str, position: int, component: int | None, repetition: int | None
) -> Iterator[Fault]:
    """The one fault of a value, if any: its characters, its form, its length, its code; in that order."""
    where = (position, component, repetition, value)
    known = f"{name} ({element.name}) is {value!r}"
    if CONTROL.search(value):
        yield Fault(x12.CHARACTER, known, *where)
    elif element.type == "DT":
        if not values.is_date(value, element.min, element.max):
            yield Fault(x12.DATE_INVALID, known, *where)
    elif element.type == "TM":
        if not values.is_time(value, element.min, element.max):
            yield Fault(x12.TIME_WITH_COLON if values.is_clock(value) else x12.TIME_INVALID, known, *where)
    elif not has_form(element.type, value):
        yield Fault(x12.NOT_A_NUMBER, f"{known}, which is no {element.type}", *where)
    else:
        length = measure(element.type, value)
        verdict: Verdict | None = "R" if element.need == "M" else None
        if length < element.min:
            yield Fault(x12.TOO_SHORT, f"{known}, shorter than {element.min}", *where, verdict)
        elif length > element.max:
            yield Fault(x12.TOO_LONG, f"{known}, longer than {element.max}", *where, verdict)
        elif element.codes is not None and value not in element.codes:
            yield Fault(x12.CODE_NOT_AGREED if element.narrowed else x12.CODE_UNKNOWN, known, *where)


def has_form(type: str, value: str) -> bool:
    """Whether a value has the form of R or N; any value has that of the other types."""
    if type == "R":
        return values.is_number(value)
    return type[0] != "N" or values.is_integer(value)


def measure(type: str, value: str) -> int:
    """The length that counts: of a number, its digits."""
    return values.digits(value) if type[0] in "RN" else len(value)


def broken_notes(notes: Sequence[SyntaxNote], row: Sequence[str]) -> Iterator[tuple[SyntaxNote, int]]:
    """The relations that do not hold, each with the element to blame; `row[0]` is not an element."""
    for note in notes:
        if note.confidence not in ENFORCED and note.confidence not in DOUBTFUL:
            continue
        there = [position < len(row) and bool(row[position]) for position in note.positions]
        blamed = _blamed(note.rule[0], there)
        if blamed is not None:
            yield note, note.positions[blamed]


def _blamed(letter: str, there: list[bool]) -> int | None:
    if letter == "P":
        return there.index(False) if any(there) and not all(there) else None
    if letter == "R":
        return None if any(there) else 0
    if letter == "C":
        return there.index(False) if there[0] and not all(there) else None
    if letter == "L":
        return 1 if there[0] and not any(there[1:]) else None
    return there.index(True, there.index(True) + 1) if sum(there) > 1 else None


def _relation(
    note: SyntaxNote, name: str, position: int, component: int | None, repetition: int | None = None
) -> Fault:
    sure = note.confidence in ENFORCED
    if note.rule[0] == "E":
        kind = x12.EXCLUSION if sure else x12.EXCLUSION_DOUBTFUL
        return Fault(kind, f"{name} may not be sent, by {note.rule}", position, component, repetition)
    kind = x12.CONDITION_MISSING if sure else x12.CONDITION_DOUBTFUL
    return Fault(kind, f"{name} is missing, by {note.rule}", position, component, repetition)
