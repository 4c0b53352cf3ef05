"""An SFTP server that plays the partners' servers, on this machine only.

Every user has a folder of their own and sees nothing else: links that lead out of it are not followed,
and none can be made. What a user may do in each of their folders can be changed while the server runs.
"""

import hashlib
import hmac
import os
import posixpath
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import asyncssh
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edi_gateway.transports._thread import SocketThread

_WRITES = asyncssh.FXF_WRITE | asyncssh.FXF_APPEND | asyncssh.FXF_CREAT | asyncssh.FXF_TRUNC


@dataclass(frozen=True, slots=True)
class Rights:
    """What a user may do in a folder."""

    may_list: bool = True
    may_read: bool = True
    may_write: bool = True
    may_rename: bool = True
    may_delete: bool = True


@dataclass(frozen=True, slots=True)
class Account:
    """How a user logs in: by password, or by one of the keys, given as lines."""

    password: str | None = None
    keys: tuple[str, ...] = ()


class UserFolder(asyncssh.SFTPServer):
    """One user's view of the server, in one session."""

    def __init__(self, chan: asyncssh.SSHServerChannel[bytes], server: "MailboxServer") -> None:
        self._server = server
        self._user = str(chan.get_extra_info("username"))
        self._top = os.fsencode(server.folder(self._user).resolve())
        super().__init__(chan, chroot=self._top)

    def map_path(self, path: bytes) -> bytes:
        """The path on disk. Raises when it leads out of the user's folder, by whatever links."""
        mapped = super().map_path(path)
        real = os.path.realpath(mapped)
        if real != self._top and not real.startswith(self._top + b"/"):
            raise asyncssh.SFTPNoSuchFile("No such file")
        return mapped

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        if pflags & _WRITES:
            self._demand("may_write", path)
        if pflags & asyncssh.FXF_READ:
            self._demand("may_read", path)
        return super().open(path, pflags, asyncssh.SFTPAttrs())

    def open56(self, path: bytes, desired_access: int, flags: int, attrs: asyncssh.SFTPAttrs) -> object:
        raise asyncssh.SFTPOpUnsupported("SFTP version 3 only")

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        self._demand("may_list", path)
        async for name in super().scandir(path):
            yield name

    def remove(self, path: bytes) -> None:
        self._demand("may_delete", path)
        super().remove(path)

    def rename(self, oldpath: bytes, newpath: bytes) -> Any:
        self._demand("may_rename", oldpath)
        self._demand("may_rename", newpath)
        if os.path.lexists(self.map_path(newpath)):
            raise asyncssh.SFTPFailure("File already exists")
        return super().rename(oldpath, newpath)

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        self._demand("may_rename", oldpath)
        self._demand("may_rename", newpath)
        self._demand("may_delete", newpath)
        super().posix_rename(oldpath, newpath)

    def mkdir(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        self._demand("may_write", path)
        super().mkdir(path, asyncssh.SFTPAttrs())

    def rmdir(self, path: bytes) -> None:
        self._demand("may_delete", path)
        super().rmdir(path)

    def setstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        self._demand("may_write", path)
        times = asyncssh.SFTPAttrs(atime=attrs.atime, mtime=attrs.mtime)
        super().setstat(path, times)

    def lsetstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        raise asyncssh.SFTPOpUnsupported("Links cannot be changed")

    def fsetstat(self, file_obj: object, attrs: asyncssh.SFTPAttrs) -> None:
        super().fsetstat(file_obj, asyncssh.SFTPAttrs(atime=attrs.atime, mtime=attrs.mtime))

    def readlink(self, path: bytes) -> bytes:
        raise asyncssh.SFTPPermissionDenied("Links are not shown")

    def symlink(self, oldpath: bytes, newpath: bytes) -> None:
        raise asyncssh.SFTPPermissionDenied("Links cannot be made")

    def link(self, oldpath: bytes, newpath: bytes) -> None:
        raise asyncssh.SFTPPermissionDenied("Links cannot be made")

    def format_user(self, uid: int | None) -> str:
        return "partner"

    def format_group(self, gid: int | None) -> str:
        return "partner"

    def _demand(self, right: str, path: bytes) -> None:
        folder = posixpath.normpath(b"/" + path).lstrip(b"/").split(b"/")[0].decode("utf-8", "replace")
        if not getattr(self._server.rights(self._user, folder), right):
            raise asyncssh.SFTPPermissionDenied("Permission denied")


class _Doorman(asyncssh.SSHServer):
    """Lets users in; someone unknown is asked the same and waits as long as someone known."""

    def __init__(self, server: "MailboxServer") -> None:
        self._server = server

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._server.connections.add(conn)
        self._connection = conn

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.connections.discard(self._connection)

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        known = self._server.accounts.get(username, Account()).password
        expected = secrets.token_hex() if known is None else known
        same = hmac.compare_digest(_digest(password), _digest(expected))
        return same and known is not None

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        lines = self._server.accounts.get(username, Account()).keys
        return any(asyncssh.import_public_key(line) == key for line in lines)


class MailboxServer:
    """The server: `start`, `stop`, and what a test or a play may change while it runs.

    Each user's folder is `root/user`. `host_key_seed` fixes the host key; none given makes a new one.
    Port 0 takes a free port, which is kept from then on.
    """

    def __init__(
        self,
        root: Path,
        accounts: Mapping[str, Account | str],
        *,
        port: int = 0,
        host_key_seed: str | None = None,
        view: type[UserFolder] = UserFolder,
    ) -> None:
        self.root = root
        self.accounts = {
            user: Account(password=account) if isinstance(account, str) else account
            for user, account in accounts.items()
        }
        self.host = "127.0.0.1"
        self.port = port
        self.connections: set[asyncssh.SSHServerConnection] = set()
        self._view = view
        self._rights: dict[tuple[str, str], Rights] = {}
        self._key = _host_key(host_key_seed)
        self._thread = SocketThread("mailbox server")
        self._acceptor: asyncssh.SSHAcceptor | None = None

    @property
    def host_key(self) -> str:
        """The public host key as a line to be pinned."""
        return b" ".join(self._key.export_public_key("openssh").split()[:2]).decode()

    def start(self) -> Self:
        """Listens; returns when it does."""
        for user in self.accounts:
            self.folder(user).mkdir(parents=True, exist_ok=True)
        self._thread.run(self._listen())
        return self

    def stop(self) -> None:
        """Hangs up on everyone and ends."""
        self._thread.stop(self._end)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def folder(self, user: str) -> Path:
        """Where a user's files are on disk."""
        return self.root / user

    def rights(self, user: str, folder: str) -> Rights:
        """What a user may do in one of their folders now."""
        return self._rights.get((user, folder), Rights())

    def allow(self, user: str, folder: str, **rights: bool) -> None:
        """Changes rights from now on, such as `allow("acme", "from-retailer", may_delete=False)`."""
        self._rights[user, folder] = replace(self.rights(user, folder), **rights)

    def replace_host_key(self, seed: str | None = None) -> None:
        """Shows another host key from now on; everyone is hung up on."""
        self._key = _host_key(seed)
        if self._thread.running:
            self.stop()
            self.start()

    def hang_up(self) -> None:
        """Cuts every connection as a broken network would."""
        self._thread.run(self._cut())

    async def _listen(self) -> None:
        self._acceptor = await asyncssh.listen(
            self.host,
            self.port,
            server_factory=lambda: _Doorman(self),
            server_host_keys=[self._key],
            sftp_factory=lambda chan: self._view(chan, self),
            allow_scp=False,
            agent_forwarding=False,
            x11_forwarding=False,
            reuse_address=True,
        )
        self.port = self._acceptor.get_port()

    async def _cut(self) -> None:
        for connection in tuple(self.connections):
            connection.abort()

    async def _end(self) -> None:
        await self._cut()
        if self._acceptor is not None:
            self._acceptor.close()
            await self._acceptor.wait_closed()
            self._acceptor = None


def _host_key(seed: str | None) -> asyncssh.SSHKey:
    raw = secrets.token_bytes(32) if seed is None else hashlib.sha256(f"host key {seed}".encode()).digest()
    pem = Ed25519PrivateKey.from_private_bytes(raw).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    return asyncssh.import_private_key(pem)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
