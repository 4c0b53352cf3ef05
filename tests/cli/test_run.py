"""The gateway that runs for good."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edi_gateway.issues import internal
from tests.cli.program import PRICES, add_acme, run
from tests.flows.stage import envelope, order

PATIENCE_SECONDS = 30


def wait(until: Callable[[], bool]) -> None:
    """Until it is so, or the test has waited long enough."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not until():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


@contextmanager
def running(house: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The gateway of a house as a process of its own, its log in the file `log` beside it."""
    command = [sys.executable, "-m", "edi_gateway", "run", "--dir", str(house)]
    where = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with (house / "log").open("wb") as log, subprocess.Popen(command, env=where, stderr=log) as process:
        try:
            wait(lambda: "running" in (house / "log").read_text("utf-8"))
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_an_order_and_stops_when_asked_and_says_so(house: Path, number: signal.Signals) -> None:
    add_acme(house)
    run("prices", "import", "-", "--list", "list", "--dir", house, given=PRICES)
    (house / "mailbox/out/o.edi").write_text(envelope(order("PO-1")), "utf-8")
    with running(house) as process:
        wait(lambda: len(list((house / "mailbox/in").glob("*.x12"))) == 2)
        second = run("run", "--dir", house)
        process.send_signal(number)
        assert process.wait(PATIENCE_SECONDS) == 0
    assert (second.code, second.err.startswith(internal.ALREADY_RUNNING.title)) == (2, True)
    log = [json.loads(line) for line in (house / "log").read_text("utf-8").splitlines()]
    assert [line["event"] for line in log if line["event"] in ("running", "stopping", "stopped")] == [
        "running", "stopping", "stopped",
    ]


def test_a_decision_is_delivered_by_the_gateway_that_runs(trading: Path) -> None:
    with running(trading) as process:
        assert run("orders", "answer", "PO-2", "--accept", "--dir", trading).code == 0
        wait(lambda: any("PO-2" in file.read_text() for file in (trading / "mailbox/in").glob("*_855_*")))
        process.terminate()
        assert process.wait(PATIENCE_SECONDS) == 0


def test_a_gateway_that_runs_obeys_a_pause_and_a_resumption(trading: Path) -> None:
    configuration = (trading / "gateway.toml").read_text("utf-8")
    (trading / "gateway.toml").write_text(configuration.replace('"folder"', '"folder"\nevery_seconds = 0.2'), "utf-8")
    run("prices", "import", "-", "--list", "list", "--dir", trading, given=PRICES)
    file = trading / "mailbox/out/three.edi"
    with running(trading):
        assert run("channel", "pause", "acme", "--dir", trading).code == 0
        file.write_text(envelope(order("PO-3"), icn=3, group=3), "utf-8")
        time.sleep(1)
        assert file.exists()
        assert run("channel", "resume", "acme", "--dir", trading).code == 0
        wait(lambda: not file.exists())


def test_a_poll_beside_a_gateway_that_runs_does_nothing_twice(trading: Path) -> None:
    for number in range(3, 13):
        content = envelope(order(f"PO-{number}"), icn=number, group=number)
        (trading / f"mailbox/out/{number}.edi").write_text(content, "utf-8")
    with running(trading):
        for _ in range(3):
            assert run("poll", "acme", "--dir", trading).code == 0
        wait(lambda: len(list((trading / "mailbox/in").glob("*_855_*"))) == 11)
    rows = run("documents", "--direction", "in", "--json", "--dir", trading).rows
    assert len(rows) == 12
    assert [row["kind"] for row in run("issues", "--json", "--dir", trading).rows] == ["trade.price-differs"]
