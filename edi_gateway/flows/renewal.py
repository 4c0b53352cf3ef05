"""When a file that the gateway goes by has changed: it is taken, or else told at the desk; what waited goes on."""

from edi_gateway.flows.house import House
from edi_gateway.issues import GatewayError
from edi_gateway.ledger.facts import Trouble
from edi_gateway.logs import log

ABOUT = "the files of the gateway"
"""What the desk's issues about a change that was not taken are filed under."""


def told(house: House) -> bool:
    """Whether the desk still tells of a change that was not taken."""
    with house.store.reading() as unit:
        return unit.desk.standing(ABOUT)


def refused(house: House, error: GatewayError) -> None:
    """Tells that the files cannot be used as they are; those that were read before stay in force."""
    log.error(error.kind.code, note=error.note)
    note = f"{error.note}; until it is mended the gateway goes by what it read before"
    with house.commit() as commit:
        commit.unit.desk.close_about(ABOUT, commit.now)
        commit.unit.desk.open(Trouble(error.kind, ABOUT, note), commit.now)


def taken(house: House) -> None:
    """Closes what was told."""
    with house.commit() as commit:
        commit.unit.desk.close_about(ABOUT, commit.now)
    log.info("changed files taken", channels=", ".join(house.channels) or "none")


def let_go(house: House) -> None:
    """Lets go on what waited for such a change."""
    with house.commit() as commit:
        commit.unit.inbox.again_all_held()
