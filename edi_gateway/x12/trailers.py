"""What the envelope's segments must agree on: counts, control numbers, and that each trailer is there."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from edi_gateway.issues import Finding, envelope, x12
from edi_gateway.x12 import values
from edi_gateway.x12.segments import Segments, Spot
from edi_gateway.x12.tokens import clip

_CONTROL = re.compile(r"[0-9]{1,9}")
_COUNT = re.compile(r"[0-9]{1,20}")
_GS_ELEMENTS = 8
_AGENCIES = ("X", "T")
_TA1: tuple[tuple[int, str, Callable[[str], bool]], ...] = (
    (1, "the number of an interchange, nine digits", lambda value: re.fullmatch(r"[0-9]{1,9}", value) is not None),
    (2, "a date of six digits", lambda value: values.is_date(value, 6, 6)),
    (3, "a time of four digits", lambda value: values.is_time(value, 4, 4)),
    (4, "A, E or R", lambda value: value in ("A", "E", "R")),
    (5, "a note code from 000 to 031", lambda value: re.fullmatch(r"0[0-2][0-9]|03[01]", value) is not None),
)
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
        id = self._first[1][0][:20]
        if self._count == 1:
            return f"{id!r} stands outside of any {inside}"
        return f"{self._count} segments stand outside of any {inside}; the first is {id!r}"

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
        note = f"GS06 is {clip(control)!r}, no number"
        yield envelope.GROUP_CONTROL_INVALID.finding(note, **_at(spot, "GS", 6, control))
    yield from _gs_elements(gs, spot)
    key = (fields[1], fields[2], fields[3], control)
    if key in seen:
        note = f"a group {clip(fields[1])} with GS06 {clip(control)} has come before in the interchange"
        yield envelope.GROUP_REPEATED.finding(note, **_at(spot, "GS", 6, control))
    seen.add(key)
    if not values.is_date(fields[4], 8, 8):
        yield envelope.GROUP_DATE.finding(f"GS04 is {clip(fields[4])!r}, no date", **_at(spot, "GS", 4, fields[4]))
    if not values.is_time(fields[5], 4, 8):
        yield envelope.GROUP_DATE.finding(f"GS05 is {clip(fields[5])!r}, no time", **_at(spot, "GS", 5, fields[5]))
    if fields[7] and fields[7] not in _AGENCIES:
        note = f"GS07 is {clip(fields[7])!r}, neither X nor T"
        yield envelope.GROUP_AGENCY.finding(note, **_at(spot, "GS", 7, fields[7]))


def _gs_elements(gs: Sequence[str], spot: Spot) -> Iterator[Finding]:
    """GS01, GS06 and GS08 have kinds of their own, which tell as well that they are missing."""
    missing = [position for position in (2, 3, 7) if not (position < len(gs) and gs[position].strip())]
    if missing:
        note = f"{' and '.join(f'GS{position:02}' for position in missing)} not sent"
        yield envelope.GROUP_ELEMENTS.finding(note, **_at(spot, "GS", missing[0], ""))
    if len(gs) > _GS_ELEMENTS + 1:
        note = f"the GS has {len(gs) - 1} elements, not {_GS_ELEMENTS}"
        yield envelope.GROUP_ELEMENTS.finding(note, **_at(spot, "GS", _GS_ELEMENTS + 1, gs[_GS_ELEMENTS + 1]))


def judge_ge(ge: Sequence[str] | None, control: str, counted: int, spot: Spot) -> Iterator[Finding]:
    """The faults of a group trailer, or that there is none."""
    if ge is None:
        note = f"group {clip(control)} has no GE"
        yield envelope.GROUP_TRAILER_MISSING.finding(note, segment="GE", offset=spot.offset)
        return
    yield from _too_many(ge, spot)
    stated, repeated = [*ge[1:], "", ""][:2]
    if not _same_number(stated, str(counted)):
        note = f"GE01 says {clip(stated)!r}, the group holds {_counted(counted, 'set')}"
        yield envelope.SET_COUNT.finding(note, **_at(spot, "GE", 1, stated))
    if not _same_number(repeated, control):
        note = f"GS06 is {clip(control)!r}, GE02 is {clip(repeated)!r}"
        yield envelope.GROUP_CONTROL_DIFFERS.finding(note, **_at(spot, "GE", 2, repeated))


def judge_iea(iea: Sequence[str] | None, control: str, counted: int, spot: Spot) -> Iterator[Finding]:
    """The faults of an interchange trailer, or that there is none."""
    if iea is None:
        note = f"interchange {control} has no IEA"
        yield envelope.TRAILER_MISSING.finding(note, segment="IEA", offset=spot.offset)
        return
    yield from _too_many(iea, spot)
    stated, repeated = [*iea[1:], "", ""][:2]
    if not _same_number(stated, str(counted)):
        note = f"IEA01 says {clip(stated)!r}, the interchange holds {_counted(counted, 'group')}"
        yield envelope.GROUP_COUNT.finding(note, **_at(spot, "IEA", 1, stated))
    if not _same_number(repeated, control):
        note = f"ISA13 is {clip(control)!r}, IEA02 is {clip(repeated)!r}"
        yield envelope.CONTROL_DIFFERS.finding(note, **_at(spot, "IEA", 2, repeated))


def _too_many(trailer: Sequence[str], spot: Spot) -> Iterator[Finding]:
    if len(trailer) > 3:
        note = f"the {trailer[0]} has {len(trailer) - 1} elements, not 2"
        yield envelope.TRAILER_ELEMENTS.finding(note, **_at(spot, trailer[0], 3, trailer[3]))


def judge_ta1(ta1: Sequence[str], offset: int) -> Iterator[Finding]:
    """The faults of an interchange acknowledgment; its five elements are all mandatory."""
    fields = [*ta1, *[""] * len(_TA1)]
    for position, expected, holds in _TA1:
        if not holds(fields[position]):
            note = f"TA1{position:02} is {clip(fields[position])!r}, not {expected}"
            where: dict[str, Any] = {"element": position, "value": clip(fields[position])}
            yield envelope.TA1_INVALID.finding(note, segment="TA1", offset=offset, **where)
    if len(ta1) > len(_TA1) + 1:
        note = f"the TA1 has {len(ta1) - 1} elements, not {len(_TA1)}"
        yield envelope.TA1_INVALID.finding(note, segment="TA1", offset=offset, element=len(_TA1) + 1)


def agrees(transaction: Set, closing: Sequence[str], seen: set[str]) -> bool:
    """Whether there is surely nothing to say of a set's header and trailer, so that `judge_se` need not be asked."""
    st = transaction.segments[0]
    if len(st) != 3 or not transaction.whole:
        return False
    _, id, control = st
    return (
        closing == ["SE", str(transaction.counted), control] and control not in seen and id.isalnum()
        and 4 <= len(control) <= 9 and control.isascii() and control.isprintable()
    )


