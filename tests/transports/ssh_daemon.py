"""OpenSSH's own server, started by the tests on a free port with a configuration of its own."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import asyncssh
import pytest

from tests.transports.disk import ACCOUNT

PROGRAM = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")

RENAMES = ("rename", "posix-rename")
"""The requests by which files are renamed."""


class SshDaemon:
    """A running sshd that lets one user in, by key, to SFTP only.

    `denied` are SFTP requests it refuses, such as `rename`; `settings` are further lines of its configuration.
    """

    def __init__(
        self,
        ground: Path,
        *,
        denied: tuple[str, ...] = (),
        settings: tuple[str, ...] = (),
        host_key_kind: str = "ssh-ed25519",
    ) -> None:
        if PROGRAM is None:
            pytest.skip("OpenSSH's sshd is not installed here")
        self.user = _user()
        self.host = "127.0.0.1"
        self.port = _free_port()
        self.key_file = ground / "user_key"
        self._log = ground / "log"
        host_key, user_key = (asyncssh.generate_private_key(kind) for kind in (host_key_kind, "ssh-ed25519"))
        host_key.write_private_key(ground / "host_key")
        user_key.write_private_key(self.key_file)
        (ground / "authorized").write_bytes(user_key.export_public_key())
        for name in ("host_key", "user_key"):
            (ground / name).chmod(0o600)
        ground.chmod(0o755)
        self.host_key = host_key.export_public_key().decode().strip()
        refused = f" -P {','.join(denied)}" if denied else ""
        (ground / "config").write_text("\n".join((
            f"Port {self.port}", f"ListenAddress {self.host}", f"HostKey {ground}/host_key", "PidFile none",
            f"AuthorizedKeysFile {ground}/authorized", "StrictModes no", "UsePAM no", "PasswordAuthentication no",
            "KbdInteractiveAuthentication no", f"Subsystem sftp internal-sftp{refused}", "PrintMotd no",
            "MaxStartups 100", "PerSourcePenalties no" if _knows_penalties() else "", *settings, "",
        )))
        self._process = subprocess.Popen([PROGRAM, "-D", "-e", "-f", str(ground / "config"), "-E", str(self._log)])
        self._wait()

    @property
    def process_id(self) -> int:
        """The number of its process, whose limits those that it starts for each session take over."""
        return self._process.pid

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _wait(self) -> None:
        for _ in range(200):
            if self._process.poll() is not None:
                pytest.skip(f"sshd does not start here: {self._log.read_text()[-300:]}")
            with suppress(OSError), socket.create_connection((self.host, self.port), 1):
                return
            time.sleep(0.05)
        pytest.fail("sshd does not listen")


def _user() -> str:
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    try:
        pwd.getpwnam(ACCOUNT)
    except KeyError:
        pytest.skip(f"as root these tests need the account {ACCOUNT}")
    Path("/run/sshd").mkdir(exist_ok=True)
    return ACCOUNT


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _knows_penalties() -> bool:
    """Whether this sshd (9.8 and later) would shut out a test that is refused often."""
    if PROGRAM is None:
        return False
    said = subprocess.run([PROGRAM, "-V"], capture_output=True, text=True, check=False).stderr
    version = said.partition("OpenSSH_")[2].partition(",")[0].partition("p")[0]
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) >= (9, 8)
