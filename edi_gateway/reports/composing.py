"""Canonical documents back to X12: lines as translation prints them, gathered into interchanges."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from edi_gateway import discover, mapping, model
from edi_gateway.flows.partner_file import PartnerFile
from edi_gateway.issues import Finding, GatewayError, command
from edi_gateway.reports.rules import Rules
from edi_gateway.x12 import envelope, write
from edi_gateway.x12.read import read
from edi_gateway.x12.tokens import Separators


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Travels(_Part):
    """The ids and numbers a document travels under, as text; numbers as they were sent."""

    sender: str
    receiver: str
    group_sender: str
    group_receiver: str
    interchange_control: str
    group_control: str
    set_control: str
    test: bool


class Line(_Part):
    """One document. `set` may be left out where the noun goes out in only one."""

    type: str
    set: str | None = None
    version: str
    envelope: Travels
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """One interchange, and what was changed in its texts; or, without bytes, what X12 cannot say of its documents."""

    content: bytes | None
    faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def compose(
    lines: Iterable[tuple[str, str]], rules: Rules, partner: str | None, now: datetime
) -> Iterator[Written]:
    """The interchanges of lines, each with where it stands. Neighbours under the same numbers share theirs.

    `partner` names whose rules apply; without one the agreements tell. Raises `GatewayError`
    (`command.line-faulty`) for a line that holds no document, and what `x12.write` raises.
    """
    told = (_read(where, text) for where, text in lines if text.strip())
    for together in _interchanges(told):
        sets = [_say(one, rules, _partner(one.line, rules, partner)) for one in together]
        faults = tuple(fault for one in sets for fault in one.faults)
        yield Written(None, faults) if faults else _checked(_write(sets, rules, now), sets, rules)


@dataclass(frozen=True, slots=True)
class _Told:
    """A line, where it stands, and the noun it holds."""

    where: str
    line: Line
    noun: model.Noun


@dataclass(frozen=True, slots=True)
class _Said:
    """A document in X12, or what kept it from being said."""

    told: _Told
    partner: str
    set: str
    group: str
    body: write.Segments | write.Ready
    faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def _read(where: str, text: str) -> _Told:
    try:
        line = Line.model_validate_json(text)
        return _Told(where, line, model.noun(line.type).from_json(line.document))
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        path = ".".join(str(part) for part in fault["loc"])
        raise _faulty(where, f"{path}: {fault['msg']}" if path else fault["msg"]) from error
    except discover.ShelfError as error:
        raise _faulty(where, str(error)) from error


def _interchanges(lines: Iterable[_Told]) -> Iterator[list[_Told]]:
    """Neighbours of one interchange; another begins where a group or a set would come in it a second time."""
    together: list[_Told] = []
    seen: set[object] = set()
    before: tuple[object, ...] = ()
    for told in lines:
        travels = told.line.envelope
        header = (travels.sender, travels.receiver, travels.interchange_control, travels.test)
        group = (*header, travels.group_sender, travels.group_receiver, travels.group_control, told.line.type)
        twice = (group in seen and group != before) or (group, travels.set_control) in seen
        if together and (twice or header != before[:4]):
            yield together
            together, seen = [], set()
        together.append(told)
        seen |= {group, (group, travels.set_control)}
        before = group
    if together:
        yield together


def _group(said: _Said) -> tuple[object, ...]:
    travels = said.told.line.envelope
    return travels.group_sender, travels.group_receiver, said.group, said.told.line.version, travels.group_control


def _partner(line: Line, rules: Rules, partner: str | None) -> str:
    if partner is not None:
        return partner
    told = line.envelope
    return rules.partner((told.sender, told.receiver, told.group_sender, told.group_receiver), told.test)


def _say(told: _Told, rules: Rules, partner: str) -> _Said:
    line, guides = told.line, rules.guides
    set_id = line.set or guides.set_of(line.type, partner)
    definition, plan = guides.definition(set_id, line.version, partner), guides.map(set_id, line.version, partner)
    if definition is None or plan is None:
        raise _faulty(told.where, f"there are no rules of set {set_id} in version {line.version}")
    if plan.noun is not type(told.noun):
        raise _faulty(told.where, f"set {set_id} does not tell the type {line.type}")
    ways = _ways(guides.partner(partner), partner, line.version)
    body, findings = mapping.body(told.noun, plan, definition, *ways)
    faults = tuple(_fault(told, finding) for finding in findings if finding.severity == "error")
    remarks = tuple(f"{told.where}: {finding.note}" for finding in findings if finding.severity == "warning")
    return _Said(told, partner, set_id, definition.group, body or (), faults, remarks)


def _ways(file: PartnerFile, partner: str, version: str) -> tuple[Separators, mapping.TextRules, mapping.Forms]:
    """The separators, rules of text and forms; of no partner in particular, texts go as they are said."""
    return file.marks_in(version), file.texts if partner else mapping.TextRules(), file.forms


def _write(sets: Sequence[_Said], rules: Rules, now: datetime) -> bytes:
    """One interchange, written as the partner of its first set wants it."""
    partner = rules.guides.partner(sets[0].partner)
    groups = []
    for _, same in groupby(sets, key=_group):
        members = list(same)
        digits = partner.envelope.set_control_digits
        bodies = [(one.set, _padded(one.told.line.envelope.set_control, digits), one.body) for one in members]
        groups.append((_heading(members[0], partner, now), bodies))
    return write.write_groups(groups, partner.marks_in(groups[0][0].version), partner.line_end)


def _heading(said: _Said, partner: PartnerFile, now: datetime) -> write.Heading:
    told = said.told.line.envelope
    control = told.interchange_control
    if not (control.isascii() and control.isdigit()):
        raise _faulty(said.told.where, f"envelope.interchange_control {control!r} is not a number")
    return write.Heading(
        sender=told.sender, receiver=told.receiver, group_sender=told.group_sender, group_receiver=told.group_receiver,
        code=said.group, version=said.told.line.version, interchange_control=int(control),
        group_control=_padded(told.group_control, partner.envelope.group_control_digits), at=now, test=told.test,
        implementation=partner.envelope.implementation.get(said.set, ""),
    )


def _padded(control: str, digits: int) -> str:
    return control.zfill(digits) if control else control


def _checked(content: bytes, sets: Sequence[_Said], rules: Rules) -> Written:
    """What is written obeys the standard and the partner's guide, or it is not written at all."""
    faults: list[str] = []
    written = iter(sets)
    reading = envelope.read([content])
    for interchange in reading:
        for group in interchange.groups:
            for transaction in group.transactions:
                said = next(written)
                table = rules.guides.table(transaction.set, group.version, said.partner)
                verdict = read(transaction, table, rules.guides.partner(said.partner).verdicts)
                faults += [_fault(said.told, finding) for finding in verdict.findings if finding.severity == "error"]
            faults += [finding.note for finding in group.findings if finding.severity == "error"]
        faults += [finding.note for finding in interchange.findings if finding.severity == "error"]
    remarks = tuple(remark for said in sets for remark in said.remarks)
    return Written(None, tuple(faults)) if faults else Written(content, remarks=remarks)


def _fault(told: _Told, finding: Finding) -> str:
    return f"{told.where}: {finding.note} — {finding.remedy}"


def _faulty(where: str, note: str) -> GatewayError:
    return command.LINE_FAULTY.error(f"{where}: {note}")
