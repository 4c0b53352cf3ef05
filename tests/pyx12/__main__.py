"""Prints docs/pyx12-differences.md: `python -m tests.pyx12 > docs/pyx12-differences.md`."""

import sys
import tempfile
from pathlib import Path

from tests.pyx12.page import page
from tests.pyx12.trial import SETS, VERSION, Court

with tempfile.TemporaryDirectory() as folder:
    sys.stdout.write(page({set_id: Court(set_id, VERSION, Path(folder)).mutants() for set_id in SETS}))
