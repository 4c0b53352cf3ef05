"""A retailer's own hands in its mailbox: a second SFTP client, apart from the gateway's."""

import base64
import io
from collections.abc import Iterator

import paramiko

FROM_RETAILER, TO_RETAILER = "from-retailer", "to-retailer"
TIMEOUT_SECONDS = 20


class Desk:
    """One connection of one retailer to its mailbox."""

    def __init__(self, port: int, user: str, password: str, host_key: str) -> None:
        """Logs in on this machine; `host_key` is the pinned key as `ssh-ed25519 AAAA…`."""
        kind, _, key = host_key.partition(" ")
        self._transport = paramiko.Transport(("127.0.0.1", port))
        self._transport.banner_timeout = self._transport.auth_timeout = TIMEOUT_SECONDS
        self._transport.connect(paramiko.PKey.from_type_string(kind, base64.b64decode(key)), user, password)
        sftp = paramiko.SFTPClient.from_transport(self._transport)
        channel = sftp.get_channel() if sftp else None
        assert sftp is not None
        assert channel is not None
        channel.settimeout(TIMEOUT_SECONDS)
        self._sftp = sftp

    def drop(self, name: str, content: bytes) -> None:
        """Puts a file where the gateway collects, under a hidden name first."""
        hidden = f"{FROM_RETAILER}/.{name}.part"
        self._sftp.putfo(io.BytesIO(content), hidden)
        self._sftp.rename(hidden, f"{FROM_RETAILER}/{name}")

    def collect(self) -> Iterator[tuple[str, bytes]]:
        """Takes every file that the gateway delivered, in the order of their names."""
        for name in self._visible(TO_RETAILER):
            content = io.BytesIO()
            self._sftp.getfo(f"{TO_RETAILER}/{name}", content)
            self._sftp.remove(f"{TO_RETAILER}/{name}")
            yield name, content.getvalue()

    def waiting(self) -> tuple[str, ...]:
        """The names that the gateway has not yet taken away."""
        return self._visible(FROM_RETAILER)

    def close(self) -> None:
        """Ends the connection."""
        self._transport.close()

    def _visible(self, folder: str) -> tuple[str, ...]:
        return tuple(sorted(name for name in self._sftp.listdir(folder) if not name.startswith(".")))
