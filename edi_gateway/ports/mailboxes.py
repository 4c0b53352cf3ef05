"""The sockets of a channel, and what passes between a mailbox and the house."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, Protocol, runtime_checkable

from edi_gateway.issues import GatewayError


@dataclass(frozen=True, slots=True)
class Sighting:
    """A file as a mailbox lists it. `modified` is UTC, None where the mailbox does not tell.

    `claimed` says that it lies there under the hidden name that we gave it; `name` is its own nevertheless.
    """

    name: str
    size_bytes: int
    modified: datetime | None
    claimed: bool = False


PassedOver = Literal["hidden", "extension", "name", "claimed"]
"""Why a file is left alone: its name is hidden or temporary, ends otherwise than asked for, is like none of the names
asked for, or is that of another gateway's claim."""
Refused = Literal["too large", "badly named"]
"""Why a file that is to be collected cannot be taken."""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A file in a mailbox, whether it is to be collected or not.

    `lies_as` is its name there. `passed_over` says why it is left alone. `refused` says why it is one to collect and
    cannot be taken: it is too large, or its name cannot be used. `own` is the name that a file had before another
    gateway claimed it.
    """

    sighting: Sighting
    lies_as: str
    passed_over: PassedOver | None = None
    refused: Refused | None = None
    own: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """One file fetched, or the fault that kept it from being fetched."""

    sighting: Sighting
    content: bytes | None = None
    fault: GatewayError | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """What became of claiming a file.

    `claimed`: it lies under our hidden name now, unchanged since it was listed, and `sighting` says so. `open`: it
    stays where it is, because the channel leaves files or does not claim them, the hidden name cannot be had, or we may
    not rename them, which is a `fault`. `lost`: it is gone, or lies under our hidden name and is not as it was listed;
    `fault` says which, and `sighting` what lies there now.
    """

    sighting: Sighting
    outcome: Literal["claimed", "open", "lost"]
    fault: GatewayError | None = None


@dataclass(frozen=True, slots=True)
class Habits:
    """What a round must know of a channel.

    `leaves`: what was collected stays in the mailbox, and is remembered. `stable_seconds`: how long size and time
    of a file must not change before it is fetched. `unclosed_rounds_max`: after so many rounds a file that does not
    end as an interchange does is taken as it is. `files_per_round_max`: no more are fetched in a round.
    `claims_told`: files are to be claimed, and where that is refused a person is told.
    """

    leaves: bool = False
    stable_seconds: float = 2.0
    unclosed_rounds_max: int = 3
    files_per_round_max: int = 1000
    claims_told: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """One file removed or moved away (a file already gone counts), or the fault that kept it."""

    sighting: Sighting
    fault: GatewayError | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """Bytes to be delivered under a name; `set` is the id of the set in them, by which a folder may be chosen.

    `begun` says that an earlier try may have left the beginning of them under that very name.
    """

    id: int
    channel: str
    name: str
    content: bytes
    set: str = ""
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of a parcel.

    `delivered`: the name stands in the mailbox. `unproven`: the rename was asked for, its answer was
    lost, and both names are gone. `failed`: it is not there; `fault` says why, and `begun` whether its beginning
    may stand there under its own name.
    """

    parcel: Parcel
    outcome: Literal["delivered", "unproven", "failed"]
    fault: GatewayError | None = None
    begun: bool = False


class Pulls(Protocol):
    """A mailbox we collect from."""

    @property
    def habits(self) -> Habits:
        """How it is collected from."""

    def list(self) -> tuple[Sighting, ...]:
        """The files to collect, sorted by name; hidden and temporary names are left out, claims of ours are not.

        Raises `GatewayError` of family `exchange`.
        """

    def fetch(self, sightings: Sequence[Sighting]) -> Iterator[Fetched]:
        """The files' bytes, many in flight on one connection; a fault is a value per file."""

    def claim(self, sightings: Sequence[Sighting]) -> Iterator[Claimed]:
        """Renames the files to hidden names of ours, so that nobody else takes or overwrites them any more.

        Each is looked at again under its new name. One that is claimed already stays as it is.
        """

    def settle(self, sightings: Sequence[Sighting]) -> Iterator[Settled]:
        """Removes the files, moves them away, or leaves them, as the channel says; a moved one has its own name again.

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


@runtime_checkable
class Compares(Protocol):
    """What a transport may have beside: a comparison with what lies in the folder we deliver to."""

    def holds(self, parcel: Parcel) -> bool | None:
        """Whether a parcel's very bytes stand under its name; None where no file does. Nothing is written.

        Raises `GatewayError` of family `exchange`.
        """


@runtime_checkable
class Remarks(Protocol):
    """What a transport may have beside: remarks on its connection, such as a new host key that was announced."""

    def remarks(self) -> tuple[GatewayError, ...]:
        """What a person should know of the connection that stands, though everything goes on; asked after `list`."""


@runtime_checkable
class Skips(Protocol):
    """What a transport may have beside: it collects from several folders, and goes on where one cannot be listed."""

    def left_out(self) -> Mapping[str, GatewayError]:
        """What the last `list` left out: the beginning of the names there, and the fault; asked after `list`."""


@runtime_checkable
class Surveys(Protocol):
    """What a transport may have beside: an account of everything that lies in the folders we collect from."""

    def survey(self) -> tuple[Surveyed, ...]:
        """All files that the last `list` has seen, those it passed over among them; asked after `list`."""

    def unclaim(self, file: Surveyed) -> None:
        """Lets a file that another gateway has claimed lie under its own name again; nothing is overwritten.

        Raises `GatewayError` of family `exchange`.
        """


class Transport(Pulls, Pushes, AbstractContextManager["Transport"], Protocol):
    """An open channel. Nothing is opened before the first call; leaving the context closes it."""


def newest(sightings: Sequence[Sighting], most: int) -> Sequence[Sighting]:
    """No more files than are taken in a round: the newest of them, in the order given.

    So files that we may not remove never keep new ones from being collected.
    """
    if len(sightings) <= most:
        return sightings
    places = sorted(range(len(sightings)), key=lambda place: _written(sightings[place]), reverse=True)[:most]
    return [sightings[place] for place in sorted(places)]


def _written(sighting: Sighting) -> datetime:
    return sighting.modified or datetime.min.replace(tzinfo=UTC)
