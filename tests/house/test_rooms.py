"""The rooms: who may import whom, and who may have side effects."""

import ast
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from edi_gateway import discover
from tests.house.sources import sources

PURE = {"discover", "issues", "x12", "model", "mapping", "ledger", "ports"}
PACKAGE = Path(__file__).resolve().parent.parent.parent / "edi_gateway"
SHELVES = [
    shelf for shelf in ("transports", "queues", "notices", "payments", "ledger.postings", "mapping.verbs", "exports")
    if (PACKAGE / shelf.replace(".", "/") / "__init__.py").is_file()
]


def test_the_import_contracts_hold(root: Path) -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    said = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize("shelf", SHELVES)
def test_members_of_a_shelf_do_not_import_each_other(shelf: str) -> None:
    package = f"edi_gateway.{shelf}"
    graph = grimp.build_graph("edi_gateway", cache_dir=None)
    members = {f"{package}.{name}" for name in discover.names(package)} & graph.modules
    known = {member: graph.find_modules_directly_imported_by(member) & members for member in members}
    assert {member: others for member, others in known.items() if others} == {}


def test_pure_rooms_never_open_print_or_ask_the_time() -> None:
    calls = [
        f"{source.path}:{node.lineno}"
        for source in sources() if source.room in PURE
        for node in ast.walk(source.tree) if isinstance(node, ast.Call) and _acts(node.func)
    ]
    assert calls == []


def _acts(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in {"open", "print", "input", "breakpoint"}
    return isinstance(function, ast.Attribute) and function.attr in {"now", "utcnow", "today"}
