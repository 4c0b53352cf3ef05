"""The gateway is killed in the middle of its work and nothing is lost or doubled; and the judge of that is no fool."""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest

from benchmarks.chaos_judge import Copy, Sent, faults
from benchmarks.chaos_papers import acknowledgment, order, refers_to
from edi_gateway.store.archive import FileArchive
from tests.flows.stage import Stage


@pytest.mark.slow
def test_ten_kills_at_random_moments_lose_nothing_and_double_nothing(root: Path) -> None:
    """The short form; the long one, of two hundred kills over two thousand files, is `python -m benchmarks.chaos`."""
    command = (sys.executable, "-m", "benchmarks.chaos", "--kills", "10", "--files", "100")
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode == 2:
        pytest.skip(done.stderr)
    assert (done.returncode, done.stdout.count("\n")) == (0, 1), done.stdout + done.stderr
    assert re.match(r"chaos: 10 kills in .* 10\d files in .*: nothing lost", done.stdout)


class Exchange:
    """Some orders went in, and what came back was acknowledged."""

    def __init__(self, stage: Stage) -> None:
        self.house = stage.directory
        self.folder = stage.directory / "mailbox"
        self.stage = stage
        self.sent: list[Sent] = []
        self.received: list[Copy] = []
        stage.known()
        dice = Random(1)
        for number in range(1, 5):
            self.drop(*order("acme", number, dice))
        stage.turn()
        self.take()
        for number, copy in enumerate([one for one in self.received if refers_to(one.content).set == "855"], 5):
            self.drop(*acknowledgment("acme", number, copy.content, dice))
        stage.turn()
        self.take()

    def drop(self, content: bytes, group: str, number: str) -> None:
        # Their names are in another order than their dates and numbers.
        name = f"{sha256(content).hexdigest()}.edi"
        self.stage.drop(name, content)
        self.sent.append(Sent(name, content, group, number))

    def take(self) -> None:
        for path in sorted((self.folder / "in").iterdir()):
            self.received.append(Copy(path.name, path.read_bytes()))
            path.unlink()

    def judged(self) -> list[str]:
        return faults(self.house, {"acme": (self.folder, self.sent, self.received)})[0]


@pytest.fixture
def exchange(tmp_path: Path) -> Exchange:
    return Exchange(Stage(tmp_path))


def other_bytes(exchange: Exchange) -> None:
    copy = exchange.received[0]
    exchange.received.append(replace(copy, content=copy.content.replace(b"*P*", b"*T*")))


def other_numbers(exchange: Exchange) -> None:
    copy = exchange.received[0]
    number = refers_to(copy.content).control.encode()
    exchange.received.append(replace(copy, content=copy.content.replace(number, b"000000009")))


def one_is_missing(exchange: Exchange) -> None:
    del exchange.received[2]


def one_lies_about(exchange: Exchange) -> None:
    (exchange.folder / "in/.a.x12.part").touch()


def two_changed_places(exchange: Exchange) -> None:
    told = [at for at, copy in enumerate(exchange.received) if refers_to(copy.content).set == "997"][:2]
    one, other = (exchange.received[at] for at in told)
    numbers = [refers_to(copy.content).control.encode() for copy in (one, other)]
    exchange.received[told[0]] = replace(one, content=one.content.replace(numbers[0], numbers[1]))
    exchange.received[told[1]] = replace(other, content=other.content.replace(numbers[1], numbers[0]))


def one_was_posted_twice(exchange: Exchange) -> None:
    with exchange.stage.house.store.unit() as unit:
        unit.connection.exec_driver_sql(  # type: ignore[attr-defined]
            "INSERT INTO entries (kind, at, source_document_id, order_id, data) "
            "SELECT kind, at, source_document_id, order_id, data FROM entries WHERE kind = 'order.placed' LIMIT 1"
        )


def an_order_was_forgotten(exchange: Exchange) -> None:
    exchange.sent.append(replace(exchange.sent[0], order="ACME-00099", group="99"))


def bytes_were_not_kept(exchange: Exchange) -> None:
    archive = FileArchive(exchange.house / "archive")
    archive.tidy(0)
    archive.path(exchange.sent[0].digest).unlink()


def test_a_faultless_exchange_is_found_faultless(exchange: Exchange) -> None:
    assert exchange.judged() == []


@pytest.mark.parametrize(("harm", "told"), [
    (other_bytes, "contents"), (other_numbers, "under the numbers"), (one_is_missing, "never came"),
    (one_lies_about, "left behind"), (two_changed_places, "another order"), (one_was_posted_twice, "2 times"),
    (an_order_was_forgotten, "on the books 0 times"), (bytes_were_not_kept, "not in the archive"),
], ids=lambda value: getattr(value, "__name__", ""))
def test_whatever_harm_was_done_is_told_with_its_place(
    exchange: Exchange, harm: Callable[[Exchange], None], told: str
) -> None:
    harm(exchange)
    assert any(told in fault for fault in exchange.judged())
