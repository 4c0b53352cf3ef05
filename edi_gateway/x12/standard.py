"""What `specs/` allows, compiled on first use and kept; by which release a group is read, and whether it can be."""

from functools import lru_cache
from typing import Any

from edi_gateway.issues import Finding, envelope
from edi_gateway.x12.compile import Table, compile
from edi_gateway.x12.envelope import Group
from edi_gateway.x12.guide import Guide
from edi_gateway.x12.narrowing import narrow
from edi_gateway.x12.spec import Rows, base_version, group_of, is_release, knows_version, load

_KEPT = 1_024
_ID_MAX = 12
"""Ids of sets and groups that are longer have no rows; so what is kept of what came stays small."""


class Standard:
    """The tables of the sets, by version and guide.

    `sets` are the ids of the sets there are rows of, so that an unknown group code is told from an unknown set;
    `releases` those there are rows of, so that another is read by the nearest lower one.
    """

    def __init__(self, rows: Rows, sets: tuple[str, ...] = (), releases: tuple[str, ...] = ()) -> None:
        self._rows = rows
        self._sets = sets
        self._releases = tuple(sorted(filter(is_release, releases), reverse=True))
        self._tables: dict[tuple[str, str, str], Table | None] = {}
        self._lower = lru_cache(_KEPT)(self._not_above)
        self._read_by = lru_cache(_KEPT)(self._release)
        self._read_in_group_by = lru_cache(_KEPT)(self._release_of_code)

    def table(self, set_id: str, version: str, key: str = "", guide: Guide | None = None) -> Table | None:
        """The table of a set, as the guide that `key` names has it; None where there are no rows.

        Raises `RowError` for a row of the guide that cannot be used.
        """
        place = (set_id, base_version(version), key)
        if place not in self._tables:
            definition = load(self._rows, set_id, version)
            if definition is None:
                return None
            if guide is not None:
                definition = narrow(self._rows, definition, guide)
            self._tables[place] = compile(definition, self._rows)
        return self._tables[place]

    def release(self, set_id: str, version: str) -> str | None:
        """The release a set is read by: its own, or the nearest lower one there are rows of; None where none is."""
        return self._read_by(set_id, base_version(version)) if len(set_id) <= _ID_MAX else None

    def release_of_group(self, group: Group) -> str | None:
        """The release a group is read by: that of the sets of its code; None where it cannot be read at all."""
        return self._read_in_group_by(group.code[:_ID_MAX + 1], base_version(group.version))

    def nearest(self, version: str) -> str:
        """That release if there are rows of it, else the nearest lower one, else the lowest there is."""
        return next(iter(self._lower(base_version(version))), self.lowest)

    def codes(self) -> frozenset[str]:
        """GS01 of every group that a set we have rows of belongs into."""
        found = (group_of(self._rows, id, release) for id in self._sets for release in self._releases)
        return frozenset(code for code in found if code is not None)

    @property
    def lowest(self) -> str:
        """The lowest release there is, empty where none is known."""
        return self._releases[-1] if self._releases else ""

    def refusal(self, group: Group, exactly: bool = False) -> Finding | None:
        """Why a group cannot be read at all: its version or its kind is not known; None when it can.

        `exactly` says that no group is to be read by another release than its own.
        """
        release = self.release_of_group(group)
        if release is not None and (not exactly or release == base_version(group.version)):
            return None
        stands: dict[str, Any] = {"segment": "GS", "offset": group.offset}
        if not self._lower(base_version(group.version)):
            note = f"GS08 is {group.version!r}, and there are no rows of it nor of a lower release"
            return envelope.GROUP_VERSION_UNKNOWN.finding(note, element=8, value=group.version, **stands)
        if release is None:
            note = f"GS01 is {group.code!r}, and no set that we know belongs into such a group"
            return envelope.GROUP_UNKNOWN.finding(note, element=1, value=group.code, **stands)
        note = f"GS08 is {group.version!r}, and the partner's file refuses to read it by {release}"
        return envelope.GROUP_VERSION_UNKNOWN.finding(note, element=8, value=group.version, **stands)

    def remark(self, group: Group) -> Finding | None:
        """That a group is read by another release than its own, which is worth a warning; else None."""
        release = self.release_of_group(group)
        if release is None or release == base_version(group.version):
            return None
        note = f"GS08 is {group.version!r}; the sets are read by {release}, the nearest lower release there are rows of"
        return envelope.RELEASE_NOT_EXACT.finding(
            note, segment="GS", element=8, value=group.version, offset=group.offset
        )

    def _not_above(self, base: str) -> tuple[str, ...]:
        """The releases that a version may be read by, its own or the nearest first."""
        if not self._releases:
            return (base,) if knows_version(self._rows, base) else ()
        return tuple(one for one in self._releases if one <= base) if is_release(base) else ()

    def _release(self, set_id: str, base: str) -> str | None:
        return next((one for one in self._lower(base) if group_of(self._rows, set_id, one) is not None), None)

    def _release_of_code(self, code: str, base: str) -> str | None:
        return next((one for one in self._lower(base) if not self._sets or self._holds(one, code)), None)

    def _holds(self, release: str, code: str) -> bool:
        """Whether a set of that release belongs into groups of that code."""
        return any(group_of(self._rows, id, release) == code for id in self._sets)
