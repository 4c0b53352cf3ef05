"""The second round: work through what was received and waits."""

from edi_gateway.flows import inbound, rounds
from edi_gateway.flows.house import House, Stopped
from edi_gateway.issues import GatewayError, internal
from edi_gateway.ledger.facts import Trouble
from edi_gateway.logs import log
from edi_gateway.ports import Receipt

RECEIPTS_PER_ROUND = 500


def work(house: House) -> int:
    """Processes the receipts that wait, in order of ISA date, time and number. Returns how many.

    When the house itself fails, all of them go on waiting, and none is counted.
    """
    with house.store.reading() as unit:
        receipts = unit.inbox.waiting(RECEIPTS_PER_ROUND)
    faults: list[GatewayError] = []
    if receipts:
        with rounds.whole(house, None, "work", faults):
            for receipt in receipts:
                if house.stopping.is_set():
                    break
                _process(house, receipt)
    return 0 if faults or house.stopping.is_set() else len(receipts)


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
