"""The sockets of the database: what a write transaction can be asked to do."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Protocol

from edi_gateway.issues import Kind
from edi_gateway.ledger.facts import AgreedPrice, Entry, Key, KnownOrder, OrderKey, Past, Trouble
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.ports.mailboxes import Sighting
from edi_gateway.ports.papers import Admission, Document, Kept, Place, Receipt, Stuck
from edi_gateway.ports.partners import Agreement, Identity


class Inbox(Protocol):
    """What has come."""

    def admit(self, channel: str, sighting: Sighting, digest: str, rank: str, now: datetime) -> Admission:
        """One sighting, and the receipt of its bytes; `rank` orders what waits (ISA date, time, number)."""

    def baseline(self, channel: str, sightings: Sequence[Sighting], now: datetime) -> int:
        """Marks files as seen: they are not collected while they are the same copies. Returns how many are new so."""

    def seen(self, channel: str) -> frozenset[Sighting]:
        """The copies that were marked so."""

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

    def travelled(self, document_id: int) -> tuple[str, int | None] | None:
        """A document's direction and the parcel it went out in, None where there is no such document."""

    def kept(self, document_id: int) -> Kept | None:
        """Where the archive holds a document of ours, None where there is no such document."""

    def state(
        self, document_id: int, state: str, order_id: int | None = None, partnership_id: int | None = None
    ) -> None: ...

    def judged(self, receipt_id: int, interchange: int, group: int) -> bool:
        """Whether the group has had its verdict, and with it its acknowledgment."""

    def judge(
        self, receipt_id: int, interchange: int, group: int, verdict: str, acknowledgment_id: int | None, now: datetime
    ) -> None:
        """Remembers that the group has had its verdict, and which document told it."""

    def interchange_judged(self, receipt_id: int, interchange: int) -> bool:
        """Whether the interchange has had its verdict, and with it its TA1 where one was due."""

    def judge_interchange(
        self, receipt_id: int, interchange: int, verdict: str, acknowledgment_id: int | None, now: datetime
    ) -> None:
        """Remembers that the interchange has had its verdict, and which document told it."""


class Books(Protocol):
    """Orders and the append-only entries."""

    def past(
        self, agreement: Agreement, partnership: Partnership | None, keys: Sequence[Key], now: datetime,
        test: bool = False,
    ) -> Past:
        """What is known under each key, None where nothing is; of ours, the test documents or the others."""

    def write(
        self, entries: Sequence[Entry], source_document_id: int | None, partnership: Partnership | None, now: datetime
    ) -> None: ...

    def facts(self, partnership_id: int | None, kind: str) -> Mapping[str, Mapping[str, Any]]:
        """The data of the last entry of that kind for each key, in order of key."""

    def order_id(self, partnership_id: int, key: OrderKey) -> int | None:
        """The id of the order of that number and release."""

    def known_order(self, partnership_id: int, key: OrderKey) -> KnownOrder | None:
        """The order of that number and release."""


class Outbox(Protocol):
    """What is to go."""

    def queue(self, channel: str, name: str, digest: str, size_bytes: int, now: datetime) -> int: ...

    def acknowledge_again(self, receipt_id: int) -> None:
        """Lets the acknowledgments of a receipt go once more: the same bytes, the same numbers."""

    def again(self, parcel_id: int) -> bool:
        """Lets a parcel go once more, the same bytes and numbers; no when it waits as it is."""

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

    def of_pair(self, sender: Identity, receiver: Identity) -> tuple[Agreement, ...]:
        """The agreements under which an interchange may come, whatever its groups."""

    def partnership(self, agreement_id: int, reference: str | None) -> Partnership | None:
        """By reference; without one, the agreement's only partnership."""

    def named(self, name: str) -> Agreement | None:
        """The agreement of that name."""

    def partnership_named(self, name: str) -> Partnership | None:
        """The partnership of that name."""

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

    def agreed(self, price_list: str, kind: str, product: str) -> AgreedPrice | None:
        """What the list says of a product."""

    def put(self, price_list: str, rows: Mapping[tuple[str, str], tuple[Decimal, str]]) -> None:
        """Adds or changes prices: (product kind, product id) to (price, currency)."""


class Numbers(Protocol):
    """Control numbers."""

    def take(self, scope: str) -> int:
        """The next number of a scope, from 1 to 999999999 and round again; taken when the unit commits."""

    def last(self, scope: str) -> int | None:
        """The last number used, None where none was."""

    def set(self, scope: str, last: int) -> None:
        """Makes `last` the last number used."""


class Channels(Protocol):
    """Which channels a person has paused."""

    def pause(self, name: str, now: datetime) -> None: ...

    def resume(self, name: str) -> None: ...

    def paused(self, name: str) -> bool: ...


class Desk(Protocol):
    """The issues people see."""

    def open(self, trouble: Trouble, now: datetime) -> int:
        """Opens an issue, or counts the open one of the same kind about the same thing."""

    def close(self, kind: Kind, about: str, now: datetime) -> None:
        """The cause is gone."""

    def close_about(self, about: str, now: datetime) -> None:
        """Everything about this is settled."""

    def archive(self, issue_id: int, now: datetime) -> str | None:
        """A person has done with an open issue. Returns the state it was in, None where there is none of that id."""

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
    def channels(self) -> Channels: ...
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
