"""Who stands under whom, the quick way: what `branches` does where no item is split and none has to be found a place.

It is half of what `quick_writing` does with a tree; the reader's half is `lineage`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from pydantic import BaseModel

from edi_gateway.mapping.foresight import UnfitError
from edi_gateway.mapping.memo import Unusual
from edi_gateway.mapping.plan import Sheet
from edi_gateway.mapping.structure import Structure

Planted = tuple[int, BaseModel, str, str]
"""A level: the number of its list in the structure, the item, the level's id and its parent's."""

_Tree = dict[tuple[int, int], Any]
"""What stands below a level: number of the list and ordinal in it, with what stands below that."""


@dataclass(frozen=True, slots=True)
class _Rank:
    """A list of the structure. `links` are its fields that name an item of another list: by field the list's number,
    None for one that the structure does not have above it, and whether the field must be said."""

    key: str
    required: bool
    links: tuple[tuple[str, int | None, bool], ...]
    same: tuple[str, ...]
    nothing: tuple[object, ...]
    """What those fields hold by which nothing is known."""

    def under(self) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
        """What an item's fields say of where it stands."""
        return _getter([key for key, _, _ in self.links])


def planting(sheet: Sheet, structure: Structure) -> Callable[[Mapping[str, Any]], list[Planted]]:
    """The function that puts a document's items under each other, in the order in which they are written.

    It takes the document's fields, and raises `Unusual` for what is to be written with care: what the reader
    would find under another parent, or take for one and the same. Raises `UnfitError` where that cannot be told.
    """
    names = (*structure.above, structure.leaf)
    ranks = [_rank(sheet, key, names[:at]) for at, key in enumerate(names)]
    if any(sheet.levels[key].record.split for key in structure.above):
        raise UnfitError
    others = tuple(key for key in sheet.levels if key not in names)

    def plant(fields: Mapping[str, Any]) -> list[Planted]:
        if any(fields[key] for key in others):
            raise Unusual
        lists = [fields[rank.key] for rank in ranks]
        levels: list[Planted] = []
        _list(_grown(ranks, lists), "1", lists, levels)
        return levels

    return plant


def _rank(sheet: Sheet, key: str, above: tuple[str, ...]) -> _Rank:
    level = sheet.levels[key]
    fields, links = level.record.model.model_fields, [link.key for link in level.links]
    towards, same = [link.to for link in level.links], level.record.same
    if key in sheet.record.leave_out or {*links, *same} & {*level.record.leave_out} or {*links} & {*same}:
        raise UnfitError
    if len({*towards}) < len(towards):
        raise UnfitError
    told = tuple(
        (link.key, above.index(link.to) if link.to in above else None, fields[link.key].is_required())
        for link in level.links
    )
    many = {
        line.key for line in level.lines
        if (line.record.many if isinstance(line, Sheet) else line.row.shape.many)
    }
    nothing = tuple(() if one in many else None for one in same)
    return _Rank(key, sheet.record.model.model_fields[key].is_required(), told, same, nothing)


def _getter(keys: Sequence[str]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """What some fields hold, always as a tuple."""
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda fields: tuple([fields[key] for key in keys])


def _grown(ranks: Sequence[_Rank], lists: Sequence[Any]) -> _Tree:
    """The tree, everything in the order in which the last list's items first need it."""
    growth = _Growth(ranks, lists)
    under, last = ranks[-1].under(), len(ranks) - 1
    grown: dict[tuple[Any, ...], _Tree] = {}
    for ordinal, item in enumerate(lists[-1], 1):
        way = under(item.__dict__)
        branch = grown.get(way)
        if branch is None:
            branch = grown[way] = growth.branch(way)
        branch[last, ordinal] = None
    if any(len(items) > len(met) for items, met in zip(lists, growth.met, strict=False)):
        raise Unusual
    return growth.root


class _Growth:
    """A tree while it grows. `met` are the ordinals that stand in it, by list."""

    def __init__(self, ranks: Sequence[_Rank], lists: Sequence[Any]) -> None:
        *self.above, leaf = ranks
        self.lists = lists
        self.known = [_known(rank, items) for rank, items in zip(ranks, lists, strict=True)]
        self.root: _Tree = {}
        self.met: list[set[int]] = [set() for _ in self.above]
        self.apart = [nth for nth, (_, at, _) in enumerate(leaf.links) if at is None]
        self.ways = sorted((at, nth, must) for nth, (_, at, must) in enumerate(leaf.links) if at is not None)

    def branch(self, way: Sequence[int | None]) -> _Tree:
        """What stands where an item of the last list says it stands."""
        for nth in self.apart:
            if way[nth] is not None:
                raise Unusual
        branch = self.root
        near: dict[int | None, int] = {}
        for at, nth, must in self.ways:
            ordinal = way[nth]
            if ordinal is not None:
                found = branch.get((at, ordinal))
                if found is None:
                    self.open(at, ordinal, near)
                    found = branch[at, ordinal] = {}
                near[at] = ordinal
                branch = found
            elif must:
                raise Unusual
        return branch

    def open(self, at: int, ordinal: int, near: Mapping[int | None, int]) -> None:
        """Asks whether an item is there, stands under what it says, and can be known where it stands again."""
        items, met = self.lists[at], self.met[at]
        if not 0 < ordinal <= len(items):
            raise Unusual
        said = items[ordinal - 1].__dict__
        for key, to, must in self.above[at].links:
            under = said[key]
            if under != near.get(to) or (must and under is None):
                raise Unusual
        if ordinal in met and not self.known[at][ordinal - 1]:
            raise Unusual
        met.add(ordinal)


def _known(rank: _Rank, items: Sequence[Any]) -> list[bool]:
    """Whether each item is known by something where it stands again; no two may be by the same."""
    if rank.required and not items:
        raise Unusual
    if not rank.same:
        return [False] * len(items)
    said, nothing = _getter(rank.same), rank.nothing
    all_said = [said(item.__dict__) for item in items]
    known = [one != nothing for one in all_said]
    for at in (at for at, empty in enumerate(nothing) if empty == ()):
        # Lists are put in the order of their codes when they are written, so they count without it.
        all_said = [(*one[:at], frozenset(one[at]), *one[at + 1:]) if one[at] else one for one in all_said]
    named = [one for one, by in zip(all_said, known, strict=True) if by]
    if len({*named}) < len(named):
        raise Unusual
    return known


def _list(branch: _Tree, parent: str, lists: Sequence[Any], levels: list[Planted]) -> None:
    """All levels below one, each before what stands below it. The document's own is the first of the set."""
    for (at, ordinal), below in branch.items():
        own = str(len(levels) + 2)
        levels.append((at, lists[at][ordinal - 1], own, parent))
        if below:
            _list(below, own, lists, levels)
