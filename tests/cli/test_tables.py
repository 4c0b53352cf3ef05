"""The tables, as a terminal and as a file gets them."""

import os
import pty
import subprocess
import sys

TABLE = "from edi_gateway.cli._tables import print_table; print_table(('id', 'file'), [('1', 'x' * 60), ('2', 'y')])"


def test_a_narrow_terminal_cuts_nothing_off() -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "wb") as terminal:
        subprocess.run(
            [sys.executable, "-c", TABLE], stdout=terminal, check=True, env={**os.environ, "COLUMNS": "40"}
        )
        shown = os.read(ours, 4096).decode()
    os.close(ours)
    assert shown.count("x") == 60
    assert "…" not in shown


def test_a_table_in_a_file_has_no_blanks_at_the_end_of_a_line() -> None:
    shown = subprocess.run([sys.executable, "-c", TABLE], capture_output=True, text=True, check=True).stdout
    lines = shown.splitlines()
    assert [line.rstrip() for line in lines] == lines
    assert [line.split()[1] for line in lines[2:]] == ["x" * 60, "y"]
