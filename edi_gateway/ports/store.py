"""The sockets of the database: what a write transaction can be asked to do."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Protocol

from edi_gateway.issues import Kind
from edi_gateway.ledger.facts import AgreedPrice, Entry, Key, KnownOrder, OrderKey, Past, Trouble
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.ports.mailboxes import Sighting
from edi_gateway.ports.outbox import Outbox
from edi_gateway.ports.papers import (
    Admission,
    Candidate,
    Document,
    GroupNumber,
    InterchangeNumber,
    Kept,
    Lying,
    Place,
    Receipt,
    Repeat,
    Stuck,
    Used,
    Waiting,
)
from edi_gateway.ports.partners import Agreement, Identity


class Inbox(Protocol):
    """What has come."""

    def admit(self, channel: str, sighting: Sighting, digest: str, rank: str, now: datetime) -> Admission:
        """One sighting, and the receipt of its bytes; `rank` orders what waits (ISA date, time, number)."""

    def admit_new(
        self, channel: str, files: Sequence[tuple[Sighting, str, str]], now: datetime
    ) -> Mapping[Sighting, Admission]:
        """The same for those of many files whose bytes nobody has seen yet: sightings, digests and ranks."""

    def baseline(self, channel: str, sightings: Sequence[Sighting], now: datetime) -> int:
        """Marks files as seen: they are not collected while they are the same copies. Returns how many are new so."""

    def seen(self, channel: str) -> frozenset[Sighting]:
        """The copies that were marked so."""

    def empty(self, channel: str, sighting: Sighting, now: datetime) -> int:
        """One sighting of a file without a byte: there is nothing to keep of it. Returns the arrival's id."""

    def lying(self, channel: str) -> tuple[Lying, ...]:
        """What we have dealt with and not seen removed, those marked as seen among it."""

    def seen_again(self, arrival_ids: Sequence[int], now: datetime) -> None:
        """Those files still lie there."""

    def waiting_files(self, channel: str) -> tuple[Waiting, ...]:
        """The files that are not ours yet."""

    def wait(self, channel: str, files: Sequence[Waiting]) -> None:
        """Makes these the files of the channel that are not ours yet, instead of those that were."""

    def partners_of(self, receipt_id: int) -> frozenset[str]:
        """The partner files of those whose documents came in a receipt."""

    def run_again(self, receipt_id: int, now: datetime) -> Receipt | None:
        """A receipt of the same bytes, to be run as if they had never come; None where there is no such receipt."""

    def settled(self, arrival_id: int, fault: str | None, now: datetime) -> None:
        """The file is gone from the mailbox, or why it is not."""

    def settled_page(self, faults: Mapping[int, str | None], now: datetime) -> None:
        """The same for many arrivals, each with its fault."""

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

    def sets_in(self, receipt_id: int, interchange: int, group: int | None = None) -> tuple[tuple[str, bool], ...]:
        """The documents that came in an interchange, or in one group: the set of each, and whether it was a test."""

    def orders_in(self, receipt_id: int, interchange: int, group: int | None = None) -> frozenset[tuple[str, str]]:
        """The sets in it whose order can be read, each with the number of its order."""

    def judge(
        self, receipt_id: int, interchange: int, group: int, verdict: str, acknowledgment_id: int | None, now: datetime,
        of: GroupNumber, repeat: Repeat | None = None,
    ) -> None:
        """Remembers the verdict on a group, which document told it, and of which number it was."""

    def judge_interchange(
        self, receipt_id: int, interchange: int, verdict: str, acknowledgment_id: int | None, now: datetime,
        of: InterchangeNumber, repeat: Repeat | None = None,
    ) -> None:
        """The same of an interchange."""


