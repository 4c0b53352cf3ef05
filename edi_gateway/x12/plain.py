"""The common case, seen at once: bytes that are one interchange, evenly laid out, in which everything agrees.

Whatever is out of the ordinary is no fault here: then nothing is taken, and the bytes are read with care.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from sys import intern
from typing import NamedTuple

from edi_gateway.x12 import header, values
from edi_gateway.x12.limits import Limits
from edi_gateway.x12.segments import CLOSING
from edi_gateway.x12.tokens import AS_SENT, BLANKS, BLOCK_BYTES, LINE_ENDS, Block, Separators, has_parts

LENGTH_MAX = BLOCK_BYTES * 4
_KEPT = 4_096
_NESTINGS_KEPT, _NESTING_MAX = 512, 100
_GS_ELEMENTS, _MOMENT_MAX = 8, 16
_SEGMENT_MAX = BLOCK_BYTES - header.WIDTH
_PRINTABLE = bytes(range(0x20, 0x7F))
_HEADER = re.compile(r"(?<![0-9A-Za-z])ISA|ISA(?![0-9A-Za-z])")
"""What may be the beginning of another header; amid a word it is none."""
_NESTED = re.compile(r"(?:GS(?: ST SE)+ GE )+IEA")

Nesting = Sequence[tuple[int, int, Sequence[tuple[int, int, Sequence[str]]]]]
"""Of each group the rows of its GS and GE; of each of its sets that of the ST, the one behind the SE, and the ids."""

Grouped = tuple[list[str], int, list[Block]]
"""A group: its GS, the byte offset of that, and of each set a block that holds it alone."""


class Plain(NamedTuple):
    """One interchange without a finding."""

    isa: tuple[str, ...]
    separators: Separators
    groups: list[Grouped]


class _Heading(NamedTuple):
    """What an ISA says besides its date, time and number: the separators, and the bytes that may occur behind it."""

    separators: Separators
    sound: bytes


def plainly(chunks: Iterable[bytes], limits: Limits) -> Plain | Iterable[bytes]:
    """What some chunks are, where that is all plain; else the same chunks, to be read with care."""
    coming = iter(chunks)
    content, ended = _beginning(coming)
    if ended and len(content) <= limits.set_bytes:
        found = _interchange(content, limits)
        if found is not None:
            return found
    return chain([content], coming)


def _beginning(chunks: Iterator[bytes]) -> tuple[bytes, bool]:
    """Chunks together, until they are all there or too many, and whether they are all there."""
    pieces, length = [], 0
    for chunk in chunks:
        pieces.append(chunk)
        length += len(chunk)
        if length > LENGTH_MAX:
            return b"".join(pieces), False
    return pieces[0] if len(pieces) == 1 else b"".join(pieces), True


def _interchange(content: bytes, limits: Limits) -> Plain | None:
    text = content.decode("latin-1")
    heading = _heading(text[:70] + text[81:90] + text[99:header.WIDTH])
    if heading is None or text[76] != text[3] or not (text[90:99].isdecimal() and _is_moment(text[70:81])):
        return None
    separators = heading.separators
    isa = tuple(text[4:header.WIDTH - 1].split(separators.element))
    start, end, segments = _segments(content, text, heading)
    if not segments or len(segments) > limits.set_segments:
        return None
    rows = [segment.split(separators.element) for segment in segments]
    kept = len(rows) <= _NESTING_MAX and len(text) <= BLOCK_BYTES
    nesting = (_kept_nesting if kept else _nesting)(tuple([row[0] for row in rows]))
    if nesting is None or rows[-1] != ["IEA", str(len(nesting)), isa[12]]:
        return None
    groups = _groups(nesting, segments, rows, separators, start, end)
    return None if groups is None else Plain(isa, separators, groups)


@lru_cache(_KEPT)
def _heading(key: str) -> _Heading | None:
    """The heading of an ISA from which date, time and number are left out; None where it is not plain."""
    isa = f"{key[:70]}260101{key[3:4]}1200{key[70:79]}000000001{key[79:]}"
    found = header.parse(isa, 0) if isa.isascii() else None
    if found is None or not found.padded or next(header.judge(found, 0), None) is not None:
        return None
    separators = found.separators
    if separators.segment in BLANKS or any(mark in isa for mark in LINE_ENDS):
        return None
    return _Heading(separators, _PRINTABLE + separators.all.encode())


@lru_cache(_KEPT)
def _is_moment(moment: str) -> bool:
    """Whether an ISA's date and time, a separator between them, are sound."""
    return values.is_date(moment[:6], 6, 6) and values.is_time(moment[7:], 4, 4)


