"""The gateway is killed ten times in the middle of its work, and now and then the buyer's beside it.

Nothing is lost, nothing is doubled.
"""

import os
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from edi_gateway.demo import performance, script, stage, verdict
from edi_gateway.demo.house import Row, Rows
from edi_gateway.demo.play import Play
from edi_gateway.demo.stage import Stage

KILLS = 10
SEEDS = [int(seed) for seed in os.environ.get("EDI_KILL_SEEDS", "11").split(",")]
"""One of them in every run; many, such as `EDI_KILL_SEEDS=1,2,3`, to look for trouble."""
UP = b'"event": "running"'
IDLE = (UP, b'"same"', b"delete-denied", b"write-denied", b"host-key-changed", b"skipped")
LINES = (4, 20)
"""How many lines of work lie between two kills, at the least and at the most: ten kills go through the whole play."""
BUYER_TOO = 0.4
"""How often the buyer's gateway is killed as well."""
WAIT_SECONDS = 0.6
STRETCH = 1.5
"""How much slower the retailers drop, so that every kill falls into some work."""


class Killer:
    """Kills the gateway in the middle of its work, so many log lines and milliseconds into it as the seed decides."""

    def __init__(self, built: Stage, play: Play, seed: int) -> None:
        self.gateway = built.gateway
        self.buyers = built.buyers
        self.play = play
        self.chance = Random(seed)
        self.kills = 0
        self.lines = self.chance.randint(*LINES)

    def __call__(self, _: Rows) -> None:
        if self.kills == KILLS or not self.comes(self.deep_in_work):
            return
        time.sleep(self.chance.uniform(0, 0.03))
        self.gateway.kill()
        self.kills += 1
        self.lines = self.work()[1] + self.chance.randint(*LINES)
        self.gateway.start()
        for buyer in self.buyers:
            if self.chance.random() < BUYER_TOO:
                buyer.kill()
                buyer.start()

    def comes(self, so: Callable[[], bool]) -> bool:
        until = time.monotonic() + WAIT_SECONDS
        while not so() and time.monotonic() < until:
            time.sleep(0.004)
        return so()

    def deep_in_work(self) -> bool:
        ups, lines = self.work()
        return ups > self.kills and (lines >= self.lines or self.play.through)

    def work(self) -> tuple[int, int]:
        """How often the gateway came up, and how many lines its log has that tell of work."""
        lines = self.gateway.log.read_bytes().splitlines()
        return sum(UP in line for line in lines), sum(not any(mark in line for mark in IDLE) for line in lines)


def slowly(whole: script.Script) -> script.Script:
    retailers = (
        replace(one, drops=tuple(replace(drop, at_seconds=drop.at_seconds * STRETCH) for drop in one.drops))
        for one in whole.retailers
    )
    return replace(whole, retailers=tuple(retailers))


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_ten_kills_lose_nothing_double_nothing_and_use_no_number_twice(seed: int, tmp_path: Path) -> None:
    with stage.build(slowly(script.load()), tmp_path / "demo", seed) as built:
        play = performance.opening(built)
        killer = Killer(built, play, seed)
        rows = performance.perform(built, play, killer, copies=True)
        while killer.kills < KILLS and not verdict.faults(play, rows, copies=True):
            rows = performance.perform(built, play, killer, copies=True)
        faults = verdict.faults(play, rows, copies=True)
    assert faults == ()
    assert killer.kills == KILLS
    for books in (rows, *rows.buyers.values()):
        numbers = Counter((row["channel"], row["partner"], row["interchange_control"]) for row in sent(books))
        groups = Counter((row["partner"], row["set"], row["group_control"]) for row in sent(books))
        assert max(numbers.values()) == max(groups.values()) == 1
    assert [order["number"] for order in rows.orders if not answered_as_it_stands(order)] == []


def sent(rows: Rows) -> list[Row]:
    return [row for row in rows.documents if row["direction"] == "out"]


def answered_as_it_stands(order: Row) -> bool:
    answers = 1 if order["state"] in ("accepted", "invoiced") else 0
    return all(len(line["answers"]) == answers for line in order["lines"])
