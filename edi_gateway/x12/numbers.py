"""Control numbers as they are counted: from 1 to 999999999, and round again (X12 elements I12 and 28)."""

import re
from collections.abc import Iterator

LAST = 999_999_999
"""After it comes 1."""

HALF_A_ROUND = LAST // 2
"""A number is ahead of another one by no more than this; by more, it comes from behind, or a new round has begun."""

_DIGITS = re.compile(r"[0-9]{1,9}")


def as_number(control: str) -> int | None:
    """What an ISA13 or GS06 says as a number, however many zeros or blanks are about it; None where it is none."""
    text = control.strip()
    return int(text) if _DIGITS.fullmatch(text) else None


def after(last: int, steps: int = 1) -> int:
    """The number that comes so many steps after another one; after 0, where none was, the first is 1."""
    return (last + steps - 1) % LAST + 1


def ahead(before: int, later: int) -> int:
    """How many steps lead from one number to another one, counting on and never back."""
    return (later - before) % LAST


def between(before: int, later: int) -> Iterator[tuple[int, int]]:
    """The numbers that are passed over from one to another: first and last of each run, in the order of counting."""
    if ahead(before, later) <= 1:
        return
    first, last = after(before), after(later, LAST - 1)
    yield from ((first, last),) if first <= last else ((first, LAST), (1, last))
