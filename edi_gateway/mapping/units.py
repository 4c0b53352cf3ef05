"""The quick way from a tree to a noun: sets whose units are known are read unit by unit, all others place by place.

What a set consists of is spelled with a character for the place of each segment, and cut before each that begins a
unit. Since code is made for a unit, it is learned when sets with something new have come a few times.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from pydantic import ValidationError

from edi_gateway.mapping.memo import Unusual
from edi_gateway.mapping.plan import Sheet
from edi_gateway.mapping.quick import Quick
from edi_gateway.mapping.steps import Opening, Steps, Take
from edi_gateway.mapping.unit_writing import Form, OddError, Unit, UnitWriting, UnmetError
from edi_gateway.model import Noun
from edi_gateway.x12.pieces import Piece, Places
from edi_gateway.x12.read import Tree
from edi_gateway.x12.spec import Definition, Place

WAYS_MAX, SEGMENTS_MAX = 64, 40
"""So many ways of units are learned of a map in one definition; and of units of so many segments."""

_SHAPES_MAX, _PIECES_MAX, _SHAPE_MAX = 100, 1_000, 400
"""So many sets and pieces of sets are remembered with their units, and so many segments each of them may have."""

_CUT, _SILENT, _FIRST = "\n", "\x01", 0x100
"""What begins a unit; a segment that says nothing to the map; the characters of all others begin here."""


_Way = tuple[str, tuple[tuple[int, Any], ...]]
"""A unit, and the size and codes of each of its segments."""


class _Code(NamedTuple):
    """What has been learned: the ways of all units, the numbers of those that can be read, and what reads them.

    `shapes` are the numbers of the units of sets by their places, whose list is the same one for all of a shape;
    `pieces` those of the pieces that sets of any shape are put together of.
    """

    ways: Mapping[_Way, Sequence[Form]]
    numbers: Mapping[str, int]
    source: str
    read: Callable[[Tree, Sequence[Any]], Noun] | None
    shapes: dict[int, tuple[list[int], Sequence[Any]]]
    pieces: dict[Piece, Sequence[int | None]]


class Units:
    """The quick way of a map in one definition."""

    def __init__(self, sheet: Sheet, steps: Steps, definition: Definition, whole: Quick) -> None:
        self.whole = whole
        self._writing = partial(UnitWriting, sheet, steps, definition)
        self._spelling = _Spelling(steps, definition)
        self._met: dict[_Way, Sequence[Form]] = {}
        self._times = 0
        self._code = _Code({}, {}, "", None, {}, {})

    @property
    def source(self) -> str:
        """What runs: the function that reads place by place, and the one for the units learned so far."""
        return f"{self.whole.source}\n\n{self._code.source}".rstrip() + "\n"

    def read(self, tree: Tree) -> Noun:
        """Raises `Unusual` and `pydantic.ValidationError`; both mean: walk the set with care."""
        return (self.by_unit(tree) if tree.tidy() else None) or self.whole.read(tree)

    def by_unit(self, tree: Tree) -> Noun | None:
        """The noun of a tidy tree whose units are known; None where it is to be read place by place."""
        code = self._code
        units = self._units(code, tree)
        if units is not None and code.read is not None:
            try:
                return code.read(tree, units)
            except (Unusual, ValidationError) as odd:
                if isinstance(odd, UnmetError):
                    self._meet(tree)
            except ValueError:  # A segment is of a size that is not known.
                self._meet(tree)
        return None

    def learn(self, tree: Tree) -> None:
        """Learns the units of a tree at once."""
        self._note(tree)
        self._code = self._learned()

    def _units(self, code: _Code, tree: Tree) -> Sequence[Any] | None:
        """The numbers of a tree's units; None where one of them is not known, or cannot be read so."""
        shape = code.shapes.get(id(tree.places))
        if shape is not None and shape[0] is tree.places:
            return shape[1]
        units: list[int | None] = []
        if isinstance(tree.places, Places):
            known = code.pieces
            for piece in tree.places.pieces:
                units += known.get(piece) or self._numbers(code, piece)
        else:
            units += self._spelled(code, tree.places)
        if all(units):
            if len(tree.places) <= _SHAPE_MAX:
                if len(code.shapes) >= _SHAPES_MAX:
                    code.shapes.clear()
                code.shapes[id(tree.places)] = tree.places, units
            return units
        if None in units:
            self._meet(tree)
        return None

    def _numbers(self, code: _Code, piece: Piece) -> Sequence[int | None]:
        """Those of a piece that has not come since something was learned."""
        numbers = self._spelled(code, piece.places)
        if len(piece.places) <= _SHAPE_MAX:
            if len(code.pieces) >= _PIECES_MAX:
                code.pieces.clear()
            code.pieces[piece] = numbers
        return numbers

    def _spelled(self, code: _Code, places: Iterable[int]) -> Sequence[int | None]:
        return list(map(code.numbers.get, self._spelling.text(places).split(_CUT)[1:]))

    def _meet(self, tree: Tree) -> None:
        """Notes what is new in a tree, to be learned when something new has come twice, four times, eight times, …"""
        if len(self._code.ways) < WAYS_MAX:
            self._note(tree)
            self._times += 1
            if self._times > 1 and self._times & (self._times - 1) == 0:
                self._code = self._learned()

    def _note(self, tree: Tree) -> None:
        for unit, forms in self._spelling.units(tree):
            key = unit, tuple((form.size, form.codes) for form in forms)
            if key not in self._code.ways and len(self._code.ways) + len(self._met) < WAYS_MAX:
                self._met[key] = forms

    def _learned(self) -> _Code:
        """What has been learned with what has been met. It is made anew, so that nobody sees it half made."""
        ways = {**self._code.ways, **self._met}
        self._met = {}
        writing, numbers, known = self._writing(), dict.fromkeys((unit for unit, _ in ways), 0), dict[int, list[Unit]]()
        for (unit, _), forms in ways.items():
            try:
                way = writing.unit(forms) if len(forms) <= SEGMENTS_MAX else None
            except OddError:
                way = None
            if way is not None:
                numbers[unit] = numbers[unit] or len(known) + 1
                known.setdefault(numbers[unit], []).append(way)
        if not known:
            return _Code(ways, numbers, "", None, {}, {})
        source = writing.source(known)
        scope: dict[str, Any] = {}
        exec(compile(source, "<units>", "exec"), writing.say.names, scope)
        return _Code(ways, numbers, source, scope["read"], {}, {})


