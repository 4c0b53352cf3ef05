"""The two servers of the matrix: ours, whose rights can be set one by one, and OpenSSH's, with those of the disk."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from edi_gateway.demo.server import UserFolder
from tests.matrix.scene import Plug, Scene
from tests.transports.disk import DiskPlug, open_ground
from tests.transports.mailboxes import ServerPlug, serving
from tests.transports.ssh_daemon import SshDaemon

Build = Callable[..., Scene]


class OurPlug(ServerPlug):
    """A mailbox on our own server."""

    def take_away(self, name: str) -> None:
        (self.deliver / name).unlink()


class DaemonPlug(DiskPlug):
    """A mailbox behind sshd; the partner works on the disk."""

    def __init__(self, ground: Path, daemon: SshDaemon) -> None:
        super().__init__(ground)
        self.daemon = daemon
        self.stated: dict[str, Any] = {
            "host": daemon.host, "port": daemon.port, "user": daemon.user, "key_file": daemon.key_file,
            "host_keys": [daemon.host_key], "collect": str(self.collect), "deliver": str(self.deliver),
        }

    def take_away(self, name: str) -> None:
        (self.deliver / name).unlink()


@pytest.fixture(scope="session")
def daemon() -> Iterator[SshDaemon]:
    with open_ground() as ground, SshDaemon(ground) as daemon:
        yield daemon


@pytest.fixture
def building(tmp_path: Path) -> Iterator[ExitStack]:
    """What is built for a test and taken down after it."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def ours(tmp_path: Path, building: ExitStack) -> Build:
    """Builds a house at our own server, as that view of it shows the partner's folder."""

    def build(view: type[UserFolder] = UserFolder, **options: Any) -> Scene:
        return _scene(building, tmp_path, OurPlug(building.enter_context(serving(tmp_path / "server", view))), options)

    return build


@pytest.fixture
def behind_sshd(tmp_path: Path, building: ExitStack, daemon: SshDaemon) -> Build:
    """Builds a house at OpenSSH's server."""

    def build(**options: Any) -> Scene:
        return _scene(building, tmp_path, DaemonPlug(building.enter_context(open_ground()), daemon), options)

    return build


@pytest.fixture(params=["ours", "behind_sshd"])
def build(request: pytest.FixtureRequest) -> Build:
    """Both of them, one after the other."""
    builder: Build = request.getfixturevalue(request.param)
    return builder


def _scene(building: ExitStack, tmp_path: Path, plug: Plug, options: dict[str, Any]) -> Scene:
    scene = Scene(tmp_path / "house", plug, **options)
    building.callback(scene.close)
    return scene
