"""The smallest input that still breaks what a large one broke."""

import itertools
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath

from tests.fuzz.mutator import draft

Sign = tuple[str, str, str]
"""What broke: the exception, and the file and line where it came from."""


def sign(hold: Callable[[bytes], None], content: bytes) -> Sign | None:
    """What the bytes break, None where every law holds."""
    try:
        hold(content)
    except Exception as error:  # noqa: BLE001 - whatever comes out is what is looked for
        return sign_of(error)
    return None


def sign_of(error: BaseException) -> Sign:
    """What an exception is known by. The line is told by its words, for numbers of lines change."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "site-packages" not in frame.filename]
    last = frames[-1]
    return type(error).__name__, PurePath(last.filename).name, last.line or last.name


def shrink(content: bytes, breaks: Callable[[bytes], bool], seconds: float = 30) -> bytes:
    """Leaves out segments, then elements, then bytes, as long as the rest still breaks."""
    deadline = time.monotonic() + seconds
    while True:
        before = content
        for pieces in (_segments, _elements, _single):
            content = _fewest(content, pieces, breaks, deadline)
        if content == before or time.monotonic() > deadline:
            return content


def _fewest(
    content: bytes, pieces: Callable[[bytes], Sequence[bytes]], breaks: Callable[[bytes], bool], deadline: float
) -> bytes:
    parts = list(pieces(content))
    size = max(len(parts) // 2, 1)
    while parts:
        for start in _steps(len(parts), size):
            rest = [*parts[:start], *parts[start + size:]]
            if time.monotonic() > deadline:
                return b"".join(parts)
            if rest != parts and breaks(b"".join(rest)):
                parts = rest
        if size == 1:
            break
        size //= 2
    return b"".join(parts)


def _steps(count: int, size: int) -> Iterator[int]:
    return iter(range(max(count - size, 0), -1, -size))


def _segments(content: bytes) -> list[bytes]:
    made = draft(content)
    return _with_ends(content, made.terminator + made.line_end)


def _elements(content: bytes) -> list[bytes]:
    made = draft(content)
    pieces = (_with_ends(part, made.element) for part in _with_ends(content, made.terminator))
    return list(itertools.chain.from_iterable(pieces))


def _single(content: bytes) -> list[bytes]:
    return [content[at:at + 1] for at in range(len(content))]


def _with_ends(content: bytes, end: bytes) -> list[bytes]:
    parts = content.split(end)
    return [part for part in (*(one + end for one in parts[:-1]), parts[-1]) if part]