def judge_se(transaction: Set, closing: Sequence[str], seen: set[str]) -> Iterator[Finding]:
    """The faults of a set's header and trailer; `closing` is its last segment, `seen` the numbers before it."""
    control, counted = transaction.control, transaction.counted
    if not transaction.set.strip():
        yield x12.SET_ID_INVALID.finding("ST01 is empty", **_of_set(transaction, "ST", 1, 1, transaction.set))
    if not _SET_CONTROL.fullmatch(control):
        note = f"ST02 is {clip(control)!r}, not 4 to 9 characters"
        yield x12.CONTROL_INVALID.finding(note, **_of_set(transaction, "ST", 1, 2, control))
    elif control in seen:
        note = f"ST02 {clip(control)} has come before in this group"
        yield x12.CONTROL_REPEATED.finding(note, **_of_set(transaction, "ST", 1, 2, control))
    seen.add(control)
    if not transaction.whole:
        note = f"the set has {_counted(counted, 'segment')}; only {len(transaction.segments)} were read"
        yield x12.SET_TOO_LARGE.finding(note, **_of_set(transaction, "ST", 1, None, None))
    if closing[0] != "SE":
        place = _of_set(transaction, "SE", counted + 1, None, None)
        yield x12.TRAILER_MISSING.finding(f"set {clip(control)} has no SE", **place)
        return
    stated, repeated = [*closing[1:], "", ""][:2]
    if not _same_number(stated, str(counted)):
        note = f"SE01 says {clip(stated)!r}, the set has {_counted(counted, 'segment')}"
        yield x12.SEGMENT_COUNT.finding(note, **_of_set(transaction, "SE", counted, 1, stated))
    if repeated.rstrip(" ") != control.rstrip(" "):
        note = f"ST02 is {clip(control)!r}, SE02 is {clip(repeated)!r}"
        yield x12.CONTROL_DIFFERS.finding(note, **_of_set(transaction, "SE", counted, 2, repeated))


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _same_number(one: str, other: str) -> bool:
    """Whether two N0 are equal: leading zeros and blanks behind do not count; what is no number equals itself."""
    one, other = one.rstrip(" "), other.rstrip(" ")
    both_numbers = bool(_COUNT.fullmatch(one) and _COUNT.fullmatch(other))
    return one == other or both_numbers and int(one) == int(other)


def _at(spot: Spot, segment: str, position: int, value: str) -> dict[str, Any]:
    return {"segment": segment, "element": position, "value": clip(value), "offset": spot.offset}


def _of_set(transaction: Set, segment: str, position: int, element: int | None, value: str | None) -> dict[str, Any]:
    return {
        "segment": segment, "position": position, "element": element, "value": None if value is None else clip(value),
        "offset": transaction.offset(position),
    }
