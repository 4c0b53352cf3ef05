"""The acknowledgments that a file would get, without a house: the ledger is not asked, and gives no number."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import count

from edi_gateway.flows.guides import Guides
from edi_gateway.flows.partner_file import PartnerFile
from edi_gateway.flows.reading import GroupReading, InterchangeReading
from edi_gateway.flows.ta1 import VERSIONS, answered_in
from edi_gateway.issues import GatewayError
from edi_gateway.x12.envelope import Group, Interchange
from edi_gateway.x12.read import Verdict
from edi_gateway.x12.verdicts import (
    ACKNOWLEDGMENT,
    FUNCTIONAL_GROUP,
    GroupVerdict,
    acknowledge,
    acknowledge_interchange,
    only_acknowledges,
)
from edi_gateway.x12.write import Heading, write, write_ta1

Answer = bytes | str | GatewayError
"""An interchange that answers; a sentence that says why there is none; or why one cannot be written."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """A group and what its answer says; the sets without their trees."""

    group: Group
    partner: str
    release: str
    verdicts: tuple[Verdict, ...]
    verdict: GroupVerdict


@dataclass
class Answering:
    """Writes answers with numbers of its own, counted from 1. `always` says that every interchange gets a TA1."""

    guides: Guides
    at: datetime
    always: bool = False
    errors: bool = False
    """Whether there was an error in what has been answered."""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def answers(self, read: InterchangeReading) -> Iterator[Answer]:
        """The answers to an interchange, which is read to its end first: its trailer may refuse it."""
        groups = [_judged(group) for group in read]
        interchange, rules = read.interchange, self.guides.partner(read.partner)
        self._note(interchange, groups)
        about = f"interchange {interchange.control}"
        if only_acknowledges(interchange, [one.group.code for one in groups]):
            yield f"{about} holds nothing but acknowledgments, which are not answered"
            return
        if self.always or _wants_ta1(interchange, rules):
            yield _written(partial(self._ta1, interchange, read.partner))
        elif not interchange.accepted:
            yield f"{about} is refused, and no TA1 is agreed for that"
        for one in groups if interchange.accepted else ():
            if one.group.code == FUNCTIONAL_GROUP:
                yield f"group {one.group.control} holds acknowledgments, which are not answered"
            else:
                yield _written(partial(self._of_group, interchange, one))

    def _note(self, interchange: Interchange, groups: list[_Judged]) -> None:
        found = [*interchange.findings, *(finding for one in groups for finding in one.verdict.findings)]
        found += [finding for one in groups for verdict in one.verdicts for finding in verdict.findings]
        self.errors = self.errors or any(finding.severity == "error" for finding in found)

    def _ta1(self, interchange: Interchange, partner: str) -> bytes:
        rules = self.guides.partner(partner)
        heading = self._heading(interchange, VERSIONS[answered_in(interchange)])
        marks = rules.marks_in(heading.version)
        segment = acknowledge_interchange(interchange, marks)
        return write_ta1(heading, [segment], marks, _line_end(partner, rules))

    def _of_group(self, interchange: Interchange, one: _Judged) -> bytes:
        rules, group = self.guides.partner(one.partner), one.group
        heading = replace(
            self._heading(interchange, rules.envelope.in_release(one.release)), code=FUNCTIONAL_GROUP,
            group_sender=group.receiver, group_receiver=group.sender,
        )
        heading = replace(
            heading, group_control=str(heading.interchange_control).zfill(rules.envelope.group_control_digits)
        )
        marks, texts = rules.marks_in(one.release), rules.texts
        body = acknowledge(
            group, one.verdicts, one.verdict, not rules.acknowledgments.accepted_sets, marks,
            lambda copy: texts.fault(copy) is None,
            self.guides.definition(ACKNOWLEDGMENT, one.release, one.partner, "out"),
        )
        number = "1".zfill(rules.envelope.set_control_digits)
        return write(heading, [(ACKNOWLEDGMENT, number, body)], marks, _line_end(one.partner, rules))

    def _heading(self, interchange: Interchange, version: str) -> Heading:
        return Heading(
            sender=interchange.receiver, receiver=interchange.sender, group_sender="", group_receiver="", code="",
            version=version, interchange_control=next(self._numbers), group_control="", at=self.at,
            test=interchange.usage != "P",
        )


def _wants_ta1(interchange: Interchange, rules: PartnerFile) -> bool:
    """Whether the partner gets a TA1 for an interchange that has been read to its end."""
    faulty = any(finding.verdict for finding in interchange.findings)
    return rules.acknowledgments.wants_ta1(interchange.requests_ta1, faulty=faulty)


def _judged(read: GroupReading) -> _Judged:
    verdicts = tuple(verdict._replace(tree=None, places=None) for _, verdict in read)
    return _Judged(read.group, read.partner, read.release, verdicts, read.verdict)


def _line_end(partner: str, rules: PartnerFile) -> str:
    """As the partner has it; a person who asks without one reads it line by line."""
    return rules.line_end if partner else "\n"


def _written(writing: Callable[[], bytes]) -> Answer:
    try:
        return writing()
    except GatewayError as error:
        return error
