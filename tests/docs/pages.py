"""Pages for readers as the steps they tell: files to write and commands to give."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(?P<language>\w*)\s*\n(?P<body>.*?)^```\s*$", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r"\*\*`(?P<path>[^`]+)`\*\*(?P<added>, at its end)?:?")
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
    """Whether that was printed: an ellipsis stands for anything, a line of its own for any lines; blanks count once."""
    pattern = "".join("(?:.*\n)*?" if line == "…" else _line(line) for line in map(_tight, shown))
    lines = (_tight(line) for line in printed.strip("\n").splitlines())
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in lines)) is not None


def _commands(body: str, first_line: int) -> Iterator[Command]:
    lines = body.splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        last = next(at for at in range(start, end) if not lines[at].endswith("\\"))
        text = "\n".join(lines[start:last + 1]).removeprefix("$ ")
        code = _EXIT_CODE.search(text)
        shown = "\n".join(lines[last + 1:end]).strip("\n")
        yield Command(text, tuple(shown.splitlines()), int(code[1]) if code else 0, first_line + start)


def _line(shown: str) -> str:
    return ".*".join(re.escape(part) for part in shown.split("…")) + "\n"


def _tight(line: str) -> str:
    return re.sub(r"\s+", " ", line).rstrip()
