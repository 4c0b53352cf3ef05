"""The rows under `specs/`, taken apart without the program, so that both can be compared."""

import re
from collections.abc import Iterator
from typing import Any

Files = dict[str, dict[str, Any]]

SET_ROW = re.compile(
    r"(?P<indent>(?:  )*)(?P<loop>loop )?(?P<id>[A-Z][A-Z0-9]{1,2}) +(?P<need>[MO]) (?P<max>>1|[1-9]\d*)"
)
ELEMENT_ROW = re.compile(
    r"(?P<position>\d\d) (?P<need>[MOX]) "
    r"(?:(?P<id>\d+) +(?P<type>AN|ID|R|N[0-6]|DT|TM|B) +(?P<min>\d+)/(?P<max>\d+)"
    r"|(?P<composite>C\d{3}) +COMP)"
    r"(?: +x(?P<repeat>\d+))? {2,}(?P<name>\S.*)"
)


def sets(files: Files) -> Files:
    return {path: rows for path, rows in files.items() if not path.startswith("x12/")}


def segments(files: Files) -> Files:
    return {path: rows for path, rows in files.items() if re.fullmatch(r"x12/\d{6}/[A-Z0-9]+\.toml", path)}


def lists(files: Files) -> Files:
    return {path: rows for path, rows in files.items() if "/codes/" in path}


def versions(files: Files) -> list[str]:
    return sorted({path.split("/")[1] for path in files if path.startswith("x12/")})


def structure(rows: dict[str, Any]) -> list[re.Match[str]]:
    found = []
    for line in rows["structure"].splitlines():
        if line.strip() and not line.startswith("#"):
            match = SET_ROW.fullmatch(line)
            assert match, line
            found.append(match)
    return found


def paths(rows: dict[str, Any]) -> Iterator[tuple[str, re.Match[str]]]:
    """The rows of a set, each with the path of the loop it stands in; a loop stands in itself."""
    stack: list[str] = []
    for row in structure(rows):
        del stack[len(row["indent"]) // 2 :]
        if row["loop"]:
            stack.append(row["id"])
        yield "/".join(stack), row


def elements(rows: dict[str, Any]) -> list[re.Match[str]]:
    found = []
    for line in rows["elements"].strip().splitlines():
        match = ELEMENT_ROW.fullmatch(line)
        assert match, line
        found.append(match)
    return found


def used(files: Files, ids: set[str], version: str) -> dict[str, dict[str, Any]]:
    """The segments and composites that these sets use in a version, by their id."""
    stated = [rows for rows in sets(files).values() if rows["set"] in ids and rows["version"] == version]
    found = {
        row["id"]: files[f"x12/{version}/{row['id']}.toml"]
        for rows in stated
        for row in structure(rows)
        if not row["loop"]
    }
    for rows in list(found.values()):
        for row in elements(rows):
            if row["composite"]:
                found[row["composite"]] = files[f"x12/{version}/{row['composite']}.toml"]
    return found
