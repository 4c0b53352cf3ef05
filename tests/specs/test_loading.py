"""The program reads every set of every version, and every row is of use to one of them."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from edi_gateway.x12.compile import Table
from edi_gateway.x12.standard import Standard
from edi_gateway.x12.tokens import Separators

SPECS = Path(__file__).parents[2] / "specs"
SETS = sorted((file.parent.name, file.stem) for file in SPECS.glob("*/*.toml"))
SEPARATORS = Separators("*", ":", "~", "^")


class Rows:
    """The files in the folder, and which of them were asked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __call__(self, path: str) -> Mapping[str, Any] | None:
        file = SPECS.parent / path
        if not file.is_file():
            return None
        self.asked.add(path)
        return tomllib.loads(file.read_text(encoding="utf-8"))


def table(rows: Rows, set_id: str, version: str) -> Table:
    found = Standard(rows).table(set_id, version)
    assert found
    return found


@pytest.mark.parametrize(("set_id", "version"), SETS)
def test_every_place_of_a_set_compiles_and_is_reached_from_its_first(set_id: str, version: str) -> None:
    found = table(Rows(), set_id, version)
    places = found.definition.places
    seen, todo = {0}, [0]
    while todo:
        reached = {move.place for move in found.moves(todo.pop()).values()} - seen
        seen |= reached
        todo += reached
    assert seen == set(range(len(places)))
    for compound in (True, False):
        steps = found.steps(SEPARATORS, compound)
        for place in places:
            _ = steps.stand(place.index)["SE"]
            steps.checks(place.index)


@pytest.mark.parametrize(("set_id", "version"), SETS)
def test_a_set_is_what_its_file_says(set_id: str, version: str) -> None:
    definition = table(Rows(), set_id, version).definition
    rows = tomllib.loads((SPECS / set_id / f"{version}.toml").read_text(encoding="utf-8"))
    assert (definition.set, definition.version, definition.group) == (set_id, version, rows["group"])
    assert len(definition.totals) == len(rows.get("totals", {}))
    assert (definition.hierarchy is not None) == ("tree" in rows)


@pytest.mark.parametrize("version", sorted({version for _, version in SETS}))
def test_the_sets_of_a_version_read_every_file_of_it_and_no_other(version: str) -> None:
    rows = Rows()
    for set_id, stated in SETS:
        if stated == version:
            table(rows, set_id, version)
    there = {file for file in SPECS.rglob("*.toml") if version in (file.stem, *file.relative_to(SPECS).parts)}
    assert rows.asked == {file.relative_to(SPECS.parent).as_posix() for file in there}


def test_every_file_belongs_to_a_version_that_has_sets() -> None:
    assert {folder.name for folder in (SPECS / "x12").iterdir()} == {version for _, version in SETS}


def test_what_005010_has_beyond_004010_is_read() -> None:
    """ST03 names the guide, AK103 and AK203 name version and guide, AK401 tells the repetition."""
    then, now = (table(Rows(), "997", version).definition.places for version in ("004010", "005010"))
    lengths = [{place.segment.id: len(place.segment.elements) for place in places} for places in (then, now)]
    more = {id: lengths[1][id] - lengths[0][id] for id in lengths[0] if lengths[1][id] != lengths[0][id]}
    assert more == {"ST": 1, "AK1": 1, "AK2": 1}
    place = [next(p for p in places if p.segment.id == "AK4").segment.elements[0] for places in (then, now)]
    assert [[part.id for part in element.components] for element in place] == [
        ["722", "1528"],
        ["722", "1528", "1686"],
    ]
