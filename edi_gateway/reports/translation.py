"""X12 to canonical documents: one JSON line for each set that is accepted."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Literal

from edi_gateway import mapping, model
from edi_gateway.flows.reading import GroupReading
from edi_gateway.issues import Finding
from edi_gateway.model import Noun
from edi_gateway.reports.rules import Rules
from edi_gateway.x12 import envelope
from edi_gateway.x12.envelope import Group, Interchange
from edi_gateway.x12.read import Tree, Verdict
from edi_gateway.x12.verdicts import FUNCTIONAL_GROUP


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that is wrong or was left out. `weight` says what follows from it."""

    note: str
    weight: Literal["none", "fault", "undone"] = "fault"


def translate(chunks: Iterable[bytes], rules: Rules, spool: IO[bytes]) -> Iterator[bytes | Remark]:
    """The lines of a file's documents, interchange by interchange, and remarks on what is left out.

    The trailer of a group or an interchange may yet refuse it, so its lines wait on the spool until then.
    """
    reading = envelope.read(chunks)
    for read in rules.read(reading):
        interchange = read.interchange
        _cut(spool, 0)
        for group in read:
            yield from _group(interchange, group, rules, spool)
        yield from _errors(f"interchange {interchange.control}", interchange.findings)
        if interchange.accepted:
            spool.seek(0)
            yield from spool
        else:
            yield Remark(f"interchange {interchange.control}: refused, nothing of it is translated")
    yield from _errors("outside of any interchange", reading.findings)


def _group(interchange: Interchange, read: GroupReading, rules: Rules, spool: IO[bytes]) -> Iterator[Remark]:
    start, group = spool.tell(), read.group
    for _, verdict in read:
        yield from _set(interchange, read, verdict, rules, spool)
    yield from _errors(f"group {group.control}", group.findings)
    if any(finding.verdict == "R" for finding in group.findings):
        _cut(spool, start)
        yield Remark(f"group {group.control}: rejected, nothing of it is translated")


def _set(
    interchange: Interchange, read: GroupReading, verdict: Verdict, rules: Rules, spool: IO[bytes]
) -> Iterator[Remark]:
    group = read.group
    name = f"set {verdict.set} {verdict.control} of group {group.control}"
    yield from _errors(name, verdict.findings)
    if verdict.tree is None:
        yield Remark(f"{name}: rejected, left out")
    elif group.code == FUNCTIONAL_GROUP:
        yield Remark(f"{name}: an acknowledgment, left out", "none")
    else:
        noun, remarks = _understood(name, verdict.tree, read.partner, rules)
        yield from remarks
        if noun is not None:
            spool.write(json.dumps(_line(interchange, group, verdict, noun)).encode() + b"\n")


def _understood(name: str, tree: Tree, partner: str, rules: Rules) -> tuple[Noun | None, list[Remark]]:
    plan = rules.guides.map(tree.definition.set, tree.definition.version, partner)
    if plan is None:
        return None, [Remark(f"{name}: there is no mapping of this set, left out", "undone")]
    noun, findings = mapping.to_canonical(tree, plan)
    remarks = list(_errors(name, findings))
    return noun, remarks if noun else [*remarks, Remark(f"{name}: not understood, left out")]


def _line(interchange: Interchange, group: Group, verdict: Verdict, noun: Noun) -> dict[str, Any]:
    return {
        "type": model.name(noun),
        "set": verdict.set,
        "version": group.version,
        "envelope": {
            "sender": interchange.sender, "receiver": interchange.receiver,
            "group_sender": group.sender, "group_receiver": group.receiver,
            "interchange_control": interchange.control, "group_control": group.control,
            "set_control": verdict.control, "test": interchange.test,
        },
        "document": noun.as_json(),
    }


def _errors(name: str, findings: Iterable[Finding]) -> Iterator[Remark]:
    for finding in findings:
        if finding.severity == "error":
            at = "" if finding.position is None else f"segment {finding.position}: "
            yield Remark(f"{name}: {at}{finding.note}")


def _cut(spool: IO[bytes], length: int) -> None:
    spool.seek(length)
    spool.truncate()
