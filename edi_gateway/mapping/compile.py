"""Mapping files to maps: found, laid over, checked, and resolved once for each definition.

The map of a set is `mappings/<set>.toml`, with the code tables of `mappings/codes.toml`; laid over them
are what `mappings/<set>.<version>.toml` says of one version, and what `mappings/partners/<partner>/`
says in `<set>.map.toml` and `codes.toml`. A partner's row may name what only their guide adds to the set;
in a definition that has no such place it is as if it had not been written.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

from edi_gateway import discover, model
from edi_gateway.issues import GatewayError
from edi_gateway.issues import mapping as issues
from edi_gateway.mapping.codes import CodeTable, table
from edi_gateway.mapping.layers import Layer, merged, topmost, without
from edi_gateway.mapping.paths import Grammar, grammar
from edi_gateway.mapping.plan import Sheet, sheet
from edi_gateway.mapping.quick import quick
from edi_gateway.mapping.rows import Record, RowError, record
from edi_gateway.mapping.sending import Sending, sending
from edi_gateway.mapping.steps import Steps, steps
from edi_gateway.mapping.structure import Structure, structures
from edi_gateway.mapping.units import Units
from edi_gateway.x12 import spec
from edi_gateway.x12.spec import Definition, Rows

_PLANS_MAX = 64
_SET = re.compile(r"[0-9A-Z]{1,12}")
_VERSION = re.compile(r"[0-9]{6}")
"""Set and version come from outside, and become parts of a path only where they are plain."""


class Data(Protocol):
    """The data of the house: parsed files by path, and the names in a folder."""

    def rows(self, path: str) -> Mapping[str, Any] | None: ...

    def names(self, folder: str) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Plan:
    """A map in one definition: its rows resolved, and one list of actions for each place."""

    grammar: Grammar
    sheet: Sheet
    steps: Steps
    structure: Structure | None
    """The one in which levels are written, in a set that has them."""
    absent: Mapping[str, RowError] = field(default_factory=dict)
    """The partner's rows that have no place in this definition, and why."""

    @cached_property
    def quick(self) -> Units | None:
        """What reads trees in which there is nothing to remark; generated on first use."""
        whole = quick(self.sheet, self.steps, self.grammar.definition)
        return None if whole is None else Units(self.sheet, self.steps, self.grammar.definition, whole)


@dataclass(frozen=True, slots=True)
class Map:
    """What a set means: the noun it becomes, and the rows between the two. Made by `load`.

    `structures` are the ways to write its levels, each with its constants; `structure` is the one in use.
    `sending` says how its documents go out beside each other. `less` gives the map without a row of a
    partner's, and None for a row that is ours.
    """

    set: str
    noun: type[model.Noun]
    record: Record
    tables: Mapping[str, CodeTable]
    blame: Callable[[RowError], GatewayError]
    less: "Callable[[str], Map | None]"
    structures: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    structure: str = ""
    sending: Sending = field(default_factory=Sending)
    _plans: dict[int, tuple[Definition, Plan]] = field(default_factory=dict, repr=False, compare=False)

    def plan(self, definition: Definition) -> Plan:
        """The map in that definition; made once. Raises `GatewayError` (`mapping.map-wrong`)."""
        found = self._plans.get(id(definition))
        if found is None or found[0] is not definition:
            if len(self._plans) >= _PLANS_MAX:
                self._plans.clear()
            found = self._plans[id(definition)] = (definition, self._made(definition))
        return found[1]

    def _made(self, definition: Definition) -> Plan:
        try:
            return self._resolved(definition)
        except RowError as error:
            less = self.less(error.row)
            if less is None:
                raise self.blame(error) from error
            structure = self.structure if self.structure in less.structures else less.structure
            plan = replace(less, structure=structure)._made(definition)
            return replace(plan, absent={error.row: error, **plan.absent})

    def _resolved(self, definition: Definition) -> Plan:
        places = grammar(definition)
        made = sheet(self.record, places, self.tables)
        known = structures(self.structures, made, places)
        return Plan(places, made, steps(made, places), known.get(self.structure))


def load(
    rows: Rows, set_id: str, version: str, partner: str = "", guided: Callable[[], Iterable[Definition]] = tuple
) -> Map | None:
    """The map of a set in a version, a partner's rows laid over ours; None where nobody has rows for it.

    `version` is that of the documents: its own rows are laid over those of every version, and the paths
    are checked against its definition where there is one. `guided` gives the definitions that the partner's
    guides make of it; each of their rows must have a place in one of these, where it has none in the standard.
    Raises `GatewayError` (`mapping.map-wrong`) that names the file and the row at fault.
    """
    if not _SET.fullmatch(set_id):
        return None
    ours, theirs = f"mappings/{set_id}.toml", f"mappings/partners/{partner}/{set_id}.map.toml"
    base = spec.base_version(version)
    newer, theirs_newer = f"mappings/{set_id}.{base}.toml", f"mappings/partners/{partner}/{set_id}.{base}.map.toml"
    layers = [
        (ours, rows(ours)), (newer, rows(newer) if _VERSION.fullmatch(base) else None),
        (theirs, rows(theirs) if partner else None),
        (theirs_newer, rows(theirs_newer) if partner and _VERSION.fullmatch(base) else None),
    ]
    if not any(layer for _, layer in layers):
        return None
    shared = [("mappings/codes.toml", rows("mappings/codes.toml"))]
    if partner:
        common = f"mappings/partners/{partner}/codes.toml"
        shared.append((common, rows(common)))
    found = laid([(path, {"codes": layer}) for path, layer in shared if layer] + [(p, r) for p, r in layers if r])
    found = _structured(found, rows, partner)
    definition = spec.load(rows, set_id, version)
    if definition is not None:
        _check(found, definition, guided)
    return found


