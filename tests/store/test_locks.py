"""Locks between threads and processes."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from edi_gateway.issues import GatewayError
from edi_gateway.store.locks import FileLocks

HOLDER = """
import sys, time
from pathlib import Path
from edi_gateway.store.locks import FileLocks
with FileLocks(Path(sys.argv[1])).hold("books"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_threads_hold_a_lock_one_after_the_other(tmp_path: Path) -> None:
    locks, inside, most = FileLocks(tmp_path / "locks"), 0, 0

    def work() -> None:
        nonlocal inside, most
        with locks.hold("books"):
            inside += 1
            most = max(most, inside)
            time.sleep(0.01)
            inside -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_locks_of_two_names_do_not_wait_for_each_other(tmp_path: Path) -> None:
    locks = FileLocks(tmp_path / "locks")
    with locks.hold("channel-acme"), locks.hold("books"):
        pass


def test_the_death_of_a_process_frees_its_locks(tmp_path: Path) -> None:
    folder = tmp_path / "locks"
    with subprocess.Popen([sys.executable, "-c", HOLDER, folder], stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        killer = threading.Timer(0.3, holder.kill)
        killer.start()
        start = time.monotonic()
        with FileLocks(folder).hold("books"):
            assert time.monotonic() - start > 0.2, "two held it at once"
        killer.join()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "locks").write_text("a file")
    with pytest.raises(GatewayError) as raised, FileLocks(tmp_path / "locks").hold("books"):
        pass
    assert raised.value.kind.code == "internal.database-unusable"


def test_who_does_not_wait_is_told_whether_the_lock_is_held_and_frees_nobody_elses(tmp_path: Path) -> None:
    locks = FileLocks(tmp_path / "locks")
    with locks.hold("books"):
        for _ in range(2):
            with locks.hold("books", wait=False) as held:
                assert not held
    with locks.hold("books", wait=False) as held, locks.hold("books", wait=False) as twice:
        assert (held, twice) == (True, False)