@lru_cache(_KEPT)
def _is_group_date(value: str) -> bool:
    return values.is_date(value, 8, 8)


@lru_cache(_KEPT)
def _is_group_time(value: str) -> bool:
    return values.is_time(value, 4, 8)


def _segments(content: bytes, text: str, heading: _Heading) -> tuple[int, str, list[str]]:
    """Where the segments behind the ISA begin, what each ends with, and their texts; there are none where they do not
    all end alike or hold what is not printable ASCII."""
    mark, width = heading.separators.segment, header.WIDTH
    line_end = "\n" if text.startswith("\n", width) else "\r\n" if text.startswith("\r\n", width) else ""
    start, end = width + len(line_end), mark + line_end
    behind = text[start:].rstrip(LINE_ENDS)
    segments = behind[:-1].split(end)
    residue = content[start:start + len(behind)].translate(None, heading.sound)
    if residue != line_end.encode() * (len(segments) - 1) or behind[-1:] != mark or " " + mark in behind:
        return start, end, []
    if line_end and behind.count(mark) != len(segments) or "ISA" in behind and _HEADER.search(behind):
        return start, end, []
    if len(behind) > _SEGMENT_MAX and len(max(segments, key=len)) > _SEGMENT_MAX:
        return start, end, []
    return start, end, segments


def _nesting(ids: Sequence[str]) -> Nesting | None:
    """How groups and sets are nested; None unless each is closed before the next, and nothing stands beside them."""
    marks = [at for at, id in enumerate(ids) if id in CLOSING]
    if min(ids) < "!" or not _NESTED.fullmatch(" ".join([ids[at] for at in marks])):
        return None
    if marks[0] or any(behind != at + 1 and ids[at] != "ST" for at, behind in pairwise([*marks, len(ids)])):
        return None
    groups = []
    sets: list[tuple[int, int, Sequence[str]]] = []
    for at, behind in pairwise(marks):
        if ids[at] == "ST":
            sets.append((at, behind + 1, tuple(map(intern, ids[at:behind + 1]))))
        elif ids[at] == "GE":
            groups.append((sets[0][0] - 1, at, sets))
            sets = []
    return groups


_kept_nesting = lru_cache(_NESTINGS_KEPT)(_nesting)


def _groups(
    nesting: Nesting, segments: list[str], rows: list[list[str]], separators: Separators, at: int, end: str
) -> list[Grouped] | None:
    """The groups from a byte offset on; None unless there is surely nothing to say of any header or trailer, which
    `trailers` would do."""
    groups = []
    for gs, ge, sets in nesting:
        offset, at, blocks = at, at + len(segments[gs]) + len(end), []
        for first, behind, ids in sets:
            inside = rows[first:behind]
            if not _set_is_sound(inside):
                return None
            text = end.join(segments[first:behind]) + end
            parted = has_parts(text, separators)
            blocks.append(Block(text, at, separators, AS_SENT, inside, ids, parted, True, end))
            at += len(text)
        if not _group_is_sound(rows[gs], rows[ge], blocks):
            return None
        groups.append((rows[gs], offset, blocks))
        at += len(segments[ge]) + len(end)
    alike = len(groups) > 1 and len({(*gs[1:4], gs[6]) for gs, _, _ in groups}) < len(groups)
    return None if alike else groups


def _set_is_sound(rows: list[list[str]]) -> bool:
    st = rows[0]
    control = st[2] if len(st) in (3, 4) else ""
    return (
        rows[-1] == ["SE", str(len(rows)), control] and 4 <= len(control) <= 9 and st[1].isalnum()
        and control.isprintable()
    )


def _group_is_sound(gs: list[str], ge: list[str], sets: list[Block]) -> bool:
    if len(gs) != _GS_ELEMENTS + 1 or len(sets) > 1 and len({block.rows[0][2] for block in sets}) < len(sets):
        return False
    _, _, sender, receiver, date, time, control, agency, _ = gs
    return (
        ge == ["GE", str(len(sets)), control] and control.isdecimal() and len(control) <= 9 and agency in ("X", "T")
        and len(date + time) <= _MOMENT_MAX and _is_group_date(date) and _is_group_time(time)
        and bool(sender.strip()) and bool(receiver.strip())
    )
