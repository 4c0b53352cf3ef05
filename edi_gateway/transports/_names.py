"""Which names in a mailbox are taken, which are passed over, which are refused, and how many at a time."""

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from edi_gateway.ports import Sighting

LISTED_MAX = 100_000
ARCHIVE_TRIES_MAX = 100

_TEMPORARY = (".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".swp", ".lock", "~")
_NAME_BYTES_MAX = 255
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def hidden(name: str) -> bool:
    """Whether a name is one that writers use while a file is not yet whole."""
    return name.startswith(".") or name.lower().endswith(_TEMPORARY)


def wanted(name: str, extensions: tuple[str, ...]) -> bool:
    """Whether a file of that name is to be collected: not hidden, and of one of the extensions (none given: any)."""
    return not hidden(name) and (not extensions or name.lower().endswith(tuple(end.lower() for end in extensions)))


def part(name: str) -> str:
    """The hidden name under which a file is written until it is whole."""
    return f".{name}.part"


def claim(name: str, mark: str) -> str:
    """The hidden name under which a house lays the file that it takes; the mark is the house's own."""
    return f".{name}.{mark}.taken"


def claimed(hidden_name: str, mark: str) -> str | None:
    """The file's own name, where a name is one that the house of that mark gives; else None."""
    end = f".{mark}.taken"
    name = hidden_name[1 : -len(end)]
    ours = hidden_name.startswith(".") and hidden_name.endswith(end) and len(hidden_name) > len(end) + 1
    return name if ours and flaw(name) is None else None


def flaw(name: str) -> str | None:
    """What keeps a name from being used as the name of one file in one folder, None if nothing does."""
    if name in {"", ".", ".."}:
        return "it names no file"
    if "/" in name or "\\" in name:
        return "it holds a slash, a backslash, or what is shown here with one"
    if any(unicodedata.category(character) in _UNPRINTABLE for character in name):
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


def one_round(sightings: Sequence[Sighting], most: int) -> Sequence[Sighting]:
    """No more files than are taken in a round: the newest of them, in the order given.

    So files that we may not remove never keep new ones from being collected.
    """
    if len(sightings) <= most:
        return sightings
    newest = sorted(range(len(sightings)), key=lambda place: _age(sightings[place]), reverse=True)[:most]
    return [sightings[place] for place in sorted(newest)]


def _age(sighting: Sighting) -> datetime:
    return sighting.modified or datetime.min.replace(tzinfo=UTC)
