"""Levels of a tree being written: one behind the other, each with its id and its parent's."""

from typing import TYPE_CHECKING

from edi_gateway.issues import mapping as issues
from edi_gateway.mapping.branches import Branch, Growth
from edi_gateway.mapping.paths import Spot
from edi_gateway.mapping.plan import Line, Sheet
from edi_gateway.mapping.sheets import Instance
from edi_gateway.mapping.structure import Structure
from edi_gateway.model import Noun

if TYPE_CHECKING:
    from edi_gateway.mapping.writing import Writing


def lay(noun: Noun, sheet: Sheet, structure: Structure, writing: "Writing", document: Instance) -> Noun:
    """Lays the noun's lists of levels into the document; returns the noun in the order in which they stand there."""
    growth = Growth(noun, sheet, structure)
    for fault in growth.faults:
        writing.fault(issues.STRUCTURE_UNFIT, fault, None, None)
    for fixed in structure.fixed:
        writing.put(document.slip(fixed.spot), fixed.spot, str(fixed.text), f"the structure {structure.name}")
    laying = _Laying(noun, sheet, writing, document)
    laying.number(document.inner((structure.root,)), parent=0)
    if growth.faults:
        return noun
    laying.below(growth.root, parent=writing.count)
    return growth.arranged(noun)


class _Laying:
    def __init__(self, noun: Noun, sheet: Sheet, writing: "Writing", document: Instance) -> None:
        self._noun = noun
        self._sheets = sheet.levels
        self._writing = writing
        self._document = document

    def below(self, above: Branch, parent: int) -> None:
        """Lays everything that stands below a level."""
        for branch in above.inner.values():
            sheet = self._sheets[branch.key]
            assert sheet.spot is not None, "a level has a place"
            within = self._document.opened(sheet.spot)
            self.number(within, parent)
            value, name = getattr(self._noun, branch.key)[branch.at], f"{branch.key}[{branch.at}]"
            if len(branch.parts) > 1:
                value = value.model_copy(update=self._whole(branch, sheet))
            self._writing.sheet(sheet, value, within, None, name)
            if branch.part is not None:
                self._part(self._sheets[above.key], branch.part, within)
            self.below(branch, parent=self._writing.count)

    def number(self, level: Instance, parent: int) -> None:
        """Counts a level, and says its id and its parent's."""
        by = self._writing.grammar.definition.hierarchy
        assert by is not None, "only a set with a tree has structures"
        self._writing.count += 1
        slip = level.slip(Spot((), self._writing.grammar.definition.places[by.place], None))
        slip.put(by.id, 0, str(self._writing.count))
        if parent:
            slip.put(by.parent, 0, str(parent))

    def _whole(self, branch: Branch, sheet: Sheet) -> dict[str, object]:
        """What all parts of an item come to."""
        divided, items = sheet.record.split[0], getattr(self._noun, branch.key)
        return {divided: sum(getattr(items[at], divided) for at in branch.parts)}

    def _part(self, sheet: Sheet, at: int, within: Instance) -> None:
        """Says in a level below an item how much of the item it holds."""
        item = getattr(self._noun, sheet.key)[at]
        for line in sheet.lines:
            if isinstance(line, Line) and line.key in sheet.record.split and getattr(item, line.key) is not None:
                name = f"{sheet.key}[{at}].{line.key}"
                self._writing.line(line, getattr(item, line.key), within, None, name)
