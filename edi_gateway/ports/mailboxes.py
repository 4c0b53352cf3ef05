"""The sockets of a channel, and what passes between a mailbox and the house."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from edi_gateway.issues import GatewayError


@dataclass(frozen=True, slots=True)
class Sighting:
    """A file as a mailbox lists it. `modified` is UTC, None where the mailbox does not tell."""

    name: str
    size_bytes: int
    modified: datetime | None


@dataclass(frozen=True, slots=True)
class Fetched:
    """One file fetched, or the fault that kept it from being fetched."""

    sighting: Sighting
    content: bytes | None = None
    fault: GatewayError | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """One file removed or moved away (a file already gone counts), or the fault that kept it."""

    sighting: Sighting
    fault: GatewayError | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """Bytes to be delivered under a name."""

    id: int
    channel: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of a parcel.

    `delivered`: the name stands in the mailbox. `unproven`: the rename was asked for, its answer was
    lost, and both names are gone. `failed`: it is not there; `fault` says why.
    """

    parcel: Parcel
    outcome: Literal["delivered", "unproven", "failed"]
    fault: GatewayError | None = None


class Pulls(Protocol):
    """A mailbox we collect from."""

    def list(self) -> tuple[Sighting, ...]:
        """The files to collect, sorted by name; hidden and temporary names are left out.

        Raises `GatewayError` of family `exchange`.
        """

    def fetch(self, sightings: Sequence[Sighting]) -> Iterator[Fetched]:
        """The files' bytes, many in flight on one connection; a fault is a value per file."""

    def settle(self, sightings: Sequence[Sighting]) -> Iterator[Settled]:
        """Removes or moves the files away, as the channel says.

        Each is looked at again first: one whose size or time has changed since it was listed is
        left alone and is the fault `exchange.changed-meanwhile`.
        """


class Pushes(Protocol):
    """A mailbox we deliver to."""

    def push(self, parcels: Sequence[Parcel]) -> Iterator[Pushed]:
        """Writes each under a hidden name, checks its size, and renames it; faults are values."""


@runtime_checkable
class Looks(Protocol):
    """What a transport may have beside: a look at the folder we deliver to."""

    def look(self) -> bool:
        """Whether the channel delivers at all; when it does, its folder was seen. Nothing is written.

        Raises `GatewayError` of family `exchange`.
        """


class Transport(Pulls, Pushes, AbstractContextManager["Transport"], Protocol):
    """An open channel. Nothing is opened before the first call; leaving the context closes it."""
