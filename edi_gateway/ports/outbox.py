"""The socket of the outbox: what is to go."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from edi_gateway.ports.papers import Attempt, Label, Packed


class Outbox(Protocol):
    """What is to go."""

    def queue(self, channel: str, name: str, digest: str, size_bytes: int, label: Label, now: datetime) -> int:
        """A parcel to be delivered. One that is the latest of its subject supersedes those that wait still."""

    def acknowledge_again(self, receipt_id: int) -> None:
        """Lets the acknowledgments of a receipt go once more: the same bytes, the same numbers."""

    def again(self, parcel_id: int) -> bool:
        """Lets a parcel that has gone go once more, the same bytes and numbers; no when it has not gone."""

    def acknowledgments_of(self, receipt_id: int) -> tuple[int, ...]:
        """The parcels in which the acknowledgments of a receipt are."""

    def states(self, parcel_ids: Collection[int]) -> tuple[str, ...]:
        """Where each of those parcels stands; `erased` for one whose bytes are kept no longer."""

    def find(self, parcel_id: int) -> Packed | None:
        """A parcel as it stands, None where there is none of that id."""

    def documents_of(self, parcel_id: int) -> tuple[int, ...]:
        """The ids of the documents in a parcel."""

    def ready(
        self, channel: str, limit: int, now: datetime, visiting: bool = True, but: Collection[int] = ()
    ) -> tuple[Packed, ...]:
        """Parcels to be delivered now, those never tried first, then the oldest; none waits for another of them.

        A visit to the mailbox tries beside what is due what only the mailbox kept. `but` are left out.
        """

    def channels(self, now: datetime) -> tuple[str, ...]:
        """The channels that have something to deliver now."""

    def waits(self, channel: str) -> bool:
        """Whether anything is to go over a channel, now or later."""

    def faults(self, channel: str) -> tuple[str, ...]:
        """The codes of what keeps parcels of a channel from going."""

    def attempted(self, page: Sequence[Attempt], now: datetime) -> None:
        """Deliveries of parcels; the documents of those that went become `delivered` or `sent` (unproven)."""

    def went(self, parcel_ids: Sequence[int], state: str, now: datetime) -> None:
        """Parcels have gone, and with them their documents, whatever had been said of them meanwhile."""

    def rest(self, parcel_id: int, reason: str) -> None:
        """Parks a parcel: it stays until it is let go."""

    def void(self, parcel_id: int, reason: str) -> None:
        """A parcel never goes, and its documents neither; its number is a gap."""

    def redirect(self, agreement_id: int) -> None:
        """What has yet to go under an agreement goes over its channel; what came of it at another is of no account."""

    def due(self, parcel_id: int) -> None:
        """Lets a parcel be tried at once."""
