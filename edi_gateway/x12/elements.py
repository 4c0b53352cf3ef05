"""Names every fault of one segment's elements: a plain interpreter of the rows.

`checks` generates functions that say yes or no to the same question, quickly; a law test holds the two together.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from edi_gateway.issues import Kind, clipped, x12
from edi_gateway.x12 import values
from edi_gateway.x12.spec import Element, Segment, SyntaxNote
from edi_gateway.x12.tokens import CONTROL, Separators

ENFORCED = frozenset("VP")
DOUBTFUL = frozenset("RI")
_JUDGED = ENFORCED | DOUBTFUL

RELATIONS, BEHIND = 0, -1
"""Among the suspects: the relations between elements, and elements more than there are."""

_AS_A_WHOLE = (RELATIONS, BEHIND)
_SHOWN_MAX = 80
_CODES_MAX = 8


class Fault(NamedTuple):
    """A fault of an element: where in its segment, and why; `element` is None for the segment as a whole.

    `remedy` is None for the kind's own.
    """

    kind: Kind
    note: str
    element: int | None
    component: int | None = None
    repetition: int | None = None
    value: str | None = None
    remedy: str | None = None


def faults(segment: Segment, row: Sequence[str], separators: Separators) -> Iterator[Fault]:
    """The faults of a segment's elements, in their order, then of the relations between them."""
    if segment.unused:
        note = f"{segment.id} ({segment.name}) is not used, as is agreed with the partner{segment.guided.cited}"
        yield Fault(x12.SEGMENT_NOT_AGREED, note, None, remedy=f"Ask the partner to leave {segment.id} out.")
        return
    length = len(row)
    for element in segment.elements:
        # Most elements of a segment are empty and may be, or hold a simple value: these are passed over quickly.
        value = row[element.position] if element.position < length else ""
        if not _is_sound(element, value, separators) if value else element.need == "M":
            yield from of_element(segment.id, element, row, separators)
    yield from _of_segment(segment, row, _AS_A_WHOLE)


def suspected(segment: Segment, row: Sequence[str], separators: Separators, suspects: Sequence[int]) -> list[Fault]:
    """The same of a segment of which is known what failed its check, as `suspects` tells it."""
    if segment.unused:
        return list(faults(segment, row, separators))
    found: list[Fault] = []
    length, mark = len(row), separators.repetition
    for position in suspects:
        if position > 0:
            element = segment.elements[position - 1]
            value = row[position] if position < length else ""
            inner = element.components or element.repeat > 1 or separators.component in value or mark and mark in value
            if not value or inner or element.narrowed:
                found += of_element(segment.id, element, row, separators)
            elif fault := _of_value(f"{segment.id}{position:02}", element, value, position, None, None):
                found.append(fault)
        else:
            # What is wrong with the segment as a whole comes behind the elements, and is told in the order of `faults`.
            found += _of_segment(segment, row, suspects)
            break
    return found


def _of_segment(segment: Segment, row: Sequence[str], suspects: Sequence[int]) -> Iterator[Fault]:
    """The faults of a segment as a whole: elements more than it has, and the relations between elements."""
    for position in range(len(segment.elements) + 1, len(row)) if BEHIND in suspects else ():
        if row[position]:
            note = f"{segment.id} may have {len(segment.elements)} elements, here are {len(row) - 1}"
            yield Fault(x12.ELEMENTS_TOO_MANY, note, position, value=row[position])
            break
    for rule, position in broken_notes(segment.notes, row) if RELATIONS in suspects else ():
        yield _relation(rule, f"{segment.id}{{:02}}", position)


def _is_sound(element: Element, value: str, separators: Separators) -> bool:
    """Whether a value is one without a fault as can be seen at a glance; False is no verdict."""
    mark = separators.repetition
    if element.components or separators.component in value or mark and mark in value or not value.isprintable():
        return False
    type = element.type
    if type[0] in "RNDT" and not (type[0] == "N" and value.isdecimal() and value.isascii()):
        return not element.unused and _of_value("", element, value, 0, None, None) is None
    sound = element.min <= len(value) <= element.max and (element.codes is None or value in element.codes)
    return sound and not element.unused


