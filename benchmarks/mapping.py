"""How fast documents are made of X12 and X12 of documents, as ratios to a bare two-level split of the same text."""

import argparse
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial

from benchmarks.inputs import feeds, orders, shipments
from edi_gateway import mapping
from edi_gateway.mapping.reading import carefully
from edi_gateway.model import Noun
from edi_gateway.store.shelf import DataShelf
from edi_gateway.x12 import envelope, write
from edi_gateway.x12.read import Tree, read
from edi_gateway.x12.standard import Standard
from edi_gateway.x12.tokens import Separators

Nouns = Iterator[Noun]
MADE = (orders, shipments, lambda megabytes, seed: b"".join(feeds(megabytes, seed)))
HEADING = write.Heading("ZZ:US", "ZZ:THEM", "US", "THEM", "PO", "004010", 1, 1, datetime(2026, 3, 1, 9, 30, tzinfo=UTC))


def trees(content: bytes, standard: Standard) -> Iterator[Tree]:
    """The trees of all sets, each checked."""
    for interchange in envelope.read([content]):
        for group in interchange.groups:
            for transaction in group.transactions:
                verdict = read(transaction, standard.table(transaction.set, group.version))
                assert verdict.outcome == "accepted", verdict.findings[:3]
                assert verdict.tree is not None
                yield verdict.tree


def steps(content: bytes) -> dict[str, Callable[[], None]]:
    """Each step by name; all of them read the same bytes, or write what is in them.

    What is said to be in files has a file for each set; the nouns are read and the files written when first asked for.
    """
    set_id = content[content.index(b"~ST*") + 4:][:3].decode()
    shelf = DataShelf()
    standard = Standard(shelf.rows, shelf.names("specs"))
    by = mapping.load(shelf.rows, set_id, "004010")
    assert by is not None
    take = partial(mapping.to_canonical, by=by)
    nouns = cache(lambda: tuple(_nouns(content, standard, take)))
    files = cache(lambda: tuple(written(nouns(), by, standard, together=False)))
    return {
        "split": lambda: _split(content),
        "tree": lambda: _exhaust(trees(content, standard)),
        "noun": lambda: _exhaust(_nouns(content, standard, take)),
        "noun with care": lambda: _exhaust(_nouns(content, standard, partial(carefully, by=by))),
        "noun to X12": lambda: _exhaust(written(nouns(), by, standard, together=True)),
        "each from a file": lambda: _exhaust(noun for one in files() for noun in _nouns(one, standard, take)),
        "each in a file": lambda: _exhaust(written(nouns(), by, standard, together=False)),
    }


def written(nouns: Iterable[Noun], by: mapping.Map, standard: Standard, *, together: bool) -> Iterator[bytes]:
    """Writes every noun and reads back what is written, in one interchange or one for each."""
    table = standard.table(by.set, "004010")
    assert table is not None
    heading, marks = replace(HEADING, code=table.definition.group), Separators()

    def bodies() -> Iterator[write.Body]:
        for number, noun in enumerate(nouns, 1):
            said, findings = mapping.body(noun, by, table.definition, marks)
            assert said is not None, findings
            yield by.set, f"{number:04}", said

    for sets in [[*bodies()]] if together else ([body] for body in bodies()):
        content = write.write(heading, sets)
        assert sum(1 for _ in trees(content, standard)) == len(sets)
        yield content


def _exhaust(values: Iterator[object]) -> None:
    for _ in values:
        pass


def _split(content: bytes) -> None:
    for segment in content.decode("latin-1").split("~"):
        segment.split("*")


def _nouns(content: bytes, standard: Standard, to_canonical: Callable[[Tree], tuple[Noun | None, object]]) -> Nouns:
    for tree in trees(content, standard):
        noun, _ = to_canonical(tree)
        assert noun is not None
        yield noun


def main() -> None:
    """Prints the least time of each step, its speed and its ratio to the split."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--megabytes", type=float, default=2)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", default="")
    asked = options.parse_args()
    for content in (made(asked.megabytes, asked.seed) for made in MADE):
        title = content[content.index(b"~ST*") + 4:][:3].decode()
        walks = {name: step for name, step in steps(content).items() if not asked.only or name in asked.only.split(",")}
        timed: dict[str, list[float]] = {name: [] for name in walks}
        for _ in range(asked.runs):
            for name, step in walks.items():
                start = time.process_time()
                step()
                timed[name].append(time.process_time() - start)
        yardstick = min(timed["split"])
        for name, seconds in timed.items():
            least = min(seconds)
            speed, ratio = len(content) / least / 1e6, least / yardstick
            print(f"{title} {name:16}{least:8.3f} s {speed:8.1f} MB/s {ratio:8.1f} x split")


if __name__ == "__main__":
    main()
