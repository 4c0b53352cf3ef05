"""Several folders behind one mailbox: which one a file lies in, and which one a parcel goes to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TypeVar

from edi_gateway.issues import GatewayError
from edi_gateway.ports import Sighting, Surveyed

DEFAULT = "default"

Folder = TypeVar("Folder")


def by_mark(folders: Sequence[str]) -> Mapping[str, str]:
    """The folders to collect from, each under the beginning that the names of its files get.

    The files of one folder alone keep their names. Those of several begin with the last part of their folder and a
    colon, as in `850:order.edi`, so that two files of one name are two. Raises `ValueError` for two alike.
    """
    if len(folders) <= 1:
        return dict.fromkeys([""], folders[0]) if folders else {}
    found = {f"{PurePosixPath(folder).name}:": folder for folder in folders}
    if len(found) != len(folders) or ":" in found:
        raise ValueError("collect: each folder must have a last part of its own, for its files are named by it")
    return found


def split(name: str, marks: Iterable[str]) -> tuple[str, str]:
    """The beginning that tells a file's folder, and its own name; none known leaves the name whole."""
    for mark in marks:
        if name.startswith(mark):
            return mark, name[len(mark) :]
    return "", name


def together(
    outcomes: Mapping[str, tuple[Surveyed, ...] | GatewayError]
) -> tuple[tuple[Surveyed, ...], Mapping[str, GatewayError]]:
    """The files of all folders under the names that tell their folder, and the folders that could not be listed.

    Raises the first fault where no folder at all could be listed.
    """
    left_out = {mark: outcome for mark, outcome in outcomes.items() if isinstance(outcome, GatewayError)}
    if left_out and len(left_out) == len(outcomes):
        raise next(iter(left_out.values()))
    found = [
        _marked(mark, file) if mark else file
        for mark, outcome in outcomes.items() if not isinstance(outcome, GatewayError) for file in outcome
    ]
    return tuple(sorted(found, key=lambda file: file.sighting.name)), left_out


def to_collect(surveyed: Iterable[Surveyed]) -> tuple[Sighting, ...]:
    """Those of the files that are not passed over."""
    return tuple(file.sighting for file in surveyed if file.passed_over is None)


def _marked(mark: str, file: Surveyed) -> Surveyed:
    sighting = replace(file.sighting, name=mark + file.sighting.name)
    own = None if file.own is None else mark + file.own
    return replace(file, sighting=sighting, lies_as=mark + file.lies_as, own=own)


def deliveries(deliver: Mapping[str, Folder]) -> Mapping[str, Folder]:
    """A table of folders to deliver to, by transaction set. Raises `ValueError` where no folder is the default."""
    if DEFAULT not in deliver:
        raise ValueError(f"deliver: a table needs a folder under {DEFAULT}, for what it does not name")
    return deliver
