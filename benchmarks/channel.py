"""A channel in `gateway.toml`, to a mailbox behind a server of the tests."""

from pathlib import Path

from tests.transports.ssh_daemon import SshDaemon


def channel(name: str, daemon: SshDaemon, mailbox: Path, *settings: str, port: int | None = None) -> str:
    """Its table: the partner's folders `out` and `in` are ours to collect from and to deliver to.

    `settings` are further lines; `port` is one that leads to the server by another way.
    """
    return "\n".join((
        "", f"[channels.{name}]", 'transport = "sftp"', f'host = "{daemon.host}"', f"port = {port or daemon.port}",
        f'user = "{daemon.user}"', f'key_file = "{daemon.key_file}"', f'host_keys = ["{daemon.host_key}"]',
        f'collect = "{mailbox}/out"', f'deliver = "{mailbox}/in"', *settings, "",
    ))
