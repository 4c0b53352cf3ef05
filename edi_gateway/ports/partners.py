"""What the house knows of partners."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Identity:
    """An interchange id with its qualifier, without padding; as text `ZZ:ACME`."""

    qualifier: str
    id: str

    def __str__(self) -> str:
        return f"{self.qualifier}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Identity":
        """`ZZ:ACME` as an identity. Raises `ValueError` when there is no colon or a part is empty."""
        qualifier, colon, name = text.partition(":")
        if not (colon and qualifier and name):
            raise ValueError(f"{text!r} is not QUALIFIER:ID, such as ZZ:ACME")
        return cls(qualifier, name)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The technical relation with a partner: whose ids, over which channel, by which guide.

    `partner` names the folder `mappings/partners/<partner>/`, empty for the plain standard.
    `usage` says which ISA15 it covers.
    """

    id: int
    name: str
    ours: Identity
    theirs: Identity
    our_group: str
    their_group: str
    usage: Literal["production", "test", "both"]
    partner: str
    channel: str


def stranger(
    sender: str, receiver: str, group_sender: str | None = None, group_receiver: str | None = None, *, test: bool
) -> str:
    """What the desk's issues are filed under that ask who sends from these ids, with those of a group or without.

    Of test data it is another than of production data: who agrees to the one has said nothing of the other.
    """
    ids = f"{sender} to {receiver}{', test' if test else ''}"
    return ids if group_sender is None else f"{ids}, group {group_sender} to {group_receiver}"
