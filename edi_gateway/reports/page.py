"""The outline of files as one page for a browser, which needs nothing but itself: no script, no other file."""

from collections.abc import Iterable, Iterator
from html import escape

from edi_gateway.issues import Finding
from edi_gateway.reports.drawing import Line, Tally
from edi_gateway.reports.page_style import LEGEND, STYLE
from edi_gateway.reports.spoken import Value

SEGMENTS_MAX = 10_000
BYTES_MAX = 6_000_000
"""Behind so many segments, or so much of the page, only what has findings is drawn."""
FINDINGS_MAX = 1_000
"""So many findings of a file are listed and drawn; of more only the number is told."""
OPEN_SETS_MAX = 20
"""Sets behind these are folded, unless they have findings."""

_PICTURES = {**{chr(code): chr(0x2400 + code) for code in range(32)}, "\x7f": "␡", "\n": " ", "\t": " "}


class Page:
    """A page that files are drawn on, one below the other."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._sections: list[str] = []
        self._bytes = 0
        self._found = 0
        self._segments = 0
        self._sets = 0

    def draw(self, name: str, lines: Iterable[Line]) -> Tally:
        """Draws a file; returns what there was."""
        tally = Tally()
        listed: list[str] = []
        body = "".join(self._counted(self._nested(self._kept(tally.counting(lines)), listed)))
        self._names.append(name)
        self._sections.append(_section(name, tally, listed, body))
        return tally

    def text(self) -> str:
        """The whole page."""
        title = _text(", ".join(self._names) or "nothing")
        return (
            f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
            f"<style>{STYLE}</style>\n</head>\n<body>\n{''.join(self._sections)}{LEGEND}</body>\n</html>\n"
        )

    def _counted(self, pieces: Iterable[str]) -> Iterator[str]:
        for piece in pieces:
            self._bytes += len(piece)
            yield piece

    def _kept(self, lines: Iterable[Line]) -> Iterator[Line | int]:
        """The lines that are drawn; a number stands for as many segments that are left out.

        Of what is left out, the headings are drawn once something below them is.
        """
        above: list[Line] = []
        left_out = found = 0
        for line in lines:
            if line.findings and found < FINDINGS_MAX:
                found += len(line.findings)
            elif self._full and line.level in ("interchange", "group", "set"):
                above = [*(one for one in above if one.depth < line.depth), line]
                continue
            elif self._full:
                left_out += line.level == "segment"
                continue
            self._segments += line.level == "segment"
            if left_out:
                yield left_out
                left_out = 0
            yield from (one for one in above if one.depth < line.depth)
            above = []
            yield line
        if left_out:
            yield left_out

    @property
    def _full(self) -> bool:
        return self._segments >= SEGMENTS_MAX or self._bytes >= BYTES_MAX

    def _nested(self, lines: Iterable[Line | int], listed: list[str]) -> Iterator[str]:
        """The lines as elements that hold each other."""
        begun: list[int] = []
        places = ["the file"]
        waiting: Line | None = None
        for line in lines:
            if isinstance(line, int):
                if waiting is not None:
                    yield self._leaf(waiting, places, listed)
                    waiting = None
                yield f'<p class="left">{line:,} segment{"s" if line > 1 else ""} without findings left out</p>'
                continue
            if waiting is not None:
                if line.depth > waiting.depth:
                    begun.append(waiting.depth)
                    yield self._branch(waiting, places, listed)
                else:
                    yield self._leaf(waiting, places, listed)
            while begun and begun[-1] >= line.depth:
                begun.pop()
                yield "</div></details>"
            waiting = line
        if waiting is not None:
            yield self._leaf(waiting, places, listed)
        yield "</div></details>" * len(begun)

    def _branch(self, line: Line, places: list[str], listed: list[str]) -> str:
        self._sets += line.level == "set"
        folded = line.level == "set" and self._sets > OPEN_SETS_MAX and not line.faults
        state = "" if folded else " open"
        found = self._findings(line, places, listed)
        return f'<details class="{line.level}"{state}><summary>{_row(line)}</summary>{found}<div class="in">'

    def _leaf(self, line: Line, places: list[str], listed: list[str]) -> str:
        row = "" if line.level == "remark" else f'<div class="leaf {line.level}">{_row(line)}</div>'
        return row + self._findings(line, places, listed)

    def _findings(self, line: Line, places: list[str], listed: list[str]) -> str:
        where = _where(line, places)
        drawn = []
        for finding in line.findings:
            if len(listed) >= FINDINGS_MAX:
                break
            self._found += 1
            anchor = f"f{self._found}"
            listed.append(_link(anchor, finding, where))
            drawn.append(_finding(anchor, finding))
        return "".join(drawn)


def _where(line: Line, places: list[str]) -> str:
    """What the findings of a line are about; `places` are the file, and the interchange, group and set begun last."""
    if line.level in ("interchange", "group", "set"):
        name = f"{line.id} {line.values[0].text}" if line.level == "set" else f"{line.level} {line.id}"
        places[line.depth + 1:] = [name]
    return places[line.depth] if line.level == "remark" and line.depth < len(places) else places[-1]


def _section(name: str, tally: Tally, listed: list[str], body: str) -> str:
    facts = [_counted(tally.levels[level], level) for level in ("interchange", "set", "segment")]
    facts += [_counted(tally.severities[one], one) for one in ("error", "warning", "repair") if tally.severities[one]]
    more = tally.severities.total() - len(listed)
    rest = f"<li>{more:,} more findings are not listed here.</li>" if more > 0 else ""
    findings = f'<ol class="findings">{"".join(listed)}{rest}</ol>' if listed else ""
    return (
        f'<section><header><h1>{_text(name)}</h1><p class="facts">{_badge(tally.ending)} {" · ".join(facts)}</p>'
        f"</header>{findings}<main>{body}</main></section>\n"
    )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _link(anchor: str, finding: Finding, where: str) -> str:
    place = [where]
    if finding.position is not None:
        place.append(f"segment {finding.position:,}")
    if finding.segment:
        place.append(finding.segment + (f"{finding.element:02}" if finding.element else ""))
    return (
        f'<li class="{finding.severity}"><a href="#{anchor}"><b>{finding.severity}</b> '
        f'<span class="at">{_text(", ".join(place))}</span> {_text(finding.note)}</a></li>'
    )


def _finding(anchor: str, finding: Finding) -> str:
    return (
        f'<div class="finding {finding.severity}" id="{anchor}"><b>{finding.severity}</b> {_text(finding.note)}'
        f'<p>{_text(finding.remedy)}</p><small>{_text(finding.kind)}{_byte(finding)}</small></div>'
    )


def _byte(finding: Finding) -> str:
    return "" if finding.offset is None else f" · byte {finding.offset:,}"


def _row(line: Line) -> str:
    if line.level in ("interchange", "group", "set"):
        title = f"{line.id} {line.name}" if line.level == "set" else f"{line.name} {line.id}"
        ending = _badge(line.outcome.replace("_", " ")) if line.outcome else ""
        return f'<h2>{_text(title)}</h2>{"".join(_fact(value) for value in line.values)}{ending}'
    number = "" if line.position is None else f"{line.position}"
    values = "".join(_value(value) for value in line.values)
    if line.level == "missing":
        values = '<span class="v bad"><q>is missing</q></span>'
    return (
        f'<span class="n">{number}</span><span class="id">{_text(line.id)}<i>{_text(line.name)}</i></span>'
        f'<span class="vs">{values}</span>'
    )


def _fact(value: Value) -> str:
    name = f"<i>{_text(value.name)}</i> " if value.name else ""
    meaning = f" <em>{_text(value.meaning)}</em>" if value.meaning else ""
    return f'<span class="fact">{name}{_text(value.text)}{meaning}</span>'


def _value(value: Value) -> str:
    bad = f" {value.severity}" if value.severity else ""
    meaning = f" <em>{_text(value.meaning)}</em>" if value.meaning else ""
    text = f"<span>{_text(value.text)}</span>" if value.text else "<q>missing</q>"
    name = f'<i>{_text(value.name or value.at)}</i>'
    return f'<span class="v{bad}" title="{_text(value.at)}">{name}{text}{meaning}</span>'


def _badge(outcome: str) -> str:
    return f'<span class="badge {outcome.partition(" ")[2].replace(" ", "-") or outcome}">{outcome}</span>'


def _text(text: str) -> str:
    """What came from outside, harmless: controls as their pictures, other marks that are not seen as their numbers."""
    return escape("".join(_mark(mark) for mark in text) if not text.isprintable() else text)


def _mark(mark: str) -> str:
    return mark if mark.isprintable() else _PICTURES.get(mark) or mark.encode("unicode_escape").decode()
