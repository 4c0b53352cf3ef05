"""The facts of the standard, where they lie beside the project.

Their folder is named by the environment variable `EDI_FACTS`, `../shared/x12` unless set.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

FACTS = Path(os.environ.get("EDI_FACTS", Path(__file__).parents[3] / "shared" / "x12"))

needed = pytest.mark.skipif(not FACTS.is_dir(), reason=f"the facts of the standard are not at {FACTS} (EDI_FACTS)")


def facts(name: str) -> Any:
    return json.loads((FACTS / name).read_text())


def sets() -> dict[str, set[str]]:
    """The sets that the facts have, by version."""
    return {folder.parent.name: {file.stem for file in folder.glob("*.json")} for folder in FACTS.glob("*/sets")}
