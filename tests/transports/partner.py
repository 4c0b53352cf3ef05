"""The partner's own SFTP client: another program than ours, so that one mistake is not made twice."""

import stat
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import paramiko

from tests.transports.contract import NOON


class Partner:
    """A paramiko client, logged in."""

    def __init__(
        self, host: str, port: int, user: str, *, password: str | None = None, key_file: Path | None = None
    ) -> None:
        key = paramiko.Ed25519Key.from_private_key_file(str(key_file)) if key_file else None
        self._transport = paramiko.Transport((host, port))
        self._transport.connect(username=user, password=password or "", pkey=key)
        client = paramiko.SFTPClient.from_transport(self._transport)
        assert client is not None
        self.sftp = client

    def put(self, path: str, content: bytes, modified: datetime = NOON) -> None:
        with self.sftp.open(path, "wb") as file:
            file.write(content)
        self.sftp.utime(path, (modified.timestamp(), modified.timestamp()))

    def files(self, folder: str) -> dict[str, bytes]:
        """The files in a folder; one that vanishes while we look is left out."""
        found = {}
        with suppress(FileNotFoundError):
            for entry in self.sftp.listdir_attr(folder):
                if entry.st_mode is not None and stat.S_ISREG(entry.st_mode):
                    with suppress(FileNotFoundError), self.sftp.open(f"{folder}/{entry.filename}", "rb") as file:
                        found[entry.filename] = file.read()
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sftp.close()
        self._transport.close()
