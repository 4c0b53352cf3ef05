"""Generates for each check the function that tells which elements fail it, so that only those are looked at closely.

The conditions are those of the check. `Suspects.source(4)` shows what runs for a segment of three elements.
"""

from collections.abc import Callable
from itertools import chain
from typing import Any

from edi_gateway.x12.checks import Checks
from edi_gateway.x12.elements import BEHIND

Suspected = Callable[[list[str]], list[int]]


class Suspects(dict[int, Suspected]):
    """The functions of one segment, by the length of its row: the positions of the elements that have faults.

    Behind these come `elements.BEHIND` and the relations that do not hold, counted from -1 down. As `checks`,
    they hold for values of printable ASCII.
    """

    def __init__(self, checks: Checks) -> None:
        self._checks = checks

    def __missing__(self, length: int) -> Suspected:
        longest = self._checks.longest
        if length > longest:
            return lambda row: sorted(
                self[longest](row[:longest]) + [BEHIND] * any(row[longest:]), key=_standing
            )
        scope: dict[str, Any] = {}
        exec(compile(self.source(length), "<suspects>", "exec"), self._checks.names, scope)
        suspected: Suspected = scope["suspected"]
        self[length] = suspected
        return suspected

    def source(self, length: int) -> str:
        """The function for rows of that length, as Python."""
        names = "".join(f"e{position}, " for position in range(1, length))
        lines = [f"    _, {names}= row"] if names else []
        lines.append("    found = []")
        relations = ((-number, condition) for number, condition in self._checks.relations(length))
        for suspect, condition in chain(self._checks.conditions(length), relations):
            lines += [f"    if not ({condition}):", f"        found.append({suspect})"]
        return "\n".join(["def suspected(row):", *lines, "    return found\n"])


def _standing(suspect: int) -> tuple[bool, int]:
    """Elements first; then, from `BEHIND` down, what is wrong with the segment as a whole."""
    return suspect <= BEHIND, abs(suspect)
