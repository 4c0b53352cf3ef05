"""Steps of a mailbox taken file by file: a fault is the answer for its file, and the next file goes on."""

from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Literal, Self

from edi_gateway.issues import GatewayError
from edi_gateway.ports import Claimed, Fetched, Parcel, Pushed, Settled, Sighting


class NothingOpen:
    """The context of a mailbox that holds nothing open: nothing is closed by leaving it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None


def fetch(sightings: Sequence[Sighting], read: Callable[[Sighting], bytes]) -> Iterator[Fetched]:
    """What `read` returns for each file."""
    for sighting in sightings:
        try:
            yield Fetched(sighting, read(sighting))
        except GatewayError as fault:
            yield Fetched(sighting, fault=fault)


def claim(sightings: Sequence[Sighting], take: Callable[[Sighting], Claimed]) -> Iterator[Claimed]:
    """What `take` answers for each file; one with a fault is lost. What is claimed already stays so."""
    for sighting in sightings:
        try:
            yield Claimed(sighting, "claimed") if sighting.claimed else take(sighting)
        except GatewayError as fault:
            yield Claimed(sighting, "lost", fault)


def settle(sightings: Sequence[Sighting], put_away: Callable[[Sighting], None]) -> Iterator[Settled]:
    """Settles each file by `put_away`."""
    for sighting in sightings:
        try:
            put_away(sighting)
        except GatewayError as fault:
            yield Settled(sighting, fault)
        else:
            yield Settled(sighting)


def push(
    parcels: Sequence[Parcel], deliver: Callable[[Parcel], Literal["delivered", "unproven"]]
) -> Iterator[Pushed]:
    """Pushes each parcel by `deliver`, which says how surely it arrived."""
    for parcel in parcels:
        try:
            yield Pushed(parcel, deliver(parcel))
        except GatewayError as fault:
            yield Pushed(parcel, "failed", fault, parcel.begun)
