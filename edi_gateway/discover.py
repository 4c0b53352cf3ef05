"""Finds the members of a shelf: a package whose files are its members, by file name.

Adding a file to a shelf is the whole registration. Another distribution may add a member
with an entry point of the shelf's name; two claimants of one name are refused.
"""

import importlib
import pkgutil
from functools import cache
from types import ModuleType


class ShelfError(LookupError):
    """A shelf has no member of that name, or more than one."""


def names(shelf: str) -> tuple[str, ...]:
    """The names of all members of a shelf such as `edi_gateway.transports`, sorted."""
    return tuple(sorted(_claims(shelf)))


@cache
def member(shelf: str, name: str) -> ModuleType:
    """Imports the one member asked for.

    Raises `ShelfError` when no file or plug-in claims the name, or when two do.
    """
    claims = _claims(shelf).get(name, ())
    if not claims:
        raise ShelfError(f"{shelf} has no member {name!r}; it has {', '.join(names(shelf)) or 'none'}")
    if len(claims) > 1:
        raise ShelfError(f"{shelf} has several members named {name!r}: {', '.join(claims)}; remove all but one")
    return importlib.import_module(claims[0])


@cache
def _claims(shelf: str) -> dict[str, tuple[str, ...]]:
    package = importlib.import_module(shelf)
    claims: dict[str, tuple[str, ...]] = {}
    for found in pkgutil.iter_modules(package.__path__):
        if not found.name.startswith("_"):
            claims[found.name] = (f"{shelf}.{found.name}",)
    # What reads the installed distributions takes long to import, and not every command asks a shelf.
    for plugin in importlib.import_module("importlib.metadata").entry_points(group=shelf):
        claims[plugin.name] = (*claims.get(plugin.name, ()), plugin.value)
    return claims