def _check(found: Map, standard: Definition, guided: Callable[[], Iterable[Definition]]) -> None:
    """Refuses a row that has no place anywhere."""
    absent = found.plan(standard).absent
    for definition in guided() if absent else ():
        there = found.plan(definition).absent
        absent = {row: there[row] for row in absent if row in there}
    for error in absent.values():
        raise found.blame(error) from error


def laid(layers: Sequence[Layer], noun: type[model.Noun] | None = None) -> Map:
    """The map of several files' rows, each with its path, the later laid over the earlier.

    The class of the noun is found by its name, unless it is given.
    """
    rows: dict[str, Any] = {}
    for _, layer in layers:
        rows = merged(rows, layer)

    def blame(error: RowError) -> GatewayError:
        row = _named(error.row)
        at = topmost(layers, row)
        path = layers[-1 if at is None else at][0]
        return issues.MAP_WRONG.error(f"{path}, row {row}: {error}", file=path, row=row)

    def less(row: str) -> Map | None:
        left = without(layers, _named(row))
        return None if left is None else laid(left, noun)

    try:
        return _map(rows, noun, blame, less)
    except RowError as error:
        raise blame(error) from error


def _named(row: str) -> str:
    """A row as its file names it: constants of the document stand outside of its fields."""
    return row.replace("fields.always", "always", 1)


def _structured(found: Map, rows: Rows, partner: str) -> Map:
    """The map with the structure that the partner wants, where they say one."""
    path = f"mappings/partners/{partner}/partner.toml"
    said = (rows(path) or {} if partner else {}).get("structure", {})
    wanted = said.get(found.set) if isinstance(said, Mapping) else None
    if wanted is None:
        return found
    if not isinstance(wanted, str) or wanted not in found.structures:
        known = ", ".join(found.structures) or "none"
        raise issues.PARTNER_WRONG.error(f"{path}: structure.{found.set}: {wanted!r} is none of those mapped: {known}")
    return replace(found, structure=wanted)


def sets_for(data: Data, noun: str, partner: str = "") -> str:
    """The set in which a noun such as `order_response` goes out to a partner.

    It is the one whose map names the noun; where several do, `[sets]` in the partner's
    `partner.toml` says which. Raises `GatewayError` (`mapping.map-wrong`).
    """
    chosen = (data.rows(f"mappings/partners/{partner}/partner.toml") or {} if partner else {}).get("sets", {}).get(noun)
    if isinstance(chosen, str):
        return chosen
    theirs = _naming(data, noun, f"mappings/partners/{partner}", ".map.toml") if partner else []
    found = sorted({*_naming(data, noun, "mappings", ".toml"), *theirs})
    if len(found) != 1:
        said = f"is in the maps of several sets ({', '.join(found)})" if found else "is in no map"
        raise issues.MAP_WRONG.error(
            f"{noun} {said}; say [sets] {noun} = \"…\" in partner.toml of {partner or 'the partner'}", partner=partner
        )
    return found[0]


def _naming(data: Data, noun: str, folder: str, ending: str) -> list[str]:
    names = [name for name in data.names(folder) if name.endswith(ending)]
    return [name.partition(".")[0] for name in names if (data.rows(f"{folder}/{name}") or {}).get("noun") == noun]


def _map(
    rows: Mapping[str, Any], given: type[model.Noun] | None, blame: Callable[[RowError], GatewayError],
    less: Callable[[str], Map | None],
) -> Map:
    for key in rows:
        if key not in {"set", "noun", "fields", "codes", "always", "structures", "sending"}:
            raise RowError(key, "a map has set, noun, fields, codes, always, structures and sending")
    for key, kind in (("set", str), ("noun", str), ("fields", Mapping)):
        if not isinstance(rows.get(key), kind):
            raise RowError(key, "it is missing or has the wrong form")
    try:
        noun = given or model.noun(rows["noun"])
    except discover.ShelfError as error:
        raise RowError("noun", str(error)) from error
    fields = {**rows["fields"], **({"always": rows["always"]} if "always" in rows else {})}
    ways = {name: row for name, row in rows.get("structures", {}).items() if row is not False}
    for name, row in ways.items():
        if not isinstance(row, Mapping) or not all(isinstance(text, str) and text for text in row.values()):
            raise RowError(f"structures.{name}", "a structure is a table of constants: an element's path and its text")
    return Map(
        rows["set"], noun, record(fields, noun, name="fields"), _tables(rows.get("codes", {})), blame, less,
        ways, next(iter(ways), ""), sending(rows.get("sending", {}), noun),
    )


def _tables(rows: Mapping[str, Any]) -> Mapping[str, CodeTable]:
    tables = {}
    for name, codes in rows.items():
        try:
            tables[name] = table(name, codes)
        except ValueError as error:
            raise RowError(f"codes.{name}", str(error)) from error
    return tables
