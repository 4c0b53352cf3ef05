"""Every row under `specs/` keeps the format that its README promises."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.specs.rows import Files, elements, lists, paths, segments, sets, structure

NOTE = re.compile(r"(?P<rule>[PRECL])(?P<positions>(?:\d\d){2,}) [VPRIU]")
TOTAL = re.compile(r"(?:count (?:\w+/)*(?P<count>[A-Z]\w{1,2})|sum (?:\w+/)*(?P<sum>[A-Z]\w{1,2})\d\d)")


def test_every_file_is_a_set_a_segment_or_a_code_list(files: Files) -> None:
    assert sets(files)
    assert segments(files)
    assert lists(files)
    assert set(files) == {*sets(files), *segments(files), *lists(files)}


def test_a_set_file_stands_where_it_says(files: Files) -> None:
    for path, rows in sets(files).items():
        assert path == f"{rows['set']}/{rows['version']}.toml"
        assert set(rows) <= {"set", "name", "group", "version", "structure", "totals", "tree"}, path
        assert re.fullmatch(r"[A-Z]{2}", rows["group"])
        assert re.fullmatch(r"[A-Z][A-Za-z]*( [A-Z][A-Za-z]*)*", rows["name"])


def test_a_set_goes_from_st_to_se(files: Files) -> None:
    for path, rows in sets(files).items():
        found = structure(rows)
        for end, name in ((found[0], "ST"), (found[-1], "SE")):
            assert (end["indent"], end["id"], end["need"], end["max"]) == ("", name, "M", "1"), path


def test_rows_go_deeper_only_below_a_loop_and_its_first_row_opens_it(files: Files) -> None:
    for path, rows in sets(files).items():
        for above, row in pairwise(structure(rows)):
            deeper = len(row["indent"]) - len(above["indent"])
            assert deeper == 2 if above["loop"] else deeper <= 0, (path, row[0])
            if above["loop"]:
                assert row["id"] == above["id"], (path, row[0])
                assert (row["need"], row["max"], row["loop"]) == ("M", "1", None), (path, row[0])


def test_loop_paths_are_unique_in_a_set(files: Files) -> None:
    for path, rows in sets(files).items():
        found = [loop for loop, row in paths(rows) if row["loop"]]
        assert len(found) == len(set(found)), path


def test_every_segment_a_set_uses_has_a_file_and_every_file_is_used(files: Files) -> None:
    used = {f"x12/{rows['version']}/{row['id']}.toml" for rows in sets(files).values() for row in structure(rows)}
    composites = set()
    for path in used:
        assert path in files, f"a set uses {path}, which is not there"
        folder = Path(path).parent.as_posix()
        composites |= {f"{folder}/{row['composite']}.toml" for row in elements(files[path]) if row["composite"]}
    assert composites <= set(files)
    assert set(segments(files)) == used | composites


def test_totals_name_elements_that_are_there(files: Files) -> None:
    for path, rows in sets(files).items():
        used = {row["id"] for row in structure(rows)}
        for name, rule in rows.get("totals", {}).items():
            match = TOTAL.fullmatch(rule)
            assert match, (path, rule)
            assert {name[:-2], match["count"] or match["sum"]} <= used, (path, name)


def test_element_rows_parse_and_leave_no_gap(files: Files) -> None:
    for path, rows in segments(files).items():
        assert set(rows) <= {"name", "elements", "syntax"}, path
        positions = [int(row["position"]) for row in elements(rows)]
        assert positions == list(range(1, len(positions) + 1)), path


def test_an_element_has_one_type_and_one_pair_of_lengths_in_a_version(files: Files) -> None:
    seen: dict[tuple[str, str], tuple[str, str, str]] = {}
    for path, rows in segments(files).items():
        for row in elements(rows):
            if row["id"]:
                form = (row["type"], row["min"], row["max"])
                assert seen.setdefault((Path(path).parent.name, row["id"]), form) == form, (path, row[0])
                assert 0 < int(row["min"]) <= int(row["max"]), (path, row[0])


def test_notes_speak_of_elements_that_are_there_and_not_mandatory(files: Files) -> None:
    for path, rows in segments(files).items():
        needs = {row["position"]: row["need"] for row in elements(rows)}
        for note in rows.get("syntax", []):
            match = NOTE.fullmatch(note)
            assert match, (path, note)
            positions = re.findall(r"\d\d", match["positions"])
            assert len(positions) == len(set(positions)), (path, note)
            assert set(positions) <= set(needs), (path, note)
            assert all(needs[position] != "M" for position in positions), (path, note)


def test_a_conditional_element_is_the_subject_of_a_note(files: Files) -> None:
    """An X without a note would say that something is needed at times and never say when."""
    for path, rows in segments(files).items():
        spoken = {position for note in rows.get("syntax", []) for position in re.findall(r"\d\d", note)}
        silent = {row["position"] for row in elements(rows) if row["need"] == "X"} - spoken
        assert not silent, (path, silent)


def test_code_lists_belong_to_elements_in_use_and_fit_their_lengths(files: Files) -> None:
    forms = {
        (Path(path).parent.name, row["id"]): (int(row["min"]), int(row["max"]))
        for path, rows in segments(files).items()
        for row in elements(rows)
        if row["type"] == "ID"
    }
    for path, rows in lists(files).items():
        _, version, _, name = path.split("/")
        shortest, longest = forms[version, name.removesuffix(".toml")]
        assert set(rows) <= {"name", "codes", "names"}, path
        codes = rows["codes"].split()
        assert len(codes) == len(set(codes)), path
        assert all(shortest <= len(code) <= longest for code in codes), path
        assert set(rows.get("names", {})) <= set(codes), path


@pytest.mark.parametrize("needed", ["00", "04", "05", "01", "07"])
def test_purposes_an_order_may_have_are_listed(files: Files, needed: str) -> None:
    assert needed in files["x12/004010/codes/353.toml"]["names"]


def test_files_are_laid_out_for_the_eye(specs: Path) -> None:
    for path in specs.rglob("*.toml"):
        for line in path.read_text().splitlines():
            assert len(line) <= 100, (path, line)
            assert line == line.rstrip(), (path, line)
            assert "\t" not in line, (path, line)
