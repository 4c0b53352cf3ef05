"""A partner's guides in words, as a page that can be handed to the partner: Markdown, or HTML that needs no other file.

It tells what must be there and what is agreed, and marks what goes beyond the standard; all else is as the standard
has it. Each set ends with a valid sample.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from edi_gateway.flows.guides import Guides
from edi_gateway.flows.partner_file import PartnerFile
from edi_gateway.reports.guide_forms import Block, html, markdown
from edi_gateway.x12 import spots
from edi_gateway.x12.compile import Table
from edi_gateway.x12.guide import Guide
from edi_gateway.x12.guided import Clause, Counted, Rule
from edi_gateway.x12.sample import Looks, written
from edi_gateway.x12.spec import Definition, Element, Place, base_version
from edi_gateway.x12.tokens import Separators

Form = Literal["markdown", "html"]

_CODES_MAX = 40
_WAYS = {"in": "sent by", "out": "sent to"}
_BEYOND = "beyond the standard"
_TABLES = (
    ("segment", "name", "use", "how often", _BEYOND, "page"),
    ("element", "name", "use", "length", "values", _BEYOND, "page"),
)
_Row = tuple[str, ...]


@dataclass(frozen=True)
class _Told:
    """A set as a guide has it, the same in the standard, and the rows that make the difference."""

    by: Definition
    standard: Definition
    guide: Guide
    guides: Guides

    def element(self, path: str, position: int) -> Element | None:
        """An element of the standard, None where the segment has no place there."""
        for place in self.standard.places:
            if _inner(place) == path and position <= len(place.segment.elements):
                return place.segment.elements[position - 1]
        return None

    def added(self, place: Place) -> bool:
        """Whether the standard has no such segment there."""
        return all(_inner(one) != _inner(place) for one in self.standard.places)


def page(guides: Guides, partner: str, form: Form) -> str:
    """The page of all guides of a partner. Raises `GatewayError` where one of them cannot be used."""
    file = guides.partner(partner)
    name = file.name or partner or "the plain standard"
    title = f"{name}: guide to EDI documents"
    blocks = [_block("title", title), _block("text", _OPENING)]
    for set_id in guides.guided(partner):
        for release in guides.releases(set_id, partner):
            for way in guides.ways(set_id, partner):
                of = guides.table(set_id, release, partner, way)
                plain = guides.definition(set_id, release, "")
                if of is not None and plain is not None:
                    told = _Told(of.definition, plain, guides.guide(set_id, release, partner, way), guides)
                    whose = f"{_WAYS[way]} {name}" if way and guides.directed(set_id, partner) else ""
                    blocks += _of_set(of, told, whose, file)
    if len(blocks) == 2:
        blocks.append(_block("text", "There is no guide to any set: the documents are as the standard has them."))
    return html(title, blocks) if form == "html" else markdown(blocks)


_OPENING = (
    "The tables tell what must be there and what is agreed; everything else is as the X12 standard has it. A document "
    "that does not keep to them is rejected."
)


def _block(kind: Literal["title", "heading", "text"], text: str) -> Block:
    return Block(kind, ((text,),))


def _of_set(of: Table, told: _Told, whose: str, file: PartnerFile) -> Iterator[Block]:
    one = of.definition
    yield _block("heading", f"{one.set} {one.name}, version {one.version}{', ' + whose if whose else ''}")
    for titles, rows in zip(_TABLES, (tuple(_segments(told)), tuple(_elements(told))), strict=True):
        if rows:
            yield _table(titles, rows)
    if one.rules:
        yield _block("text", "Rules:")
        yield Block("list", [(f"{_rule(rule)}{f' ({rule.page})' if rule.page else ''}",) for rule in one.rules])
    yield _block("text", "A document that keeps to all of it:")
    try:
        sample = _sample(of, file)
    except ValueError as error:
        yield _block("text", f"There is none: {error}.")
        return
    yield Block("code", [(line,) for line in sample.splitlines()])
    if (note := _marks(file, one.version)):
        yield _block("text", note)


def _table(titles: _Row, rows: Sequence[_Row]) -> Block:
    """The rows, without the column of deviations where there are none."""
    at = titles.index(_BEYOND)
    if any(row[at] for row in rows):
        return Block("table", (titles, *rows))
    return Block("table", [(*row[:at], *row[at + 1:]) for row in (titles, *rows)])


def _sample(of: Table, file: PartnerFile) -> str:
    """A valid document, every segment on a line of its own, with numbers as the partner wants them."""
    looks = Looks(file.envelope.set_control_digits, file.envelope.group_control_digits, file.forms.said)
    return written(of, _drawn(of.definition.version), looks=looks).decode("latin-1")


def _drawn(version: str) -> Separators:
    """The separators that samples are drawn with, whatever the partner's own are."""
    return PartnerFile().marks_in(version)


