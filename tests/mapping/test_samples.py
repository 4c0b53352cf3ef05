"""Real documents that others published: each one accepted becomes a noun, and the noun is said again."""

from pathlib import Path

import pytest

from edi_gateway import mapping
from edi_gateway.flows.guides import Guides
from edi_gateway.store.shelf import DataShelf
from edi_gateway.x12 import envelope
from edi_gateway.x12.read import Tree, read


@pytest.mark.parametrize("folder", ["850", "855", "997"])
def test_what_is_accepted_becomes_a_noun_that_can_be_said_again(samples: Path, folder: str) -> None:
    guides = Guides(DataShelf())
    found = 0
    for file in sorted((samples / folder).glob("*.edi")):
        for tree in _trees(file.read_bytes(), guides):
            by = guides.map(tree.definition.set, tree.definition.version, "")
            assert by
            noun, findings = mapping.to_canonical(tree, by)
            assert noun, (file.name, findings)
            again, faults = mapping.from_canonical(noun, by, tree.definition, tree.separators)
            assert again, (file.name, faults)
            assert mapping.to_canonical(again, by)[0] == noun
            found += 1
    assert found > 2


def _trees(content: bytes, guides: Guides) -> list[Tree]:
    verdicts = [
        read(one, guides.table(one.set, group.version, ""))
        for interchange in envelope.read([content]) for group in interchange.groups for one in group.transactions
    ]
    return [verdict.tree for verdict in verdicts if verdict.tree is not None]
