"""Sets to the bytes of an interchange: the mirror of `envelope.read`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from edi_gateway.issues import x12
from edi_gateway.x12.segments import CLOSING
from edi_gateway.x12.tokens import CONTROL, Separators

Body = tuple[str, str, Sequence[Sequence[str]]]
"""Set id, set control number, and the segments between ST and SE."""

_CONTROL_MAX = 999_999_999
_BODY_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")


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
    separators = separators or Separators()
    if newline.strip("\r\n"):
        raise x12.ENVELOPE_UNWRITABLE.error(f"{newline!r} is no line end")
    first = groups[0][0]
    segments = [_isa(first, separators)]
    for heading, sets in groups:
        segments += _group(heading, sets, separators)
    segments.append(["IEA", str(len(groups)), f"{first.interchange_control:09}"])
    end = separators.segment + newline
    text = "".join(separators.element.join(segment) + end for segment in segments)
    return text.encode("latin-1")


def _isa(heading: Heading, separators: Separators) -> list[str]:
    version = heading.isa_version or heading.version[:5]
    if not re.fullmatch(r"[0-9]{5}", version):
        raise x12.ENVELOPE_UNWRITABLE.error(f"version {heading.version!r} does not begin with five digits")
    if not 0 < heading.interchange_control <= _CONTROL_MAX:
        raise x12.ENVELOPE_UNWRITABLE.error(f"ISA13 cannot be {heading.interchange_control}")
    marks = separators.all
    if len(set(marks)) < len(marks) or not all(_may_separate(mark) for mark in marks):
        raise x12.ENVELOPE_UNWRITABLE.error(f"the separators {marks!r} cannot be told apart from each other or text")
    return [
        "ISA", "00", " " * 10, "00", " " * 10, *_party("sender", heading.sender, marks),
        *_party("receiver", heading.receiver, marks), f"{heading.at:%y%m%d}", f"{heading.at:%H%M}",
        (separators.repetition or "U") if version > "00401" else "U", version, f"{heading.interchange_control:09}",
        "1" if heading.ack_requested else "0", "T" if heading.test else "P", separators.component,
    ]


def _may_separate(mark: str) -> bool:
    return len(mark) == 1 and ord(mark) < 256 and mark != " " and not (mark.isascii() and mark.isalnum())


def _party(role: str, party: str, marks: str) -> tuple[str, str]:
    qualifier, _, id = party.partition(":")
    fits = len(qualifier) == 2 and 0 < len(id) <= 15 and id.strip() == id
    if not fits or not party.isascii() or CONTROL.search(party) or any(mark in qualifier + id for mark in marks):
        raise x12.ENVELOPE_UNWRITABLE.error(f"{role} {party!r} is not QUALIFIER:ID of two and up to 15 characters")
    return qualifier, id.ljust(15)


def _group(heading: Heading, sets: Sequence[Body], separators: Separators) -> Iterator[list[str]]:
    control = str(heading.group_control)
    if not re.fullmatch(r"[0-9]{1,9}", control):
        raise x12.ENVELOPE_UNWRITABLE.error(f"GS06 cannot be {control!r}")
    for party in (heading.group_sender, heading.group_receiver):
        if not 2 <= len(party) <= 15 or party.strip() != party:
            raise x12.ENVELOPE_UNWRITABLE.error(f"{party!r} is no group id of 2 to 15 characters")
    group = [
        "GS", heading.code, heading.group_sender, heading.group_receiver, f"{heading.at:%Y%m%d}", f"{heading.at:%H%M}",
        control, "X", heading.version,
    ]
    yield _wire(group, separators)
    for set_id, set_control, segments in sets:
        yield _wire(["ST", set_id, set_control], separators)
        for segment in segments:
            if not _BODY_ID.fullmatch(segment[0]) or segment[0] in CLOSING:
                raise x12.ENVELOPE_UNWRITABLE.error(f"{segment[0]!r} is no segment of a set's body")
            yield _wire(segment, separators)
        yield ["SE", str(len(segments) + 2), set_control]
    yield ["GE", str(len(sets)), control]


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
