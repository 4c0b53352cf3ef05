"""Whether the loops that form a tree do so: each id told once, each parent there and before its children."""

from array import array
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from operator import lt
from typing import NamedTuple

from edi_gateway.issues import Finding, Kind, x12
from edi_gateway.x12.envelope import Transaction, element
from edi_gateway.x12.pages import Page
from edi_gateway.x12.spec import Definition, Hierarchy

NODES_MAX = 50_000
"""In a set that comes in pages, faults are named in a tree of so many nodes; in a larger one only the first."""

_SHOWN_MAX = 6
_EVENLY_MAX = 4_096
_ZEROS_MAX, _NO_ID, _DIGITS_MAX = 100, -1, 9


class Fault(NamedTuple):
    """A fault of the tree: the segment it is noticed at, counted from 0, and the element to blame."""

    kind: Kind
    note: str
    segment: int
    element: int


class _Node(NamedTuple):
    segment: int
    id: str
    parent: str


def findings(transaction: Transaction, definition: Definition) -> Iterator[Finding]:
    """What is wrong with the tree of a set; nothing in a set that has none."""
    by = definition.hierarchy
    if by is None or sound(by, transaction.segments):
        return
    for fault in faults(by, transaction.segments):
        value = element(transaction.segments[fault.segment], fault.element)
        yield _told(by, definition, fault, value, transaction.offset(fault.segment + 1))


def _told(by: Hierarchy, definition: Definition, fault: Fault, value: str, offset: int) -> Finding:
    number = definition.places[by.place].segment.elements[fault.element - 1].id
    return fault.kind.finding(
        fault.note, segment=by.segment, position=fault.segment + 1, loop=by.loop, element=fault.element,
        value=value, offset=offset, reference=number if number.isdecimal() else None,
    )


def sound(by: Hierarchy, rows: Sequence[list[str]]) -> bool:
    """Whether `faults` would name none."""
    segment = by.segment
    nodes = [row for row in rows if row[0] == segment]
    return _evenly_counted(by, nodes) or _sound(by, nodes)


def _evenly_counted(by: Hierarchy, nodes: Sequence[list[str]]) -> bool:
    """Whether the ids are 1, 2, 3 and so on as most write them, and each parent is one of those before."""
    id, parent, count, numbers = by.id, by.parent, len(nodes), _numbers()
    try:
        if count > _EVENLY_MAX or [row[id] for row in nodes] != list(islice(numbers, 1, count + 1)):
            return False
        return all(map(lt, [numbers[row[parent]] for row in nodes], range(1, count + 1)))
    except LookupError:  # An element that would be the last is left out, or a parent is no such number.
        return False


@cache
def _numbers() -> dict[str, int]:
    """The ids so counted, behind that of no parent."""
    return {"": 0} | {str(number): number for number in range(1, _EVENLY_MAX + 1)}


def _sound(by: Hierarchy, nodes: Sequence[list[str]]) -> bool:
    """One pass, since a parent that stands before its child cannot be below it."""
    before: set[str] = set()
    for ordinal, row in enumerate(nodes, start=1):
        id, parent = element(row, by.id), element(row, by.parent)
        if (parent and parent not in before) or id in before or not _counted(id, ordinal):
            return False
        if id:
            before.add(id)
    return True


def faults(by: Hierarchy, rows: Sequence[list[str]]) -> Iterator[Fault]:
    """Every fault of the tree, wherever its segments stand. An id that is missing is another fault."""
    return _faults(by, list(_nodes(by, rows, 0)))


def _nodes(by: Hierarchy, rows: Sequence[list[str]], first: int) -> Iterator[_Node]:
    for at, row in enumerate(rows, start=first):
        if row[0] == by.segment:
            yield _Node(at, element(row, by.id), element(row, by.parent))


