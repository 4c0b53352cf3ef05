"""How long the codec takes, in the same run as a bare two-level split of the same bytes, kept nowhere."""

import time
import tomllib
from collections.abc import Callable, Sequence
from statistics import median

from edi_gateway import mapping
from edi_gateway.store.shelf import DataShelf
from edi_gateway.x12 import envelope
from edi_gateway.x12.envelope import Transaction
from edi_gateway.x12.guide import parse
from edi_gateway.x12.read import read
from edi_gateway.x12.standard import Standard

Step = Callable[[], None]


def steps(files: Sequence[bytes], set_id: str = "850", clean: bool = True, nouns: bool = True) -> dict[str, Step]:
    """Each step by name; all of them read the same files. `clean` says that every set has to be accepted."""
    shelf = DataShelf()
    standard = Standard(shelf.rows, shelf.names("specs"))
    plan = mapping.load(shelf.rows, set_id, "004010")
    assert plan is not None

    def split() -> None:
        for content in files:
            for segment in content.decode("latin-1").split("~"):
                segment.split("*")

    def validate(transaction: Transaction, version: str) -> None:
        verdict = read(transaction, standard.table(transaction.set, version))
        assert not clean or verdict.outcome == "accepted", verdict.findings[:3]

    def to_noun(transaction: Transaction, version: str) -> None:
        tree = read(transaction, standard.table(transaction.set, version)).tree
        assert tree is not None
        assert mapping.to_canonical(tree, plan)[0] is not None

    found: dict[str, Step] = {
        "split": split, "envelope": lambda: _walk(files, lambda *_: None), "validate": lambda: _walk(files, validate),
    }
    return {**found, "model": lambda: _walk(files, to_noun)} if nouns else found


def guided(content: bytes, set_id: str, guide: str) -> Step:
    """The same as `validate`, by the standard with a partner's guide laid over it, which has to be kept to."""
    shelf = DataShelf()
    standard = Standard(shelf.rows, shelf.names("specs"))
    laid = parse("a guide", tomllib.loads(guide))
    table = standard.table(set_id, "004010", "a partner", laid)
    assert table is not None

    def validate(transaction: Transaction, _version: str) -> None:
        verdict = read(transaction, table)
        assert not verdict.findings, verdict.findings[:3]

    return lambda: _walk([content], validate)


def _walk(files: Sequence[bytes], then: Callable[[Transaction, str], None]) -> None:
    for content in files:
        for interchange in envelope.read([content]):
            for group in interchange.groups:
                for transaction in group.transactions:
                    then(transaction, group.version)


def timed(steps: dict[str, Step], runs: int) -> dict[str, float]:
    """The median of each step's processor time in seconds, the steps taken in turn; a first round warms up."""
    found: dict[str, list[float]] = {name: [] for name in steps}
    for run in range(runs + 1):
        for name, step in steps.items():
            start = time.process_time()
            step()
            if run:
                found[name].append(time.process_time() - start)
    return {name: median(times) for name, times in found.items()}
