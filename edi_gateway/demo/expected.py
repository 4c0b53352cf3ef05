"""A file received against the one expected: byte for byte, but for numbers and times.

An expected file is written by hand and names what cannot be known beforehand by its place in X12, such
as `{ISA13}`. The same name twice stands for the same text twice.
"""

import re
from collections.abc import Mapping
from functools import cache

PLACES = {
    "ISA09": "[0-9]{6}",
    "ISA10": "[0-9]{4}",
    "ISA13": "[0-9]{9}",
    "GS04": "[0-9]{8}",
    "GS05": "[0-9]{4}(?:[0-9]{2})?",
    "GS06": "[1-9][0-9]{0,8}",
    "BAK09": "[0-9]{8}",
}
"""The places that may differ, and what may stand there (widths as in the envelope of 004010)."""

_PLACE = re.compile(r"\{([A-Z]+[0-9]+)\}")


def match(expected: bytes, received: bytes) -> Mapping[str, str] | None:
    """What stands in the places that may differ; None where anything else differs."""
    found = _pattern(expected).fullmatch(received)
    return {name: text.decode() for name, text in found.groupdict().items()} if found else None


def difference(expected: bytes, received: bytes) -> tuple[int, str]:
    """How many bytes agree before the first difference, and that difference in one line."""
    pieces = _PLACE.split(expected.decode("latin-1"))
    for end in range(len(pieces), 0, -1):
        agreed = _compile(pieces[:end]).match(received)
        if agreed:
            rest = pieces[end] if end < len(pieces) else ""
            return _told(agreed.end(), rest, received)
    return _told(0, pieces[0], received)


@cache
def _pattern(expected: bytes) -> re.Pattern[bytes]:
    return _compile(_PLACE.split(expected.decode("latin-1")))


def _compile(pieces: list[str]) -> re.Pattern[bytes]:
    """Of texts and names by turns, as `split` makes them."""
    seen: set[str] = set()
    parts = []
    for ordinal, piece in enumerate(pieces):
        if ordinal % 2 == 0:
            parts.append(re.escape(piece))
        elif piece in seen:
            parts.append(f"(?P={piece})")
        else:
            seen.add(piece)
            parts.append(f"(?P<{piece}>{PLACES[piece]})")
    return re.compile("".join(parts).encode("latin-1"), re.DOTALL)


def _told(agreed: int, rest: str, received: bytes) -> tuple[int, str]:
    if rest in PLACES:
        return agreed, f"byte {agreed + 1}: expected {rest}, received {_excerpt(received[agreed:])}"
    wanted = rest.encode("latin-1")
    same = next((i for i, (a, b) in enumerate(zip(wanted, received[agreed:], strict=False)) if a != b), None)
    at = agreed + (min(len(wanted), len(received) - agreed) if same is None else same)
    return at, f"byte {at + 1}: expected {_excerpt(wanted[at - agreed:])}, received {_excerpt(received[at:])}"


def _excerpt(text: bytes) -> str:
    return repr(text[:24].decode("latin-1")) if text else "the end"
