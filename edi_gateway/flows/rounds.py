"""What a round does about trouble: it is caught per item, becomes an issue, and the next item goes on."""

from collections.abc import Iterator
from contextlib import contextmanager

from edi_gateway.flows.house import House
from edi_gateway.issues import GatewayError, internal
from edi_gateway.ledger.facts import Trouble
from edi_gateway.logs import log


@contextmanager
def whole(house: House, channel: str | None, step: str, faults: list[GatewayError]) -> Iterator[None]:
    """A round as a whole: what ends it is one more fault, and all of them are told."""
    ended = False
    try:
        yield
        ended = True
    except GatewayError as error:
        faults.append(error)
    except Exception as error:  # noqa: BLE001 - a bug in one mailbox must not stop the others
        faults.append(bug(error, channel))
    report(house, channel, step, faults, ended)


@contextmanager
def item(channel: str, faults: list[GatewayError]) -> Iterator[None]:
    """One item of a round: what breaks it is a fault, and the next item goes on."""
    try:
        yield
    except GatewayError as error:
        if error.kind in internal.OF_THE_HOUSE:
            raise
        faults.append(error)
    except Exception as error:  # noqa: BLE001 - a bug in one item must hold that item only
        faults.append(bug(error, channel))


def bug(error: Exception, channel: str | None) -> GatewayError:
    """What nobody foresaw, with its traceback in the log."""
    log.exception("bug", channel=channel)
    return internal.BUG.error(internal.in_words(error))


def report(house: House, channel: str | None, step: str, faults: list[GatewayError], whole: bool) -> None:
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
