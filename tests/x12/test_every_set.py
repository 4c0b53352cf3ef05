"""The laws of the codec for every set and version there are rows of, on documents made out of the rows."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi_gateway import issues
from edi_gateway.x12 import elements, envelope, hierarchy
from edi_gateway.x12.compile import Table
from edi_gateway.x12.diagnose import Walk
from edi_gateway.x12.envelope import Transaction
from edi_gateway.x12.read import read
from edi_gateway.x12.tokens import Separators
from edi_gateway.x12.walk import walk
from edi_gateway.x12.write import Heading, write
from tests.x12.generator import REPEATING, Row, body, damaged, defined, table, whole

SETS = [pytest.param(*one, id="-".join(one)) for one in defined()]
FEW = (settings.default or settings()).max_examples // 5
SEEDS = st.integers(0, 999_999)
FILLS = st.sampled_from([0.0, 0.1, 0.3, 0.7])
DRESSES = st.sampled_from([REPEATING, Separators("|", ":", "\n", "^"), Separators("*", "\\", "\x1c", "\x1f")])
AT = datetime(2024, 2, 29, 12, 0, tzinfo=UTC)


def marks(version: str, dressed: Separators) -> Separators:
    """The separators of an interchange of that version: repetition is there from 00402 on."""
    return dressed if version > "00402" else Separators(dressed.element, dressed.component, dressed.segment)


def sent(by: Table, rows: list[Row], separators: Separators) -> Transaction:
    """The document written, and read back as the one set of its interchange."""
    one = by.definition
    heading = Heading("ZZ:US", "01:ACME", "US", "ACME", one.group, one.version, 7, 7, AT)
    content = write(heading, [(one.set, "0001", rows)], separators)
    (transaction,) = (
        transaction for each in envelope.read([content]) for group in each.groups for transaction in group.transactions
    )
    return transaction


def test_there_are_rows_of_every_set_in_both_versions() -> None:
    assert {version for _, version in defined()} == {"004010", "005010"}
    assert len({set_id for set_id, _ in defined()}) * 2 == len(defined()) >= 22


@pytest.mark.parametrize(("set_id", "version"), SETS)
@settings(max_examples=FEW, deadline=None)
@given(SEEDS, FILLS, DRESSES)
def test_what_the_rows_allow_is_written_read_back_and_accepted_without_a_word(
    set_id: str, version: str, seed: int, fill: float, dressed: Separators
) -> None:
    by, separators = table(set_id, version), marks(version, dressed)
    rows = body(by, random.Random(seed), fill, separators)
    transaction = sent(by, rows, separators)
    assert transaction.segments == whole(by, rows)
    verdict = read(transaction, by)
    assert verdict.findings == ()
    assert verdict.tree
    assert [by.definition.places[place].segment.id for place in verdict.tree.places] == [
        row[0] for row in transaction.segments
    ]


@pytest.mark.parametrize(("set_id", "version"), SETS)
@settings(max_examples=2 * FEW, deadline=None)
@given(SEEDS, FILLS, st.integers(0, 3))
def test_the_quick_path_says_clean_if_and_only_if_the_slow_one_names_nothing(
    set_id: str, version: str, seed: int, fill: float, faults: int
) -> None:
    by, separators, dice = table(set_id, version), marks(version, REPEATING), random.Random(seed)
    rows = whole(by, damaged(body(by, dice, fill, separators), dice, faults))
    slowly = Walk(by, rows)
    structural = list(slowly.faults())
    faulty = [
        at for at, place in enumerate(slowly.places)
        if place >= 0 and list(elements.faults(by.definition.places[place].segment, rows[at], separators))
    ]
    quick = walk(rows, by.steps(separators, True))
    assert (quick is None) == bool(structural)
    assert quick is None or quick == (slowly.places, faulty)
    assert len(slowly.places) == len(rows)
    tree = by.definition.hierarchy
    assert tree is None or hierarchy.sound(tree, rows) == (not list(hierarchy.faults(tree, rows)))


@pytest.mark.parametrize(("set_id", "version"), SETS)
@settings(max_examples=FEW, deadline=None)
@given(SEEDS, FILLS, st.integers(1, 3))
def test_a_damaged_document_is_accepted_if_and_only_if_no_finding_refuses_it(
    set_id: str, version: str, seed: int, fill: float, faults: int
) -> None:
    by, separators, dice = table(set_id, version), marks(version, REPEATING), random.Random(seed)
    rows = damaged(body(by, dice, fill, separators), dice, faults)
    if any(row[0] in {"ST", "SE", "GS", "GE", "IEA"} for row in rows):
        return
    verdict = read(sent(by, rows, separators), by)
    effects = {finding.verdict for finding in verdict.findings}
    expected = "rejected" if "R" in effects else "accepted_with_errors" if "E" in effects else "accepted"
    assert verdict.outcome == expected
    for finding in verdict.findings:
        assert finding.kind == "x12.more-findings" or finding.verdict == issues.kind(finding.kind).verdict
        assert finding.note == finding.note.strip() != ""
        assert finding.remedy.endswith(".")
        assert finding.offset is not None