def of_element(id: str, element: Element, row: Sequence[str], separators: Separators) -> Iterator[Fault]:
    """The faults of one element of a segment."""
    name, value = f"{id}{element.position:02}", row[element.position] if element.position < len(row) else ""
    if not value:
        if element.need == "M":
            yield Fault(_lacking(element), _absent(name, element), element.position, remedy=_send(name))
        return
    if element.unused:
        yield Fault(x12.ELEMENT_NOT_AGREED, _needless(name, element), element.position, value=value)
        return
    mark = separators.repetition
    values_ = value.split(mark) if mark else [value]
    if len(values_) > element.repeat:
        agreed = f", which is agreed with the partner{element.guided.cited}" if "repeat" in element.guided.words else ""
        note = f"{name} ({element.name}) occurs {len(values_)} times, {element.repeat} is the most{agreed}"
        yield Fault(x12.REPETITIONS_TOO_MANY, note, element.position, None, element.repeat + 1, value)
        return
    for number, one in enumerate(values_, start=1):
        repetition = number if element.repeat > 1 else None
        name = f"{id}{element.position:02}{f'({number})' if len(values_) > 1 else ''}"
        if not one:
            continue
        if element.components:
            yield from _of_composite(name, element, one, repetition, separators)
        elif separators.component in one:
            note = f"{name} ({element.name}) is {_shown(one)}, and {separators.component!r} parts components"
            yield Fault(x12.COMPONENT_IN_SIMPLE, note, element.position, None, repetition, one)
        elif (fault := _of_value(name, element, one, element.position, None, repetition)) is not None:
            yield fault


def _of_composite(
    name: str, element: Element, value: str, repetition: int | None, separators: Separators
) -> Iterator[Fault]:
    parts = ["", *value.split(separators.component)]
    for component in element.components:
        part = parts[component.position] if component.position < len(parts) else ""
        inner = f"{name}-{component.position}"
        if part and component.unused:
            where = (element.position, component.position, repetition, part)
            yield Fault(x12.ELEMENT_NOT_AGREED, _needless(inner, component), *where)
        elif part:
            fault = _of_value(inner, component, part, element.position, component.position, repetition)
            if fault is not None:
                yield fault
        elif component.need == "M":
            note = _absent(inner, component)
            yield Fault(
                _lacking(component), note, element.position, component.position, repetition, remedy=_send(inner)
            )
    for position in range(len(element.components) + 1, len(parts)):
        if parts[position]:
            note = f"{name} may have {len(element.components)} components, here are {len(parts) - 1}"
            yield Fault(x12.COMPONENTS_TOO_MANY, note, element.position, position, repetition, parts[position])
            break
    for rule, position in broken_notes(element.notes, parts):
        yield _relation(rule, f"{name}-{{}}", position, element.position, repetition)


def _of_value(
    name: str, element: Element, value: str, position: int, component: int | None, repetition: int | None
) -> Fault | None:
    """The one fault of a value, if any: its characters, its form, its length, its code; in that order."""
    type, where = element.type, (position, component, repetition, value)
    if not value.isprintable() and CONTROL.search(value):
        return Fault(x12.CHARACTER, f"{_known(name, element, value)}, which holds a control character", *where)
    if type in {"DT", "TM"}:
        return _of_moment(name, element, value, where)
    if not has_form(type, value):
        note = f"{_known(name, element, value)}, which is no {_FORMS[type[0]]}"
        return Fault(x12.NOT_A_NUMBER, note, *where)
    if not element.min <= measure(type, value) <= element.max:
        return _of_length(name, element, value, where)
    if element.codes is not None and value not in element.codes:
        return _of_code(name, element, value, where)
    return None


def _of_moment(name: str, element: Element, value: str, where: "_Where") -> Fault | None:
    """The fault of a date or a time."""
    if element.type == "DT":
        if values.is_date(value, element.min, element.max):
            return None
        note = f"{_known(name, element, value)}, which is no {_of_digits(element, value, 'date')}"
        return Fault(x12.DATE_INVALID, note, *where)
    if values.is_time(value, element.min, element.max):
        return None
    known = _known(name, element, value)
    if values.is_clock(value):
        return Fault(x12.TIME_WITH_COLON, f"{known}, and the standard writes no colons", *where)
    return Fault(x12.TIME_INVALID, f"{known}, which is no {_of_digits(element, value, 'time')}", *where)


def _known(name: str, element: Element, value: str) -> str:
    return f"{name} ({element.name}) is {_shown(value)}"


_FORMS = {"R": "number with or without a decimal point", "N": "whole number"}
_Where = tuple[int, int | None, int | None, str]


def _of_length(name: str, element: Element, value: str, where: _Where) -> Fault:
    length, counted = measure(element.type, value), "digit" if element.type[0] in "RN" else "character"
    short, mandatory = length < element.min, element.need == "M"
    agreed = "length" in element.guided.words
    kind = (x12.MANDATORY_TOO_SHORT if mandatory else x12.TOO_SHORT) if short else (
        x12.MANDATORY_TOO_LONG if mandatory else x12.TOO_LONG
    )
    if agreed:
        kind = x12.SHORTER_THAN_AGREED if short else x12.LONGER_THAN_AGREED
    allowed = f"{_lengths(element)} {_plural(counted, element.max)}"
    note = (
        f"{name} ({element.name}) is {_shown(value)}: {length} {_plural(counted, length)} where {allowed} "
        f"{'is' if element.max == 1 else 'are'} {'agreed' if agreed else 'allowed'}"
        f"{element.guided.cited if agreed else ''}"
    )
    return Fault(kind, note, *where, f"Ask the partner to send {allowed} in {name}.")


