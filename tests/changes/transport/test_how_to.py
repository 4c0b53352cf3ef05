"""The page that tells how to add a transport says what the change beside this file does."""

import re
import tomllib
from pathlib import Path

from edi_gateway.issues import exchange
from edi_gateway.transports import _names
from edi_gateway.transports._faults import Faults

OVERLAY = Path(__file__).parent / "overlay"


def test_the_page_names_the_files_of_the_change(root: Path) -> None:
    named = re.findall(r"^\| `([^`]+)` \|", _page(root), re.MULTILINE)
    files = (path.relative_to(OVERLAY).as_posix() for path in OVERLAY.rglob("*.py"))
    assert sorted(named) == sorted(files)


def test_the_code_on_the_page_is_the_code_of_the_change(root: Path) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in OVERLAY.rglob("*.py"))
    blocks = re.findall(r"```python\n(.*?)```", _page(root), re.DOTALL)
    assert len(blocks) >= 4
    assert [block for block in blocks if block not in code] == []


def test_the_channel_on_the_page_is_the_channel_of_the_change(root: Path) -> None:
    [block] = re.findall(r"```toml\n(.*?)```", _page(root), re.DOTALL)
    assert tomllib.loads(block)["channels"]["acme"]["transport"] == "sqlite_file"
    [test] = OVERLAY.rglob("test_*.py")
    assert block.rstrip() in test.read_text(encoding="utf-8")


def test_what_the_page_points_to_is_there(root: Path) -> None:
    for path in re.findall(r"`((?:edi_gateway|tests)/[\w/.]+)`", _page(root)):
        assert (root / path).exists() or (OVERLAY / path).exists(), path
    for owner, name in re.findall(r"`(_names|Faults)\.(\w+)", _page(root)):
        assert hasattr({"_names": _names, "Faults": Faults}[owner], name), name
    for name in re.findall(r"exchange\.([A-Z_]+)", _page(root)):
        assert hasattr(exchange, name), name


def _page(root: Path) -> str:
    return (root / "docs" / "how-to" / "add-a-transport.md").read_text(encoding="utf-8")
