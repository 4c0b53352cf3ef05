"""How large a transaction set may be, and from which size on it is not held but handed on in pages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a transaction set may be that is held as a whole. A segment has at most 128 KB.

    What is larger is a finding; or, where `page_segments` is not 0, it is handed on in pages of so many segments.
    """

    set_bytes: int = 64_000_000
    set_segments: int = 2_000_000
    page_segments: int = 0


STREAMED = Limits(set_bytes=500_000, set_segments=5_000, page_segments=500)
"""For who needs no more than the verdict on a set: sets may be of any size, and little of them is held."""
