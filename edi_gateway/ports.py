"""The sockets of the house, and the values that pass through them.

Flows know these shapes only; who fills them is named in `wiring`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Protocol

from edi_gateway.issues import Finding, GatewayError, Kind
from edi_gateway.ledger.facts import Entry, Key, KnownOrder, OrderKey, Past, Trouble
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.model import Noun

# What passes between a mailbox and the house


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


class Transport(Pulls, Pushes, AbstractContextManager["Transport"], Protocol):
    """An open channel. Nothing is opened before the first call; leaving the context closes it."""


# What the house knows of partners


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


# What the house keeps


@dataclass(frozen=True, slots=True)
class Receipt:
    """Bytes that are ours, under their SHA-256, to be run once unless told again."""

    id: int
    channel: str
    name: str
    digest: str
    size_bytes: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a set stands in what we received: ordinals from 1. The key of its effects."""

    receipt_id: int
    interchange: int
    group: int
    transaction: int


@dataclass(frozen=True, slots=True)
class Envelope:
    """The ids and numbers a document travels under. `test` is ISA15 = T."""

    sender: Identity
    receiver: Identity
    group_sender: str
    group_receiver: str
    interchange_control: str
    group_code: str
    group_control: str
    set_control: str
    test: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A transaction set as people see it. `place` for one received, `parcel_id` for one of ours."""

    direction: Literal["in", "out"]
    set: str
    version: str
    state: str
    channel: str
    file: str
    envelope: Envelope
    agreement_id: int | None = None
    partnership_id: int | None = None
    order_id: int | None = None
    place: Place | None = None
    parcel_id: int | None = None
    findings: tuple[Finding, ...] = ()
    body: Noun | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of a sighting: `new` bytes, the `same` copy seen again, or a `duplicate` of known bytes."""

    arrival_id: int
    receipt: Receipt
    verdict: Literal["new", "same", "duplicate"]


@dataclass(frozen=True, slots=True)
class Stuck:
    """What an issue holds: a document received and its noun, or only the receipt it came in."""

    about: str
    receipt_id: int
    document_id: int | None = None
    state: str = ""
    agreement_id: int = 0
    partnership_id: int | None = None
    noun: str = ""
    body: Any = None


# The sockets of the store


class Inbox(Protocol):
    """What has come."""

    def admit(self, channel: str, sighting: Sighting, digest: str, rank: str, now: datetime) -> Admission:
        """One sighting, and the receipt of its bytes; `rank` orders what waits (ISA date, time, number)."""

    def settled(self, arrival_id: int, fault: str | None, now: datetime) -> None:
        """The file is gone from the mailbox, or why it is not."""

    def waiting(self, limit: int) -> tuple[Receipt, ...]:
        """Receipts to be processed, in order of rank."""

    def finish(self, receipt_id: int, state: Literal["done", "held"]) -> None: ...

    def again(self, receipt_id: int) -> None:
        """Lets a receipt wait for processing once more; what it has done already is not done twice."""

    def again_all_held(self) -> None:
        """The same for every receipt that holds something."""


class Documents(Protocol):
    """The documents people see."""

    def record(self, document: Document, now: datetime) -> int:
        """Adds a document, or renews the one that stood held at the same place. Returns its id."""

    def at(self, place: Place) -> tuple[int, str] | None:
        """Id and state of the document at a place, None where there is none yet."""

    def state(
        self, document_id: int, state: str, order_id: int | None = None, partnership_id: int | None = None
    ) -> None: ...

    def judged(self, receipt_id: int, interchange: int, group: int) -> bool:
        """Whether the group has had its verdict, and with it its acknowledgment."""

    def judge(
        self, receipt_id: int, interchange: int, group: int, verdict: str, acknowledgment_id: int | None, now: datetime
    ) -> None:
        """Remembers that the group has had its verdict, and which document told it."""


class Books(Protocol):
    """Orders and the append-only entries."""

    def past(self, agreement: Agreement, partnership: Partnership | None, keys: Sequence[Key], now: datetime) -> Past:
        """What is known under each key, None where nothing is."""

    def write(
        self, entries: Sequence[Entry], source_document_id: int | None, partnership: Partnership | None, now: datetime
    ) -> None: ...

    def order_id(self, partnership_id: int, key: OrderKey) -> int | None:
        """The id of the order of that number and release."""

    def known_order(self, partnership_id: int, key: OrderKey) -> KnownOrder | None:
        """The order of that number and release."""


