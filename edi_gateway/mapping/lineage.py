"""Who stands under whom, the quick way: what `ancestry` does where nothing is to be remarked and no item is split.

Levels come as they stand in the set: the segment, the list it belongs to (empty for a level that the map
does not know), and its record.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple

from edi_gateway.mapping.memo import Unusual
from edi_gateway.mapping.plan import Line, Sheet
from edi_gateway.model._making import Maker, Parts

Record = dict[str, Any]
Near = tuple[int, Mapping[str, int], str, int]
"""A level by its number in the set; by list, the ordinals of the nearest items above it; its own list and ordinal."""

_NOTHING: Near = (-1, {}, "", 0)


class Level(NamedTuple):
    """A list of levels: what makes its items, and what an item is known by where it stands again.

    `known` gets that from a record, `unknown` is what it gets where nothing is said. `links` are the
    fields that hold the ordinal of an item of another list, with that list and whether they must be said.
    `splits` are the lists whose items are split where this level stands below them.
    """

    names: set[str]
    make: Callable[[Sequence[Parts]], tuple[Any, ...]]
    known: Callable[[Record], Any] | None
    unknown: Any
    links: tuple[tuple[str, str, bool], ...]
    splits: tuple[str, ...]


def level(sheet: Sheet, levels: Mapping[str, Sheet], maker: Maker) -> Level:
    """The level of one of a document's lists."""
    fields = sheet.record.model.model_fields
    links = tuple((link.key, link.to, fields[link.key].is_required()) for link in sheet.links)
    splits = tuple(
        key for key, other in levels.items()
        if other.record.split and any(link.to == sheet.key for link in other.links)
    )
    known = _known(sheet) if sheet.record.same else None
    nothing = {key: info.get_default() for key, info in fields.items()}
    return Level(maker.names, maker.many, known, known and known(nothing), links, splits)


def _known(sheet: Sheet) -> Callable[[Record], Any]:
    same = sheet.record.same
    lines = {line.key: line for line in sheet.lines}
    lists = [name for name in same if isinstance(line := lines.get(name), Sheet) and _is_flat(line)]
    if Decimal in (line.row.shape.type for line in map(lines.get, same) if isinstance(line, Line)):
        return lambda record: repr([record[name] for name in same])  # 1.0 is not 1.00 to `ancestry`.
    if not lists:
        return itemgetter(*same)
    others = [name for name in same if name not in lists]
    return lambda record: (
        *[record[name] for name in others],
        *[tuple([tuple(fields.values()) for fields, _, _ in record[name]]) for name in lists],
    )


def _is_flat(sheet: Sheet) -> bool:
    """Whether the list's items hold single values, and none that is equal to another and yet not the same."""
    lines = [line for line in sheet.lines if isinstance(line, Line)]
    simple = len(lines) == len(sheet.lines) and not any(line.row.shape.many for line in lines)
    return simple and sheet.record.many and Decimal not in (line.row.shape.type for line in lines)


def settle(
    document: Record, found: Sequence[tuple[list[str], str, Record | None]], levels: Mapping[str, Level],
    id: int, parent: int,
) -> None:
    """Puts the lists of a document's levels in order; `id` and `parent` are the elements that tell of both."""
    items: dict[str, list[Parts]] = {key: [] for key in levels}
    near: dict[str, Near] = {}
    met: dict[str, _Met] = {key: {} for key in levels}
    last: str | None = None
    above, ordinals = -1, _NOTHING[1]
    for number, (row, key, record) in enumerate(found):
        own = row[id]
        if own < "!":
            raise Unusual
        if row[parent] != last:  # What stands under one level mostly comes in a row.
            last = row[parent]
            above, ordinals = _near(near, last)
        if own == last:
            last = None
        if record is None:
            near[own] = number, ordinals, "", 0
            continue
        names, _, known, unknown, links, splits = levels[key]
        others = items[key]
        ordinal = len(others) + 1
        if known is not None and (said := known(record)) != unknown:
            ordinal = _ordinal(said, record, above, ordinal, met[key])
        if ordinal > len(others):
            for name, to, must in links:
                if to in ordinals:
                    record[name] = ordinals[to]
                elif must:
                    raise Unusual
            others.append((record, None, names))
        if splits and not ordinals.keys().isdisjoint(splits):
            raise Unusual
        near[own] = number, ordinals, key, ordinal
    document.update({key: others or () for key, others in items.items()})


def _near(near: dict[str, Near], id: str) -> tuple[int, Mapping[str, int]]:
    """The number of the level of that id, and the ordinals at and above it: put there once something stands below."""
    number, ordinals, key, ordinal = near.get(id, _NOTHING)
    if key:
        ordinals = {**ordinals, key: ordinal}
        near[id] = number, ordinals, "", 0
    return number, ordinals


_Met = dict[Any, tuple[int, Record, set[int]]]
"""The items of a list by what they are known by: ordinal, record, and the levels below which each has stood."""


def _ordinal(said: Any, record: Record, above: int, new: int, met: _Met) -> int:
    """The ordinal of an item that may have been met before, under another parent; `new` where it was not."""
    try:
        found = met.get(said)
    except TypeError:  # A list of records has no hash.
        said = repr(said)
        found = met.get(said)
    if found is None:
        met[said] = new, record, {above}
        return new
    ordinal, first, parents = found
    # Two of one identity under one parent are two; that is rare, and counted with care.
    if above in parents or any(_differ(value, first[name]) for name, value in record.items()):
        raise Unusual
    parents.add(above)
    return ordinal


def _differ(again: Any, first: Any) -> bool:
    """Whether both say something, and not the same."""
    return again not in (None, (), first) and first not in (None, ())
