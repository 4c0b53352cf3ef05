"""By whose rules a file is read: the guides, and which partner's of them a group goes by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from edi_gateway.flows.guides import Guides

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


def known(guides: Guides, agreements: Iterable[Mapping[str, Any]]) -> Rules:
    """The rules of a house that has the agreements which `partners.partners` lists."""
    agreed: dict[Ids, dict[str, str]] = {}
    named: dict[str, str] = {}
    for row in agreements:
        ids = (row["theirs"], row["ours"], row["their_group"], row["our_group"])
        named[row["name"]] = row["guide"] or ""
        agreed.setdefault(ids, {})[row["usage"]] = named[row["name"]]
    return Rules(guides, agreed, named)
