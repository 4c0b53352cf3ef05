"""Imports price lists; `prices import` takes a CSV file."""

import csv
import io
from pathlib import Path
from typing import Annotated

import typer

from edi_gateway import wiring
from edi_gateway.cli._commands import new
from edi_gateway.cli._files import content
from edi_gateway.cli._options import AsJson, Directory
from edi_gateway.cli._output import print_json, printable
from edi_gateway.flows import prices as flow
from edi_gateway.issues import command

app = new(no_args_is_help=True)


@app.callback(epilog="Example: edi-gateway prices import spring.csv --list wholesale")
def prices() -> None:
    """Keeps the price lists that orders are compared with."""


@app.command("import", epilog="Example: edi-gateway prices import spring.csv --list wholesale")
def load(
    file: Annotated[str, typer.Argument(metavar="FILE.csv", help="The table; - reads standard input.")],
    price_list: Annotated[str, typer.Option("--list", metavar="NAME", help="The price list to add to or change.")],
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Adds the prices of a CSV file to a list, or changes those it has; the whole file or nothing.

    The first row names the columns product_kind (such as upc), product_id, price and currency.
    """
    rows = _rows(file)
    with wiring.open_house(directory) as house:
        try:
            count = flow.load(house, price_list, rows)
        except csv.Error as error:
            raise command.TABLE_FAULTY.error(f"{file}, line {rows.line_num}: {error}") from error
    if as_json:
        print_json({"list": price_list, "prices": count})
    else:
        print(printable(f"Price list {price_list}: {count} prices added or changed."))


def _rows(file: str) -> "csv.DictReader[str]":
    try:
        text = content(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise command.TABLE_FAULTY.error(f"{file}: byte {error.start} is not UTF-8") from error
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        missing = [column for column in flow.COLUMNS if column not in (rows.fieldnames or ())]
    except csv.Error as error:
        raise command.TABLE_FAULTY.error(f"{file}: {error}") from error
    if missing:
        raise command.TABLE_FAULTY.error(f"{file} lacks the columns {', '.join(missing)}")
    return rows
