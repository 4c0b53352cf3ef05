"""Both judges differ only where a rule says why, and no more often than the page tells."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.pyx12.documents import text
from tests.pyx12.judges import Fault
from tests.pyx12.mutants import CATALOGUE
from tests.pyx12.page import counted, counts_of
from tests.pyx12.rules import UNEXPLAINED, differing
from tests.pyx12.trial import MUTANTS, SETS, VERSION, Court, Difference, Trial

REPRINT = "python -m tests.pyx12 > docs/pyx12-differences.md"


@pytest.fixture(scope="module", params=SETS)
def court(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Court:
    """Both judges of a set."""
    return Court(request.param, VERSION, tmp_path_factory.mktemp("maps"))


@pytest.mark.slow
def test_no_difference_is_new_and_no_count_grows(court: Court, root: Path) -> None:
    told = counts_of((root / "docs" / "pyx12-differences.md").read_text("utf-8"), SETS)[court.definition.set]
    trial = court.mutants()
    assert trial.judged.total() >= MUTANTS
    assert unexplained(trial) == []
    assert grown(counted(trial), told) == {}, f"look at each, then: {REPRINT}"


def test_both_take_every_document_that_is_sound(court: Court) -> None:
    trial = court.unspoilt()
    assert trial.harmless == len(court.documents)
    assert trial.differences == []


@pytest.mark.slow
def test_no_fixture_shows_a_difference_that_no_rule_explains(court: Court, root: Path) -> None:
    trial = court.fixtures(root / "fixtures" / "x12" / court.definition.set / "pass")
    assert trial.judged.total() > 0
    assert unexplained(trial) == []


@pytest.mark.parametrize(
    ("sent", "changed", "ours", "theirs"),
    [
        ("", "", set(), set()),
        ("GE*1*1~", "GE*2*1~", {"group 5"}, {"group 5"}),
        ("GE*1*1~", "GE*1*2~", {"group 4"}, {"group 4"}),
        ("IEA*1*000000001~", "IEA*2*000000001~", {"interchange 021"}, {"interchange 021"}),
        ("IEA*1*000000001~", "IEA*1*000000002~", {"interchange 001"}, {"interchange 001"}),
        ("IEA*1*000000001~", "", {"interchange 023"}, {"interchange 023"}),
        # The group without its end is known as such by us; pyx12 blames the interchange.
        ("GE*1*1~", "", {"group 3"}, {"interchange 024", "segment 3"}),
    ],
)
def test_faults_of_the_envelope_get_the_same_codes(
    court: Court, sent: str, changed: str, ours: set[str], theirs: set[str]
) -> None:
    content = text([court.documents[0].rows], court.definition).replace(sent, changed)
    assert [{fault.short for fault in judge.judge(content)[1]} for judge in court.judges] == [ours, theirs]


def test_a_count_that_grows_and_a_rule_that_is_new_are_both_seen() -> None:
    told = counts_of("| `reason` | 3 | 4 |\n| `blanks` | 0 | 2 |\n", ("850", "855"))
    assert told == {"850": {"reason": 3, "blanks": 0}, "855": {"reason": 4, "blanks": 2}}
    assert grown({"reason": 3}, told["850"]) == {}
    assert grown({"reason": 4, "blanks": 1, "new": 1}, told["850"]) == {"reason": 4, "blanks": 1, "new": 1}


def test_what_no_rule_explains_is_named() -> None:
    fault = next(iter(_unlike().ours))
    assert differing(_unlike()) == [UNEXPLAINED]
    assert unexplained(Trial(differences=[_unlike()])) == [f"odd: ours [{fault}], theirs []: ST*1 SE*2"]


@cache
def _unlike() -> Difference:
    ours = frozenset({Fault("element", "8", 1, "ST", 1)})
    return Difference("odd", (("ST", "1"), ("SE", "2")), ours, frozenset(), frozenset(), "")


def grown(found: Mapping[str, int], told: Mapping[str, int]) -> dict[str, int]:
    """The rules that were needed more often than the page tells."""
    return {name: count for name, count in found.items() if count > told.get(name, 0)}


def unexplained(trial: Trial) -> list[str]:
    """What is left when all rules have been tried, with the document."""
    return [
        f"{one.fault}: ours {sorted(one.ours)}, theirs {sorted(one.theirs)}: "
        + " ".join("*".join(row) for row in one.rows)
        for one in trial.differences if UNEXPLAINED in differing(one)
    ]


def test_every_fault_of_the_catalogue_says_what_it_does() -> None:
    assert [fault.__name__ for fault in CATALOGUE if not (fault.__doc__ or "").endswith(".")] == []
