"""What a person does with a parcel that has not gone: lets it rest or go, ends it, or says that it has arrived."""

from collections.abc import Sequence

from edi_gateway.flows import delivering
from edi_gateway.flows.house import Commit, House
from edi_gateway.flows.turns import at_mailbox
from edi_gateway.issues import command
from edi_gateway.ledger.facts import Entry
from edi_gateway.logs import log
from edi_gateway.ports import Compares, Packed, Parcel

WAITS, RESTS, UNPROVEN = "queued", "parked", "sent"


def park(house: House, parcel_id: int, reason: str = "") -> None:
    """Lets a parcel that waits rest until it is let go; what must go behind it rests with it.

    Raises `GatewayError`: `command.parcel-unknown`, `command.parcel-state`.
    """
    with at_mailbox(house, _channel(house, parcel_id)), house.commit() as commit:
        _in_state(commit, parcel_id, (WAITS,))
        commit.unit.outbox.rest(parcel_id, reason)
        _note(commit, "parcel.parked", parcel_id, {"reason": reason})


def unpark(house: House, parcel_id: int) -> None:
    """Lets a parked parcel wait for the next round. Raises `GatewayError` as `park` does."""
    with house.commit() as commit:
        _in_state(commit, parcel_id, (RESTS,))
        commit.unit.outbox.due(parcel_id)
        _note(commit, "parcel.unparked", parcel_id, {})


def retry(house: House, parcel_id: int) -> None:
    """Lets a parcel be tried at once, however long it was to pause. Raises `GatewayError` as `park` does."""
    with house.commit() as commit:
        _in_state(commit, parcel_id, (WAITS,))
        commit.unit.outbox.due(parcel_id)
    log.info("to be tried at once", parcel=parcel_id)


def void(house: House, parcel_id: int, reason: str) -> None:
    """Ends a parcel that has not gone: it never goes, and its number is a gap. Raises `GatewayError` as `park` does."""
    channel = _channel(house, parcel_id)
    with at_mailbox(house, channel):
        with house.commit() as commit:
            _in_state(commit, parcel_id, (WAITS, RESTS))
            commit.unit.outbox.void(parcel_id, reason)
            _note(commit, "parcel.void", parcel_id, {"reason": reason})
        delivering.clear(house, channel)


def delivered_by_hand(house: House, parcel_id: int, digest: str) -> None:
    """Takes a person's word that they have brought the very bytes of that SHA-256 to the partner.

    Raises `GatewayError`: `command.parcel-differs` for the digest of other bytes, and as `park` does.
    """
    channel = _channel(house, parcel_id)
    with at_mailbox(house, channel):
        with house.commit() as commit:
            packed = _in_state(commit, parcel_id, (WAITS, RESTS, UNPROVEN))
            if digest.strip().lower() != packed.digest:
                raise command.PARCEL_DIFFERS.error(f"the SHA-256 of {packed.name} begins with {packed.digest[:12]}")
            _arrived(commit, parcel_id, {"by": "digest"})
        delivering.clear(house, channel)


def delivered_as_seen(house: House, parcel_id: int) -> None:
    """Reads the file of that name in the mailbox: where it holds our very bytes, the parcel is delivered.

    Raises `GatewayError`: `command.parcel-differs` for other bytes, `command.parcel-not-there` where there is no such
    file or the transport cannot tell, family `exchange`, and as `park` does.
    """
    channel = _channel(house, parcel_id)
    with at_mailbox(house, channel):
        with house.store.reading() as unit:
            packed = _known(unit.outbox.find(parcel_id), parcel_id)
        found = _lies_there(house, packed)
        if found is None:
            raise command.PARCEL_NOT_THERE.error(f"there is no file {packed.name} in {channel}")
        if not found:
            raise command.PARCEL_DIFFERS.error(f"the file {packed.name} in {channel} holds other bytes than ours")
        with house.commit() as commit:
            _in_state(commit, parcel_id, (WAITS, RESTS, UNPROVEN))
            _arrived(commit, parcel_id, {"by": "remote file"})
        delivering.clear(house, channel)


def _lies_there(house: House, packed: Packed) -> bool | None:
    if packed.channel not in house.channels:
        raise command.CHANNEL_UNKNOWN.error(f"there is no channel {packed.channel!r}", channel=packed.channel)
    content = house.archive.read(packed.digest)
    with house.channels[packed.channel]() as mailbox:
        if not isinstance(mailbox, Compares):
            raise command.PARCEL_NOT_THERE.error(f"the transport of {packed.channel} cannot look at what it delivered")
        return mailbox.holds(Parcel(packed.id, packed.channel, packed.name, content, packed.set))


def _arrived(commit: Commit, parcel_id: int, said: dict[str, str]) -> None:
    commit.unit.outbox.went([parcel_id], "delivered", commit.now)
    _note(commit, "parcel.delivered-by-hand", parcel_id, said)


def _channel(house: House, parcel_id: int) -> str:
    with house.store.reading() as unit:
        return _known(unit.outbox.find(parcel_id), parcel_id).channel


def _in_state(commit: Commit, parcel_id: int, states: Sequence[str]) -> Packed:
    packed = _known(commit.unit.outbox.find(parcel_id), parcel_id)
    if packed.state not in states:
        raise command.PARCEL_STATE.error(f"parcel {parcel_id} is {packed.state}, not {' or '.join(states)}")
    return packed


def _known(packed: Packed | None, parcel_id: int) -> Packed:
    if packed is None:
        raise command.PARCEL_UNKNOWN.error(f"there is no parcel {parcel_id}")
    return packed


def _note(commit: Commit, what: str, parcel_id: int, said: dict[str, str]) -> None:
    """What was done, on the books of the parcel's documents."""
    for document in commit.unit.outbox.documents_of(parcel_id):
        entry = Entry(what, {"parcel": parcel_id, **said}, document_id=document)
        commit.unit.books.write((entry,), document, None, commit.now)
    log.info(what, parcel=parcel_id)
