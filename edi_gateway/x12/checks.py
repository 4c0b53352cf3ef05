"""Generates one small checking function for each segment and number of elements: whether `elements.faults` is empty.

The functions hold for values of printable ASCII; odd text is left to `elements`. `Checks.source(4)`
shows what runs for a segment of three elements.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any

from edi_gateway.x12 import values
from edi_gateway.x12.elements import DOUBTFUL, ENFORCED, has_form, measure
from edi_gateway.x12.spec import Element, SyntaxNote

Check = Callable[[list[str]], bool]
_REMEMBERED = 50_000


class Memo(dict[str, bool]):
    """Remembers what a predicate said of a value; forgets everything when it has grown large.

    `empty` is what it says of no value.
    """

    def __init__(self, predicate: Callable[[str], bool], empty: bool = False) -> None:
        self._predicate = predicate
        self._empty = empty

    def __missing__(self, value: str) -> bool:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[value] = verdict = self._predicate(value) if value else self._empty
        return verdict


class Checks(dict[int, Check]):
    """The checking functions of one segment, by the length of its row; each is generated on first use.

    `component` and `repetition` are the separators where they may occur in the text, else None. `hollow` says that
    a row without any value is sound, which it is not in a segment.
    """

    # Two are the same only where they are one.
    __hash__ = object.__hash__  # type: ignore[assignment]

    def __init__(
        self, elements: Sequence[Element], notes: Sequence[SyntaxNote],
        component: str | None = None, repetition: str | None = None, hollow: bool = False,
    ) -> None:
        self.elements = elements
        self._notes = notes
        self._component = component
        self._repetition = repetition
        # Where an element is mandatory, its own condition asks for it.
        self._hollow = hollow or any(element.need == "M" for element in elements)
        self.names: dict[str, Any] = {}
        """What the functions speak of, bound by `conditions`."""

    def __missing__(self, length: int) -> Check:
        longest = self.longest
        if length > longest:
            # Not kept: a file may hold a row of any length, but there is no end to lengths.
            return lambda row: not any(row[longest:]) and self[longest](row[:longest])
        scope: dict[str, Any] = {}
        exec(compile(self.source(length), "<checks>", "exec"), self.names, scope)
        check: Check = scope["check"]
        self[length] = check
        return check

    def source(self, length: int) -> str:
        """The function for rows of that length, as Python."""
        names = [f"e{position}" for position in range(1, length)]
        unpacked = f"    _, {', '.join(names)}, = row\n" if names else ""
        relations = " and ".join(condition for _, condition in self.relations(length))
        conditions = [*(condition for _, condition in self.conditions(length)), *filter(None, [relations])]
        expression = "\n        and ".join(conditions) or "True"
        return f"def check(row):\n{unpacked}    return (\n        {expression}\n    )\n"

    def conditions(self, length: int) -> Iterator[tuple[int, str]]:
        """What must hold of the elements, each with the position of its element."""
        for element in self.elements:
            if condition := self._of_element(element, length):
                yield element.position, condition

    def relations(self, length: int) -> Iterator[tuple[int, str]]:
        """What must hold between elements, each with the number of its note, counted from 1; at last, with the number
        0, that any of them holds something."""
        for number, note in enumerate(self._notes, start=1):
            if note.confidence in ENFORCED | DOUBTFUL and (condition := _of_note(note, length)):
                yield number, condition
        if not self._hollow:
            yield 0, f"({' or '.join(f'e{position}' for position in range(1, length)) or 'False'})"

    @property
    def longest(self) -> int:
        """The length of the longest row that has no elements too many."""
        return len(self.elements) + 1

    def _of_element(self, element: Element, length: int) -> str:
        if element.position >= length:
            return "False" if element.need == "M" else ""
        name = f"e{element.position}"
        if self._repetition is not None and element.repeat == 1:
            return f"{self._bind('mark', self._repetition)} not in {name} and {self._of_single(element, name)}"
        if self._repetition is not None:
            each = self._bind(f"each{element.position}", self._repeated(element, self._repetition))
            return f"({name} and {each}({name}))" if element.need == "M" else f"(not {name} or {each}({name}))"
        return self._of_single(element, name)

    def _of_single(self, element: Element, name: str) -> str:
        """The condition on a value that is not repeated."""
        optional = element.need != "M"
        if element.components:
            return f"{self._bind(f'parts{element.position}', Memo(self._composite(element), optional))}[{name}]"
        if element.codes is not None:
            codes = {code for code in element.codes if element.min <= len(code) <= element.max}
            known = self._bind(f"codes{element.position}", frozenset(codes | {""}) if optional else frozenset(codes))
            # A code list may hold a character that parts components in this interchange.
            return f"{name} in {known}" + self._simple(name)
        if element.type[0] in "RNDT":
            memo = Memo(_predicate(element), element.need != "M")
            return f"{self._quickly(element, name)}{self._bind(f'memo{element.position}', memo)}[{name}])" + (
                self._simple(name)
            )
        low = max(element.min, 1)
        if optional and low == 1:
            return f"len({name}) <= {element.max}" + self._simple(name)
        bounds = f"{low} <= len({name}) <= {element.max}"
        return (f"(not {name} or {bounds})" if optional else bounds) + self._simple(name)

    def _quickly(self, element: Element, name: str) -> str:
        """A short condition that holds for most numbers, so that values that never come again need no memory."""
        if element.type[0] == "N" and element.min <= 1:
            return f"(len({name}) <= {element.max} and {name}.isdecimal() or "
        if element.type == "R" and element.min <= 1:
            # One place more would be within the limit behind a decimal point, and is left to the memory.
            digits = f"({name}.isdecimal() or {name}.replace('.', '', 1).isdecimal())"
            return f"(len({name}) <= {element.max} and {digits} or "
        return "("

    def _simple(self, name: str) -> str:
        return "" if self._component is None else f" and {self._bind('part', self._component)} not in {name}"

    def _bind(self, name: str, value: object) -> str:
        self.names.setdefault(name, value)
        return name

    def _composite(self, element: Element) -> Callable[[str], bool]:
        checks = Checks(element.components, element.notes, hollow=True)
        component = self._component

        def parts(value: str) -> bool:
            row = ["", *value.split(component)] if component is not None else ["", value]
            return checks[len(row)](row)

        return parts

    def _repeated(self, element: Element, repetition: str) -> Callable[[str], bool]:
        one = Element(
            1, element.id, element.name, "M", element.type, element.min, element.max, 1, element.codes,
            element.narrowed, element.components, element.notes,
        )
        check = Checks([one], (), self._component)[2]

        def each(value: str) -> bool:
            repeated = value.split(repetition)
            return len(repeated) <= element.repeat and all(not item or check(["", item]) for item in repeated)

        return each


def _predicate(element: Element) -> Callable[[str], bool]:
    type, low, high = element.type, element.min, element.max
    if type == "DT":
        return lambda value: values.is_date(value, low, high)
    if type == "TM":
        return lambda value: values.is_time(value, low, high)
    return lambda value: has_form(type, value) and low <= measure(type, value) <= high


def _of_note(note: SyntaxNote, length: int) -> str:
    """The condition of a relation; an element that the row is too short for is empty."""
    letter = note.rule[0]
    first, *rest = (f"e{position}" if position < length else "" for position in note.positions)
    there = [name for name in rest if name]
    if letter == "P":
        if not (first and all(rest)):
            return " and ".join(f"not {name}" for name in (first, *rest) if name)
        return " and ".join(f"({name} if {first} else not {name})" for name in rest)
    if letter == "R":
        return f"({' or '.join([first] * bool(first) + there) or 'False'})"
    if letter == "E":
        return " and ".join(f"not ({one} and {two})" for one, two in combinations([first, *there], 2) if one)
    if not first:
        return ""
    if letter == "C":
        return f"(not {first} or ({' and '.join(rest)}))" if all(rest) else f"not {first}"
    return f"({' or '.join([f'not {first}', *there])})"