def _of_code(name: str, element: Element, value: str, where: _Where) -> Fault:
    codes = element.codes or frozenset()
    if element.narrowed:
        known = element.guided.codes or sorted(codes)
        expected = f"expected one of {_some(known)}{element.guided.cited}"
        note = f"{name} {_shown(value)} is not in the partner's list; {expected}"
        agreed = f"Ask the partner to send one of {_some(known)} in {name}, or add the code to the guide file."
        return Fault(x12.CODE_NOT_AGREED, note, *where, agreed)
    note = f"{name} ({element.name}) is {_shown(value)}, which is no code of the standard's list"
    near = [code for code in (value.strip(), value.strip().upper()) if code in codes]
    remedy = f"Ask the partner to send {near[0]} in {name}, if that is what they mean." if near else None
    return Fault(x12.CODE_UNKNOWN, note, *where, remedy)


def _absent(name: str, element: Element) -> str:
    if "use" in element.guided.words:
        return f"{name} ({element.name}) is missing, which is agreed with the partner{element.guided.cited}"
    return f"{name} ({element.name}) is missing, which is mandatory"


def _lacking(element: Element) -> Kind:
    return x12.AGREED_ELEMENT_MISSING if "use" in element.guided.words else x12.ELEMENT_MISSING


def _needless(name: str, element: Element) -> str:
    return f"{name} ({element.name}) is not used, as is agreed with the partner{element.guided.cited}"


def _send(name: str) -> str:
    return f"Ask the partner to send {name}."


def _shown(value: str) -> str:
    return repr(clipped(value, _SHOWN_MAX))


def _some(codes: Sequence[str]) -> str:
    more = f" and {len(codes) - _CODES_MAX} more" if len(codes) > _CODES_MAX else ""
    return f"{', '.join(codes[:_CODES_MAX])}{more}"


def _lengths(element: Element) -> str:
    if element.min == element.max:
        return str(element.min)
    return f"{element.min} to {element.max}"


def _of_digits(element: Element, value: str, what: str) -> str:
    """What a value is not: a day or time that there is, or, where its digits are not counted right, any at all."""
    counted = value.isdecimal() and element.min <= len(value) <= element.max
    return _EXISTING[what] if counted else f"{what} of {_lengths(element)} digits"


_EXISTING = {"date": "day of the calendar", "time": "time of the day"}


def _plural(word: str, number: int) -> str:
    return word if number == 1 else f"{word}s"


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
    length = len(row)
    for note in notes:
        if note.confidence not in _JUDGED:
            continue
        if min(note.positions) >= length and note.rule[0] != "R":
            continue
        there = [position < length and row[position] != "" for position in note.positions]
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
    note: SyntaxNote, name: str, blamed: int, element: int | None = None, repetition: int | None = None
) -> Fault:
    """A broken relation as a fault; `name` makes an element's name of its position, `element` holds the components."""
    place: tuple[int, int | None, int | None] = (blamed, None, None)
    if element is not None:
        place = element, blamed, repetition
    own, named = name.format(blamed), [name.format(position) for position in note.positions]
    others = [each for each in named if each != own]
    sure = note.confidence in ENFORCED
    if note.rule[0] == "E":
        told = f"{own} may not be sent beside {' or '.join(others)} (note {note.rule})"
        remedy = f"Ask the partner to send only one of {', '.join(named)}." if sure else None
        return Fault(x12.EXCLUSION if sure else x12.EXCLUSION_DOUBTFUL, told, *place, remedy=remedy)
    remedy = f"Ask the partner to send {_WANTED[note.rule[0]].format(own=own, named=' or '.join(named))}."
    reason = _REASONS[note.rule[0]]
    are = "is" if len(others) == 1 else "are"
    told = f"{reason.format(own=own, first=named[0], others=_listed(others), are=are)} (note {note.rule})"
    kind = x12.CONDITION_MISSING if sure else x12.CONDITION_DOUBTFUL
    return Fault(kind, told, *place, remedy=remedy if sure else None)


_REASONS = {
    "P": "{own} is missing, which must be sent together with {others}",
    "R": "{own} is missing, and so {are} {others}; one of them must be sent",
    "C": "{own} is missing, which must be sent where {first} is",
    "L": "{own} is missing, or another that must be sent where {first} is",
}
_WANTED = {"P": "{own}", "R": "{named}", "C": "{own}", "L": "{own}"}


def _listed(names: Sequence[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)
