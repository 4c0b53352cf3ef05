"""Every byte in and out."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
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


def contents(count: int) -> list[bytes]:
    return [f"file {number}".encode() * 50 for number in range(count)]


def test_a_page_of_files_is_kept_like_each_of_them(tmp_path: Path) -> None:
    paged, single = FileArchive(tmp_path / "paged"), FileArchive(tmp_path / "single")
    digests = paged.keep_page([*contents(10), *contents(2)])
    assert digests == tuple(single.keep(content) for content in [*contents(10), *contents(2)])
    assert [paged.read(digest) for digest in digests[:10]] == contents(10)


def test_what_a_power_cut_takes_from_the_files_is_still_in_their_page(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    digests = archive.keep_page(contents(6))
    archive.path(digests[0]).unlink()
    archive.path(digests[1]).write_bytes(b"")
    archive.path(digests[2]).write_bytes(b"\0" * len(contents(3)[2]))
    assert [FileArchive(tmp_path).read(digest) for digest in digests] == contents(6)
    FileArchive(tmp_path).tidy(0)
    assert [archive.path(digest).read_bytes() for digest in digests] == contents(6)
    assert list((tmp_path / ".pages").iterdir()) == []


def test_a_page_that_goes_while_the_pages_are_looked_through_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, look = FileArchive(tmp_path), os.scandir
    archive.keep_page(contents(3))
    (gone,) = (tmp_path / ".pages").iterdir()
    digests = archive.keep_page(contents(6)[3:])
    archive.path(digests[0]).unlink()

    @contextmanager
    def scandir(folder: Path) -> Iterator[list[os.DirEntry[str]]]:
        with look(folder) as found:
            pages = list(found)
        gone.unlink()
        yield pages

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(os, "scandir", scandir)
        assert archive.read(digests[0]) == contents(6)[3]


def test_a_page_stays_until_the_machine_has_had_time_to_write_its_files(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    archive.keep_page(contents(6))
    archive.tidy()
    (page,) = (tmp_path / ".pages").iterdir()
    os.utime(page, (1, 1))
    archive.tidy()
    assert not page.exists()


def test_what_a_kill_left_half_written_is_removed_later_and_not_while_it_may_still_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = FileArchive(tmp_path)
    whole = archive.path(archive.keep(b"whole"))
    monkeypatch.setattr("os.fsync", _killed)
    for keep in (lambda: archive.keep(b"ISA"), lambda: archive.keep_page(contents(6))):
        with pytest.raises(KeyboardInterrupt):
            keep()
    monkeypatch.undo()
    FileArchive(tmp_path).tidy()
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 3
    FileArchive(tmp_path).tidy(0)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [whole]


def _killed(_handle: int) -> None:
    raise KeyboardInterrupt


def test_a_page_that_was_not_finished_holds_nothing(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    digests = archive.keep_page(contents(6))
    (page,) = (tmp_path / ".pages").iterdir()
    page.write_bytes(page.read_bytes()[:500])
    archive.path(digests[5]).unlink()
    with pytest.raises(GatewayError) as raised:
        archive.read(digests[5])
    assert raised.value.kind.code == "internal.archive-lost"


def test_a_page_is_synced_once_and_not_once_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    real = os.fsync

    def counted(handle: int) -> None:
        synced.append(handle)
        real(handle)

    monkeypatch.setattr(os, "fsync", counted)
    archive = FileArchive(tmp_path)
    archive.keep_page(contents(100))
    assert len(synced) <= 3


def test_erased_bytes_lie_in_no_page_either(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    first, *others = archive.keep_page([b"one", b"two", b"three"])
    archive.erase(first)
    assert archive.condition(first) == "erased"
    assert not any(b"one" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    archive.tidy(0)
    assert [archive.condition(each) for each in (first, *others)] == ["erased", "whole", "whole"]


def test_erased_bytes_are_told_apart_from_lost_ones_and_may_come_again(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    digest = archive.keep(b"an address")
    for _ in range(2):
        archive.erase(digest)
        assert archive.condition(digest) == "erased"
    with pytest.raises(GatewayError) as raised:
        archive.read(digest)
    assert raised.value.kind.code == "archive.erased"
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.read_bytes()]
    assert (archive.keep(b"an address"), archive.condition(digest)) == (digest, "whole")
    assert archive.read(digest) == b"an address"


@pytest.mark.parametrize(("damage", "told"), [("gone", "missing"), ("other", "altered"), ("none", "whole")])
def test_a_file_is_as_it_was_or_its_condition_tells_how_not(tmp_path: Path, damage: str, told: str) -> None:
    archive = FileArchive(tmp_path)
    digest = archive.keep(b"a whole file")
    if damage == "gone":
        archive.path(digest).unlink()
    if damage == "other":
        archive.path(digest).write_bytes(b"another file")
    assert archive.condition(digest) == told


def test_what_a_page_still_holds_is_whole(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    digests = archive.keep_page(contents(4))
    archive.path(digests[1]).write_bytes(b"cut")
    archive.path(digests[2]).unlink()
    assert [archive.condition(digest) for digest in digests] == ["whole"] * 4
