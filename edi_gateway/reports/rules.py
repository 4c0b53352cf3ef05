"""By whose rules a file is read: the guides, and which partner's of them a group goes by."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from edi_gateway.flows.guides import Guides
from edi_gateway.x12.envelope import Group, Interchange
from edi_gateway.x12.read import Verdict, read

Ids = tuple[str, str, str, str]
"""Sender and receiver of the interchange as `ZZ:ID`, sender and receiver of the group."""


@dataclass(frozen=True)
class Rules:
    """The guides, and who of the partners uses which ids. Without a house nobody is known: the standard applies."""

    guides: Guides
    agreed: Mapping[Ids, Mapping[str, str]] = field(default_factory=dict)
    """The partner's folder, by ids and by usage."""
    named: Mapping[str, str] = field(default_factory=dict)
    """The same by the agreement's name."""

    def partner(self, ids: Ids, test: bool) -> str:
        """The partner's folder, empty for the plain standard. A document of ours goes by the rules of its receiver."""
        theirs = self.agreed.get(ids) or self.agreed.get((ids[1], ids[0], ids[3], ids[2])) or {}
        exact = theirs.get("test" if test else "production") or theirs.get("both")
        return exact or next(iter(theirs.values()), "")

    def judge(self, interchange: Interchange, group: Group) -> Iterator[Verdict]:
        """The verdicts on a group's sets, one after the other; none where the group cannot be read, and it says why."""
        refusal = self.guides.standard.refusal(group)
        if refusal is not None:
            group.findings.append(refusal)
            return
        partner = self.partner_of(interchange, group)
        for transaction in group.transactions:
            table = self.guides.table(transaction.set, group.version, partner)
            yield read(transaction, table, self.guides.partner(partner).verdicts)

    def partner_of(self, interchange: Interchange, group: Group) -> str:
        """The folder of the partner a group is from."""
        return self.partner((interchange.sender, interchange.receiver, group.sender, group.receiver), interchange.test)


def known(guides: Guides, agreements: Iterable[Mapping[str, Any]]) -> Rules:
    """The rules of a house that has the agreements which `partners.partners` lists."""
    agreed: dict[Ids, dict[str, str]] = {}
    named: dict[str, str] = {}
    for row in agreements:
        ids = (row["theirs"], row["ours"], row["their_group"], row["our_group"])
        named[row["name"]] = row["guide"] or ""
        agreed.setdefault(ids, {})[row["usage"]] = named[row["name"]]
    return Rules(guides, agreed, named)
