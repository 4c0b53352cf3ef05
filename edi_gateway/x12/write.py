"""Sets to the bytes of an interchange: the mirror of `envelope.read`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from edi_gateway.issues import x12
from edi_gateway.x12.numbers import LAST
from edi_gateway.x12.segments import CLOSING
from edi_gateway.x12.tokens import BLANKS, CONTROL, Separators

Segments = Sequence[Sequence[str]]

REPEATS_FROM = "00402"
"""From this ISA12 on, ISA11 is the repetition separator."""

CONVENTION_FROM = "005010"
"""From this GS08 on, ST has a third element."""

_LINE_ENDS = ("", "\n", "\r\n", "\r")
_WAYS_MAX = 256
_TWO = [f"{number:02}" for number in range(100)]
_CONTROL_DIGITS = len(str(LAST))
_BODY_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class Ready:
    """The segments of a body as one text without a terminator behind the last, and how many there are.

    Whoever makes it vouches for it: values hold neither one of its separators nor a control character.
    """

    text: str
    count: int
    separators: Separators

    @property
    def wire(self) -> str:
        """The text as one character a byte."""
        return self.text if self.text.isascii() else self.text.encode("utf-8").decode("latin-1")

    def segments(self) -> list[list[str]]:
        """Each by itself."""
        return [segment.split(self.separators.element) for segment in self.text.split(self.separators.segment)]

    def is_for(self, separators: Separators) -> bool:
        """Whether it is the text under separators that a version may have less of."""
        ours = self.separators
        return ours == separators or (separators.repetition is None and replace(ours, repetition=None) == separators)


Body = tuple[str, str, Segments | Ready]
"""Set id, set control number, and the segments between ST and SE."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Who sends what to whom: `sender` and `receiver` as `ZZ:ID`, `at` in the sender's clock.

    `version` is GS08, such as `004010`; `group_control` is written as it stands, so it may be padded.
    """

    sender: str
    receiver: str
    group_sender: str
    group_receiver: str
    code: str
    version: str
    interchange_control: int
    group_control: int | str
    at: datetime
    test: bool = False
    ack_requested: bool = False
    isa_version: str = ""
    """ISA12 where it does not follow from `version`."""
    implementation: str = ""
    """ST03, which sets have from version 005010 on, and which is left out before; empty where nothing was agreed."""


def may_separate(mark: str) -> bool:
    """Whether a character can be a separator: one byte, neither letter nor digit nor blank, nor NUL or SUB.

    Those two fill files up.
    """
    return len(mark) == 1 and ord(mark) < 256 and not (mark.isascii() and mark.isalnum()) and mark not in " \x00\x1a"


def can_be_told_apart(separators: Separators, newline: str = "") -> bool:
    """Whether each separator can be one, and none is taken for another or for blanks; line breaks only end segments."""
    marks = separators.all
    ends = {"\n": ("",), "\r": ("", "\n")}.get(separators.segment, _LINE_ENDS)
    inside = (separators.component, separators.repetition, separators.element.strip("\t"))
    return (
        newline in ends and len(set(marks)) == len(marks) and all(may_separate(mark) for mark in marks)
        and not any(mark and mark in BLANKS for mark in inside)
    )


def held(text: str, marks: str) -> str | None:
    """The first of some separators that a text holds in its bytes, None where it holds none."""
    wire = text if text.isascii() else text.encode("utf-8", "surrogatepass").decode("latin-1")
    return next((mark for mark in marks if mark in wire), None)


def write(heading: Heading, sets: Sequence[Body], separators: Separators | None = None, newline: str = "") -> bytes:
    """The interchange as bytes; SE, GE and IEA are computed, text beyond ASCII is UTF-8.

    Raises `GatewayError`: `x12.value-holds-separator` for a value that would not read back as it is,
    `x12.envelope-unwritable` for an id or number that does not fit the envelope.
    """
    return write_groups([(heading, sets)], separators, newline)


def write_groups(
    groups: Sequence[tuple[Heading, Sequence[Body]]], separators: Separators | None = None, newline: str = ""
) -> bytes:
    """The same with several groups, in the interchange that the first heading tells of."""
    separators = _usable(separators or Separators(), groups[0][0], newline)
    inside = (segment for heading, sets in groups for segment in _group(heading, sets, separators))
    return _interchange(groups[0][0], inside, len(groups), separators, newline)


def write_ta1(
    heading: Heading, ta1s: Sequence[Sequence[str]], separators: Separators | None = None, newline: str = ""
) -> bytes:
    """An interchange that holds nothing but TA1 segments, each given with its id; no group, and IEA01 is 0.

    The heading's group fields are not looked at. ISA14 is 0: nobody acknowledges an acknowledgment.
    Raises `GatewayError` as `write` does.
    """
    separators = _usable(separators or Separators(), heading, newline)
    inside = (separators.element.join(_wire(_ta1(segment), separators)) for segment in ta1s)
    return _interchange(replace(heading, ack_requested=False), inside, 0, separators, newline)


def _ta1(segment: Sequence[str]) -> Sequence[str]:
    if segment[0] != "TA1":
        raise x12.ENVELOPE_UNWRITABLE.error(f"{segment[0]!r} is no TA1")
    return segment


def _interchange(
    heading: Heading, inside: Iterable[str], groups: int, separators: Separators, newline: str
) -> bytes:
    """The bytes of an interchange round texts of segments, each without a terminator behind the last."""
    element, end = separators.element, separators.segment + newline
    trailer = element.join(["IEA", str(groups), f"{heading.interchange_control:09}"])
    text = separators.segment.join([_isa(heading, separators), *inside, trailer]) + separators.segment
    return (text.replace(separators.segment, end) if newline else text).encode("latin-1")


def _usable(separators: Separators, heading: Heading, newline: str) -> Separators:
    return _in_version(separators, _isa_version(heading), heading.version, newline)


@lru_cache(_WAYS_MAX)
def _in_version(separators: Separators, version: str, said: str, newline: str) -> Separators:
    """The separators that ISA12 has: before 00402 nothing repeats, and ISA11 is no separator."""
    if not re.fullmatch(r"[0-9]{5}", version):
        raise x12.ENVELOPE_UNWRITABLE.error(f"version {said!r} does not begin with five digits")
    repeats = version >= REPEATS_FROM
    if repeats and separators.repetition is None:
        raise x12.ENVELOPE_UNWRITABLE.error(f"version {version} needs a repetition separator")
    separators = separators if repeats else replace(separators, repetition=None)
    if not can_be_told_apart(separators, newline):
        note = f"the separators {separators.all!r}, and {newline!r} behind each segment, cannot be told apart"
        raise x12.ENVELOPE_UNWRITABLE.error(f"{note} from each other or from text")
    return separators


def _isa_version(heading: Heading) -> str:
    return heading.isa_version or heading.version[:5]


def _isa(heading: Heading, separators: Separators) -> str:
    if not 0 < heading.interchange_control <= LAST:
        raise x12.ENVELOPE_UNWRITABLE.error(f"ISA13 cannot be {heading.interchange_control}")
    before, between, behind = _round_moment_and_number(
        heading.sender, heading.receiver, separators, _isa_version(heading), heading.ack_requested, heading.test
    )
    day, minute = _moment(heading.at)
    return f"{before}{day[2:]}{separators.element}{minute}{between}{heading.interchange_control:09}{behind}"


@lru_cache(_WAYS_MAX)
def _round_moment_and_number(
    sender: str, receiver: str, separators: Separators, version: str, ack_requested: bool, test: bool
) -> tuple[str, str, str]:
    """What an ISA says before its date, between time and number, and behind."""
    element, marks, blank = separators.element, separators.all, " " * 10
    before = [
        "ISA", "00", blank, "00", blank, *_party("sender", sender, marks), *_party("receiver", receiver, marks), "",
    ]
    between = ["", separators.repetition or "U", version, ""]
    behind = ["", "1" if ack_requested else "0", "T" if test else "P", separators.component]
    return element.join(before), element.join(between), element.join(behind)


def _moment(at: datetime) -> tuple[str, str]:
    """Day and minute, in a fraction of the time that `strftime` takes."""
    century, year = divmod(at.year, 100)
    return f"{_TWO[century]}{_TWO[year]}{_TWO[at.month]}{_TWO[at.day]}", f"{_TWO[at.hour]}{_TWO[at.minute]}"


def _party(role: str, party: str, marks: str) -> tuple[str, str]:
    qualifier, _, id = party.partition(":")
    fits = len(qualifier) == 2 and 0 < len(id) <= 15 and id.strip() == id
    if not fits or not party.isascii() or CONTROL.search(party) or any(mark in qualifier + id for mark in marks):
        raise x12.ENVELOPE_UNWRITABLE.error(f"{role} {party!r} is not QUALIFIER:ID of two and up to 15 characters")
    return qualifier, id.ljust(15)


def _group(heading: Heading, sets: Sequence[Body], separators: Separators) -> Iterator[str]:
    """The texts of its segments, those of a body in one."""
    element = separators.element
    control = str(heading.group_control)
    if not (control.isascii() and control.isdecimal() and len(control) <= _CONTROL_DIGITS):
        raise x12.ENVELOPE_UNWRITABLE.error(f"GS06 cannot be {control!r}")
    for party in (heading.group_sender, heading.group_receiver):
        if not 2 <= len(party) <= 15 or party.strip() != party:
            raise x12.ENVELOPE_UNWRITABLE.error(f"{party!r} is no group id of 2 to 15 characters")
    group = [
        "GS", heading.code, heading.group_sender, heading.group_receiver, *_moment(heading.at), control, "X",
        heading.version,
    ]
    usual = _is_usual(separators, heading.code, heading.group_sender, heading.group_receiver, heading.version)
    yield element.join(group if usual else _wire(group, separators))
    convention = [heading.implementation] if heading.implementation and heading.version >= CONVENTION_FROM else []
    for set_id, set_control, body in sets:
        header = ["ST", set_id, set_control, *convention]
        usual = set_control.isascii() and set_control.isalnum() and _is_usual(separators, set_id, *convention)
        yield element.join(header if usual else _wire(header, separators))
        text, count = _text(heading, body, separators)
        if count:
            yield text
        yield element.join(["SE", str(count + 2), set_control])
    yield element.join(["GE", str(len(sets)), control])


def _text(heading: Heading, body: Segments | Ready, separators: Separators) -> tuple[str, int]:
    """The text of a body without a terminator behind the last segment, and how many there are."""
    if isinstance(body, Ready):
        if body.is_for(separators):
            return body.wire, body.count
        body = body.segments()
    plain = _plain(heading, body, separators)
    return plain or separators.segment.join(_with_care(heading, body, separators)), len(body)


def _with_care(heading: Heading, segments: Segments, separators: Separators) -> Iterator[str]:
    for segment in segments:
        if not _BODY_ID.fullmatch(segment[0]) or segment[0] in CLOSING:
            raise x12.ENVELOPE_UNWRITABLE.error(f"{segment[0]!r} is no segment of a set's body")
        if heading.version[:5] < REPEATS_FROM and held("".join(segment), separators.repetition or ""):
            note = f"nothing repeats in version {heading.version}, and {segment} holds {separators.repetition!r}"
            raise x12.VALUE_HOLDS_SEPARATOR.error(note)
        yield separators.element.join(_wire(segment, separators))


def _plain(heading: Heading, segments: Segments, separators: Separators) -> str:
    """The text of a body in which nothing is out of the ordinary; empty where each segment is to be looked at.

    It is ASCII, and has no more separators than stand between its elements and segments, and no control character.
    """
    element, end = separators.element, separators.segment
    text = end.join(map(element.join, segments))
    ids = {segment[0] for segment in segments}
    if not text.isascii() or any(one in CLOSING or not _BODY_ID.fullmatch(one) for one in ids):
        return ""
    repetition = separators.repetition if heading.version[:5] < REPEATS_FROM else None
    fits = text.count(end) == len(segments) - 1 and text.count(element) == sum(map(len, segments)) - len(segments)
    return text if fits and len(text.encode().translate(None, _odd(separators, repetition))) == len(text) else ""


@lru_cache(_WAYS_MAX)
def _odd(separators: Separators, repetition: str | None) -> bytes:
    """The bytes that a plain body holds nowhere: control characters that part nothing, and what may not repeat."""
    marks = separators.all.encode("latin-1")
    return bytes({*range(0x20), 0x7F} - {*marks}) + (repetition or "").encode("latin-1")


@lru_cache(_WAYS_MAX)
def _is_usual(separators: Separators, *texts: str) -> bool:
    """Whether some texts hold nothing but ASCII, neither separators nor control characters."""
    text = "".join(texts)
    return text.isascii() and len(text.encode().translate(None, _odd(separators, separators.all))) == len(text)


def _wire(segment: Sequence[str], separators: Separators) -> list[str]:
    """The elements as one character a byte. Component and repetition separators part what an element holds."""
    row = list(segment)
    text = "".join(row)
    if not text.isascii():
        row = [_utf8(value, _inner(separators)) for value in row]
        text = "".join(row)
    for mark in _inner(separators):
        text = text.replace(mark, "")
    if CONTROL.search(text) or separators.element in text or separators.segment in text:
        values = ", ".join(repr(value[:40]) for value in segment)
        note = f"one of {values} holds {separators.element!r}, {separators.segment!r} or a control character"
        raise x12.VALUE_HOLDS_SEPARATOR.error(note)
    return row


def _inner(separators: Separators) -> tuple[str, ...]:
    return (separators.repetition, separators.component) if separators.repetition else (separators.component,)


def _utf8(value: str, inner: tuple[str, ...]) -> str:
    """The mirror of `tokens.decode`: each component by itself."""
    if inner:
        mark, *rest = inner
        parts = [_utf8(part, tuple(rest)) for part in value.split(mark)]
        if any(mark in part for part in parts):
            raise x12.VALUE_HOLDS_SEPARATOR.error(f"{value!r} holds the separator {mark!r} in its bytes")
        return mark.join(parts)
    try:
        return value.encode("utf-8").decode("latin-1")
    except UnicodeEncodeError as error:
        raise x12.VALUE_HOLDS_SEPARATOR.error(f"{value!r} is no text") from error
