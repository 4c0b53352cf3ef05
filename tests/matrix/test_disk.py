"""A full disk at either end: nothing is removed that is not ours for good, and all goes on when there is room."""

import errno
import os
import resource
from typing import Any

import pytest

from edi_gateway.demo.server import UserFolder
from tests.matrix.conftest import Build, DaemonPlug
from tests.matrix.scene import files_no_larger_than

LINES = 400
ROOM_BYTES = (1_000, 9_000, 30_000, 80_000, 200_000)


def test_a_full_disk_of_ours_leaves_everything_where_it_was_and_heals(behind_sshd: Build) -> None:
    scene = behind_sshd(claim=True)
    told: set[str] = set()
    for size_bytes in ROOM_BYTES:
        scene.order(f"{size_bytes}.edi", lines=LINES)
        with files_no_larger_than(size_bytes):
            for _ in range(2):
                scene.turn()
        assert scene.lost() == []
        told |= {*scene.issues(), *scene.told}
        scene.later()
        assert scene.unhealed() == []
        scene.take()
    assert told
    assert told <= {"internal.archive-unwritable", "internal.database-unusable"}


class Full(UserFolder):
    """A disk that takes so many bytes more."""

    room_bytes = 0

    def write(self, file_obj: Any, offset: int, data: bytes) -> int:
        if Full.room_bytes < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        Full.room_bytes -= len(data)
        return super().write(file_obj, offset, data)  # type: ignore[return-value]


def test_a_full_disk_of_theirs_keeps_what_is_to_go_until_there_is_room(ours: Build) -> None:
    scene = ours(Full)
    Full.room_bytes = 5_000
    scene.order("first.edi", lines=LINES)
    for _ in range(2):
        scene.turn()
        assert scene.lost() == []
    assert len(scene.issues()) == 1
    assert scene.issues()[0] in ("exchange.refused", "exchange.size-differs", "exchange.write-denied")
    Full.room_bytes = 10_000_000
    scene.later()
    assert scene.unhealed() == []


def test_a_quota_that_ends_the_partners_server_in_the_middle_of_a_write_loses_nothing(behind_sshd: Build) -> None:
    scene = behind_sshd()
    plug = scene.plug
    assert isinstance(plug, DaemonPlug)
    process = plug.daemon.process_id
    before = resource.prlimit(process, resource.RLIMIT_FSIZE)
    scene.order("first.edi", lines=LINES)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (2_000, before[1]))
    try:
        for _ in range(2):
            scene.turn()
            assert scene.lost() == []
        assert scene.issues()
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, before)
    scene.later()
    assert scene.unhealed() == []


pytestmark = pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="the system has no limits for a process")
