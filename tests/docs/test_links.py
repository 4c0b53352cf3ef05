"""The pages' links lead somewhere."""

import re
from pathlib import Path

from tests.docs.reader import ROOT

FOLDERS = ("docs", "specs", "mappings", "fixtures")
_LINK = re.compile(r"\]\((?!\w+:|#)(?P<path>[^)#\s]+)")


def test_every_link_to_a_file_of_ours_leads_to_it() -> None:
    pages = [*ROOT.glob("*.md"), *(page for folder in FOLDERS for page in (ROOT / folder).rglob("*.md"))]
    broken = [
        f"{page.relative_to(ROOT)}: {path}"
        for page in pages for path in _LINK.findall(_told(page)) if not (page.parent / path).exists()
    ]
    assert pages
    assert broken == []


def _told(page: Path) -> str:
    """The page without its fenced blocks and its code."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", text)
