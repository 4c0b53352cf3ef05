"""What people do with a channel beside its rounds: look, pause, resume, mark as seen, give back what others claimed."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from edi_gateway.flows.house import House
from edi_gateway.flows.turns import at_mailbox
from edi_gateway.issues import GatewayError, command
from edi_gateway.logs import log
from edi_gateway.ports import Looks, Lying, Sighting, Skips, Surveyed, Surveys, Transport, Waiting


@dataclass(frozen=True)
class Look:
    """What a look at a mailbox has shown: the files to collect, and those of them that are marked as seen.

    `passed_over` counts what lies there beside them. `delivers` says whether the folder we deliver to was seen, None
    where the transport cannot look at it.
    """

    files: tuple[Sighting, ...]
    seen: int
    delivers: bool | None
    passed_over: int = 0


@dataclass(frozen=True)
class Found:
    """A file in a mailbox, and what becomes of it. `times_seen` counts the rounds that dealt with it.

    `lies_as` is its name there, which is another than its own while it is claimed.
    """

    sighting: Sighting
    lies_as: str
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
        passed_over = len(_surveyed(mailbox, files)) - len(files)
        delivers = mailbox.look() if isinstance(mailbox, Looks) else None
    with house.store.reading() as unit:
        seen = unit.inbox.seen(channel)
    return Look(files, sum(file in seen for file in files), delivers, passed_over)


def files(house: House, channel: str) -> tuple[Found, ...]:
    """Everything that lies in a mailbox now, with what becomes of it: what is passed over is among it, and told why.

    Nothing is written. Raises `GatewayError` of family `exchange` where the mailbox cannot be listed.
    """
    check(house, channel)
    with house.channels[channel]() as mailbox:
        return _account(house, channel, mailbox)


def unclaim(house: House, channel: str, name: str) -> Found | None:
    """Gives a file back that another gateway has claimed: it lies under its own name again, and is collected.

    Returns what becomes of it, None where that cannot be seen. Raises `GatewayError`: `command.claim-unknown` for a
    name that is no such claim, and family `exchange`.
    """
    check(house, channel)
    with at_mailbox(house, channel), house.channels[channel]() as mailbox:
        claims = {file.lies_as: file for file in _surveyed(mailbox, _listed(mailbox)) if file.passed_over == "claimed"}
        if name not in claims or not isinstance(mailbox, Surveys):
            known = ", ".join(claims) or "none"
            raise command.CLAIM_UNKNOWN.error(f"no other gateway has claimed {name!r}; claimed are: {known}")
        mailbox.unclaim(claims[name])
        log.info("given back", channel=channel, name=name)
        with suppress(GatewayError):
            there = {file.lies_as: file for file in _account(house, channel, mailbox)}
            return there.get(claims[name].own or "")
    return None


def _account(house: House, channel: str, mailbox: Transport) -> tuple[Found, ...]:
    """Everything that lies there now, by a listing made for it."""
    surveyed, leaves = _surveyed(mailbox, _listed(mailbox)), mailbox.habits.leaves
    with house.store.reading() as unit:
        lying = {file.sighting: file for file in unit.inbox.lying(channel)}
        waiting = {file.sighting: file for file in unit.inbox.waiting_files(channel)}
    return tuple(_found(one, lying.get(one.sighting), waiting.get(one.sighting), leaves) for one in surveyed)


def _listed(mailbox: Transport) -> tuple[Sighting, ...]:
    """The files of all its folders. Raises what keeps one of them from being listed."""
    listed = mailbox.list()
    if isinstance(mailbox, Skips):
        for fault in mailbox.left_out().values():
            raise fault
    return listed


def _surveyed(mailbox: Transport, listed: tuple[Sighting, ...]) -> tuple[Surveyed, ...]:
    """What the last listing has seen; a transport that gives no account of the others tells those to collect."""
    return mailbox.survey() if isinstance(mailbox, Surveys) else tuple(Surveyed(one, one.name) for one in listed)


def _found(file: Surveyed, lying: Lying | None, waiting: Waiting | None, leaves: bool) -> Found:
    if lying is not None:
        state = _PROCESSED.get(lying.verdict, "left" if leaves else "not removed")
        seen = (lying.first_seen, lying.times_seen, lying.receipt_id, lying.fault)
        return Found(file.sighting, file.lies_as, state, True, *seen)
    state = _PASSED_OVER[file.passed_over] if file.passed_over else file.refused or _UNKNOWN[file.sighting.claimed]
    if waiting is None:
        return Found(file.sighting, file.lies_as, state)
    if waiting.why != "claimed":
        state = waiting.why
    return Found(file.sighting, file.lies_as, state, False, waiting.first_seen, waiting.rounds)


_PROCESSED = {"baseline": "marked as seen", "duplicate": "came before"}
_PASSED_OVER = {
    "hidden": "passed over: hidden or temporary name", "extension": "passed over: extension",
    "name": "passed over: name", "claimed": "claimed by another gateway",
}
TO_COLLECT = ("new", "claimed by us")
_UNKNOWN = dict(zip((False, True), TO_COLLECT, strict=True))
"""What is not on the books: it is new, or we had claimed it and went no further."""


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
