"""The program as a person uses it: arguments in; exit code, output and errors out."""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from edi_gateway.cli import obey
from edi_gateway.flows import collecting, delivering, working
from edi_gateway.wiring import open_house
from tests.flows.stage import CONFIGURATION, envelope, order

PRICES = b"product_kind,product_id,price,currency\nupc,700000000001,4.5,USD\nupc,700000000002,4.5,USD\n"


@dataclass(frozen=True)
class Said:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[Any]:
        """The output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


def run(*arguments: object, given: bytes = b"") -> Said:
    """Runs the program in this process; `given` stands on its standard input."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    stdin = io.TextIOWrapper(io.BytesIO(given), encoding="utf-8")
    with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "stdin", stdin):
        code = obey([str(argument) for argument in arguments])
    for stream in (out, err):
        stream.seek(0)
    return Said(code, out.read(), err.read())


def house(folder: Path) -> Path:
    """A new house with one channel, acme, whose mailbox is two folders beside it."""
    assert run("init", folder).code == 0
    for name in ("mailbox/out", "mailbox/in"):
        (folder / name).mkdir(parents=True)
    with (folder / "gateway.toml").open("a", encoding="utf-8") as file:
        file.write(CONFIGURATION)
    return folder


def add_acme(folder: Path, *more: object) -> Said:
    """Makes the partner acme known, as `tests.flows.stage` does."""
    return run(
        "partner", "add", "acme", "--ours", "ZZ:SELLER", "--theirs", "ZZ:ACME", "--channel", "acme",
        "--partnership", "acme-books", "--price-list", "list", "--currency", "USD", "--dir", folder, *more,
    )


def turn(house: Path, *files: tuple[str, str]) -> None:
    """The partner drops files, and one round is made."""
    for name, content in files:
        (house / "mailbox/out" / name).write_text(content, encoding="utf-8")
    with open_house(house) as opened:
        collecting.collect(opened, "acme")
        working.work(opened)
        delivering.deliver(opened, "acme")


def trade(house: Path) -> Path:
    """The house with the partner acme and prices, one order accepted and one held for its price."""
    add_acme(house)
    run("prices", "import", "-", "--list", "list", "--dir", house, given=PRICES)
    turn(house, ("good.edi", envelope(order("PO-1"))), ("dear.edi", envelope(order("PO-2", price="9"), icn=2, group=2)))
    return house
