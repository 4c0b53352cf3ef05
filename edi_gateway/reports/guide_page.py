"""A partner's guides in words, as a page that can be handed to the partner: Markdown, or HTML that needs no other file.

It tells what must be there and what is agreed; all else is as the standard has it. Each set ends with a valid sample.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from edi_gateway.flows.guides import Direction, Guides
from edi_gateway.flows.partner_file import PartnerFile
from edi_gateway.reports.page_style import STYLE
from edi_gateway.x12 import spots
from edi_gateway.x12.compile import Table
from edi_gateway.x12.guided import Counted
from edi_gateway.x12.sample import written
from edi_gateway.x12.spec import Definition, Element, Place

Form = Literal["markdown", "html"]

_Lines = Sequence[Sequence[str]]
_CODES_MAX = 40
_WAYS = {"in": "which the partner sends", "out": "which the partner gets"}
_TABLES = (
    ("segment", "name", "use", "how often", "page"), ("element", "name", "use", "length", "values", "page"),
)


@dataclass(frozen=True)
class _Block:
    """A piece of the page: a heading, a text, the rows of a table, the points of a list, or lines as they are."""

    kind: Literal["title", "heading", "text", "table", "list", "code"]
    lines: "_Lines"


def page(guides: Guides, partner: str, form: Form) -> str:
    """The page of all guides of a partner. Raises `GatewayError` where one of them cannot be used."""
    name = guides.partner(partner).name or partner or "the plain standard"
    blocks = [_block("title", f"{name}: what our documents hold"), _block("text", _OPENING)]
    for set_id in guides.guided(partner):
        for release in guides.releases(set_id, partner):
            for way in guides.ways(set_id, partner):
                of = guides.table(set_id, release, partner, way)
                if of is not None:
                    named = len(guides.ways(set_id, partner)) > 1 or way == "out"
                    blocks += _of_set(of, guides, way if named else "", guides.partner(partner))
    if len(blocks) == 2:
        blocks.append(_block("text", "There is no guide to any set: the documents are as the standard has them."))
    return _html(name, blocks) if form == "html" else _markdown(blocks)


_OPENING = (
    "The tables tell what must be there and what is agreed; everything else is as the X12 standard has it. A document "
    "that does not keep to them is rejected."
)


def _block(kind: Literal["title", "heading", "text"], text: str) -> _Block:
    return _Block(kind, ((text,),))


def _of_set(of: Table, guides: Guides, way: Direction, file: PartnerFile) -> Iterator[_Block]:
    one = of.definition
    told = f", {_WAYS[way]}" if way else ""
    yield _block("heading", f"{one.set} {one.name}, version {one.version}{told}")
    yield _Block("table", (_TABLES[0], *_segments(one)))
    elements = tuple(_elements(one, guides))
    if elements:
        yield _Block("table", (_TABLES[1], *elements))
    if one.rules:
        yield _block("text", "Rules:")
        yield _Block("list", [(f"{rule.words}{f' ({rule.page})' if rule.page else ''}",) for rule in one.rules])
    yield _block("text", "A document that keeps to all of it:")
    try:
        yield _Block("code", [(line,) for line in _sample(of, file).splitlines()])
    except ValueError as error:
        yield _block("text", f"There is none: {error}.")


def _sample(of: Table, file: PartnerFile) -> str:
    """A valid document with the partner's separators, every segment on a line of its own."""
    marks = file.marks_in(of.definition.version)
    end = file.line_end or ("" if marks.segment in "\r\n" else "\n")
    return written(of, marks, end).decode("latin-1").replace("\r", "\n")


def _segments(one: Definition) -> Iterator[tuple[str, ...]]:
    for place in one.places:
        counted = [row for row in one.counted if place.index in row.spot.places and _says(row)]
        opens = bool(place.trigger and place.loop.path)
        guided, need, most = (
            (place.loop.guided, place.loop.need, place.loop.repeat) if opens else (place.guided, place.need, place.max)
        )
        if place.segment.unused:
            page = place.segment.guided.page
            yield _path(place), place.segment.name, "not used", "", page
        elif need == "M" and _always(place, one) or guided.words or _agreed(place) or counted:
            yield _path(place), place.segment.name, "must be there" if need == "M" else "may be there", _often(most), (
                guided.page if guided.words else ""
            )
        for row in counted:
            use = "not used" if row.most == 0 else "must be there" if row.least else "may be there"
            yield row.spot.path, place.segment.name, use, "" if row.most == 0 else _often(row.most or most), row.page


