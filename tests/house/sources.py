"""The program's own code, parsed, for the tests that read it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One module of the program."""

    path: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The room it stands in: the first name below `edi_gateway/`."""
        return self.path.split("/")[1].removesuffix(".py")

    def functions(self) -> Iterator[Function]:
        """Every function and method, inner ones too."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))


@cache
def sources() -> tuple[Source, ...]:
    """Every module of `edi_gateway/`, by path."""
    files = sorted((ROOT / "edi_gateway").rglob("*.py"))
    texts = ((file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")) for file in files)
    return tuple(Source(path, text, ast.parse(text)) for path, text in texts)


def prose(tree: ast.Module) -> set[ast.AST]:
    """The texts that are for people only: docstrings, and what goes into help."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.add(node.value)
        elif isinstance(node, ast.keyword) and node.arg in {"help", "short_help", "epilog"}:
            found.update(ast.walk(node.value))
    return found
