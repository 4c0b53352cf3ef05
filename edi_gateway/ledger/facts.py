"""What postings need to know, and what follows from a noun."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from edi_gateway.issues import Kind
from edi_gateway.model import Noun
from edi_gateway.model.acknowledgment import SegmentFault
from edi_gateway.model.order import Order

Key = tuple[str, ...]
"""What a posting needs to know of the past, within its partnership. There are

- `("today",)`: the date, in UTC, and `("now",)`: the instant;
- `("order", number, release)`: a `KnownOrder`;
- `("lines", number, release)`: by line and kind of entry, the sum of the entries' quantities;
- `("answers", number, release)`: by line, the data of its last `line.answered`;
- `("shipped", number, release)`: the date, in UTC, of its last `shipment.sent`;
- `("price", kind, value)`: an `AgreedPrice`;
- `("fact", kind, key)` and `("latest", kind)`: the data of the last entry of that kind (and key);
- `("sent", group code, group control)`: every `SentDocument` of ours in the last group of that number;
- `("interchange", number)`: every `SentDocument` of ours in interchanges of that number, ISA13;
- `("ours", set, group control, set control, noun, number)`: each `SentDocument` that an advice can mean: the last of
  that group and set number, else the last that is such a noun of that number, or belongs to such an order;

each None (or empty) where nothing is known.
"""

Past = Mapping[Key, Any]

OrderKey = tuple[str, str]
"""An order's number and release (empty without one), within its partnership."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact to be added to the books: append-only. `data` is plain JSON values.

    What it changes beside being remembered: `opens` puts an order (or its replacement) on the books,
    `order_state` and `document_state` are the new state of the order and document it is about. `key` is
    what later questions find it by, such as a shipment's number.
    """

    kind: str
    data: Mapping[str, Any]
    key: str | None = None
    order: OrderKey | None = None
    line: str | None = None
    opens: Order | None = None
    order_state: str | None = None
    document_id: int | None = None
    document_state: str | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """A partner's codes against a document of ours: on its interchange and group, the whole of it, and parts of it."""

    interchange: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    document: tuple[str, ...] = ()
    faults: tuple[SegmentFault, ...] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something for the desk: one issue per (kind, about), counted.

    `objection` is against the document `document_id`; whoever has its bytes can tell it in words.
    """

    kind: Kind
    about: str
    note: str
    partner: str | None = None
    channel: str | None = None
    order: str | None = None
    document_id: int | None = None
    objection: Objection | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """What follows from a noun: facts, troubles, and what is to be answered.

    `state` is the station its document has come to: `posted` (its facts are on the books, though the
    order itself may be held), `held` (nothing is on the books before a person acts), or `read`
    (nothing follows). `order` is the order it concerns. `repeats` says that the same document came before, under
    other control numbers: `equal`, or `changed` in what it says.
    """

    state: Literal["posted", "held", "read"]
    entries: tuple[Entry, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    replies: tuple[Noun, ...] = ()
    order: OrderKey | None = None
    repeats: Literal["", "equal", "changed"] = ""


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """An order on the books, as a posting finds it in the past."""

    id: int
    state: str
    order: Order
    document_id: int


@dataclass(frozen=True, slots=True)
class AgreedPrice:
    """What a price list says of one product."""

    price: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class SentDocument:
    """A document of ours that a partner speaks of.

    `prepared` is the instant its envelope tells, `went` that of its last delivery. `copies` says how often it went,
    each time with the same bytes and numbers; `words` are the kinds of the entries about it, oldest first.
    """

    id: int
    set: str
    control: str
    state: str
    order: OrderKey | None
    prepared: datetime | None = None
    went: datetime | None = None
    copies: int = 1
    words: tuple[str, ...] = ()
