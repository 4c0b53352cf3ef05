"""Translates X12 to canonical JSON, and back."""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Annotated, Literal

import typer

from edi_gateway.cli._commands import new
from edi_gateway.cli._files import opened
from edi_gateway.cli._options import Directory
from edi_gateway.cli._output import say
from edi_gateway.cli._rules import known_partner, rules
from edi_gateway.issues import GatewayError, command
from edi_gateway.reports.composing import compose
from edi_gateway.reports.rules import Rules
from edi_gateway.reports.translation import Remark
from edi_gateway.reports.translation import translate as read_documents

SPOOL_BYTES_MAX = 8 << 20
"""More of one interchange waits on disk until its trailer has come."""

_CODES = {"none": 0, "fault": 1, "undone": 2}

app = new()


@app.command(
    epilog="Example: edi-gateway translate orders.edi > orders.jsonl && edi-gateway translate --to x12 orders.jsonl"
)
def translate(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Files; - reads standard input.")],
    to: Annotated[Literal["json", "x12"], typer.Option("--to", help="What to print.")] = "json",
    partner: Annotated[
        str | None,
        typer.Option("--partner", metavar="NAME", help="With --to x12: write as this partner wants it."),
    ] = None,
    directory: Directory = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Prints JSON, as it does without being asked.")] = False,
) -> int:
    """Prints the documents of X12 files as JSON, one a line; with --to x12 takes such lines back.

    Rejected sets and acknowledgments are left out, with a line on standard error. Lines that follow each
    other under the same control numbers become one interchange. The exit code is 0 without an error, 1 if a
    document has one, 2 if something could not be done.
    """
    if partner is not None and to != "x12":
        raise typer.BadParameter("goes with --to x12 only", param_hint="--partner")
    if as_json and to != "json":
        raise typer.BadParameter("does not go with --to x12", param_hint="--json")
    house_rules = rules(directory)
    folder = None if partner is None else known_partner(house_rules, partner)
    codes = [0]
    for name in files:
        try:
            with opened(name) as chunks:
                codes += (
                    _to_x12(name, chunks, house_rules, folder) if to == "x12"
                    else _to_json(name, chunks, house_rules)
                )
        except GatewayError as error:
            say(error)
            codes.append(2)
    return max(codes)


def _to_json(name: str, chunks: Iterable[bytes], house_rules: Rules) -> Iterator[int]:
    with SpooledTemporaryFile(SPOOL_BYTES_MAX) as spool:
        for told in read_documents(chunks, house_rules, spool):
            if isinstance(told, Remark):
                say(f"{name}: {told.note}")
                yield _CODES[told.weight]
            else:
                sys.stdout.write(told.decode())


def _lines(name: str, chunks: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    """The file's lines, each with where it stands."""
    for number, line in enumerate(_split(chunks), 1):
        where = f"{name} line {number}"
        try:
            yield where, line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise command.LINE_FAULTY.error(f"{where}: byte {error.start} is not UTF-8") from error


def _split(chunks: Iterable[bytes]) -> Iterator[bytes]:
    begun: list[bytes] = []
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        begun.append(first)
        for line in others:
            yield b"".join(begun)
            begun = [line]
    yield b"".join(begun)


def _to_x12(name: str, chunks: Iterable[bytes], house_rules: Rules, partner: str | None) -> Iterator[int]:
    for written in compose(_lines(name, chunks), house_rules, partner, datetime.now(UTC)):
        for fault in written.faults:
            say(fault)
            yield 1
        for remark in written.remarks:
            say(remark)
        if written.content is not None:
            sys.stdout.flush()
            sys.stdout.buffer.write(written.content)
