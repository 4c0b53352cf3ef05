"""The first round: collect from a mailbox what lies there, and put it away when it is ours."""

from collections.abc import Iterator, Sequence

from edi_gateway.flows import inbound, rounds
from edi_gateway.flows.house import House
from edi_gateway.issues import GatewayError, exchange
from edi_gateway.ports import Admission, Fetched, Sighting, Transport

STILL_SECONDS = 2.0
"""How long a file that does not end as an interchange does must stay as it is before it is taken."""


def collect(house: House, channel: str) -> int:
    """Fetches, admits and settles what lies in a mailbox. Returns how many files were new to us."""
    faults: list[GatewayError] = []
    admitted: dict[Sighting, Admission] = {}
    unfinished: list[Fetched] = []
    with rounds.whole(house, channel, "collect", faults), house.channels[channel]() as mailbox:
        for fetched in mailbox.fetch(_unseen(house, channel, mailbox.list())):
            if house.stopping.is_set():
                break
            if fetched.content is not None and not inbound.whole(fetched.content):
                unfinished.append(fetched)
                continue
            with rounds.item(channel, faults):
                _admit(house, channel, fetched, admitted, faults)
        for fetched in _still(house, mailbox, unfinished, faults):
            with rounds.item(channel, faults):
                _admit(house, channel, fetched, admitted, faults)
        for settled in mailbox.settle(tuple(admitted)):
            _settle(house, admitted[settled.sighting], settled.fault, faults)
    return sum(admission.verdict == "new" for admission in admitted.values())


def _unseen(house: House, channel: str, listed: Sequence[Sighting]) -> tuple[Sighting, ...]:
    """Without the copies that a person has marked as seen."""
    with house.store.reading() as unit:
        seen = unit.inbox.seen(channel)
    return tuple(sighting for sighting in listed if sighting not in seen)


def _still(
    house: House, mailbox: Transport, unfinished: Sequence[Fetched], faults: list[GatewayError]
) -> Iterator[Fetched]:
    """Those that nobody is still writing: they stay as they are for a while, however their content ends.

    A mailbox tells times by the second, so a look right after fetching would not show it.
    """
    if not unfinished or house.stopping.wait(STILL_SECONDS):
        return
    listed = set(mailbox.list())
    for fetched in unfinished:
        if fetched.sighting in listed:
            yield fetched
        else:
            note = f"{fetched.sighting.name} is still being written, or was taken away"
            faults.append(exchange.CHANGED_MEANWHILE.error(note))


def _admit(
    house: House, channel: str, fetched: Fetched, admitted: dict[Sighting, Admission], faults: list[GatewayError]
) -> None:
    if fetched.content is None:
        faults += [fetched.fault] if fetched.fault else []
        return
    admitted[fetched.sighting] = inbound.admit(house, channel, fetched.sighting, fetched.content)


def _settle(house: House, admission: Admission, fault: GatewayError | None, faults: list[GatewayError]) -> None:
    with house.commit() as commit:
        commit.unit.inbox.settled(admission.arrival_id, str(fault) if fault else None, commit.now)
    faults += [fault] if fault else []
