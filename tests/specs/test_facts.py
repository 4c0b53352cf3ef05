"""The rows agree with the facts of the standard, where these lie beside the project and speak of them."""

from collections.abc import Iterator
from typing import Any

from tests.specs import facts
from tests.specs.rows import Files, elements, lists, paths, used
from tests.specs.rows import sets as stated_sets

pytestmark = facts.needed


def flat(children: list[dict[str, Any]], path: str = "") -> Iterator[tuple[str, str, str, str]]:
    for node in children:
        if "loop" in node:
            inner = f"{path}/{node['loop']}".lstrip("/")
            yield inner, f"loop {node['loop']}", node["req"], str(node["repeat"])
            yield from flat(node["children"], inner)
        else:
            yield path, node["seg"], node["req"], str(node["max"])


def element(fact: dict[str, Any]) -> tuple[str, ...]:
    """Position, need, id, type, lengths and how often, as in a row of ours."""
    form = ("COMP", "") if fact["type"] == "COMP" else (fact["type"], f"{fact['min']}/{fact['max']}")
    return (f"{fact['pos']:02}", fact["req"], fact["id"], *form, str(fact.get("repeat", 1)))


def ours(rows: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for row in elements(rows):
        form = ("COMP", "") if row["composite"] else (row["type"], f"{row['min']}/{row['max']}")
        yield row["position"], row["need"], row["id"] or row["composite"], *form, row["repeat"] or "1"


def test_no_set_of_the_facts_is_missing(files: Files) -> None:
    here = {(rows["set"], rows["version"]) for rows in stated_sets(files).values()}
    missing = {(set, version) for version, sets in facts.sets().items() for set in sets} - here
    assert not missing


def test_sets_have_the_same_segments_loops_needs_and_maxima(files: Files) -> None:
    for version, sets in facts.sets().items():
        for set in sorted(sets):
            rows, fact = files[f"{set}/{version}.toml"], facts.facts(f"{version}/sets/{set}.json")
            areas = [fact["areas"].get(area, []) for area in ("heading", "detail", "summary")]
            said = [(path, f"{row['loop'] or ''}{row['id']}", row["need"], row["max"]) for path, row in paths(rows)]
            assert said == [node for area in areas for node in flat(area)], (set, version)
            assert rows["group"] == fact["group"], (set, version)


def test_segments_and_composites_have_the_same_elements_and_notes(files: Files) -> None:
    for version, sets in facts.sets().items():
        stated = {**facts.facts(f"{version}/segments.json"), **facts.facts(f"{version}/composites.json")}
        for id, rows in used(files, sets, version).items():
            fact = stated[id]
            parts = fact.get("elements") or fact["components"]
            assert list(ours(rows)) == [element(part) for part in parts], (id, version)
            notes = [f"{note} {fact['syntax_conf']}" for note in fact.get("syntax", [])]
            assert rows.get("syntax", []) == notes, (id, version)


def test_code_lists_hold_the_same_codes_and_none_is_left_out(files: Files) -> None:
    for version, sets in facts.sets().items():
        known = facts.facts(f"{version}/codes.json")
        rows = used(files, sets, version)
        ids = {row["id"] for segment in rows.values() for row in elements(segment) if row["type"] == "ID"}
        here = {path.split("/")[3].removesuffix(".toml") for path in lists(files) if path.split("/")[1] == version}
        assert here & ids == set(known) & ids, version
        for id in sorted(ids & set(known)):
            codes = files[f"x12/{version}/codes/{id}.toml"]["codes"].split()
            assert sorted(codes) == sorted(known[id]["codes"]), (id, version)
