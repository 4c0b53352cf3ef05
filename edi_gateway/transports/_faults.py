"""The faults that every mailbox tells in the same words."""

from dataclasses import replace

from edi_gateway.issues import GatewayError, exchange
from edi_gateway.ports import Claimed, Parcel, Sighting, Surveyed
from edi_gateway.transports import _names


class Faults:
    """Makes the faults of one channel's files."""

    def __init__(self, channel: str) -> None:
        self._channel = channel

    def about(self, file: str) -> dict[str, str]:
        """The context of a fault with a file."""
        return {"channel": self._channel, "file": file}

    def check_fetchable(self, sighting: Sighting, bytes_max: int) -> None:
        """Raises `exchange.name-refused` or `exchange.too-large`."""
        self.check_name(sighting.name)
        if sighting.size_bytes > bytes_max:
            note = f"{sighting.name} has {sighting.size_bytes} bytes; no more than {bytes_max} are taken"
            raise exchange.TOO_LARGE.error(note, **self.about(sighting.name))

    def check_whole(self, sighting: Sighting, content: bytes) -> None:
        """Raises `exchange.changed-meanwhile` when the content is not of the size that was listed."""
        if len(content) != sighting.size_bytes:
            note = f"{sighting.name} had {sighting.size_bytes} bytes when it was listed and has another size now"
            raise exchange.CHANGED_MEANWHILE.error(note, **self.about(sighting.name))

    def check_same(self, sighting: Sighting, seen: Sighting) -> None:
        """Raises `exchange.changed-meanwhile` when the file is not as it was listed."""
        if seen.size_bytes != sighting.size_bytes or (sighting.modified and seen.modified != sighting.modified):
            note = f"{sighting.name} was written again after it was listed and is left where it is"
            raise exchange.CHANGED_MEANWHILE.error(note, **self.about(sighting.name))

    def claimed(self, sighting: Sighting, seen: Sighting) -> Claimed:
        """What became of a claim, now that the file was seen under our hidden name."""
        try:
            self.check_same(sighting, seen)
        except GatewayError as fault:
            return Claimed(seen, "lost", fault)
        return Claimed(replace(sighting, claimed=True), "claimed")

    def check_delivered_name(self, name: str) -> None:
        """Raises `exchange.name-refused` for a name that nobody would collect, or that is none."""
        self.check_name(name)
        if _names.hidden(name):
            note = f"{name}: a file of a hidden or temporary name would not be collected"
            raise exchange.NAME_REFUSED.error(note, **self.about(name))

    def check_name(self, name: str) -> None:
        """Raises `exchange.name-refused` for a name that has a flaw."""
        if (why := _names.flaw(name)) is not None:
            # A name that was listed with a backslash is escaped already.
            told = name if name.isascii() and name.isprintable() else _names.shown(name)
            raise exchange.NAME_REFUSED.error(f"{told}: {why}", **self.about(name))

    def own_name(self, file: Surveyed) -> str:
        """The own name of a file that another house has claimed. Raises `exchange.name-refused` for any other."""
        if file.passed_over != "claimed" or (claim := _names.claimed(file.sighting.name)) is None:
            note = f"{file.lies_as} is not the name of another gateway's claim"
            raise exchange.NAME_REFUSED.error(note, **self.about(file.sighting.name))
        return claim[0]

    def own_name_taken(self, own: str) -> GatewayError:
        return exchange.OWN_NAME_TAKEN.error(f"{own} lies there as well", **self.about(own))

    def archive_full(self, sighting: Sighting, archive: str) -> GatewayError:
        note = f"{archive} holds {sighting.name} under {_names.ARCHIVE_TRIES_MAX} names already"
        return exchange.ARCHIVE_FULL.error(note, **self.about(sighting.name))

    def no_folder(self, file: str, purpose: str) -> GatewayError:
        return exchange.FOLDER_MISSING.error(f"the channel names no folder to {purpose}", **self.about(file))

    def name_taken(self, parcel: Parcel) -> GatewayError:
        return exchange.NAME_TAKEN.error(f"{parcel.name} is there and is not what we send", **self.about(parcel.name))

    def size_differs(self, parcel: Parcel, shown: int | None) -> GatewayError:
        there = "nothing" if shown is None else f"{shown} bytes"
        note = f"{parcel.name} has {len(parcel.content)} bytes; the mailbox shows {there}"
        return exchange.SIZE_DIFFERS.error(note, **self.about(parcel.name))
