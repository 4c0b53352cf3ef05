"""The ISA: finds it in a text, learns the separators from it, and judges its fields.

Sixteen elements of fixed width make 106 characters with the terminator. A header whose padding was
lost is still read, by its separators.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from edi_gateway.issues import Finding, Kind, envelope
from edi_gateway.x12 import values
from edi_gateway.x12.tokens import BLANKS, LINE_ENDS, Separators, clip

WIDTH = 106
LOOK_AHEAD = 1024
NO_SEPARATOR = "\x1f"
"""Stands for a component separator that the ISA does not name; it occurs in no value."""

_MARKS = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
_EVEN = re.compile(
    "ISA(.)" + "".join(rf".{{{end - mark - 1}}}\1" for mark, end in pairwise(_MARKS)), re.DOTALL
)
_WORD = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_ELEMENT_MAX = 40
_CUT_SHORT = re.compile(r"(?P<usage>\w?)(?P<end>[^\w\s])\s*(?:GS|TA1|IEA)", re.ASCII)
_VERSION = re.compile(r"00(?:200|201|204|30[0-7]|40[0-6]|50[0-5]|60[0-5])")
_AUTHORIZATIONS = frozenset(f"0{digit}" for digit in range(9))
_SECURITIES = frozenset({"00", "01"})
# List I05 of the standard.
_QUALIFIERS = frozenset(
    "01 02 03 04 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 "
    "AM NR SA SN ZZ".split()
)


@dataclass(frozen=True, slots=True)
class Header:
    """An ISA as read: its sixteen elements as sent, the separators it sets, its length with the terminator.

    `padded` says that it has its fixed widths; `component` whether ISA16 was there and usable. `fault`
    is why the interchange cannot be taken apart: a separator that is a letter, a digit or another one.
    """

    isa: tuple[str, ...]
    separators: Separators
    length: int
    padded: bool
    component: bool
    fault: Kind | None = None


def stands_strictly(text: str, at: int) -> bool:
    """Whether an ISA with all its separators in their places stands there."""
    return len(text) - at >= WIDTH - 1 and _even(text, at) and text[at + 3] not in _WORD


def _even(text: str, at: int) -> bool:
    return _EVEN.match(text, at) is not None


def cut_short(text: str) -> bool:
    """Whether a text is the beginning of an ISA and nothing else: all that is there stands in its place."""
    element = text[3:4]
    marks = [mark for mark in _MARKS if mark < len(text)]
    usable = element != "" and element not in _WORD and element not in BLANKS
    return usable and len(text) < WIDTH and all(text[mark] == element for mark in marks)


def parse(text: str, at: int) -> Header | None:
    """The header that stands there, given some text behind it; None where none can be read."""
    if not text.startswith("ISA", at) or len(text) < at + 4:
        return None
    element = text[at + 3]
    if element in _WORD or element in BLANKS and element != "\t":
        return _unusable(text, at, envelope.ELEMENT_SEPARATOR)
    parts = text[at:at + LOOK_AHEAD].split(element, 16)
    if len(parts) < 16 or any(len(part) > _ELEMENT_MAX for part in parts[:15]):
        return None
    ending = _cut_short(parts) or _ending(parts, element)
    if ending is None or not re.fullmatch(r"\s*\d{1,9}\s*|.{9}", parts[13], re.ASCII | re.DOTALL):
        return None
    usage, component, segment, behind = ending
    found = _header(text, at, (*parts[1:15], usage, component), element, segment, behind)
    return found or _unusable(text, at, envelope.SEGMENT_TERMINATOR)


def _unusable(text: str, at: int, fault: Kind) -> Header | None:
    """A header whose fields stand in their places, though what it names as a separator is none."""
    if len(text) - at < WIDTH or not _even(text, at):
        return None
    isa = tuple(text[at + mark + 1:at + end] for mark, end in zip(_MARKS, (*_MARKS[1:], WIDTH - 1), strict=True))
    if not (isa[8] + isa[9] + isa[12]).isdecimal():
        return None
    return Header(isa, Separators(text[at + 3], isa[15], text[at + WIDTH - 1]), WIDTH, True, True, fault)


def _cut_short(parts: list[str]) -> tuple[str, str, str, int] | None:
    """ISA16 and its separator missing: the terminator stands right behind ISA15."""
    match = _CUT_SHORT.fullmatch(parts[15])
    return (match["usage"], "", match["end"], match.end("end")) if match else None


def _ending(parts: list[str], element: str) -> tuple[str, str, str, int] | None:
    """ISA15, ISA16, the terminator, and how many characters of the rest belong to the header."""
    rest = parts[16] if len(parts) == 17 else ""
    if len(rest) < 2 or len(parts[15]) > _ELEMENT_MAX:
        return None
    blank = rest[1:len(rest) - len(rest[1:].lstrip(BLANKS))]
    following = rest[1 + len(blank):]
    used = len(parts[15]) + 1
    if re.match(r"(?:GS|TA1|IEA)" + re.escape(element), following):
        line = re.split(r"[\r\n]", following, maxsplit=1)[0].rstrip(" ")
        if not blank or blank[0] in LINE_ENDS and line.endswith(rest[0]):
            return parts[15], "", rest[0], used + 1
    elif blank and following[:1] and following[0] not in _WORD and blank.strip(" ") == "":
        return parts[15], rest[0], following[0], used + 2 + len(blank)
    return parts[15], rest[0], rest[1], used + 2


def _header(
    text: str, at: int, isa: tuple[str, ...], element: str, segment: str, behind: int
) -> Header | None:
    component = isa[15]
    if segment in _WORD or segment in (" ", element, component):
        return None
    usable = component != "" and component not in _WORD and component != element and component not in BLANKS
    length = 4 + sum(len(part) + 1 for part in isa[:14]) + behind
    separators = Separators(
        element, component if usable else NO_SEPARATOR, segment, _repetition(isa, element + component + segment)
    )
    return Header(isa, separators, length, length == WIDTH and stands_strictly(text, at), usable)


def _repetition(isa: tuple[str, ...], taken: str) -> str | None:
    mark = isa[10]
    usable = len(mark) == 1 and mark not in _WORD and mark not in BLANKS and mark not in taken
    return mark if usable and repeats(isa) else None


def repeats(isa: tuple[str, ...]) -> bool:
    """Whether ISA11 is a repetition separator: from version 00402 on."""
    return "00402" <= isa[11] <= "99999"


def judge(header: Header, offset: int) -> Iterator[Finding]:
    """The faults of the header's fields."""
    if header.fault is not None:
        yield _separator_fault(header, header.fault, offset)
    if not header.padded and header.component:
        yield envelope.HEADER_WIDTH.finding(
            f"the ISA is {header.length} characters long, not {WIDTH}, or its elements have other widths",
            segment="ISA", offset=offset,
        )
    if not header.component:
        yield _fault(envelope.COMPONENT_SEPARATOR, header, 16, offset)
    if header.fault is None and repeats(header.isa) and header.separators.repetition is None:
        yield _fault(envelope.REPETITION_SEPARATOR, header, 11, offset)
    for position, kind, holds in _RULES:
        if not holds(header.isa):
            yield _fault(kind, header, position, offset)


