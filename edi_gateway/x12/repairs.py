"""What was repaired in the layout of one interchange: one finding of each kind, with how often and where first."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from edi_gateway.issues import Finding, Kind


@dataclass(frozen=True, slots=True)
class Repair:
    """A kind of repair: what was met, how often, and the byte offset of the first."""

    kind: Kind
    what: str
    offset: int
    count: int


@dataclass
class Repairs:
    """The repairs of one interchange, by kind."""

    _met: dict[str, Repair] = field(default_factory=dict)

    def add(self, kind: Kind, what: str, offset: int, count: int = 1) -> None:
        """Notes what was met there, so often from there on."""
        met = self._met.get(kind.code)
        self._met[kind.code] = replace(met, count=met.count + count) if met else Repair(kind, what, offset, count)

    def findings(self) -> Iterator[Finding]:
        """One finding of each kind."""
        for met in self._met.values():
            yield met.kind.finding(f"{met.what}: {_times(met.count)}", offset=met.offset)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
