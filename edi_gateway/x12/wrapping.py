"""How an interchange was wrapped, if it was: seen at its header and in the lines behind it."""

import re

from edi_gateway.x12 import header
from edi_gateway.x12.tokens import BLANKS, BLOCK_BYTES, LINE_ENDS, Separators
from edi_gateway.x12.wraps import Wrap

WIDTH_MIN = 16
_TAIL = 4
_LINES_MIN = 2


def wrapping(text: str, at: int, column: int, whole: header.Header | None) -> Wrap | None:
    """How the interchange that begins there, in that column of its line, was wrapped; None where it was not.

    `whole` is the header that stands there, if one can be read without joining lines.

    A line end within the ISA tells the width. Behind a whole ISA the first lines must have one width, and
    some be broken inside a segment; a single line end inside a value is a fault of that value.
    """
    ahead = text[at:at + BLOCK_BYTES]
    stop = min((found for mark in LINE_ENDS if (found := ahead.find(mark)) >= 0), default=-1)
    if stop < 0 or column + stop < WIDTH_MIN or not ahead.startswith("ISA"):
        return None
    end = "\r\n" if ahead.startswith("\r\n", stop) else ahead[stop]
    inside = whole is None or stop < whole.length - 1 or stop == whole.length - 1 and not _goes_on(ahead, whole)
    # What stands before the ISA in its line was there when the lines were broken, or was put there since.
    wraps = [Wrap(start + stop, end, start) for start in sorted({column, 0}, reverse=True)]
    if inside:
        fitting = [wrap for wrap in wraps if _joins(wrap, ahead, stop)]
        return next((wrap for wrap in fitting if _second_line_is_broken(wrap, ahead)), fitting[0] if fitting else None)
    return next((wrap for wrap in wraps if whole is not None and _even(wrap, ahead, whole.separators)), None)


def _second_line_is_broken(wrap: Wrap, ahead: str) -> bool:
    lines = wrap.lines(ahead)
    next(lines)
    return next(lines, ("", "", False))[2]


def _goes_on(ahead: str, whole: header.Header) -> bool:
    """Whether a segment begins behind the header, as it must when a line end is the terminator."""
    behind = ahead[whole.length:whole.length + 100].lstrip(BLANKS)
    return not behind or behind[0].isalnum()


def _joins(wrap: Wrap, ahead: str, stop: int) -> bool:
    """Whether the beginning is a header once its line ends are taken out."""
    joined = wrap.joined(ahead[:header.LOOK_AHEAD * 2])
    if ahead[stop:].lstrip(LINE_ENDS).startswith(joined[:4]):
        return False
    found = header.parse(joined, 0)
    return found is not None and not re.search(r"[\r\n]", joined[:found.length])


def _even(wrap: Wrap, ahead: str, separators: Separators) -> bool:
    if separators.segment in LINE_ENDS:
        return False
    trailer, tail, inside, broken_lines = f"IEA{separators.element}", "", False, 0
    for line, _, broken in wrap.lines(ahead):
        tail += line
        found = tail.find(trailer)
        if not broken or found >= 0 and tail.find(separators.segment, found) >= 0:
            break
        broken_lines += 1
        inside = inside or not line.rstrip(" ").endswith(separators.segment)
        tail = tail[found if found >= 0 else -_TAIL:]
    return inside and broken_lines >= _LINES_MIN


def stands(text: str, at: int) -> bool:
    """Whether an ISA with all its separators in their places stands there, be it broken into lines."""
    if header.stands_strictly(text, at):
        return True
    if at and text[at - 1] not in LINE_ENDS:
        return False
    wrap = wrapping(text, at, 0, header.parse(text, at))
    return wrap is not None and header.stands_strictly(wrap.joined(text[at:at + header.LOOK_AHEAD]), 0)