def _fault(kind: Kind, header: Header, position: int, offset: int) -> Finding:
    value, name = header.isa[position - 1], f"ISA{position:02}"
    why = kind.title if kind.title.startswith("ISA") else kind.title[0].lower() + kind.title[1:]
    note = f"{name} is {value!r}: {why}"
    return kind.finding(note, segment="ISA", element=position, offset=offset, value=clip(value))


def _separator_fault(header: Header, kind: Kind, offset: int) -> Finding:
    separators = header.separators
    element = kind is envelope.ELEMENT_SEPARATOR
    value = separators.element if element else separators.segment
    would = "part the elements" if element else "end each segment"
    note = f"{value!r} would {would}; what follows up to the next ISA is passed over"
    return kind.finding(note, segment="ISA", offset=offset, value=value)


def _agrees(qualifier: str, value: str) -> bool:
    """Qualifier 00 says that there is no information; any other that there is."""
    return (qualifier == "00") == (not value.strip())


def _is_control(value: str) -> bool:
    return re.fullmatch(r"\d{1,9} *", value, re.ASCII) is not None


_RULES: tuple[tuple[int, Kind, Callable[[tuple[str, ...]], bool]], ...] = (
    (1, envelope.AUTHORIZATION, lambda isa: isa[0] in _AUTHORIZATIONS),
    (2, envelope.AUTHORIZATION_VALUE, lambda isa: isa[0] not in _AUTHORIZATIONS or _agrees(isa[0], isa[1])),
    (3, envelope.SECURITY, lambda isa: isa[2] in _SECURITIES),
    (4, envelope.SECURITY_VALUE, lambda isa: isa[2] not in _SECURITIES or _agrees(isa[2], isa[3])),
    (5, envelope.SENDER_QUALIFIER, lambda isa: isa[4] in _QUALIFIERS),
    (6, envelope.SENDER_MISSING, lambda isa: bool(isa[5].strip())),
    (7, envelope.RECEIVER_QUALIFIER, lambda isa: isa[6] in _QUALIFIERS),
    (8, envelope.RECEIVER_MISSING, lambda isa: bool(isa[7].strip())),
    (9, envelope.DATE, lambda isa: values.is_date(isa[8], 6, 6)),
    (10, envelope.TIME, lambda isa: values.is_time(isa[9], 4, 4)),
    (11, envelope.STANDARDS_ID, lambda isa: repeats(isa) or isa[10] == "U"),
    (12, envelope.VERSION, lambda isa: _VERSION.fullmatch(isa[11]) is not None),
    (13, envelope.CONTROL_INVALID, lambda isa: _is_control(isa[12])),
    (14, envelope.ACK_REQUESTED, lambda isa: isa[13] in ("0", "1")),
    (15, envelope.USAGE, lambda isa: isa[14] in ("P", "T", "I")),
)
