"""One structural fault is one finding, whatever follows it: on documents made out of the rows of every set."""

from collections import Counter
from collections.abc import Callable

import pytest

from edi_gateway.issues import x12
from edi_gateway.x12.compile import Table
from edi_gateway.x12.diagnose import Fault, Walk
from tests.x12.generator import Row, defined, documents, table, whole
from tests.x12.workshop import GOOD, judge

SETS = [pytest.param(*one, id="-".join(one)) for one in defined()]
Damage = Callable[[list[Row], int], list[Row]]


def faults(by: Table, rows: list[Row]) -> list[Fault]:
    return list(Walk(by, rows).faults())


@pytest.mark.parametrize(("set_id", "version"), SETS)
def test_a_mandatory_segment_that_is_left_out_is_the_one_thing_missing(set_id: str, version: str) -> None:
    by = table(set_id, version)
    (body,) = documents(by, seed=1, count=1, fill=0.0)
    rows = whole(by, body)
    assert faults(by, rows) == []
    for at in range(1, len(rows) - 1):
        (found,) = faults(by, rows[:at] + rows[at + 1:])
        assert (found.kind, found.segment, found.index) == (x12.SEGMENT_MISSING, rows[at][0], at)
        assert found.note.endswith(f"it must stand before {rows[at + 1][0]} (segment {at + 1})")


DAMAGES: dict[str, tuple[Damage, int, int]] = {
    # What is done, how many findings it may give at the very most, and of a thousand how many more than one.
    "left out": (lambda rows, at: rows[:at] + rows[at + 1:], 2, 5),
    "twice": (lambda rows, at: [*rows[:at], rows[at], *rows[at:]], 1, 0),
    "swapped": (lambda rows, at: [*rows[:at], rows[at + 1], rows[at], *rows[at + 2:]], 2, 20),
    "of no standard before it": (lambda rows, at: [*rows[:at], ["ZZZ", "1"], *rows[at:]], 1, 0),
    "under a name nobody knows": (lambda rows, at: [*rows[:at], ["QQQ", "1"], *rows[at + 1:]], 2, 150),
}


@pytest.mark.parametrize("what", DAMAGES)
def test_one_segment_gives_one_finding_with_few_exceptions(what: str) -> None:
    damage, most, share = DAMAGES[what]
    told: Counter[int] = Counter()
    for by in (table(*one) for one in defined()):
        for body in documents(by, seed=3, count=3, fill=0.4):
            rows = whole(by, body)
            for at in range(1, len(rows) - 2):
                told[len(faults(by, damage(rows, at)))] += 1
    assert max(told) <= most, told
    assert sum(count for number, count in told.items() if number > 1) * 1000 <= share * told.total(), told


def test_what_stands_in_a_loop_without_its_first_segment_is_judged_and_stands_nowhere() -> None:
    by = table("850", "004010")
    body = [["BEG", "00", "SA", "1", "", "20240229"], ["N3", "A STREET"], ["N4", "A TOWN"], ["PO1"]]
    walk = Walk(by, whole(by, body))
    (found,) = walk.faults()
    assert (found.kind, found.segment, found.loop, found.index) == (x12.SEGMENT_UNEXPECTED, "N3", "N1", 2)
    assert walk.places[2:4] == [-1, -1]
    assert [by.definition.places[place].segment.id for place in walk.judged] == ["ST", "BEG", "N3", "N4", "PO1", "SE"]


def test_a_first_segment_that_must_be_there_is_missing_and_not_what_follows_it_out_of_place() -> None:
    by = table("846", "004010")
    body = [["BIA", "00", "MM", "1", "20240229"], ["QTY", "33", "4"], ["QTY", "17", "2"], ["CTT", "1"]]
    (found,) = faults(by, whole(by, body))
    assert (found.kind, found.segment, found.index) == (x12.SEGMENT_MISSING, "LIN", 2)


@pytest.mark.parametrize("line", ["QQQ*1", "BEG*00*SA*1**20240229", "PO1*1*1*QQ*X", "N3*A"])
def test_a_set_of_nothing_but_faults_is_read_to_its_end(line: str) -> None:
    by = table("850", "004010")
    rows = whole(by, [["BEG", "00", "SA", "1", "", "20240229"], *[line.split("*")] * 5_000])
    walk = Walk(by, rows)
    assert sum(1 for _ in walk.faults()) <= 5_001
    assert len(walk.places) == len(walk.judged) == len(rows)


def test_a_loop_that_occurs_far_too_often_is_one_finding() -> None:
    lines = [f"LIN*{number}*1*EA" for number in range(200)]
    told = judge(GOOD[0], *lines, "CTT*200")
    assert [(finding.kind, finding.position) for finding in told.findings] == [("x12.loop-too-many", 7)]
