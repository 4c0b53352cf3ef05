"""Finds every fault of one segment's elements: a plain interpreter of the rows.

`checks` generates functions that say yes or no to the same question, quickly, and `judge` others that look closely at
what fails there; law tests hold them together.
`wording` tells the faults.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

from edi_gateway.issues import Kind, x12
from edi_gateway.x12 import values, wording
from edi_gateway.x12.spec import Element, Segment, SyntaxNote
from edi_gateway.x12.tokens import CONTROL, Separators

ENFORCED = frozenset("VP")
DOUBTFUL = frozenset("RI")
_JUDGED = ENFORCED | DOUBTFUL


class Fault(NamedTuple):
    """A fault of an element: where in its segment, and why; `element` is None for the segment as a whole."""

    kind: Kind
    words: wording.Words
    element: int | None
    component: int | None = None
    repetition: int | None = None
    value: str | None = None

    @property
    def told(self) -> wording.Told:
        """The note, and a remedy where it is not the kind's own."""
        tells, *facts = self.words
        told: wording.Told = tells(*facts)
        return told


_made: Callable[[tuple[Any, ...]], Fault] = partial(tuple.__new__, Fault)
"""Makes a fault of all that it holds, in half the time."""


def faults(segment: Segment, row: Sequence[str], separators: Separators) -> Iterator[Fault]:
    """The faults of a segment's elements, in their order, then of the relations between them."""
    if segment.unused:
        yield Fault(x12.SEGMENT_NOT_AGREED, (wording.segment_unused, segment), None)
    elif any(row[1:]):
        yield from _inside(segment, row, separators)
    else:
        yield from list(_inside(segment, row, separators)) or [without_value(segment)]


def _inside(segment: Segment, row: Sequence[str], separators: Separators) -> Iterator[Fault]:
    length = len(row)
    for element in segment.elements:
        # Most elements of a segment are empty and may be, or hold a simple value: these are passed over quickly.
        value = row[element.position] if element.position < length else ""
        if not _is_sound(element, value, separators) if value else element.need == "M":
            yield from of_element(segment.id, element, row, separators)
    yield from _behind(segment, row)
    for rule, position in broken_notes(segment.notes, row):
        yield _relation(rule, f"{segment.id}{{:02}}", position)


def without_value(segment: Segment) -> Fault:
    """The fault of a segment that is nothing but its id and perhaps separators, where none of its elements is missing.

    X12.6 has at least one element in each segment.
    """
    return Fault(x12.SEGMENT_WITHOUT_VALUE, (wording.without_value, segment), None)


def of_simple(id: str, element: Element) -> Callable[[str], Sequence[Fault]]:
    """Tells what is wrong with an element of a segment that fails its check, by its value: printable, of one part, and
    not repeated."""
    name, place, low, high = f"{id}{element.position:02}", element.position, element.min, element.max
    lacking = (_absent(name, element),)
    text = element.type[0] not in "RNDT"
    long, coded = (_of_length(element, False), wording.length), (_of_code(element), wording.code)

    def faults(value: str) -> Sequence[Fault]:
        if not value:
            return lacking
        # Of a text that is long enough nothing else can be wrong.
        wrong = (long if len(value) > high else coded) if text and len(value) >= low else _wrong(element, value)
        return (_made((wrong[0], (wrong[1], name, element, value), place, None, None, value)),) if wrong else ()

    return faults


def of_note(id: str, note: SyntaxNote) -> Callable[..., Sequence[Fault]]:
    """Tells what is wrong with a segment that breaks a relation, by whether each of its elements is there."""
    @cache
    def faults(*there: bool) -> Sequence[Fault]:
        blamed = _blamed(note.rule[0], there)
        return () if blamed is None else (_relation(note, f"{id}{{:02}}", note.positions[blamed]),)

    return faults


def _behind(segment: Segment, row: Sequence[str]) -> Iterator[Fault]:
    """The fault of a segment that has more elements than it may."""
    most = len(segment.elements)
    for position in range(most + 1, len(row)):
        if row[position]:
            words = wording.too_many, segment.id, "elements", most, len(row) - 1
            yield Fault(x12.ELEMENTS_TOO_MANY, words, position, value=row[position])
            break


def _is_sound(element: Element, value: str, separators: Separators) -> bool:
    """Whether a value is one without a fault as can be seen at a glance; False is no verdict."""
    mark = separators.repetition
    if element.components or separators.component in value or mark and mark in value or not value.isprintable():
        return False
    type = element.type
    if type[0] in "RNDT" and not (type[0] == "N" and value.isdecimal() and value.isascii()):
        return not element.unused and _wrong(element, value) is None
    sound = element.min <= len(value) <= element.max and (element.codes is None or value in element.codes)
    return sound and not element.unused


