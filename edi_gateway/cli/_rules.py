"""By whose rules a command reads a file: those of the house in the folder, else the plain standard."""

from importlib import import_module
from pathlib import Path

from edi_gateway.cli._output import say
from edi_gateway.flows.guides import Guides
from edi_gateway.issues import command
from edi_gateway.reports.rules import Rules, known
from edi_gateway.store.shelf import DataShelf


def rules(directory: Path) -> Rules:
    """The folder's own guides laid over ours, and its agreements; a folder without a house is passed over."""
    if not (directory / "gateway.toml").exists():
        if directory != Path():
            say(f"There is no gateway in {directory}: the plain standard applies.")
        return Rules(Guides(DataShelf()))
    guides = Guides(DataShelf(directory))
    if not (directory / "gateway.sqlite").exists():
        return Rules(guides)
    # What the database needs takes longer to import than a small file to read, so only a house pays for it.
    partners = import_module("edi_gateway.reports.partners")
    with import_module("edi_gateway.cli._house").books(directory) as connection:
        return known(guides, partners.partners(connection))


def known_partner(house_rules: Rules, name: str) -> str:
    """The folder of a partner named by it or by an agreement. Raises `GatewayError` (`command.partner-unknown`)."""
    folder = house_rules.named.get(name, name)
    if not house_rules.guides.knows(folder):
        raise command.PARTNER_UNKNOWN.error(f"there is no agreement {name}, nor mappings/partners/{name}/partner.toml")
    return folder
