"""A mailbox whose every step can be refused, watched, or be the last of this process."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from edi_gateway.issues import GatewayError, Kind, exchange
from edi_gateway.ports import Claimed, Fetched, Habits, Parcel, Pushed, Settled, Sighting
from edi_gateway.transports._one_by_one import NothingOpen

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DENIED = {"fetch": exchange.READ_DENIED, "settle": exchange.DELETE_DENIED, "list": exchange.LIST_DENIED}


class Died(BaseException):
    """The process ended here."""


@dataclass
class Box(NothingOpen):
    """Files by their sighting. `before` is called ahead of each step with its name and the file's."""

    habits: Habits = field(default_factory=lambda: Habits(stable_seconds=0, unclosed_rounds_max=1))
    files: dict[Sighting, bytes] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    steps: list[tuple[str, str]] = field(default_factory=list)
    before: Callable[[str, str], None] = lambda step, name: None

    def put(self, name: str, content: str | bytes, at: datetime | None = NOON) -> None:
        """The partner writes a file, over one of the same name."""
        raw = content if isinstance(content, bytes) else content.encode()
        self.remove(name)
        self.files[Sighting(name, len(raw), at)] = raw

    def remove(self, name: str) -> None:
        """The partner, or somebody else, takes a file away."""
        self.files = {one: raw for one, raw in self.files.items() if one.name != name or one.claimed}

    def names(self) -> list[str]:
        return sorted(f".{one.name}" if one.claimed else one.name for one in self.files)

    def list(self) -> tuple[Sighting, ...]:
        self._step("list", "")
        return tuple(sorted(self.files, key=lambda one: (one.name, one.claimed)))

    def fetch(self, sightings: Sequence[Sighting]) -> Iterator[Fetched]:
        for sighting in sightings:
            try:
                self._step("fetch", sighting.name)
            except GatewayError as fault:
                yield Fetched(sighting, fault=fault)
            else:
                content = self.files.get(sighting)
                yield Fetched(sighting, content, None if content is not None else _gone(sighting))

    def claim(self, sightings: Sequence[Sighting]) -> Iterator[Claimed]:
        for sighting in sightings:
            hidden = replace(sighting, claimed=True)
            if "claim" in self.denied:
                yield Claimed(sighting, "open")
                continue
            self._step("claim", sighting.name)
            if sighting not in self.files:
                yield Claimed(sighting, "lost", _gone(sighting))
                continue
            self.files[hidden] = self.files.pop(sighting)
            yield Claimed(hidden, "claimed")

    def settle(self, sightings: Sequence[Sighting]) -> Iterator[Settled]:
        for sighting in sightings:
            try:
                self._step("settle", sighting.name)
            except GatewayError as fault:
                yield Settled(sighting, fault)
                continue
            there = [one for one in self.files if (one.name, one.claimed) == (sighting.name, sighting.claimed)]
            if there and sighting not in there:
                yield Settled(sighting, exchange.CHANGED_MEANWHILE.error(sighting.name))
                continue
            self.files.pop(sighting, None)
            yield Settled(sighting)

    def push(self, parcels: Sequence[Parcel]) -> Iterator[Pushed]:
        return (Pushed(parcel, "delivered") for parcel in parcels)

    def _step(self, step: str, name: str) -> None:
        self.before(step, name)
        self.steps.append((step, name))
        if step in self.denied:
            raise _denied(DENIED[step], name)


def _denied(kind: Kind, name: str) -> GatewayError:
    return kind.error(f"may not touch {name}")


def _gone(sighting: Sighting) -> GatewayError:
    return exchange.FILE_GONE.error(sighting.name)
