"""The last round: deliver to a mailbox what is ready to go."""

from collections.abc import Sequence

from edi_gateway.flows import rounds
from edi_gateway.flows.house import House
from edi_gateway.issues import GatewayError, exchange
from edi_gateway.logs import log
from edi_gateway.ports import Parcel, Pushed

PARCELS_PER_ROUND = 500


def deliver(house: House, channel: str) -> bool:
    """Delivers the parcels of a channel, oldest first. Says whether all of them went."""
    faults: list[GatewayError] = []
    with house.store.reading() as unit:
        ready = unit.outbox.ready(channel, PARCELS_PER_ROUND)
    if not ready:
        return True
    with rounds.whole(house, channel, "deliver", faults):
        if channel not in house.channels:
            raise exchange.CHANNEL_UNKNOWN.error(f"{len(ready)} files wait for the channel {channel!r}")
        with house.channels[channel]() as mailbox:
            for pushed in mailbox.push(_parcels(house, channel, ready, faults)):
                _delivered(house, pushed, faults)
                if house.stopping.is_set():
                    break
    return not faults


def clear(house: House, channel: str) -> None:
    """Closes what stood in the way of delivering, when nothing waits to be delivered any longer."""
    with house.store.reading() as unit:
        waits = unit.outbox.ready(channel, 1)
    if not waits:
        rounds.report(house, channel, "deliver", [], True)


def waiting_channels(house: House) -> tuple[str, ...]:
    """The channels that have something to deliver."""
    with house.store.reading() as unit:
        return unit.outbox.channels()


def _parcels(
    house: House, channel: str, ready: Sequence[tuple[int, str, str]], faults: list[GatewayError]
) -> tuple[Parcel, ...]:
    """Those whose bytes can be read; one that cannot does not keep the others."""
    parcels: list[Parcel] = []
    for parcel, name, digest in ready:
        with rounds.item(channel, faults):
            parcels.append(Parcel(parcel, channel, name, house.archive.read(digest)))
    return tuple(parcels)


def _delivered(house: House, pushed: Pushed, faults: list[GatewayError]) -> None:
    fault = str(pushed.fault) if pushed.fault else None
    with house.commit() as commit:
        commit.unit.outbox.attempted(pushed.parcel.id, pushed.outcome, fault, commit.now)
    faults += [pushed.fault] if pushed.fault else []
    log.info(pushed.outcome, channel=pushed.parcel.channel, name=pushed.parcel.name)
