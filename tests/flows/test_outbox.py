"""What goes first, what waits, and what a person may do with it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from edi_gateway.flows import delivering, desk, invoicing, parcels, partners, shipping, stock
from edi_gateway.flows.turns import Turns
from edi_gateway.issues import GatewayError, exchange, internal
from edi_gateway.ledger.shipping import Freight
from tests.flows.stage import CONFIGURATION, Stage, envelope, order

UPS = Freight(carrier_code="UPSN", carrier="Ground", tracking="1Z999")
LEVELS = [{"product_kind": "upc", "product_id": "700000000001", "quantity": "12"}]
WHOLE = ("997", "855", "856", "810")


@dataclass
class Clock:
    """A clock that goes when it is told to."""

    at: datetime = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)


@pytest.fixture
def clock(stage: Stage) -> Clock:
    clock = Clock()
    stage.house = replace(stage.house, clock=clock)
    return clock


def prepared(stage: Stage, *numbers: str) -> None:
    """Orders that are answered, shipped and charged, and nothing of it delivered."""
    stage.configure('[gateway]\ngs1_prefix = "9999999"\n' + CONFIGURATION)
    stage.known()
    for place, number in enumerate(numbers, start=1):
        stage.drop(f"{number}.edi", envelope(order(number), icn=place, group=place))
    stage.turn_without_delivering()
    for number in numbers:
        shipping.ship(stage.house, 1, number, "", cartons=[{"1": Decimal(3)}], freight=UPS)
        invoicing.invoice(stage.house, 1, number, "")


def parcel(stage: Stage, set_id: str, last: bool = False) -> int:
    """The id of the first parcel of a set, or of the last."""
    found = stage.ask(f"""SELECT id FROM parcels WHERE "set" = '{set_id}' ORDER BY id""")
    return int(found[-1 if last else 0][0])


def states(stage: Stage) -> dict[str, str]:
    """The state of the last parcel of each set."""
    return dict(stage.ask('SELECT "set", state FROM parcels ORDER BY id'))


def document_states(stage: Stage) -> dict[str, str]:
    return dict(stage.ask("""SELECT "set", state FROM documents WHERE direction = 'out' ORDER BY id"""))


def in_the_way(stage: Stage, parcel_id: int) -> Path:
    """Another file of the parcel's name, which keeps it from being delivered."""
    ((name,),) = stage.ask(f"SELECT name FROM parcels WHERE id = {parcel_id}")
    path = stage.directory / "mailbox/in" / str(name)
    path.write_text("theirs")
    return path


def went(stage: Stage) -> list[str]:
    """The sets that were delivered, in the order of it."""
    return [row[0] for row in stage.ask(
        """SELECT "set" FROM attempts JOIN parcels ON parcels.id = parcel_id WHERE outcome = 'delivered'
        ORDER BY attempts.id"""
    )]


def refused(act: Callable[..., object], *given: object) -> str:
    with pytest.raises(GatewayError) as raised:
        act(*given)
    return raised.value.kind.code


def test_parcels_know_what_they_are(stage: Stage) -> None:
    prepared(stage, "PO-1")
    told = stage.ask('SELECT "set", partnership_id, order_number, scope, number FROM parcels ORDER BY id')
    scope = "ISA13 ZZ:SELLER ZZ:ACME P"
    assert told == [
        ("997", None, None, scope, 1), ("855", 1, "PO-1", scope, 2), ("856", 1, "PO-1", scope, 3),
        ("810", 1, "PO-1", scope, 4),
    ]


def test_the_answer_goes_before_the_ship_notice_and_that_before_the_invoice(stage: Stage) -> None:
    prepared(stage, "PO-1", "PO-2")
    for one in stage.ask("SELECT id FROM parcels WHERE \"set\" = '855'"):
        parcels.park(stage.house, one[0])
    stage.work()
    assert went(stage) == ["997", "997"]
    for one in stage.ask("SELECT id FROM parcels WHERE \"set\" = '855'"):
        parcels.unpark(stage.house, one[0])
    stage.work()
    assert went(stage)[2:] == ["855", "855", "856", "856", "810", "810"]


def test_what_cannot_go_keeps_only_what_must_go_behind_it(stage: Stage) -> None:
    prepared(stage, "PO-1", "PO-2")
    stuck = parcel(stage, "855")
    theirs = in_the_way(stage, stuck)
    stage.work()
    assert went(stage) == ["997", "997", "855", "856", "810"]
    assert stage.ask("SELECT kind, partner, \"order\" FROM issues WHERE state = 'open'") == [
        ("exchange.name-taken", "acme", "PO-1"),
    ]
    theirs.unlink()
    stage.work()
    assert (went(stage)[5:], stage.issues()) == (["855", "856", "810"], [])


