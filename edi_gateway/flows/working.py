"""The second round: work through what was received and waits."""

import time
from collections import deque

from edi_gateway.flows import inbound, paging, rounds
from edi_gateway.flows.house import House, Stopped
from edi_gateway.issues import GatewayError, internal
from edi_gateway.ledger.facts import Trouble
from edi_gateway.logs import log
from edi_gateway.ports import Receipt

RECEIPTS_PER_ROUND = 500
RECEIPTS_PER_PAGE = 200
PAGE_SECONDS = 0.5
"""A page is ended when it has taken so long, for nobody else can write to the books meanwhile."""
PAGED_BYTES_MAX = 16 * 1024
"""A larger file is no part of a page: its groups are committed one by one."""


def work(house: House) -> int:
    """Processes the receipts that wait, in order of ISA date, time and number. Returns how many.

    When the house itself fails, all of them go on waiting, and none is counted.
    """
    with house.store.reading() as unit:
        receipts = unit.inbox.waiting(RECEIPTS_PER_ROUND)
    faults: list[GatewayError] = []
    if receipts:
        with rounds.whole(house, None, "work", faults):
            waiting = deque(receipts)
            while waiting and not house.stopping.is_set():
                _work_through(house, waiting)
    return 0 if faults or house.stopping.is_set() else len(receipts)


def _work_through(house: House, waiting: deque[Receipt]) -> None:
    """Takes the next of those that wait: as many small ones as make a page, or else one.

    When a page cannot be committed as a whole, each in it is processed by itself, so that one holds no other.
    """
    page: list[Receipt] = []
    if len(waiting) > 1 and _is_small(waiting[0]) and _is_small(waiting[1]):
        try:
            with paging.page(house) as paged:
                until = time.monotonic() + PAGE_SECONDS
                while _goes_on(house, waiting, page, until):
                    page.append(waiting.popleft())
                    _process(paged, page[-1])
            return
        except Exception as error:  # noqa: BLE001 - what is wrong shows again, at the one it is wrong with
            log.warning("page given up", receipts=len(page), note=internal.in_words(error))
    for receipt in page or [waiting.popleft()]:
        if not house.stopping.is_set():
            _process(house, receipt)


def _goes_on(house: House, waiting: deque[Receipt], page: list[Receipt], until: float) -> bool:
    """Whether the page takes the next of those that wait; it takes one at least, so that every page leaves fewer."""
    ends = len(page) == RECEIPTS_PER_PAGE or bool(page and time.monotonic() > until)
    return bool(waiting) and _is_small(waiting[0]) and not ends and not house.stopping.is_set()


def _is_small(receipt: Receipt) -> bool:
    return receipt.size_bytes <= PAGED_BYTES_MAX


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
