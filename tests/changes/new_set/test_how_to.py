"""The page that tells how to add a set writes the files of the change beside this file, and leaves no row untold."""

from pathlib import Path

from tests.docs.pages import File, steps

OVERLAY = Path(__file__).parent / "overlay"


def test_what_the_page_shows_is_what_was_tested(root: Path) -> None:
    for path, text in _shown(root).items():
        assert (OVERLAY / path).read_text(encoding="utf-8") == text, path


def test_the_page_leaves_no_row_and_no_line_of_code_untold(root: Path) -> None:
    files = {file.relative_to(OVERLAY).as_posix() for file in OVERLAY.rglob("*") if file.suffix in {".toml", ".py"}}
    assert {file for file in files if not file.startswith("tests/")} <= set(_shown(root))


def _shown(root: Path) -> dict[str, str]:
    page = root / "docs" / "how-to" / "add-a-set.md"
    return {step.path: step.content for step in steps(page) if isinstance(step, File) and not step.added}
