"""The work of `validate`, and its arguments where they are plain.

What parses arguments of every form takes longer to import than a small file takes to be judged.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from edi_gateway.cli._account import Account
from edi_gateway.cli._files import opened
from edi_gateway.cli._output import say
from edi_gateway.cli._rules import known_partner, rules
from edi_gateway.issues import GatewayError
from edi_gateway.reports.validation import write_json


def plainly(arguments: Sequence[str]) -> int | None:
    """The exit code where the arguments are files, `--json`, `--dir DIR` and `--partner NAME`.

    None, and nothing done, for any others.
    """
    files: list[str] = []
    named: dict[str, str] = {}
    as_json = False
    onward = iter(arguments)
    for argument in onward:
        if argument == "--json":
            as_json = True
        elif argument in ("--dir", "--partner") and (name := next(onward, "-"))[:1] != "-":
            named[argument] = name
        elif argument[:1] == "-" != argument:
            return None
        else:
            files.append(argument)
    return judge(files, Path(named.get("--dir", "")), as_json, named.get("--partner")) if files else None


def judge(files: Sequence[str], directory: Path, as_json: bool, partner: str | None) -> int:
    """Prints what is wrong with each file. Returns 0 without an error, 1 with one, 2 if a file could not be read."""
    house_rules = rules(directory)
    if partner is not None:
        house_rules = replace(house_rules, everyone=known_partner(house_rules, partner))
    codes = [0]
    for name in files:
        try:
            with opened(name) as chunks:
                account = Account(name, chunks, house_rules)
                clean = write_json(name, chunks, house_rules, sys.stdout) if as_json else account.print()
                codes.append(0 if clean else 1)
        except GatewayError as error:
            say(error)
            codes.append(2)
    return max(codes)
