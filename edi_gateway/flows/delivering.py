"""The last round: deliver to a mailbox what is ready to go."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import accumulate

from edi_gateway.flows import rounds
from edi_gateway.flows.house import House
from edi_gateway.issues import GatewayError, Kind, exchange
from edi_gateway.logs import log
from edi_gateway.ports import Attempt, Packed, Parcel, Pushed, Pushes

PARCELS_PER_ROUND = 1000
PAGE_PARCELS, PAGE_BYTES = 50, 16 * 1024 * 1024
"""So much is read, sent and then booked in one commit. Where that commit is lost, all of it goes again: the same bytes
under the same names."""

SOON, SOON_MAX = timedelta(seconds=30), timedelta(minutes=30)
LATER, LATER_MAX = timedelta(minutes=15), timedelta(hours=24)
"""The first and the longest pause: where trying again may help, and where something must be changed first."""


def deliver(house: House, channel: str, visiting: bool = True) -> bool:
    """Delivers what may go over a channel now, page by page. Says whether the channel could be used.

    What cannot go keeps nothing but what must go behind it. A visit tries beside what is due what only the mailbox
    kept.
    """
    if not _page(house, channel, visiting, ()):
        return True
    faults: list[GatewayError] = []
    usable = False
    with rounds.whole(house, channel, "deliver", faults) as reach:
        if channel not in house.channels:
            raise exchange.CHANNEL_UNKNOWN.error(f"files wait for the channel {channel!r}")
        with house.channels[channel]() as mailbox:
            reach.all_of_it = _deliver_pages(house, mailbox, channel, visiting, faults)
        usable = not _useless(faults)
        with house.store.reading() as unit:
            reach.standing = unit.outbox.faults(channel)
    return usable


def clear(house: House, channel: str) -> None:
    """Closes what stood in the way of delivering, when nothing waits to be delivered any longer.

    Whoever asks is at the mailbox, or they would close what another has just found there.
    """
    with house.store.reading() as unit:
        waits = unit.outbox.waits(channel)
    if not waits:
        rounds.report(house, channel, "deliver", [], True)


def waiting_channels(house: House) -> tuple[str, ...]:
    """The channels that have something to deliver now."""
    with house.store.reading() as unit:
        return unit.outbox.channels(house.clock.now())


def pause(kind: Kind, tries: int, parcel_id: int) -> timedelta:
    """How long a parcel rests after so many failures: each time twice as long, up to a bound.

    The parcel's id makes it up to a tenth longer, so that what failed together is not tried again all together.
    """
    first, longest = (SOON, SOON_MAX) if kind.retry else (LATER, LATER_MAX)
    rest = min(first * (1 << min(tries - 1, 16)), longest)
    return rest + rest * (parcel_id * 37 % 101) / 1000


def _deliver_pages(
    house: House, mailbox: Pushes, channel: str, visiting: bool, faults: list[GatewayError]
) -> bool:
    """Says whether all of it was tried."""
    tried: set[int] = set()
    while len(tried) < PARCELS_PER_ROUND:
        page = _page(house, channel, visiting, tried)
        if not page:
            return True
        tried.update(page)
        came = _push(house, mailbox, channel, page)
        _book(house, page, came)
        faults += [_told(pushed.fault, page[number]) for number, pushed in came.items() if pushed.fault]
        if _useless(faults) or house.stopping.is_set():
            return False
    return False


def _page(house: House, channel: str, visiting: bool, but: Collection[int]) -> dict[int, Packed]:
    """What is to be delivered next, by id; at least one, however large it is."""
    with house.store.reading() as unit:
        ready = unit.outbox.ready(channel, PAGE_PARCELS, house.clock.now(), visiting, but)
    sizes = accumulate(packed.size_bytes for packed in ready)
    return {one.id: one for one, size in zip(ready, sizes, strict=True) if size <= PAGE_BYTES or one is ready[0]}


def _push(house: House, mailbox: Pushes, channel: str, page: dict[int, Packed]) -> dict[int, Pushed]:
    """What became of each. A stop waits for all of them: what is under way already must be on the books."""
    parcels, came = _parcels(house, channel, page)
    broken: list[GatewayError] = []
    with rounds.item(channel, broken):
        for pushed in mailbox.push(parcels):
            came[pushed.parcel.id] = pushed
            log.info(pushed.outcome, channel=channel, name=pushed.parcel.name)
    for fault in broken:
        # Nobody knows what became of the others: they go again, with the same bytes.
        failed = [Pushed(parcel, "failed", fault, parcel.begun) for parcel in parcels if parcel.id not in came]
        came.update({pushed.parcel.id: pushed for pushed in failed})
    return came


def _parcels(
    house: House, channel: str, page: dict[int, Packed]
) -> tuple[Sequence[Parcel], dict[int, Pushed]]:
    """Those whose bytes can be read; one that cannot has failed, and does not keep the others."""
    parcels: list[Parcel] = []
    failed: dict[int, Pushed] = {}
    for one in page.values():
        lost: list[GatewayError] = []
        with rounds.item(channel, lost):
            parcels.append(Parcel(
                one.id, channel, one.name, house.archive.read(one.digest), one.set, one.begun
            ))
        for fault in lost:
            failed[one.id] = Pushed(Parcel(one.id, channel, one.name, b""), "failed", fault, one.begun)
    return parcels, failed


def _book(house: House, page: dict[int, Packed], came: dict[int, Pushed]) -> None:
    if came:
        with house.commit() as commit:
            attempts = [_attempt(page[number], pushed, commit.now) for number, pushed in came.items()]
            commit.unit.outbox.attempted(attempts, commit.now)


def _attempt(packed: Packed, pushed: Pushed, now: datetime) -> Attempt:
    """The next visit tries again what has failed once, and as often as need be what only the mailbox kept."""
    fault = pushed.fault
    if fault is None:
        return Attempt(packed.id, pushed.outcome)
    tries = packed.tries + 1
    again = now + pause(fault.kind, tries, packed.id)
    at_visits = tries == 1 or fault.kind.reach != "file"
    return Attempt(packed.id, pushed.outcome, str(fault), fault.kind.code, again, at_visits, pushed.begun)


def _told(fault: GatewayError, packed: Packed) -> GatewayError:
    """The fault with whose parcel it kept, where it is a matter of the parcel."""
    if fault.kind.reach != "file":
        return fault
    whose = {"partner": packed.partner, "order": packed.order_number}
    return GatewayError(fault.kind, fault.note, fault.context | {name: said for name, said in whose.items() if said})


def _useless(faults: Sequence[GatewayError]) -> bool:
    return any(fault.kind.reach == "channel" for fault in faults)
