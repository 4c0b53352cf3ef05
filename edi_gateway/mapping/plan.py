"""Rows resolved in one definition: every path a place, every value its way in and out.

The same resolved rows serve both directions: `reading` flattens them into one action list per
place, `writing` walks them beside a noun.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from edi_gateway import discover
from edi_gateway.mapping import texts, verbs
from edi_gateway.mapping.codes import CodeTable
from edi_gateway.mapping.paths import Grammar, PathError, Spot
from edi_gateway.mapping.rows import Count, Record, Row, RowError
from edi_gateway.x12.spec import Element

Read = Callable[[str], Any]
Write = Callable[[Any], str]

_NO_CODES = CodeTable("", {}, {})


@dataclass(frozen=True, slots=True)
class Form:
    """How one element's text becomes a value and back; `read` is None for a text taken as it is."""

    read: Read | None
    write: Write


_FORMS: Mapping[type, Form] = {
    dt.date: Form(texts.read_date, texts.write_date), dt.time: Form(texts.read_time, texts.write_time),
}
_SHORT_DATE = Form(texts.read_short_date, texts.write_short_date)


@dataclass(frozen=True, slots=True)
class Fixed:
    """An element with a text of its own: a constant, or what a segment must say to be meant."""

    spot: Spot
    text: str | Count


@dataclass(frozen=True, slots=True)
class Line:
    """A row resolved. `forms` go with `spots`; of pairs they are the kind's and the value's.

    `pairs` are the positions of the kinds; each value stands behind its kind. `order` are the codes in
    the order in which what they tell of is written, others after them.
    """

    row: Row
    spots: tuple[Spot, ...]
    forms: tuple[Form, ...]
    also: tuple[tuple[Spot, Form], ...]
    pairs: tuple[int, ...]
    verb: Any
    when: tuple[Fixed, ...]
    beside: tuple[Fixed, ...]
    order: tuple[str, ...] = ()

    @property
    def spot(self) -> Spot:
        """Where the row writes first."""
        return self.spots[0]

    @property
    def key(self) -> str:
        """The field it fills."""
        return self.row.key

    def rank(self, word: str) -> int:
        """Where among others something is written that is told by this word of the row's codes."""
        try:
            return self.order.index(self.forms[0].write(word))
        except ValueError:
            return len(self.order)


