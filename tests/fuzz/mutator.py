"""Changes that keep a file an X12 file, or nearly: what a plain mutator of bytes hardly ever finds.

Everything follows from the seed of a call, so that a run can be played again.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

Change = Callable[["Draft", Random], None]

_MARKS = b"*>~^|:!\n\r\x1c\x1d\x1f\x85\xa7\xff.,;'+?\x00\x1a\t {}[]\\/<@#%&_-=\"`"
_VALUES = (
    b"", b"0", b"00", b"1", b"-1", b"+1", b"1.50", b".5", b"1.", b"-", b"1E5", b"00000000000000000001", b"9" * 20,
    b"20240229", b"20230229", b"240229", b"00000000", b"99999999", b"1200", b"2460", b"ZZ", b"EA", b"A", b" ", b" A",
    b"A ", b"X" * 36, b"X" * 300, b"ISA", b"IEA", b"a b", b"\xc3\xa9", b"\xe9", b"\xff", b"\x00", b"\x07",
    b"\xe2\x98\x83", b"\xe2\x80\xa8", b"A>B", b">", b">>>>", b"A^B", b"^", b"^^", b"T", b"P", b"U", b"I",
)
_SETS = tuple(b"850 855 856 846 810 860 865 997 824 864 820 999 123".split())
_GROUPS = tuple(b"PO PR SH IB IN PC CA FA AG TX RA ZZ".split())
_VERSIONS = (b"004010", b"005010", b"004010VICS", b"004030", b"003060", b"006020", b"00401", b"X12", b"")
_ISA_VERSIONS = (b"00401", b"00402", b"00501", b"00300", b"99999")
_BLANKS = (b"\n", b"\r\n", b"\r", b" ", b"  \n", b"\n\n", b"\t", b"\x1a", b"\x00\x00", b"\xef\xbb\xbf")
_WIDTHS = (16, 40, 72, 79, 80, 81, 106, 128)
_RUN_MAX, _COPIES_MAX = 12, 60
_SIZE_LIKELY = 5_000


@dataclass
class Draft:
    """A file that is being changed: its segments without terminators, and the separators it seems to have."""

    element: bytes
    component: bytes
    terminator: bytes
    line_end: bytes
    rows: list[bytes]

    def joined(self) -> bytes:
        """The file as it stands."""
        end = self.terminator + self.line_end
        return end.join(self.rows) + (end if self.rows else b"")

    def ids(self) -> list[bytes]:
        """The id of each segment."""
        return [row.split(self.element, 1)[0] for row in self.rows]

    def set(self, index: int, position: int, value: bytes) -> None:
        """Puts an element, where the segment has one there."""
        parts = self.rows[index].split(self.element)
        if position < len(parts):
            parts[position] = value
            self.rows[index] = self.element.join(parts)


def draft(content: bytes) -> Draft:
    """The file taken apart by the separators of its first header."""
    at = max(content.find(b"ISA"), 0)
    element = content[at + 3:at + 4] or b"*"
    component, terminator = content[at + 104:at + 105] or b">", content[at + 105:at + 106] or b"~"
    behind = content[at + 106:at + 108]
    line_end = b"\r\n" if behind == b"\r\n" else behind[:1] if behind[:1] in (b"\n", b"\r") else b""
    body = content.removesuffix(line_end).removesuffix(terminator)
    return Draft(element, component, terminator, line_end, body.split(terminator + line_end))


class Mutator:
    """Changes files; what it puts in comes from the segments of the seeds."""

    def __init__(self, seeds: Iterable[bytes]) -> None:
        drafts = [draft(seed) for seed in seeds]
        rows = ((row, one.element) for one in drafts for row in one.rows)
        self._lines = sorted({row.replace(element, b"*") for row, element in rows if not row.startswith(b"ISA")})
        self._sets = sorted({piece for one in drafts for piece in _sets(one)})
        self._changes: Sequence[Change] = (
            _drop, _double, _swap, _move, _repeat_run, _drop_run, _edit, _edit, _edit, _edit_component, _move_element,
            _change_marks, _change_one_mark, _rename, _other_set, _other_version, _lay_out, _cut_off, _number,
            self._borrow, self._borrow, self._borrow, self._borrow_set,
        )

    def mutate(self, content: bytes, size_max: int, seed: int) -> bytes:
        """The file with one to four changes, most often with counts and numbers that are right again."""
        lot = Random(seed)
        made = draft(content)
        for _ in range(lot.choice((1, 1, 2, 3, 4))):
            lot.choice(self._changes)(made, lot)
        if lot.random() < 0.6:
            mend(made)
        changed = made.joined()
        if lot.random() < 0.15:
            changed = _damage(changed, lot)
        if lot.random() < 0.03:
            changed = wrapped(changed, lot.choice(_WIDTHS), lot.choice((b"\n", b"\r\n")))
        # A large file costs the time of many small ones, and seldom shows more.
        return changed[:size_max if lot.random() < 0.05 else min(size_max, max(len(content), _SIZE_LIKELY))]

    def cross(self, one: bytes, other: bytes, size_max: int, seed: int) -> bytes:
        """The beginning of one file with a run of segments out of another; or one file behind the other."""
        lot = Random(seed)
        if lot.random() < 0.2:
            return (one + other)[:size_max]
        made, gives = draft(one), draft(other)
        start = lot.randrange(len(gives.rows) + 1)
        run = gives.rows[start:start + lot.randint(1, _RUN_MAX)]
        at = lot.randrange(len(made.rows) + 1)
        made.rows[at:at] = [row.replace(gives.element, made.element) for row in run]
        mend(made)
        return made.joined()[:size_max]

    def _borrow(self, made: Draft, lot: Random) -> None:
        at = lot.randint(min(2, len(made.rows)), len(made.rows))
        made.rows.insert(at, lot.choice(self._lines).replace(b"*", made.element))

    def _borrow_set(self, made: Draft, lot: Random) -> None:
        at = next((at for at, id in enumerate(made.ids()) if id in (b"GE", b"ST")), len(made.rows))
        rows = lot.choice(self._sets).split(b"~")
        made.rows[at:at] = [row.replace(b"*", made.element) for row in rows]


def wrapped(content: bytes, width: int, end: bytes) -> bytes:
    """The file without its own line ends, in lines of that width."""
    flat = content.translate(None, b"\r\n")
    return end.join(flat[at:at + width] for at in range(0, len(flat), width)) + end


def _sets(one: Draft) -> Iterable[bytes]:
    ids, start = one.ids(), None
    for at, id in enumerate(ids):
        if id == b"ST":
            start = at
        elif id == b"SE" and start is not None and at - start < _COPIES_MAX:
            yield b"~".join(row.replace(one.element, b"*") for row in one.rows[start:at + 1])
            start = None


def _at(made: Draft, lot: Random) -> int:
    """Any segment; seldom the header."""
    return lot.randrange(1, len(made.rows)) if len(made.rows) > 1 and lot.random() < 0.95 else 0


def _drop(made: Draft, lot: Random) -> None:
    if len(made.rows) > 1:
        del made.rows[_at(made, lot)]


def _double(made: Draft, lot: Random) -> None:
    at = _at(made, lot)
    made.rows.insert(at, made.rows[at])


def _swap(made: Draft, lot: Random) -> None:
    one, other = _at(made, lot), _at(made, lot)
    made.rows[one], made.rows[other] = made.rows[other], made.rows[one]


def _move(made: Draft, lot: Random) -> None:
    row = made.rows.pop(_at(made, lot))
    made.rows.insert(lot.randint(0, len(made.rows)), row)


def _repeat_run(made: Draft, lot: Random) -> None:
    """Loops, sets, groups and whole interchanges; now and then so often that a limit is passed."""
    at = _at(made, lot) if lot.random() < 0.9 else 0
    run = made.rows[at:at + lot.choice((1, 2, 3, 5, _RUN_MAX, len(made.rows)))]
    copies = lot.choice((1, 1, 2, 3, _COPIES_MAX)) if len(run) <= _RUN_MAX else 1
    made.rows[at:at] = run * copies


def _drop_run(made: Draft, lot: Random) -> None:
    at = _at(made, lot)
    del made.rows[at:at + lot.randint(1, _RUN_MAX)]
    made.rows = made.rows or [b""]


def _parts(made: Draft, lot: Random) -> tuple[int, list[bytes], int]:
    at = _at(made, lot)
    parts = made.rows[at].split(made.element)
    return at, parts, lot.randrange(1, len(parts) + 1 if lot.random() < 0.2 else max(len(parts), 2))


def _put(made: Draft, at: int, parts: list[bytes], position: int, value: bytes) -> None:
    parts += [b""] * (position + 1 - len(parts))
    parts[position] = value
    made.rows[at] = made.element.join(parts)


def _edit(made: Draft, lot: Random) -> None:
    at, parts, position = _parts(made, lot)
    value = parts[position] if position < len(parts) else b""
    other = lot.choice(made.rows).split(made.element)
    _put(made, at, parts, position, lot.choice((
        lot.choice(_VALUES), lot.choice(other), value * 2, value[:-1], value + b"0", value.lower(), value[::-1], b"",
    )))


def _edit_component(made: Draft, lot: Random) -> None:
    at, parts, position = _parts(made, lot)
    pieces = [lot.choice((*_VALUES, *parts)) for _ in range(lot.randint(2, 5))]
    _put(made, at, parts, position, lot.choice((made.component, b"^", made.component * 2)).join(pieces))


def _move_element(made: Draft, lot: Random) -> None:
    at, parts, position = _parts(made, lot)
    if position < len(parts):
        parts.insert(lot.randint(1, len(parts)), parts.pop(position) if lot.random() < 0.5 else parts[position])
        made.rows[at] = made.element.join(parts)


def _mark(lot: Random) -> bytes:
    return bytes([lot.choice(_MARKS)]) if lot.random() < 0.9 else bytes([lot.randrange(256)])


def _change_marks(made: Draft, lot: Random) -> None:
    """Another separator throughout."""
    which, mark = lot.choice(("element", "component", "terminator")), _mark(lot)
    old = getattr(made, which)
    made.rows = [row.replace(old, mark) for row in made.rows]
    setattr(made, which, mark)
    if which == "terminator":
        made.line_end = lot.choice((b"", b"\n", b"\r\n", b"\r"))


def _change_one_mark(made: Draft, lot: Random) -> None:
    """Another separator in a header only; ISA11 and ISA16 among them."""
    at = lot.choice([at for at, row in enumerate(made.rows) if row.startswith(b"ISA")] or [0])
    made.set(at, lot.choice((11, 16)), _mark(lot))


def _rename(made: Draft, lot: Random) -> None:
    at, other = _at(made, lot), lot.choice(made.rows).split(made.element)[0]
    made.set(at, 0, lot.choice((other, b"", b"ZZZ", b"isa", b"A", b"ABCD", b"GS", b"ST", b"SE", b"GE", b"IEA", b"TA1")))


def _header(made: Draft, id: bytes, lot: Random) -> int | None:
    return lot.choice([at for at, one in enumerate(made.ids()) if one == id] or [None])


def _other_set(made: Draft, lot: Random) -> None:
    at, group = _header(made, b"ST", lot), _header(made, b"GS", lot)
    if at is not None and lot.random() < 0.7:
        made.set(at, 1, lot.choice(_SETS))
    elif group is not None:
        made.set(group, 1, lot.choice(_GROUPS))


def _other_version(made: Draft, lot: Random) -> None:
    at, group = _header(made, b"ISA", lot), _header(made, b"GS", lot)
    if at is not None and lot.random() < 0.3:
        made.set(at, 12, lot.choice(_ISA_VERSIONS))
    elif group is not None:
        made.set(group, 8, lot.choice(_VERSIONS))


def _lay_out(made: Draft, lot: Random) -> None:
    """Blanks, line ends and fillers before, behind or between segments."""
    at = _at(made, lot)
    blank = lot.choice(_BLANKS) * lot.choice((1, 1, 2, 40))
    made.rows[at] = blank + made.rows[at] if lot.random() < 0.5 else made.rows[at] + blank


def _cut_off(made: Draft, lot: Random) -> None:
    at = _at(made, lot)
    made.rows[at] = made.rows[at][:lot.randint(0, len(made.rows[at]))]
    if lot.random() < 0.3:
        del made.rows[at + 1:]


def _number(made: Draft, lot: Random) -> None:
    """A count or a control number that is no longer the right one."""
    ids = (b"ST", b"SE", b"GE", b"IEA", b"GS", b"HL", b"CTT", b"TA1", b"AK1", b"AK2", b"AK9")
    places = [at for at, id in enumerate(made.ids()) if id in ids]
    if places:
        value = lot.choice((b"1", b"0001", b"0", b"7", b"", b"ABC", b"1 "))
        made.set(lot.choice(places), lot.choice((1, 2, 2, 6)), value)


def _damage(content: bytes, lot: Random) -> bytes:
    """A few bytes lost, changed or added anywhere, most often in a header."""
    for _ in range(lot.choice((1, 1, 2, 5))):
        at = lot.randint(0, min(len(content), lot.choice((110, 200, len(content)))))
        content = content[:at] + lot.choice((b"", _mark(lot), b"\n")) + content[at + lot.choice((0, 1, 1, 4)):]
    return content


def mend(made: Draft) -> None:
    """Counts and numbers of all trailers as they should be, so that the laws further in are reached."""
    inside = {b"ST": 0, b"GS": 0, b"ISA": 0}
    numbers = {b"ST": b"0001", b"GS": b"1", b"ISA": b"000000001"}
    places = {b"ST": 2, b"GS": 6, b"ISA": 13}
    trailers = {b"SE": b"ST", b"GE": b"GS", b"IEA": b"ISA"}
    held = {b"ST": b"GS", b"GS": b"ISA"}
    for at, row in enumerate(made.rows):
        parts = row.split(made.element)
        id = re.sub(rb"^\s+", b"", parts[0])
        inside[b"ST"] += 1
        if id in places:
            inside[id] = 1 if id == b"ST" else 0
            numbers[id] = parts[places[id]] if places[id] < len(parts) else b""
            if id in held:
                inside[held[id]] += 1
        elif id in trailers:
            made.set(at, 1, str(inside[trailers[id]]).encode())
            made.set(at, 2, numbers[trailers[id]])
