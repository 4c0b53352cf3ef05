"""Translates X12 to canonical JSON or to XML, and back."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from itertools import chain
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
from edi_gateway.reports.xml_reading import from_xml, is_xml
from edi_gateway.reports.xml_view import HEAD, TAIL, to_xml

SPOOL_BYTES_MAX = 8 << 20
"""More of one interchange waits on disk until its trailer has come."""

_PEEKED_BYTES = 4
_CODES = {"none": 0, "fault": 1, "undone": 2}

app = new()


@app.command(
    epilog="Example: edi-gateway translate orders.edi > orders.jsonl && edi-gateway translate --to x12 orders.jsonl"
)
def translate(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Files; - reads standard input.")],
    to: Annotated[Literal["json", "xml", "x12"], typer.Option("--to", help="What to print.")] = "json",
    partner: Annotated[
        str | None,
        typer.Option("--partner", metavar="NAME", help="With --to x12: write documents as this partner wants them."),
    ] = None,
    directory: Directory = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Prints JSON, as it does without being asked.")] = False,
) -> int:
    """Prints the documents of X12 files as JSON, one a line, or the files as XML; --to x12 takes either back.

    JSON tells what documents say. Rejected sets and acknowledgments are left out, with a line on standard error.
    Lines that follow each other under the same control numbers become one interchange.

    XML tells every interchange, group, set, loop, segment, element and component, with the separators, so that the
    way back gives the same bytes. Rejected sets stand there without loops. Only lines that were broken at a width come
    back unbroken, and what belongs to no interchange is left out, both with a line on standard error.

    The exit code is 0 without an error, 1 if a document has one, 2 if something could not be done.
    """
    if partner is not None and to != "x12":
        raise typer.BadParameter("goes with --to x12 only", param_hint="--partner")
    if as_json and to != "json":
        raise typer.BadParameter(f"does not go with --to {to}", param_hint="--json")
    house_rules = rules(directory)
    folder = None if partner is None else known_partner(house_rules, partner)
    codes = [0]
    with _root() if to == "xml" else nullcontext():
        for name in files:
            try:
                with opened(name) as chunks:
                    codes += _ways(to, name, chunks, house_rules, folder)
            except GatewayError as error:
                say(error)
                codes.append(2)
    return max(codes)


def _ways(to: str, name: str, chunks: Iterator[bytes], house_rules: Rules, partner: str | None) -> Iterator[int]:
    if to == "json":
        return _to_json(name, chunks, house_rules)
    if to == "xml":
        return _to_xml(name, chunks, house_rules)
    beginning, chunks = _peeked(chunks)
    return _from_xml(chunks, partner) if is_xml(beginning) else _to_x12(name, chunks, house_rules, partner)


@contextmanager
def _root() -> Iterator[None]:
    """The interchanges of all files stand in one document, whatever becomes of a file."""
    _print(HEAD)
    try:
        yield
    finally:
        _print(TAIL)


def _to_xml(name: str, chunks: Iterable[bytes], house_rules: Rules) -> Iterator[int]:
    for told in to_xml(chunks, house_rules):
        if isinstance(told, Remark):
            say(f"{name}: {told.note}")
            yield _CODES[told.weight]
        else:
            sys.stdout.buffer.write(told)


def _from_xml(chunks: Iterable[bytes], partner: str | None) -> Iterator[int]:
    if partner is not None:
        raise typer.BadParameter("does not go with XML, which tells itself how it is written", param_hint="--partner")
    with SpooledTemporaryFile(SPOOL_BYTES_MAX) as spool:
        for content in from_xml(chunks, spool):
            _print(content)
    yield 0


def _peeked(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """How a file begins, and the whole of it."""
    beginning = b""
    for chunk in chunks:
        beginning += chunk
        if len(beginning.lstrip()) >= _PEEKED_BYTES or len(beginning) > SPOOL_BYTES_MAX:
            break
    return beginning, chain([beginning], chunks)


def _print(content: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(content)


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
            _print(written.content)
