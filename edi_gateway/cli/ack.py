"""Prints the acknowledgments that files would get; no number is taken for them."""

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from edi_gateway.cli._commands import new
from edi_gateway.cli._files import opened
from edi_gateway.cli._options import AsJson, Directory
from edi_gateway.cli._output import say
from edi_gateway.cli._rules import known_partner, rules
from edi_gateway.issues import GatewayError
from edi_gateway.reports.answering import Answer, Answering
from edi_gateway.x12 import envelope

app = new()


@app.command(epilog="Example: edi-gateway ack orders.edi > acknowledgments.edi")
def ack(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="X12 files; - reads standard input.")],
    ta1: Annotated[bool, typer.Option("--ta1", help="Answers every interchange with a TA1 as well.")] = False,
    partner: Annotated[
        str | None, typer.Option("--partner", metavar="NAME", help="Answers everything by this partner's rules.")
    ] = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> int:
    """Prints the answers to files as X12: a 997 for each group, and a TA1 where one is agreed or asked for.

    In the folder of a gateway they are what it would send, but for their control numbers: those are counted
    from 1, and none is taken from the ledger. Acknowledgments get no answer, and of an interchange that is
    refused no group does. The exit code is 0 without an error in the files, 1 with one, 2 if a file could not
    be read or an answer not be written.
    """
    house_rules = rules(directory)
    if partner is not None:
        house_rules = replace(house_rules, everyone=known_partner(house_rules, partner))
    answering, codes, written = Answering(house_rules.guides, datetime.now(UTC), ta1), [0], 0
    for name in files:
        try:
            with opened(name) as chunks:
                reading = envelope.read(chunks)
                for interchange in house_rules.read(reading):
                    for answer in answering.answers(interchange):
                        written += isinstance(answer, bytes)
                        codes.append(_print(name, answer, as_json))
            for finding in reading.findings:
                if finding.severity == "error":
                    say(f"{name}: {finding.note}; nobody can be told")
                    codes.append(1)
        except GatewayError as error:
            say(error)
            codes.append(2)
    if written:
        say("The control numbers are counted from 1 for this print: none was taken from a ledger. Do not send it.")
    return max(*codes, int(answering.errors))


def _print(name: str, answer: Answer, as_json: bool) -> int:
    if isinstance(answer, bytes) and as_json:
        print(json.dumps({"file": name, "answer": answer.decode("latin-1")}))
        return 0
    if isinstance(answer, bytes):
        sys.stdout.flush()
        sys.stdout.buffer.write(answer if answer.endswith(b"\n") else answer + b"\n")
        sys.stdout.buffer.flush()
        return 0
    if isinstance(answer, GatewayError):
        say(f"{name}: an answer cannot be written: {answer.note}.")
        return 2
    say(f"{name}: {answer}.")
    return 0
