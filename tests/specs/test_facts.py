"""The rows agree with the facts of the standard, where these lie beside the project and speak of them.

The folder is named by the environment variable `EDI_FACTS`, `../shared/x12` unless set.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

Files = dict[str, dict[str, Any]]

FACTS = Path(os.environ.get("EDI_FACTS", Path(__file__).parents[3] / "shared" / "x12"))

pytestmark = pytest.mark.skipif(not FACTS.is_dir(), reason=f"the facts of the standard are not at {FACTS} (EDI_FACTS)")


def facts(version: str, name: str) -> Any:
    return json.loads((FACTS / version / name).read_text())


def flat(children: list[dict[str, Any]], depth: int) -> Iterator[str]:
    for node in children:
        if "loop" in node:
            yield f"{'  ' * depth}loop {node['loop']} {node['req']} {node['repeat']}"
            yield from flat(node["children"], depth + 1)
        else:
            yield f"{'  ' * depth}{node['seg']} {node['req']} {node['max']}"


def ours(structure: str) -> Iterator[str]:
    for line in structure.splitlines():
        if line.strip() and not line.startswith("#"):
            indent = line[: len(line) - len(line.lstrip())]
            yield indent + " ".join(line.split())


def test_sets_have_the_same_segments_loops_needs_and_maxima(files: Files) -> None:
    for path, rows in files.items():
        if "structure" in rows and (FACTS / rows["version"] / "sets" / f"{rows['set']}.json").exists():
            areas = facts(rows["version"], f"sets/{rows['set']}.json")["areas"]
            stated = [line for area in ("heading", "detail", "summary") for line in flat(areas.get(area, []), 0)]
            assert list(ours(rows["structure"])) == stated, path


def test_segments_have_the_same_elements_and_notes(files: Files) -> None:
    for path, rows in files.items():
        if "elements" in rows:
            _, version, name = path.removesuffix(".toml").split("/")
            composite = re.fullmatch(r"C\d{3}", name)
            fact = facts(version, "composites.json" if composite else "segments.json").get(name)
            if fact is None:  # a segment of a set that the facts do not have
                continue
            stated = [
                f"{part['pos']:02} {part['req']} {part['id']} {part['type']}"
                + ("" if part["type"] == "COMP" else f" {part['min']}/{part['max']}")
                for part in fact["components" if composite else "elements"]
            ]
            said = [" ".join(line.split("  ")[0].split()) for line in _tight(rows["elements"])]
            assert said == stated, path
            assert rows.get("syntax", []) == [f"{note} {fact['syntax_conf']}" for note in fact.get("syntax", [])], path


def test_code_lists_hold_the_same_codes_and_none_is_left_out(files: Files) -> None:
    used: dict[str, set[str]] = {}
    for path, rows in files.items():
        if "elements" in rows:
            version = path.split("/")[1]
            used.setdefault(version, set()).update(re.findall(r"^\d\d [MOX] (\d+) ", rows["elements"], re.MULTILINE))
    for version, elements in used.items():
        lists = facts(version, "codes.json")
        for element in elements & set(lists):
            assert set(files[f"x12/{version}/codes/{element}.toml"]["codes"].split()) == set(lists[element]["codes"])


def _tight(elements: str) -> Iterator[str]:
    """Rows with one blank between their columns and two before the name."""
    row = re.compile(r"(\d\d [MOX]) (\w+) +(\w+)(?: +(\d+/\d+))? {2,}(.*)")
    for line in elements.strip().splitlines():
        match = row.fullmatch(line)
        assert match, line
        yield " ".join(part for part in match.groups()[:4] if part) + "  " + match[5]
