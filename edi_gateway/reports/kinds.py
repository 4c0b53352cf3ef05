"""What can go wrong, as a page: every kind of issue with what a person does about it."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby

from edi_gateway import discover, issues

_ACK_NAMES = {"segment": "AK304", "element": "AK403", "set": "AK502", "group": "AK905", "interchange": "TA105"}
_VERDICTS = {"R": "rejected", "E": "accepted with errors"}


def page() -> str:
    """`docs/issues.md`: the whole catalogue as Markdown, family by family."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# What can go wrong, and what to do"
    yield ""
    yield "This page is printed from the catalogue in `edi_gateway/issues/` by `make docs`; edit the kinds there."
    for family, kinds in groupby(issues.catalogue(), key=lambda kind: kind.code.partition(".")[0]):
        yield from ("", f"## {family}", "", _about(family))
        for kind in kinds:
            yield from ("", f"### `{kind.code}`", "", f"**{kind.title}.** {kind.resolution}", "", _facts(kind))


def _about(family: str) -> str:
    return (discover.member(issues.__name__, family).__doc__ or "").partition("\n")[0]


def _facts(kind: issues.Kind) -> str:
    """The kind's other fields in one line, those that say something."""
    codes = [f"{_ACK_NAMES[level]} {code}" for level, code in asdict(kind.ack).items() if code is not None]
    facts = [
        f"Severity: {kind.severity}",
        kind.verdict and f"verdict: {_VERDICTS[kind.verdict]}",
        codes and f"acknowledged as {', '.join(codes)}",
        kind.retry and "tried again by itself",
        kind.actions and f"actions: {', '.join(kind.actions)}",
    ]
    return "; ".join(fact for fact in facts if fact) + "."


if __name__ == "__main__":
    sys.stdout.write(page())