def _faults(by: Hierarchy, nodes: Sequence[_Node]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    repeated = list(_repeated(by, nodes, first))
    yield from repeated
    above = [first.get(node.parent, -1) if node.parent else -1 for node in nodes]
    rings = _rings(above)
    for ring in rings:
        start = nodes[min(ring)]
        ids = ", ".join(nodes[at].id for at in sorted(ring)[:_SHOWN_MAX])
        note = f"{by.segment} {start.id} stands below itself" + (f": {ids}" if len(ring) > 1 else "")
        yield Fault(x12.PARENT_BELOW_ITSELF, note, start.segment, by.parent)
    turning = {at for ring in rings for at in ring}
    for at, node in enumerate(nodes):
        name = f"{by.segment} {node.id} has the parent {node.parent}"
        if node.parent and above[at] < 0:
            yield Fault(x12.PARENT_UNKNOWN, f"{name}, which is not in the set", node.segment, by.parent)
        elif above[at] >= at and at not in turning:
            yield Fault(x12.PARENT_LATER, f"{name}, which comes after it", node.segment, by.parent)
    if not repeated:
        yield from _uncounted(by, nodes)


def _repeated(by: Hierarchy, nodes: Sequence[_Node], first: dict[str, int]) -> Iterator[Fault]:
    """The ids told again; `first` becomes where each id is told first."""
    for at, node in enumerate(nodes):
        if node.id in first:
            note = f"{by.segment} {node.id} was told before"
            yield Fault(x12.LEVEL_REPEATED, note, node.segment, by.id)
        elif node.id:
            first[node.id] = at


def _rings(above: Sequence[int]) -> list[list[int]]:
    """The rings of parents that lead back to where they began; each node has one parent at most."""
    walked = [-1] * len(above)
    rings = []
    for start in range(len(above)):
        at, way = start, []
        while at >= 0 and walked[at] < 0:
            walked[at] = start
            way.append(at)
            at = above[at]
        if at >= 0 and walked[at] == start:
            rings.append(way[way.index(at):])
    return rings


def _uncounted(by: Hierarchy, nodes: Sequence[_Node], start: int = 1) -> Iterator[Fault]:
    for ordinal, node in enumerate(nodes, start):
        if not _counted(node.id, ordinal):
            note = f"{by.segment}{by.id:02} is {node.id!r} where counting from 1 gives {ordinal}; there may be more"
            yield Fault(x12.LEVELS_NOT_COUNTED, note, node.segment, by.id)
            return


def _counted(id: str, ordinal: int) -> bool:
    return not id or id.lstrip("0") == str(ordinal)


class Levels:
    """The tree of a set that comes in pages; nothing in a set that has none.

    As long as it is sound, of each node only is kept with how many zeros its id began: it is counted from 1.
    """

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._by = definition.hierarchy
        self._zeros = array("b")
        self._nodes: list[_Node] = []
        self._offsets: dict[int, int] = {}
        self._first: tuple[Fault, _Node] | None = None
        self._count = 0

    def take(self, page: Page) -> None:
        """The next segments, wherever they stand."""
        by = self._by
        if by is None or by.segment not in page.ids:
            return
        for node in _nodes(by, page.segments, page.first):
            self._count += 1
            if self._count <= NODES_MAX:
                self._nodes.append(node)
            else:
                self._nodes.clear()
            if self._first is None and not self._sound(node):
                self._first = self._named(by, node), node
            if self._first is not None and (not self._offsets or self._count <= NODES_MAX):
                self._offsets[node.segment] = page.offset(node.segment + 1)

    def findings(self) -> Iterator[Finding]:
        """What is wrong with the tree, when all of it has been taken."""
        if self._by is None or self._first is None:
            return
        if self._count <= NODES_MAX:
            nodes = {node.segment: node for node in self._nodes}
            for fault in _faults(self._by, self._nodes):
                yield self._finding(self._by, fault, nodes[fault.segment])
            return
        yield self._finding(self._by, *self._first)
        note = f"of {self._count} {self._by.segment} only the first that is at fault is told; the others may be as well"
        yield x12.SET_TOO_LARGE.finding(note, segment=self._by.segment, loop=self._by.loop)

    def _finding(self, by: Hierarchy, fault: Fault, node: _Node) -> Finding:
        value = node.parent if fault.element == by.parent else node.id
        return _told(by, self._definition, fault, value, self._offsets[fault.segment])

    def _sound(self, node: _Node) -> bool:
        """Whether a node is counted, and its parent came before; as `sound` tells."""
        id, parent = node.id, node.parent
        zeros = len(id) - len(id.lstrip("0"))
        if not _counted(id, self._count) or (parent and not self._came(parent)):
            return False
        self._zeros.append(min(zeros, _ZEROS_MAX) if id else _NO_ID)
        return True

    def _came(self, id: str) -> bool:
        bare = id.lstrip("0")
        if not (bare.isascii() and bare.isdecimal()) or len(bare) > _DIGITS_MAX or int(bare) > len(self._zeros):
            return False
        return self._zeros[int(bare) - 1] == min(len(id) - len(bare), _ZEROS_MAX)

    def _named(self, by: Hierarchy, node: _Node) -> Fault:
        """The fault of the first node that is not sound, as far as it can be told before the others have come."""
        name = f"{by.segment} {node.id} has the parent {node.parent}"
        if node.id and self._came(node.id):
            return Fault(x12.LEVEL_REPEATED, f"{by.segment} {node.id} was told before", node.segment, by.id)
        if node.parent and node.parent == node.id:
            note = f"{by.segment} {node.id} stands below itself"
            return Fault(x12.PARENT_BELOW_ITSELF, note, node.segment, by.parent)
        if node.parent and not self._came(node.parent):
            return Fault(x12.PARENT_UNKNOWN, f"{name}, which did not come before it", node.segment, by.parent)
        return next(_uncounted(by, [node], self._count))
