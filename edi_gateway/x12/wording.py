"""Puts the faults of elements into words: a note that says what is wrong, and a remedy where it is not the kind's own.

`elements` finds the faults. Many are found and few are read, so that these are asked when somebody wants to know.
"""

from collections.abc import Callable, Sequence
from typing import Any

from edi_gateway.issues import clipped
from edi_gateway.x12 import values
from edi_gateway.x12.spec import Element, Segment, SyntaxNote

_SHOWN_MAX = 80
_CODES_MAX = 8

Told = tuple[str, str | None]
"""A note, and a remedy."""

Words = tuple[Any, ...]
"""Which function of this module tells a fault, and behind it what it is to be asked with."""

OfValue = Callable[[str, Element, str], Told]
"""Tells of an element, by the name of where it stands, what is wrong with its value."""


def segment_unused(segment: Segment) -> Told:
    """A segment that by a guide is not sent."""
    note = f"{segment.id} ({segment.name}) is not used, as is agreed with the partner{segment.guided.cited}"
    return note, f"Ask the partner to leave {segment.id} out."


def without_value(segment: Segment) -> Told:
    """A segment in which nothing is said."""
    return f"{segment.id} ({segment.name}) holds no value", f"Ask the partner to leave {segment.id} out."


def unused(name: str, element: Element) -> Told:
    """An element that by a guide is not sent."""
    return f"{name} ({element.name}) is not used, as is agreed with the partner{element.guided.cited}", None


def missing(name: str, element: Element) -> Told:
    """An element that must be sent."""
    remedy = f"Ask the partner to send {name}."
    if "use" in element.guided.words:
        return f"{name} ({element.name}) is missing, which is agreed with the partner{element.guided.cited}", remedy
    return f"{name} ({element.name}) is missing, which is mandatory", remedy


def too_many(name: str, what: str, most: int, here: int) -> Told:
    """More elements or components than there may be."""
    return f"{name} may have {most} {what}, here are {here}", None


def repeated(name: str, element: Element, here: int) -> Told:
    """More repetitions than there may be."""
    agreed = f", which is agreed with the partner{element.guided.cited}" if "repeat" in element.guided.words else ""
    return f"{name} ({element.name}) occurs {here} times, {element.repeat} is the most{agreed}", None


def parted(name: str, element: Element, value: str, component: str) -> Told:
    """Components in an element that has none."""
    return f"{_known(name, element, value)}, and {component!r} parts components", None


def control(name: str, element: Element, value: str) -> Told:
    """A character that may stand in no value."""
    return f"{_known(name, element, value)}, which holds a control character", None


def form(name: str, element: Element, value: str) -> Told:
    """What is no number."""
    return f"{_known(name, element, value)}, which is no {_FORMS[element.type[0]]}", None


_FORMS = {"R": "number with or without a decimal point", "N": "whole number"}


def date(name: str, element: Element, value: str) -> Told:
    """What is no date."""
    return f"{_known(name, element, value)}, which is no {_of_digits(element, value, 'date')}", None


def time(name: str, element: Element, value: str) -> Told:
    """What is no time."""
    return f"{_known(name, element, value)}, which is no {_of_digits(element, value, 'time')}", None


def clock(name: str, element: Element, value: str) -> Told:
    """A time as people write it."""
    return f"{_known(name, element, value)}, and the standard writes no colons", None


def _of_digits(element: Element, value: str, what: str) -> str:
    """What a value is not: a day or time that there is, or, where its digits are not counted right, any at all."""
    counted = value.isdecimal() and element.min <= len(value) <= element.max
    return _EXISTING[what] if counted else f"{what} of {_lengths(element)} digits"


_EXISTING = {"date": "day of the calendar", "time": "time of the day"}


def length(name: str, element: Element, value: str) -> Told:
    """A value that is too short or too long."""
    number = element.type[0] in "RN"
    long, counted = values.digits(value) if number else len(value), "digit" if number else "character"
    agreed = "length" in element.guided.words
    allowed = f"{_lengths(element)} {_plural(counted, element.max)}"
    note = (
        f"{_known(name, element, value)}: {long} {_plural(counted, long)} where {allowed} "
        f"{'is' if element.max == 1 else 'are'} {'agreed' if agreed else 'allowed'}"
        f"{element.guided.cited if agreed else ''}"
    )
    return note, f"Ask the partner to send {allowed} in {name}."


def code(name: str, element: Element, value: str) -> Told:
    """A value that is none of the codes."""
    codes = element.codes or frozenset()
    if element.narrowed:
        some = _some(element.guided.codes or sorted(codes))
        note = f"{name} {_shown(value)} is not in the partner's list; expected one of {some}{element.guided.cited}"
        return note, f"Ask the partner to send one of {some} in {name}, or add the code to the guide file."
    note = f"{_known(name, element, value)}, which is no code of the standard's list"
    near = [code for code in (value.strip(), value.strip().upper()) if code in codes]
    return note, f"Ask the partner to send {near[0]} in {name}, if that is what they mean." if near else None


def relation(note: SyntaxNote, name: str, blamed: int, sure: bool) -> Told:
    """A relation that does not hold; `name` makes an element's name of its position. One in doubt has no remedy."""
    letter, own, named = note.rule[0], name.format(blamed), [name.format(position) for position in note.positions]
    others = [each for each in named if each != own]
    if letter == "E":
        told = f"{own} may not be sent beside {' or '.join(others)}"
        wanted = f"only one of {', '.join(named)}"
    else:
        are = "is" if len(others) == 1 else "are"
        told = _REASONS[letter].format(own=own, first=named[0], others=_listed(others), are=are)
        wanted = " or ".join(named) if letter == "R" else own
    return f"{told} (note {note.rule})", f"Ask the partner to send {wanted}." if sure else None


_REASONS = {
    "P": "{own} is missing, which must be sent together with {others}",
    "R": "{own} is missing, and so {are} {others}; one of them must be sent",
    "C": "{own} is missing, which must be sent where {first} is",
    "L": "{own} is missing, or another that must be sent where {first} is",
}


def _known(name: str, element: Element, value: str) -> str:
    return f"{name} ({element.name}) is {_shown(value)}"


def _shown(value: str) -> str:
    return repr(clipped(value, _SHOWN_MAX))


def _some(codes: Sequence[str]) -> str:
    more = f" and {len(codes) - _CODES_MAX} more" if len(codes) > _CODES_MAX else ""
    return f"{', '.join(codes[:_CODES_MAX])}{more}"


def _lengths(element: Element) -> str:
    if element.min == element.max:
        return str(element.min)
    return f"{element.min} to {element.max}"


def _plural(word: str, number: int) -> str:
    return word if number == 1 else f"{word}s"


def _listed(names: Sequence[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)
