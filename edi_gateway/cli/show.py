"""Draws files as outlines, with names for segments, elements and codes, and what is wrong at its place."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from edi_gateway.cli._commands import new
from edi_gateway.cli._drawn import Drawn
from edi_gateway.cli._files import opened, write_new
from edi_gateway.cli._options import AsJson, Directory
from edi_gateway.cli._output import say
from edi_gateway.cli._rules import known_partner, rules
from edi_gateway.issues import GatewayError
from edi_gateway.reports.drawing import Line, Tally, draw
from edi_gateway.reports.page import Page
from edi_gateway.reports.rules import Rules
from edi_gateway.x12 import envelope

app = new()


@app.command(epilog="Example: edi-gateway show orders.edi --html > orders.html")
def show(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="X12 files; - reads standard input.")],
    long: Annotated[bool, typer.Option("--long", help="Prints each value on a line of its own.")] = False,
    html: Annotated[bool, typer.Option("--html", help="Prints one page for a browser instead.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="With --html: writes the page into a new file.")
    ] = None,
    partner: Annotated[
        str | None, typer.Option("--partner", metavar="NAME", help="Reads everything by this partner's rules.")
    ] = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> int:
    """Draws files as outlines: each segment with the names of its elements and codes, each finding at its place.

    Loops stand in from what they belong to, and the levels of a shipment below each other. Files are judged as
    `validate` judges them. The exit code is 0 without an error, 1 with one, 2 if a file could not be read.
    """
    if output is not None and not html:
        raise typer.BadParameter("goes with --html only", param_hint="--output")
    if long and html:
        raise typer.BadParameter("does not go with --html", param_hint="--long")
    if as_json and (long or html):
        raise typer.BadParameter("goes with neither --long nor --html", param_hint="--json")
    house_rules = rules(directory)
    if partner is not None:
        house_rules = replace(house_rules, everyone=known_partner(house_rules, partner))
    if as_json:
        return _objects(files, house_rules)
    return _page(files, house_rules, output) if html else _terminal(files, house_rules, Drawn(long))


def _terminal(files: Sequence[str], house_rules: Rules, drawn: Drawn) -> int:
    codes = [0]
    for number, name in enumerate(files):
        try:
            with opened(name) as chunks:
                sys.stdout.write("\n" if number else "")
                codes.append(1 if drawn.print(name, _lines(chunks, house_rules)).severities["error"] else 0)
        except GatewayError as error:
            say(error)
            codes.append(2)
    return max(codes)


def _objects(files: Sequence[str], house_rules: Rules) -> int:
    codes = [0]
    for name in files:
        try:
            with opened(name) as chunks:
                tally = Tally()
                for line in tally.counting(_lines(chunks, house_rules)):
                    print(json.dumps({"file": name, **line.as_json()}))
                codes.append(1 if tally.severities["error"] else 0)
        except GatewayError as error:
            say(error)
            codes.append(2)
    return max(codes)


def _page(files: Sequence[str], house_rules: Rules, output: Path | None) -> int:
    page, codes = Page(), [0]
    for name in files:
        try:
            with opened(name) as chunks:
                codes.append(1 if page.draw(name, _lines(chunks, house_rules)).severities["error"] else 0)
        except GatewayError as error:
            say(error)
            codes.append(2)
    content = page.text().encode("utf-8")
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    else:
        write_new(output, content)
    return max(codes)


def _lines(chunks: Iterable[bytes], house_rules: Rules) -> Iterator[Line]:
    reading = envelope.read(chunks)
    return draw(reading, house_rules.read(reading), house_rules.guides)
