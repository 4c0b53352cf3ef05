"""Every change that stands beside this file as `<change>/overlay/` needs new files only, and works.

An overlay is a tree as it would be added to the project's top folder. Its own tests lie in it under
`tests/` and use the public commands: `[sys.executable, "-m", "edi_gateway", ...]`. To add a change test
is to add a folder.
"""

from pathlib import Path

import pytest

from tests.changes.overlay import OverwritesError, lay, run

CHANGES = sorted(Path(__file__).parent.glob("*/overlay"))


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.parent.name)
def test_a_change_is_new_files_only_and_works(change: Path, tmp_path: Path) -> None:
    files = lay(change, tmp_path / "copy")
    tests = [file for file in files if Path(file).name.startswith("test_") and file.endswith(".py")]
    assert tests, "a change without a test of its own proves nothing"
    ran = run(tmp_path / "copy", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.parent.name)
def test_a_change_keeps_the_rules_of_the_house(change: Path, tmp_path: Path) -> None:
    lay(change, tmp_path / "copy")
    rules = ("tests/house/test_rooms.py", "tests/house/test_style.py", "tests/fixtures/test_fixtures.py")
    ran = run(tmp_path / "copy", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *rules)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_change_that_would_overwrite_a_file_is_refused(tmp_path: Path) -> None:
    change = tmp_path / "overlay"
    (change / "specs").mkdir(parents=True)
    (change / "specs" / "new.toml").write_text("")
    (change / "specs" / "README.md").write_text("")
    with pytest.raises(OverwritesError, match=r"specs/README\.md"):
        lay(change, tmp_path / "copy")
    assert not (tmp_path / "copy" / "specs" / "new.toml").exists()


def test_the_copy_is_what_runs(tmp_path: Path) -> None:
    change = tmp_path / "overlay"
    (change / "edi_gateway" / "issues").mkdir(parents=True)
    (change / "edi_gateway" / "issues" / "novelty.py").write_text('"""Troubles with what is new."""\n')
    lay(change, tmp_path / "copy")
    code = "from edi_gateway import discover; print(discover.names('edi_gateway.issues'))"
    assert "'novelty'" in run(tmp_path / "copy", "-c", code).stdout
