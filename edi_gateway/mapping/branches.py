"""A flat noun as the tree that is to be written: its items put under each other as a structure wants it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from edi_gateway.mapping.plan import Sheet
from edi_gateway.mapping.structure import Structure
from edi_gateway.model import Noun

_Item = tuple[str, int]
"""A list of the noun, and the place in it, from 0."""


@dataclass(slots=True)
class Branch:
    """One level of the tree: an item by its list and place, and what stands below it.

    `parts` are the items of the leaf that are told as one, more than its own where it is split; each
    level below then tells one `part`.
    """

    key: str = ""
    at: int = 0
    inner: "dict[_Item, Branch]" = field(default_factory=dict)
    parts: list[int] = field(default_factory=list)
    part: int | None = None

    def walk(self) -> "Iterator[Branch]":
        """All branches below this one, each before what stands below it."""
        for branch in self.inner.values():
            yield branch
            yield from branch.walk()


class Growth:
    """A noun grown into a tree: its `root`, and `faults`, sentences that say what the structure cannot say.

    Everything stands in the order in which the leaf's items first need it.
    """

    def __init__(self, noun: Noun, sheet: Sheet, structure: Structure) -> None:
        self.root = Branch()
        self.faults: list[str] = []
        self._structure = structure
        self._levels = sheet.levels
        self._lists: dict[str, Sequence[BaseModel]] = {
            key: () if key in sheet.record.leave_out else getattr(noun, key) for key in self._levels
        }
        self._first: dict[_Item, Branch] = {}
        self._again: dict[_Item, None] = {}
        self._split: dict[tuple[int, Any], Branch] = {}
        if self._sayable():
            self._grow()

    def arranged(self, noun: Noun) -> Noun:
        """The noun with its lists in the order of the tree, and the ordinals that follow from it."""
        order: dict[str, dict[int, int]] = {key: {} for key in self._structure.lists}
        for branch in self.root.walk():
            for at in branch.parts or [branch.at]:
                order[branch.key].setdefault(at, len(order[branch.key]))
        lists: dict[str, tuple[BaseModel, ...]] = {}
        for key, places in order.items():
            items = [(self._lists[key][at], self._targets(key, at)) for at in places]
            lists[key] = tuple(
                item.model_copy(update={name: order[to][at] + 1 for name, (to, at) in targets.items()})
                for item, targets in items
            )
        return noun.model_copy(update={key: items for key, items in lists.items() if items})

    def _sayable(self) -> bool:
        structure = self._structure
        for key, items in self._lists.items():
            if items and key not in structure.lists:
                self.faults.append(f"the structure {structure.name} has no level for {key}")
        for key in structure.lists:
            for at in range(len(self._lists[key])):
                for name, (to, place) in self._targets(key, at).items():
                    if not 0 <= place < len(self._lists[to]):
                        told = f"of {len(self._lists[to])} {to}"
                        self.faults.append(f"{key}[{at}].{name} is {place + 1}, {told}")
        return not self.faults

    def _targets(self, key: str, at: int) -> dict[str, _Item]:
        """What an item stands under, by its fields."""
        sheet, item = self._levels[key], self._lists[key][at]
        links = [link for link in sheet.links if link.key not in sheet.record.leave_out]
        said = {link: getattr(item, link.key) for link in links}
        return {link.key: (link.to, ordinal - 1) for link, ordinal in said.items() if ordinal is not None}

    def _grow(self) -> None:
        structure = self._structure
        for at in range(len(self._lists[structure.leaf])):
            self._plant(at)
        for key in (*structure.above, structure.below):
            for at in range(len(self._lists.get(key, ()))):
                if (key, at) not in self._first:
                    self._put(self._shelter(key, at), key, at)
        for key, at in self._again:
            same = self._levels[key].record.same
            if all(getattr(self._lists[key][at], name) in (None, ()) for name in same):
                known = f", and says none of {', '.join(same)} to be known by" if same else ""
                self.faults.append(f"{key}[{at}] stands at several places in the structure {structure.name}{known}")

    def _plant(self, at: int) -> None:
        """Puts an item of the leaf under everything it stands under."""
        structure, leaf = self._structure, self._structure.leaf
        under = dict(self._targets(leaf, at).values())
        branch = self.root
        for key in structure.above:
            if key in under:
                branch = self._put(branch, key, under[key])
        if structure.below not in under:
            self._put(branch, leaf, at).parts.append(at)
            return
        place = (structure.below, under[structure.below])
        told = id(branch), self._bare(at)
        whole = self._split.get(told)
        if whole is None or place in whole.inner:
            whole = self._split[told] = self._put(branch, leaf, at)
        whole.parts.append(at)
        self._put(whole, *place).part = at

    def _bare(self, at: int) -> Any:
        """What the parts of one item have in common; an item that cannot be divided has nothing in common."""
        sheet, item = self._levels[self._structure.leaf], self._lists[self._structure.leaf][at]
        divided = sheet.record.split[0]
        if getattr(item, divided) is None:
            return at
        gone = [divided, *(link.key for link in sheet.links if link.to == self._structure.below)]
        return item.model_copy(update=dict.fromkeys(gone))

    def _shelter(self, key: str, at: int) -> Branch:
        """Where something goes that no item of the leaf stands under: below what it is said to stand under."""
        under = dict(self._targets(key, at).values())
        above = self._structure.lists[: self._structure.lists.index(key)]
        return next((self._first[to, under[to]] for to in reversed(above) if to in under), self.root)

    def _put(self, branch: Branch, key: str, at: int) -> Branch:
        found = branch.inner.get((key, at))
        if found is None:
            found = branch.inner[key, at] = Branch(key, at)
            if self._first.setdefault((key, at), found) is not found:
                self._again[key, at] = None
        return found
