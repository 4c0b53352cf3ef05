"""From bytes to a receipt: durable in the archive, then on the books; bytes that are known get their verdict here."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Literal

from edi_gateway.flows import rounds
from edi_gateway.flows.house import Commit, House
from edi_gateway.issues import GatewayError, command, exchange
from edi_gateway.ledger.facts import Entry, Trouble
from edi_gateway.logs import log
from edi_gateway.ports import Admission, Receipt, Sighting

TRAILER_BYTES = 200
"""An IEA with whatever blanks and line ends a partner puts behind it."""

Choice = Literal["ignore", "again", "resend"]
"""What a person makes of bytes that are known: nothing; run them once more; acknowledge them once more."""


def admit_page(
    house: House, channel: str, files: Sequence[tuple[Sighting, bytes]], faults: list[GatewayError]
) -> dict[Sighting, Admission]:
    """Makes files ours in one commit. One that a bug keeps out is a fault, and the others are ours nevertheless."""
    if not files:
        return {}
    contents = dict(files)
    digests = house.archive.keep_page([content for _, content in files])
    ranked: list[tuple[Sighting, str, str]] = []
    for (sighting, content), digest in zip(files, digests, strict=True):
        with rounds.item(channel, faults):
            ranked.append((sighting, digest, _rank(content)))
    with house.commit() as commit:
        admitted = dict(commit.unit.inbox.admit_new(channel, ranked, commit.now))
        for sighting, digest, rank in ranked:
            if sighting not in admitted:
                # What came before may have been erased since it was kept above; from here on nobody erases it.
                house.archive.keep(contents[sighting])
                with rounds.item(channel, faults), commit.unit.savepoint():
                    admitted[sighting] = admit(commit, channel, sighting, digest, rank)
    for sighting, admission in admitted.items():
        _log(channel, sighting, admission)
    return admitted


def note_empty(house: House, channel: str, sightings: Sequence[Sighting]) -> dict[Sighting, int]:
    """Remembers files without a byte: there is nothing to keep of them, nor to read. Returns their arrivals."""
    if not sightings:
        return {}
    with house.commit() as commit:
        return {sighting: commit.unit.inbox.empty(channel, sighting, commit.now) for sighting in sightings}


def receive(house: House, channel: str, sighting: Sighting, content: bytes) -> Admission:
    """Admits a file that came another way as if it had been collected from the channel.

    Nobody will find it in the mailbox, so the same bytes a second time are a duplicate.
    """
    with house.commit() as commit:
        digest = house.archive.keep(content)
        admission = admit(commit, channel, sighting, digest, _rank(content))
        commit.unit.inbox.settled(admission.arrival_id, None, commit.now)
        by_hand = Entry("file.received-by-hand", {"channel": channel, "file": sighting.name}, key=digest)
        commit.unit.books.write((by_hand,), None, None, commit.now)
    _log(channel, sighting, admission)
    return admission


def admit(commit: Commit, channel: str, sighting: Sighting, digest: str, rank: str) -> Admission:
    """Puts one sighting of bytes that the archive holds on the books."""
    admission = commit.unit.inbox.admit(channel, sighting, digest, rank, commit.now)
    if admission.verdict == "duplicate":
        _sent_again(commit, channel, sighting, admission.receipt)
    return admission


def about_same_bytes(receipt_id: int) -> str:
    """What the desk's issue about a receipt whose bytes came again is filed under."""
    return f"receipt {receipt_id}, same bytes"


def decide(commit: Commit, receipt_id: int, choice: Choice) -> Receipt | None:
    """A person's word on bytes that came again, in the caller's commit; it closes the issue about them.

    `ignore` leaves it at that. `resend` takes the arrival for a partner who misses our acknowledgments: they go once
    more. `again` runs the bytes as if they had never come, as a receipt of its own, which is returned. Raises
    `GatewayError` (`command.receipt-unknown`).
    """
    run = commit.unit.inbox.run_again(receipt_id, commit.now) if choice == "again" else None
    if choice == "again" and run is None:
        raise command.RECEIPT_UNKNOWN.error(f"there is no receipt {receipt_id}")
    if choice == "resend":
        commit.unit.outbox.acknowledge_again(receipt_id)
    said = {"receipt": receipt_id, "choice": choice, "run": run.id if run else None}
    commit.unit.books.write((Entry("file.decided", said, key=str(receipt_id)),), None, None, commit.now)
    commit.unit.desk.close_about(about_same_bytes(receipt_id), commit.now)
    log.info("decided", receipt=receipt_id, choice=choice)
    return run


def whole(content: bytes) -> bool:
    """Whether the bytes end as an interchange does. Those of a file that is still being written most often do not."""
    return b"IEA" in content[-TRAILER_BYTES:]


def _log(channel: str, sighting: Sighting, admission: Admission) -> None:
    log.info("admitted", channel=channel, name=sighting.name, digest=admission.receipt.digest[:12],
             bytes=sighting.size_bytes, verdict=admission.verdict)


def _sent_again(commit: Commit, channel: str, sighting: Sighting, first: Receipt) -> None:
    """A new arrival of known bytes most often means that our acknowledgment was lost: the same goes again.

    A row of the partner's may decide otherwise beforehand, and then nobody is asked.
    """
    policy = _policy(commit, first)
    if policy == "again":
        commit.unit.inbox.run_again(first.id, commit.now)
    if policy != "resend":
        return
    note = f"{sighting.name} holds the same bytes as {first.name} of {first.at:%Y-%m-%d %H:%M:%S} UTC"
    trouble = Trouble(exchange.SAME_BYTES, about_same_bytes(first.id), note, channel=channel)
    commit.unit.desk.open(trouble, commit.now)
    commit.unit.outbox.acknowledge_again(first.id)


def _policy(commit: Commit, first: Receipt) -> Choice:
    """What the partners in the file agreed on, where they are known and agree among themselves."""
    guides = commit.house.guides
    policies: set[Choice] = set()
    # A partner file that is broken has an issue of its own, and must not keep the file in the mailbox.
    with suppress(GatewayError):
        policies = {guides.partner(name).duplicates.same_bytes for name in commit.unit.inbox.partners_of(first.id)}
    return policies.pop() if len(policies) == 1 else "resend"


def _rank(content: bytes) -> str:
    """ISA date, time and number as sent, so that what waits is run in the order it was written."""
    start = content[:4096].find(b"ISA")
    header = content[start : start + 106] if start >= 0 else b""
    return (header[70:76] + header[77:81] + header[90:99]).decode("latin-1")
