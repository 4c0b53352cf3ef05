"""The server of the demo and of the tests: every user sees their own folder, and what they may."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncssh
import paramiko
import pytest

from edi_gateway.demo.server import Account, MailboxServer
from tests.transports.partner import Partner

USERS = {"acme": "one", "zenith": "two"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailboxServer]:
    (tmp_path / "secret.txt").write_text("not yours")
    with MailboxServer(tmp_path / "users", USERS, host_key_seed="7") as server:
        (server.folder("zenith") / "box").mkdir()
        (server.folder("zenith") / "box" / "order.edi").write_bytes(b"of zenith")
        (server.folder("acme") / "box").mkdir()
        yield server


@pytest.fixture
def acme(server: MailboxServer) -> Iterator[Partner]:
    with Partner(server.host, server.port, "acme", password="one") as partner:
        yield partner


def _refused(server: MailboxServer, user: str, password: str) -> str:
    with pytest.raises(paramiko.SSHException) as caught:
        Partner(server.host, server.port, user, password=password)
    return f"{type(caught.value).__name__} {caught.value}"


def test_a_user_sees_their_own_folder_only(acme: Partner) -> None:
    assert acme.sftp.listdir("/") == ["box"]
    for path in ("/../zenith/box/order.edi", "../../secret.txt", "/box/../../zenith/box/order.edi", "//zenith"):
        with pytest.raises(OSError, match="No such file"):
            acme.sftp.open(path)


def test_a_link_out_of_the_folder_leads_nowhere(server: MailboxServer, acme: Partner) -> None:
    box = server.folder("acme") / "box"
    (box / "file.edi").symlink_to(server.root.parent / "secret.txt")
    (box / "folder").symlink_to(server.root)
    for path in ("/box/file.edi", "/box/folder/zenith/box/order.edi"):
        for step in (acme.sftp.open, acme.sftp.stat, acme.sftp.remove, acme.sftp.readlink):
            with pytest.raises(OSError, match=r"No such file|Links are"):
                step(path)
    with pytest.raises(OSError, match="No such file"):
        acme.sftp.listdir("/box/folder")
    with pytest.raises(OSError, match="No such file"):
        acme.sftp.open("/box/folder/new.edi", "wb")
    with pytest.raises(OSError, match="No such file"):
        acme.sftp.rename("/box/folder/zenith/box/order.edi", "/box/stolen.edi")
    assert (server.folder("zenith") / "box" / "order.edi").read_bytes() == b"of zenith"


def test_links_cannot_be_made(acme: Partner) -> None:
    with pytest.raises(OSError, match="Links cannot be made"):
        acme.sftp.symlink("/../secret.txt", "/box/link")


def test_rights_can_be_taken_and_given_while_a_user_is_logged_in(server: MailboxServer, acme: Partner) -> None:
    steps: dict[str, Callable[[], object]] = {
        "may_list": lambda: acme.sftp.listdir("/box"),
        "may_read": lambda: acme.sftp.open("/box/read.edi", "rb"),
        "may_write": lambda: acme.sftp.open("/box/written.edi", "wb"),
        "may_rename": lambda: acme.sftp.rename("/box/old.edi", "/box/new.edi"),
        "may_delete": lambda: acme.sftp.remove("/box/deleted.edi"),
    }
    for name in ("read.edi", "old.edi", "deleted.edi"):
        acme.put(f"/box/{name}", b"x")
    for right, step in steps.items():
        server.allow("acme", "box", **{right: False})
        with pytest.raises(OSError, match="Permission denied"):
            step()
        server.allow("acme", "box", **{right: True})
        step()


def test_rights_are_those_of_one_user_in_one_folder(server: MailboxServer, acme: Partner) -> None:
    server.allow("zenith", "box", may_list=False)
    server.allow("acme", "other", may_list=False)
    assert acme.sftp.listdir("/box") == []


def test_a_rename_never_overwrites(server: MailboxServer, acme: Partner) -> None:
    acme.put("/box/a.edi", b"a")
    acme.put("/box/b.edi", b"b")
    with pytest.raises(OSError, match="exists"):
        acme.sftp.rename("/box/a.edi", "/box/b.edi")
    assert acme.files("/box") == {"a.edi": b"a", "b.edi": b"b"}


def test_someone_unknown_is_refused_as_someone_known(server: MailboxServer, tmp_path: Path) -> None:
    assert _refused(server, "acme", "wrong") == _refused(server, "nobody", "wrong") == _refused(server, "nobody", "")
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(tmp_path / "key")
    key = paramiko.Ed25519Key.from_private_key_file(str(tmp_path / "key"))
    assert _offered(server, "acme", key) == _offered(server, "nobody", key)


def _offered(server: MailboxServer, user: str, key: paramiko.PKey) -> list[str]:
    """The ways to log in that the server offers, before and after a key that it does not know."""
    transport = paramiko.Transport((server.host, server.port))
    transport.start_client()
    with pytest.raises(paramiko.BadAuthenticationType) as caught:
        transport.auth_none(user)
    with pytest.raises(paramiko.AuthenticationException) as refused:
        transport.auth_publickey(user, key)
    transport.close()
    return [*caught.value.allowed_types, str(refused.value)]


def test_an_account_without_a_password_has_none(tmp_path: Path) -> None:
    with MailboxServer(tmp_path, {"acme": Account()}) as server:
        for password in ("", "None"):
            _refused(server, "acme", password)


def test_a_user_may_log_in_by_key(tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(tmp_path / "key")
    line = key.export_public_key().decode()
    with (
        MailboxServer(tmp_path / "users", {"acme": Account(keys=(line,))}) as server,
        Partner(server.host, server.port, "acme", key_file=tmp_path / "key") as partner,
    ):
        assert partner.sftp.listdir("/") == []


def test_there_is_sftp_and_nothing_else(server: MailboxServer) -> None:
    transport = paramiko.Transport((server.host, server.port))
    transport.connect(username="acme", password="one")
    with pytest.raises(paramiko.SSHException):
        transport.open_session().exec_command("id")
    with pytest.raises(paramiko.SSHException):
        transport.open_session().invoke_shell()
    with pytest.raises(paramiko.SSHException):
        transport.open_channel("direct-tcpip", ("127.0.0.1", server.port), ("127.0.0.1", 1))
    transport.close()


def test_the_seed_fixes_the_host_key(tmp_path: Path, server: MailboxServer) -> None:
    assert MailboxServer(tmp_path, {}, host_key_seed="7").host_key == server.host_key
    assert MailboxServer(tmp_path, {}, host_key_seed="8").host_key != server.host_key
    assert MailboxServer(tmp_path, {}).host_key != MailboxServer(tmp_path, {}).host_key


def test_another_host_key_is_shown_at_the_same_port(server: MailboxServer) -> None:
    port, before = server.port, server.host_key
    server.replace_host_key("8")
    assert (server.port, server.host_key != before) == (port, True)
    with Partner(server.host, server.port, "acme", password="one") as partner:
        assert partner.sftp.listdir("/") == ["box"]


def test_it_can_be_stopped_and_started_again(server: MailboxServer) -> None:
    server.stop()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((server.host, server.port), 1)
    server.stop()
    server.start()
    with Partner(server.host, server.port, "acme", password="one") as partner:
        assert partner.sftp.listdir("/") == ["box"]


def test_it_listens_on_this_machine_only(server: MailboxServer) -> None:
    assert server.host == "127.0.0.1"


def test_times_that_a_partner_sets_are_kept_and_modes_are_not(server: MailboxServer, acme: Partner) -> None:
    acme.put("/box/order.edi", b"x")
    acme.sftp.utime("/box/order.edi", (1_700_000_000, 1_700_000_000))
    acme.sftp.chmod("/box/order.edi", 0o000)
    seen = (server.folder("acme") / "box" / "order.edi").stat()
    assert seen.st_mtime == 1_700_000_000
    assert seen.st_mode & 0o400

