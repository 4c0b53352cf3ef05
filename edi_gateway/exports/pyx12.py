"""Definitions as the maps of pyx12: https://github.com/azoner/pyx12.

Code lists go into `codes.xml` and never into the maps: pyx12 takes a list in a segment's first element for what tells
that segment from others, so that a wrong code would read as a segment out of place.
"""

from collections.abc import Iterable, Sequence

from lxml import etree

from edi_gateway.exports import _envelope
from edi_gateway.x12.elements import ENFORCED
from edi_gateway.x12.spec import Definition, Element, Place, Segment

INTERCHANGES = ("00401", "00501")
"""The versions of ISA12 that pyx12 reads; an interchange of either may carry a group of any version."""

SUFFIXES = ("", "VICS")
"""What may follow the version in GS08: pyx12 compares the whole of it."""

_USAGE = {"M": "R", "O": "S", "X": "S"}
_Node = etree._Element


def files(definitions: Iterable[Definition]) -> dict[str, bytes]:
    """A folder that pyx12 reads with `map_path`: the index, elements, code lists, envelopes, and a map for each set.

    Syntax notes that are not confirmed, and what the format has no room for (totals, trees, a guide's mandatory
    qualifiers), are left out: with them pyx12 would reject what we accept, or could not be told at all.
    """
    known = sorted(definitions, key=lambda definition: (definition.version, definition.set))
    lists = _Lists()
    trees = {f"x12.control.{version}.xml": _control(version, lists) for version in INTERCHANGES}
    trees |= {f"{one.set}.{one.version}.xml": _map(one, lists) for one in known}
    trees = {"maps.xml": _index(known), "dataele.xml": lists.elements(), "codes.xml": lists.codes(), **trees}
    return {name: etree.tostring(tree, xml_declaration=True, encoding="UTF-8", pretty_print=True)
            for name, tree in trees.items()}


class _Lists:
    """The element rows and code lists that maps share, each under a name of its own."""

    def __init__(self) -> None:
        self._elements: dict[str, tuple[str, int, int, str]] = {}
        self._codes: dict[str, frozenset[str]] = {}

    def element(self, element: Element) -> str:
        """The name of its row: the standard's number, and how it differs where another version had it first."""
        row = (element.type, element.min, element.max)
        for name in (element.id, f"{element.id}.{element.type}.{element.min}.{element.max}"):
            known = self._elements.setdefault(name, (*row, element.name))
            if known[:3] == row:
                return name
        raise AssertionError(f"{element.id} is told by its own name")

    def code_list(self, version: str, element: Element) -> str:
        """The name of its list of codes; one that a guide has changed is counted on."""
        assert element.codes is not None
        count = 1
        while True:
            name = f"{version}.{element.id}" if count == 1 else f"{version}.{element.id}.{count}"
            if self._codes.setdefault(name, element.codes) == element.codes:
                return name
            count += 1

    def elements(self) -> _Node:
        """`dataele.xml`."""
        root = etree.Element("data_elements")
        for number, (type, low, high, name) in sorted(self._elements.items()):
            etree.SubElement(
                root, "data_ele", ele_num=number, data_type=type, min_len=str(low), max_len=str(high), name=name
            )
        return root

    def codes(self) -> _Node:
        """`codes.xml`."""
        root = etree.Element("codesets")
        for name, codes in sorted(self._codes.items()):
            listed = _child(root, "codeset")
            _texts(listed, id=name, name=f"Codes of element {name.split('.')[1]}", data_ele=name.split(".")[1])
            version = _child(listed, "version")
            for code in sorted(codes):
                _child(version, "code", code)
        return root


def _index(definitions: Sequence[Definition]) -> _Node:
    root = etree.Element("maps")
    for interchange in INTERCHANGES:
        version = etree.SubElement(root, "version", icvn=interchange)
        for one in definitions:
            for suffix in SUFFIXES:
                found = etree.SubElement(
                    version, "map", vriic=f"{one.version}{suffix}", fic=one.group, abbr=one.set
                )
                found.text = f"{one.set}.{one.version}.xml"
        control = etree.SubElement(version, "map", vriic="", fic="", abbr="X12")
        control.text = f"x12.control.{interchange}.xml"
    return root


def _map(definition: Definition, lists: _Lists) -> _Node:
    root, interchange, group = _frame(definition.set, definition.name, definition.version[:5], lists)
    nodes = {"": _loop(group, "ST_LOOP", definition.name, "R", 30, ">1")}
    for place in definition.places:
        _place(place, nodes, definition.version, lists)
    last = len(definition.places) + 40
    _segment(group, _envelope.segment("GE"), "R", last, "1", "", lists)
    _segment(interchange, _envelope.segment("IEA"), "R", last + 1, "1", "", lists)
    return root


