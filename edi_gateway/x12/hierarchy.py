"""Whether the loops that form a tree do so: each id told once, each parent there and before its children."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from edi_gateway.issues import Finding, Kind, x12
from edi_gateway.x12.envelope import Transaction, element
from edi_gateway.x12.spec import Definition, Hierarchy

_SHOWN_MAX = 6


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
    elements = definition.places[by.place].segment.elements
    for fault in faults(by, transaction.segments):
        number = elements[fault.element - 1].id
        yield fault.kind.finding(
            fault.note, segment=by.segment, position=fault.segment + 1, loop=by.loop, element=fault.element,
            value=element(transaction.segments[fault.segment], fault.element),
            offset=transaction.offset(fault.segment + 1),
            reference=number if number.isdecimal() else None,
        )


def sound(by: Hierarchy, rows: Sequence[list[str]]) -> bool:
    """Whether `faults` would name none: one pass, since a parent that stands before its child cannot be below it."""
    before: set[str] = set()
    ordinal = 0
    for row in rows:
        if row[0] == by.segment:
            ordinal += 1
            id, parent = element(row, by.id), element(row, by.parent)
            if (parent and parent not in before) or id in before or not _counted(id, ordinal):
                return False
            if id:
                before.add(id)
    return True


def faults(by: Hierarchy, rows: Sequence[list[str]]) -> Iterator[Fault]:
    """Every fault of the tree, wherever its segments stand. An id that is missing is another fault."""
    nodes = [
        _Node(at, element(row, by.id), element(row, by.parent))
        for at, row in enumerate(rows) if row[0] == by.segment
    ]
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


def _uncounted(by: Hierarchy, nodes: Sequence[_Node]) -> Iterator[Fault]:
    for ordinal, node in enumerate(nodes, 1):
        if not _counted(node.id, ordinal):
            note = f"{by.segment}{by.id:02} is {node.id!r} where counting from 1 gives {ordinal}; there may be more"
            yield Fault(x12.LEVELS_NOT_COUNTED, note, node.segment, by.id)
            return


def _counted(id: str, ordinal: int) -> bool:
    return not id or id.lstrip("0") == str(ordinal)
