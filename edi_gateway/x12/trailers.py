"""What the envelope's segments must agree on: counts, control numbers, and that each trailer is there."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from edi_gateway.issues import Finding, envelope, x12
from edi_gateway.x12 import values
from edi_gateway.x12.segments import Segments, Spot

_CONTROL = re.compile(r"[0-9]{1,9}")
_COUNT = re.compile(r"[0-9]{1,20}")
_SET_CONTROL = re.compile(r"[\x20-\x7e]{4,9}")


class Stray:
    """Segments that stand where none of their kind may: the first, and how many there are."""

    def __init__(self) -> None:
        self._first: tuple[Spot, list[str]] | None = None
        self._count = 0

    def take(self, segments: Segments) -> None:
        """Takes the next segment as a stray one."""
        spot = segments.spot
        segment = segments.take()
        self._first = self._first or (spot, segment)
        self._count += 1

    def in_interchange(self) -> Iterator[Finding]:
        """The finding about segments outside of groups, if any."""
        if self._first is not None:
            yield envelope.CONTENT.finding(self._note("group"), **self._where())

    def in_group(self) -> Iterator[Finding]:
        """The finding about segments outside of sets, if any."""
        if self._first is not None:
            yield envelope.GROUP_CONTENT.finding(self._note("set"), **self._where())

    def _note(self, inside: str) -> str:
        assert self._first is not None
        return f"{self._count} segments stand outside of any {inside}; the first is {self._first[1][0][:20]!r}"

    def _where(self) -> dict[str, Any]:
        assert self._first is not None
        return {"segment": self._first[1][0][:20], "offset": self._first[0].offset}


class Set(Protocol):
    """What is asked of a transaction set here."""

    segments: list[list[str]]
    counted: int
    whole: bool

    @property
    def set(self) -> str: ...
    @property
    def control(self) -> str: ...
    def offset(self, position: int) -> int: ...


def judge_gs(gs: Sequence[str], spot: Spot, seen: set[tuple[str, ...]]) -> Iterator[Finding]:
    """The faults of a group header; `seen` are the groups of the interchange before it."""
    fields = [*gs, *[""] * 9]
    control = fields[6]
    if not _CONTROL.fullmatch(control):
        yield envelope.GROUP_CONTROL_INVALID.finding(f"GS06 is {control!r}", **_at(spot, "GS", 6, control))
    key = (fields[1], fields[2], fields[3], control)
    if key in seen:
        note = f"a group {fields[1]} with GS06 {control} has come before in the interchange"
        yield envelope.GROUP_REPEATED.finding(note, **_at(spot, "GS", 6, control))
    seen.add(key)
    if not values.is_date(fields[4], 8, 8):
        yield envelope.GROUP_DATE.finding(f"GS04 is {fields[4]!r}", **_at(spot, "GS", 4, fields[4]))
    if not values.is_time(fields[5], 4, 8):
        yield envelope.GROUP_DATE.finding(f"GS05 is {fields[5]!r}", **_at(spot, "GS", 5, fields[5]))


def judge_ge(ge: Sequence[str] | None, control: str, counted: int, spot: Spot) -> Iterator[Finding]:
    """The faults of a group trailer, or that there is none."""
    if ge is None:
        yield envelope.GROUP_TRAILER_MISSING.finding(f"group {control} has no GE", segment="GE", offset=spot.offset)
        return
    stated, repeated = [*ge[1:], "", ""][:2]
    if not _same_number(stated, str(counted)):
        note = f"GE01 says {stated!r}, there are {counted}"
        yield envelope.SET_COUNT.finding(note, **_at(spot, "GE", 1, stated))
    if not _same_number(repeated, control):
        note = f"GS06 is {control!r}, GE02 is {repeated!r}"
        yield envelope.GROUP_CONTROL_DIFFERS.finding(note, **_at(spot, "GE", 2, repeated))


def judge_iea(iea: Sequence[str] | None, control: str, counted: int, spot: Spot) -> Iterator[Finding]:
    """The faults of an interchange trailer, or that there is none."""
    if iea is None:
        note = f"interchange {control} has no IEA"
        yield envelope.TRAILER_MISSING.finding(note, segment="IEA", offset=spot.offset)
        return
    stated, repeated = [*iea[1:], "", ""][:2]
    if not _same_number(stated, str(counted)):
        note = f"IEA01 says {stated!r}, there are {counted}"
        yield envelope.GROUP_COUNT.finding(note, **_at(spot, "IEA", 1, stated))
    if not _same_number(repeated, control):
        note = f"ISA13 is {control!r}, IEA02 is {repeated!r}"
        yield envelope.CONTROL_DIFFERS.finding(note, **_at(spot, "IEA", 2, repeated))


def judge_se(transaction: Set, closing: Sequence[str], seen: set[str]) -> Iterator[Finding]:
    """The faults of a set's header and trailer; `closing` is its last segment, `seen` the numbers before it."""
    control, counted = transaction.control, transaction.counted
    if not transaction.set.strip():
        yield x12.SET_ID_INVALID.finding("ST01 is empty", **_of_set(transaction, "ST", 1, 1, transaction.set))
    if not _SET_CONTROL.fullmatch(control):
        yield x12.CONTROL_INVALID.finding(f"ST02 is {control!r}", **_of_set(transaction, "ST", 1, 2, control))
    elif control in seen:
        note = f"ST02 {control} has come before in this group"
        yield x12.CONTROL_REPEATED.finding(note, **_of_set(transaction, "ST", 1, 2, control))
    seen.add(control)
    if not transaction.whole:
        note = f"the set has {counted} segments; only {len(transaction.segments)} were read"
        yield x12.SET_TOO_LARGE.finding(note, **_of_set(transaction, "ST", 1, None, None))
    if closing[0] != "SE":
        place = _of_set(transaction, "SE", counted + 1, None, None)
        yield x12.TRAILER_MISSING.finding(f"set {control} has no SE", **place)
        return
    stated, repeated = [*closing[1:], "", ""][:2]
    if not _same_number(stated, str(counted)):
        note = f"SE01 says {stated!r}, there are {counted}"
        yield x12.SEGMENT_COUNT.finding(note, **_of_set(transaction, "SE", counted, 1, stated))
    if repeated.rstrip(" ") != control.rstrip(" "):
        note = f"ST02 is {control!r}, SE02 is {repeated!r}"
        yield x12.CONTROL_DIFFERS.finding(note, **_of_set(transaction, "SE", counted, 2, repeated))


def _same_number(one: str, other: str) -> bool:
    """Whether two N0 are equal: leading zeros and blanks behind do not count; what is no number equals itself."""
    one, other = one.rstrip(" "), other.rstrip(" ")
    both_numbers = bool(_COUNT.fullmatch(one) and _COUNT.fullmatch(other))
    return one == other or both_numbers and int(one) == int(other)


def _at(spot: Spot, segment: str, position: int, value: str) -> dict[str, Any]:
    return {"segment": segment, "element": position, "value": value, "offset": spot.offset}


def _of_set(transaction: Set, segment: str, position: int, element: int | None, value: str | None) -> dict[str, Any]:
    return {
        "segment": segment, "position": position, "element": element, "value": value,
        "offset": transaction.offset(position),
    }