class Outbox(Protocol):
    """What is to go."""

    def queue(self, channel: str, name: str, digest: str, size_bytes: int, now: datetime) -> int: ...

    def acknowledge_again(self, receipt_id: int) -> None:
        """Lets the acknowledgments of a receipt go once more: the same bytes, the same numbers."""

    def ready(self, channel: str, limit: int) -> tuple[tuple[int, str, str], ...]:
        """Parcels to deliver, oldest first: id, name, digest."""

    def channels(self) -> tuple[str, ...]:
        """The channels that have something to deliver."""

    def attempted(self, parcel_id: int, outcome: str, fault: str | None, now: datetime) -> None:
        """One delivery of a parcel; its documents become `delivered` or `sent` (unproven)."""


class Agreements(Protocol):
    """Who we trade with, as rows."""

    def find(
        self, sender: Identity, receiver: Identity, group_sender: str, group_receiver: str
    ) -> tuple[Agreement, ...]:
        """The agreements under which a group may come."""

    def partnership(self, agreement_id: int, reference: str | None) -> Partnership | None:
        """By reference; without one, the agreement's only partnership."""

    def named(self, name: str) -> Agreement | None:
        """The agreement of that name."""

    def clash(self, name: str, values: Mapping[str, str]) -> str | None:
        """The name of another agreement that these values would make the same as this one."""

    def put(self, name: str, **values: str) -> Agreement:
        """Adds an agreement, or changes the one of that name."""

    def put_partnership(self, agreement_id: int, name: str, **values: str) -> Partnership:
        """Adds a partnership, or changes the one of that name."""

    def get(self, agreement_id: int) -> Agreement: ...

    def get_partnership(self, partnership_id: int) -> Partnership: ...


class Prices(Protocol):
    """Price lists."""

    def put(self, price_list: str, rows: Mapping[tuple[str, str], tuple[Decimal, str]]) -> None:
        """Adds or changes prices: (product kind, product id) to (price, currency)."""


class Numbers(Protocol):
    """Control numbers."""

    def take(self, scope: str) -> int:
        """The next number of a scope, from 1 to 999999999 and round again; taken when the unit commits."""


class Desk(Protocol):
    """The issues people see."""

    def open(self, trouble: Trouble, now: datetime) -> int:
        """Opens an issue, or counts the open one of the same kind about the same thing."""

    def close(self, kind: Kind, about: str, now: datetime) -> None:
        """The cause is gone."""

    def close_about(self, about: str, now: datetime) -> None:
        """Everything about this is settled."""

    def stuck(self, issue_id: int) -> Stuck | None:
        """What an open issue holds, None where it holds nothing that can be run again."""

    def heal(self, about: str, but: Sequence[str], now: datetime) -> None:
        """Closes the issues about a step that will be tried again, except those of the kinds `but`."""


class Unit(Protocol):
    """One write transaction: everything in it or nothing."""

    @property
    def inbox(self) -> Inbox: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def books(self) -> Books: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def agreements(self) -> Agreements: ...
    @property
    def prices(self) -> Prices: ...
    @property
    def numbers(self) -> Numbers: ...
    @property
    def desk(self) -> Desk: ...

    def savepoint(self) -> AbstractContextManager[object]:
        """A part that can fail alone."""


class Store(Protocol):
    """The database."""

    def unit(self) -> AbstractContextManager[Unit]:
        """A unit that commits when its block ends and rolls back when it raises."""

    def reading(self) -> AbstractContextManager[Unit]:
        """A unit that only reads: one consistent picture, and it never waits for a writer."""


class Clock(Protocol):
    """Tells the instant, in UTC."""

    def now(self) -> datetime: ...


class Archive(Protocol):
    """Every byte in and out, under its digest, never altered."""

    def keep(self, content: bytes) -> str:
        """Makes the bytes durable and returns their SHA-256 in hex; the same bytes are kept once."""

    def read(self, digest: str) -> bytes:
        """The bytes kept under that digest. Raises `GatewayError` (`internal.archive-lost`)."""


class Shelf(Protocol):
    """The data of the house: `specs/`, `mappings/`, `fixtures/`, a deployment's laid over ours."""

    def read(self, path: str) -> bytes | None:
        """The file at a path such as `specs/850/004010.toml`, None where there is none."""

    def rows(self, path: str) -> Mapping[str, Any] | None:
        """The parsed TOML of a path, None where there is none. Raises `GatewayError` for a faulty file."""

    def names(self, folder: str) -> tuple[str, ...]:
        """The names in a folder such as `mappings/partners`, sorted; empty where there is none."""
