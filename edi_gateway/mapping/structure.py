"""Structures: in which order the levels of a tree stand below each other, such as `SOPI`.

Reading takes any; writing needs to know which one the partner wants. A structure is the levels' codes
from the top down. The first is the document itself; one of the others is the *leaf*, the items that
everything else is about. A level below the leaf holds parts of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from edi_gateway.mapping.paths import Grammar, Hop
from edi_gateway.mapping.plan import Fixed, Line, Sheet, constants
from edi_gateway.mapping.rows import RowError


@dataclass(frozen=True, slots=True)
class Structure:
    """A structure resolved: the lists of the noun that stand above the leaf, the leaf, and the list below it, if any.

    `root` is the step to the document's own level; `fixed` are the constants that tell of the structure.
    """

    name: str
    root: Hop
    above: tuple[str, ...]
    leaf: str
    below: str
    fixed: tuple[Fixed, ...]

    @property
    def lists(self) -> tuple[str, ...]:
        """All lists of the structure, from the top down."""
        return (*self.above, self.leaf, *([self.below] if self.below else ()))


def structures(
    rows: Mapping[str, Mapping[str, str]], sheet: Sheet, grammar: Grammar
) -> Mapping[str, Structure]:
    """The structures of a map, by name. Raises `RowError` where rows and tree do not go together."""
    _check(sheet)
    if bool(rows) != bool(sheet.levels):
        raise RowError("structures", "a map has structures where the items of its lists are levels of a tree")
    return {name: _structure(name, fixed, sheet, grammar) for name, fixed in rows.items()}


def _check(sheet: Sheet) -> None:
    levels = sheet.levels
    for line in _sheets(sheet):
        if line.level and (line.key not in levels or levels[line.key] is not line or not line.record.many):
            raise RowError(line.record.name, "the items of a level are a list of the document itself")
        if (line.links or line.record.same or line.record.split) and not line.level:
            raise RowError(line.record.name, "`tree`, `same` and `split` are for levels of a tree")
        for link in line.links:
            if link.to not in levels or link.to == line.key:
                raise RowError(f"{line.record.name}.{link.key}", f"{link.to!r} is no other list of levels")
        plain = {one.key for one in line.lines if isinstance(one, Line) and _plain(one)}
        if unfit := sorted(set(line.record.split) - plain):
            raise RowError(f"{line.record.name}.split", f"{unfit[0]} is not one plain element")
        if line.record.split and _type(line, line.record.split[0]) not in {int, Decimal}:
            raise RowError(f"{line.record.name}.split", f"{line.record.split[0]} is no number that could be divided")


def _plain(line: Line) -> bool:
    return not (line.when or line.verb or line.pairs or line.row.shape.many or line.spot.hops)


def _type(sheet: Sheet, key: str) -> type:
    return next(line.row.shape.type for line in sheet.lines if isinstance(line, Line) and line.key == key)


def _sheets(sheet: Sheet) -> Iterator[Sheet]:
    for line in sheet.lines:
        if isinstance(line, Sheet):
            yield line
            yield from _sheets(line)


def _structure(name: str, fixed: Mapping[str, str], sheet: Sheet, grammar: Grammar) -> Structure:
    row, levels = f"structures.{name}", sheet.levels
    by = grammar.definition.hierarchy
    assert by is not None, "a sheet has levels only where the set has a tree"
    codes = {line.level: key for key, line in levels.items()}
    root, rest = name[:1], name[1:]
    if root in codes or len(set(rest)) != len(rest) or not set(rest) <= set(codes):
        known = ", ".join(sorted(codes))
        raise RowError(row, f"behind the document's own level stands each of {known} once or never")
    lists = [codes[code] for code in rest]
    above = {link.to for key in lists for link in levels[key].links}
    leaves = [key for key in lists if key not in above]
    if len(leaves) != 1:
        raise RowError(row, "one of its lists, and only one, has no other standing under it")
    at = lists.index(leaves[0])
    if len(lists) - at > 2 or (len(lists) - at > 1 and not levels[leaves[0]].record.split):
        raise RowError(row, f"below {leaves[0]} stands one level at most, and only where {leaves[0]} can be split")
    return Structure(
        name, grammar.hop(by.loop, root), tuple(lists[:at]), leaves[0], "".join(lists[at + 1 :]),
        tuple(constants(grammar, "", fixed, row)),
    )
