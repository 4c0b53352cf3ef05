"""A right is taken away and given back: one issue that names it, nothing lost or doubled, and it heals by itself."""

import os

import pytest

from edi_gateway.flows import channels
from tests.matrix.conftest import Build
from tests.transports.disk import open_ground
from tests.transports.ssh_daemon import RENAMES, SshDaemon

ROUNDS = 3


@pytest.mark.parametrize("claim", [False, True], ids=["unclaimed", "claimed"])
@pytest.mark.parametrize(
    ("right", "told"),
    [("list", "list-denied"), ("read", "read-denied"), ("delete", "delete-denied"), ("write", "write-denied")],
)
def test_a_right_that_is_taken_away_is_one_issue_and_heals_when_it_is_given_back(
    build: Build, right: str, told: str, *, claim: bool
) -> None:
    scene = build(claim=claim)
    scene.order("first.edi")
    scene.plug.deny(right)
    for _ in range(ROUNDS):
        scene.turn()
        assert scene.lost() == []
    assert f"exchange.{told}" in scene.issues()
    assert scene.ask(f"SELECT count(*) FROM issues WHERE kind = 'exchange.{told}'") == [(1,)]
    scene.plug.grant(right)
    scene.order("second.edi")
    scene.turn()
    assert scene.unhealed() == []


def test_without_the_right_to_rename_files_are_taken_as_they_are_and_what_is_to_go_waits(ours: Build) -> None:
    scene = ours(claim=True)
    scene.order("first.edi")
    scene.plug.deny("rename")
    for _ in range(ROUNDS):
        scene.turn()
        assert scene.lost() == []
    assert scene.issues() == ["exchange.claim-refused", "exchange.rename-denied"]
    assert scene.plug.waiting() == {}
    scene.plug.grant("rename")
    scene.order("second.edi")
    scene.turn()
    assert scene.unhealed() == []


def test_a_file_that_may_not_be_moved_away_is_never_imported_twice(ours: Build) -> None:
    scene = ours(after="move")
    scene.order("first.edi")
    scene.plug.deny("rename")
    for _ in range(ROUNDS):
        scene.turn()
        assert scene.lost() == []
    assert "exchange.rename-denied" in scene.issues()
    assert scene.ask("SELECT count(*) FROM receipts") == [(1,)]
    scene.plug.grant("rename")
    scene.turn()
    assert scene.unhealed() == []


def test_a_server_that_allows_no_rename_is_changed_for_one_that_does(behind_sshd: Build) -> None:
    scene = behind_sshd(claim=True)
    with open_ground() as ground, SshDaemon(ground, denied=RENAMES) as stubborn:
        there = {"port": stubborn.port, "host_keys": [stubborn.host_key], "key_file": stubborn.key_file}
        scene.configure(claim=True, **there)
        scene.order("first.edi")
        scene.turn()
        assert scene.issues() == ["exchange.claim-refused", "exchange.rename-denied"]
        assert scene.lost() == []
    scene.configure(claim=True)
    scene.order("second.edi")
    scene.turn()
    assert scene.unhealed() == []


def test_where_files_may_be_renamed_and_not_deleted_the_hidden_names_are_listed_told_and_can_be_moved_away(
    ours: Build
) -> None:
    scene = ours()
    scene.order("first.edi")
    scene.plug.deny("delete")
    for _ in range(ROUNDS):
        scene.turn()
    [hidden] = scene.plug.waiting()
    [lying] = channels.files(scene.house, "acme")
    assert (lying.lies_as, lying.state, lying.times_seen) == (hidden, "not removed", ROUNDS)
    [(note, count)] = scene.ask("SELECT note, count FROM issues")
    assert (f"first.edi, which lies there as {hidden}" in note, count) == (True, ROUNDS)
    scene.order("first.edi")
    scene.turn()
    assert set(scene.plug.waiting()) == {hidden, "first.edi"}
    scene.configure(after="move")
    scene.turn()
    assert scene.unhealed() == []
    assert len([path for path in (scene.plug.collect / "archive").iterdir() if path.name.startswith("first")]) == 2


def test_where_files_may_be_renamed_and_not_deleted_a_channel_that_leaves_them_is_no_trouble(ours: Build) -> None:
    scene = ours()
    scene.order("first.edi")
    scene.plug.deny("delete")
    scene.turn()
    scene.configure(after="leave")
    scene.order("second.edi")
    scene.turn()
    assert (scene.issues(), scene.lost()) == ([], [])
    assert {file.state for file in channels.files(scene.house, "acme")} == {"left"}
    scene.plug.grant("delete")
    scene.configure()
    scene.turn()
    assert scene.unhealed() == []


def test_a_file_with_its_own_and_our_hidden_name_is_one_file(ours: Build) -> None:
    """As a claim leaves it that went halfway."""
    scene = ours()
    with scene.house.channels["acme"]() as mailbox:
        scene.plug.put("probe.edi", b"x")
        [claim] = mailbox.claim(mailbox.list())
        assert claim.outcome == "claimed"
    [hidden] = scene.plug.waiting()
    (scene.plug.collect / hidden).unlink()
    scene.order("first.edi")
    os.link(scene.plug.collect / "first.edi", scene.plug.collect / hidden.replace("probe", "first"))
    scene.turn()
    assert scene.unhealed() == []
    assert scene.ask("SELECT DISTINCT verdict FROM arrivals") == [("new",)]
