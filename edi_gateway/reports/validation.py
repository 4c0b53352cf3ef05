"""What is wrong with a file: as one JSON object a line, written while reading, or as lines for people."""

import json
from collections.abc import Iterable, Iterator
from typing import TextIO

from edi_gateway.issues import Finding, Severity
from edi_gateway.reports.rules import Rules
from edi_gateway.x12 import envelope
from edi_gateway.x12.envelope import Group, Interchange, Transaction
from edi_gateway.x12.read import Verdict, read
from edi_gateway.x12.verdicts import GroupVerdict, judge_group


class _Judged:
    """A group whose sets are judged as they are asked for; `verdict` once they are exhausted."""

    def __init__(self, interchange: Interchange, group: Group, rules: Rules) -> None:
        self.group = group
        self._rules = rules
        ids = (interchange.sender, interchange.receiver, group.sender, group.receiver)
        self._partner = rules.partner(ids, interchange.test)
        self._outcomes: list[Verdict] = []
        self._refusal = rules.guides.standard.refusal(group)
        group.findings += [self._refusal] if self._refusal else []

    def verdicts(self) -> Iterator[Verdict]:
        """The sets' verdicts; those of a group that cannot be read are rejected unread."""
        for transaction in self.group.transactions:
            verdict = self._read(transaction)
            self._outcomes.append(Verdict(verdict.set, verdict.control, verdict.outcome))
            yield verdict

    def _read(self, transaction: Transaction) -> Verdict:
        if self._refusal is not None:
            return Verdict(transaction.set, transaction.control, "rejected", tuple(transaction.findings))
        guides = self._rules.guides
        table = guides.table(transaction.set, self.group.version, self._partner)
        return read(transaction, table, guides.partner(self._partner).verdicts)

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


def write_text(name: str, chunks: Iterable[bytes], rules: Rules, out: TextIO) -> bool:
    """Writes what a person needs to know about one file; returns whether there is no error in it."""
    seen = _Seen()
    reading = envelope.read(chunks)
    for interchange in reading:
        out.write(f"{name}: interchange {interchange.control} from {interchange.sender} to {interchange.receiver}\n")
        for group in interchange.groups:
            _text_of_group(_Judged(interchange, group, rules), out, seen)
        _text_of_findings(interchange.findings, "  ", out)
        seen.note(interchange.findings, interchange.accepted)
    _text_of_findings(reading.findings, "", out)
    seen.note(reading.findings, reading.accepted)
    out.write(f"{name}: {'accepted' if seen.accepted else 'rejected'}{' with errors' if _mixed(seen) else ''}\n")
    return not seen.errors


def _mixed(seen: _Seen) -> bool:
    return seen.accepted and seen.errors


def _text_of_group(judged: _Judged, out: TextIO, seen: _Seen) -> None:
    group = judged.group
    for verdict in judged.verdicts():
        seen.note(verdict.findings, verdict.outcome != "rejected")
        out.write(f"  {verdict.set} {verdict.control}: {verdict.outcome.replace('_', ' ')}\n")
        _text_of_findings(verdict.findings, "    ", out)
    code = judged.verdict.code
    seen.note(group.findings, code != "R")
    out.write(f"  group {group.control} {group.code} {group.version}: {code}\n")
    _text_of_findings(group.findings, "    ", out)


def _text_of_findings(findings: Iterable[Finding], indent: str, out: TextIO) -> None:
    for finding in findings:
        out.write(f"{indent}{_MARKS[finding.severity]} {_where(finding)}{finding.note}\n")
        if finding.severity == "error":
            out.write(f"{indent}  {finding.remedy}\n")


_MARKS: dict[Severity, str] = {"error": "error  ", "warning": "warning", "repair": "repair "}


def _where(finding: Finding) -> str:
    """Such as `segment 12 (byte 804): `, as much of it as is known."""
    parts = [f"segment {finding.position}"] if finding.position is not None else []
    if finding.offset is not None:
        parts.append(f"(byte {finding.offset})" if parts else f"byte {finding.offset}")
    return f"{' '.join(parts)}: " if parts else ""
