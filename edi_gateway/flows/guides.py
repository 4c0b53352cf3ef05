"""What the standard and a partner's files say of each set; read and compiled on first use."""

from functools import lru_cache

from edi_gateway import mapping
from edi_gateway.flows.partner_file import PartnerFile, parse
from edi_gateway.issues.mapping import PARTNER_WRONG
from edi_gateway.ports import Shelf
from edi_gateway.x12 import meanings
from edi_gateway.x12.compile import Table
from edi_gateway.x12.spec import Definition, base_version
from edi_gateway.x12.standard import Standard

TEXTS = "mappings/texts.toml"


class Guides:
    """Tables, maps and partner files by name; the plain standard is the partner with the empty name."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.standard = Standard(shelf.rows, shelf.names("specs"))
        self.partner = lru_cache(maxsize=None)(self._partner)
        self._maps = lru_cache(maxsize=None)(self._map)

    def set_of(self, noun: str, partner: str) -> str:
        """The set a noun goes out in."""
        return mapping.sets_for(self._shelf, noun, partner)

    def table(self, set_id: str, version: str, partner: str) -> Table | None:
        """A set's rules as the partner has narrowed them, None where there are none."""
        guide = self._shelf.rows(f"mappings/partners/{partner}/{set_id}.guide.toml") if partner else None
        return self.standard.table(set_id, version, partner, guide)

    def map(self, set_id: str, version: str, partner: str) -> mapping.Map | None:
        """What a set's fields mean, by the base version: the suffix of a GS08 says nothing about it."""
        return self._maps(set_id, base_version(version), partner)

    def definition(self, set_id: str, version: str, partner: str) -> Definition | None:
        """The same as rows."""
        table = self.table(set_id, version, partner)
        return None if table is None else table.definition

    def meaning(self, version: str, codes: str, code: str) -> str:
        """What a code of an acknowledgment means; `codes` is one of the lists of `x12.meanings`."""
        return meanings.meaning(self._shelf.rows, version, codes, code)

    def knows(self, partner: str) -> bool:
        """Whether the partner has a folder, or is the plain standard."""
        return not partner or self._shelf.rows(_path(partner)) is not None

    def check(self, partner: str) -> None:
        """Reads every file of a partner. Raises `GatewayError` for the first that cannot be used, or never would be."""
        version = self.partner(partner).envelope.version
        for name in self._shelf.names(f"mappings/partners/{partner}") if partner else ():
            if name == "codes.toml":
                for each in self._shelf.names("mappings"):
                    self.map(each.removesuffix(".toml"), version, partner)
            elif name.endswith(".toml") and name != "partner.toml" and not self._reads(name, version, partner):
                note = f"mappings/partners/{partner}/{name}: there is no such file to a set in version {version}"
                raise PARTNER_WRONG.error(note)
        for set_id in self.partner(partner).structure:
            self.map(set_id, version, partner)
        for set_id, path in self.partner(partner).reference.items():
            definition = self.definition(set_id, version, partner)
            if definition is not None:
                mapping.reference_spot(definition, path)

    def _reads(self, name: str, version: str, partner: str) -> bool:
        """Whether a file of the partner is one to a set that there is."""
        set_id, _, kind = name.partition(".")
        if kind == "guide.toml":
            return self.table(set_id, version, partner) is not None
        return kind == "map.toml" and self.map(set_id, version, partner) is not None

    def _partner(self, name: str) -> PartnerFile:
        texts = self._shelf.rows(TEXTS) or {}
        parse(TEXTS, {"text": texts})
        return parse(_path(name), self._shelf.rows(_path(name)) or {} if name else {}, texts)

    def _map(self, set_id: str, version: str, partner: str) -> mapping.Map | None:
        return mapping.load(self._shelf.rows, set_id, version, partner)


def _path(partner: str) -> str:
    return f"mappings/partners/{partner}/partner.toml"
