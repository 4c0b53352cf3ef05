"""What the standard and a partner's files say of each set; read and compiled on first use."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Literal

from edi_gateway.issues import GatewayError
from edi_gateway.issues.mapping import PARTNER_WRONG
from edi_gateway.x12 import guide as told
from edi_gateway.x12 import meanings
from edi_gateway.x12.compile import Table
from edi_gateway.x12.guide import Guide, RowError
from edi_gateway.x12.spec import Definition, Segment, base_version, segment
from edi_gateway.x12.standard import Standard

if TYPE_CHECKING:
    from edi_gateway import mapping
    from edi_gateway.flows.partner_file import PartnerFile
    from edi_gateway.flows.partner_wants import Told
    from edi_gateway.ports import Shelf

TEXTS = "mappings/texts.toml"

Direction = Literal["in", "out", ""]
"""Whether the partner sends a document (`in`) or gets it (`out`); empty where that is not known."""

_MAP = re.compile(r"(?P<set>[0-9A-Z]+)(?:\.(?P<version>\d{6}))?\.map\.toml")
_GUIDE = re.compile(r"(?P<set>[0-9A-Z]+)(?:\.(?P<version>\d{6}))?(?:\.(?P<way>in|out))?\.guide\.toml")


class Guides:
    """Tables, maps and partner files by name; the plain standard is the partner with the empty name."""

    def __init__(self, shelf: "Shelf") -> None:
        self._shelf = shelf
        self.sets = shelf.names("specs")
        self.standard = Standard(shelf.rows, self.sets, shelf.names("specs/x12"))
        self.partner = lru_cache(maxsize=None)(self._partner)
        self._maps = lru_cache(maxsize=None)(self._map)
        self._laid = lru_cache(maxsize=None)(self._guide)
        self._held = lru_cache(maxsize=None)(self._files)

    def verdicts(self, partner: str) -> Mapping[str, str]:
        """What a partner's file says that findings lead to; the plain standard says nothing of its own."""
        return self.partner(partner).verdicts if partner else {}

    def set_of(self, noun: str, partner: str) -> str:
        """The set a noun goes out in."""
        found: str = _mapping().sets_for(self._shelf, noun, partner)
        return found

    def table(self, set_id: str, version: str, partner: str, direction: Direction = "") -> Table | None:
        """A set's rules as the partner's guide has them, None where there are none.

        Where the direction is not known, the guide to what they send holds, or else that to what they get.
        Raises `GatewayError` (`mapping.partner-wrong`) for a row of a guide that cannot be used.
        """
        try:
            files = self._held(set_id, base_version(version), partner, direction) if partner else ()
            guide = self._laid(partner, files) if files else None
            return self.standard.table(set_id, version, " ".join((partner, *files)), guide)
        except RowError as wrong:
            raise PARTNER_WRONG.error(str(wrong)) from wrong

    def ways(self, set_id: str, partner: str) -> tuple[Direction, ...]:
        """The directions in which a partner has guides of their own to a set, `in` where one holds for both."""
        found = {found["way"] for found in self._guides(partner) if found["set"] == set_id}
        return ("out",) if found == {"out"} else ("in",) if found <= {"in"} or found == {None} else ("in", "out")

    def directed(self, set_id: str, partner: str) -> bool:
        """Whether one of their guides to a set holds in one direction only."""
        return any(found["way"] for found in self._guides(partner) if found["set"] == set_id)

    def guide(self, set_id: str, version: str, partner: str, direction: Direction = "") -> Guide:
        """The rows of a partner's guide to a set as they are written, none where there is no guide."""
        return self._laid(partner, self._held(set_id, base_version(version), partner, direction))

    def releases(self, set_id: str, partner: str) -> tuple[str, ...]:
        """The releases in which documents of a set go to and come from a partner, as far as their files tell."""
        named = {found["version"] for found in self._guides(partner) if found["set"] == set_id and found["version"]}
        return tuple(dict.fromkeys((base_version(self.partner(partner).version_of(set_id)), *sorted(named))))

    def guided(self, partner: str) -> tuple[str, ...]:
        """The sets that a partner has guides to."""
        return tuple(sorted({found["set"] for found in self._guides(partner)}))

    def _guides(self, partner: str) -> Iterator[re.Match[str]]:
        names = self._shelf.names(f"mappings/partners/{partner}") if partner else ()
        return (found for name in names if (found := _GUIDE.fullmatch(name)))

    def _files(self, set_id: str, version: str, partner: str, direction: Direction) -> tuple[str, ...]:
        """The files that hold, the most particular last: a version's, then a direction's, then one of both."""
        own = [found for found in self._guides(partner) if found["set"] == set_id]
        way = direction or self.ways(set_id, partner)[0]
        held = [one for one in own if one["version"] in (None, version) and one["way"] in (None, way)]
        return tuple(one[0] for one in sorted(held, key=lambda one: (bool(one["way"]), bool(one["version"]))))

    def _guide(self, partner: str, files: tuple[str, ...]) -> Guide:
        laid = Guide({}, {})
        for name in files:
            path = f"mappings/partners/{partner}/{name}"
            laid = laid.under(told.parse(path, self._shelf.rows(path) or {}))
        return laid

    def map(self, set_id: str, version: str, partner: str) -> "mapping.Map | None":
        """What a set's fields mean, by the base version: the suffix of a GS08 says nothing about it.

        Raises `GatewayError` (`mapping.map-wrong`) for a row that has no place in the set, be it as the standard or
        as one of the partner's guides has it, and (`mapping.partner-wrong`) for a guide that cannot be used.
        """
        return self._maps(set_id, base_version(version), partner)

    def definition(
        self, set_id: str, version: str, partner: str, direction: Direction = ""
    ) -> Definition | None:
        """The same as rows."""
        table = self.table(set_id, version, partner, direction)
        return None if table is None else table.definition

    def meaning(self, version: str, codes: str, code: str) -> str:
        """What a code of an acknowledgment means; `codes` is one of the lists of `x12.meanings`."""
        return meanings.meaning(self._shelf.rows, version, codes, code)

    def code_name(self, version: str, element: str, code: str) -> str | None:
        """The name of a code of an element, such as `128`; None where the rows have none."""
        return meanings.name(self._shelf.rows, version, element, code)

    def segment(self, version: str, id: str) -> Segment | None:
        """A segment of the standard by itself, whatever set it stands in."""
        return segment(self._shelf.rows, base_version(version), id)

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
                self._check_reference(definition, path, partner)
        for noun, wants in self.partner(partner).wants.items():
            if wants != type(wants)():
                self._check_words(noun, wants, partner)

    def _check_reference(self, definition: Definition, path: str, partner: str) -> None:
        try:
            _mapping().reference_spot(definition, path)
        except GatewayError as error:
            raise PARTNER_WRONG.error(f"{_path(partner)}: reference.{definition.set}: {error.note}") from error

    def _check_words(self, noun: str, wants: "Told", partner: str) -> None:
        """Refuses a word for what is to be told of an order that no table has: nothing would ever be found by it."""
        set_id = self.set_of(noun, partner)
        plan = self.map(set_id, self.partner(partner).version_of(set_id), partner)
        tables = plan.tables if plan else {}
        for row, table, word in wants.words:
            try:
                tables[table].write(word)
            except ValueError as error:
                raise PARTNER_WRONG.error(f"{_path(partner)}: {noun}.{row}: {error}") from error

    def _reads(self, name: str, version: str, partner: str) -> bool:
        """Whether a file of the partner is one to a set that there is."""
        guide = _GUIDE.fullmatch(name)
        if guide is None:
            named = _MAP.fullmatch(name)
            if named is None:
                return False
            releases = (named["version"],) if named["version"] else self.releases(named["set"], partner)
            return all(self.map(named["set"], one, partner) is not None for one in releases)
        way: Direction = "in" if guide["way"] == "in" else "out"
        ways = (way,) if guide["way"] else self.ways(guide["set"], partner)
        releases = (guide["version"],) if guide["version"] else self.releases(guide["set"], partner)
        return all(self.table(guide["set"], one, partner, way) is not None for one in releases for way in ways)

    def _partner(self, name: str) -> "PartnerFile":
        texts, parse = self._shelf.rows(TEXTS) or {}, import_module("edi_gateway.flows.partner_file").parse
        parse(TEXTS, {"text": texts})
        # A file that somebody has taken away would else let the partner be one who keeps to the plain standard.
        if not self.knows(name):
            raise PARTNER_WRONG.error(f"there is no {_path(name)}")
        read: PartnerFile = parse(_path(name), self._shelf.rows(_path(name)) or {} if name else {}, texts)
        return read

    def _map(self, set_id: str, version: str, partner: str) -> "mapping.Map | None":
        found: mapping.Map | None = _mapping().load(
            self._shelf.rows, set_id, version, partner, lambda: self._guided(set_id, version, partner)
        )
        return found

    def _guided(self, set_id: str, version: str, partner: str) -> Iterator[Definition]:
        """The set in a version as a partner's guides have it, in each direction to which they have one."""
        for way in self.ways(set_id, partner):
            definition = self.definition(set_id, version, partner, way)
            if definition is not None:
                yield definition


def _mapping() -> ModuleType:
    """Maps take longer to import than a small file takes to be judged, so only who asks for one pays for them."""
    return import_module("edi_gateway.mapping")


def _path(partner: str) -> str:
    return f"mappings/partners/{partner}/partner.toml"
