"""Many commits made as one: each is a part that can fail alone, and they are durable together or not at all."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from edi_gateway.flows.house import House
from edi_gateway.ports import Archive, Unit


@contextmanager
def page(house: House) -> Iterator[House]:
    """The house with one commit open, in which its own commits are parts; made when the block ends.

    Nobody else can write meanwhile, so a page is to be short. What the parts keep in the archive is made durable
    with one stroke before the commit. When the block raises, or the end cannot be made, nothing has happened.
    """
    with house.store.unit() as unit:
        kept = _Pocket(house.archive)
        yield replace(house, store=_Parts(unit), archive=kept, clock=_Still(house.clock.now()))
        kept.empty()


@dataclass(frozen=True)
class _Parts:
    """The open commit in place of the database."""

    _unit: Unit

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        with self._unit.savepoint():
            yield self._unit

    def reading(self) -> AbstractContextManager[Unit]:
        return nullcontext(self._unit)

    def scrub(self) -> None:
        """Nothing is erased while a page is open."""


@dataclass(frozen=True)
class _Still:
    """The clock of a page: all of one commit is dated alike."""

    _now: datetime

    def now(self) -> datetime:
        return self._now


@dataclass(frozen=True)
class _Pocket:
    """What is to be kept, by digest, in front of the archive that will hold it."""

    _archive: Archive
    _contents: dict[str, bytes] = field(default_factory=dict)

    def keep(self, content: bytes) -> str:
        digest = sha256(content).hexdigest()
        self._contents[digest] = content
        return digest

    def keep_page(self, contents: Sequence[bytes]) -> tuple[str, ...]:
        return tuple(self.keep(content) for content in contents)

    def tidy(self, seconds: float = 60.0) -> None:
        self._archive.tidy(seconds)

    def read(self, digest: str) -> bytes:
        content = self._contents.get(digest)
        return self._archive.read(digest) if content is None else content

    def erase(self, digest: str) -> None:
        self._contents.pop(digest, None)
        self._archive.erase(digest)

    def empty(self) -> None:
        """Hands everything on to the archive, whose it is from then on."""
        if self._contents:
            self._archive.keep_page(tuple(self._contents.values()))
