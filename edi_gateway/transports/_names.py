"""Which names in a mailbox are hidden, which are claims, which are refused, and how a name is shown."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime

LISTED_MAX = 100_000
ARCHIVE_TRIES_MAX = 100

_TEMPORARY = (".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".swp", ".lock", "~")
_NAME_BYTES_MAX = 255
_CLAIM = re.compile(r"\.(.+)\.([A-Za-z0-9]{1,32})\.taken")
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def hidden(name: str) -> bool:
    """Whether a name is one that writers use while a file is not yet whole."""
    return name.startswith(".") or name.lower().endswith(_TEMPORARY)


def ends_as(name: str, extensions: tuple[str, ...]) -> bool:
    """Whether a name ends in one of the extensions (none given: in any)."""
    return not extensions or name.lower().endswith(tuple(end.lower() for end in extensions))


def part(name: str) -> str:
    """The hidden name under which a file is written until it is whole."""
    return f".{name}.part"


def claim(name: str, mark: str) -> str:
    """The hidden name under which a house lays the file that it takes; the mark is the house's own."""
    return f".{name}.{mark}.taken"


def may_be_claimed(name: str, mark: str) -> bool:
    """Whether the hidden name for a file is not too long to be one."""
    return len(claim(name, mark).encode("utf-8", "surrogateescape")) <= _NAME_BYTES_MAX


def claimed(hidden_name: str) -> tuple[str, str] | None:
    """The file's own name and the mark of the house that took it, where a name is one that a house gives; else None."""
    found = _CLAIM.fullmatch(hidden_name)
    return (found[1], found[2]) if found and flaw(found[1]) is None else None


def flaw(name: str) -> str | None:
    """What keeps a name from being used as the name of one file in one folder, None if nothing does."""
    if name in {"", ".", ".."}:
        return "it names no file"
    if "/" in name or "\\" in name:
        return "it holds a slash, a backslash, or what is shown here with one"
    plain = name.isascii() and name.isprintable()
    if not plain and any(unicodedata.category(character) in _UNPRINTABLE for character in name):
        return "it holds control characters or is not UTF-8"
    if len(part(name).encode()) > _NAME_BYTES_MAX:
        return "it is too long"
    return None


def listed(raw: bytes) -> str:
    """A name as a server sent it, as text that can do no harm.

    A name with a flaw comes back escaped. The escaped form holds a backslash and so has a flaw itself:
    it can be shown and stored, and it is refused wherever it turns up again.
    """
    name = raw.decode("utf-8", "surrogateescape")
    return name if flaw(name) is None else shown(name)


def shown(name: str) -> str:
    """A name for notes: as it is, or escaped to ASCII when it has a flaw."""
    if flaw(name) is None:
        return name
    escaped = name.encode("unicode_escape", "surrogatepass").decode("ascii").replace("/", "\\x2f")
    return escaped if len(escaped) <= _NAME_BYTES_MAX else f"{escaped[:200]}\\..."


def archive_names(name: str, modified: datetime | None) -> Iterator[str]:
    """The names to try for a file in the archive: its own, then with its time, then with time and number."""
    yield name
    stem, dot, end = name.rpartition(".")
    if not stem:
        stem, dot, end = name, "", ""
    stamp = f".{modified:%Y%m%dT%H%M%S}" if modified else ""
    if stamp:
        yield f"{stem}{stamp}{dot}{end}"
    for number in range(1, ARCHIVE_TRIES_MAX):
        yield f"{stem}{stamp}.{number}{dot}{end}"