def _control(version: str, lists: _Lists) -> _Node:
    root, interchange, group = _frame("X12", "X12 envelope", version, lists)
    _segment(group, _envelope.segment("GE"), "R", 40, "1", "", lists)
    _segment(interchange, _envelope.segment("TA1"), "S", 41, ">1", "", lists)
    _segment(interchange, _envelope.segment("IEA"), "R", 42, "1", "", lists)
    return root


def _frame(id: str, name: str, version: str, lists: _Lists) -> tuple[_Node, _Node, _Node]:
    """The transaction, its loop of interchanges, and in that its loop of groups."""
    root = etree.Element("transaction", xid=id)
    _texts(root, name=name)
    interchange = _loop(root, "ISA_LOOP", "Interchange", "R", 1, ">1")
    isa = _segment(interchange, _envelope.segment("ISA"), "R", 10, "1", "", lists)
    told = _child(isa.findall("element")[_envelope.VERSION_OF_THE_INTERCHANGE - 1], "valid_codes")
    _child(told, "code", version)
    group = _loop(interchange, "GS_LOOP", "Group", "S", 20, ">1")
    _segment(group, _envelope.segment("GS"), "R", 25, "1", "", lists)
    return root, interchange, group


def _place(place: Place, nodes: dict[str, _Node], version: str, lists: _Lists) -> None:
    """Adds a place to the loop it stands in, and opens that loop first where it is its opening segment.

    Positions count through the whole set: pyx12 lets a segment that is found stand for a missing one of its position.
    """
    path, position = place.loop.path, place.index + 31
    if place.trigger and path:
        around = nodes[path.rpartition("/")[0]]
        name = f"{path.replace('/', '_')}_LOOP"
        nodes[path] = _loop(around, name, path, _USAGE[place.loop.need], position, _times(place.loop.repeat))
    _segment(nodes[path], place.segment, _USAGE[place.need], position, _times(place.max), version, lists)


def _loop(around: _Node, id: str, name: str, usage: str, position: int, repeat: str) -> _Node:
    loop = _child(around, "loop")
    loop.set("xid", id)
    _texts(loop, name=name, usage=usage, pos=f"{position:03}", repeat=repeat)
    return loop


def _segment(
    around: _Node, segment: Segment, usage: str, position: int, most: str, version: str, lists: _Lists
) -> _Node:
    node = _child(around, "segment")
    node.set("xid", segment.id)
    _texts(node, name=segment.name, usage=usage, pos=f"{position:03}", max_use=most)
    for note in segment.notes:
        if note.confidence in ENFORCED:
            _child(node, "syntax", note.rule)
    for element in segment.elements:
        id = f"{segment.id}{element.position:02}"
        if element.components:
            _composite(node, id, element, version, lists)
        else:
            _element(node, id, element, version, lists)
    return node


def _composite(segment: _Node, id: str, element: Element, version: str, lists: _Lists) -> None:
    node = _child(segment, "composite")
    node.set("xid", id)
    usage = _USAGE[element.need]
    _texts(node, data_ele=element.id, name=element.name, usage=usage, seq=f"{element.position:02}", refdes=id)
    for note in element.notes:
        if note.confidence in ENFORCED:
            _child(node, "syntax", note.rule)
    if element.repeat > 1:
        _texts(node, repeat=str(element.repeat))
    for component in element.components:
        _element(node, f"{id}-{component.position:02}", component, version, lists)


def _element(around: _Node, id: str, element: Element, version: str, lists: _Lists) -> None:
    node = _child(around, "element")
    node.set("xid", id)
    _texts(
        node, data_ele=lists.element(element), name=element.name, usage=_USAGE[element.need],
        seq=f"{element.position:02}",
    )
    if element.repeat > 1:
        _texts(node, repeat=str(element.repeat))
    if element.codes is not None:
        _child(node, "valid_codes").set("external", lists.code_list(version, element))


def _texts(node: _Node, **texts: str) -> None:
    for name, text in texts.items():
        _child(node, name, text)


def _child(node: _Node, name: str, text: str | None = None) -> _Node:
    child = etree.SubElement(node, name)
    child.text = text
    return child


def _times(limit: int | None) -> str:
    return ">1" if limit is None else str(limit)
