"""SFTP against OpenSSH's server keeps the laws of mailboxes."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from pydantic import ValidationError

from edi_gateway.issues import exchange
from edi_gateway.transports import sftp
from tests.transports.contract import NOON, MailboxContract, code, fault_of, parcel
from tests.transports.disk import DiskPlug, make_sticky, open_ground
from tests.transports.partner import Partner
from tests.transports.ssh_daemon import RENAMES, SshDaemon


class DaemonPlug(DiskPlug):
    """A mailbox behind sshd; the partner drops and reads with paramiko where it can."""

    def __init__(self, ground: Path, daemon: SshDaemon, partner: Partner) -> None:
        super().__init__(ground)
        self.daemon = daemon
        self.partner = partner

    def options(self, **options: Any) -> sftp.Options:
        stated = {
            "host": self.daemon.host, "port": self.daemon.port, "user": self.daemon.user,
            "key_file": self.daemon.key_file, "host_keys": (self.daemon.host_key,),
            "collect": str(self.collect), "deliver": str(self.deliver), "timeout_seconds": 10,
        }
        return sftp.Options.model_validate(stated | options)

    def open(self, **options: Any) -> sftp.Mailbox:
        return sftp.open("acme", self.options(**options))

    def put(self, name: str, content: bytes, modified: datetime = NOON) -> None:
        if name.isprintable():
            self.partner.put(str(self.collect / name), content, modified)
        else:
            super().put(name, content, modified)

    def delivered(self) -> dict[str, bytes]:
        return self.partner.files(str(self.deliver))


@pytest.fixture(scope="module")
def daemon() -> Iterator[SshDaemon]:
    with open_ground() as ground, SshDaemon(ground) as daemon:
        yield daemon


@pytest.fixture
def plug(daemon: SshDaemon) -> Iterator[DaemonPlug]:
    with (
        open_ground() as ground,
        Partner(daemon.host, daemon.port, daemon.user, key_file=daemon.key_file) as partner,
    ):
        yield DaemonPlug(ground, daemon, partner)


@pytest.fixture
def ground() -> Iterator[Path]:
    with open_ground() as ground:
        yield ground


class TestSshd(MailboxContract):
    pass


def _there(daemon: SshDaemon) -> dict[str, Any]:
    """The options that lead to another daemon."""
    return {"port": daemon.port, "host_keys": (daemon.host_key,), "key_file": daemon.key_file}


def test_a_rename_that_is_refused_leaves_nothing_behind(plug: DaemonPlug, ground: Path) -> None:
    with SshDaemon(ground, denied=("rename",)) as stubborn, plug.open(**_there(stubborn)) as mailbox:
        [pushed] = mailbox.push([parcel("answer.x12", b"x")])
    assert (pushed.outcome, code(pushed)) == ("failed", "exchange.rename-denied")
    assert plug.delivered() == {}


def test_a_claim_is_whole_or_absent_where_links_may_be_made_and_nothing_may_be_deleted(plug: DaemonPlug) -> None:
    plug.put("order.edi", b"abc")
    make_sticky(plug.collect)
    for _ in range(2):
        with plug.open() as mailbox:
            [seen] = mailbox.list()
            [claim] = mailbox.claim([seen])
            assert (claim.outcome, code(claim), claim.sighting) == ("open", "exchange.rename-denied", seen)
        assert plug.waiting() == {"order.edi": b"abc"}


def test_where_a_server_knows_no_rename_in_one_step_files_are_claimed_all_the_same(
    plug: DaemonPlug, ground: Path
) -> None:
    plug.put("order.edi", b"abc")
    with SshDaemon(ground, denied=("posix-rename",)) as old, plug.open(**_there(old), mark="m1") as mailbox:
        assert [claim.outcome for claim in mailbox.claim(mailbox.list())] == ["claimed"]
    assert plug.waiting() == {".order.edi.m1.taken": b"abc"}


def test_a_server_without_sftp_is_told(plug: DaemonPlug, ground: Path) -> None:
    with SshDaemon(ground, settings=("ForceCommand /bin/false",)) as barren, plug.open(**_there(barren)) as mailbox:
        assert fault_of(mailbox.list) == "exchange.refused"


def test_another_host_key_is_told_whatever_its_kind(plug: DaemonPlug) -> None:
    for kind in ("ssh-ed25519", "ecdsa-sha2-nistp256"):
        other = asyncssh.generate_private_key(kind).export_public_key().decode()
        with plug.open(host_keys=(other,)) as mailbox:
            assert fault_of(mailbox.list) == "exchange.host-key-changed"


def test_one_of_several_pinned_keys_is_enough(plug: DaemonPlug) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    with plug.open(host_keys=(other, plug.daemon.host_key)) as mailbox:
        assert mailbox.list() == ()


def test_a_host_key_that_was_announced_is_taken_and_told_until_it_is_moved_up(plug: DaemonPlug) -> None:
    old = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    with plug.open(host_keys=(old,), next_host_key=plug.daemon.host_key) as mailbox:
        assert mailbox.list() == ()
        assert [remark.kind for remark in mailbox.remarks()] == [exchange.HOST_KEY_NEXT]
    with plug.open(host_keys=(plug.daemon.host_key,), next_host_key=old) as mailbox:
        assert mailbox.list() == ()
        assert mailbox.remarks() == ()
    with plug.open(host_keys=(old,), next_host_key=old) as mailbox:
        assert fault_of(mailbox.list) == "exchange.host-key-changed"
    with pytest.raises(ValidationError, match="is not a public key"):
        plug.open(next_host_key="no key")


def test_a_key_with_a_passphrase_lets_us_in(plug: DaemonPlug, ground: Path) -> None:
    key = asyncssh.read_private_key(plug.daemon.key_file)
    key.write_private_key(ground / "locked", passphrase="right")
    with plug.open(key_file=ground / "locked", passphrase="right") as mailbox:
        assert mailbox.list() == ()


def test_a_server_that_forbids_renaming_is_delivered_to_directly(plug: DaemonPlug, ground: Path) -> None:
    with (
        SshDaemon(ground, denied=RENAMES) as stubborn,
        plug.open(**_there(stubborn), upload="direct", claim=True) as mailbox,
    ):
        assert [pushed.outcome for pushed in mailbox.push([parcel("answer.x12", b"x")])] == ["delivered"]
        plug.put("order.edi", b"abc")
        [claim] = mailbox.claim(mailbox.list())
        assert (claim.outcome, code(claim)) == ("open", "exchange.rename-denied")
    assert plug.delivered() == {"answer.x12": b"x"}


def test_another_key_of_ours_is_refused(plug: DaemonPlug, ground: Path) -> None:
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(ground / "other")
    with plug.open(key_file=ground / "other") as mailbox:
        assert fault_of(mailbox.list) == "exchange.login-refused"


def test_a_key_file_that_cannot_be_read_is_told(plug: DaemonPlug, ground: Path) -> None:
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(ground / "locked", passphrase="right")
    with plug.open(key_file=ground / "missing") as mailbox:
        assert fault_of(mailbox.list) == "exchange.key-unreadable"
    for passphrase in (None, "wrong"):
        with plug.open(key_file=ground / "locked", passphrase=passphrase) as mailbox:
            assert fault_of(mailbox.list) == "exchange.key-unreadable"


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@pytest.mark.parametrize(
    ("setting", "old"),
    [("KexAlgorithms", "diffie-hellman-group14-sha1"), ("Ciphers", "aes256-cbc"), ("HostKeyAlgorithms", "ssh-rsa")],
)
def test_an_old_server_is_reached_only_when_the_channel_says_so(
    plug: DaemonPlug, ground: Path, setting: str, old: str
) -> None:
    kind = "ssh-rsa" if setting == "HostKeyAlgorithms" else "ssh-ed25519"
    with SshDaemon(ground, settings=(f"{setting} {old}",), host_key_kind=kind) as server:
        with plug.open(**_there(server)) as mailbox:
            assert fault_of(mailbox.list) == "exchange.no-common-algorithm"
        with plug.open(**_there(server), legacy_algorithms=(old,)) as mailbox:
            assert mailbox.list() == ()
        unpinned = _there(server) | {"host_keys": (), "legacy_algorithms": (old,)}
        with plug.open(**unpinned) as mailbox:
            assert fault_of(mailbox.list) == "exchange.host-key-unpinned"


def test_an_algorithm_nobody_knows_is_refused_in_the_settings(plug: DaemonPlug) -> None:
    with pytest.raises(ValidationError, match="no algorithm known here"):
        plug.options(legacy_algorithms=("rot13",))
    with pytest.raises(ValidationError, match="is not a public key"):
        plug.options(host_keys=("SHA256:abc",))
    with pytest.raises(ValidationError, match="password or a key_file"):
        plug.options(key_file=None)
