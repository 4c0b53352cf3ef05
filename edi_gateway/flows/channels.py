"""What people do with a channel beside its rounds: look, pause, resume, mark what lies there as seen."""

from dataclasses import dataclass
from datetime import datetime

from edi_gateway.flows.house import House
from edi_gateway.flows.turns import at_mailbox
from edi_gateway.issues import command
from edi_gateway.logs import log
from edi_gateway.ports import Looks, Lying, Sighting, Skips, Transport, Waiting


@dataclass(frozen=True)
class Look:
    """What a look at a mailbox has shown: the files to collect, and those of them that are marked as seen.

    `delivers` says whether the folder we deliver to was seen, None where the transport cannot look at it.
    """

    files: tuple[Sighting, ...]
    seen: int
    delivers: bool | None


@dataclass(frozen=True)
class Found:
    """A file in a mailbox, and what we know of it. `times_seen` counts the rounds that dealt with it."""

    sighting: Sighting
    state: str
    processed: bool = False
    first_seen: datetime | None = None
    times_seen: int = 0
    receipt_id: int | None = None
    note: str | None = None


def check(house: House, channel: str) -> None:
    """Raises `GatewayError` (`command.channel-unknown`)."""
    if channel not in house.channels:
        known = ", ".join(house.channels) or "none"
        raise command.CHANNEL_UNKNOWN.error(f"there is no channel {channel!r}; there are {known}", channel=channel)


def look(house: House, channel: str) -> Look:
    """Calls the server and lists the mailbox; writes nothing there, and nothing on the books.

    Raises `GatewayError` of family `exchange` for whatever would keep a round from its work.
    """
    check(house, channel)
    with house.channels[channel]() as mailbox:
        files = _listed(mailbox)
        delivers = mailbox.look() if isinstance(mailbox, Looks) else None
    with house.store.reading() as unit:
        seen = unit.inbox.seen(channel)
    return Look(files, sum(file in seen for file in files), delivers)


def files(house: House, channel: str) -> tuple[Found, ...]:
    """The files in a mailbox now, with what we know of each: it is new, waits, or was processed and lies there still.

    Nothing is written. Raises `GatewayError` of family `exchange` where the mailbox cannot be listed.
    """
    check(house, channel)
    with house.channels[channel]() as mailbox:
        listed, leaves = _listed(mailbox), mailbox.habits.leaves
    with house.store.reading() as unit:
        lying = {file.sighting: file for file in unit.inbox.lying(channel)}
        waiting = {file.sighting: file for file in unit.inbox.waiting_files(channel)}
    return tuple(_found(one, lying.get(one), waiting.get(one), leaves) for one in listed)


def _listed(mailbox: Transport) -> tuple[Sighting, ...]:
    """The files of all its folders. Raises what keeps one of them from being listed."""
    listed = mailbox.list()
    if isinstance(mailbox, Skips):
        for fault in mailbox.left_out().values():
            raise fault
    return listed


def _found(sighting: Sighting, lying: Lying | None, waiting: Waiting | None, leaves: bool) -> Found:
    if lying is not None:
        state = _PROCESSED.get(lying.verdict, "left" if leaves else "not removed")
        return Found(sighting, state, True, lying.first_seen, lying.times_seen, lying.receipt_id, lying.fault)
    if waiting is not None:
        return Found(sighting, waiting.why, False, waiting.first_seen, waiting.rounds)
    return Found(sighting, "new")


_PROCESSED = {"baseline": "marked as seen", "duplicate": "came before"}


def pause(house: House, channel: str) -> None:
    """From now on nothing is collected there nor delivered, by no gateway of the house; a round in hand ends first."""
    check(house, channel)
    with house.commit() as commit:
        commit.unit.channels.pause(channel, commit.now)
    with at_mailbox(house, channel):
        log.info("paused", channel=channel)


def resume(house: House, channel: str) -> None:
    """The channel is visited again."""
    check(house, channel)
    with house.commit() as commit:
        commit.unit.channels.resume(channel)
    log.info("resumed", channel=channel)


def baseline(house: House, channel: str) -> tuple[int, int]:
    """Marks the files that lie in the mailbox now as seen. Returns how many lie there, and how many are new so."""
    check(house, channel)
    with at_mailbox(house, channel):
        with house.channels[channel]() as mailbox:
            files = _listed(mailbox)
        with house.commit() as commit:
            marked = commit.unit.inbox.baseline(channel, files, commit.now)
    log.info("marked as seen", channel=channel, files=marked)
    return len(files), marked
