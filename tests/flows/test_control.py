"""Where the count of control numbers goes on from."""

import re

import pytest

from edi_gateway.flows import control, partners
from edi_gateway.issues import GatewayError
from tests.flows.stage import Stage, envelope, order


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
