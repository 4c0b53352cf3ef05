"""A file's outline in the terminal: as wide as that is and in colour, plain and unbroken anywhere else."""

import sys
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from edi_gateway.cli._output import counted, printable
from edi_gateway.cli._tables import console
from edi_gateway.issues import Finding
from edi_gateway.reports.drawing import Line, Tally
from edi_gateway.reports.spoken import Value

Span = tuple[str, str]
"""Some text and its style."""

_GUTTER = 6
"""The width of the segment's number in its set, with a blank behind it."""
_WIDTH_MIN = 36
_SEVERITIES = {"error": "bold red", "warning": "bold yellow", "repair": "bold cyan"}
_OUTCOMES = {"accepted": "green", "accepted with errors": "yellow", "rejected": "bold red"}
_INDENT = "  "


class Drawn:
    """Prints the outline line by line; `long` gives each value a line of its own."""

    def __init__(self, long: bool) -> None:
        self._long = long
        self._out: Console | None = console() if sys.stdout.isatty() else None

    def print(self, name: str, lines: Iterable[Line]) -> Tally:
        """Prints all of a file and a closing line; returns what there was."""
        tally = Tally()
        for line in tally.counting(lines):
            self._put(_number(line), line.depth, _head(line, self._long), _hang(line))
            if self._long and line.level == "segment":
                for value in line.values:
                    self._put("", line.depth + 2, _row(value), 0)
            for finding in line.findings:
                self._find(line, finding)
        self._put("", 0, _closing(name, tally), 0, gutter=0)
        return tally

    def _find(self, line: Line, finding: Finding) -> None:
        place = "" if line.level in ("segment", "missing") or finding.offset is None else f" (byte {finding.offset})"
        depth = line.depth + (line.level != "remark")
        mark = (f"{finding.severity:<8}", _SEVERITIES[finding.severity])
        self._put("", depth, [mark, (f" {finding.note}{place}", "")], 9)
        self._put("", depth, [(f"{'':<8} → {finding.remedy}", "dim")], 11)

    def _put(self, number: str, depth: int, spans: Iterable[Span], hang: int, gutter: int = _GUTTER) -> None:
        parts = [(text if text.isprintable() else printable(text), style) for text, style in spans]
        if not any(text for text, _ in parts):
            return
        if self._out is None:
            start = f"{number:>{gutter - 1}} " if gutter else ""
            sys.stdout.write(f"{start}{_INDENT * depth}{''.join(text for text, _ in parts)}".rstrip() + "\n")
            return
        indent = min(len(_INDENT) * depth, max(self._out.width - gutter - _WIDTH_MIN, 0))
        _print(self._out, f"{number:>{gutter - 1}} " if gutter else "", indent, Text.assemble(*parts), hang)


def _print(out: Console, number: str, indent: int, text: Text, hang: int) -> None:
    """The text in lines of the terminal's width, those behind the first further in."""
    room = max(out.width - len(number) - indent, 10)
    hang = min(hang, room // 2)
    first = text.wrap(out, room)[0]
    out.print(Text.assemble((number, "dim"), " " * indent, first), no_wrap=True, crop=True)
    rest = text[len(first):]
    rest = rest[len(rest) - len(rest.plain.lstrip()):]
    for line in rest.wrap(out, room - hang) if rest else ():
        out.print(Text.assemble(" " * (len(number) + indent + hang), line), no_wrap=True, crop=True)


def _number(line: Line) -> str:
    return "" if line.position is None else str(line.position)


def _hang(line: Line) -> int:
    """How far the lines that follow stand in: behind the segment's id."""
    return 5 if line.level in ("segment", "missing") else 2


def _head(line: Line, long: bool) -> list[Span]:
    if line.level == "segment":
        head = [(f"{line.id:<4}", "bold"), (f" {line.name}", "cyan")]
        return head if long or not line.values else [*head, ("  ", ""), *_values(line.values)]
    if line.level == "missing":
        return [(f"{line.id:<4}", "bold red"), (f" {line.name}" if line.name else "", "cyan"), ("  is missing", "red")]
    if line.level == "remark":
        return []
    title = f"{line.id} {line.name}" if line.level == "set" else f"{line.name} {line.id}"
    outcome = line.outcome.replace("_", " ")
    ending: list[Span] = [("  ", ""), (outcome, _OUTCOMES.get(outcome, ""))] if outcome else []
    return [(title, "bold"), ("  ", ""), *_facts(line.values), *ending]


def _values(values: Iterable[Value]) -> Iterator[Span]:
    for number, value in enumerate(values):
        yield (" · " if number else "", "dim")
        yield (f"{value.name or value.at}: ", "dim")
        yield from _said(value)


def _facts(values: Iterable[Value]) -> Iterator[Span]:
    """Those of an envelope, whose names are words of a sentence."""
    for number, value in enumerate(values):
        yield (" · " if number else "", "dim")
        yield (f"{value.name} " if value.name else "", "dim")
        yield from _said(value)


def _said(value: Value) -> Iterator[Span]:
    style = _SEVERITIES.get(value.severity, "")
    yield (value.text or "missing", style)
    if value.meaning:
        yield (f" ({value.meaning})", "green")


def _row(value: Value) -> list[Span]:
    return [(f"{value.at:<9} ", "dim"), (f"{value.name:<28} ", "dim"), *_said(value)]


def _closing(name: str, tally: Tally) -> list[Span]:
    facts = [counted(tally.levels["interchange"], "interchange"), counted(tally.levels["set"], "set")]
    facts += [counted(tally.severities[severity], severity) for severity in _SEVERITIES if tally.severities[severity]]
    return [(f"{name}: ", ""), (tally.ending, _OUTCOMES[tally.ending]), (f", {', '.join(facts)}", "")]
