"""One set before both judges: documents, mutants, and where the judges differ."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random

from edi_gateway.exports import pyx12
from edi_gateway.store.shelf import DataShelf
from edi_gateway.x12.compile import Table, compile
from edi_gateway.x12.spec import Definition, load
from tests.pyx12.documents import invented, of_fixtures, text
from tests.pyx12.judges import Fault, Judged, Ours, Theirs
from tests.pyx12.mutants import Mutant, mutants

SETS = ("850", "855", "856", "846", "810")
VERSION = "004010"
MUTANTS = 2_000
SETS_PER_INTERCHANGE = 200
MUTANTS_OF_A_FIXTURE = 8
_INVENTED = 150


@dataclass(frozen=True)
class Difference:
    """What only one judge found in a mutant, and what both did; `fell` is how pyx12 ended before it was through."""

    fault: str
    rows: tuple[tuple[str, ...], ...]
    ours: frozenset[Fault]
    theirs: frozenset[Fault]
    both: frozenset[Fault]
    fell: str


@dataclass
class Trial:
    """What came of some mutants: how many were judged, by fault, how many alike, how many were no fault to either."""

    judged: Counter[str] = field(default_factory=Counter)
    alike: int = 0
    harmless: int = 0
    differences: list[Difference] = field(default_factory=list)

    def note(self, mutant: Mutant, we: Judged, they: Judged) -> None:
        """Counts a mutant."""
        if not (we.faults or they.faults or they.fell):
            self.harmless += 1
            return
        self.judged[mutant.fault] += 1
        if we.faults == they.faults and not they.fell:
            self.alike += 1
            return
        both = frozenset(we.faults & they.faults)
        ours, theirs = frozenset(we.faults) - both, frozenset(they.faults) - both
        self.differences.append(Difference(mutant.fault, mutant.rows, ours, theirs, both, they.fell))


class Court:
    """Both judges of one set, and the documents brought before them. The maps are written into `folder`."""

    def __init__(self, set_id: str, version: str, folder: Path) -> None:
        shelf = DataShelf()
        definition = load(shelf.rows, set_id, version)
        assert definition is not None
        for name, content in pyx12.files([definition]).items():
            (folder / name).write_bytes(content)
        self.definition: Definition = definition
        self.table: Table = compile(definition, shelf.rows)
        self.judges = (Ours(self.table), Theirs(folder, set_id, version))
        own = {place.segment.id for place in definition.places}
        known = (name.removesuffix(".toml") for name in shelf.names(f"specs/x12/{version}") if name.endswith(".toml"))
        self._foreign = sorted(id for id in known if id not in own and not id[1:].isdigit())
        self.documents = list(invented(self.table, Random(f"{set_id} {version}"), _INVENTED))

    def unspoilt(self) -> Trial:
        """The documents as they are. Both judges should find nothing."""
        trial = Trial()
        self._judge(trial, [Mutant("none", one.rows) for one in self.documents])
        return trial

    def mutants(self, count: int = MUTANTS) -> Trial:
        """At least so many faulty mutants of the documents that were made up."""
        trial = Trial()
        source = mutants(self.documents, self.definition, Random("mutants"), self._foreign)
        while (missing := count - trial.judged.total()) > 0:
            self._judge(trial, list(islice(source, min(SETS_PER_INTERCHANGE, missing))))
        return trial

    def fixtures(self, folder: Path) -> Trial:
        """The documents of a folder as they are, and some mutants of each; its name is the seed."""
        trial = Trial()
        for one in of_fixtures(folder, self.table):
            source = mutants([one], self.definition, Random(one.name), self._foreign, Random(one.name))
            self._judge(trial, [Mutant("none", one.rows), *islice(source, MUTANTS_OF_A_FIXTURE)])
        return trial

    def _judge(self, trial: Trial, batch: Sequence[Mutant]) -> None:
        """A sound set goes before those of an interchange: it has the number that one of them may repeat."""
        first = Mutant("none", self.documents[0].rows)
        together = [first, *(one for one in batch if not one.apart)]
        for group in (together, *([one] for one in batch if one.apart)):
            content = text([one.rows for one in group], self.definition)
            ours, theirs = (judge.judge(content)[0] for judge in self.judges)
            for mutant, we, they in zip(group, ours, theirs, strict=True):
                if mutant is not first:
                    trial.note(mutant, we, they)

