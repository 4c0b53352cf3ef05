"""What is learned of all documents of a family but one accepts the last, and refuses what is broken in it.

A family are the documents of one set in one version: those of a partner's folder, or those that one source published.
Our own folders hold fewer than four; of so few nothing may be more than a hint.
"""

import csv
import random
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edi_gateway.flows.guides import Guides
from edi_gateway.reports.learning import Learned, learn
from edi_gateway.x12 import envelope
from edi_gateway.x12.compile import Table, compile
from edi_gateway.x12.guide import parse
from edi_gateway.x12.narrowing import narrow
from edi_gateway.x12.read import Verdict, read
from tests.x12.generator import shelf
from tests.x12.workshop import isa, text

Document = list[list[str]]
LEAST = 4
GUIDES = Guides(shelf())
FIXTURES = Path(__file__).parents[2] / "fixtures/x12/partners"
FOLDERS = sorted(folder for folder in FIXTURES.glob("*/*/pass"))


def documents(files: list[Path], partner: str, set_id: str) -> dict[str, list[Document]]:
    """The accepted documents of a set by version, ST and SE and all."""
    found: dict[str, list[Document]] = defaultdict(list)
    for file in files:
        for interchange in envelope.read([file.read_bytes()]):
            for group in interchange.groups:
                for one in group.transactions:
                    table = GUIDES.table(one.set, group.version, partner)
                    tree = read(one, table).tree if table is not None and one.set == set_id else None
                    if table is not None and tree is not None:
                        found[table.definition.version].append([list(row) for row in tree.segments])
    return found


def file(body: Document, of: Table) -> bytes:
    one = of.definition
    rows = ["*".join(row) for row in body[1:-1]]
    return text([isa(), f"GS*{one.group}*ACME*US*20260302*1200*1*X*{one.version}", "*".join(body[0]), *rows,
                 f"SE*{len(rows) + 2}*{body[0][2]}", "GE*1*1", "IEA*1*000000001"])


def judged(body: Document, by: Table) -> Verdict:
    (verdict,) = (read(one, by) for each in envelope.read([file(body, by)]) for group in each.groups
                  for one in group.transactions)
    return verdict


def learned_table(learned: Learned, of: Table) -> Table:
    guide = parse("learned.guide.toml", tomllib.loads(learned.toml))
    return compile(narrow(shelf().rows, of.definition, guide), shelf().rows)


def without(body: Document, at: int, dice: random.Random) -> Document:
    return [*body[:at], *body[at + 1:]]


def doubled(body: Document, at: int, dice: random.Random) -> Document:
    return [*body[:at], body[at], *body[at:]]


def strange(body: Document, at: int, dice: random.Random) -> Document:
    return [*body[:at], ["ZZZ", str(dice.randrange(100))], *body[at:]]


def longer(body: Document, at: int, dice: random.Random) -> Document:
    element = dice.randrange(1, len(body[at]))
    return [*body[:at], [*body[at][:element], "9" * 300, *body[at][element + 1:]], *body[at + 1:]]


def emptied(body: Document, at: int, dice: random.Random) -> Document:
    element = dice.randrange(1, len(body[at]))
    return [*body[:at], [*body[at][:element], "", *body[at][element + 1:]], *body[at + 1:]]


WAYS: tuple[Callable[[Document, int, random.Random], Document], ...] = (without, doubled, strange, longer, emptied)


def mutants(body: Document, by: Table, seed: int) -> Iterator[Document]:
    """Ten seeded mutants that break what makes the document one of its set: its first segment, or a row of it."""
    dice, found = random.Random(seed), 0
    while found < 10:
        way = dice.choice(WAYS)
        at = 1 if way in (without, doubled) else dice.randrange(1, len(body) - 1)
        mutant = way(body, at, dice)
        if way not in (longer, emptied) or judged(mutant, by).outcome == "rejected":
            found += 1
            yield mutant


def hold(family: list[Document], of: Table) -> None:
    """The law, for each document of a family as the last; its documents are judged by themselves beforehand."""
    for left, last in enumerate(family):
        learned = learn([file(one, of) for at, one in enumerate(family) if at != left], GUIDES, of.definition.set)
        by = learned_table(learned, of)
        assert judged(last, by).outcome == judged(last, of).outcome, learned.toml
        refused = [judged(mutant, by).outcome for mutant in mutants(last, by, left)]
        assert refused == ["rejected"] * 10


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: "-".join(folder.parts[-3:-1]))
def test_of_a_partner_s_own_documents_all_but_one_accept_the_last(folder: Path) -> None:
    partner, set_id = folder.parts[-3:-1]
    for version, family in documents(sorted(folder.glob("*.edi")), partner, set_id).items():
        of = GUIDES.table(set_id, version, "")
        assert of is not None
        plain = [one for one in family if judged(one, of).tree is not None]
        if len(plain) >= LEAST:
            hold(plain, of)
        else:
            learned = learn([file(one, of) for one in plain], GUIDES, set_id)
            assert not any(one.sure for one in learned.proposals)


def test_of_a_source_s_documents_all_but_one_accept_the_last_and_refuse_ten_mutants(samples: Path) -> None:
    files: dict[tuple[str, str], list[Path]] = defaultdict(list)
    with (samples / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        for row in csv.DictReader(index, delimiter="\t"):
            if row["sets"].isdigit():
                files[":".join(row["source"].split(":")[:2]), row["sets"]].append(samples / row["file"])
    held = 0
    for (_, set_id), listed in files.items():
        for version, family in documents(listed, "", set_id).items():
            of = GUIDES.table(set_id, version, "")
            assert of is not None
            plain = [one for one in family if judged(one, of).tree is not None]
            if len(plain) >= LEAST:
                hold(plain, of)
                held += 1
    assert held > 1
