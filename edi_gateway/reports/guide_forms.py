"""The blocks of a page as Markdown, or as HTML that needs no other file."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Literal

from edi_gateway.reports.page_style import STYLE

Lines = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Block:
    """A piece of the page: a heading, a text, the rows of a table, the points of a list, or lines as they are."""

    kind: Literal["title", "heading", "text", "table", "list", "code"]
    lines: Lines


def markdown(blocks: Iterable[Block]) -> str:
    """The page as Markdown."""
    return "\n".join("\n".join((*_MARKDOWN[block.kind](block.lines), "")) for block in map(_printable, blocks))


def html(name: str, blocks: Iterable[Block]) -> str:
    """The page as HTML under that name."""
    body = "\n".join(_HTML[block.kind](block.lines) for block in map(_printable, blocks))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(shown(name))}</title>\n'
        f"<style>{STYLE}{_STYLE}</style>\n</head>\n<body>\n<section>\n{body}\n</section>\n</body>\n</html>\n"
    )


def shown(text: str) -> str:
    """A text in which control characters, which no page may hold, stand by name and number, such as `[GS 1D]`."""
    return "".join(map(_shown, text))


def _shown(mark: str) -> str:
    code = ord(mark)
    if code < len(_NAMES):
        return f"[{_NAMES[code]} {code:02X}]"
    return mark if code < 0x7F or code >= 0xA0 else f"[{code:02X}]"


_NAMES = (
    "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US"
).split()


def _printable(block: Block) -> Block:
    return replace(block, lines=[[shown(cell) for cell in line] for line in block.lines])


_MARKDOWN: dict[str, Callable[[Lines], list[str]]] = {
    "title": lambda lines: [f"# {lines[0][0]}"],
    "heading": lambda lines: [f"## {lines[0][0]}"],
    "text": lambda lines: [lines[0][0]],
    "list": lambda lines: [f"- {line[0]}" for line in lines],
    "code": lambda lines: ["```text", *(line[0] for line in lines), "```"],
    "table": lambda lines: [_cells(lines[0]), f"|{'---|' * len(lines[0])}", *map(_cells, lines[1:])],
}


def _cells(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


_STYLE = """
section > h2 { display: block; margin: 2.5rem 0 .75rem; font-size: 1.15rem; }
table { border-collapse: collapse; width: 100%; margin: 0 0 1.25rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 400; white-space: nowrap; }
td:first-child, pre { font-family: ui-monospace, monospace; }
td:first-child, td:nth-child(3), td:last-child { white-space: nowrap; }
pre { padding: 1rem; overflow-x: auto; background: var(--lift); border-radius: .5rem; font-size: .85rem; }
"""
_HTML: dict[str, Callable[[Lines], str]] = {
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
