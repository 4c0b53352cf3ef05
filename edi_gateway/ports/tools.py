"""The other sockets: the clock, the archive of bytes, the shelf of data."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol


class Clock(Protocol):
    """Tells the instant, in UTC."""

    def now(self) -> datetime: ...


class Locks(Protocol):
    """Whose turn it is, for all threads and processes that work in one house."""

    def hold(self, name: str, wait: bool = True) -> AbstractContextManager[bool]:
        """Waits for the lock of that name and holds it while the block runs; the death of its holder frees it.

        Told not to wait, it says whether the lock is held: no where somebody else holds it.
        """


class Archive(Protocol):
    """Every byte in and out, under its digest, never altered."""

    def keep(self, content: bytes) -> str:
        """Makes the bytes durable and returns their SHA-256 in hex; the same bytes are kept once."""

    def keep_page(self, contents: Sequence[bytes]) -> tuple[str, ...]:
        """The same for many at once, as durable and in far less time. Returns their digests in the order given."""

    def tidy(self, seconds: float = 60.0) -> None:
        """Gives what was kept in pages so long ago its last form; by then the machine has written it itself."""

    def read(self, digest: str) -> bytes:
        """The bytes kept under that digest. Raises `GatewayError`: `archive.erased`, `internal.archive-lost`."""

    def erase(self, digest: str) -> None:
        """Removes the bytes of that digest for ever; reading them tells so from then on."""


class Shelf(Protocol):
    """The data of the house: `specs/`, `mappings/`, `fixtures/`, a deployment's laid over ours."""

    def read(self, path: str) -> bytes | None:
        """The file at a path such as `specs/850/004010.toml`, None where there is none."""

    def rows(self, path: str) -> Mapping[str, Any] | None:
        """The parsed TOML of a path, None where there is none. Raises `GatewayError` for a faulty file."""

    def names(self, folder: str) -> tuple[str, ...]:
        """The names in a folder such as `mappings/partners`, sorted; empty where there is none."""
