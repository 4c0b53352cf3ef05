"""One segment as an XML element: an element for each of its elements, repetitions and components."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lxml import etree

from edi_gateway.reports.xml_texts import SKIPPED_MAX, hidden, is_id, told
from edi_gateway.x12.spec import Element
from edi_gateway.x12.tokens import BLANKS, LINE_ENDS, Separators

_Node = etree._Element


class Sent(NamedTuple):
    """A segment as it was sent, one character a byte: its text, and what follows it up to the next."""

    body: str
    end: str


def sent(piece: str, marks: Separators) -> Sent:
    """Text that begins with a segment, parted from its terminator and what lies behind it."""
    stop = marks.first_end(piece, 0, len(piece))
    blanks = "".join(blank for blank in BLANKS if blank not in marks.all)
    body = (piece if stop < 0 else piece[:stop]).rstrip(blanks)
    return Sent(body, piece[len(body):])


def pieces(text: str, marks: Separators) -> Iterator[tuple[int, str]]:
    """Each segment of a text with the blanks that follow it, and where it begins."""
    blanks = "".join(blank for blank in BLANKS if blank not in marks.element + marks.component)
    if marks.segment not in LINE_ENDS:
        blanks += marks.segment
    at = len(text) - len(text.lstrip(blanks))
    while at < len(text):
        stop = marks.first_end(text, at, len(text))
        rest = len(text) if stop < 0 else stop + 1
        while rest < len(text) and text[rest] in blanks:
            rest += 1
        yield at, text[at:rest]
        at = rest


def segment(body: str, marks: Separators, rows: Sequence[Element] = ()) -> _Node:
    """The element of a segment. `rows` tell its composites, so that one of a single component looks like others."""
    id, *values = body.split(marks.element)
    node, name = _named(id)
    for position, value in enumerate(values, 1):
        if value or position == len(values) or position > SKIPPED_MAX:
            composite = position <= len(rows) and bool(rows[position - 1].components)
            for repeated in value.split(marks.repetition) if marks.repetition else (value,):
                child = _child(node, name, position)
                if marks.component in repeated or composite and repeated:
                    _composite(child, repeated.split(marks.component))
                else:
                    _leaf(child, repeated)
    return node


def header(body: str, element: str) -> _Node:
    """The element of an ISA, whose elements name the separators and hold no components."""
    id, *values = body.split(element)
    node, name = _named(id)
    for position, value in enumerate(values, 1):
        _leaf(_child(node, name, position), value)
    return node


def _named(id: str) -> tuple[_Node, str]:
    """The element of a segment, and its name, which is empty where XML knows no such name."""
    return (etree.Element(id), id) if is_id(id) else (etree.Element("segment", id=hidden(id)), "")


def _child(node: _Node, name: str, position: int) -> _Node:
    if name:
        return etree.SubElement(node, f"{name}{position:02}")
    return etree.SubElement(node, "element", position=str(position))


def _composite(node: _Node, values: Sequence[str]) -> None:
    for position, value in enumerate(values, 1):
        if value or position == len(values) or position > SKIPPED_MAX:
            if node.tag == "element":
                child = etree.SubElement(node, "component", position=str(position))
            else:
                child = etree.SubElement(node, f"{node.tag}-{position}")
            _leaf(child, value)


def _leaf(node: _Node, raw: str) -> None:
    if raw.isascii() and raw.isprintable():
        node.text = raw or None
    else:
        node.text, attributes = told(raw)
        for name, text in attributes.items():
            node.set(name, text)
