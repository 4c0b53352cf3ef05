"""A set put together of pieces that came before stands where it would if it were walked anew."""

import pytest

from benchmarks import inputs
from edi_gateway.x12 import pieces
from edi_gateway.x12.compile import Table
from edi_gateway.x12.diagnose import Walk
from edi_gateway.x12.pieces import Pieces, Places
from edi_gateway.x12.read import read
from edi_gateway.x12.tokens import Separators
from edi_gateway.x12.walk import walk
from tests.x12 import generator
from tests.x12.workshop import TABLE, transactions

HEADING = [["ST", "123", "0001"], ["BGN", "00", "A1", "20240101"]]
LINE, SUB = ["LIN", "1"], ["SUB", "A"]
END = [["SE", "9", "0001"]]


def quickly(by: Table, rows: list[list[str]]) -> list[int] | None:
    """Where the segments stand; the same is said again by who has seen them."""
    steps = by.steps(Separators(), False)
    found = [walk(rows, steps) for _ in range(2)]
    assert found[0] == found[1]
    return None if found[0] is None else found[0][0]


@pytest.mark.parametrize(("set_id", "segment"), [("850", "PO1"), ("856", "HL"), ("846", "LIN"), ("810", "IT1")])
def test_a_set_is_cut_where_its_lines_or_levels_begin(set_id: str, segment: str) -> None:
    seam = Pieces(generator.table(set_id, "004010").definition).seam
    assert seam is not None
    assert seam.segment.id == segment


@pytest.mark.parametrize("lines", range(7))
def test_a_loop_comes_as_often_in_pieces_as_it_may(lines: int) -> None:
    rows = [*HEADING, *[LINE] * lines, *END]
    slowly = Walk(TABLE, rows)
    faults = list(slowly.faults())
    assert quickly(TABLE, rows) == (None if faults else slowly.places)
    assert bool(faults) == (not 1 <= lines <= 4)


@pytest.mark.parametrize("rows", [
    [*HEADING, ["LIN\n\tLIN", "1"], *END], [*HEADING, LINE, ["", "1"], *END], [*HEADING, LINE, ["LINX", "1"], *END],
    [*HEADING, ["\tLIN", "1"], *END], [*HEADING, LINE, ["CTT", "1"], LINE, *END], [LINE, *HEADING, LINE, *END],
    [*HEADING, LINE, SUB, LINE, *END], [*HEADING, ["\n", "1"], LINE, *END], [*HEADING, ["LIN ", "1"], *END],
])
def test_what_stands_nowhere_is_put_together_of_nothing(rows: list[list[str]]) -> None:
    assert list(Walk(TABLE, rows).faults())
    assert quickly(TABLE, rows) is None


@pytest.mark.parametrize(("set_id", "content"), [("850", inputs.varied_orders(0.1)), ("856", inputs.shipments(0.1))])
@pytest.mark.parametrize("remembered", [0, 100, 10_000])
def test_sets_of_any_shape_stand_where_the_slow_walk_says_however_much_is_forgotten(
    set_id: str, content: bytes, remembered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "_SEGMENTS_MAX", remembered)
    by = Table(generator.table(set_id, "004010").definition)
    shapes = set()
    for transaction in transactions(content):
        tree = read(transaction, by).tree
        assert tree is not None
        slowly = Walk(by, transaction.segments)
        assert not list(slowly.faults())
        assert tree.places == slowly.places
        assert isinstance(tree.places, Places)
        assert tree.places == [place for piece in tree.places.pieces for place in piece.places]
        shapes.add(tuple(tree.places))
    assert len(shapes) > 30
