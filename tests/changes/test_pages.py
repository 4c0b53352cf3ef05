"""A page of `docs/how-to/` shows the files of its change test as they stand there."""

import re
from pathlib import Path

import pytest

CHANGES = Path(__file__).parent
SHOWN = re.compile(r"^`(?P<path>[^`\n]+)`:\n\n```\w*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("page", "change"), [("add-a-partner.md", "new_partner")])
def test_what_a_page_shows_is_what_was_tested(root: Path, page: str, change: str) -> None:
    shown = SHOWN.findall((root / "docs" / "how-to" / page).read_text(encoding="utf-8"))
    assert len(shown) > 2
    for path, text in shown:
        assert (CHANGES / change / "overlay" / path).read_text(encoding="utf-8") == text
