"""How fast the codec reads 850s, as ratios to a bare two-level split of the same text."""

import argparse
import random
import statistics
import time
from collections.abc import Callable

from edi_gateway import mapping
from edi_gateway.store.shelf import DataShelf
from edi_gateway.x12 import envelope
from edi_gateway.x12.read import read
from edi_gateway.x12.standard import Standard

LINES_A_SET = 20
SETS_A_GROUP = 100


def orders(megabytes: float, seed: int) -> bytes:
    """One interchange of made-up orders, about so large."""
    dice = random.Random(seed)
    groups: list[str] = []
    size, number = 0, 0
    while size < megabytes * 1_000_000:
        sets = []
        for control in range(1, SETS_A_GROUP + 1):
            number += 1
            sets.append(_order(dice, number, f"{control:04}"))
        head = f"GS*PO*BUYER*SELLER*20260301*0930*{len(groups) + 1}*X*004010~"
        groups.append(f"{head}{''.join(sets)}GE*{len(sets)}*{len(groups) + 1}~")
        size += len(groups[-1])
    isa = f"ISA*00*{'':10}*00*{'':10}*ZZ*{'BUYER':15}*ZZ*{'SELLER':15}*260301*0930*U*00401*000000001*0*P*>~"
    return f"{isa}{''.join(groups)}IEA*{len(groups)}*000000001~".encode()


def _order(dice: random.Random, number: int, control: str) -> str:
    body = [
        f"BEG*00*SA*PO{number:08}**20260301", "REF*IA*4711", "N1*ST*A STORE*92*0042", "N3*1 LONG ROAD",
        "N4*SPRINGFIELD*IL*62701*US",
    ]
    for line in range(1, LINES_A_SET + 1):
        cents = dice.randint(100, 99_999)
        body.append(f"PO1*{line}*{dice.randint(1, 99)}*EA*{cents / 100:.2f}**UP*{dice.randrange(10**11, 10**12)}")
        body.append(f"PID*F****PRODUCT {dice.randint(1, 9999)}")
    body.append(f"CTT*{LINES_A_SET}")
    return "~".join([f"ST*850*{control}", *body, f"SE*{len(body) + 2}*{control}"]) + "~"


def steps(content: bytes) -> dict[str, Callable[[], None]]:
    """Each step by name; all of them read the same bytes."""
    shelf = DataShelf()
    standard = Standard(shelf.rows, shelf.names("specs"))
    plan = mapping.load(shelf.rows, "850", "004010")
    assert plan is not None

    def split() -> None:
        for segment in content.decode("latin-1").split("~"):
            segment.split("*")

    def walk(then: Callable[[envelope.Transaction, str], None]) -> None:
        for interchange in envelope.read([content]):
            for group in interchange.groups:
                for transaction in group.transactions:
                    then(transaction, group.version)

    def validate(transaction: envelope.Transaction, version: str) -> None:
        verdict = read(transaction, standard.table(transaction.set, version))
        assert verdict.outcome == "accepted", verdict.findings[:3]

    def order(transaction: envelope.Transaction, version: str) -> None:
        tree = read(transaction, standard.table(transaction.set, version)).tree
        assert tree is not None
        noun, _ = mapping.to_canonical(tree, plan)
        assert noun is not None

    return {
        "split": split,
        "envelope": lambda: walk(lambda *_: None),
        "validate": lambda: walk(validate),
        "orders": lambda: walk(order),
    }


def main() -> None:
    """Prints each step's median time, speed and ratio to the split."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--megabytes", type=float, default=10)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    content = orders(asked.megabytes, asked.seed)
    timed: dict[str, list[float]] = {}
    walks = steps(content)
    for run in range(asked.runs + 1):
        for name, step in walks.items():
            start = time.perf_counter()
            step()
            if run:  # The first round warms up.
                timed.setdefault(name, []).append(time.perf_counter() - start)
    yardstick = statistics.median(timed["split"])
    for name, seconds in timed.items():
        median = statistics.median(seconds)
        print(f"{name:10}{median:8.3f} s {len(content) / median / 1e6:8.1f} MB/s {median / yardstick:8.1f} x split")


if __name__ == "__main__":
    main()