def test_a_partner_may_want_every_number_in_its_order(stage: Stage) -> None:
    folder = stage.directory / "mappings/partners/strict"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text("[sending]\nstrict_order = true\n")
    stage.configure(CONFIGURATION)
    stage.known(partner_file="strict")
    for place in (1, 2):
        stage.drop(f"{place}.edi", envelope(order(f"PO-{place}"), icn=place, group=place))
    stage.turn_without_delivering()
    theirs = in_the_way(stage, parcel(stage, "855"))
    stage.work()
    assert went(stage) == ["997"]
    theirs.unlink()
    stage.work()
    assert stage.ask("SELECT number FROM attempts JOIN parcels ON parcels.id = parcel_id WHERE outcome = 'delivered' "
                     "ORDER BY attempts.id") == [(1,), (2,), (3,), (4,)]


def test_a_newer_full_report_takes_the_place_of_one_that_has_not_gone(stage: Stage) -> None:
    stage.known()
    stock.count(stage.house, LEVELS)
    stock.send(stage.house, 1)
    stock.send(stage.house, 1)
    stage.work()
    assert stage.ask("SELECT number, state FROM parcels ORDER BY id") == [(1, "superseded"), (2, "delivered")]
    assert [row[2] for row in stage.documents()] == ["superseded", "delivered"]
    stock.send(stage.house, 1)
    assert stage.ask("SELECT state FROM parcels ORDER BY id") == [("superseded",), ("delivered",), ("queued",)]


def test_reports_to_several_partnerships_do_not_supersede_each_other(stage: Stage) -> None:
    stage.known(reference="A")
    partners.add(stage.house, "acme", partnership_name="acme-outlet", reference="B", price_list="list", currency="USD")
    stock.count(stage.house, LEVELS)
    stock.send(stage.house, 1)
    stock.send(stage.house, 2)
    stage.work()
    assert stage.ask("SELECT state FROM parcels") == [("delivered",), ("delivered",)]


def test_pauses_grow_with_every_failure_and_have_an_end() -> None:
    may_help = [delivering.pause(exchange.CUT_OFF, tries, 0) for tries in range(1, 40)]
    must_change = [delivering.pause(internal.ARCHIVE_LOST, tries, 0) for tries in range(1, 40)]
    assert [pause.total_seconds() for pause in may_help[:4]] == [30, 60, 120, 240]
    assert (max(may_help), max(must_change)) == (timedelta(minutes=30), timedelta(hours=24))
    assert all(one < two for one, two in zip(may_help, must_change, strict=True))
    spread = {delivering.pause(exchange.CUT_OFF, 1, number) for number in range(100)}
    assert (len(spread), max(spread) <= timedelta(seconds=33)) == (100, True)


def test_a_parcel_that_failed_pauses_is_tried_when_due_and_at_once_when_a_person_asks(
    stage: Stage, clock: Clock
) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn_without_delivering()
    stuck = parcel(stage, "855")
    in_the_way(stage, stuck)
    tries = [delivering_tries(stage, stuck) for _ in range(3)]
    assert tries == [1, 2, 2]
    clock.pass_by(seconds=70)
    assert delivering_tries(stage, stuck) == 3
    parcels.retry(stage.house, stuck)
    assert delivering_tries(stage, stuck) == 4
    assert stage.issues() == ["exchange.name-taken"]


def delivering_tries(stage: Stage, parcel_id: int) -> int:
    delivering.deliver(stage.house, "acme")
    return int(stage.ask(f"SELECT COUNT(*) FROM attempts WHERE parcel_id = {parcel_id}")[0][0])


def test_between_visits_nothing_is_tried_before_it_is_due(stage: Stage, clock: Clock) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn_without_delivering()
    stuck = parcel(stage, "855")
    in_the_way(stage, stuck)
    turns = Turns(stage.house, stage.house.channels)
    turns.tend()
    turns.tend()
    assert len(stage.ask(f"SELECT * FROM attempts WHERE parcel_id = {stuck}")) == 1
    clock.pass_by(seconds=40)
    turns.tend()
    assert len(stage.ask(f"SELECT * FROM attempts WHERE parcel_id = {stuck}")) == 2


def test_a_stuck_parcel_does_not_make_its_mailbox_wait_for_the_next_visit(stage: Stage) -> None:
    stage.known()
    stage.drop("one.edi", envelope(order("PO-1")))
    stage.turn_without_delivering()
    in_the_way(stage, parcel(stage, "855"))
    turns = Turns(stage.house, stage.house.channels)
    turns.visit("acme")
    stage.drop("two.edi", envelope(order("PO-2"), icn=2, group=2))
    stage.turn_without_delivering()
    turns.tend()
    assert states(stage)["855"] == "delivered"


def test_an_issue_stays_open_while_what_it_is_about_pauses_and_others_go(stage: Stage, clock: Clock) -> None:
    stage.known()
    stage.drop("one.edi", envelope(order("PO-1")))
    stage.turn_without_delivering()
    theirs = in_the_way(stage, parcel(stage, "855"))
    stage.work()
    stage.work()
    stage.drop("two.edi", envelope(order("PO-2"), icn=2, group=2))
    stage.turn()
    assert (went(stage), stage.issues()) == (["997", "997", "855"], ["exchange.name-taken"])
    theirs.unlink()
    clock.pass_by(minutes=5)
    stage.work()
    assert (went(stage)[3:], stage.issues()) == (["855"], [])


