"""Where the count of control numbers goes on from, and what is missing in it."""

import random
import re
from collections.abc import Sequence
from typing import Any

import pytest

from edi_gateway.cli._house import view
from edi_gateway.flows import control, partners
from edi_gateway.issues import GatewayError
from edi_gateway.reports import control as report
from edi_gateway.x12.numbers import LAST
from tests.flows.stage import CONFIGURATION, Stage, envelope, order


def sent(stage: Stage, set_id: str) -> list[tuple[str, str]]:
    """ISA13 and GS06 of what the partner has received."""
    return [
        (text.split("~")[0].split("*")[13], re.findall(r"GS\*[^~]*", text)[0].split("*")[6])
        for text in stage.received(set_id)
    ]


def test_we_go_on_from_the_numbers_of_another_translator(stage: Stage) -> None:
    stage.known()
    control.put(stage.house, "acme", isa13=4711, gs06={"PR": 230, "FA": 9})
    stage.drop("order.edi", envelope(order()))
    stage.turn()
    assert (sent(stage, "997"), sent(stage, "855")) == ([("000004712", "10")], [("000004713", "231")])


def test_numbers_that_were_used_are_used_again_only_when_forced_and_none_is_set_when_one_is_refused(
    stage: Stage,
) -> None:
    stage.known()
    control.put(stage.house, "acme", isa13=100, gs06={"PR": 50})
    with pytest.raises(GatewayError) as raised:
        control.put(stage.house, "acme", isa13=200, gs06={"PR": 49})
    assert raised.value.kind.code == "command.number-used"
    assert stage.ask("SELECT last FROM numbers ORDER BY last") == [(50,), (100,)]
    control.put(stage.house, "acme", isa13=100, gs06={})
    control.put(stage.house, "acme", isa13=7, gs06={}, force=True)
    assert stage.ask("SELECT last FROM numbers ORDER BY last") == [(7,), (50,)]


def test_tests_are_counted_apart(stage: Stage) -> None:
    stage.known(usage="both")
    control.put(stage.house, "acme", isa13=4711, gs06={}, test=True)
    stage.drop("order.edi", envelope(order()))
    stage.turn()
    assert sent(stage, "997")[0][0] == "000000001"


def test_a_scope_says_whose_it_is_and_what_it_counts(stage: Stage) -> None:
    stage.known(our_group="ONE TWO")
    partners.add(stage.house, "other", ours="ZZ:SELLER", theirs="ZZ:OTHER", channel="acme")
    with stage.house.store.reading() as unit:
        acme, other = unit.agreements.named("acme"), unit.agreements.named("other")
    assert acme
    assert other
    for test in (False, True):
        assert control.meaning(acme, control.interchange_scope(acme, test)) == (test, None)
        assert control.meaning(acme, control.group_scope(acme, "PR", test)) == (test, "PR")
        assert control.meaning(other, control.group_scope(acme, "PR", test)) is None


def test_a_partner_who_is_not_known_has_no_numbers(stage: Stage) -> None:
    with pytest.raises(GatewayError) as raised:
        control.put(stage.house, "acme", isa13=1, gs06={})
    assert raised.value.kind.code == "command.partner-unknown"


def came(stage: Stage, *numbers: int, **header: Any) -> None:
    """The partner sends an interchange with each of the numbers, in a round each."""
    for number in numbers:
        stage.drop(f"{number}.edi", envelope(order(f"PO-{number}"), icn=number, group=number, **header))
        stage.turn()


def missing(stage: Stage, number: str = "ISA13") -> list[tuple[int, int]]:
    with view(stage.house) as connection:
        found = [row for row in report.gaps(connection) if row["direction"] == "in" and row["number"] == number]
    return [(row["first"], row["last"]) for row in found]


def left_out(stage: Stage, number: str = "ISA13") -> list[tuple[int, int, str]]:
    with view(stage.house) as connection:
        found = [row for row in report.gaps(connection) if row["direction"] == "out" and row["number"] == number]
    return [(row["first"], row["last"], row["why"]) for row in found]


def test_a_number_that_has_not_come_is_told_until_it_comes_late(stage: Stage) -> None:
    stage.known()
    came(stage, 11, 15)
    assert (missing(stage), missing(stage, "GS06"), stage.issues()) == (
        [(12, 14)], [(12, 14)], ["exchange.number-missing"],
    )
    came(stage, 13)
    assert (missing(stage), stage.issues()) == ([(12, 12), (14, 14)], ["exchange.number-missing"])
    came(stage, 12, 14)
    assert (missing(stage), missing(stage, "GS06"), stage.issues()) == ([], [], [])


def test_nothing_is_missing_before_the_first_number_that_was_counted(stage: Stage) -> None:
    stage.known()
    came(stage, 4711, 4712, 4709)
    assert (missing(stage), stage.issues()) == ([], [])


def test_their_count_goes_round(stage: Stage) -> None:
    stage.known()
    came(stage, 999_999_998, 2)
    assert missing(stage) == [(999_999_999, 999_999_999), (1, 1)]
    came(stage, 1, 999_999_999, 3)
    assert (missing(stage), stage.issues()) == ([], [])


def test_a_number_that_never_changes_leaves_no_gap(stage: Stage) -> None:
    stage.known()
    for number in range(3):
        stage.drop(f"{number}.edi", envelope(order(f"PO-{number}"), icn=1, group=1))
        stage.turn()
    assert (missing(stage), missing(stage, "GS06")) == ([], [])


