"""The first round: collect from a mailbox what lies there, and put it away when it is ours."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from edi_gateway.flows import admitting, putting_away, rounds
from edi_gateway.flows.house import House
from edi_gateway.flows.visit import Visit
from edi_gateway.flows.waiting import Room
from edi_gateway.issues import GatewayError, exchange
from edi_gateway.ports import Remarks, Sighting, Skips

PAGE_FILES_MAX = 100
PAGE_BYTES_MAX = 16 * 1024 * 1024
"""So much is admitted in one commit, and settled in one."""


def collect(house: House, channel: str) -> int:
    """Fetches, admits and settles what lies in a mailbox. Returns how many files were new to us.

    What is ours already is only settled. The others are fetched when nobody writes them any more, a page at a time;
    a page is claimed, made durable, committed, and only then removed from the mailbox.
    """
    new = 0
    faults: list[GatewayError] = []
    with rounds.whole(house, channel, "collect", faults) as reach, house.channels[channel]() as mailbox:
        visit = Visit(house, channel, mailbox, faults)
        listed = mailbox.list()
        faults += mailbox.remarks() if isinstance(mailbox, Remarks) else ()
        left_out = mailbox.left_out() if isinstance(mailbox, Skips) else {}
        faults += left_out.values()
        known = putting_away.known(visit, listed, tuple(left_out))
        putting_away.once_more(visit, known)
        room = Room(visit, [sighting for sighting in listed if sighting not in known], tuple(left_out))
        ready = room.ready()
        chosen = _newest(ready, mailbox.habits.files_per_round_max)
        for page in _pages(chosen):
            if not house.stopping.is_set():
                new += _take(visit, room, page)
        reach.all_of_it = len(chosen) == len(ready) and not left_out and not house.stopping.is_set()
        # Whether files may be claimed shows only where there is one to claim.
        reach.standing = () if chosen else (exchange.CLAIM_REFUSED.code,)
        room.leave()
        house.archive.tidy()
    return new


def _newest(ready: Sequence[Sighting], most: int) -> Sequence[Sighting]:
    """No more than are taken in a round, the newest of them: so those that cannot be taken keep no new one waiting."""
    if len(ready) <= most:
        return ready
    oldest = datetime.min.replace(tzinfo=UTC)
    chosen = set(sorted(ready, key=lambda sighting: sighting.modified or oldest, reverse=True)[:most])
    return [sighting for sighting in ready if sighting in chosen]


def _pages(ready: Sequence[Sighting]) -> Iterator[Sequence[Sighting]]:
    """As many files together as make a page; one that is larger than a page is one of its own."""
    page: list[Sighting] = []
    size_bytes = 0
    for sighting in ready:
        if page and (len(page) == PAGE_FILES_MAX or size_bytes + sighting.size_bytes > PAGE_BYTES_MAX):
            yield page
            page, size_bytes = [], 0
        page.append(sighting)
        size_bytes += sighting.size_bytes
    if page:
        yield page


def _take(visit: Visit, room: Room, page: Sequence[Sighting]) -> int:
    """Makes a page of files ours and puts them away. Returns how many of them were new to us."""
    files = tuple(_claimed(visit, tuple(_fetched(visit, room, page))))
    admitted = admitting.admit_page(
        visit.house, visit.channel, [(sighting, content) for sighting, content in files if content], visit.faults
    )
    empty = admitting.note_empty(visit.house, visit.channel, [sighting for sighting, content in files if not content])
    duplicates = {sighting for sighting, admission in admitted.items() if admission.verdict == "duplicate"}
    arrivals = {sighting: admission.arrival_id for sighting, admission in admitted.items()} | empty
    putting_away.put_away(visit, arrivals, duplicates)
    return sum(admission.verdict == "new" for admission in admitted.values())


def _fetched(visit: Visit, room: Room, page: Sequence[Sighting]) -> Iterator[tuple[Sighting, bytes]]:
    """The files of a page that are to be taken, with their bytes."""
    for fetched in visit.mailbox.fetch(page):
        if fetched.content is None:
            visit.note(fetched.fault)
        elif not room.keeps(fetched.sighting, fetched.content):
            yield fetched.sighting, fetched.content
        if visit.house.stopping.is_set():
            return


def _claimed(visit: Visit, files: Sequence[tuple[Sighting, bytes]]) -> Iterator[tuple[Sighting, bytes]]:
    """The files under the names they have now, without those that are gone or have changed since they were listed.

    One that we may not rename is taken where it lies, and told: it is looked at again right before it is removed.
    """
    if visit.mailbox.habits.leaves:
        yield from files
        return
    claims = visit.mailbox.claim([sighting for sighting, _ in files])
    for (_, content), claim in zip(files, claims, strict=True):
        if claim.outcome == "lost":
            visit.note(claim.fault)
            continue
        if claim.fault is not None:
            visit.note(exchange.CLAIM_REFUSED.error(claim.fault.note))
        yield claim.sighting, content
