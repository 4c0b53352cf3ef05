"""The sockets of the house, and the values that pass through them.

Flows know these shapes only; who fills them is named in `wiring`.
"""

from edi_gateway.ports.mailboxes import Fetched, Looks, Parcel, Pulls, Pushed, Pushes, Settled, Sighting, Transport
from edi_gateway.ports.papers import Admission, Document, Envelope, Kept, Place, Receipt, Stuck
from edi_gateway.ports.partners import Agreement, Identity
from edi_gateway.ports.store import (
    Agreements,
    Books,
    Channels,
    Desk,
    Documents,
    Inbox,
    Numbers,
    Outbox,
    Prices,
    Store,
    Unit,
)
from edi_gateway.ports.tools import Archive, Clock, Locks, Shelf

__all__ = [
    "Admission",
    "Agreement",
    "Agreements",
    "Archive",
    "Books",
    "Channels",
    "Clock",
    "Desk",
    "Document",
    "Documents",
    "Envelope",
    "Fetched",
    "Identity",
    "Inbox",
    "Kept",
    "Locks",
    "Looks",
    "Numbers",
    "Outbox",
    "Parcel",
    "Place",
    "Prices",
    "Pulls",
    "Pushed",
    "Pushes",
    "Receipt",
    "Settled",
    "Shelf",
    "Sighting",
    "Store",
    "Stuck",
    "Transport",
    "Unit",
]
