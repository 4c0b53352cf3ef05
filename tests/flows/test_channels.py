"""What people do with a channel, and how its rounds obey."""

import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from edi_gateway.flows import admitting, channels, collecting, waiting
from edi_gateway.flows.turns import Turns
from edi_gateway.issues import GatewayError
from edi_gateway.ports import Sighting
from edi_gateway.wiring import open_house
from tests.flows.stage import CONFIGURATION, Stage, envelope, order


def visit(stage: Stage) -> None:
    Turns(stage.house, stage.house.channels).visit("acme")


def lying(stage: Stage) -> list[str]:
    """What lies in the mailbox for us."""
    return sorted(file.name for file in (stage.directory / "mailbox/out").iterdir())


def test_a_paused_channel_is_neither_collected_from_nor_delivered_to_until_it_is_resumed(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn_without_delivering()
    channels.pause(stage.house, "acme")
    stage.drop("two.edi", envelope(order("PO-2"), icn=2))
    turns = Turns(stage.house, stage.house.channels)
    turns.visit("acme")
    turns.tend()
    assert (lying(stage), stage.received("855"), len(stage.orders())) == (["two.edi"], [], 1)
    channels.resume(stage.house, "acme")
    turns.visit("acme")
    assert (lying(stage), len(stage.received("855")), stage.issues()) == ([], 2, [])


def test_pausing_waits_for_the_round_in_hand(stage: Stage) -> None:
    with stage.house.locks.hold("channel-acme"):
        pausing = threading.Thread(target=channels.pause, args=(stage.house, "acme"))
        pausing.start()
        pausing.join(0.2)
        assert pausing.is_alive()
    pausing.join()


def test_pausing_and_resuming_twice_is_the_same_as_once(stage: Stage) -> None:
    for act in (channels.pause, channels.pause, channels.resume, channels.resume):
        act(stage.house, "acme")
    assert stage.ask("SELECT name, paused_at FROM channels") == [("acme", None)]


def test_a_look_at_a_mailbox_changes_nothing_there_nor_on_the_books(stage: Stage) -> None:
    stage.drop("order.edi", envelope(order()))
    look = channels.look(stage.house, "acme")
    assert ([file.name for file in look.files], look.seen, look.delivers) == (["order.edi"], 0, True)
    assert (lying(stage), list((stage.directory / "mailbox/in").iterdir())) == (["order.edi"], [])
    assert stage.ask("SELECT * FROM arrivals") + stage.ask("SELECT * FROM issues") == []


@pytest.mark.parametrize("folder", ["out", "in"])
def test_a_look_tells_what_would_keep_a_round_from_its_work_and_opens_no_issue(stage: Stage, folder: str) -> None:
    (stage.directory / "mailbox" / folder).rmdir()
    with pytest.raises(GatewayError) as raised:
        channels.look(stage.house, "acme")
    assert (raised.value.kind.code, stage.issues()) == ("exchange.folder-missing", [])


@pytest.mark.parametrize("act", [channels.look, channels.pause, channels.resume, channels.baseline])
def test_a_channel_that_is_not_there_is_told_with_those_that_are(stage: Stage, act: object) -> None:
    assert callable(act)
    with pytest.raises(GatewayError, match="there are acme") as raised:
        act(stage.house, "acmee")
    assert raised.value.kind.code == "command.channel-unknown"


def test_files_marked_as_seen_stay_and_are_not_collected_while_they_are_the_same_copies(stage: Stage) -> None:
    stage.known()
    for number in range(3):
        stage.drop(f"old-{number}.edi", envelope(order(f"OLD-{number}"), icn=number + 1))
    assert channels.baseline(stage.house, "acme") == (3, 3)
    stage.drop("new.edi", envelope(order("NEW"), icn=9))
    visit(stage)
    assert (stage.orders(), stage.issues()) == ([("NEW", "accepted")], [])
    assert lying(stage) == ["old-0.edi", "old-1.edi", "old-2.edi"]
    assert channels.baseline(stage.house, "acme") == (3, 0)
    os.utime(stage.directory / "mailbox/out/old-1.edi", (1, 1))
    visit(stage)
    assert (len(stage.orders()), lying(stage)) == (2, ["old-0.edi", "old-2.edi"])


NARROW = f'{CONFIGURATION}names = ["PO_*"]\nbytes_per_file_max = 2000\n'
GONE = ".PO_9.edi.gone.taken"
"""What a gateway left behind that is gone."""


def dead_house(stage: Stage) -> Path:
    """A file that lies there under the claim of a gateway which is gone."""
    path = stage.directory / "mailbox/out" / GONE
    path.write_text(envelope(order("PO-9"), icn=9, group=9), encoding="utf-8")
    return path


def states(stage: Stage) -> dict[str, str]:
    return {file.lies_as: file.state for file in channels.files(stage.house, "acme")}


def test_everything_that_lies_in_a_mailbox_is_listed_with_what_becomes_of_it(stage: Stage) -> None:
    stage.configure(NARROW)
    dead_house(stage)
    for name in ("INV_1.edi", "PO_1.pdf", ".PO_2.edi.part", "PO_3.edi", "PO_\n.edi"):
        stage.drop(name, envelope(order("PO-3"), icn=3))
    stage.drop("PO_4.edi", "x" * 3000)
    with stage.house.channels["acme"]() as mailbox:
        stage.drop("PO_5.edi", envelope(order("PO-5"), icn=5))
        [ours] = mailbox.claim([file for file in mailbox.list() if file.name == "PO_5.edi"])
    hidden = next(name for name in lying(stage) if name.startswith(".PO_5"))
    assert ours.outcome == "claimed"
    assert states(stage) == {
        "INV_1.edi": "passed over: name", "PO_1.pdf": "passed over: extension",
        ".PO_2.edi.part": "passed over: hidden or temporary name", GONE: "claimed by another gateway",
        "PO_3.edi": "new", "PO_4.edi": "too large", "PO_\\n.edi": "badly named", hidden: "claimed by us",
    }
    look = channels.look(stage.house, "acme")
    assert (len(look.files), look.passed_over) == (4, 4)


def test_another_gateways_claim_is_told_after_days_and_its_file_is_collected_when_it_is_given_back(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.known()
    dead_house(stage)
    visit(stage)
    assert (stage.issues(), states(stage)) == ([], {GONE: "claimed by another gateway"})
    monkeypatch.setattr(waiting, "ABANDONED", timedelta(0))
    visit(stage)
    assert stage.issues() == ["exchange.claim-abandoned"]
    channels.unclaim(stage.house, "acme", GONE)
    assert lying(stage) == ["PO_9.edi"]
    visit(stage)
    assert (stage.orders(), stage.issues(), lying(stage)) == ([("PO-9", "accepted")], [], [])


def test_a_claim_that_is_only_watched_is_written_down_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    dead_house(stage)
    visit(stage)
    monkeypatch.setattr(stage.house.store, "unit", lambda: pytest.fail("it wrote"))
    collecting.collect(stage.house, "acme")


@pytest.mark.parametrize(
    ("hidden", "state"),
    [(GONE, "new"), (".PO_9.pdf.gone.taken", "passed over: extension"), (".IN_9.edi.gone.taken", "passed over: name"),
     (".PO_9.edi.part.gone.taken", "passed over: hidden or temporary name"),
     ("..PO_9.edi.a.taken.b.taken", "claimed by another gateway")],
)
def test_it_is_told_what_becomes_of_a_file_that_is_given_back(stage: Stage, hidden: str, state: str) -> None:
    stage.configure(NARROW)
    dead_house(stage).rename(stage.directory / "mailbox/out" / hidden)
    found = channels.unclaim(stage.house, "acme", hidden)
    assert found is not None
    assert ([found.lies_as], found.state) == (lying(stage), state)


def test_a_copy_that_we_have_dealt_with_is_not_collected_when_it_is_given_back(stage: Stage) -> None:
    stage.known()
    stage.configure(f'{CONFIGURATION}after = "leave"\n')
    dead_house(stage).rename(stage.directory / "mailbox/out/PO_9.edi")
    visit(stage)
    (stage.directory / "mailbox/out/PO_9.edi").rename(stage.directory / "mailbox/out" / GONE)
    found = channels.unclaim(stage.house, "acme", GONE)
    assert found is not None
    assert (found.state, found.processed) == ("left", True)


@pytest.mark.parametrize("name", ["PO_1.edi", ".PO_1.edi.part", "PO_9.edi"])
def test_what_no_other_gateway_has_claimed_is_not_given_back(stage: Stage, name: str) -> None:
    dead_house(stage)
    stage.drop("PO_1.edi", "x")
    with pytest.raises(GatewayError, match="gone") as raised:
        channels.unclaim(stage.house, "acme", name)
    assert raised.value.kind.code == "command.claim-unknown"
    assert lying(stage) == [GONE, "PO_1.edi"]


def test_a_file_that_came_by_mail_is_run_as_if_it_had_been_collected(stage: Stage) -> None:
    stage.known()
    content = envelope(order()).encode()
    admission = admitting.receive(stage.house, "acme", Sighting("mail.edi", len(content), None), content)
    stage.work()
    assert (admission.verdict, stage.orders(), len(stage.received("997"))) == ("new", [("PO-1", "accepted")], 1)
    again = admitting.receive(stage.house, "acme", Sighting("mail.edi", len(content), None), content)
    stage.work()
    assert (again.verdict, len(stage.orders()), len(stage.received("855"))) == ("duplicate", 1, 1)


def test_two_processes_at_one_mailbox_do_every_file_once(stage: Stage) -> None:
    """As `edi-gateway poll` beside a gateway that runs: two houses that share a folder and no memory."""
    stage.known()
    for number in range(20):
        stage.drop(f"{number:02}.edi", envelope(order(f"PO-{number:02}"), icn=number + 1, group=number + 1))
    with open_house(stage.directory) as other:
        threads = [
            threading.Thread(target=Turns(house, house.channels).visit, args=("acme",))
            for house in (stage.house, other) * 3
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (len(stage.orders()), stage.issues(), lying(stage)) == (20, [], [])
    assert (len(stage.received("997")), len(stage.received("855"))) == (20, 20)
    assert stage.ask("SELECT DISTINCT verdict FROM arrivals") == [("new",)]
    assert stage.ask("SELECT count(*), count(DISTINCT parcel_id) FROM attempts") == [(40, 40)]
