"""The expression that passes over sound segments passes over none that a check would stop at."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks import inputs
from edi_gateway.x12 import pattern
from edi_gateway.x12.judge import Judge
from edi_gateway.x12.pattern import Pattern, unsound
from edi_gateway.x12.read import read
from edi_gateway.x12.spec import Element, Segment
from tests.x12 import generator
from tests.x12.workshop import transactions

MARKS = generator.REPEATING.all
Rows = Sequence[list[str]]


@pytest.fixture(autouse=True)
def warm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pattern, "_WARM", 0)


def told(by: Pattern, rows: Rows, checks: dict[str, Judge], end: str = "~") -> list[int]:
    """What a pattern says of some segments, once it is certain that the checks say the same."""
    text, ids = "".join("*".join(row) + end for row in rows), [row[0] for row in rows]
    found = list(by.unsound(text, rows, ids, [checks[id] for id in ids]))
    assert [(at, faults) for at, _, faults in found] == [
        (at, faults) for at, _, faults in unsound(rows, [checks[id] for id in ids])
    ]
    for at, start, _ in found:
        assert start is None or start == len(end.join("*".join(row) for row in [*rows[:at], [""]]))
    return [at for at, _, _ in found]


def judge(*elements: Element, repetition: str | None = None, component: str | None = None) -> Judge:
    return Judge(Segment("ANY", "any", elements), component, repetition)


@pytest.mark.parametrize(("set_id", "version"), generator.defined())
def test_of_any_documents_a_pattern_says_what_the_checks_say(set_id: str, version: str) -> None:
    table, dice, by = generator.table(set_id, version), random.Random(set_id + version), Pattern("*", "~", MARKS)
    steps = table.steps(generator.REPEATING, True)
    ids = {each.segment.id for each in table.definition.places}
    checks = {id: steps.checks(table.stands(id)[0].index) for id in ids}
    faulty = 0
    for body in generator.documents(table, 5, 30):
        document = [row for row in generator.whole(table, body) if row[0] in checks]
        told(by, document, checks)
        faulty += len(told(by, [row for row in generator.damaged(document, dice, 4) if row[0] in checks], checks))
    assert faulty, "nothing of all that was faulty"


ELEMENTS = [
    Element(1, "1", "text", "M", "AN", 1, 5), Element(1, "2", "text", "O", "AN", 2, 3),
    Element(1, "3", "code", "O", "ID", 2, 3, codes=frozenset({"AB", "ABC", "B1", ".", "A-B"})),
    Element(1, "4", "number", "M", "R", 1, 6), Element(1, "5", "number", "O", "R", 1, 2),
    Element(1, "6", "number", "O", "R", 2, 9), Element(1, "7", "count", "O", "N0", 1, 3),
    Element(1, "8", "day", "O", "DT", 8, 8), Element(1, "9", "day", "M", "DT", 6, 6),
    Element(1, "10", "day", "O", "DT", 6, 8), Element(1, "11", "time", "O", "TM", 4, 8),
    Element(1, "12", "time", "O", "TM", 6, 8), Element(1, "13", "many", "O", "AN", 1, 2, repeat=2),
    Element(1, "14", "parts", "O", "COMP", 1, 9, components=(
        Element(1, "3", "code", "M", "ID", 2, 3, codes=frozenset({"AB", "B1"})),
        Element(2, "1", "text", "O", "AN", 1, 2),
    )),
    Element(1, "15", "parts", "O", "COMP", 1, 9, components=(
        Element(1, "1", "text", "M", "AN", 1, 5), Element(2, "1", "text", "M", "AN", 1, 2),
    )),
]
CHECKS = {f"S{at:02}": judge(each, component=">", repetition="^") for at, each in enumerate(ELEMENTS)}
KNOWN = ["A", "AB", "ABC", "B1", "1", "12.5", "12345", "20260301", "260301", "0930", "093000", "20240229", ".5", "AB>1"]
ODD = ["20230229", "20261301", "260431", "2460", "-1", "1.", ".5", "1.2.3", "AB>1", "A^B", "^", ">"]
VALUES = st.one_of(st.sampled_from(KNOWN + ODD), st.text("0123456789.-+AB >^", max_size=10))


@given(st.lists(st.tuples(st.sampled_from(sorted(CHECKS)), VALUES), max_size=30))
@example([("S14", "AB")])
@example([("S03", "1234567")])
@example([("S03", "12345.6")])
@example([("S10", "236"), ("S08", "260230")])
def test_of_any_value_a_pattern_says_what_the_checks_say(segments: list[tuple[str, str]]) -> None:
    by = Pattern("*", "~\n", MARKS + "\n")
    for _ in range(3):
        told(by, [[id, value] for id in CHECKS for value in KNOWN], CHECKS, "~\n")
    told(by, [[id, value] for id, value in segments], CHECKS, "~\n")


def test_a_file_of_sound_sets_is_passed_over_without_asking_a_check(monkeypatch: pytest.MonkeyPatch) -> None:
    table = generator.table("850", "004010")
    orders = transactions(inputs.varied_orders(0.3))
    for one in orders:
        assert read(one, table).outcome == "accepted"

    def refused(*_: object) -> None:
        raise AssertionError("a check was asked")

    monkeypatch.setattr(pattern.Learned, "take_up", refused)
    monkeypatch.setattr("edi_gateway.x12.walk.unsound", refused)
    monkeypatch.setattr(pattern, "unsound", refused)
    for one in orders[-50:]:
        assert one.alone is not None
        assert read(one, table).outcome == "accepted"


@pytest.mark.parametrize("end", ["~", "~\n", "~\r\n"])
def test_where_a_fault_stands_in_the_file_is_known_whatever_was_passed_over(end: str) -> None:
    content = inputs.spoiled_orders(0.2).replace(b"~", end.encode())
    table, told = generator.table("850", "004010"), 0
    for one in transactions(content):
        for finding in read(one, table).findings:
            assert finding.offset is not None
            assert finding.position is not None
            assert content[finding.offset:].split(end.encode(), 1)[0] == "*".join(
                one.segments[finding.position - 1]
            ).encode()
            told += 1
    assert told > 100


def test_where_hardly_a_form_comes_again_the_checks_go_on_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pattern, "_MISSES_MAX", 20)
    wide = judge(*(Element(at, str(at), "text", "O", "AN", 1, 5) for at in range(1, 13)))
    dice, by = random.Random(1), Pattern("*", "~", "*~")
    rows = [["ANY", *dice.choices(["", "A"], k=12)] for _ in range(400)]
    told(by, rows, {"ANY": wide})
    assert by.source == Pattern("*", "~", "*~").source
    told(by, [["ANY", "toolong"], *rows], {"ANY": wide})


def test_a_separator_that_may_stand_in_a_number_makes_no_pattern() -> None:
    by, number = Pattern("5", "~", "5~"), judge(Element(1, "1", "number", "O", "R", 1, 9))
    rows = [["NUM", "12"]] * 50
    assert by.unsound("NUM512~" * 50, rows, ["NUM"] * 50, [number] * 50) == ()
    assert by.source == Pattern("5", "~", "5~").source


def test_an_id_that_is_checked_otherwise_elsewhere_in_a_set_is_left_to_its_checks() -> None:
    wide, narrow = (judge(Element(1, "1", "text", "M", "AN", 1, most)) for most in (5, 1))
    by, ids, checks = Pattern("*", "~", "*~"), ["ANY", "ANY"] * 20, [wide, narrow] * 20
    sound, faulty = [["ANY", "AAAAA"], ["ANY", "A"]] * 20, [["ANY", "AAAAA"], ["ANY", "AA"]] * 20
    for rows, wrong in ((sound, []), (sound, []), (faulty, list(range(1, 40, 2)))):
        found = by.unsound("".join("*".join(row) + "~" for row in rows), rows, ids, checks)
        assert [at for at, _, _ in found] == wrong
