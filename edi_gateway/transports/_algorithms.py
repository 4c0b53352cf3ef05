"""Which SSH algorithms are used with a partner's server."""

from collections.abc import Callable, Iterable
from typing import Literal

from asyncssh.encryption import get_default_encryption_algs, get_encryption_algs
from asyncssh.kex import get_default_kex_algs, get_kex_algs
from asyncssh.mac import get_default_mac_algs, get_mac_algs
from asyncssh.public_key import get_default_public_key_algs, get_public_key_algs

Family = Literal["kex", "encryption", "mac", "signature"]
Names = Callable[[], list[bytes]]

OLD_SIGNATURES = ("ssh-rsa", "ssh-dss")

_EVERY: dict[Family, Names] = {
    "kex": get_kex_algs, "encryption": get_encryption_algs, "mac": get_mac_algs, "signature": get_public_key_algs,
}
_DEFAULT: dict[Family, Names] = {
    "kex": get_default_kex_algs, "encryption": get_default_encryption_algs, "mac": get_default_mac_algs,
    "signature": get_default_public_key_algs,
}
# The library still takes these; keys and signatures that rest on SHA-1 can be forged by those who can pay.
_DISTRUSTED = frozenset({"ssh-rsa", "diffie-hellman-group14-sha1", "gss-group14-sha1"})


def known() -> frozenset[str]:
    """Every algorithm there is, trusted or not."""
    return frozenset(name for family in _EVERY.values() for name in _texts(family()))


def taken(family: Family, legacy: Iterable[str]) -> list[str]:
    """The algorithms of a family to offer: those that are trusted, then the old ones asked for."""
    trusted = [name for name in _texts(_DEFAULT[family]()) if name not in _DISTRUSTED]
    # As safe as the library's own first choice, and the processor helps: a thousand small files are many packets.
    trusted.sort(key=lambda name: "-gcm@" not in name)
    asked_for = frozenset(legacy)
    return list(dict.fromkeys((*trusted, *(name for name in _texts(_EVERY[family]()) if name in asked_for))))


def _texts(names: Iterable[bytes]) -> list[str]:
    return [name.decode() for name in names]
