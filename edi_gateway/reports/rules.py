"""By whose rules a file is read: the guides, and which partner's of them a group goes by."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from edi_gateway.flows.guides import Direction, Guides
from edi_gateway.flows.reading import InterchangeReading, readings
from edi_gateway.x12.envelope import Group, Interchange, Reading

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
    everyone: str | None = None
    """The folder that everything goes by, whatever its ids are."""

    def read(self, reading: Reading) -> Iterator[InterchangeReading]:
        """The interchanges of a file, judged as they are asked for."""
        return readings(reading, self.guides, self.partner_of, self.direction_of)

    def partner(self, ids: Ids, test: bool) -> str:
        """The partner's folder, empty for the plain standard. A document of ours goes by the rules of its receiver."""
        theirs = self.agreed.get(ids) or self.agreed.get(_turned(ids)) or {}
        return _by_usage(theirs, test)

    def partner_of(self, interchange: Interchange, group: Group | None) -> str:
        """The folder of the partner a group is from; of an interchange, that of the first who uses its ids."""
        if self.everyone is not None:
            return self.everyone
        if group is not None:
            return self.partner((interchange.sender, interchange.receiver, group.sender, group.receiver),
                                interchange.test)
        pair = {interchange.sender, interchange.receiver}
        theirs: dict[str, str] = {}
        for ids, folders in self.agreed.items():
            if set(ids[:2]) == pair:
                theirs = {**folders, **theirs}
        return _by_usage(theirs, interchange.test)


    def direction_of(self, interchange: Interchange, group: Group) -> Direction:
        """Whether a partner has sent a group or gets it, by its ids; empty where these are nobody's."""
        ids = (interchange.sender, interchange.receiver, group.sender, group.receiver)
        return "in" if ids in self.agreed else "out" if _turned(ids) in self.agreed else ""


def _turned(ids: Ids) -> Ids:
    return ids[1], ids[0], ids[3], ids[2]


def _by_usage(folders: Mapping[str, str], test: bool) -> str:
    exact = folders.get("test" if test else "production") or folders.get("both")
    return exact or next(iter(folders.values()), "")


def known(guides: Guides, agreements: Iterable[Mapping[str, Any]]) -> Rules:
    """The rules of a house that has the agreements which `partners.partners` lists."""
    agreed: dict[Ids, dict[str, str]] = {}
    named: dict[str, str] = {}
    for row in agreements:
        ids = (row["theirs"], row["ours"], row["their_group"], row["our_group"])
        named[row["name"]] = row["guide"] or ""
        agreed.setdefault(ids, {})[row["usage"]] = named[row["name"]]
    return Rules(guides, agreed, named)
