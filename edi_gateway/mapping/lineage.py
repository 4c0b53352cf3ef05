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
    types = {line.key: line.row.shape.type for line in sheet.lines if isinstance(line, Line)}
    if Decimal in map(types.get, same):
        return lambda record: repr([record[name] for name in same])  # 1.0 is not 1.00 to `ancestry`.
    return itemgetter(*same)


def settle(
    document: Record, found: Sequence[tuple[list[str], str, Record | None]], levels: Mapping[str, Level],
    id: int, parent: int,
) -> None:
    """Puts the lists of a document's levels in order; `id` and `parent` are the elements that tell of both."""
    items: dict[str, list[Parts]] = {key: [] for key in levels}
    near: dict[str, Near] = {}
    met: dict[str, _Met] = {key: {} for key in levels}
    for number, (row, key, record) in enumerate(found):
        if row[id] < "!":
            raise Unusual
        above = _near(near, row[parent])
        if record is None:
            near[row[id]] = number, above[1], "", 0
            continue
        level, others = levels[key], items[key]
        ordinal = len(others) + 1
        if level.known is not None and (said := level.known(record)) != level.unknown:
            ordinal = _ordinal(said, record, above[0], ordinal, met[key])
        if ordinal > len(others):
            for name, to, must in level.links:
                record[name] = above[1].get(to)
                if must and record[name] is None:
                    raise Unusual
            others.append((record, None, level.names))
        if level.splits and not above[1].keys().isdisjoint(level.splits):
            raise Unusual
        near[row[id]] = number, above[1], key, ordinal
    for key, others in items.items():
        document[key] = others or ()


def _near(near: dict[str, Near], id: str) -> Near:
    """The level of that id, its own ordinal among the others: put there once something stands below it."""
    number, ordinals, key, ordinal = found = near.get(id, _NOTHING)
    if key:
        near[id] = found = number, {**ordinals, key: ordinal}, "", 0
    return found


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
