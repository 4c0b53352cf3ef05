"""What the standard and a partner's files say of each set; read and compiled on first use."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from edi_gateway import mapping
from edi_gateway.ports import Shelf
from edi_gateway.x12.compile import Table
from edi_gateway.x12.spec import Definition, base_version
from edi_gateway.x12.standard import Standard
from edi_gateway.x12.tokens import Separators

DEFAULT_NAME = "{icn}_{set}_{SetName}_{company}.x12"


@dataclass(frozen=True)
class PartnerFile:
    """How a partner speaks: `mappings/partners/<name>/partner.toml`, every row with its default."""

    name: str
    separators: Separators
    newline: str
    version: str
    set_digits: int
    group_digits: int
    references: Mapping[str, str]
    verdicts: Mapping[str, str]
    file_name: str


class Guides:
    """Tables, maps and partner files by name; the plain standard is the partner with the empty name."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.standard = Standard(shelf.rows, shelf.names("specs"))
        self.partner = lru_cache(maxsize=None)(self._partner)
        self.map = lru_cache(maxsize=None)(self._map)

    def set_of(self, noun: str, partner: str) -> str:
        """The set a noun goes out in."""
        return mapping.sets_for(self._shelf, noun, partner)

    def table(self, set_id: str, version: str, partner: str) -> Table | None:
        """A set's rules as the partner has narrowed them, None where there are none."""
        guide = self._shelf.rows(f"mappings/partners/{partner}/{set_id}.guide.toml") if partner else None
        return self.standard.table(set_id, version, partner, guide)

    def definition(self, set_id: str, version: str, partner: str) -> Definition | None:
        """The same as rows."""
        table = self.table(set_id, version, partner)
        return None if table is None else table.definition

    def knows(self, partner: str) -> bool:
        """Whether the partner has a folder, or is the plain standard."""
        return not partner or self._shelf.rows(f"mappings/partners/{partner}/partner.toml") is not None

    def _partner(self, name: str) -> PartnerFile:
        rows = self._shelf.rows(f"mappings/partners/{name}/partner.toml") or {} if name else {}
        separators, envelope = rows.get("separators", {}), rows.get("envelope", {})
        return PartnerFile(
            name=rows.get("name", name),
            separators=Separators(
                separators.get("element", "*"), separators.get("component", ">"), separators.get("segment", "~")
            ),
            newline="\n" if separators.get("newline") else "",
            version=envelope.get("version", "004010"),
            set_digits=envelope.get("set_control_digits", 4),
            group_digits=envelope.get("group_control_digits", 1),
            references=rows.get("reference", {}),
            verdicts=rows.get("verdicts", {}),
            file_name=rows.get("files", {}).get("name", DEFAULT_NAME),
        )

    def _map(self, set_id: str, version: str, partner: str) -> mapping.Map | None:
        return mapping.load(self._shelf.rows, set_id, base_version(version), partner)
