"""What findings lead to: each kind has its own effect, and a partner's rows overrule it at every level."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from edi_gateway.issues import NO_ACK, Finding, Kind, Verdict, x12

_OF_RELEASE = frozenset(kind.code for kind in vars(x12).values() if isinstance(kind, Kind) and kind.of_release)


def settle(findings: Iterable[Finding], effects: Mapping[str, str], exact: bool = True) -> Iterator[Finding]:
    """The findings under those effects, by kind; what changes nothing is not acknowledged either.

    `exact` is False where a set was read by the rows of another release than its own: a fault that only
    its own rows could tell is a warning then, whatever else is agreed.
    """
    usual = exact and not effects
    for finding in findings:
        if usual and finding.verdict:
            yield finding
            continue
        effect = cast(Verdict, effects.get(finding.kind, finding.verdict))
        if not exact and finding.kind in _OF_RELEASE:
            effect = ""
        changes: dict[str, Any] = {} if effect or finding.ack is NO_ACK else {"ack": NO_ACK}
        if effect != finding.verdict:
            changes |= {"verdict": effect, "severity": "error" if effect else "warning"}
        yield replace(finding, **changes) if changes else finding
