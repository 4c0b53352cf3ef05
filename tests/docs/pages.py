"""Pages for readers as the steps they tell: files to write and commands to give."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(?P<language>\w*)\s*\n(?P<body>.*?)^```\s*$", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r"`(?P<path>[^`]+)`(?P<added>, at its end)?:")
_TYPED = re.compile(r".*<<'(?P<end>\w+)'(?:\n.*)*?\n(?P=end)$|(?:.*\\\n)*.*", re.MULTILINE)
_EXIT_CODE = re.compile(r"# exit code (\d+)$")


@dataclass(frozen=True)
class File:
    """What the reader puts into a file, or at its end."""

    path: str
    content: str
    added: bool


@dataclass(frozen=True)
class Command:
    """What the reader types, and what should come of it; no lines where the page shows none."""

    text: str
    shown: tuple[str, ...]
    code: int
    line: int


def steps(page: Path) -> Iterator[File | Command]:
    """The steps of a page from top to bottom."""
    text = page.read_text(encoding="utf-8")
    for fence in _FENCE.finditer(text):
        if fence["language"] == "console":
            yield from _commands(fence["body"], text.count("\n", 0, fence.start("body")) + 1)
        elif title := _TITLE.fullmatch(text[:fence.start()].rstrip().rpartition("\n")[2]):
            yield File(title["path"], fence["body"], title["added"] is not None)


def agrees(shown: tuple[str, ...], printed: str) -> bool:
    """Whether that was printed: an ellipsis stands for anything, a line of its own for any lines.

    Any number of blanks is one; blanks at the ends of a line, and blank lines, do not count.
    """
    pattern = "".join("(?:.*\n)*?" if line == "…" else _line(line) for line in _tight(shown))
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in _tight(printed.splitlines()))) is not None


def _commands(body: str, first_line: int) -> Iterator[Command]:
    for block in re.finditer(r"^\$ (?P<typed>.*(?:\n(?!\$ ).*)*)", body, re.MULTILINE):
        typed = _TYPED.match(block["typed"])
        assert typed
        code = _EXIT_CODE.search(typed[0])
        shown = block["typed"][typed.end():].strip("\n")
        line = first_line + body.count("\n", 0, block.start())
        yield Command(typed[0], tuple(shown.splitlines()), int(code[1]) if code else 0, line)


def _line(shown: str) -> str:
    return ".*".join(re.escape(part) for part in shown.split("…")) + "\n"


def _tight(lines: Sequence[str]) -> list[str]:
    return [tight for line in lines if (tight := " ".join(line.split()))]
