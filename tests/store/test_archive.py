"""Every byte in and out."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edi_gateway.issues import GatewayError
from edi_gateway.store.archive import FileArchive


@given(st.binary(max_size=2000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
def test_what_is_kept_is_read_back_byte_for_byte(tmp_path: Path, content: bytes) -> None:
    archive = FileArchive(tmp_path)
    digest = archive.keep(content)
    assert digest == hashlib.sha256(content).hexdigest()
    assert archive.keep(content) == digest
    assert archive.read(digest) == content


def test_no_temporary_file_is_left(tmp_path: Path) -> None:
    FileArchive(tmp_path).keep(b"ISA")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [hashlib.sha256(b"ISA").hexdigest()]


def test_a_file_cut_short_by_a_crash_is_written_again(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    digest = archive.keep(b"a whole file")
    archive.path(digest).write_bytes(b"a who")
    assert archive.read(archive.keep(b"a whole file")) == b"a whole file"


@pytest.mark.parametrize("damage", ["gone", "other"])
def test_bytes_that_are_gone_or_changed_are_never_read_in_silence(tmp_path: Path, damage: str) -> None:
    archive = FileArchive(tmp_path)
    path = archive.path(archive.keep(b"a whole file"))
    path.unlink() if damage == "gone" else path.write_bytes(b"another file")
    with pytest.raises(GatewayError) as raised:
        archive.read(hashlib.sha256(b"a whole file").hexdigest())
    assert raised.value.kind.code == "internal.archive-lost"


def test_an_archive_that_cannot_be_written_is_told_and_nothing_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    folder.write_text("a file where the folder should be")
    with pytest.raises(GatewayError) as raised:
        FileArchive(folder).keep(b"ISA")
    assert raised.value.kind.code == "internal.archive-unwritable"
