"""The verdict on a run of `chaos`: at the receivers first, then in the mailboxes, the archive and the books."""

import hashlib
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.chaos_papers import Paper, refers_to
from edi_gateway.issues import GatewayError
from edi_gateway.settings import load
from edi_gateway.store.archive import FileArchive

EXPECTED_ISSUES = ("exchange.same-bytes",)
"""What may stand open at the end: the copies that the partners sent on purpose."""


@dataclass(frozen=True)
class Sent:
    """A file that a partner dropped; `order` is empty for an acknowledgment, `again` a copy of an earlier one."""

    name: str
    content: bytes
    group: str
    order: str
    again: bool = False

    @property
    def digest(self) -> str:
        """Of its bytes."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def rank(self) -> str:
        """ISA date, time and number."""
        isa = self.content.decode("latin-1").split("*")
        return f"{isa[9]}{isa[10]}{isa[13]}"


@dataclass(frozen=True)
class Copy:
    """A file that a partner received."""

    name: str
    content: bytes


Side = tuple[Path, Sequence[Sent], Sequence[Copy]]
"""A partner's folder, what they sent, and what they received in its order."""


def faults(house: Path, sides: Mapping[str, Side]) -> tuple[list[str], str]:
    """Everything that is wrong, with its place; and in words what was exchanged."""
    found: list[str] = []
    second = 0
    with sqlite3.connect(f"file:{house / 'gateway.sqlite'}?mode=ro", uri=True) as books:
        for name, (folder, sent, received) in sides.items():
            papers = [(copy, refers_to(copy.content)) for copy in received]
            distinct = {copy.content for copy in received}
            second += len(received) - len(distinct)
            found += _numbers(name, papers)
            found += _answers(name, sent, papers)
            found += _in_order(name, sent, papers, books)
            found += _left(name, folder)
        found += _ledger(books, sides)
    found += _archive(house, sides)
    came = [paper for _, sent, _ in sides.values() for paper in sent]
    went = sum(len(received) for _, _, received in sides.values())
    copies = len([paper for paper in came if paper.again])
    told = f"{len(came)} files in ({copies} of them copies), {went} out, {second} of them second identical copies"
    return found, told


def _numbers(name: str, papers: Sequence[tuple[Copy, Paper]]) -> Iterator[str]:
    """No number with two contents, no document under two numbers, and no number that never came."""
    by_number: dict[str, set[bytes]] = defaultdict(set)
    by_group: dict[tuple[str, str], set[bytes]] = defaultdict(set)
    by_document: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for copy, paper in papers:
        by_number[paper.control].add(copy.content)
        by_group[paper.set, paper.group].add(copy.content)
        by_document[paper.set, paper.order or paper.answered_group].add((paper.control, paper.group))
    yield from (f"{name}: ISA13 {each} came with {len(those)} contents"
                for each, those in by_number.items() if len(those) > 1)
    yield from (f"{name}: GS06 {group} of {set_id}s came with {len(those)} contents"
                for (set_id, group), those in by_group.items() if len(those) > 1)
    yield from (f"{name}: the {set_id} on {about} came under the numbers {sorted(those)}"
                for (set_id, about), those in by_document.items() if len(those) > 1)
    missing = set(range(1, max((int(each) for each in by_number), default=0))) - {int(each) for each in by_number}
    yield from (f"{name}: ISA13 {each} was used and never came" for each in sorted(missing))


def _answers(name: str, sent: Sequence[Sent], papers: Sequence[tuple[Copy, Paper]]) -> Iterator[str]:
    """Each order has its acknowledgment and its response, and nothing else came."""
    wanted = {("997", paper.group) for paper in sent if paper.order}
    wanted |= {("855", paper.order) for paper in sent if paper.order}
    came = {(paper.set, paper.order or paper.answered_group) for _, paper in papers}
    yield from (f"{name}: the {set_id} on {about} never came" for set_id, about in sorted(wanted - came))
    yield from (f"{name}: a {set_id} on {about} came unasked" for set_id, about in sorted(came - wanted))