def _marks(file: PartnerFile, version: str) -> str:
    """Which separators the partner's files have, where they are others than those of the sample."""
    theirs, ours = file.marks_in(version), _drawn(version)
    if theirs == ours:
        return ""
    told = [
        f"{own} {where}" for own, drawn, where in (
            (theirs.element, ours.element, "between elements"),
            (theirs.component, ours.component, "between components"),
            (theirs.repetition, ours.repetition, "between repetitions"),
            (theirs.segment, ours.segment, "at the end of a segment"),
        ) if own is not None and own != drawn
    ]
    listed = ", ".join(told[:-1]) + (" and " if len(told) > 1 else "") + told[-1]
    return (
        "The sample is laid out to be read: one segment a line, with * between elements and ~ at the end of a segment. "
        f"In the files themselves it is {listed}."
    )


# Segments


def _segments(told: _Told) -> Iterator[_Row]:
    one = told.by
    for place in one.places:
        counted = [row for row in one.counted if place.index in row.spot.places and _says(row)]
        opens = bool(place.trigger and place.loop.path)
        guided, need, most = (
            (place.loop.guided, place.loop.need, place.loop.repeat) if opens else (place.guided, place.need, place.max)
        )
        path, beyond = _path(place), _segment_beyond(place, told)
        row = told.guide.segments.get(path)
        page = guided.page if guided.words else row.page if row is not None and beyond else ""
        if place.segment.unused:
            yield path, place.segment.name, "not used", "", beyond, place.segment.guided.page
        elif need == "M" and _always(place, one) or guided.words or beyond or _agreed(place) or counted:
            use = "must be there" if need == "M" else "may be there"
            yield path, place.segment.name, use, _often(most), beyond, page
        for each in counted:
            use = "not used" if each.most == 0 else "must be there" if each.least else "may be there"
            yield each.spot.path, place.segment.name, use, _counted(each, most), "", each.page


def _segment_beyond(place: Place, told: _Told) -> str:
    """What the standard has otherwise of a segment or loop; empty where nothing goes beyond it."""
    row = told.guide.segments.get(_path(place))
    if row is None or not row.deviates:
        return ""
    if told.added(place):
        return f"not in the standard; stands behind {row.word('after')}"
    said = [f"stands behind {row.word('after')}, elsewhere than in the standard"] if row.word("after") else []
    known = next(one for one in told.standard.places if _inner(one) == _inner(place))
    opens = bool(known.trigger and known.loop.path)
    need, most = (known.loop.need, known.loop.repeat) if opens else (known.need, known.max)
    now = place.loop.repeat if opens else place.max
    if most is not None and (now is None or now > most):
        said.append(f"in the standard {_often(most)}")
    if need == "M" and row.word("use") in ("used", "unused"):
        said.append("mandatory in the standard")
    return "; ".join(said)


def _always(place: Place, one: Definition) -> bool:
    """Whether the loops around a segment must be there, and so it itself."""
    loops = {each.loop.path: each.loop.need for each in one.places}
    return all(
        need == "M" for path, need in loops.items() if path and f"{spots.above(place)}/".startswith(f"{path}/")
    )


def _says(counted: Counted) -> bool:
    return bool(counted.least or counted.most is not None)


def _agreed(place: Place) -> bool:
    elements = place.segment.elements
    return any(_spoken_of(one) or any(map(_spoken_of, one.components)) for one in elements)


def _spoken_of(element: Element) -> bool:
    return bool(element.narrowed or element.guided.words)


def _path(place: Place) -> str:
    """The path of a segment as the rows of a guide have it."""
    if place.trigger:
        return place.loop.path or place.segment.id
    return _inner(place)


