"""What is wrong with a file: one JSON object on one line, written while reading."""

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TextIO

from edi_gateway.issues import Finding
from edi_gateway.reports.rules import Rules
from edi_gateway.x12 import envelope
from edi_gateway.x12.envelope import Group, Interchange
from edi_gateway.x12.read import Verdict
from edi_gateway.x12.verdicts import GroupVerdict, judge_group


class _Judged:
    """A group whose sets are judged as they are asked for; `verdict` once they are exhausted."""

    def __init__(self, interchange: Interchange, group: Group, rules: Rules) -> None:
        self.group = group
        self._read = rules.judge(interchange, group)
        self._outcomes: list[Verdict] = []

    def verdicts(self) -> Iterator[Verdict]:
        """The sets' verdicts; those of a group that cannot be read are rejected unread."""
        unread = (Verdict(one.set, one.control, "rejected", tuple(one.findings)) for one in self.group.transactions)
        for verdict in chain(self._read, unread):
            self._outcomes.append(Verdict(verdict.set, verdict.control, verdict.outcome))
            yield verdict

    @property
    def verdict(self) -> GroupVerdict:
        """The group's own verdict."""
        return judge_group(self.group, self._outcomes)


class _Seen:
    """What has been met in a file so far."""

    def __init__(self) -> None:
        self.accepted = True
        self.errors = False

    def note(self, findings: Iterable[Finding], accepted: bool = True) -> None:
        self.accepted = self.accepted and accepted
        self.errors = self.errors or any(finding.severity == "error" for finding in findings)


def write_json(name: str, chunks: Iterable[bytes], rules: Rules, out: TextIO) -> bool:
    """Writes one line about one file, while reading it; returns whether there is no error in it."""
    seen = _Seen()
    reading = envelope.read(chunks)
    out.write(f'{{"file": {json.dumps(name)}, "interchanges": [')
    for number, interchange in enumerate(reading):
        out.write(", " if number else "")
        _write_interchange(interchange, rules, out, seen)
    seen.note(reading.findings, reading.accepted)
    out.write(f'], "findings": {_findings(reading.findings)}, "accepted": {json.dumps(seen.accepted)}}}\n')
    return not seen.errors


def _write_interchange(interchange: Interchange, rules: Rules, out: TextIO, seen: _Seen) -> None:
    heading = {"control": interchange.control, "sender": interchange.sender, "receiver": interchange.receiver}
    out.write(f'{json.dumps(heading)[:-1]}, "groups": [')
    for number, group in enumerate(interchange.groups):
        out.write(", " if number else "")
        _write_group(_Judged(interchange, group, rules), out, seen)
    seen.note(interchange.findings, interchange.accepted)
    accepted = json.dumps(interchange.accepted)
    out.write(f'], "findings": {_findings(interchange.findings)}, "accepted": {accepted}}}')


def _write_group(judged: _Judged, out: TextIO, seen: _Seen) -> None:
    group = judged.group
    heading = {"control": group.control, "code": group.code, "version": group.version}
    out.write(f'{json.dumps(heading)[:-1]}, "transactions": [')
    for number, verdict in enumerate(judged.verdicts()):
        seen.note(verdict.findings, verdict.outcome != "rejected")
        row = {"set": verdict.set, "control": verdict.control, "verdict": verdict.outcome}
        out.write(f'{", " if number else ""}{json.dumps(row)[:-1]}, "findings": {_findings(verdict.findings)}}}')
    code = judged.verdict.code
    seen.note(group.findings, code != "R")
    tail = {"verdict": code, "accepted": code != "R"}
    out.write(f'], "findings": {_findings(group.findings)}, {json.dumps(tail)[1:]}')


def _findings(findings: Iterable[Finding]) -> str:
    return json.dumps([finding.as_json() for finding in findings])
