"""From verdicts to the acknowledgments that say them: the 997 of a group, the TA1 of an interchange."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from edi_gateway.issues import NO_ACK, Ack, Finding, x12
from edi_gateway.x12.envelope import Group, Interchange
from edi_gateway.x12.read import Verdict
from edi_gateway.x12.spec import Definition
from edi_gateway.x12.tokens import Separators

FUNCTIONAL_GROUP = "FA"
"""GS01 of functional acknowledgments: protocol between gateways, no document of the trade."""

ACKNOWLEDGMENT = "997"
"""The set that answers a group."""

ECHOES = dict.fromkeys((
    "x12.too-short", "x12.too-long", "x12.mandatory-too-short", "x12.mandatory-too-long", "x12.code-unknown",
    "x12.not-a-number",
), "")
"""Verdicts to read our own 997 back with: what it repeats of a faulty group may be faulty itself."""

FINER = {
    x12.COMPONENTS_TOO_MANY.code: Ack(element="13"), x12.REPETITIONS_TOO_MANY.code: Ack(element="12"),
    x12.SET_NOT_IN_GROUP.code: Ack(set="18"),
}
"""Codes that say more than the kind's own; they are used where the lists of the release have them."""

_AK5 = {"accepted": "A", "accepted_with_errors": "E", "rejected": "R"}
_UNREAD = frozenset({"1", "2"})
_CODES_MAX = 5
_AK4_MAX = 99
_COPY_MAX = 99
_VERSION_MAX = 12
_GUIDE_MAX = 35
_POSITION_MAX = 999_999
_NO_ERROR, _STRUCTURE = "000", "022"
_SEGMENT_ID = re.compile(r"[A-Z0-9]{2,3}")
_PRINTABLE = re.compile(r"[\x20-\x7e]+")
_COUNT = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class GroupVerdict:
    """What became of a group: AK901, the AK905 codes, and its counts (AK902 as stated, AK903, AK904)."""

    code: Literal["A", "E", "P", "R"]
    codes: tuple[str, ...]
    findings: tuple[Finding, ...]
    included: int
    received: int
    accepted: int

    @property
    def unread(self) -> bool:
        """Whether nothing of the group could be read: its kind or its version is not known."""
        return not _UNREAD.isdisjoint(self.codes)


def judge_group(group: Group, verdicts: Sequence[Verdict]) -> GroupVerdict:
    """The verdict on a group whose sets have all been read.

    A: all accepted. E: none rejected, but faults in sets or group. P: some rejected, some taken.
    R: none taken, or the group itself is refused; then nothing of it is taken.
    """
    effects = {finding.verdict for finding in group.findings}
    outcomes = [verdict.outcome for verdict in verdicts]
    refused = "R" in effects
    taken = 0 if refused else len(outcomes) - outcomes.count("rejected")
    faulty = outcomes.count("accepted") < len(outcomes) or bool(effects - {""})
    code: Literal["A", "E", "P", "R"]
    if refused or (verdicts and not taken):
        code = "R"
    elif taken < len(verdicts):
        code = "P"
    else:
        code = "E" if faulty else "A"
    stated = (group.stated or "").strip()
    included = int(stated) if _COUNT.fullmatch(stated) else group.counted
    codes = _distinct([finding.ack.group for finding in group.findings if finding.verdict])
    return GroupVerdict(code, codes, tuple(group.findings), included, group.counted, taken)


def acknowledge(
    group: Group, verdicts: Sequence[Verdict], verdict: GroupVerdict, leave_out_accepted: bool = False,
    separators: Separators | None = None, takes: Callable[[str], bool] = str.isprintable,
    definition: Definition | None = None,
) -> list[list[str]]:
    """The body of the 997 for a group, AK1 to AK9. `separators` are those it will be written with.

    A faulty value is repeated where the partner `takes` its characters. `definition` is that of the 997 in the
    release it is written in: it says which codes there are (lists 716, 718, 720, 723), and whether version (AK103)
    and guide (AK203) are repeated; without one, all codes are there and neither is.

    Of a refused group only the rejected sets are listed, since none of the others is taken either; of
    one that could not be read at all, none.
    """
    form = _Form(separators or Separators(), takes, definition)
    body = [form.ak1(group)]
    for one in verdicts:
        taken = one.outcome != "rejected"
        left_out = taken and (verdict.code == "R" or (leave_out_accepted and one.outcome == "accepted"))
        if not (verdict.unread or left_out):
            body += form.of_set(one)
    counts = [str(count) for count in (verdict.included, verdict.received, verdict.accepted)]
    body.append(["AK9", verdict.code, *counts, *form.known("AK9", 5, verdict.codes)])
    return body


def acknowledge_interchange(interchange: Interchange, separators: Separators | None = None) -> list[str]:
    """The TA1 for an interchange that has been read to its end: numbers and time as they came (TA101 to TA103).

    TA104 is R or E with the note code of the worst finding that has one, else A and 000. What has no code of
    its own, such as a repair that the partner's file refuses, is 022: the structure is not valid.
    """
    said = [finding for finding in interchange.findings if finding.verdict]
    worst = [finding for finding in said if finding.verdict == "R"] or said
    code = "A" if not said else worst[0].verdict
    codes = _distinct(finding.ack.interchange for finding in worst)
    note = next(iter(codes), _STRUCTURE if said else _NO_ERROR)
    marks = separators or Separators()
    as_sent = zip((interchange.control, interchange.date, interchange.time), (9, 6, 4), strict=True)
    return ["TA1", *(_echo(value, marks)[:width].zfill(width) for value, width in as_sent), code, note]


