"""A file's interchanges, groups and sets, each judged by the rules of the partner it is from.

Nothing is kept: what is read is handed on set by set, and a verdict is complete when what it speaks of is exhausted.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from edi_gateway.flows.guides import Direction, Guides
from edi_gateway.issues import Finding
from edi_gateway.issues import envelope as kinds
from edi_gateway.x12.envelope import Group, Interchange, Reading, Transaction
from edi_gateway.x12.read import Verdict, read
from edi_gateway.x12.settling import settle
from edi_gateway.x12.spec import Definition, base_version
from edi_gateway.x12.verdicts import ACKNOWLEDGMENT, GroupVerdict, judge_group, refine

PartnerOf = Callable[[Interchange, Group | None], str]
"""The folder of the partner that a group is from, or an interchange as a whole; empty for the plain standard."""

DirectionOf = Callable[[Interchange, Group], Direction]
"""Whether the partner has sent a group or gets it."""


class GroupReading:
    """One group, set by set. `verdict`, and the group's findings as the partner weighs them, come at the end."""

    def __init__(self, guides: Guides, group: Group, partner: str = "", direction: Direction = "") -> None:
        self.group = group
        self.partner = partner
        self.direction = direction
        self._guides = guides
        self._outcomes: list[Verdict] = []

    def __iter__(self) -> Iterator[tuple[Transaction, Verdict]]:
        """Each set with its verdict; the sets of a group that cannot be read at all are rejected unread."""
        refusal, effects = self._refusal, self._guides.verdicts(self.partner)
        for transaction in self.group.transactions:
            if refusal is None:
                verdict = self._judged(transaction, effects)
            else:
                transaction.finish()
                verdict = Verdict(transaction.set, transaction.control, "rejected", tuple(transaction.findings))
            self._outcomes.append(Verdict(verdict.set, verdict.control, verdict.outcome))
            yield transaction, verdict
            # The next set is gathered without this one.
            del transaction, verdict
        remark = refusal or self._guides.standard.remark(self.group)
        self.group.findings[:] = settle([*self.group.findings, *([remark] if remark else [])], effects)

    def _judged(self, transaction: Transaction, effects: Mapping[str, str]) -> Verdict:
        """A set by the rows of its release, or of the nearest lower one."""
        version = self.group.version
        release = self._guides.standard.release(transaction.set, version)
        table = self._guides.table(transaction.set, release, self.partner, self.direction) if release else None
        verdict = read(transaction, table, effects, exact=release == base_version(version))
        if not verdict.findings:
            return verdict
        return verdict._replace(findings=refine(verdict.findings, self._answer))

    @cached_property
    def _answer(self) -> Definition | None:
        """The rows of the acknowledgment in the group's release: a code is told where its lists have it."""
        return self._guides.definition(ACKNOWLEDGMENT, self.release, "")

    @property
    def _refusal(self) -> Finding | None:
        exactly = bool(self.partner) and self._guides.partner(self.partner).receiving.other_releases == "refuse"
        return self._guides.standard.refusal(self.group, exactly=exactly)

    @property
    def release(self) -> str:
        """The release the group is read by, such as `004010`, and its acknowledgment is written in.

        It is the lowest we know where the group's own cannot be read or may not be read by another.
        """
        standard = self._guides.standard
        if self._refusal is not None and self._refusal.kind == kinds.GROUP_VERSION_UNKNOWN.code:
            return standard.lowest
        return standard.release_of_group(self.group) or standard.nearest(self.group.version)

    @property
    def counted(self) -> int:
        """How many sets it has held so far."""
        return len(self._outcomes)

    @property
    def verdict(self) -> GroupVerdict:
        """The verdict on the group, once its sets are exhausted."""
        return judge_group(self.group, self._outcomes)


class InterchangeReading:
    """One interchange, group by group. Its findings as the partner weighs them come at the end."""

    def __init__(
        self, guides: Guides, interchange: Interchange, partner_of: PartnerOf, direction_of: DirectionOf,
        seen: Counter[str],
    ) -> None:
        self.interchange = interchange
        self.partner = partner_of(interchange, None)
        self._guides = guides
        self._partner_of = partner_of
        self._direction_of = direction_of
        self._seen = seen

    def __iter__(self) -> Iterator[GroupReading]:
        interchange = self.interchange
        alone = bool(self.partner) and self._guides.partner(self.partner).receiving.one_set_per_file
        for group in interchange.groups:
            partner, direction = self._partner_of(interchange, group), self._direction_of(interchange, group)
            reading = GroupReading(self._guides, group, partner, direction)
            yield reading
            for _ in group.transactions:
                pass
            self._seen[self.partner] += reading.counted
        count = self._seen[self.partner]
        if alone and count > 1:
            note = f"the file holds {count} sets up to here, one is agreed"
            interchange.findings.append(kinds.SETS_TOO_MANY.finding(note, offset=interchange.offset))
        interchange.findings[:] = settle(interchange.findings, self._guides.verdicts(self.partner))


def in_either(interchange: Interchange, group: Group) -> Direction:
    """That the direction of a group is not known."""
    return ""


def readings(
    reading: Reading, guides: Guides, partner_of: PartnerOf, direction_of: DirectionOf = in_either
) -> Iterator[InterchangeReading]:
    """The interchanges of a file, one after the other."""
    seen: Counter[str] = Counter()
    for interchange in reading:
        yield InterchangeReading(guides, interchange, partner_of, direction_of, seen)
