"""A set that is judged in pages as it streams is judged as one that is held whole."""

import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edi_gateway.flows.guides import Guides
from edi_gateway.flows.reading import readings
from edi_gateway.issues import Finding
from edi_gateway.issues import x12 as kinds
from edi_gateway.store.shelf import DataShelf
from edi_gateway.x12 import envelope, hierarchy
from edi_gateway.x12.compile import Table
from edi_gateway.x12.diagnose import Walk
from edi_gateway.x12.following import beyond
from edi_gateway.x12.limits import Limits
from edi_gateway.x12.read import read
from edi_gateway.x12.steering import Position
from tests.x12.generator import Row, damaged, defined, documents, table
from tests.x12.test_guides import ROWS
from tests.x12.test_hierarchy import TABLE as TREES
from tests.x12.test_laws import BODY
from tests.x12.workshop import GOOD, TABLE, text, wrap
from tests.x12.workshop import table as narrowed

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "x12"
FILES = sorted(FOLDER.rglob("*.edi"))
SIZES = (3, 7, 50)

Told = list[tuple[str, Sequence[Finding]]]


@cache
def guides() -> Guides:
    return Guides(DataShelf())


def paged(size: int) -> Limits:
    """Limits by which a set of more segments than that comes in pages of so many."""
    return Limits(set_segments=size, page_segments=size)


def of_file(file: Path, limits: Limits | None) -> Told:
    parts = file.relative_to(FOLDER).parts
    partner = parts[1] if parts[0] == "partners" else ""
    reading = envelope.read([file.read_bytes()], limits)
    told: Told = []
    for interchange in readings(reading, guides(), lambda _interchange, _group: partner):
        for group in interchange:
            told += [(verdict.outcome, verdict.findings) for _, verdict in group]
            told.append((group.verdict.code, group.verdict.findings))
        told.append((str(interchange.interchange.accepted), interchange.interchange.findings))
    return [*told, (str(reading.accepted), reading.findings)]


def of_body(body: Sequence[str], by: Table, limits: Limits | None = None) -> Told:
    reading = envelope.read([text(wrap(body, GOOD))], limits)
    return [
        (verdict.outcome, verdict.findings) for interchange in reading for group in interchange.groups
        for verdict in (read(one, by) for one in group.transactions)
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(FOLDER).with_suffix("").as_posix())
def test_a_fixture_is_judged_in_pages_as_it_is_whole(file: Path) -> None:
    whole = of_file(file, None)
    for size in SIZES:
        assert of_file(file, paged(size)) == whole, size


@given(st.lists(BODY, max_size=4), st.integers(1, 12))
def test_any_body_is_judged_in_pages_as_it_is_whole(bodies: list[list[Row]], size: int) -> None:
    body = ["*".join(row) for rows in bodies for row in rows if row[0] != "ST"]
    assert of_body(body, TABLE, paged(size)) == of_body(body, TABLE)


@pytest.mark.parametrize(("guide", "body", "told"), ROWS)
def test_a_guide_is_looked_at_in_pages_as_in_the_whole(
    guide: dict[str, object], body: Sequence[str], told: object
) -> None:
    by = narrowed(guide)
    for size in (1, 2, 3, 5):
        assert of_body(body, by, paged(size)) == of_body(body, by)


@pytest.mark.parametrize("faults", [1, 2, 4, 9])
def test_a_damaged_document_is_judged_in_pages_as_it_is_whole(faults: int) -> None:
    dice = random.Random(faults)
    for by in (table(*one) for one in defined()):
        for body in documents(by, seed=faults, count=3, fill=0.4):
            lines = ["*".join(row) for row in damaged(body, dice, faults)]
            assert of_body(lines, by, paged(dice.randint(1, 12))) == of_body(lines, by)


def test_a_walk_counts_over_pages_as_it_does_segment_by_segment() -> None:
    for by in (table(*one) for one in defined()):
        for body in documents(by, seed=9, count=2, fill=0.6):
            rows = [["ST"], *body, ["SE"]]
            walk = Walk(by, rows)
            assert not list(walk.faults())
            places = walk.places[1:]
            for cut in range(len(places)):
                found = beyond(by, beyond(by, Position(0, {}), places[:cut]), places[cut:])
                assert found == walk._position


