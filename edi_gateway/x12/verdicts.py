"""From verdicts on sets to the verdict on their group, and to the body of the 997 that says so."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from edi_gateway.issues import Finding
from edi_gateway.x12.envelope import Group
from edi_gateway.x12.read import Verdict
from edi_gateway.x12.tokens import Separators

FUNCTIONAL_GROUP = "FA"
"""GS01 of functional acknowledgments: protocol between gateways, no document of the trade."""

ECHOES = {"x12.too-short": "", "x12.too-long": "", "x12.code-unknown": "", "x12.not-a-number": ""}
"""Verdicts to read our own 997 back with: what it repeats of a faulty group may be faulty itself."""

_AK5 = {"accepted": "A", "accepted_with_errors": "E", "rejected": "R"}
_UNREAD = frozenset({"1", "2"})
_CODES_MAX = 5
_AK4_MAX = 99
_COPY_MAX = 99
_POSITION_MAX = 999_999
_SEGMENT_ID = re.compile(r"[A-Z0-9]{2,3}")
_PRINTABLE = re.compile(r"[\x20-\x7e]+")


@dataclass(frozen=True, slots=True)
class GroupVerdict:
    """What became of a group: AK901, the AK905 codes, and its counts (AK902 as stated, AK903, AK904)."""

    code: Literal["A", "E", "P", "R"]
    codes: tuple[str, ...]
    findings: tuple[Finding, ...]
    included: int
    received: int
    accepted: int


def judge_group(group: Group, verdicts: Sequence[Verdict]) -> GroupVerdict:
    """The verdict on a group whose sets have all been read.

    A: all accepted. E: none rejected, but faults in sets or group. P: some rejected, some taken.
    R: none taken, or the group itself is refused; then nothing of it is taken.
    """
    refused = any(finding.verdict == "R" for finding in group.findings)
    taken = 0 if refused else sum(verdict.outcome != "rejected" for verdict in verdicts)
    faulty = any(verdict.outcome != "accepted" for verdict in verdicts) or any(
        finding.verdict for finding in group.findings
    )
    code: Literal["A", "E", "P", "R"]
    if refused or (verdicts and not taken):
        code = "R"
    elif taken < len(verdicts):
        code = "P"
    else:
        code = "E" if faulty else "A"
    stated = (group.stated or "").strip()
    included = int(stated) if re.fullmatch(r"[0-9]{1,6}", stated) else group.counted
    codes = _distinct(finding.ack.group for finding in group.findings if finding.verdict)
    return GroupVerdict(code, codes, tuple(group.findings), included, group.counted, taken)


def acknowledge(
    group: Group, verdicts: Sequence[Verdict], verdict: GroupVerdict, leave_out_accepted: bool = False,
    separators: Separators | None = None, takes: Callable[[str], bool] = str.isprintable,
) -> list[list[str]]:
    """The body of the 997 for a group, AK1 to AK9. `separators` are those it will be written with.

    A faulty value is repeated where the partner `takes` its characters.

    Of a refused group only the rejected sets are listed, since none of the others is taken either; of
    one that could not be read at all, none.
    """
    separators = separators or Separators()
    unread = not _UNREAD.isdisjoint(verdict.codes)
    body = [["AK1", _echo(group.code, separators), _echo(group.control, separators)]]
    for one in verdicts:
        taken = one.outcome != "rejected"
        left_out = taken and (verdict.code == "R" or (leave_out_accepted and one.outcome == "accepted"))
        if not (unread or left_out):
            body += _of_set(one, separators, group.version, takes)
    counts = [str(count) for count in (verdict.included, verdict.received, verdict.accepted)]
    body.append(["AK9", verdict.code, *counts, *verdict.codes])
    return body


def _of_set(
    verdict: Verdict, separators: Separators, version: str, takes: Callable[[str], bool]
) -> Iterator[list[str]]:
    told = [finding for finding in verdict.findings if finding.verdict]
    yield ["AK2", _echo(verdict.set, separators), _echo(verdict.control, separators)]
    placed = [finding for finding in told if finding.ack.segment and finding.position]
    for _, group in groupby(placed, key=lambda finding: (finding.position, finding.ack.segment, finding.segment)):
        findings = list(group)
        yield _ak3(findings[0])
        elements = [finding for finding in findings if finding.ack.element and finding.element]
        for finding in elements[:_AK4_MAX]:
            yield _ak4(finding, separators, version, takes)
    yield ["AK5", _AK5[verdict.outcome], *_distinct(finding.ack.set for finding in told)]


def _echo(value: str, separators: Separators) -> str:
    """A value to be repeated as it came; only what could not be written is changed."""
    marks = separators.all
    kept = "".join(mark for mark in value.strip() if " " <= mark <= "~" and mark not in marks)
    return kept[:_COPY_MAX] or "0"


def _ak3(finding: Finding) -> list[str]:
    loop = (finding.loop or "").rpartition("/")[2]
    position = min(finding.position or 1, _POSITION_MAX)
    return ["AK3", _segment_id(finding.segment or ""), str(position), loop, finding.ack.segment or ""]


def _segment_id(id: str) -> str:
    """An id that AK301 can hold; what came as one may be anything."""
    if _SEGMENT_ID.fullmatch(id):
        return id
    return "".join(re.findall(r"[A-Z0-9]", id.upper()))[:3].ljust(2, "X")


def _ak4(finding: Finding, separators: Separators, version: str, takes: Callable[[str], bool]) -> list[str]:
    position = [str(finding.element)]
    if finding.component is not None:
        position.append(str(finding.component))
    # The third component of C030 is there from version 005010 on.
    if finding.repetition is not None and finding.component is not None and version >= "005010":
        position.append(str(finding.repetition))
    segment = ["AK4", separators.component.join(position), finding.reference or "", finding.ack.element or ""]
    copy = (finding.value or "")[:_COPY_MAX]
    if _PRINTABLE.fullmatch(copy) and takes(copy) and not any(mark in copy for mark in separators.all):
        segment.append(copy)
    return segment


def _distinct(codes: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code in codes if code))[:_CODES_MAX]
