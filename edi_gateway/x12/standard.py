"""What `specs/` allows, compiled on first use and kept; and which groups can be read at all."""

from collections.abc import Mapping
from typing import Any

from edi_gateway.issues import Finding, envelope
from edi_gateway.x12.compile import Table, compile
from edi_gateway.x12.envelope import Group
from edi_gateway.x12.spec import Rows, base_version, knows_version, load


class Standard:
    """The tables of the sets, by version and guide.

    `sets` are the ids of the sets there are rows of, so that an unknown group code is told from an unknown set.
    """

    def __init__(self, rows: Rows, sets: tuple[str, ...] = ()) -> None:
        self._rows = rows
        self._sets = sets
        self._tables: dict[tuple[str, str, str], Table | None] = {}

    def table(
        self, set_id: str, version: str, key: str = "", guide: Mapping[str, Any] | None = None
    ) -> Table | None:
        """The table of a set, narrowed by the guide that `key` names; None where there are no rows."""
        place = (set_id, base_version(version), key)
        if place not in self._tables:
            definition = load(self._rows, set_id, version, guide)
            if definition is None:
                return None
            self._tables[place] = compile(definition, self._rows)
        return self._tables[place]

    def refusal(self, group: Group) -> Finding | None:
        """Why a group cannot be read at all: its version or its kind is not known; None when it can."""
        return refusal(self._rows, group, self._sets)


def refusal(rows: Rows, group: Group, sets: tuple[str, ...] = ()) -> Finding | None:
    """Why a group cannot be read at all; `sets` are the ids of the sets there are rows of, if that is known."""
    if not knows_version(rows, group.version):
        note = f"GS08 is {group.version!r}"
        return envelope.GROUP_VERSION_UNKNOWN.finding(
            note, segment="GS", element=8, value=group.version, offset=group.offset
        )
    version = base_version(group.version)
    codes = {row["group"] for id in sets if (row := rows(f"specs/{id}/{version}.toml")) is not None}
    if sets and group.code not in codes:
        note = f"GS01 is {group.code!r}"
        return envelope.GROUP_UNKNOWN.finding(note, segment="GS", element=1, value=group.code, offset=group.offset)
    return None
