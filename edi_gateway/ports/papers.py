"""What the house keeps of what came and went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from edi_gateway.issues import Finding
from edi_gateway.model import Noun
from edi_gateway.ports.partners import Identity


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
class Kept:
    """A document of ours in the archive: the set numbered `control` within the bytes of that digest."""

    set: str
    version: str
    control: str
    digest: str


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
