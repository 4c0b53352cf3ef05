"""What 005010 has otherwise than 004010 in our rows is what the facts of the standard say, no more and no less."""

from typing import Any

import pytest

from tests.specs import facts
from tests.specs.rows import Files, elements, paths, used

pytestmark = facts.needed

OLD, NEW = "004010", "005010"
Change = tuple[Any, ...]


@pytest.fixture(scope="module")
def difference() -> dict[str, Any]:
    found: dict[str, Any] = facts.facts("diff_004010_005010.json")
    return found


@pytest.fixture(scope="module")
def old(files: Files, difference: dict[str, Any]) -> Files:
    """The segments and composites of the sets compared, in the older version."""
    return used(files, set(difference["sets"]), OLD)


@pytest.fixture(scope="module")
def new(files: Files, difference: dict[str, Any]) -> Files:
    return used(files, set(difference["sets"]), NEW)


def test_the_facts_compare_every_set_they_have(difference: dict[str, Any]) -> None:
    for version in (OLD, NEW):
        assert facts.sets()[version] == set(difference["sets"])


def test_sets_differ_as_the_facts_say(files: Files, difference: dict[str, Any]) -> None:
    for set, entries in difference["sets"].items():
        stated = sorted((change(entry) for entry in entries), key=str)
        before, after = (nodes(files[f"{set}/{version}.toml"]) for version in (OLD, NEW))
        said: list[Change] = [("removed", *node) for node in before.keys() - after.keys()]
        said += [("added", *node, after[node]) for node in after.keys() - before.keys()]
        said += [
            ("min/max", *node, before[node], after[node])
            for node in before.keys() & after.keys()
            if before[node] != after[node]
        ]
        assert sorted(said, key=str) == stated, set


def test_segments_differ_as_the_facts_say(old: Files, new: Files, difference: dict[str, Any]) -> None:
    before, after = ({id: rows for id, rows in side.items() if len(id) < 4} for side in (old, new))
    said: dict[str, Any] = dict.fromkeys(before.keys() - after.keys(), f"only in {OLD} (of the sets covered)")
    said |= dict.fromkeys(after.keys() - before.keys(), f"only in {NEW} (of the sets covered)")
    said |= {id: found for id in before.keys() & after.keys() if (found := changes(id, before[id], after[id]))}
    assert said == difference["segments"]


def test_elements_differ_as_the_facts_say(old: Files, new: Files, difference: dict[str, Any]) -> None:
    before, after = forms(old), forms(new)
    said = {id: (before[id], after[id]) for id in before.keys() & after.keys() if before[id] != after[id]}
    assert said == {id: (entry["from"], entry["to"]) for id, entry in difference["elements"].items()}


def test_composites_differ_as_the_facts_say(old: Files, new: Files, difference: dict[str, Any]) -> None:
    before, after = (
        {id: [f"{row['id']}{row['need']}" for row in elements(rows)] for id, rows in side.items() if len(id) == 4}
        for side in (old, new)
    )
    said = {
        id: {"from": before.get(id, []), "to": after.get(id, [])}
        for id in before.keys() | after.keys()
        if before.get(id) != after.get(id)
    }
    assert said == difference["composites"]


def test_code_lists_differ_as_the_facts_say(files: Files, old: Files, new: Files, difference: dict[str, Any]) -> None:
    said = {}
    for id in forms(old).keys() & forms(new).keys():
        before, after = (files.get(f"x12/{version}/codes/{id}.toml") for version in (OLD, NEW))
        assert (before is None) == (after is None), id
        if before and after:
            gone, come = (
                sorted(set(a["codes"].split()) - set(b["codes"].split())) for a, b in ((before, after), (after, before))
            )
            if gone or come:
                said[id] = ([len(before["codes"].split()), len(after["codes"].split())], len(come), gone)
    assert said == {
        id: (entry["count"], entry["added"], sorted(entry["removed"])) for id, entry in difference["codes"].items()
    }


def nodes(rows: dict[str, Any]) -> dict[tuple[str, str], list[int | str]]:
    """Each segment and loop of a set by kind and path, as the facts write it, with its least and its most."""
    found: dict[tuple[str, str], list[int | str]] = {}
    for path, row in paths(rows):
        node = ("loop", path) if row["loop"] else ("segment", f"{path}.{row['id']}".lstrip("."))
        assert node not in found, "two places of one path cannot be told apart here"
        found[node] = [int(row["need"] == "M"), ">1" if row["max"] == ">1" else int(row["max"])]
    return found


def change(entry: dict[str, Any]) -> Change:
    limits = [entry[key] for key in ("min_max", "from", "to") if key in entry]
    return entry["change"], entry["kind"], entry["path"], *limits


def changes(id: str, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What became of the elements and notes of a segment, in the words of the facts."""
    olds, news = elements(before), elements(after)
    found = [f"{id}{row['position']} removed" for row in olds[len(news) :]]
    for then, now in zip(olds, news, strict=False):
        at, was, is_ = f"{id}{then['position']}", then["id"] or then["composite"], now["id"] or now["composite"]
        if was != is_:
            found.append(f"{at} {was} -> {is_}")
        if "M" in (then["need"], now["need"]) and then["need"] != now["need"]:
            found.append(f"{at} req {then['need']} -> {now['need']}")
        if then["repeat"] != now["repeat"]:
            found.append(f"{at} may repeat {now['repeat'] or 1}")
    found += [
        f"{id}{row['position']} added ({row['id'] or row['composite']} {row['need']})" for row in news[len(olds) :]
    ]
    was, is_ = ([note.split()[0] for note in rows.get("syntax", [])] for rows in (before, after))
    return found + ([f"syntax {was} -> {is_}"] if was != is_ else [])


def forms(rows: Files) -> dict[str, list[str | int]]:
    """Type, shortest and longest of every element."""
    return {
        row["id"]: [row["type"], int(row["min"]), int(row["max"])]
        for segment in rows.values()
        for row in elements(segment)
        if row["id"]
    }
