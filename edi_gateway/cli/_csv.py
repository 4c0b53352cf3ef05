"""Tables that people hand over as CSV: every cell is text."""

import csv
import io
from collections.abc import Iterator, Sequence

from edi_gateway.cli._files import content
from edi_gateway.issues import command


def table(file: str, columns: Sequence[str]) -> Iterator[dict[str, str | None]]:
    """The rows of a table with these columns; comma, semicolon or tab between cells.

    Raises `GatewayError` (`command.table-faulty`), and what reading the file raises.
    """
    try:
        text = content(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise command.TABLE_FAULTY.error(f"{file}: byte {error.start} is not UTF-8") from error
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        missing = [column for column in columns if column not in (rows.fieldnames or ())]
        if missing:
            raise command.TABLE_FAULTY.error(f"{file} lacks the columns {', '.join(missing)}")
        yield from rows
    except csv.Error as error:
        raise command.TABLE_FAULTY.error(f"{file}, line {rows.line_num}: {error}") from error