class Repeats(Protocol):
    """What has come under which numbers, and what of it was a repetition."""

    def interchange(self, receipt_id: int, ordinal: int) -> str | None:
        """The state of an interchange, None while it has had no verdict."""

    def group(self, receipt_id: int, interchange: int, ordinal: int) -> str | None:
        """The same of a group."""

    def interchanges_of(self, receipt_id: int, ordinal: int, one: InterchangeNumber) -> Sequence[Used]:
        """Other interchanges of that number that were taken: those of the very same bytes first, then the newest."""

    def refused_of(self, one: InterchangeNumber) -> Sequence[tuple[int, int, datetime, str | None]]:
        """Interchanges of that number that were refused: receipt, ordinal, when, and their date and time as sent."""

    def refused_groups_of(self, one: GroupNumber, since: datetime) -> Sequence[tuple[int, int, int]]:
        """Groups of that number that were rejected as a whole since then: receipt, interchange, and group."""

    def groups_of(self, receipt_id: int, interchange: int, one: GroupNumber, since: datetime) -> Sequence[Used]:
        """The groups of that number that were taken since then in other interchanges, newest first."""

    def highest_interchange_since(self, id: int, one: InterchangeNumber) -> int:
        """The highest number that was taken after the interchange of that id; 0 where none was."""

    def highest_group_since(self, id: int, one: GroupNumber) -> int:
        """The same of groups."""

    def earlier(self, receipt_id: int, interchange: int, group: int | None = None) -> int | None:
        """The receipt whose interchange or group a refused one repeats; None where it repeats none."""

    def release(self, receipt_id: int, interchange: int, group: int | None = None) -> None:
        """Lets a refused interchange or group be run as if its number were new; its documents are held until then."""

    def document(self, document_id: int, verdict: str, earlier_id: int | None) -> None:
        """A document says what another one says: `equal` or `changed`."""

    def of_document(self, document_id: int) -> tuple[str, int | None, str | None] | None:
        """How a document repeats another one, the other's id, and the number of the order that it names."""

    def parcels_of_order(self, document_id: int, noun: str) -> Sequence[int]:
        """The last parcel in which a noun of ours went for the order of a document."""

    def receipt_of(self, document_id: int) -> int | None:
        """The receipt that a document came in."""


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

    def source(self, partnership_id: int | None, key: Key) -> int | None:
        """The document that put on the books what is known under a key, an order or a fact."""

    def named_order(self, partnership_id: int, number: str) -> int | None:
        """The id of the last order of that number, of whatever release."""

    def take_back(self, document_id: int, by: int, partnership: Partnership, now: datetime) -> None:
        """Writes the opposite of the quantities that a document put on the books, because another one replaces it."""


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

    def partners(self) -> tuple[str, ...]:
        """The names of the partner files that agreements go by."""

    def all(self) -> Sequence[Agreement]:
        """Every agreement, by name."""

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

    def scopes(self) -> tuple[str, ...]:
        """Every scope in which a number was used."""

    def came(self, scope: str, number: int, now: datetime) -> Literal["next", "ahead", "late", "known"]:
        """Counts a number that a partner has sent; `ahead` of others that are missing now, or `late`, one of those."""

    def missing(self, scope: str) -> tuple[tuple[int, int], ...]:
        """What the partner has passed over and not sent since: first and last of each gap, oldest first."""

    def scopes_missing(self) -> tuple[str, ...]:
        """The scopes in which something is missing."""

    def forget_missing(self, scope: str) -> int:
        """What is missing will not come. Returns how many gaps there were."""


class Channels(Protocol):
    """Which channels a person has paused."""

    def pause(self, name: str, now: datetime) -> None: ...

    def resume(self, name: str) -> None: ...

    def paused(self, name: str) -> bool: ...


class Desk(Protocol):
    """The issues people see."""

    def open(self, trouble: Trouble, now: datetime) -> int:
        """Opens an issue, or counts the open one of the same kind about the same thing; it tells the newest then."""

    def close(self, kind: Kind, about: str, now: datetime) -> None:
        """The cause is gone."""

    def close_about(self, about: str, now: datetime, but: Sequence[str] = ()) -> None:
        """Everything about this is settled, except what is of the kinds `but`."""

    def close_of(self, what: Kind, document_id: int, now: datetime) -> None:
        """The cause is gone, as that document shows, of which it was told last."""

    def end(self, issue_id: int, now: datetime) -> None:
        """A person has settled what the issue is about."""

    def archive(self, issue_id: int, now: datetime) -> str | None:
        """A person has done with an open issue. Returns the state it was in, None where there is none of that id."""

    def told(self, issue_id: int) -> tuple[str, str, int | None, str] | None:
        """Kind, about, document and state of an issue, None where there is none of that id."""

    def stuck(self, issue_id: int) -> Stuck | None:
        """What an issue holds that is not closed, None where it holds nothing that can be run again."""

    def any(self, kind: Kind) -> bool:
        """Whether issues of a kind may be open; most often none are, and nothing more need be asked."""

    def naming(self, kind: Kind, partner: str, order: str) -> Sequence[str]:
        """What the open issues of a kind are about that name a partner and an order."""

    def standing(self, about: str) -> bool:
        """Whether an issue about this is open."""


class Retention(Protocol):
    """What may be erased."""

    def candidates(
        self, names: Collection[str], strangers: bool, behind: str, limit: int
    ) -> tuple[tuple[Candidate, ...], str]:
        """Of so many files in order of digest, those behind one, the ones that only these agreements have to do with.

        With `strangers` those of nobody's as well. And the last digest of all of them, empty where there is none
        behind it.
        """

    def erased(self, receipt_id: int) -> bool:
        """Whether the bytes of a receipt are kept no longer."""

    def unsettled(self, digest: str) -> str | None:
        """Why the bytes must stay, in words; None where everything about them is settled."""

    def erase(self, digest: str, now: datetime) -> None:
        """Takes the personal parts out of everything that the bytes said."""


class Unit(Protocol):
    """One write transaction: everything in it or nothing."""

    @property
    def inbox(self) -> Inbox: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def repeats(self) -> Repeats: ...
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
    @property
    def retention(self) -> Retention: ...

    def savepoint(self) -> AbstractContextManager[object]:
        """A part that can fail alone."""


class Store(Protocol):
    """The database."""

    def unit(self) -> AbstractContextManager[Unit]:
        """A unit that commits when its block ends and rolls back when it raises."""

    def reading(self) -> AbstractContextManager[Unit]:
        """A unit that only reads: one consistent picture, and it never waits for a writer."""

    def scrub(self) -> None:
        """Leaves nothing on the disk of what was erased, as far as nobody reads it now."""
