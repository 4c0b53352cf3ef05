"""Bytes as they were sent, kept for a while behind the back of who reads them."""

from collections import deque
from collections.abc import Iterable, Iterator

KEPT_BYTES_MAX = 96 << 20


class Tapped:
    """The chunks of a file as they pass. What lies before a place may be forgotten; more than 96 MB are never kept."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self._kept: deque[bytes] = deque()
        self._first = 0
        self.length = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self._kept.append(chunk)
            self.length += len(chunk)
            self.forget(self.length - KEPT_BYTES_MAX)
            yield chunk

    def text(self, start: int, stop: int) -> str:
        """The bytes between two offsets as one character a byte, without those that were forgotten."""
        pieces, at = [], self._first
        for chunk in self._kept:
            if at >= stop:
                break
            if at + len(chunk) > start:
                pieces.append(chunk[max(start - at, 0):stop - at])
            at += len(chunk)
        return b"".join(pieces).decode("latin-1")

    def forget(self, before: int) -> None:
        """Lets go of the chunks that lie wholly before an offset."""
        while self._kept and self._first + len(self._kept[0]) <= before:
            self._first += len(self._kept.popleft())
