"""What is learned of a partner's orders refuses what the standard takes and the partner's own guide does not.

The orders are made up in the habit of our three partner folders. What is learned is laid over the standard and
over what the partner does beyond it, which no sample can tell and a person has to write first.
"""

import json
import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from edi_gateway.flows.guides import Guides
from edi_gateway.reports.learning import learn
from edi_gateway.store.shelf import DataShelf
from edi_gateway.x12.compile import Table
from tests.reports.habits import HABITS, Rows, deviations, told_by_samples
from tests.reports.test_learning_of_families import file, judged, learned_table

COUNT = 24
OWN = Guides(DataShelf())
FOREIGN = [row.split("*") for row in (
    "CUR*BY*USD", "PER*BD*A BUYER*TE*6035550140", "FOB*PP", "DTM*002*20260320", "TD5*O*2*UPSN*M", "N2*MORE OF IT",
    "REF*ZZ*7", "SAC*A*C310***500", "N9*ZZ*NOTE", "N1*SF*A STORE*92*0042", "PID*F****MORE", "CTP*RS*RES*19.99",
    "TAX*77", "MEA**WT*3*LB", "PKG*F****BOX", "AMT*TT*9",
)]


@cache
def opened(partner: str) -> tuple[Guides, Table]:
    """The standard with what the partner does beyond it, and with nothing that they narrow."""
    return _guided(partner, deviations(_own(partner)))


@cache
def closed(partner: str) -> Table:
    """The standard with what samples can tell of the partner's own guide."""
    return _guided(partner, told_by_samples(_own(partner)))[1]


def _own(partner: str) -> dict[str, Any]:
    rows = DataShelf().rows(f"mappings/partners/{partner}/850.in.guide.toml")
    assert rows is not None
    return dict(rows)


def _guided(partner: str, rows: dict[str, Any]) -> tuple[Guides, Table]:
    guides = Guides(_Opened(partner, rows))
    table = guides.table("850", "004010", partner)
    assert table is not None
    return guides, table


class _Opened(DataShelf):
    """The data as shipped, with another guide of one partner to orders."""

    def __init__(self, partner: str, rows: dict[str, Any]) -> None:
        super().__init__()
        self._own = {f"mappings/partners/{partner}/850.in.guide.toml": rows}

    def rows(self, path: str) -> Any:
        return self._own[path] if path in self._own else super().rows(path)


def mutants(body: Rows, partner: str, seed: int) -> Iterator[Rows]:
    """What dice make of an order, where the standard takes it and the partner's own guide refuses it."""
    dice, seen = random.Random(seed), set()
    while True:
        mutant = changed([list(row) for row in body], dice)
        told = json.dumps(mutant)
        if told not in seen and not judged(mutant, opened(partner)[1]).findings:
            seen.add(told)
            if judged(mutant, closed(partner)).outcome == "rejected":
                yield mutant


def changed(body: Rows, dice: random.Random) -> Rows:
    """An order without one of its segments, with one twice or one more, or with another value or none in one place."""
    at = dice.randrange(1, len(body) - 1)
    row, way = body[at], dice.randrange(6)
    element = dice.randrange(1, len(row))
    if way == 0:
        return [*body[:at], *body[at + 1:]]
    if way == 1:
        return [*body[:at], row, *body[at:]]
    if way == 2:
        return [*body[:at + 1], list(dice.choice(FOREIGN)), *body[at + 1:]]
    if way == 3:
        row[element] = ""
    elif way == 4:
        row[element] = dice.choice(("ZZ", "BY", "CA", "PL", "SA", "05", "001", "VN", "EN", "US", "MX", "2", "KN"))
    else:
        row[element] = dice.choice((row[element] + "77", row[element][1:], row[element] * 2))
    return body


@pytest.mark.parametrize("partner", HABITS)
def test_orders_made_in_a_partner_s_habit_keep_to_the_partner_s_guide(partner: str) -> None:
    own = OWN.table("850", "004010", partner, "in")
    assert own is not None
    found = [judged(HABITS[partner](number), own).findings for number in range(COUNT)]
    assert found == [()] * COUNT


@pytest.mark.parametrize("partner", HABITS)
def test_learned_of_all_but_one_it_accepts_the_last_and_refuses_ten_mutants_that_the_standard_takes(
    partner: str
) -> None:
    guides, of = opened(partner)
    orders = [HABITS[partner](number) for number in range(COUNT)]
    for left, last in enumerate(orders):
        learned = learn([file(one, of) for at, one in enumerate(orders) if at != left], guides, "850", partner)
        assert learned.documents == COUNT - 1
        by = learned_table(learned, of)
        assert judged(last, by).findings == (), learned.toml
        made = mutants(last, partner, left)
        for _ in range(10):
            mutant = next(made)
            assert judged(mutant, by).outcome == "rejected", (mutant, learned.toml)