def _inner(place: Place) -> str:
    """The path in front of the digits of an element."""
    return f"{place.loop.path}/{place.segment.id}".lstrip("/")


def _often(most: int | None) -> str:
    return "any number" if most is None else "once" if most == 1 else f"up to {most} times"


def _counted(row: Counted, most: int | None) -> str:
    """How often the segments of one code occur: the limit of all of them is none of theirs."""
    if row.most == 0:
        return ""
    if row.most is not None or most == 1:
        return _often(row.most or most)
    return "at least once" if row.least else ""


# Elements


def _elements(told: _Told) -> Iterator[_Row]:
    for place in told.by.used:
        path, added = _inner(place), told.added(place)
        row = told.guide.segments.get(path)
        for element in place.segment.elements:
            known = told.element(path, element.position)
            for cells in _element(f"{path}{element.position:02}", element, known, told, added):
                yield (*cells[:-1], cells[-1] or (row.page if added and row is not None else ""))
        for each in told.by.counted:
            if min(each.spot.places) == place.index:
                yield from _of_some(each, told)


def _of_some(counted: Counted, told: _Told) -> Iterator[_Row]:
    """The elements of the segments of one code; nothing of theirs goes beyond the standard."""
    for element in counted.elements:
        part = counted.spot.component
        named = element if part is None else element.components[part - 1]
        yield from _element(counted.spot.path, named, named, told)


def _element(path: str, element: Element, known: Element | None, told: _Told, added: bool = False) -> Iterator[_Row]:
    """The row of an element, and those of its components behind it; all of them where the segment was added."""
    if element.unused and _spoken_of(element):
        beyond = "mandatory in the standard" if known is not None and known.need == "M" else ""
        yield path, element.name, "not used", "", "", beyond, element.guided.page
        return
    if added or _spoken_of(element):
        use = "must be there" if element.need == "M" else "may be there"
        length = str(element.max or "") if element.min == element.max else f"{element.min} to {element.max}"
        length += f", {_often(element.repeat)}" if "repeat" in element.guided.words else ""
        beyond = _element_beyond(element, known)
        yield path, element.name, use, length, _values(element, told), beyond, element.guided.page
    for at, component in enumerate(element.components):
        inner = known.components[at] if known is not None and known.components else None
        yield from _element(f"{path}-{component.position}", component, inner, told, added)


def _element_beyond(element: Element, known: Element | None) -> str:
    """Which codes and lengths the standard does not have, and whether it asks for what may be left out."""
    if known is None:
        return ""
    foreign = sorted((element.codes or frozenset()) - known.codes) if known.codes is not None else []
    said = [f"private {'code' if len(foreign) == 1 else 'codes'} {', '.join(foreign)}"] if foreign else []
    if element.min < known.min or element.max > known.max:
        said.append(f"in the standard {known.min} to {known.max} characters")
    if element.repeat > known.repeat:
        said.append(f"in the standard {_often(known.repeat)}")
    if known.need == "M" and element.need != "M":
        said.append("mandatory in the standard")
    return "; ".join(said)


def _values(element: Element, told: _Told) -> str:
    codes = sorted(element.codes or ()) if element.narrowed else []
    version = base_version(told.by.version)
    named = (
        f"{code} ({name})" if (name := told.guides.code_name(version, element.id, code)) else code
        for code in codes[:_CODES_MAX]
    )
    return ", ".join(named) + (", …" if len(codes) > _CODES_MAX else "")


# Rules


def _rule(rule: Rule) -> str:
    when = " and ".join(map(_clause, rule.when))
    then = re.sub(r" is (there|missing)$", lambda end: _THEN[end[1]], _clause(rule.then))
    return f"{then}{' where ' + when if when else ''}{' in ' + rule.scope.path if rule.scope else ''}"


_THEN = {"there": " must be there", "missing": " must not be there"}


def _clause(clause: Clause) -> str:
    if clause.other is not None:
        return f"{clause.spot.path} equals {clause.other.path}"
    codes = " or ".join(part for part in (", ".join(clause.codes[:-1]), *clause.codes[-1:]) if part)
    return f"{clause.spot.path} {clause.verb} {codes}".rstrip()
