"""What becomes of the files in a mailbox that are ours: removed, moved away, or left and remembered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from edi_gateway.flows.visit import Visit
from edi_gateway.issues import exchange
from edi_gateway.ports import Lying, Settled, Sighting

MARKED = "baseline"
"""The verdict on a file that a person has marked as seen: it stays where it is."""
FILES_MAX = 500
"""So many are put away again before the round looks whether it is to stop."""


def known(visit: Visit, listed: Sequence[Sighting], left_out: tuple[str, ...] = ()) -> Mapping[Sighting, Lying]:
    """The listed files that we have dealt with. What is not listed any more is gone, and is let go.

    Of files whose names begin as one of `left_out` nobody knows: their folder could not be listed.

    A mailbox that tells no times cannot show that a file is the same one; its bytes tell, unless we have claimed it.
    """
    there = set(listed)
    with visit.house.store.reading() as unit:
        lying = unit.inbox.lying(visit.channel)
    gone = [
        file.arrival_id for file in lying
        if file.verdict != MARKED and not file.sighting.name.startswith(left_out) and not _either(file.sighting) & there
    ]
    if gone:
        with visit.house.commit() as commit:
            commit.unit.inbox.settled_page(dict.fromkeys(gone), commit.now)
    return {file.sighting: file for file in lying if file.sighting in there and _surely_the_same(file)}


def once_more(visit: Visit, files: Mapping[Sighting, Lying]) -> None:
    """Tries again to put away what is ours and still lies there; nothing of it is fetched or admitted again."""
    ours = [(sighting, file) for sighting, file in files.items() if file.verdict != MARKED]
    for first in range(0, len(ours), FILES_MAX):
        if not visit.house.stopping.is_set():
            some = dict(ours[first : first + FILES_MAX])
            duplicates = {sighting for sighting, file in some.items() if file.verdict == "duplicate"}
            put_away(visit, {sighting: file.arrival_id for sighting, file in some.items()}, duplicates, again=True)


def put_away(
    visit: Visit, arrivals: Mapping[Sighting, int], duplicates: Collection[Sighting], again: bool = False
) -> None:
    """Settles arrivals in one commit. One that stays where it is is remembered, with the reason where it is a fault."""
    settled: tuple[Settled, ...] = ()
    if arrivals and not visit.mailbox.habits.leaves:
        settled = tuple(visit.mailbox.settle(tuple(arrivals)))
        _remember(visit, arrivals, settled, again)
    for one in settled:
        visit.note(one.fault)
    put = {one.sighting for one in settled if _is_done(one)}
    for sighting in arrivals:
        if sighting in duplicates and sighting not in put:
            note = f"{sighting.name} holds bytes that came before, and lies there still"
            visit.note(exchange.ALREADY_PROCESSED.error(note))


def _remember(visit: Visit, arrivals: Mapping[Sighting, int], settled: Sequence[Settled], again: bool) -> None:
    with visit.house.commit() as commit:
        if again:
            commit.unit.inbox.seen_again(tuple(arrivals.values()), commit.now)
        faults = {arrivals[one.sighting]: None if _is_done(one) else str(one.fault) for one in settled}
        commit.unit.inbox.settled_page(faults, commit.now)


def _is_done(one: Settled) -> bool:
    """Whether that copy is gone; one that was written over is gone too, and what lies there now is a new arrival."""
    return one.fault is None or one.fault.kind is exchange.CHANGED_MEANWHILE


def _surely_the_same(file: Lying) -> bool:
    return file.verdict == MARKED or file.sighting.claimed or file.sighting.modified is not None


def _either(sighting: Sighting) -> set[Sighting]:
    """A file under its own name and under the name that we gave it."""
    return {replace(sighting, claimed=claimed) for claimed in (False, True)}
