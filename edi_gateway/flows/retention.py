"""Erasing what a partner's file says need not be kept any longer: never anything that is unsettled."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from edi_gateway.flows.house import BOOKS, Commit, House
from edi_gateway.ledger.facts import Entry
from edi_gateway.logs import log
from edi_gateway.ports import Candidate, Unit

FILES_PER_COMMIT = 50


@dataclass(frozen=True)
class Retired:
    """A file whose time is over: erased, or to be erased (`dry`), or why it stays."""

    digest: str
    partners: tuple[str, ...]
    last: dt.datetime
    stays: str | None = None


def retire(house: House, dry: bool = False) -> Iterator[Retired]:
    """Erases the bytes whose partners' days are over, and the personal parts of what they said, page by page.

    The days count from when something happened last that has to do with a file. One that came or went under several
    agreements stays as long as the longest of them says, and for ever where one of them says nothing. What nobody is
    known to have sent goes by the days of the house, once no issue asks any longer who it is. The bytes go
    first: whatever ends it between the two, the next run does the rest. Raises `GatewayError` for a partner file that
    cannot be used, and `internal.archive-unwritable`.
    """
    days = _days(house)
    behind = ""
    if not dry:
        house.archive.tidy()
    while days or house.strangers_days is not None:
        with house.locks.hold(BOOKS):
            page, behind = _page(house, days, behind, dry)
        yield from page
        if not behind:
            return


def _days(house: House) -> Mapping[str, int]:
    """By agreement, where anything is said."""
    with house.store.reading() as unit:
        agreements = unit.agreements.all()
    said = {one.name: house.guides.partner(one.partner).retention.days for one in agreements}
    return {name: days for name, days in said.items() if days is not None}


def _page(house: House, days: Mapping[str, int], behind: str, dry: bool) -> tuple[list[Retired], str]:
    """What became of a page of files, and the digest of the last; none behind the last page."""
    if house.stopping.is_set():
        return [], ""
    with house.store.reading() as unit:
        retired, last = _judged(house, unit, days, behind)
    if dry or all(file.stays is not None for file in retired):
        return retired, last
    with house.commit() as commit:
        # Whoever sends or takes in a file again need not wait for the books: only a writer knows what holds.
        retired, last = _judged(house, commit.unit, days, behind)
        erased = [file for file in retired if file.stays is None]
        _erase(commit, erased)
    house.store.scrub()
    for file in erased:
        log.info("erased", digest=file.digest[:12], partners=", ".join(file.partners))
    return retired, last


def _judged(house: House, unit: Unit, days: Mapping[str, int], behind: str) -> tuple[list[Retired], str]:
    files, last = unit.retention.candidates(days, house.strangers_days is not None, behind, FILES_PER_COMMIT)
    over = (file for file in files if _over(house, file, days))
    return [
        Retired(file.digest, file.partners, file.last, unit.retention.unsettled(file.digest)) for file in over
    ], last


def _over(house: House, file: Candidate, days: Mapping[str, int]) -> bool:
    said = [days[name] for name in file.partners]
    if file.stranger:
        assert house.strangers_days is not None
        said.append(house.strangers_days)
    return file.last + dt.timedelta(days=max(said)) < house.clock.now()


def _erase(commit: Commit, files: Sequence[Retired]) -> None:
    for file in files:
        commit.house.archive.erase(file.digest)
        commit.unit.retention.erase(file.digest, commit.now)
        said = {"digest": file.digest, "partners": list(file.partners)}
        commit.unit.books.write((Entry("file.erased", said, key=file.digest),), None, None, commit.now)
