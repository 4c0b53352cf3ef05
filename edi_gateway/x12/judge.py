"""Generates beside each check the function that tells what is wrong: it looks closely at what fails, and at no more.

The conditions are those of the check. `Judge.closely.source(4)` shows what runs for a segment of three elements.
"""

from collections.abc import Callable, Sequence
from typing import Any

from edi_gateway.x12 import elements
from edi_gateway.x12.checks import Checks
from edi_gateway.x12.elements import Fault
from edi_gateway.x12.spec import Element, Segment, SyntaxNote
from edi_gateway.x12.tokens import Separators

_NOWHERE = "\x00"
"""What parts components where nothing does: no text that is printable holds it."""

_NOTHING = "''"

Closer = Callable[[list[str]], Sequence[Fault]]


class Judge(Checks):
    """The checks of a segment, and beside each what looks at a row `closely`. Separators are those of `Checks`."""

    def __init__(self, segment: Segment, component: str | None = None, repetition: str | None = None) -> None:
        super().__init__(segment.elements, segment.notes, component, repetition)
        self.segment = segment
        self.separators = Separators(component=component or _NOWHERE, repetition=repetition)
        self.closely = Closely(self)


class Closely(dict[int, Closer]):
    """The functions of one segment, by the length of its row; each tells the same faults as `elements.faults`.

    As the checks, they hold for values of printable ASCII. Each is generated on first use.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def __missing__(self, length: int) -> Closer:
        judge = self._judge
        if judge.segment.unused or length > judge.longest:
            # Not kept, as there is no end to lengths.
            return lambda row: list(elements.faults(judge.segment, row, judge.separators))
        scope: dict[str, Any] = {}
        exec(compile(self.source(length), "<closely>", "exec"), judge.names, scope)
        closer: Closer = scope["faults"]
        self[length] = closer
        return closer

    def source(self, length: int) -> str:
        """The function for rows of that length, as Python."""
        judge = self._judge
        names = "".join(f"e{position}, " for position in range(1, length))
        lines = [f"    _, {names}= row"] if names else []
        lines.append("    found = []")
        for position, condition in judge.conditions(length):
            told = self._of_element(judge.segment.elements[position - 1], length)
            lines += [f"    if not ({condition}):", f"        found += {told}"]
        for number, condition in judge.relations(length):
            told = self._of_note(number, judge.segment.notes[number - 1], length) if number else self._of_whole()
            lines += [f"    if not ({condition}):", f"        found += {told}"]
        return "\n".join(["def faults(row):", *lines, "    return found\n"])

    def _of_element(self, element: Element, length: int) -> str:
        """What tells the faults of an element that has some."""
        id, marks, name = self._judge.segment.id, self._judge.separators, f"of{element.position}"
        if element.components or element.repeat > 1 or element.unused or marks.component != _NOWHERE:
            self._judge.names[name] = lambda row: elements.of_element(id, element, row, marks)
            return f"{name}(row)"
        self._judge.names[name] = elements.of_simple(id, element)
        return f"{name}({_value(element.position, length)})"

    def _of_whole(self) -> str:
        """What tells that nothing is said, where that is not told already."""
        self._judge.names["whole"] = [elements.without_value(self._judge.segment)]
        return "[] if found else whole"

    def _of_note(self, number: int, note: SyntaxNote, length: int) -> str:
        """What tells that a relation is broken."""
        name = f"note{number}"
        self._judge.names[name] = elements.of_note(self._judge.segment.id, note)
        return f"{name}({', '.join(f'{_value(position, length)} != {_NOTHING}' for position in note.positions)})"


def _value(position: int, length: int) -> str:
    return f"e{position}" if position < length else _NOTHING
