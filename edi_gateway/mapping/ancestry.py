"""Who stands under whom, in a set whose levels stand flat: read from their ids and their parents' ids.

The walk of `reading` has made a record of every level that the map knows. Here those that are the
same thing at several places become one, each gets the ordinals of what it stands under, and an item
with levels below it is split over them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from edi_gateway.issues import mapping as issues
from edi_gateway.mapping.plan import Line, Sheet
from edi_gateway.mapping.steps import Record

if TYPE_CHECKING:
    from edi_gateway.mapping.reading import Walk


@dataclass(slots=True, eq=False)
class _Node:
    """One level as it stands in the set. `near` is, by list, the ordinal of the nearest item above it or itself.

    `whole` is the item that can be split, at it or above; `part` the nearest level between the two.
    """

    index: int
    above: "_Node | None"
    sheet: Sheet | None
    record: Record | None
    near: Mapping[str, int] = field(default_factory=dict)
    whole: "_Node | None" = None
    part: "_Node | None" = None

    def takes(self, key: str) -> bool:
        """Whether it can stand under an item of that list."""
        return self.sheet is not None and any(link.to == key for link in self.sheet.links)


def settle(said: Record, sheet: Sheet, walk: "Walk") -> None:
    """Puts the lists of a document's levels in order: nothing twice, every ordinal said."""
    items: dict[str, list[_Node]] = {key: [] for key in sheet.levels}
    parts: dict[int, dict[int, _Node]] = {}
    known = _Known(walk)
    for node in _nodes(walk):
        if node.above is not None:
            node.near, node.whole, node.part = node.above.near, node.above.whole, node.above.part
        if node.sheet is None:
            continue
        key = node.sheet.key
        ordinal = known.ordinal(node, len(items[key]))
        if ordinal > len(items[key]):
            items[key].append(node)
        node.near = {**node.near, key: ordinal}
        if node.sheet.record.split:
            node.whole, node.part = node, None
        elif node.whole is not None and node.whole.takes(key):
            found = parts.setdefault(node.whole.index, {})
            if node.part is not None:
                found.pop(node.part.index, None)
            found[node.index] = node.part = node
    for key, nodes in items.items():
        if nodes:
            said[key] = [one for node in nodes for one in _told(node, [*parts.get(node.index, {}).values()], walk)]


def _nodes(walk: "Walk") -> list[_Node]:
    """The levels in the set's order; one whose parent is not there, or stands later, has nothing above it."""
    by = walk.tree.definition.hierarchy
    assert by is not None, "only a set with a tree has levels"
    by_id: dict[str, _Node] = {}
    nodes = []
    for index, (place, segment) in enumerate(zip(walk.tree.places, walk.tree.segments, strict=True)):
        if place == by.place:
            sheet, record = walk.levels.get(index, (None, None))
            node = _Node(index, by_id.get(walk.text(segment, by.parent, 0)), sheet, record)
            by_id[walk.text(segment, by.id, 0)] = node
            nodes.append(node)
    return nodes


class _Known:
    """What has been met: the same thing may stand again under another parent, and under one parent it is another."""

    def __init__(self, walk: "Walk") -> None:
        self._walk = walk
        self._met: dict[tuple[str, str], list[tuple[int, Record]]] = {}
        self._under: Counter[tuple[str, str, int]] = Counter()

    def ordinal(self, node: _Node, count: int) -> int:
        """The ordinal of a level in its list, which holds `count` so far."""
        assert node.sheet is not None
        assert node.record is not None
        same = {key: node.record[key] for key in node.sheet.record.same if node.record.get(key) not in (None, [])}
        if not same:
            return count + 1
        key, identity = node.sheet.key, repr(same)
        under = (key, identity, node.above.index if node.above else -1)
        met = self._met.setdefault((key, identity), [])
        self._under[under] += 1
        if self._under[under] > len(met):
            met.append((count + 1, node.record))
            return count + 1
        ordinal, first = met[self._under[under] - 1]
        self._compare(node, node.sheet, first, node.record)
        return ordinal

    def _compare(self, node: _Node, sheet: Sheet, first: Record, again: Record) -> None:
        for key, value in again.items():
            if first.get(key, value) != value:
                self._walk.index = node.index
                name = f"{sheet.record.name}.{key}"
                note = f"{name.removeprefix('fields.')} is said again, and differs"
                self._walk.remark(issues.SAID_TWICE, name, note, sheet.spot)


def _told(node: _Node, parts: Sequence[_Node], walk: "Walk") -> Iterator[Record]:
    """The record of an item with its ordinals; one for each of its parts, where levels stand below it."""
    sheet, record = node.sheet, node.record
    assert sheet is not None
    assert record is not None
    said = [_own(part, sheet, walk) for part in parts]
    silent = [own for own in said if own.get(sheet.record.split[0]) is None]
    walk.index = node.index
    if len(parts) > 1 and len(silent) == len(parts):
        name = f"{sheet.record.name}.{sheet.record.split[0]}"
        note = f"{name.removeprefix('fields.')} is not said of each of the levels below the item"
        walk.remark(issues.NOT_TAKEN, name, note, sheet.spot)
        parts = ()
    if not parts:
        record.update(_ordinals(node, sheet))
        yield record
        return
    if why := _disagreement(record, said, sheet, silent=len(silent)):
        walk.findings.append(walk.finding(issues.PARTS_DIFFER, why, sheet.spot, node.index))
    for part, own in zip(parts, said, strict=True):
        copy = {**record, **own, **_ordinals(part, sheet)}
        walk.origins[id(copy)] = node.index
        yield copy


def _ordinals(node: _Node, sheet: Sheet) -> Record:
    return {link.key: node.near[link.to] for link in sheet.links if link.to in node.near}


def _own(part: _Node, sheet: Sheet, walk: "Walk") -> Record:
    """What a part says of the fields that are divided, in the segments of its own level."""
    lines = [line for line in sheet.lines if isinstance(line, Line) and line.key in sheet.record.split]
    by, tree, found = walk.tree.definition.hierarchy, walk.tree, Record()
    for index in range(part.index + 1, len(tree.places)):
        place, segment, walk.index = tree.places[index], tree.segments[index], index
        if by is None or place == by.place:
            break
        for line in lines:
            text = walk.text(segment, line.spot.position, line.spot.component)
            if text and place == line.spot.place.index and line.spot.code in {None, walk.text(segment, 1, 0)}:
                walk.put(found, line, line.forms[0].read, text, line.spot)
    return found


def _disagreement(record: Record, said: Sequence[Record], sheet: Sheet, silent: int) -> str | None:
    """Why the parts are not those of the item, None where they are."""
    divided, *others = sheet.record.split
    for key in others:
        told = {own[key] for own in (record, *said) if own.get(key) is not None}
        if len(told) > 1:
            return f"{key} is told as {' and as '.join(sorted(map(str, told)))} of one item and the levels below it"
    whole = record.get(divided)
    if silent:
        alone = len(said) == 1
        return None if alone else f"{divided} is told of some of the levels below the item, and not of all"
    total = sum(own[divided] for own in said)
    if whole is None or total == whole:
        return None
    return f"{divided} is {whole}, and the levels below the item hold {total}"
