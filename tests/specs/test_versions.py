"""The versions of a set, a segment or a code list speak of the same thing, in the same words."""

from collections import defaultdict
from itertools import combinations
from typing import Any

from tests.specs.rows import Files, elements, lists, segments, sets, structure, versions


def same(files: Files) -> list[list[tuple[str, dict[str, Any]]]]:
    """The files that stand in several versions under one name, each with its path."""
    groups: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for path, rows in sorted(files.items()):
        parts = path.split("/")
        groups["/".join([parts[0], *parts[2:]])].append((path, rows))
    return [group for group in groups.values() if len(group) > 1]


def test_a_set_is_there_in_every_version_that_has_its_segments(files: Files) -> None:
    for rows in sets(files).values():
        for version in versions(files):
            if all(f"x12/{version}/{row['id']}.toml" in files for row in structure(rows) if not row["loop"]):
                assert f"{rows['set']}/{version}.toml" in files


def test_a_set_has_one_name_one_group_and_the_same_totals_and_tree_in_every_version(files: Files) -> None:
    groups = same(sets(files))
    assert groups
    for group in groups:
        for key in ("name", "group", "totals", "tree"):
            assert len({str(rows.get(key)) for _, rows in group}) == 1, (group[0][0], key)


def test_no_two_sets_share_a_name_or_a_group(files: Files) -> None:
    for version in versions(files):
        stated = [rows for rows in sets(files).values() if rows["version"] == version]
        for key in ("name", "group"):
            assert len({rows[key] for rows in stated}) == len(stated), (version, key)


def test_a_segment_has_one_name_and_an_element_has_one_in_its_place(files: Files) -> None:
    groups = same(segments(files))
    assert groups
    for group in groups:
        assert len({rows["name"] for _, rows in group}) == 1, group[0][0]
        for (_, one), (path, other) in combinations(group, 2):
            for here, there in zip(elements(one), elements(other), strict=False):
                if here["id"] == there["id"]:
                    assert here["name"] == there["name"], (path, here["position"])


def test_a_code_means_the_same_in_every_version_that_has_it(files: Files) -> None:
    groups = same(lists(files))
    assert groups
    for group in groups:
        assert len({rows["name"] for _, rows in group}) == 1, group[0][0]
        for (_, one), (path, other) in combinations(group, 2):
            shared = set(one["codes"].split()) & set(other["codes"].split())
            names, others = one.get("names", {}), other.get("names", {})
            for code in shared & (names.keys() | others.keys()):
                assert names.get(code) == others.get(code), (path, code)


def test_an_element_that_has_a_code_list_in_one_version_has_it_in_every_version_that_uses_it(files: Files) -> None:
    used = {
        (path.split("/")[1], row["id"])
        for path, rows in segments(files).items()
        for row in elements(rows)
        if row["type"] == "ID"
    }
    listed = {tuple(path.removesuffix(".toml").split("/")[1::2]) for path in lists(files)}
    wanted = {(version, id) for _, id in listed for version in versions(files)} & used
    assert listed == wanted


def test_a_later_code_list_keeps_four_of_five_codes(files: Files) -> None:
    """Codes are seldom taken back, and every code is carried: a list cut short would flag valid files."""
    for group in same(lists(files)):
        for (_, older), (path, later) in combinations(group, 2):
            codes = set(older["codes"].split())
            assert 5 * len(codes & set(later["codes"].split())) >= 4 * len(codes), path