def of_element(id: str, element: Element, row: Sequence[str], separators: Separators) -> Iterator[Fault]:
    """The faults of one element of a segment."""
    place = element.position
    name, value = f"{id}{place:02}", row[place] if place < len(row) else ""
    if not value:
        if element.need == "M":
            yield _absent(name, element)
        return
    if element.unused:
        yield Fault(x12.ELEMENT_NOT_AGREED, (wording.unused, name, element), place, value=value)
        return
    mark = separators.repetition
    values_ = value.split(mark) if mark else [value]
    if len(values_) > element.repeat:
        words: wording.Words = wording.repeated, name, element, len(values_)
        yield Fault(x12.REPETITIONS_TOO_MANY, words, place, None, element.repeat + 1, value)
        return
    for number, one in enumerate(values_, start=1):
        repetition = number if element.repeat > 1 else None
        name = f"{id}{place:02}{f'({number})' if len(values_) > 1 else ''}"
        if not one:
            continue
        if element.components:
            yield from _of_composite(name, element, one, repetition, separators)
        elif separators.component in one:
            words = wording.parted, name, element, one, separators.component
            yield Fault(x12.COMPONENT_IN_SIMPLE, words, place, None, repetition, one)
        elif (fault := _of_value(name, element, one, place, None, repetition)) is not None:
            yield fault


def _of_composite(
    name: str, element: Element, value: str, repetition: int | None, separators: Separators
) -> Iterator[Fault]:
    place, most = element.position, len(element.components)
    parts = ["", *value.split(separators.component)]
    for component in element.components:
        part = parts[component.position] if component.position < len(parts) else ""
        inner = f"{name}-{component.position}"
        if part and component.unused:
            words: wording.Words = wording.unused, inner, component
            yield Fault(x12.ELEMENT_NOT_AGREED, words, place, component.position, repetition, part)
        elif part:
            fault = _of_value(inner, component, part, place, component.position, repetition)
            if fault is not None:
                yield fault
        elif component.need == "M":
            words = wording.missing, inner, component
            yield Fault(_lacking(component), words, place, component.position, repetition)
    for position in range(most + 1, len(parts)):
        if parts[position]:
            words = wording.too_many, name, "components", most, len(parts) - 1
            yield Fault(x12.COMPONENTS_TOO_MANY, words, place, position, repetition, parts[position])
            break
    for rule, position in broken_notes(element.notes, parts):
        yield _relation(rule, f"{name}-{{}}", position, place, repetition)


def _of_value(
    name: str, element: Element, value: str, position: int, component: int | None, repetition: int | None
) -> Fault | None:
    """The one fault of a value, if any."""
    wrong = _wrong(element, value)
    if wrong is None:
        return None
    return Fault(wrong[0], (wrong[1], name, element, value), position, component, repetition, value)


def _wrong(element: Element, value: str) -> tuple[Kind, wording.OfValue] | None:
    """What is wrong with a value, if anything: its characters, its form, its length, its code; in that order."""
    type, length = element.type, len(value)
    if not value.isprintable() and CONTROL.search(value):
        return x12.CHARACTER, wording.control
    if type == "DT":
        return None if values.is_date(value, element.min, element.max) else (x12.DATE_INVALID, wording.date)
    if type == "TM":
        if values.is_time(value, element.min, element.max):
            return None
        clock = values.is_clock(value)
        return (x12.TIME_WITH_COLON, wording.clock) if clock else (x12.TIME_INVALID, wording.time)
    if type[0] in "RN":
        if not (values.is_number(value) if type == "R" else values.is_integer(value)):
            return x12.NOT_A_NUMBER, wording.form
        length = values.digits(value)
    if not element.min <= length <= element.max:
        return _of_length(element, length < element.min), wording.length
    if element.codes is not None and value not in element.codes:
        return _of_code(element), wording.code
    return None


def _of_length(element: Element, short: bool) -> Kind:
    if "length" in element.guided.words:
        return x12.SHORTER_THAN_AGREED if short else x12.LONGER_THAN_AGREED
    if element.need == "M":
        return x12.MANDATORY_TOO_SHORT if short else x12.MANDATORY_TOO_LONG
    return x12.TOO_SHORT if short else x12.TOO_LONG


def _of_code(element: Element) -> Kind:
    return x12.CODE_NOT_AGREED if element.narrowed else x12.CODE_UNKNOWN


def _absent(name: str, element: Element) -> Fault:
    return Fault(_lacking(element), (wording.missing, name, element), element.position)


def _lacking(element: Element) -> Kind:
    return x12.AGREED_ELEMENT_MISSING if "use" in element.guided.words else x12.ELEMENT_MISSING


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
        if note.confidence in _JUDGED and (position := _to_blame(note, row)):
            yield note, position


def _to_blame(note: SyntaxNote, row: Sequence[str]) -> int | None:
    """The element that breaks a relation, if any."""
    letter, positions, length = note.rule[0], note.positions, len(row)
    if min(positions) >= length and letter != "R":
        return None
    blamed = _blamed(letter, [position < length and row[position] != "" for position in positions])
    return None if blamed is None else positions[blamed]


def _blamed(letter: str, there: Sequence[bool]) -> int | None:
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
    note: SyntaxNote, name: str, blamed: int, element: int | None = None, repetition: int | None = None
) -> Fault:
    """A broken relation as a fault; `name` makes an element's name of its position, `element` holds the components."""
    sure = note.confidence in ENFORCED
    words = wording.relation, note, name, blamed, sure
    if note.rule[0] == "E":
        kind = x12.EXCLUSION if sure else x12.EXCLUSION_DOUBTFUL
    else:
        kind = x12.CONDITION_MISSING if sure else x12.CONDITION_DOUBTFUL
    return Fault(kind, words, blamed) if element is None else Fault(kind, words, element, blamed, repetition)