@pytest.mark.parametrize("line", ["QQQ*1", "LIN*1*2*XX", "LIN*1*2*XX~REF*IA*1*2*3*4*5", "SUB*A~N3*B", "REF*é"])
@pytest.mark.parametrize("count", [900, 13_000])
def test_what_is_wrong_everywhere_is_counted_in_pages_as_in_the_whole(line: str, count: int) -> None:
    body = [*GOOD[:5], *line.split("~") * count, GOOD[-1]]
    assert of_body(body, TABLE, paged(500)) == of_body(body, TABLE)


def test_a_loop_that_comes_too_often_is_one_finding_however_many_pages_it_has() -> None:
    body = [*GOOD[:4], *["LIN*1*2*EA", "REF*IA*7"] * 3_000, "CTT*3000"]
    (large, small) = of_body(body, TABLE, paged(100))
    assert [(found.kind, found.position) for found in large[1]] == [("x12.loop-too-many", 14)]
    assert large == of_body(body, TABLE)[0]
    assert small[0] == "accepted"


def test_a_set_in_pages_has_no_tree_and_holds_its_st_alone() -> None:
    reading = envelope.read([text(wrap(GOOD))], paged(3))
    for transaction in (one for each in reading for group in each.groups for one in group.transactions):
        verdict = read(transaction, TABLE)
        assert (verdict.outcome, verdict.tree, verdict.places) == ("accepted", None, None)
        assert [row[0] for row in transaction.segments] == ["ST"]
        assert transaction.counted == len(GOOD) + 2


def test_a_set_whose_pages_have_passed_is_not_judged() -> None:
    (passed,) = (one for each in envelope.read([text(wrap(GOOD))], paged(3)) for group in each.groups
                 for one in group.transactions)
    with pytest.raises(ValueError, match="passed"):
        read(passed, TABLE)


IDS, PARENTS = st.sampled_from(["", "1", "2", "3", "4", "5", "01", "A"]), st.sampled_from(["", "1", "2", "3", "02"])
LEVELS = st.lists(
    st.tuples(IDS, PARENTS).map(lambda pair: f"HL*{pair[0]}*{pair[1]}*S"), min_size=1, max_size=7
)
OF_TREES = {
    kind.code for kind in (
        kinds.LEVEL_REPEATED, kinds.LEVELS_NOT_COUNTED, kinds.PARENT_BELOW_ITSELF, kinds.PARENT_LATER,
        kinds.PARENT_UNKNOWN,
    )
}
COUNTED = [f"HL*{at}*{at - 1 or ''}*S" for at in range(1, 6)]


@given(LEVELS, st.integers(1, 5))
@example(COUNTED, 2)
def test_a_tree_is_looked_at_in_pages_as_in_the_whole(levels: list[str], size: int) -> None:
    body = ["BGN*00*A1*20240229", *levels, f"CTT*{len(levels)}"]
    assert of_body(body, TREES, paged(size)) == of_body(body, TREES)


@given(LEVELS)
@example(COUNTED)
@example([*COUNTED, "HL*6*9*S"])
@example([*COUNTED, "HL*6*6*S"])
def test_of_a_tree_too_large_to_be_held_the_first_fault_is_told_and_the_set_is_rejected(levels: list[str]) -> None:
    body = ["BGN*00*A1*20240229", *levels, f"CTT*{len(levels)}"]
    outcome, found = of_body(body, TREES)[0]
    with patch.object(hierarchy, "NODES_MAX", 0):
        rough, told = of_body(body, TREES, paged(2))[0]
    if any(finding.kind in OF_TREES for finding in found):
        assert rough == "rejected"
        (first,) = (finding for finding in told if finding.kind in OF_TREES)
        assert "x12.set-too-large" in {finding.kind for finding in told}
        assert 0 < (first.position or 0) <= min(one.position or 0 for one in found if one.kind in OF_TREES)
    else:
        assert (rough, told) == (outcome, found)
