"""Whose turn it is."""

import threading

from edi_gateway.flows.turns import Turns, at_mailbox
from edi_gateway.ports import Attempt
from tests.flows.stage import CONFIGURATION, Stage, envelope, order


def test_one_visit_collects_posts_answers_and_delivers(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    Turns(stage.house, stage.house.channels).visit("acme")
    assert (len(stage.received("997")), len(stage.received("855"))) == (1, 1)


def test_a_paused_channel_is_not_delivered_to_and_nothing_of_it_is_lost(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    Turns(stage.house, stage.house.channels).visit("acme")
    stage.drop("two.edi", envelope(order("PO-2"), icn=2))
    stage.turn_without_delivering()
    Turns(stage.house, ()).tend()
    assert len(stage.received("855")) == 1
    Turns(stage.house, stage.house.channels).tend()
    assert len(stage.received("855")) == 2


def test_files_for_a_channel_that_is_gone_from_the_configuration_are_told(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn_without_delivering()
    stage.configure("")
    turns = Turns(stage.house, ())
    turns.tend()
    turns.tend()
    assert stage.issues() == ["exchange.channel-unknown"]
    assert stage.ask('SELECT "count" FROM issues') == [(1,)]


def test_a_mailbox_that_fails_rests_until_its_next_visit_and_heals_itself(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    inbox, away = stage.directory / "mailbox/in", stage.directory / "mailbox/away"
    inbox.rename(away)
    turns = Turns(stage.house, stage.house.channels)
    turns.visit("acme")
    turns.tend()
    assert stage.issues() == ["exchange.folder-missing"]
    assert stage.ask('SELECT "count" FROM issues') == [(1,)]
    away.rename(inbox)
    turns.visit("acme")
    assert (stage.issues(), len(stage.received("997")), len(stage.received("855"))) == ([], 1, 1)


def test_what_stood_in_the_way_of_delivering_is_closed_once_nothing_waits(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    inbox, away = stage.directory / "mailbox/in", stage.directory / "mailbox/away"
    inbox.rename(away)
    turns = Turns(stage.house, stage.house.channels)
    turns.visit("acme")
    away.rename(inbox)
    with stage.house.store.unit() as unit:
        for parcel in unit.outbox.ready("acme", 9, stage.house.clock.now()):
            unit.outbox.attempted([Attempt(parcel.id, "delivered")], stage.house.clock.now())
    assert stage.issues() == ["exchange.folder-missing"]
    turns.visit("acme")
    assert stage.issues() == []


def test_a_mailbox_that_takes_long_keeps_no_other_from_being_visited(stage: Stage) -> None:
    """Something is due there, which whoever is at it will deliver, or else the next round at the books."""
    other = stage.directory / "other"
    other.mkdir()
    stage.configure(f'{CONFIGURATION}[channels.other]\ntransport = "folder"\ncollect = "{other}"\nstable_seconds = 0\n')
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn_without_delivering()
    (other / "two.edi").write_text(envelope(order("PO-2"), icn=2), "utf-8")
    turns = Turns(stage.house, stage.house.channels)
    visit = threading.Thread(target=turns.visit, args=["other"], daemon=True)
    with at_mailbox(stage.house, "acme"):
        visit.start()
        visit.join(10)
        assert not visit.is_alive()
        assert [number for number, _ in stage.orders()] == ["PO-1", "PO-2"]
        assert stage.received("855") == []
    turns.tend()
    assert len(stage.received("855")) == 2
