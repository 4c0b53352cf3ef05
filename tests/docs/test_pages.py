"""The examples of README.md and of docs/how-to/*.md are run as a reader would run them.

What a page must look like for that:

- A page begins in an empty folder, with `edi-gateway` on the path. It makes a house with `edi-gateway init .`. Those of
  `IN_PROJECT`, which add to the program, begin in a copy of the project's top folder.
- A fenced block of the language `console` holds commands, each on a line that begins with `$ `; one that ends in a
  backslash goes on in the next line, one with `<<'END'` up to a line that says so. All commands of a page go to one
  `sh`, in order. What is not to be run has another language (`sh`, `text`).
- The lines below a command are what it prints (on either stream). `…` stands for any text, on a line of its own for any
  lines; how many blanks stand between two words does not matter. Nothing below a command: it may print anything.
- A command ends with exit code 0, unless its line ends with the comment `# exit code 1`.
- Once a command has ended in `&`, commands are repeated until they print what is shown, for half a minute at most.
- A fenced block of another language right below a line that is only a path and a colon, "`mappings/850.toml`:", is a
  file, which the reader writes. With "`gateway.toml`, at its end:" it is added to what the file holds.
"""

from pathlib import Path

import pytest

from tests.docs.pages import Command, File, agrees, steps
from tests.docs.reader import ROOT, reader

PAGES = [page for page in (ROOT / "README.md", *sorted((ROOT / "docs" / "how-to").glob("*.md"))) if page.exists()]
IN_PROJECT = {"add-a-set.md"}
CHANGE = ROOT / "tests" / "changes" / "new_partner" / "overlay"
PARTNER_PAGE = ROOT / "docs" / "how-to" / "add-a-partner.md"


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_shows_is_what_happens(page: Path, tmp_path: Path) -> None:
    with reader(tmp_path, in_project=page.name in IN_PROJECT) as someone:
        for step in steps(page):
            someone.follow(step)


def test_the_partner_page_leaves_no_row_of_its_change_test_untold() -> None:
    shown = {step.path for step in steps(PARTNER_PAGE) if isinstance(step, File)}
    rows = {file.relative_to(CHANGE).as_posix() for file in (CHANGE / "mappings").rglob("*.toml")}
    assert rows <= shown


def test_a_page_is_read_as_files_and_commands(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "`rows.toml`, at its end:\n\n```toml\na = 1\n```\n\n"
        "```console\n$ ls \\\n  -l   # exit code 2\nnothing\n\n$ cat <<'END'\na\n\nEND\na\n$ pwd\n```\n"
        "```sh\nmake\n```\n"
    )
    assert list(steps(page)) == [
        File("rows.toml", "a = 1\n", added=True),
        Command("ls \\\n  -l   # exit code 2", ("nothing",), 2, 8),
        Command("cat <<'END'\na\n\nEND", ("a",), 0, 12),
        Command("pwd", (), 0, 17),
    ]


@pytest.mark.parametrize(
    ("shown", "printed", "so"),
    [
        (("one  two",), "one   two  \n", True),
        (("one",), "one\ntwo\n", False),
        (("one", "…"), "one\ntwo\nthree\n", True),
        (("…", "three"), "one\ntwo\nthree\n", True),
        (("at …, 3 lines",), "at 10:30, 3 lines", True),
        (("at …, 3 lines",), "at 10:30, 4 lines", False),
    ],
)
def test_an_ellipsis_stands_for_anything_and_nothing_else_does(shown: tuple[str, ...], printed: str, so: bool) -> None:
    assert agrees(shown, printed) is so


@pytest.mark.parametrize("command", [Command("echo no", ("yes",), 0, 1), Command("false", (), 0, 1)])
def test_a_page_that_shows_something_else_is_noticed(command: Command, tmp_path: Path) -> None:
    with reader(tmp_path) as someone, pytest.raises(AssertionError, match=r"line 1"):
        someone.follow(command)