@pytest.mark.parametrize(
    ("numbers", "gaps"),
    [
        ((5000, 1, 2, 4), [(3, 3)]),
        ((5000, 4000, 5001), []),
        ((50, 10, 11, 51), []),
        ((1, 2, 999_999_999, 3), []),
    ],
)
def test_a_partner_who_counts_anew_is_followed_and_old_numbers_that_come_again_are_not(
    stage: Stage, numbers: Sequence[int], gaps: list[tuple[int, int]]
) -> None:
    with stage.house.commit() as commit:
        for number in numbers:
            commit.unit.numbers.came("ISA13 theirs", number, commit.now)
    with stage.house.store.reading() as unit:
        assert list(unit.numbers.missing("ISA13 theirs")) == gaps


def test_what_is_missing_and_what_comes_late_agrees_with_a_plain_count(stage: Stage) -> None:
    """However the numbers of one circle come, those that are missing are those between the first and the furthest."""
    dice = random.Random(7)
    for round_of in range(20):
        start, scope = dice.randrange(1, LAST), f"ISA13 {round_of}"
        numbers = [step for step in range(1, 40) if dice.random() < 0.6]
        dice.shuffle(numbers)
        numbers.insert(0, 0)
        with stage.house.commit() as commit:
            for step in numbers:
                commit.unit.numbers.came(scope, (start + step - 1) % LAST + 1, commit.now)
            gaps = commit.unit.numbers.missing(scope)
        absent = set(range(max(numbers))) - set(numbers)
        assert {n for first, last in gaps for n in range(first, last + 1)} == {
            (start + step - 1) % LAST + 1 for step in absent
        }


@pytest.mark.parametrize(("policy", "listed"), [("list", [(12, 12)]), ("ignore", [])])
def test_nobody_is_told_of_numbers_that_a_partner_is_known_to_leave_out(
    stage: Stage, policy: str, listed: list[tuple[int, int]]
) -> None:
    says(stage, f'[control_numbers]\nmissing_interchanges = "{policy}"\n')
    came(stage, 11, 13)
    assert (missing(stage), stage.issues()) == (listed, [])


def test_nobody_is_told_of_tests_that_are_missing(stage: Stage) -> None:
    stage.known(usage="both")
    came(stage, 11, 13, usage="T")
    assert (missing(stage), stage.issues()) == ([(12, 12)], [])


def test_what_will_not_come_can_be_forgotten(stage: Stage) -> None:
    stage.known()
    came(stage, 11, 13)
    assert control.forget(stage.house, "acme") == 2
    assert (missing(stage), missing(stage, "GS06"), stage.issues()) == ([], [], [])


def test_every_count_goes_forward_after_a_restore_and_what_is_left_out_is_listed(stage: Stage) -> None:
    stage.known()
    came(stage, 1)
    before = dict(stage.ask("SELECT scope, last FROM numbers"))
    control.bump(stage.house, None, 100)
    assert dict(stage.ask("SELECT scope, last FROM numbers")) == {scope: last + 100 for scope, last in before.items()}
    assert left_out(stage) == [(3, 102, "skipped")]
    came(stage, 2)
    assert (sent(stage, "997")[-1], left_out(stage)) == (("000000103", "102"), [(3, 102, "skipped")])
    assert stage.ask("SELECT kind FROM entries WHERE kind LIKE 'numbers.%'") == [("numbers.bumped",)]


def test_a_bump_goes_round_and_never_back(stage: Stage) -> None:
    stage.known()
    control.put(stage.house, "acme", isa13=LAST - 1, gs06={})
    control.bump(stage.house, "acme", 3)
    came(stage, 1)
    assert sent(stage, "997")[0][0] == "000000003"


def test_after_the_last_number_comes_the_first_for_every_kind_of_number(stage: Stage) -> None:
    says(stage, '[envelope]\ngroup_control_digits = 9\n[control_numbers]\nsets = "running"\n')
    control.put(stage.house, "acme", isa13=LAST, gs06={"FA": LAST, "PR": LAST - 1})
    with stage.house.commit() as commit:
        agreement = commit.unit.agreements.named("acme")
        assert agreement
        commit.unit.numbers.set(control.set_scope(agreement, "855", False), LAST - 1)
    came(stage, 1, 2)
    assert sent(stage, "997")[0] == ("000000001", "000000001")
    assert [group for _, group in sent(stage, "855")] == ["999999999", "000000001"]
    assert [re.findall(r"ST\*855\*(\d+)", text)[0] for text in stage.received("855")] == ["999999999", "0001"]
    assert left_out(stage, "GS06") == []


def test_set_numbers_begin_anew_in_each_group_or_run_on_as_agreed(stage: Stage) -> None:
    stage.known()
    came(stage, 1)
    says(stage, '[control_numbers]\nsets = "running"\n')
    came(stage, 2, 3)
    assert [re.findall(r"ST\*855\*(\d+)", text)[0] for text in stage.received("855")] == ["0001", "0001", "0002"]


@pytest.mark.parametrize("state", ["void", "superseded"])
def test_a_number_that_never_went_is_a_gap(stage: Stage, state: str) -> None:
    stage.known()
    came(stage, 1)
    stage.ask(f"UPDATE parcels SET state = '{state}' WHERE id = 1")
    assert left_out(stage) == [(1, 1, state)]


def test_a_number_is_a_gap_while_a_later_one_went_before_it(stage: Stage) -> None:
    stage.known()
    came(stage, 1)
    stage.ask("UPDATE parcels SET state = 'queued', delivered_at = NULL WHERE id = 1")
    assert left_out(stage) == [(1, 1, "waiting")]
    stage.work()
    assert left_out(stage) == []


def says(stage: Stage, rows: str) -> None:
    """The partner acme has a file with these rows from now on."""
    folder = stage.directory / "mappings" / "partners" / "acme"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "partner.toml").write_text(rows)
    stage.configure(CONFIGURATION)
    stage.known(partner_file="acme")
