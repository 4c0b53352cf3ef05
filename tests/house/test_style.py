"""The style card, as far as a machine can hold it."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import ROOT, Source, prose, sources

PROTOCOL = {"997"}
LATER = {"820", "824", "860", "864", "865"}
SETS = {folder.name for folder in (ROOT / "specs").iterdir() if folder.name.isdigit()} | LATER
BUSINESS_SETS = re.compile(rf"(?<!\d)({'|'.join(sorted(SETS - PROTOCOL))})(?!\d)")
EMPTY_WORDS = re.compile(r"(?i)^_*(utils?|helpers?|common|misc|base|managers?|handlers?|services?)$")
EMPTY_ENDINGS = re.compile(r"(Manager|Handler|Service|Base|Util|Utils|Helper)$")


def test_no_code_knows_a_business_set() -> None:
    found = [
        f"{source.path}:{node.lineno}: {node.value!r}"
        for source in sources() if source.room != "demo"
        for node in _constants(source) if BUSINESS_SETS.search(str(node.value))
    ]
    assert found == []


def test_every_module_opens_with_one_sentence() -> None:
    assert [source.path for source in sources() if not _opens_well(source)] == []


def test_no_module_is_longer_than_400_lines() -> None:
    assert [source.path for source in sources() if source.text.count("\n") > 400] == []


def test_no_function_is_as_long_as_70_lines() -> None:
    long = [
        f"{source.path}:{function.lineno} {function.name}"
        for source in sources() for function in source.functions()
        if (function.end_lineno or 0) - function.lineno + 1 >= 70
    ]
    assert long == []


def test_names_say_something() -> None:
    modules = [source.path for source in sources() if EMPTY_WORDS.match(Path(source.path).stem)]
    classes = [
        f"{source.path}: {node.name}"
        for source in sources() for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and EMPTY_ENDINGS.search(node.name)
    ]
    assert modules + classes == []


def test_nothing_names_a_path_of_one_machine(root: Path) -> None:
    place = re.compile(r"(?<![\w.])/(work|root|home)/\w")
    files = _ours(root)
    found = [
        f"{file}:{number}"
        for file in files if (text := _text(root / file)) is not None
        for number, line in enumerate(text.splitlines(), 1) if place.search(line)
    ]
    assert found == []


def _constants(source: Source) -> Iterator[ast.Constant]:
    told = prose(source.tree)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int) and node not in told:
            yield node


def _opens_well(source: Source) -> bool:
    first = (ast.get_docstring(source.tree) or "").partition("\n")[0]
    return first.endswith((".", ":", "?")) and source.text.startswith('"""')


def _ours(root: Path) -> list[str]:
    """The files that git knows or would add; in a copy without git, all but the hidden ones."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return listed.stdout.splitlines()
    return [str(file.relative_to(root)) for file in root.rglob("*") if file.is_file() and "/." not in str(file)]


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
