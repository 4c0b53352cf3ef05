"""What the house keeps of what came and went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from edi_gateway.issues import Finding
from edi_gateway.model import Noun
from edi_gateway.ports.mailboxes import Sighting
from edi_gateway.ports.partners import Identity


@dataclass(frozen=True, slots=True)
class Receipt:
    """Bytes that are ours, under their SHA-256, to be run once unless told again.

    `again_of` is the receipt of the same bytes that this one runs once more, because a person wanted it so.
    """

    id: int
    channel: str
    name: str
    digest: str
    size_bytes: int
    at: datetime
    again_of: int | None = None


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
    order_number: str | None = None
    """The order that it names, as far as that can be read of a document that was refused."""


@dataclass(frozen=True, slots=True)
class InterchangeNumber:
    """The number of an interchange received, as sent and as a number (None where it is none), and whose it is.

    `written` is its date and time as sent (ISA09, ISA10), `digest` the SHA-256 of its bytes, from ISA to IEA.
    """

    sender: str
    receiver: str
    control: str
    number: int | None
    test: bool
    written: str
    digest: str


@dataclass(frozen=True, slots=True)
class GroupNumber:
    """The number of a group received; it is counted by agreement, code and ids (GS01 to GS03)."""

    agreement_id: int
    code: str
    sender: str
    receiver: str
    control: str
    number: int | None
    test: bool


@dataclass(frozen=True, slots=True)
class Used:
    """An interchange or group that came before under a number; `file` is the name of the file it came in."""

    id: int
    receipt_id: int
    file: str
    at: datetime
    written: str | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class Repeat:
    """What an interchange or group is beside what it says, and the receipt of the one that it repeats."""

    state: Literal["copy", "repeated", "taken"]
    receipt_id: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A document of ours in the archive: the set numbered `control` within the bytes of that digest."""

    set: str
    version: str
    control: str
    digest: str


@dataclass(frozen=True, slots=True)
class Label:
    """What a parcel is: whose, of which set, under which number (ISA13) of the scope that number is counted in.

    Its order is said by the id it has on the books, or while it is not there yet by the buyer's number.

    `turn` says when it goes among those of the same partnership and order: the lowest first, and those without one
    wait for nothing. `strict` ones of a scope go in the order of their numbers instead. A parcel that is the `latest`
    takes the place of those of the same `subject` that wait still.
    """

    set: str = ""
    agreement_id: int | None = None
    partnership_id: int | None = None
    scope: str = ""
    number: int | None = None
    order_id: int | None = None
    order_number: str | None = None
    turn: int | None = None
    strict: bool = False
    subject: str | None = None
    latest: bool = False


@dataclass(frozen=True, slots=True)
class Packed:
    """A parcel as it lies in the outbox. `tries` counts the attempts that failed since it was queued.

    `partner` is the name of the agreement it goes under, `order_number` that of its order; both may be unknown. `begun`
    says that an earlier try may have left its beginning in the mailbox under its own name.
    """

    id: int
    channel: str
    name: str
    digest: str
    size_bytes: int
    set: str
    state: str
    tries: int
    partner: str | None = None
    order_number: str | None = None
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of trying to deliver a parcel.

    One that failed is tried again at `next_try_at`, and with `at_visits` whenever the mailbox is visited; `fault` is
    the code of what kept it, `note` says so in words. `begun` as in `Pushed`.
    """

    parcel_id: int
    outcome: Literal["delivered", "unproven", "failed"]
    note: str | None = None
    fault: str | None = None
    next_try_at: datetime | None = None
    at_visits: bool = False
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of a sighting: `new` bytes, the `same` copy seen again, or a `duplicate` of known bytes."""

    arrival_id: int
    receipt: Receipt
    verdict: Literal["new", "same", "duplicate"]


@dataclass(frozen=True, slots=True)
class Lying:
    """A file that we have dealt with and that lies in its mailbox still, as far as we know.

    `verdict` is that of its arrival, or `empty` for a file without a byte, or `baseline` for one marked as seen.
    `fault` says why it could not be removed.
    """

    arrival_id: int
    sighting: Sighting
    verdict: str
    receipt_id: int | None
    first_seen: datetime
    last_seen: datetime
    times_seen: int
    fault: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file in a mailbox that is not ours yet: why it waits, in how many rounds for that reason, and since when.

    One that is `claimed` is another gateway's, and is only watched.
    """

    sighting: Sighting
    why: Literal["changing", "claimed", "empty", "unclosed"]
    rounds: int
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be erased one day: the agreements it came or went under.

    `last` is when something happened last that has to do with it. `stranger` says that it came, or a part of it, from
    somebody with whom there is no agreement.
    """

    digest: str
    partners: tuple[str, ...]
    last: datetime
    stranger: bool = False


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