@dataclass(frozen=True, slots=True)
class Link:
    """A field that is the ordinal of an item of the list `to`, under which this one stands in the tree."""

    key: str
    to: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A record resolved. `spot` is what opens an item, None for the document itself.

    `scope` is the loop that the rows stand in. Where the item is a single segment, it is `alone`.
    `level` is the items' level in the set's tree, empty where they have none, and `links` say what
    they stand under. `also` are the same rows at other places, for reading only.
    """

    record: Record
    spot: Spot | None
    scope: str
    lines: "tuple[Line | Sheet, ...]"
    needs: Spot | None
    always: tuple[Fixed, ...]
    level: str = ""
    links: tuple[Link, ...] = ()
    also: "tuple[Sheet, ...]" = ()

    @property
    def key(self) -> str:
        """The field it fills, empty for the document itself."""
        return self.record.key

    @property
    def levels(self) -> "Mapping[str, Sheet]":
        """Of the document: the lists whose items are levels of its tree, by their keys."""
        return {line.key: line for line in self.lines if isinstance(line, Sheet) and line.level}

    @property
    def told_by(self) -> Line | None:
        """The line whose codes put the items in order: it stands first in the segment that each item opens with."""
        if self.spot is None or self.level or not self.record.many:
            return None
        coded = (line for line in self.lines if isinstance(line, Line) and line.order and not line.pairs)
        return next((one for one in coded if one.spot.place is self.spot.place and one.spot.position == 1), None)

    @property
    def alone(self) -> bool:
        """True where each item is one segment that opens no loop."""
        return self.spot is not None and not self.spot.place.trigger


def sheet(record: Record, grammar: Grammar, tables: Mapping[str, CodeTable], scope: str = "") -> Sheet:
    """The record with all its paths resolved. Raises `RowError` for a path the definition does not know."""
    spot, before = None, scope
    if record.each is not None:
        spot = _resolved(grammar.segment, scope, record.each, f"{record.name}.each")
        scope = spot.place.loop.path
    needs = _resolved(grammar.element, scope, record.needs, f"{record.name}.needs") if record.needs else None
    lines = tuple(
        sheet(row, grammar, tables, scope) if isinstance(row, Record) else _line(row, grammar, tables, scope)
        for row in record.rows if isinstance(row, Record) or not row.tree
    )
    links = tuple(Link(row.key, row.tree) for row in record.rows if isinstance(row, Row) and row.tree)
    always = tuple(
        Fixed(_resolved(grammar.element, scope, path, f"{record.name}.always.{path}"), text)
        for path, text in record.always.items()
    )
    _check_counts(record, grammar)
    also = tuple(_elsewhere(record, path, grammar, tables, before) for path in record.also)
    made = Sheet(record, spot, scope, lines, needs, always, _level(spot, grammar), links, also)
    if spot is not None and any(found.place is not spot.place for found in _single_segment(made)):
        raise RowError(record.name, f"each item is one segment {spot.place.segment.id}, so its rows stand in it")
    if needs is not None and (spot is None or needs.place is not spot.place):
        raise RowError(f"{record.name}.needs", "it must be an element of the segment that opens the item")
    return made


def _elsewhere(record: Record, path: str, grammar: Grammar, tables: Mapping[str, CodeTable], scope: str) -> Sheet:
    """The record at a further place. A row that does not fit there is told as a fault of naming the place."""
    try:
        return sheet(replace(record, each=path, also=()), grammar, tables, scope)
    except RowError as error:
        raise RowError(f"{record.name}.also", str(error)) from error


def _check_counts(record: Record, grammar: Grammar) -> None:
    by = grammar.definition.hierarchy
    for path, text in record.always.items():
        if not (isinstance(text, Count) and text.of.isupper()):
            continue
        if record.key or by is None or text.of != by.segment:
            raise RowError(f"{record.name}.always.{path}", "only the segment of the set's tree can be counted")


def _level(spot: Spot | None, grammar: Grammar) -> str:
    by = grammar.definition.hierarchy
    if by is None or spot is None or spot.place.index != by.place:
        return ""
    return spot.hops[-1].code or ""


def _single_segment(made: Sheet) -> Iterator[Spot]:
    if made.alone:
        yield from (fixed.spot for fixed in made.always)
        for line in made.lines:
            if isinstance(line, Sheet):
                raise RowError(line.record.name, "an item that is one segment holds no items of its own")
            yield from line.spots
            yield from (fixed.spot for fixed in line.beside)


def _line(row: Row, grammar: Grammar, tables: Mapping[str, CodeTable], scope: str) -> Line:
    if row.codes is not None and row.codes not in tables:
        known = ", ".join(sorted(tables)) or "none"
        raise RowError(row.name, f"there is no table codes.{row.codes}; there are {known}")
    table = tables[row.codes] if row.codes else None
    paths = (row.pairs,) if row.pairs else row.at
    spots = tuple(_resolved(grammar.element, scope, path, row.name) for path in paths)
    if any(spot.place is not spots[0].place or spot.codes != spots[0].codes for spot in spots):
        raise RowError(row.name, "all elements of a row stand in one segment")
    also = tuple(_resolved(grammar.element, scope, path, row.name) for path in row.also)
    line = Line(
        row, spots, () if row.verb else _forms(row, spots, table),
        tuple((spot, _form(row, spot.element, table)) for spot in also),
        _pairs(spots[0]) if row.pairs else (), _verb(row),
        tuple(constants(grammar, scope, row.when, row.name)), tuple(constants(grammar, scope, row.beside, row.name)),
        table.order if table else (),
    )
    if any(condition.spot.place is not spots[0].place for condition in line.when):
        raise RowError(row.name, "`when` looks at elements of the same segment")
    return line


def _forms(row: Row, spots: tuple[Spot, ...], table: CodeTable | None) -> tuple[Form, ...]:
    if row.pairs:
        codes = table or _NO_CODES
        return Form(codes.read, codes.write), Form(None, str)
    return tuple(_form(row, spot.element, table) for spot in spots)


def _form(row: Row, element: Element, table: CodeTable | None) -> Form:
    kind = row.shape.type
    if table is not None:
        return Form(table.read, table.write)
    if kind is Decimal:
        places = int(element.type[1:]) if element.type[0] == "N" and element.type != "N0" else 0
        if places:
            write = partial(texts.write_implied, places=places, element=element)
            return Form(partial(texts.read_implied, places=places), write)
        return Form(texts.read_number, partial(texts.write_number, element=element))
    if kind is int:
        return Form(texts.read_whole, partial(texts.write_whole, element=element))
    if kind is dt.date and element.max == texts.SHORT_DATE:
        return _SHORT_DATE
    return _FORMS.get(kind, Form(None, str))


def _pairs(first: Spot) -> tuple[int, ...]:
    """The positions of the kinds: as long as the elements come in the same two-step."""
    ids = [element.id for element in first.place.segment.elements]
    start = first.position - 1
    found = []
    for at in range(start, len(ids) - 1, 2):
        if ids[at : at + 2] != ids[start : start + 2]:
            break
        found.append(at + 1)
    return tuple(found)


def _verb(row: Row) -> Any:
    if row.verb is None:
        return None
    try:
        return discover.member(verbs.__name__, row.verb)
    except discover.ShelfError as error:
        raise RowError(row.name, str(error)) from error


def constants(grammar: Grammar, scope: str, rows: Mapping[str, str], name: str) -> Iterator[Fixed]:
    """Rows of paths and their texts, resolved. Raises `RowError`."""
    for path, text in rows.items():
        yield Fixed(_resolved(grammar.element, scope, path, name), text)


def _resolved(find: Callable[[str, str], Spot], scope: str, path: str, name: str) -> Spot:
    try:
        return find(scope, path)
    except PathError as error:
        raise RowError(name, str(error)) from error