def test_many_that_cannot_go_do_not_starve_those_that_come_after(
    stage: Stage, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "PARCELS_PER_ROUND", delivering.PAGE_PARCELS)
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn_without_delivering()
    with stage.house.commit() as commit:
        digest = stage.house.archive.keep(b"ours")
        for number in range(70):
            stuck(stage, f"stuck{number}.edi")
            commit.unit.connection.exec_driver_sql(  # type: ignore[attr-defined]
                "INSERT INTO parcels (id, channel, name, digest, size_bytes, state, queued_at) "
                f"VALUES (-{number + 1}, 'acme', 'stuck{number}.edi', '{digest}', 4, 'queued', '2026-03-02 12:00:00')"
            )
    delivering.deliver(stage.house, "acme")
    assert went(stage) == []
    delivering.deliver(stage.house, "acme")
    assert went(stage) == ["997", "855"]


def stuck(stage: Stage, name: str) -> None:
    (stage.directory / "mailbox/in" / name).write_text("theirs")


def test_a_parcel_never_goes_behind_a_voided_one_and_its_documents_say_so(stage: Stage) -> None:
    prepared(stage, "PO-1")
    parcels.void(stage.house, parcel(stage, "855"), "ordered by mistake")
    stage.work()
    assert went(stage) == ["997", "856", "810"]
    assert (states(stage)["855"], document_states(stage)["855"]) == ("void", "void")
    assert refused(parcels.void, stage.house, parcel(stage, "855"), "again") == "command.parcel-state"
    assert refused(parcels.void, stage.house, 99, "again") == "command.parcel-unknown"
    voided = stage.ask("SELECT id FROM documents WHERE state = 'void'")[0][0]
    assert refused(desk.resend, stage.house, voided) == "command.never-goes"
    ((said,),) = stage.ask("SELECT data FROM entries WHERE kind = 'parcel.void'")
    assert json.loads(said) == {"parcel": parcel(stage, "855"), "reason": "ordered by mistake"}


def test_an_issue_closes_when_what_it_was_about_is_voided(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn_without_delivering()
    in_the_way(stage, parcel(stage, "855"))
    stage.work()
    assert stage.issues() == ["exchange.name-taken"]
    parcels.void(stage.house, parcel(stage, "855"), "they know")
    assert stage.issues() == []


def test_a_parcel_is_delivered_by_hand_when_the_digest_is_that_of_its_bytes(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn_without_delivering()
    one = parcel(stage, "855")
    ((digest,),) = stage.ask(f"SELECT digest FROM parcels WHERE id = {one}")
    assert refused(parcels.delivered_by_hand, stage.house, one, "0" * 64) == "command.parcel-differs"
    parcels.delivered_by_hand(stage.house, one, f" {digest.upper()}\n")
    stage.work()
    assert (states(stage)["855"], document_states(stage)["855"]) == ("delivered", "delivered")
    assert stage.received("855") == []


def test_a_parcel_is_delivered_by_hand_when_the_file_in_the_mailbox_holds_its_bytes(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn_without_delivering()
    one = parcel(stage, "855")
    assert refused(parcels.delivered_as_seen, stage.house, one) == "command.parcel-not-there"
    there = in_the_way(stage, one)
    assert refused(parcels.delivered_as_seen, stage.house, one) == "command.parcel-differs"
    ((digest,),) = stage.ask(f"SELECT digest FROM parcels WHERE id = {one}")
    there.write_bytes(stage.house.archive.read(digest))
    parcels.delivered_as_seen(stage.house, one)
    assert (states(stage)["855"], document_states(stage)["855"]) == ("delivered", "delivered")


def test_a_parked_parcel_rests_and_is_neither_retried_nor_acknowledged_again(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn_without_delivering()
    parcels.park(stage.house, parcel(stage, "997"), "not today")
    assert refused(parcels.retry, stage.house, parcel(stage, "997")) == "command.parcel-state"
    stage.drop("again.edi", envelope(order()))
    stage.turn()
    assert (states(stage)["997"], states(stage)["855"]) == ("parked", "delivered")
    parcels.unpark(stage.house, parcel(stage, "997"))
    stage.work()
    assert states(stage)["997"] == "delivered"


def test_outcomes_whose_commit_is_lost_make_the_same_files_go_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(stage, "PO-1")

    def lost(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(delivering, "_book", lost)
        with pytest.raises(KeyboardInterrupt):
            stage.work()
    first = {path.name: path.read_bytes() for path in (stage.directory / "mailbox/in").iterdir()}
    assert (sorted(name[10:13] for name in first), went(stage)) == (["855", "997"], [])
    stage.work()
    there = {path.name: path.read_bytes() for path in (stage.directory / "mailbox/in").iterdir()}
    assert (went(stage), first.items() <= there.items(), stage.issues()) == (list(WHOLE), True, [])
