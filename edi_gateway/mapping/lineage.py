"""Who stands under whom, the quick way: what `ancestry` does where nothing is to be remarked and no item is split.

Levels come as they stand in the set: the segment, the list it belongs to (empty for a level that the map
does not know), and its record. `lines` are the part of a generated function that puts their lists in order.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple

from edi_gateway.mapping.memo import Unusual
from edi_gateway.mapping.plan import Line, Sheet
from edi_gateway.model._making import Maker, Parts
from edi_gateway.x12.spec import Hierarchy

Record = dict[str, Any]


class Level(NamedTuple):
    """A list of levels: what makes its items, and what an item is known by where it stands again.

    `known` gets that from a record, `unknown` is what it gets where nothing is said. `links` are the
    fields that hold the ordinal of an item of another list, with that list and whether they must be said;
    `must` are other single fields that must be. `splits` are the lists whose items are split where this level
    stands below them.
    """

    names: set[str]
    make: Callable[[Sequence[Parts]], tuple[Any, ...]]
    known: Callable[[Record], Any] | None
    unknown: Any
    links: tuple[tuple[str, str, bool], ...]
    must: tuple[str, ...]
    splits: tuple[str, ...]


def level(sheet: Sheet, levels: Mapping[str, Sheet], maker: Maker) -> Level:
    """The level of one of a document's lists."""
    fields = sheet.record.model.model_fields
    links = tuple((link.key, link.to, fields[link.key].is_required()) for link in sheet.links)
    single = {line.key for line in sheet.lines if not _is_list(line)}
    must = tuple(key for key, info in fields.items() if info.is_required() and key in single)
    splits = tuple(
        key for key, other in levels.items()
        if other.record.split and any(link.to == sheet.key for link in other.links)
    )
    known = _known(sheet) if sheet.record.same else None
    nothing = {key: info.get_default() for key, info in fields.items()}
    return Level(maker.names, maker.many, known, known and known(nothing), links, must, splits)


def _is_list(line: Line | Sheet) -> bool:
    return line.row.shape.many if isinstance(line, Line) else line.record.many


def _known(sheet: Sheet) -> Callable[[Record], Any]:
    same = sheet.record.same
    types = {line.key: line.row.shape.type for line in sheet.lines if isinstance(line, Line)}
    if Decimal in map(types.get, same):
        return lambda record: repr([record[name] for name in same])  # 1.0 is not 1.00 to `ancestry`.
    return itemgetter(*same)


def lines(levels: Mapping[str, Level], by: Hierarchy, bind: Callable[[str, object], str]) -> Iterator[str]:
    """The code that goes over `levels` and puts the document's lists in order; `bind` names what it refers to."""
    yield from begun(levels, bind)
    yield "for number, (row, key, record) in enumerate(levels):"
    yield from (f"    {line}" for line in under(levels, f"row[{by.id}]", f"row[{by.parent}]"))
    yield "    if record is None:"
    yield "        pass"
    for key in reversed([*levels]):
        yield f"    elif key == {key!r}:"
        yield from (f"        {line}" for line in item(levels, key, bind))
    yield from (f"    {line}" for line in known_by_id(levels))
    for key in levels:
        yield f"document[{key!r}] = all_{key} or ()"


def begun(levels: Mapping[str, Level], bind: Callable[[str, object], str]) -> Iterator[str]:
    """Nothing met yet. `near` has every level by its id: its number in the set, and of each list the ordinal of the
    nearest item, which is the level itself or stands above it."""
    bind("again", ordinal_of)
    yield f"{' '.join(f'all_{key},' for key in levels)} = {' '.join(['[],'] * len(levels))}"
    yield f"near, met, nothing = {{}}, {{key: {{}} for key in LEVELS}}, (-1{', None' * len(levels)})"


def under(levels: Mapping[str, Level], own: str, parent: str) -> Iterator[str]:
    """What a level stands under, by the expressions of its id and its parent's."""
    yield f"own = {own}"
    yield "if own < '!':"
    yield "    raise Unusual"
    yield f"above, {', '.join(f'near_{key}' for key in levels)} = near.get({parent}, nothing)"


def known_by_id(levels: Mapping[str, Level]) -> Iterator[str]:
    """A level as those below it will ask for it."""
    yield f"near[own] = number, {', '.join(f'near_{key}' for key in levels)}"


def item(levels: Mapping[str, Level], key: str, bind: Callable[[str, object], str]) -> Iterator[str]:
    """The `record` of one level of a list: its ordinal, and those of what it stands under."""
    level, items, own = levels[key], f"all_{key}", f"near_{key}"
    asked = [f"record[{name!r}] is None" for name in level.must]
    asked += [f"near_{other} is not None" for other in level.splits]
    asked += [f"near_{to} is None" for _, to, must in level.links if must]
    if asked:
        yield f"if {' or '.join(asked)}:"
        yield "    raise Unusual"
    new = [f"record[{name!r}] = near_{to}" for name, to, _ in level.links]
    new.append(f"{items}.append((record, None, {bind(f'names_of_{items}', level.names)}))")
    if level.known is None:
        yield from new
        yield f"{own} = len({items})"
        return
    yield f"ordinal = len({items}) + 1"
    yield f"said = {bind(f'known_of_{items}', level.known)}(record)"
    yield f"if said != {bind(f'unknown_of_{items}', level.unknown)}:"
    yield f"    ordinal = again(said, record, above, ordinal, met[{key!r}])"
    yield f"if ordinal > len({items}):"
    yield from (f"    {line}" for line in new)
    yield f"{own} = ordinal"


Met = dict[Any, tuple[int, Record, list[int]]]
"""The items of a list by what they are known by: ordinal, record, and the levels below which each has stood."""


def ordinal_of(said: Any, record: Record, above: int, new: int, met: Met) -> int:
    """The ordinal of an item that may have been met before, under another parent; `new` where it was not."""
    try:
        found = met.get(said)
    except TypeError:  # A list of records has no hash.
        said = repr(said)
        found = met.get(said)
    if found is None:
        met[said] = new, record, [above]
        return new
    ordinal, first, parents = found
    # Two of one identity under one parent are two; that is rare, and counted with care.
    if above in parents or any(_differ(value, first[name]) for name, value in record.items()):
        raise Unusual
    parents.append(above)
    return ordinal


def _differ(again: Any, first: Any) -> bool:
    """Whether both say something, and not the same."""
    return again not in (None, (), first) and first not in (None, ())
