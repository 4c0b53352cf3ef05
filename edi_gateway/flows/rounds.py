"""The rounds: collect from a mailbox, work through what waits, deliver what is ready.

Trouble is caught here, per item: it becomes an issue, and the next item goes on.
"""

import traceback

from edi_gateway.flows import inbound
from edi_gateway.flows.house import House
from edi_gateway.issues import GatewayError, exchange, internal
from edi_gateway.ledger.facts import Trouble
from edi_gateway.logs import log
from edi_gateway.ports import Admission, Fetched, Parcel, Pushed, Receipt, Sighting

PARCELS_PER_ROUND = 500
RECEIPTS_PER_ROUND = 500


def collect(house: House, channel: str) -> int:
    """Fetches, admits and settles what lies in a mailbox. Returns how many files were new to us."""
    faults: list[GatewayError] = []
    admitted: dict[Sighting, Admission] = {}
    try:
        with house.channels[channel]() as mailbox:
            for fetched in mailbox.fetch(mailbox.list()):
                if house.stopping.is_set():
                    break
                _admit(house, channel, fetched, admitted, faults)
            for settled in mailbox.settle(tuple(admitted)):
                _settle(house, admitted[settled.sighting], settled.fault, faults)
    except GatewayError as error:
        faults.append(error)
        _report(house, channel, "collect", faults)
    else:
        _report(house, channel, "collect", faults, whole=True)
    return sum(admission.verdict == "new" for admission in admitted.values())


def work(house: House) -> int:
    """Processes the receipts that wait, in order of ISA date, time and number. Returns how many."""
    with house.store.reading() as unit:
        receipts = unit.inbox.waiting(RECEIPTS_PER_ROUND)
    done = 0
    for receipt in receipts:
        if house.stopping.is_set():
            break
        _process(house, receipt)
        done += 1
    return done


def deliver(house: House, channel: str) -> bool:
    """Delivers the parcels of a channel, oldest first. Says whether all of them went."""
    faults: list[GatewayError] = []
    parcels = _parcels(house, channel)
    if not parcels:
        return True
    try:
        if channel not in house.channels:
            raise exchange.CHANNEL_UNKNOWN.error(f"{len(parcels)} files wait for the channel {channel!r}")
        with house.channels[channel]() as mailbox:
            for pushed in mailbox.push(parcels):
                _delivered(house, pushed, faults)
                if house.stopping.is_set():
                    break
    except GatewayError as error:
        faults.append(error)
        _report(house, channel, "deliver", faults)
    else:
        _report(house, channel, "deliver", faults, whole=True)
    return not faults


def waiting_channels(house: House) -> tuple[str, ...]:
    """The channels that have something to deliver."""
    with house.store.reading() as unit:
        return unit.outbox.channels()


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


def _process(house: House, receipt: Receipt) -> None:
    try:
        inbound.process(house, receipt)
    except GatewayError as error:
        trouble = Trouble(error.kind, f"receipt {receipt.id}", error.note, channel=receipt.channel)
    except Exception as error:  # noqa: BLE001 - a bug in one file must hold that file only
        log.exception("bug", receipt=receipt.id)
        note = f"{receipt.name}: {''.join(traceback.format_exception_only(error)).strip()}"
        trouble = Trouble(internal.BUG, f"receipt {receipt.id}", note, channel=receipt.channel)
    else:
        return
    with house.commit() as commit:
        commit.unit.inbox.finish(receipt.id, "held")
        commit.unit.desk.open(trouble, commit.now)


def _parcels(house: House, channel: str) -> tuple[Parcel, ...]:
    with house.store.reading() as unit:
        ready = unit.outbox.ready(channel, PARCELS_PER_ROUND)
    return tuple(Parcel(parcel, channel, name, house.archive.read(digest)) for parcel, name, digest in ready)


def _delivered(house: House, pushed: Pushed, faults: list[GatewayError]) -> None:
    fault = str(pushed.fault) if pushed.fault else None
    with house.commit() as commit:
        commit.unit.outbox.attempted(pushed.parcel.id, pushed.outcome, fault, commit.now)
    faults += [pushed.fault] if pushed.fault else []
    log.info(pushed.outcome, channel=pushed.parcel.channel, name=pushed.parcel.name)


def _report(house: House, channel: str, step: str, faults: list[GatewayError], whole: bool = False) -> None:
    """One issue per channel, step and kind; a round that went all the way closes what did not show again."""
    about = f"{channel}: {step}"
    seen = {fault.kind.code: fault for fault in faults}
    with house.commit() as commit:
        for fault in seen.values():
            log.warning(fault.kind.code, channel=channel, note=fault.note)
            commit.unit.desk.open(Trouble(fault.kind, about, fault.note, channel=channel), commit.now)
        if whole:
            commit.unit.desk.heal(about, tuple(seen), commit.now)