def only_acknowledges(interchange: Interchange, groups: Sequence[str]) -> bool:
    """Whether an interchange holds nothing but acknowledgments; `groups` are the GS01 of its groups."""
    return bool(groups or interchange.ta1s) and all(code == FUNCTIONAL_GROUP for code in groups)


def refine(findings: Iterable[Finding], definition: Definition | None) -> tuple[Finding, ...]:
    """The findings with the codes that say more, where the acknowledgment of the release has them."""
    form = _Form(Separators(), str.isprintable, definition)
    return tuple(form.refined(finding) for finding in findings)


class _Form:
    """How an acknowledgment is written: its separators, and what there is in its release."""

    def __init__(
        self, separators: Separators, takes: Callable[[str], bool], definition: Definition | None
    ) -> None:
        self._separators = separators
        self._takes = takes
        places = definition.places if definition else ()
        self._rows = {place.segment.id: place.segment.elements for place in places}

    def ak1(self, group: Group) -> list[str]:
        """AK1; its third element repeats GS08 where the release has one."""
        body = ["AK1", self._echo(group.code), self._echo(group.control)]
        return [*body, self._echo(group.version)[:_VERSION_MAX]] if self._has("AK1", 3) and group.version else body

    def of_set(self, verdict: Verdict) -> Iterator[list[str]]:
        """AK2 to AK5 of one set."""
        told = [self.refined(finding) for finding in verdict.findings if finding.verdict]
        guide = [self._echo(verdict.implementation)[:_GUIDE_MAX]] if verdict.implementation else []
        yield ["AK2", self._echo(verdict.set), self._echo(verdict.control), *(guide if self._has("AK2", 3) else [])]
        placed = [finding for finding in told if finding.ack.segment and finding.position]
        for _, group in groupby(placed, key=lambda finding: (finding.position, finding.ack.segment, finding.segment)):
            findings = list(group)
            yield self._ak3(findings[0])
            elements = [finding for finding in findings if finding.ack.element and finding.element]
            for finding in elements[:_AK4_MAX]:
                yield self._ak4(finding)
        yield ["AK5", _AK5[verdict.outcome], *self.known("AK5", 2, (finding.ack.set for finding in told))]

    def refined(self, finding: Finding) -> Finding:
        """The finding with the codes that say more, where the release has them; without rows nobody knows."""
        finer, ack = FINER.get(finding.kind, NO_ACK), finding.ack
        if finer.element and ack.element and self._has("AK4", 3) and self._knows("AK4", 3, finer.element):
            ack = replace(ack, element=finer.element)
        if finer.set and ack.set and self._has("AK5", 2) and self._knows("AK5", 2, finer.set):
            ack = replace(ack, set=finer.set)
        return finding if ack is finding.ack else replace(finding, ack=ack)

    def known(self, segment: str, position: int, codes: Iterable[str | None]) -> tuple[str, ...]:
        """Those of the codes that the list of an element has, each once; what it lacks is left out."""
        return _distinct(code for code in codes if code and self._knows(segment, position, code))

    def _has(self, segment: str, position: int) -> bool:
        return len(self._rows.get(segment, ())) >= position

    def _knows(self, segment: str, position: int, code: str) -> bool:
        codes = self._rows[segment][position - 1].codes if self._has(segment, position) else None
        return codes is None or code in codes

    def _ak3(self, finding: Finding) -> list[str]:
        loop = (finding.loop or "").rpartition("/")[2]
        position = min(finding.position or 1, _POSITION_MAX)
        (code,) = self.known("AK3", 4, [finding.ack.segment]) or ("",)
        return ["AK3", _segment_id(finding.segment or ""), str(position), loop, code]

    def _ak4(self, finding: Finding) -> list[str]:
        # The third component of C030 is there from version 005010 on.
        repetition = finding.repetition if self._counts_repetitions else None
        parts = ("" if part is None else str(part) for part in (finding.element, finding.component, repetition))
        mark = self._separators.component
        segment = ["AK4", mark.join(parts).rstrip(mark), finding.reference or "", finding.ack.element or ""]
        copy = (finding.value or "")[:_COPY_MAX]
        if _PRINTABLE.fullmatch(copy) and self._takes(copy) and not any(mark in copy for mark in self._separators.all):
            segment.append(copy)
        return segment

    @property
    def _counts_repetitions(self) -> bool:
        rows = self._rows.get("AK4", ())
        return bool(rows) and len(rows[0].components) > 2

    def _echo(self, value: str) -> str:
        return _echo(value, self._separators)


def _echo(value: str, separators: Separators) -> str:
    """A value to be repeated as it came; only what could not be written is changed."""
    marks = separators.all
    kept = "".join(mark for mark in value.strip() if " " <= mark <= "~" and mark not in marks)
    return kept[:_COPY_MAX] or "0"


def _segment_id(id: str) -> str:
    """An id that AK301 can hold; what came as one may be anything."""
    if _SEGMENT_ID.fullmatch(id):
        return id
    return "".join(re.findall(r"[A-Z0-9]", id.upper()))[:3].ljust(2, "X")


def _distinct(codes: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code in codes if code))[:_CODES_MAX]
