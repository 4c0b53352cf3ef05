"""The page of differences: printed from the trials, and read back by the test."""

import re
from collections import Counter
from collections.abc import Mapping

from tests.pyx12.mutants import CATALOGUE
from tests.pyx12.rules import RULES, UNEXPLAINED, differing
from tests.pyx12.trial import MUTANTS, SETS_PER_INTERCHANGE, VERSION, Trial

_ROW = re.compile(r"\| `(?P<rule>[a-z-]+)` \|(?P<counts>(?: +\d+ \|)+)")
_RIGHT = {
    "we": "This engine.", "both": "Both.", "policy": "A choice: the standard allows or leaves it.",
    "open": "pyx12, by the letter.",
}

_HEAD = f"""# Beside pyx12

[pyx12](https://pypi.org/project/pyx12/) reads X12 too, in Python and by maps. It has no map for the sets of trade, so
`edi-gateway spec export --to pyx12` writes them out of `specs/`, and a test lays the same documents before both.

**What this shows, and what not.** Both judges go by the same rows. So this checks the *engine*: order, loops, counts,
types, lengths, codes, relations, and which code each fault gets. It says nothing about whether a row of `specs/` is
right: a wrong row makes both wrong alike.

For each set of version {VERSION} documents are made up out of the rows, by a fixed seed, and each gets one fault of a
catalogue, until {MUTANTS:,} mutants of the set are faulty to either judge; {SETS_PER_INTERCHANGE} go into one
interchange. Documents of `fixtures/` are laid before both in the same way, as they are and with a few faults each; they
come and go, so they are not counted, but they may show no difference that the rules below do not explain.

Compared are the faults of each set: position, segment, element and component, with the codes of AK304, AK403 and
AK502. pyx12 knows no degrees, so each of our findings that rejects a set or accepts it with errors counts as a fault;
warnings, and totals, which have no code, do not. Of a broken relation only the segment is compared, since one may blame
any of its elements. The counts and numbers of groups and interchanges have a test of their own.
pyx12's codes are taken before it writes them into a 997, which keeps fewer.

Printed by `python -m tests.pyx12`; the test fails when a count grows or a difference is new to the rules.
"""


def page(trials: Mapping[str, Trial]) -> str:
    """The page as Markdown. `trials` are by set."""
    counts = {set_id: counted(trial) for set_id, trial in trials.items()}
    heading = f"|{''.join(f' {set_id} |' for set_id in trials)}"
    line = f"|{'---:|' * len(trials)}"
    mutants = [
        _row("Mutants", [trial.judged.total() for trial in trials.values()]),
        _row("judged alike, to the last code", [trial.alike for trial in trials.values()]),
        _row("judged differently", [len(trial.differences) for trial in trials.values()]),
        _row("accepted by one only", [_one_sided(trial) for trial in trials.values()]),
    ]
    names = [rule.name for rule in RULES]
    rules = [_row(f"`{name}`", [count[name] for count in counts.values()]) for name in names]
    parts = [
        _HEAD, "## Mutants\n", "\n".join([f"| {heading}", f"|---{line}", *mutants]), "",
        "## Differences by rule\n", "A mutant counts at each rule it takes to explain its difference.\n",
        "\n".join([f"| rule {heading}", f"|---{line}", *rules]), "", "## The rules\n",
        "\n".join(["| rule | who is right | why |", "|---|---|---|"]
                  + [f"| {rule.name} | {_RIGHT[rule.right]} | {rule.why} |" for rule in RULES]), "",
        "## The catalogue of faults\n",
        "\n".join([f"| fault | what it does {heading}", f"|---|---{line}"] + [
            _row(f"{fault.__name__.replace('_', ' ')} | {(fault.__doc__ or '').splitlines()[0]}",
                 [trial.judged[fault.__name__.replace("_", "-")] for trial in trials.values()])
            for fault in CATALOGUE
        ]),
    ]
    return "\n".join(parts) + "\n"


def counted(trial: Trial) -> Counter[str]:
    """How many mutants each rule was needed for."""
    return Counter(name for difference in trial.differences for name in differing(difference))


def counts_of(text: str, sets: tuple[str, ...]) -> dict[str, dict[str, int]]:
    """The counts that a printed page has: by set, then by rule."""
    found: dict[str, dict[str, int]] = {set_id: {} for set_id in sets}
    for match in _ROW.finditer(text):
        for set_id, count in zip(sets, match["counts"].split("|"), strict=False):
            found[set_id][match["rule"]] = int(count)
    return found


def _one_sided(trial: Trial) -> int:
    return sum(
        not (one.both or one.ours) or not (one.both or one.theirs or one.fell) for one in trial.differences
    )


def _row(name: str, counts: list[int]) -> str:
    return f"| {name} |{''.join(f' {count} |' for count in counts)}"


__all__ = ["UNEXPLAINED", "counted", "counts_of", "page"]