def _always(place: Place, one: Definition) -> bool:
    """Whether the loops around a segment must be there, and so it itself."""
    loops = {each.loop.path: each.loop.need for each in one.places}
    return all(
        need == "M" for path, need in loops.items() if path and f"{spots.above(place)}/".startswith(f"{path}/")
    )


def _says(counted: Counted) -> bool:
    return bool(counted.least or counted.most is not None)


def _agreed(place: Place) -> bool:
    return any(element.narrowed or element.guided.words for element in place.segment.elements)


def _path(place: Place) -> str:
    """The path of a segment as the rows of a guide have it."""
    if place.trigger:
        return place.loop.path or place.segment.id
    return f"{place.loop.path}/{place.segment.id}".lstrip("/")


def _often(most: int | None) -> str:
    return "any number" if most is None else "once" if most == 1 else f"up to {most} times"


def _elements(one: Definition, guides: Guides) -> Iterator[tuple[str, ...]]:
    for place in one.used:
        path = f"{place.loop.path}/{place.segment.id}".lstrip("/")
        for element in place.segment.elements:
            yield from _element(f"{path}{element.position:02}", element, one, guides)
    for row in one.counted:
        for element in row.elements:
            yield from _element(row.spot.path, element, one, guides)


def _element(path: str, element: Element, one: Definition, guides: Guides) -> Iterator[tuple[str, ...]]:
    for component in element.components:
        name = path if path.endswith(f"-{component.position}") else f"{path}-{component.position}"
        yield from _element(name, component, one, guides)
    if not (element.narrowed or element.guided.words):
        return
    if element.unused:
        yield path, element.name, "not used", "", "", element.guided.page
        return
    use = "must be there" if element.need == "M" else "may be there"
    length = str(element.max or "") if element.min == element.max else f"{element.min} to {element.max}"
    yield path, element.name, use, length, _values(element, one.version, guides), element.guided.page


def _values(element: Element, version: str, guides: Guides) -> str:
    codes = sorted(element.codes or ()) if element.narrowed else []
    named = (
        f"{code} ({name})" if (name := guides.code_name(version, element.id, code)) else code
        for code in codes[:_CODES_MAX]
    )
    return ", ".join(named) + (", …" if len(codes) > _CODES_MAX else "")


# As Markdown, and as HTML


def _markdown(blocks: Iterable[_Block]) -> str:
    return "\n".join("\n".join((*_MARKDOWN[block.kind](block.lines), "")) for block in blocks)


_MARKDOWN: dict[str, Callable[[_Lines], list[str]]] = {
    "title": lambda lines: [f"# {lines[0][0]}"],
    "heading": lambda lines: [f"## {lines[0][0]}"],
    "text": lambda lines: [lines[0][0]],
    "list": lambda lines: [f"- {line[0]}" for line in lines],
    "code": lambda lines: ["```text", *(line[0] for line in lines), "```"],
    "table": lambda lines: [_cells(lines[0]), f"|{'---|' * len(lines[0])}", *map(_cells, lines[1:])],
}


def _cells(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _html(name: str, blocks: Iterable[_Block]) -> str:
    body = "\n".join(_HTML[block.kind](block.lines) for block in blocks)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(name)}</title>\n'
        f"<style>{STYLE}{_STYLE}</style>\n</head>\n<body>\n<section>\n{body}\n</section>\n</body>\n</html>\n"
    )


_STYLE = """
section > h2 { display: block; margin: 2.5rem 0 .75rem; font-size: 1.15rem; }
table { border-collapse: collapse; width: 100%; margin: 0 0 1.25rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 400; } td:first-child, pre { font-family: ui-monospace, monospace; }
td:first-child { white-space: nowrap; }
pre { padding: 1rem; overflow-x: auto; background: var(--lift); border-radius: .5rem; font-size: .85rem; }
"""
_HTML: dict[str, Callable[[_Lines], str]] = {
    "title": lambda lines: f"<h1>{escape(lines[0][0])}</h1>",
    "heading": lambda lines: f"<h2>{escape(lines[0][0])}</h2>",
    "text": lambda lines: f"<p>{escape(lines[0][0])}</p>",
    "list": lambda lines: f"<ul>{''.join(f'<li>{escape(line[0])}</li>' for line in lines)}</ul>",
    "code": lambda lines: f"<pre>{escape(chr(10).join(line[0] for line in lines))}</pre>",
    "table": lambda lines: (
        f"<table><thead>{_row('th', lines[0])}</thead><tbody>{''.join(_row('td', line) for line in lines[1:])}"
        "</tbody></table>"
    ),
}


def _row(tag: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
