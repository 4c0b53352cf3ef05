"""What the archive holds: where each file came from or went to, and whether its bytes are as they were."""

import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select, union

from edi_gateway.reports._asking import instant
from edi_gateway.store.archive import FileArchive
from edi_gateway.store.tables import agreements, arrivals, attempts, documents, entries, erasures, parcels, receipts

PREFIXES = tuple(f"{number:02x}" for number in range(256))
"""The parts of the archive, each by the first two digits of its digests."""
IN_HAND_SECONDS = 3600.0
"""A file this young may be one that a walk has archived and is about to put on the books."""

_WORDS = ("file.received-by-hand", "file.erased")

_KNOWN = union(select(receipts.c.digest), select(parcels.c.digest)).subquery()


def digests(connection: Connection, beginning: str, limit: int = 2) -> tuple[str, ...]:
    """The digests on the books that begin so, at most so many of them."""
    found = select(_KNOWN.c.digest).where(_KNOWN.c.digest.startswith(beginning, autoescape=True))
    return tuple(connection.scalars(found.order_by(_KNOWN.c.digest).limit(limit)))


def verify(connection: Connection, archive: FileArchive, prefix: str) -> Iterator[dict[str, Any]]:
    """Every file of one part of the archive, hashed anew: `condition` is whole, missing, altered or erased.

    Or `unreferenced`: a file that no arrival and no parcel is about. One as young as what is in hand is passed over.
    """
    known = set(connection.scalars(select(_KNOWN.c.digest).where(_KNOWN.c.digest.startswith(prefix))))
    for digest in sorted(known):
        yield {"digest": digest, "condition": archive.condition(digest), "path": str(archive.path(digest))}
    for name, path in archive.held(prefix):
        if name not in known and time.time() - path.stat().st_mtime >= IN_HAND_SECONDS:
            yield {"digest": name, "condition": "unreferenced", "path": str(path)}


def file(connection: Connection, digest: str) -> dict[str, Any]:
    """Everything the books say of bytes: when and where they came and under which names, when and how they went.

    `documents` are what is in them, with the ids and numbers they travelled under; `erased` is when the bytes were.
    `words` tell what a person did with them: that they were received by hand, or erased.
    """
    arrived = list(connection.execute(
        select(arrivals, receipts.c.digest).join(receipts, arrivals.c.receipt_id == receipts.c.id)
        .where(receipts.c.digest == digest).order_by(arrivals.c.id)
    ))
    sent = list(connection.execute(select(parcels).where(parcels.c.digest == digest).order_by(parcels.c.id)))
    erased = connection.scalar(select(erasures.c.at).where(erasures.c.digest == digest))
    return {
        "digest": digest,
        "bytes": next((row.size_bytes for row in (*arrived, *sent)), None),
        "arrivals": [_arrival(row) for row in arrived],
        "parcels": [_parcel(connection, row) for row in sent],
        "documents": list(_documents(connection, digest)),
        "words": list(_words(connection, digest)),
        "erased": instant(erased),
    }


def _words(connection: Connection, digest: str) -> Iterator[dict[str, Any]]:
    about = and_(entries.c.partnership_id.is_(None), entries.c.kind.in_(_WORDS), entries.c.key == digest)
    for row in connection.execute(select(entries).where(about).order_by(entries.c.id)):
        yield {"at": instant(row.at), "what": row.kind, "said": row.data}


def _arrival(row: Row[Any]) -> dict[str, Any]:
    return {
        "channel": row.channel, "file": row.name, "verdict": row.verdict, "modified": instant(row.modified),
        "first_seen": instant(row.first_seen), "last_seen": instant(row.last_seen), "times_seen": row.times_seen,
        "settled": instant(row.settled_at), "receipt": row.receipt_id,
    }


def _parcel(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    tried = select(attempts).where(attempts.c.parcel_id == row.id).order_by(attempts.c.id)
    return {
        "parcel": row.id, "channel": row.channel, "file": row.name, "state": row.state,
        "queued": instant(row.queued_at), "delivered": instant(row.delivered_at),
        "attempts": [
            {"at": instant(one.at), "outcome": one.outcome, "fault": one.fault} for one in connection.execute(tried)
        ],
    }


def _documents(connection: Connection, digest: str) -> Iterator[dict[str, Any]]:
    came = select(receipts.c.id).where(receipts.c.digest == digest)
    went = select(parcels.c.id).where(parcels.c.digest == digest)
    question = (
        select(documents, agreements.c.name.label("partner"))
        .outerjoin(agreements, documents.c.agreement_id == agreements.c.id)
        .where(or_(documents.c.receipt_id.in_(came), documents.c.parcel_id.in_(went)))
    )
    for row in connection.execute(question.order_by(documents.c.id)):
        said = ("id", "direction", "set", "partner", "sender", "receiver", "interchange_control", "group_code",
                "group_control", "set_control", "test", "state")
        yield {**{name: row._mapping[name] for name in said}, "at": instant(row.at)}