def _in_order(
    name: str, sent: Sequence[Sent], papers: Sequence[tuple[Copy, Paper]], books: sqlite3.Connection
) -> Iterator[str]:
    """What was admitted in one commit was run, and answered, in order of ISA date, time and number."""
    place = {row[0]: row[1:] for row in books.execute(
        "SELECT receipts.digest, receipts.at, min(documents.id) FROM receipts "
        "JOIN documents ON documents.receipt_id = receipts.id GROUP BY receipts.id"
    )}
    told = {paper.answered_group: int(paper.control) for _, paper in papers if paper.set == "997"}
    pages: dict[str, list[Sent]] = defaultdict(list)
    for paper in sent:
        if not paper.again and paper.digest in place:
            pages[place[paper.digest][0]].append(paper)
    for at, page in pages.items():
        page.sort(key=lambda paper: paper.rank)
        run = [place[paper.digest][1] for paper in page]
        answered = [told[paper.group] for paper in page if paper.order and paper.group in told]
        if run != sorted(run) or answered != sorted(answered):
            yield f"{name}: {', '.join(paper.name for paper in page)}, admitted together at {at}, ran in another order"


def _left(name: str, folder: Path) -> Iterator[str]:
    """Nothing lies in the mailbox any more but what we moved away, and nothing is half a file."""
    for part in ("in", "out"):
        yield from (f"{name}: {path} was left behind" for path in sorted((folder / part).iterdir()) if path.is_file())
    yield from (f"{name}: {path} was left behind" for path in (folder / "out/archive").glob(".*"))


def _archive(house: Path, sides: Mapping[str, Side]) -> Iterator[str]:
    """Every byte in and out is there; once tidied, no half of a file."""
    archive = FileArchive(load(house).archive)
    archive.tidy(0)
    for name, (_, sent, received) in sides.items():
        contents = {one.name: one.content for one in sent} | {one.name: one.content for one in received}
        for file, content in contents.items():
            try:
                archive.read(hashlib.sha256(content).hexdigest())
            except GatewayError as error:
                yield f"{name}: {file} is not in the archive: {error}"
    yield from (f"{path} was left behind" for path in archive.folder.rglob("*.part"))


def _ledger(books: sqlite3.Connection, sides: Mapping[str, Side]) -> Iterator[str]:
    """Every effect stands there once, every file was run, everything went, and nobody needs to look at anything."""
    orders = {paper.order for _, sent, _ in sides.values() for paper in sent if paper.order}
    on_books = Counter(row[0] for row in books.execute("SELECT number FROM orders"))
    yield from (f"order {number} is on the books {on_books[number]} times"
                for number in sorted(orders | set(on_books)) if on_books[number] != 1)
    for kind in ("order.placed", "order.answered"):
        counted = Counter(dict(books.execute(
            "SELECT orders.number, count(*) FROM entries JOIN orders ON orders.id = entries.order_id "
            "WHERE kind = ? GROUP BY orders.number", (kind,)
        )))
        yield from (f"order {number} has {kind} {counted[number]} times in the ledger"
                    for number in sorted(orders) if counted[number] != 1)
    twice = books.execute(
        "SELECT kind, source_document_id, order_id, line, document_id, count(*) FROM entries "
        "WHERE kind <> 'file.decided' GROUP BY 1, 2, 3, 4, 5, data HAVING count(*) > 1"
    )
    yield from (f"the ledger has twice: {json.dumps(row)}" for row in twice)
    for table, states, what in (
        ("documents", ("posted", "answered", "confirmed", "delivered", "sent"), '"set" || \' \' || file'),
        ("receipts", ("done",), "name"), ("parcels", ("delivered", "sent"), "name"),
    ):
        marks = ",".join("?" * len(states))
        rows = books.execute(f"SELECT {what}, state FROM {table} WHERE state NOT IN ({marks})", states)
        yield from (f"{table}: {row[0]} is {row[1]}" for row in rows)
    unconfirmed = books.execute("SELECT file FROM documents WHERE \"set\" = '855' AND state <> 'confirmed'")
    yield from (f"{row[0]} was acknowledged and is not confirmed" for row in unconfirmed)
    unsettled = books.execute("SELECT channel, name FROM arrivals WHERE settled_at IS NULL")
    yield from (f"{row[0]}: {row[1]} counts as not removed" for row in unsettled)
    marks = ",".join("?" * len(EXPECTED_ISSUES))
    issues = books.execute(
        f"SELECT kind, about, note FROM issues WHERE state = 'open' AND kind NOT IN ({marks})", EXPECTED_ISSUES
    )
    yield from (f"an issue is open: {row[0]}, {row[1]}: {row[2]}" for row in issues)
