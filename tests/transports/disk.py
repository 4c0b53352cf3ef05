"""Mailboxes that are folders on this disk, and somebody who is not root."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from tests.transports.contract import NOON

ACCOUNT = "edi-gateway-test"


class DiskPlug:
    """The partner's side of a mailbox: the folders `collect` and `deliver` in a folder of their own.

    Rights are those of the disk: who may not write a folder can neither delete nor rename in it.
    """

    def __init__(self, ground: Path) -> None:
        self.ground = ground
        self.collect = ground / "collect"
        self.deliver = ground / "deliver"
        self.archive = self.collect / "archive"
        for place in (self.collect, self.deliver):
            place.mkdir()
            give(place)

    def put(self, name: str, content: bytes, modified: datetime = NOON) -> None:
        path = self.collect / name
        path.write_bytes(content)
        give(path)
        os.utime(path, (modified.timestamp(), modified.timestamp()))

    def waiting(self) -> dict[str, bytes]:
        return files(self.collect)

    def archived(self) -> dict[str, bytes]:
        return files(self.archive)

    def delivered(self) -> dict[str, bytes]:
        return files(self.deliver)

    def put_delivered(self, name: str, content: bytes) -> None:
        (self.deliver / name).write_bytes(content)
        give(self.deliver / name)

    def deny(self, right: str) -> None:
        self._allow(right, yes=False)

    def grant(self, right: str) -> None:
        self._allow(right, yes=True)

    def lose(self, folder: str) -> None:
        (self.ground / folder).rmdir()

    def _allow(self, right: str, *, yes: bool) -> None:
        if right == "list":
            self.collect.chmod(0o700 if yes else 0o300)
        elif right == "read":
            for path in self.collect.iterdir():
                path.chmod(0o600 if yes else 0o000)
        elif right == "write":
            self.deliver.chmod(0o700 if yes else 0o500)
        else:
            self.collect.chmod(0o700 if yes else 0o500)


def files(place: Path) -> dict[str, bytes]:
    """The files in a folder; one that vanishes while we look is left out."""
    found = {}
    for path in place.iterdir():
        try:
            if path.is_file():
                found[path.name] = path.read_bytes()
        except FileNotFoundError:
            continue
    return found


@contextmanager
def open_ground() -> Iterator[Path]:
    """A new folder that belongs to the unprivileged account and that it can reach."""
    ground = Path(tempfile.mkdtemp(prefix="edi-gateway-"))
    try:
        give(ground)
        yield ground
    finally:
        # What a test locked is opened from the top down, so that it can be removed.
        for folder, inner, _ in os.walk(ground):
            for name in inner:
                if not (Path(folder) / name).is_symlink():
                    (Path(folder) / name).chmod(0o700)
        shutil.rmtree(ground)


@contextmanager
def as_unprivileged(ground: Path) -> Iterator[None]:
    """Lets this process be the owner of the ground for a while."""
    before = os.geteuid(), os.getegid()
    owner = ground.stat()
    os.setegid(owner.st_gid)
    os.seteuid(owner.st_uid)
    try:
        yield
    finally:
        os.seteuid(before[0])
        os.setegid(before[1])


@contextmanager
def as_root() -> Iterator[None]:
    """Lets this process be root again for a while; where it never was, the test cannot be made."""
    if os.getuid() != 0:
        pytest.skip("only root can make a folder whose files belong to somebody else")
    before = os.geteuid(), os.getegid()
    os.seteuid(0)
    os.setegid(0)
    try:
        yield
    finally:
        os.setegid(before[1])
        os.seteuid(before[0])


def make_sticky(place: Path) -> None:
    """From now on only who owns a file in the folder may delete or rename it; links to it may be made by anybody.

    The files that lie there belong to somebody else.
    """
    with as_root():
        for path in (place, *place.iterdir()):
            os.chown(path, 0, 0)
            path.chmod(0o1777 if path.is_dir() else 0o666)


@contextmanager
def names_stay(place: Path) -> Iterator[None]:
    """Names may be added to the folder and never taken away, as an access control list can say."""
    with as_root():
        said = subprocess.run(["chattr", "+a", place], capture_output=True, text=True, check=False)
    if said.returncode:
        pytest.skip(f"a folder cannot be locked so here: {said.stderr.strip()}")
    try:
        yield
    finally:
        with as_root():
            subprocess.run(["chattr", "-a", place], check=True)


def give(path: Path) -> None:
    """Makes the file the unprivileged account's, when we are root."""
    if os.geteuid() == 0:
        os.chown(path, *unprivileged())


def unprivileged() -> tuple[int, int]:
    """The ids of the account that tests use as root; nobody's when there is none."""
    try:
        account = pwd.getpwnam(ACCOUNT)
    except KeyError:
        account = pwd.getpwnam("nobody")
    return account.pw_uid, account.pw_gid
