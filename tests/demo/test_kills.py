"""The gateway is killed ten times in the middle of its work: nothing is lost, nothing is doubled."""

import os
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from edi_gateway.demo import performance, script, stage, verdict
from edi_gateway.demo.house import Row, Rows
from edi_gateway.demo.stage import Gateway

KILLS = 10
UP = b'"event": "running"'
STRETCH = 2.2
"""How much slower the retailers drop, so that every kill falls into some work."""


SEEDS = [int(seed) for seed in os.environ.get("EDI_KILL_SEEDS", "11").split(",")]


class Killer:
    """Kills the gateway at moments that the seed decides, each time after it has come up again."""

    def __init__(self, gateway: Gateway, seed: int) -> None:
        self.gateway = gateway
        self.chance = Random(seed)
        self.kills = 0

    def __call__(self, _: Rows) -> None:
        if self.kills < KILLS and self.gateway.log.read_bytes().count(UP) > self.kills:
            time.sleep(self.chance.uniform(0, 1.5))
            self.gateway.kill()
            self.gateway.start()
            self.kills += 1


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
        killer = Killer(built.gateway, seed)
        play = performance.opening(built)
        rows = performance.perform(built, play, killer, copies=True)
        faults = verdict.faults(play, rows.counted(), copies=True)
    assert killer.kills == KILLS
    assert faults == ()
    numbers = Counter((row["channel"], row["partner"], row["interchange_control"]) for row in sent(rows))
    groups = Counter((row["partner"], row["set"], row["group_control"]) for row in sent(rows))
    assert max(numbers.values()) == max(groups.values()) == 1
    assert [order["number"] for order in rows.orders if not answered_as_it_stands(order)] == []


def sent(rows: Rows) -> list[Row]:
    return [row for row in rows.documents if row["direction"] == "out"]


def answered_as_it_stands(order: Row) -> bool:
    answers = 1 if order["state"] == "accepted" else 0
    return all(len(line["answers"]) == answers for line in order["lines"])
