"""The first round: collect from a mailbox what lies there, and put it away when it is ours."""

from collections.abc import Iterator, Sequence

from edi_gateway.flows import admitting, putting_away, rounds
from edi_gateway.flows.house import House
from edi_gateway.flows.visit import Visit
from edi_gateway.flows.waiting import Room
from edi_gateway.issues import GatewayError, exchange
from edi_gateway.logs import log
from edi_gateway.ports import Claimed, Remarks, Sighting, Skips, Surveys, Transport, newest

PAGE_FILES_MAX = 200
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
        new_to_us = [sighting for sighting in listed if sighting not in known]
        room = Room(visit, new_to_us, tuple(left_out), _claims_of_others(mailbox))
        ready = room.ready()
        chosen = newest(ready, mailbox.habits.files_per_round_max)
        for page in _pages(chosen):
            if not house.stopping.is_set():
                new += _take(visit, room, page)
        reach.all_of_it = len(chosen) == len(ready) and not left_out and not house.stopping.is_set()
        # Whether files may be claimed shows only where there is one to claim.
        reach.standing = (exchange.CLAIM_REFUSED.code,) if mailbox.habits.claims_told and not chosen else ()
        room.leave()
        house.archive.tidy()
    return new


def _claims_of_others(mailbox: Transport) -> Sequence[Sighting]:
    surveyed = mailbox.survey() if isinstance(mailbox, Surveys) else ()
    return [file.sighting for file in surveyed if file.passed_over == "claimed"]


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

    One that we may not rename is taken where it lies, for it is looked at again right before it is removed. A person is
    told where the channel says that files are to be claimed; else nobody need do anything about it.
    """
    habits = visit.mailbox.habits
    if habits.leaves:
        yield from files
        return
    changed: list[tuple[Claimed, bytes]] = []
    claims = visit.mailbox.claim([sighting for sighting, _ in files])
    for (_, content), claim in zip(files, claims, strict=True):
        if claim.outcome == "lost" and claim.sighting.claimed:
            changed.append((claim, content))
            continue
        if claim.outcome == "lost":
            visit.note(claim.fault)
            continue
        if claim.fault is not None and habits.claims_told:
            visit.note(exchange.CLAIM_REFUSED.error(claim.fault.note))
        elif claim.fault is not None:
            log.debug("not claimed", channel=visit.channel, note=claim.fault.note)
        yield claim.sighting, content
    yield from _unchanged(visit, changed)


def _unchanged(visit: Visit, claims: Sequence[tuple[Claimed, bytes]]) -> Iterator[tuple[Sighting, bytes]]:
    """Those of the files that still hold what we read, though they are not as they were listed.

    Some servers give a file that is renamed the time of the rename.
    """
    fetched = visit.mailbox.fetch([claim.sighting for claim, _ in claims]) if claims else ()
    for (claim, content), again in zip(claims, fetched, strict=True):
        if again.content == content:
            yield claim.sighting, content
        else:
            visit.note(claim.fault)
