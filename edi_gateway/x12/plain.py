"""The common case, seen at once: bytes that are one interchange, evenly laid out, in which everything agrees.

Whatever is out of the ordinary is no fault here: then nothing is taken, and the bytes are read with care.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise
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

Nesting = Sequence[tuple[int, Sequence[tuple[int, int]]]]
"""Of each group the row of its GS, and of each of its sets the row of the ST and the one behind the SE."""


class Plain(NamedTuple):
    """One interchange without a finding: its header, the rows behind it, and how they are nested."""

    isa: tuple[str, ...]
    separators: Separators
    block: Block
    groups: Nesting


class _Heading(NamedTuple):
    """What an ISA says besides its date, time and number: the separators, and the bytes that may occur behind it.

    Its elements are those before the date, those between time and number, and those behind.
    """

    separators: Separators
    sound: bytes
    before: tuple[str, ...]
    between: tuple[str, ...]
    behind: tuple[str, ...]


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
    control = text[90:99]
    if heading is None or text[76] != text[3] or not (control.isdecimal() and _is_moment(text[70:81])):
        return None
    isa = (*heading.before, text[70:76], text[77:81], *heading.between, control, *heading.behind)
    block = _block(content, text, heading)
    if block is None or len(block.rows) > limits.set_segments:
        return None
    kept = len(block.ids) <= _NESTING_MAX and len(text) <= BLOCK_BYTES
    groups = (_kept_nesting if kept else _nesting)(block.ids)
    if groups is None or not _agrees(block.rows, groups, control):
        return None
    return Plain(isa, heading.separators, block, groups)


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
    sound = _PRINTABLE + separators.all.encode()
    return _Heading(separators, sound, found.isa[:8], found.isa[10:12], found.isa[13:])


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


def _block(content: bytes, text: str, heading: _Heading) -> Block | None:
    """The segments behind the ISA; None where they do not all end alike or hold what is not printable ASCII."""
    separators, width = heading.separators, header.WIDTH
    mark = separators.segment
    line_end = "\n" if text.startswith("\n", width) else "\r\n" if text.startswith("\r\n", width) else ""
    start, end = width + len(line_end), mark + line_end
    behind = text[start:].rstrip(LINE_ENDS)
    segments = behind[:-1].split(end)
    residue = content[start:start + len(behind)].translate(None, heading.sound)
    if residue != line_end.encode() * (len(segments) - 1) or behind[-1:] != mark or " " + mark in behind:
        return None
    if line_end and behind.count(mark) != len(segments) or "ISA" in behind and _HEADER.search(behind):
        return None
    if len(behind) > _SEGMENT_MAX and len(max(segments, key=len)) > _SEGMENT_MAX:
        return None
    element = separators.element
    rows = [segment.split(element) for segment in segments]
    compound = has_parts(behind, separators)
    return Block(behind, start, separators, AS_SENT, rows, tuple([row[0] for row in rows]), compound, end=end)


def _nesting(ids: Sequence[str]) -> Nesting | None:
    """How groups and sets are nested; None unless each is closed before the next, and nothing stands beside them."""
    marks = [at for at, id in enumerate(ids) if id in CLOSING]
    if min(ids) < "!" or not _NESTED.fullmatch(" ".join([ids[at] for at in marks])):
        return None
    if marks[0] or any(behind != at + 1 and ids[at] != "ST" for at, behind in pairwise([*marks, len(ids)])):
        return None
    groups: list[tuple[int, list[tuple[int, int]]]] = []
    for at, behind in pairwise(marks):
        if ids[at] == "GS":
            groups.append((at, []))
        elif ids[at] == "ST":
            groups[-1][1].append((at, behind + 1))
    return groups


_kept_nesting = lru_cache(_NESTINGS_KEPT)(_nesting)


def _agrees(rows: Sequence[list[str]], groups: Nesting, control: str) -> bool:
    """Whether there is surely nothing to say of any header or trailer, which `trailers` would do."""
    if rows[-1] != ["IEA", str(len(groups)), control]:
        return False
    for gs, sets in groups:
        for first, end in sets:
            if not _set_is_sound(rows[first], rows[end - 1], end - first):
                return False
        if len(sets) > 1 and len({rows[first][2] for first, _ in sets}) < len(sets):
            return False
        if not _group_is_sound(rows[gs], rows[sets[-1][1]], len(sets)):
            return False
    return len(groups) == 1 or len({(*rows[gs][1:4], rows[gs][6]) for gs, _ in groups}) == len(groups)


def _set_is_sound(st: list[str], se: list[str], counted: int) -> bool:
    control = st[2] if len(st) in (3, 4) else ""
    return (
        se == ["SE", str(counted), control] and 4 <= len(control) <= 9 and st[1].isalnum() and control.isprintable()
    )


def _group_is_sound(gs: list[str], ge: list[str], counted: int) -> bool:
    if len(gs) != _GS_ELEMENTS + 1:
        return False
    _, _, sender, receiver, date, time, control, agency, _ = gs
    return (
        ge == ["GE", str(counted), control] and control.isdecimal() and len(control) <= 9 and agency in ("X", "T")
        and len(date + time) <= _MOMENT_MAX and _is_group_date(date) and _is_group_time(time)
        and bool(sender.strip()) and bool(receiver.strip())
    )
