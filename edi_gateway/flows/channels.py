"""What people do with a channel beside its rounds: look, pause, resume, mark what lies there as seen."""

from dataclasses import dataclass

from edi_gateway.flows.house import House
from edi_gateway.flows.turns import at_mailbox
from edi_gateway.issues import command
from edi_gateway.logs import log
from edi_gateway.ports import Looks, Sighting


@dataclass(frozen=True)
class Look:
    """What a look at a mailbox has shown: the files to collect, and those of them that are marked as seen.

    `delivers` says whether the folder we deliver to was seen, None where the transport cannot look at it.
    """

    files: tuple[Sighting, ...]
    seen: int
    delivers: bool | None


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
        files = mailbox.list()
        delivers = mailbox.look() if isinstance(mailbox, Looks) else None
    with house.store.reading() as unit:
        seen = unit.inbox.seen(channel)
    return Look(files, sum(file in seen for file in files), delivers)


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
            files = mailbox.list()
        with house.commit() as commit:
            marked = commit.unit.inbox.baseline(channel, files, commit.now)
    log.info("marked as seen", channel=channel, files=marked)
    return len(files), marked
