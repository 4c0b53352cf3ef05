"""The data shelf: what came with the gateway, and a deployment's own folders laid over it."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from edi_gateway.issues import GatewayError
from edi_gateway.issues.settings import NOT_TOML, UNREADABLE

TOP_FOLDERS = ("specs", "mappings", "fixtures")


class DataShelf:
    """The files of `specs/`, `mappings/` and `fixtures/`; the folders given are laid over ours, the last wins.

    A path is relative, with forward slashes, such as `specs/x12/README.md`. One that would lead outside
    these folders, by its name or by a link, names nothing. Parsed rows are kept: a new shelf sees changes.
    """

    def __init__(self, *overlays: Path) -> None:
        self._roots = (*reversed(overlays), shipped())
        self._rows: dict[str, Mapping[str, Any] | None] = {}
        # Asked for every file of a set, so it is remembered.
        self._real = lru_cache(maxsize=256)(_real)

    def read(self, path: str) -> bytes | None:
        """The file's bytes, None where there is none. Raises `GatewayError` (`settings.unreadable`)."""
        file = self._file(path)
        return None if file is None else _bytes(file)

    def rows(self, path: str) -> Mapping[str, Any] | None:
        """The file as parsed TOML, None where there is none. Raises `GatewayError` (`settings.not-toml`)."""
        if path not in self._rows:
            file = self._file(path)
            self._rows[path] = None if file is None else parse(_bytes(file), str(file))
        return self._rows[path]

    def names(self, folder: str) -> tuple[str, ...]:
        """The names in a folder over all layers, sorted, hidden ones left out. Raises `settings.unreadable`."""
        found: set[str] = set()
        for root in self._roots:
            place = _within(self._real, root, folder)
            found.update(_names(place) if place is not None else ())
        return tuple(sorted(name for name in found if not name.startswith((".", "__"))))

    def _file(self, path: str) -> Path | None:
        places = (_within(self._real, root, path) for root in self._roots)
        return next((place for place in places if place is not None and _is_file(place)), None)


def copy(shelf: DataShelf, folder: str, directory: Path, to: str) -> tuple[Path, ...]:
    """Writes the files of a folder of the shelf into another below a directory. Returns what was written.

    Raises `FileExistsError` when that folder is there, or `OSError`.
    """
    target = directory.joinpath(*PurePosixPath(to).parts)
    target.mkdir(parents=True)
    written = []
    for name in shelf.names(folder):
        content = shelf.read(f"{folder}/{name}")
        if content is not None:
            (target / name).write_bytes(content)
            written.append(target / name)
    return tuple(written)


def shipped() -> Path:
    """The folder of the data that came with the program: a checkout's top, else the wheel's own copy."""
    package = Path(__file__).resolve().parent.parent
    checkout = package.parent
    return checkout if (checkout / "pyproject.toml").is_file() and (checkout / "specs").is_dir() else package / "_data"


def parse(content: bytes, file: str) -> dict[str, Any]:
    """TOML as a dict. Raises `GatewayError` (`settings.not-toml`) that names the file and the line."""
    try:
        return tomllib.loads(content.decode("utf-8").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _not_toml(file, line, "a byte that is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        line = int(at[1]) if at else content.rstrip().count(b"\n") + 1
        raise _not_toml(file, line, re.sub(r" \(at [^)]*\)$", "", str(error))) from error


def _not_toml(file: str, line: int, what: str) -> GatewayError:
    return NOT_TOML.error(f"{file} line {line}: {what}", file=file, line=str(line))


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise _unreadable(file, error) from error


def _names(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise _unreadable(folder, error) from error


def _is_file(place: Path) -> bool:
    try:
        return place.is_file()
    except PermissionError as error:
        raise _unreadable(place, error) from error


def _unreadable(place: Path, error: OSError) -> GatewayError:
    """What is there and cannot be read must not count as not there: the partner would be taken for another."""
    return UNREADABLE.error(f"{place}: {error.strerror or error}", file=str(place))


def _within(real: Callable[[Path, tuple[str, ...]], str], root: Path, path: str) -> Path | None:
    """The place in that root, None unless it truly lies in one of the top folders."""
    parts = PurePosixPath(path).parts
    if not parts or parts[0] not in TOP_FOLDERS or ".." in parts or "\\" in path or not path.isprintable():
        return None
    try:
        top, place = real(root, parts[:1]), Path(real(root, parts[:-1]), parts[-1])
        if len(parts) == 1 or place.is_symlink():
            place = Path(os.path.realpath(place))
    except PermissionError as error:
        raise _unreadable(root / path, error) from error
    except OSError:
        return None
    return place if f"{place}{os.sep}".startswith(top + os.sep) else None


def _real(root: Path, folder: tuple[str, ...]) -> str:
    """Where a folder truly lies."""
    return os.path.realpath(root.joinpath(*folder))
