"""The work of `validate`, and its arguments where they are plain.

What parses arguments of every form takes longer to import than a small file takes to be judged.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from edi_gateway.cli._account import Account
from edi_gateway.cli._files import opened
from edi_gateway.cli._output import say
from edi_gateway.cli._rules import rules
from edi_gateway.issues import GatewayError
from edi_gateway.reports.validation import write_json


def plainly(arguments: Sequence[str]) -> int | None:
    """The exit code where the arguments are files, `--json` and `--dir DIR`; None, and nothing done, for any others."""
    files: list[str] = []
    directory, as_json = Path(), False
    onward = iter(arguments)
    for argument in onward:
        if argument == "--json":
            as_json = True
        elif argument == "--dir" and (named := next(onward, "-"))[:1] != "-":
            directory = Path(named)
        elif argument[:1] == "-" != argument:
            return None
        else:
            files.append(argument)
    return judge(files, directory, as_json) if files else None


def judge(files: Sequence[str], directory: Path, as_json: bool) -> int:
    """Prints what is wrong with each file. Returns 0 without an error, 1 with one, 2 if a file could not be read."""
    house_rules = rules(directory)
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
