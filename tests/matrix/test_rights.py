"""A right is taken away and given back: one issue that names it, nothing lost or doubled, and it heals by itself."""

import pytest

from tests.matrix.conftest import Build
from tests.transports.disk import open_ground
from tests.transports.ssh_daemon import SshDaemon

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
    with open_ground() as ground, SshDaemon(ground, denied=("rename",)) as stubborn:
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
