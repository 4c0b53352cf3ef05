"""What `specs/` allows, compiled on first use and kept; by which release a group is read, and whether it can be."""

from typing import Any

from edi_gateway.issues import Finding, envelope
from edi_gateway.x12.compile import Table, compile
from edi_gateway.x12.envelope import Group
from edi_gateway.x12.guide import Guide
from edi_gateway.x12.narrowing import narrow
from edi_gateway.x12.spec import Rows, base_version, group_of, is_release, knows_version, load


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
        self._codes: dict[tuple[str, str], bool] = {}

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
        lower = self._lower(version)
        return next((one for one in lower if group_of(self._rows, set_id, one) is not None), None)

    def release_of_group(self, group: Group) -> str | None:
        """The release a group is read by: that of the sets of its code; None where it cannot be read at all."""
        lower = self._lower(group.version)
        return next((one for one in lower if not self._sets or self._holds(one, group.code)), None)

    def nearest(self, version: str) -> str:
        """That release if there are rows of it, else the nearest lower one, else the lowest there is."""
        return next(iter(self._lower(version)), self.lowest)

    @property
    def lowest(self) -> str:
        """The lowest release there is, empty where none is known."""
        return self._releases[-1] if self._releases else ""

    def refusal(self, group: Group, exactly: bool = False) -> Finding | None:
        """Why a group cannot be read at all: its version or its kind is not known; None when it can.

        `exactly` says that no group is to be read by another release than its own.
        """
        release = self.release_of_group(group)
        stands: dict[str, Any] = {"segment": "GS", "offset": group.offset}
        if not self._lower(group.version):
            note = f"GS08 is {group.version!r}, and there are no rows of it nor of a lower release"
            return envelope.GROUP_VERSION_UNKNOWN.finding(note, element=8, value=group.version, **stands)
        if release is None:
            note = f"GS01 is {group.code!r}, and no set that we know belongs into such a group"
            return envelope.GROUP_UNKNOWN.finding(note, element=1, value=group.code, **stands)
        if exactly and release != base_version(group.version):
            note = f"GS08 is {group.version!r}, and the partner's file refuses to read it by {release}"
            return envelope.GROUP_VERSION_UNKNOWN.finding(note, element=8, value=group.version, **stands)
        return None

    def remark(self, group: Group) -> Finding | None:
        """That a group is read by another release than its own, which is worth a warning; else None."""
        release = self.release_of_group(group)
        if release is None or release == base_version(group.version):
            return None
        note = f"GS08 is {group.version!r}; the sets are read by {release}, the nearest lower release there are rows of"
        return envelope.RELEASE_NOT_EXACT.finding(
            note, segment="GS", element=8, value=group.version, offset=group.offset
        )

    def _lower(self, version: str) -> tuple[str, ...]:
        """The releases that may be read by, the version's own or the nearest first."""
        base = base_version(version)
        if not self._releases:
            return (base,) if knows_version(self._rows, base) else ()
        return tuple(one for one in self._releases if one <= base) if is_release(base) else ()

    def _holds(self, release: str, code: str) -> bool:
        """Whether a set of that release belongs into groups of that code."""
        known = self._codes.get((release, code))
        if known is None:
            known = any(group_of(self._rows, id, release) == code for id in self._sets)
            self._codes[release, code] = known
        return known
