"""Which files are ready to be taken: those that nobody writes any more, as far as that can be seen."""

from collections.abc import Sequence
from datetime import timedelta

from edi_gateway.flows.admitting import whole
from edi_gateway.flows.visit import Visit
from edi_gateway.issues import exchange
from edi_gateway.ports import Sighting, Skips, Waiting

EMPTY_SECONDS = 600.0
"""How long an empty file may be one that somebody has only begun to write."""

ABANDONED = timedelta(days=3)
"""How long a file may lie under another gateway's claim before somebody should look whether that gateway works."""


class Room:
    """The files of a mailbox that are not ours yet, and what is remembered of them from round to round.

    `claims` are those of other gateways, which are only watched. Files whose names begin as one of `left_out` could not
    be listed: what is remembered of them stays.
    """

    def __init__(
        self, visit: Visit, files: Sequence[Sighting], left_out: tuple[str, ...] = (), claims: Sequence[Sighting] = ()
    ) -> None:
        self._visit = visit
        self._files = files
        self._habits = visit.mailbox.habits
        self._now = visit.house.clock.now()
        with visit.house.store.reading() as unit:
            self._before = {file.sighting: file for file in unit.inbox.waiting_files(visit.channel)}
        there = {*files, *claims}
        self._stays = {
            sighting: file for sighting, file in self._before.items()
            if sighting in there or sighting.name.startswith(left_out)
        }
        for sighting in claims:
            self._watch(sighting)

    def ready(self) -> Sequence[Sighting]:
        """The files that may be fetched now."""
        return [sighting for sighting in self._unchanging() if not self._is_young(sighting)]

    def keeps(self, sighting: Sighting, content: bytes) -> bool:
        """Whether a file that was fetched must wait, because it does not end as an interchange does."""
        self._stays.pop(sighting, None)
        if not content or whole(content) or self._rounds_open(sighting) >= self._habits.unclosed_rounds_max:
            return False
        self._keep_open(sighting)
        return True

    def leave(self) -> None:
        """Remembers what waits for the next round."""
        files = tuple(self._stays.values())
        if files != tuple(self._before.values()):
            with self._visit.house.commit() as commit:
                commit.unit.inbox.wait(self._visit.channel, files)

    def _watch(self, claim: Sighting) -> None:
        """Remembers another gateway's claim, and tells one that has been there for days."""
        since = self._stays.setdefault(claim, Waiting(claim, "claimed", 1, self._now)).first_seen
        if self._now - since >= ABANDONED:
            note = f"{claim.name} has lain there since {since:%Y-%m-%d %H:%M} UTC or longer"
            self._visit.note(exchange.CLAIM_ABANDONED.error(note))

    def _unchanging(self) -> Sequence[Sighting]:
        """The files that have been as they are for long enough: since an earlier round, or else while we wait here.

        A mailbox tells times by the second. Only a file whose time has passed shows by its time that it was
        written again afterwards.
        """
        fresh = {sighting for sighting in self._files if not self._has_stood(sighting)}
        if not fresh or self._habits.stable_seconds <= 0:
            return self._files
        if self._visit.house.stopping.wait(self._habits.stable_seconds):
            return ()
        mailbox = self._visit.mailbox
        listed = mailbox.list()
        left_out = mailbox.left_out() if isinstance(mailbox, Skips) else {}
        self._visit.faults.extend(left_out.values())
        for sighting in fresh.difference(listed):
            # What became of a file in a folder that could not be listed again, the next round will see.
            if not sighting.name.startswith(tuple(left_out)):
                self._note_change(sighting, listed)
        there = set(listed)
        return [sighting for sighting in self._files if sighting not in fresh or sighting in there]

    def _has_stood(self, sighting: Sighting) -> bool:
        known = self._before.get(sighting)
        return known is not None and (self._now - known.first_seen).total_seconds() >= self._habits.stable_seconds

    def _note_change(self, sighting: Sighting, listed: Sequence[Sighting]) -> None:
        """Says that a file has changed or vanished while we waited; a changed one may be ready in the next round."""
        self._stays.pop(sighting, None)
        changed = [one for one in listed if one.name == sighting.name]
        if not changed:
            self._visit.note(exchange.FILE_GONE.error(f"{sighting.name} was taken away before it was fetched"))
            return
        self._visit.note(exchange.CHANGED_MEANWHILE.error(f"{sighting.name} is still being written"))
        for one in changed:
            self._stays.setdefault(one, Waiting(one, "changing", 1, self._visit.house.clock.now()))

    def _is_young(self, sighting: Sighting) -> bool:
        """Whether a file waits without being fetched: it is empty and new, or known to be open and granted more."""
        if sighting.size_bytes == 0:
            return self._is_young_and_empty(sighting)
        if 1 < self._rounds_open(sighting) < self._habits.unclosed_rounds_max:
            self._keep_open(sighting)
            return True
        return False

    def _is_young_and_empty(self, sighting: Sighting) -> bool:
        known = self._before.get(sighting)
        since = known.first_seen if known and known.why == "empty" else self._now
        self._visit.note(exchange.EMPTY.error(f"{sighting.name} has no bytes"))
        if (self._now - since).total_seconds() >= EMPTY_SECONDS:
            return False
        self._stays[sighting] = Waiting(sighting, "empty", 1, since)
        return True

    def _rounds_open(self, sighting: Sighting) -> int:
        """In how many rounds a file has been open, this one counted."""
        known = self._before.get(sighting)
        return 1 + (known.rounds if known and known.why == "unclosed" else 0)

    def _keep_open(self, sighting: Sighting) -> None:
        rounds, most = self._rounds_open(sighting), self._habits.unclosed_rounds_max
        known = self._before.get(sighting)
        since = known.first_seen if known else self._now
        self._stays[sighting] = Waiting(sighting, "unclosed", rounds, since)
        note = f"{sighting.name} has no IEA at its end (round {rounds} of {most})"
        self._visit.note(exchange.UNCLOSED.error(note))