class _Spelling:
    """The characters that stand for segments, by place."""

    def __init__(self, steps: Steps, definition: Definition) -> None:
        self._steps = steps.by_place
        self._places = definition.places
        self._codes = _codes(steps)
        self._marks = [self._mark(place) for place in definition.places]

    def _mark(self, place: Place) -> str:
        path = place.loop.path
        silent = self._steps[place.index] is None and not (path and place.trigger)
        begins = not path or (place.trigger and "/" not in path)
        return (_CUT if begins else "") + (_SILENT if silent else chr(_FIRST + place.index))

    def text(self, places: Iterable[int]) -> str:
        """The characters of the segments at some places."""
        return "".join(map(self._marks.__getitem__, places))

    def units(self, tree: Tree) -> Iterator[tuple[str, Sequence[Form]]]:
        """The units of a tree, with the forms of their segments."""
        forms = map(self._form, tree.places, tree.segments)
        for unit in self.text(tree.places).split(_CUT)[1:]:
            yield unit, [form for _, form in zip(unit, forms, strict=False)]

    def _form(self, index: int, row: Sequence[str]) -> Form:
        step, size = self._steps[index], len(row)
        codes = tuple(
            (at, row[at] if at < size and row[at] in wanted else "", wanted)
            for at, wanted in self._codes.get(index, {}).items()
        )
        return Form(self._places[index], step, size if step else 0, codes)


def _codes(steps: Steps) -> dict[int, dict[int, frozenset[str]]]:
    """The codes that a map asks for, by place and element."""
    blocks = [step for step in steps.by_place if step is not None]
    marking = {step.place.loop.path: step.place.index for step in blocks if step.marks}
    asked: dict[int, dict[int, frozenset[str]]] = {}
    for step in blocks:
        conditional: list[Opening | Take] = [*step.openings, *step.takes]
        for action in conditional:
            for one in action.conditions:
                codes = asked.setdefault(marking[one.loop] if one.loop else step.place.index, {})
                codes[one.position] = codes.get(one.position, frozenset()) | {one.text}
        for opening in step.openings:
            if opening.unless:
                codes = asked.setdefault(step.place.index, {})
                codes[1] = codes.get(1, frozenset()) | opening.unless
    return asked
