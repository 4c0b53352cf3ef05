"""How many findings a set may have: the first thousand are listed, and of the others some are counted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from edi_gateway.issues import Finding
from edi_gateway.issues import x12 as kinds

FINDINGS_MAX = 1_000
COUNTED_MAX = 10_000
"""So many more are counted; of a set that is rejected anyway the rest is not looked at."""

_EFFECTS = ("", "E", "R")


def bounded(findings: Iterator[Finding]) -> list[Finding]:
    """The first thousand by place, then one that counts the rest and carries the worst of their verdicts."""
    listed = sorted(islice(findings, FINDINGS_MAX), key=_position)
    return listed if len(listed) < FINDINGS_MAX else _counted(listed, (finding.verdict for finding in findings))


def _position(finding: Finding) -> int:
    """What has no place comes first."""
    return finding.position or 0


def _counted(listed: list[Finding], effects: Iterable[str]) -> list[Finding]:
    rest: Counter[str] = Counter()
    refused = "R" in {finding.verdict for finding in listed}
    counted = 0
    for effect in effects:
        rest[effect] += 1
        refused, counted = refused or effect == "R", counted + 1
        if refused and counted == COUNTED_MAX:
            break
    if counted:
        worst = next(effect for effect in ("R", "E", "") if rest[effect])
        severity = "error" if worst else "warning"
        note = f"{counted}{' or more' if counted == COUNTED_MAX else ''} more findings are not listed"
        listed.append(kinds.MORE_FINDINGS.finding(note, verdict=worst, severity=severity))
    return listed


class Tally:
    """The findings of one matter in a set that is judged in pages: the first thousand, and the others' effects."""

    def __init__(self) -> None:
        self._listed: list[Finding] = []
        self._others = bytearray()
        self._refused = False

    @property
    def full(self) -> bool:
        """Whether no more findings would change anything: the set is refused, and so many are not even counted."""
        return self._refused and len(self._others) >= COUNTED_MAX

    def add(self, findings: Iterable[Finding]) -> None:
        """Takes the next findings, all of them."""
        for finding in findings:
            self._refused = self._refused or finding.verdict == "R"
            if self.full:
                continue
            if len(self._listed) < FINDINGS_MAX:
                self._listed.append(finding)
            else:
                self._others.append(_EFFECTS.index(finding.verdict))

    @property
    def listed(self) -> Sequence[Finding]:
        """The first of them."""
        return self._listed

    @property
    def others(self) -> Iterator[str]:
        """The effects of those that are not listed."""
        return (_EFFECTS[effect] for effect in self._others)


def listed(tallies: Iterable[Tally]) -> list[Finding]:
    """What `bounded` tells of the findings of all the matters in turn."""
    first: list[Finding] = []
    rest: list[Iterable[str]] = []
    for tally in tallies:
        own = FINDINGS_MAX - len(first)
        first += tally.listed[:own]
        rest += [[finding.verdict for finding in tally.listed[own:]], tally.others]
    return _counted(sorted(first, key=_position), (effect for effects in rest for effect in effects))
