"""The rounds: collect from a mailbox, work through what waits, deliver what is ready.

Trouble is caught here, per item: it becomes an issue, and the next item goes on.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from edi_gateway.flows import inbound
from edi_gateway.flows.house import House, Stopped
from edi_gateway.issues import GatewayError, exchange, internal
from edi_gateway.ledger.facts import Trouble
from edi_gateway.logs import log
from edi_gateway.ports import Admission, Fetched, Parcel, Pushed, Receipt, Sighting, Transport

PARCELS_PER_ROUND = 500
RECEIPTS_PER_ROUND = 500
STILL_SECONDS = 2.0
"""How long a file that does not end as an interchange does must stay as it is before it is taken."""


def collect(house: House, channel: str) -> int:
    """Fetches, admits and settles what lies in a mailbox. Returns how many files were new to us."""
    faults: list[GatewayError] = []
    admitted: dict[Sighting, Admission] = {}
    unfinished: list[Fetched] = []
    with _round(house, channel, "collect", faults), house.channels[channel]() as mailbox:
        for fetched in mailbox.fetch(_unseen(house, channel, mailbox.list())):
            if house.stopping.is_set():
                break
            if fetched.content is not None and not inbound.whole(fetched.content):
                unfinished.append(fetched)
                continue
            with _item(channel, faults):
                _admit(house, channel, fetched, admitted, faults)
        for fetched in _still(house, mailbox, unfinished, faults):
            with _item(channel, faults):
                _admit(house, channel, fetched, admitted, faults)
        for settled in mailbox.settle(tuple(admitted)):
            _settle(house, admitted[settled.sighting], settled.fault, faults)
    return sum(admission.verdict == "new" for admission in admitted.values())


def work(house: House) -> int:
    """Processes the receipts that wait, in order of ISA date, time and number. Returns how many.

    When the house itself fails, all of them go on waiting, and none is counted.
    """
    with house.store.reading() as unit:
        receipts = unit.inbox.waiting(RECEIPTS_PER_ROUND)
    faults: list[GatewayError] = []
    if receipts:
        with _round(house, None, "work", faults):
            for receipt in receipts:
                if house.stopping.is_set():
                    break
                _process(house, receipt)
    return 0 if faults or house.stopping.is_set() else len(receipts)


def deliver(house: House, channel: str) -> bool:
    """Delivers the parcels of a channel, oldest first. Says whether all of them went."""
    faults: list[GatewayError] = []
    with house.store.reading() as unit:
        ready = unit.outbox.ready(channel, PARCELS_PER_ROUND)
    if not ready:
        return True
    with _round(house, channel, "deliver", faults):
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
        _report(house, channel, "deliver", [], True)


def waiting_channels(house: House) -> tuple[str, ...]:
    """The channels that have something to deliver."""
    with house.store.reading() as unit:
        return unit.outbox.channels()


@contextmanager
def _round(house: House, channel: str | None, step: str, faults: list[GatewayError]) -> Iterator[None]:
    """A round as a whole: what ends it is one more fault, and all of them are told."""
    whole = False
    try:
        yield
        whole = True
    except GatewayError as error:
        faults.append(error)
    except Exception as error:  # noqa: BLE001 - a bug in one mailbox must not stop the others
        faults.append(_bug(error, channel))
    _report(house, channel, step, faults, whole)


@contextmanager
def _item(channel: str, faults: list[GatewayError]) -> Iterator[None]:
    """One item of a round: what breaks it is a fault, and the next item goes on."""
    try:
        yield
    except GatewayError as error:
        if error.kind in internal.OF_THE_HOUSE:
            raise
        faults.append(error)
    except Exception as error:  # noqa: BLE001 - a bug in one item must hold that item only
        faults.append(_bug(error, channel))


def _bug(error: Exception, channel: str | None) -> GatewayError:
    log.exception("bug", channel=channel)
    return internal.BUG.error(internal.in_words(error))


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


def _process(house: House, receipt: Receipt) -> None:
    about = inbound.about_reading(receipt)
    try:
        inbound.process(house, receipt)
    except Stopped:
        log.info("interrupted", name=receipt.name, note="it goes on at the next start")
        return
    except GatewayError as error:
        if error.kind in internal.OF_THE_HOUSE:
            raise
        trouble = Trouble(error.kind, about, error.note, channel=receipt.channel)
    except Exception as error:  # noqa: BLE001 - a bug in one file must hold that file only
        log.exception("bug", receipt=receipt.id)
        note = f"{receipt.name}: {internal.in_words(error)}"
        trouble = Trouble(internal.BUG, about, note, channel=receipt.channel)
    else:
        return
    with house.commit() as commit:
        commit.unit.inbox.finish(receipt.id, "held")
        commit.unit.desk.open(trouble, commit.now)


def _parcels(
    house: House, channel: str, ready: Sequence[tuple[int, str, str]], faults: list[GatewayError]
) -> tuple[Parcel, ...]:
    """Those whose bytes can be read; one that cannot does not keep the others."""
    parcels: list[Parcel] = []
    for parcel, name, digest in ready:
        with _item(channel, faults):
            parcels.append(Parcel(parcel, channel, name, house.archive.read(digest)))
    return tuple(parcels)


def _delivered(house: House, pushed: Pushed, faults: list[GatewayError]) -> None:
    fault = str(pushed.fault) if pushed.fault else None
    with house.commit() as commit:
        commit.unit.outbox.attempted(pushed.parcel.id, pushed.outcome, fault, commit.now)
    faults += [pushed.fault] if pushed.fault else []
    log.info(pushed.outcome, channel=pushed.parcel.channel, name=pushed.parcel.name)


def _report(house: House, channel: str | None, step: str, faults: list[GatewayError], whole: bool) -> None:
    """One issue per channel, step and kind; a round that went all the way closes what did not show again."""
    about = f"{channel or 'the books'}: {step}"
    seen = {fault.kind.code: fault for fault in faults}
    for fault in seen.values():
        log.warning(fault.kind.code, channel=channel, note=fault.note)
    with house.commit() as commit:
        for fault in seen.values():
            commit.unit.desk.open(Trouble(fault.kind, about, fault.note, channel=channel), commit.now)
        if whole:
            commit.unit.desk.heal(about, tuple(seen), commit.now)
            for kind in (internal.BUG, internal.ARCHIVE_LOST):
                if kind.code not in seen:
                    commit.unit.desk.close(kind, about, commit.now)
