"""Trees made by hand: segments of a text, each laid into the place of a definition where it stands."""

from edi_gateway.flows.guides import Guides
from edi_gateway.mapping import Map
from edi_gateway.store.shelf import DataShelf
from edi_gateway.x12 import spec
from edi_gateway.x12.read import Tree
from edi_gateway.x12.spec import Definition
from edi_gateway.x12.tokens import Separators

SHELF = DataShelf()
GUIDES = Guides(SHELF)
SEPARATORS = Separators()


def definition(set_id: str, version: str = "004010") -> Definition:
    found = spec.load(SHELF.rows, set_id, version)
    assert found is not None
    return found


def mapped(set_id: str, partner: str = "", version: str = "004010") -> Map:
    found = GUIDES.map(set_id, version, partner)
    assert found is not None
    return found


def tree(of: Definition, body: str, separators: Separators = SEPARATORS) -> Tree:
    """The tree of a body such as `BEG*00*…~N1*ST~`; ST and SE are put round it."""
    texts = [text.strip() for text in body.split(separators.segment) if text.strip()]
    segments = [text.split(separators.element) for text in ["ST", *texts, "SE"]]
    places = [0]
    for segment in segments[1:]:
        places.append(_next(of, places[-1], segment[0]))
    return Tree(of, segments, places, separators)


def text(of: Tree) -> str:
    """The tree's body as one text, a segment a line."""
    return "\n".join(of.separators.element.join(segment) for segment in of.segments[1:-1])


def _next(of: Definition, at: int, segment: str) -> int:
    """The next place where the segment may stand: further on in the loop, as the loop again, or in the loop around."""
    loop = of.places[at].loop.path
    while True:
        for place in of.places[at:]:
            path = place.loop.path
            if loop and path != loop and not path.startswith(loop + "/"):
                break
            opens = place.trigger and path.rpartition("/")[0] == loop
            if place.segment.id == segment and (path == loop or opens) and (place.index > at or place.max != 1):
                return place.index
        for place in of.places:
            if loop and place.trigger and place.loop.path == loop and place.segment.id == segment:
                return place.index
        assert loop, f"{segment} cannot stand there"
        loop = loop.rpartition("/")[0]
