"""Files from a real sshd keep their pace beside `sftp -b`, with generous room for slow machines."""

import pytest

from benchmarks import sftp
from benchmarks.__main__ import PAGE

pytestmark = pytest.mark.skipif(sftp.PROGRAM is None, reason="OpenSSH's sftp is not installed here")


@pytest.mark.slow
def test_collecting_takes_less_than_four_times_as_long_as_sftp_and_processing_less_than_twelve_times() -> None:
    with sftp.servers(0) as (server, _):
        times = sftp.near(server, 200, 1)
    assert times["collect"] < 4 * times["fetch and remove"]
    assert times["collect and process"] < 12 * times["fetch"]


@pytest.mark.slow
def test_over_a_slow_link_many_files_are_under_way_at_a_time() -> None:
    with sftp.servers(50) as (_, slow):
        times = sftp.far(slow, 60, 0)
    assert times["collect"] < times["fetch and remove"] / 3


def test_the_page_says_what_was_measured_of_files_from_a_server() -> None:
    assert "{sftp}" in PAGE.read_text(encoding="utf-8")


def test_each_file_that_is_measured_is_an_order_of_its_own() -> None:
    files = sftp.orders(20)
    assert len({content[90:99] for content in files}) == len(set(files)) == 20
    assert {content.count(b"*PO%08d*" % number) for number, content in enumerate(files, sftp.FIRST + 1)} == {1}
