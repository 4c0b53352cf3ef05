"""What is wrong with a file: one JSON object on one line, written while reading."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

from edi_gateway.flows.reading import GroupReading, InterchangeReading
from edi_gateway.issues import Finding, GatewayError
from edi_gateway.reports.rules import Rules
from edi_gateway.x12 import envelope
from edi_gateway.x12.limits import STREAMED


class _Seen:
    """What has been met in a file so far."""

    def __init__(self) -> None:
        self.accepted = True
        self.errors = False

    def note(self, findings: Iterable[Finding], accepted: bool = True) -> None:
        self.accepted = self.accepted and accepted
        self.errors = self.errors or any(finding.severity == "error" for finding in findings)


def write_json(name: str, chunks: Iterable[bytes], rules: Rules, out: TextIO) -> bool:
    """Writes one line about one file, while reading it; returns whether there is no error in it.

    Where reading ends with a `GatewayError`, such as of a guide that cannot be used, the line is ended with what was
    read so far and the error, which is raised then.
    """
    seen = _Seen()
    reading = envelope.read(chunks, STREAMED)
    out.write(f'{{"file": {json.dumps(name)}, "interchanges": [')
    try:
        for number, interchange in enumerate(rules.read(reading)):
            out.write(", " if number else "")
            _write_interchange(interchange, out, seen)
    except GatewayError as error:
        told = {"kind": error.kind.code, "note": error.note, "remedy": error.kind.resolution}
        out.write(f'], "accepted": false, "error": {json.dumps(told)}}}\n')
        raise
    seen.note(reading.findings, reading.accepted)
    out.write(f'], "findings": {_findings(reading.findings)}, "accepted": {json.dumps(seen.accepted)}}}\n')
    return not seen.errors


def _write_interchange(read: InterchangeReading, out: TextIO, seen: _Seen) -> None:
    interchange = read.interchange
    heading = {"control": interchange.control, "sender": interchange.sender, "receiver": interchange.receiver}
    out.write(f'{json.dumps(heading)[:-1]}, "groups": [')
    with _ended(out):
        for number, group in enumerate(read):
            out.write(", " if number else "")
            _write_group(group, out, seen)
    seen.note(interchange.findings, interchange.accepted)
    accepted = json.dumps(interchange.accepted)
    out.write(f'], "findings": {_findings(interchange.findings)}, "accepted": {accepted}}}')


def _write_group(read: GroupReading, out: TextIO, seen: _Seen) -> None:
    group = read.group
    heading = {"control": group.control, "code": group.code, "version": group.version}
    out.write(f'{json.dumps(heading)[:-1]}, "transactions": [')
    with _ended(out):
        for number, (_, verdict) in enumerate(read):
            seen.note(verdict.findings, verdict.outcome != "rejected")
            row = {"set": verdict.set, "control": verdict.control, "verdict": verdict.outcome}
            out.write(f'{", " if number else ""}{json.dumps(row)[:-1]}, "findings": {_findings(verdict.findings)}}}')
            # The next set is gathered without this one.
            del _, verdict
    code = read.verdict.code
    seen.note(group.findings, code != "R")
    tail = {"verdict": code, "accepted": code != "R"}
    out.write(f'], "findings": {_findings(group.findings)}, {json.dumps(tail)[1:]}')


@contextmanager
def _ended(out: TextIO) -> Iterator[None]:
    """Ends the list and the object that are being written, where an error ends the reading of what is in them."""
    try:
        yield
    except GatewayError:
        out.write("]}")
        raise


def _findings(findings: Iterable[Finding]) -> str:
    return json.dumps([finding.as_json() for finding in findings])
