"""The gateway is killed ten times in the middle of its work: nothing is lost, nothing is doubled."""

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
from edi_gateway.demo.stage import Gateway

KILLS = 10
SEEDS = [int(seed) for seed in os.environ.get("EDI_KILL_SEEDS", "11").split(",")]
"""One of them in every run; many, such as `EDI_KILL_SEEDS=1,2,3`, to look for trouble."""
UP = b'"event": "running"'
IDLE = (UP, b'"same"', b"delete-denied", b"skipped")
WAIT_SECONDS = 0.6
STRETCH = 1.5
"""How much slower the retailers drop, so that every kill falls into some work."""


class Killer:
    """Kills the gateway in the middle of its work, so many log lines and milliseconds into it as the seed decides."""

    def __init__(self, gateway: Gateway, play: Play, seed: int) -> None:
        self.gateway = gateway
        self.play = play
        self.chance = Random(seed)
        self.kills = 0
        self.lines = self.chance.randint(1, 8)

    def __call__(self, _: Rows) -> None:
        if self.kills == KILLS or not self.comes(self.deep_in_work):
            return
        time.sleep(self.chance.uniform(0, 0.03))
        self.gateway.kill()
        self.kills += 1
        self.lines = self.work()[1] + self.chance.randint(1, 8)
        self.gateway.start()

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
        killer = Killer(built.gateway, play, seed)
        rows = performance.perform(built, play, killer, copies=True)
        while killer.kills < KILLS and not verdict.faults(play, rows.counted(), copies=True):
            rows = performance.perform(built, play, killer, copies=True)
        faults = verdict.faults(play, rows.counted(), copies=True)
    assert faults == ()
    assert killer.kills == KILLS
    numbers = Counter((row["channel"], row["partner"], row["interchange_control"]) for row in sent(rows))
    groups = Counter((row["partner"], row["set"], row["group_control"]) for row in sent(rows))
    assert max(numbers.values()) == max(groups.values()) == 1
    assert [order["number"] for order in rows.orders if not answered_as_it_stands(order)] == []


def sent(rows: Rows) -> list[Row]:
    return [row for row in rows.documents if row["direction"] == "out"]


def answered_as_it_stands(order: Row) -> bool:
    answers = 1 if order["state"] == "accepted" else 0
    return all(len(line["answers"]) == answers for line in order["lines"])
