"""Which order or partnership a person means."""

from edi_gateway.cli._house import view
from edi_gateway.flows.house import House
from edi_gateway.issues import trade
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.reports import orders as report


def the_order(house: House, number: str, partnership: str | None, release: str | None) -> tuple[int, str, str]:
    """The one order that is meant: its partnership's id and name, and its release."""
    with view(house) as connection:
        found = report.places(connection, number, partnership=partnership, release=release)
    if not found:
        raise trade.ORDER_NOT_FOUND.error(f"there is no order {number}" + (f" of {partnership}" if partnership else ""))
    if len(found) > 1:
        places = ", ".join(name + (f" release {release}" if release else "") for _, name, release in found)
        raise trade.ORDER_AMBIGUOUS.error(f"order {number} is on the books for {places}")
    return found[0]


def the_partnership(house: House, name: str) -> Partnership:
    """The partnership of that name. Raises `GatewayError` (`trade.partnership-not-found`)."""
    with house.store.reading() as unit:
        found = unit.agreements.partnership_named(name)
    if found is None:
        raise trade.PARTNERSHIP_NOT_FOUND.error(f"there is no partnership {name!r}")
    return found
