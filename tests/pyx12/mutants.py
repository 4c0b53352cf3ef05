"""The catalogue of faults: each function makes one fault in a document, or returns None where it cannot."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from edi_gateway.x12.elements import ENFORCED
from edi_gateway.x12.spec import Definition, Element, Place, SyntaxNote
from tests.pyx12.documents import Document, trimmed, value

Rows = list[list[str]]
_WRONG_COUNT = "9999"
_SHORT = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True)
class Mutant:
    """A document with one fault. `apart`: it would spoil its neighbours, so its interchange has no other set."""

    fault: str
    rows: tuple[tuple[str, ...], ...]
    apart: bool = False


class Bench:
    """A document on the bench: what stands in it, and the dice."""

    def __init__(self, document: Document, definition: Definition, random: Random, foreign: Sequence[str]) -> None:
        self.definition = definition
        self.random = random
        self.foreign = foreign
        self.rows: Rows = [list(row) for row in document.rows]
        self.places: list[Place] = [definition.places[place] for place in document.places]

    def mutant(self, fault: str) -> Mutant:
        """What became of the document; its count of segments is right unless that is the fault."""
        last = self.rows[-1]
        trailed = last[0] == "SE"
        if trailed:
            last[1] = _WRONG_COUNT if last[1] == _WRONG_COUNT else str(len(self.rows))
        return Mutant(fault, tuple(tuple(row) for row in self.rows), not trailed)

    def inner(self) -> list[int]:
        """The segments between ST and SE."""
        return list(range(1, len(self.rows) - 1))

    def pick(self, indexes: Iterator[int]) -> int | None:
        """One of them, None where there is none."""
        found = list(indexes)
        return self.random.choice(found) if found else None

    def spot(self, wanted: Callable[[Element, str], bool]) -> tuple[list[str], Element] | None:
        """A row and an element of it whose value is wanted; only where something is sent, and no level's id."""
        tree = self.definition.hierarchy
        found = [
            (row, element)
            for row, place in zip(self.rows[1:-1], self.places[1:-1], strict=True)
            for element in place.segment.elements
            if element.position < len(row) and row[element.position] and wanted(element, row[element.position])
            and not (tree and place.index == tree.place and element.position in (tree.id, tree.parent))
        ]
        return self.random.choice(found) if found else None

    def end_of_loop(self, start: int) -> int:
        """The index behind the last segment of the occurrence that opens there."""
        path = self.places[start].loop.path
        end = start + 1
        while end < len(self.rows) - 1 and (
            self.places[end].loop.path == path and not self.places[end].trigger
            or self.places[end].loop.path.startswith(f"{path}/")
        ):
            end += 1
        return end


Fault = Callable[[Bench], bool | None]
"""Changes the bench's rows; False or None where it found nothing to change."""


def mutants(
    documents: Sequence[Document], definition: Definition, random: Random, foreign: Sequence[str],
    order: Random | None = None,
) -> Iterator[Mutant]:
    """Mutants without end, each fault in its turn or by lot; `foreign` are ids of segments the set has not."""
    while True:
        for fault in CATALOGUE if order is None else order.sample(CATALOGUE, len(CATALOGUE)):
            bench = Bench(random.choice(documents), definition, random, foreign)
            if fault(bench):
                yield bench.mutant(fault.__name__.replace("_", "-"))


# Segments


def segment_missing(bench: Bench) -> bool:
    """A mandatory segment that does not open a loop with others in it, and stands there once."""
    at = bench.pick(
        at for at in bench.inner()
        if bench.places[at].need == "M" and [place.index for place in bench.places].count(bench.places[at].index) == 1
        and bench.end_of_loop(at) == at + 1 and (not bench.places[at].loop.path or bench.places[at].loop.need == "M"
                                                 or not bench.places[at].trigger)
    )
    if at is not None:
        del bench.rows[at]
    return at is not None


def loop_opener_missing(bench: Bench) -> bool:
    """The segment that opens a loop, its others left behind."""
    at = bench.pick(
        at for at in bench.inner()
        if bench.places[at].trigger and bench.places[at].loop.path and bench.end_of_loop(at) > at + 1
    )
    if at is not None:
        del bench.rows[at]
    return at is not None


def segment_too_many(bench: Bench) -> bool:
    """A segment repeated until it stands once too often."""
    at = bench.pick(at for at in bench.inner() if not bench.places[at].trigger and (bench.places[at].max or 99) <= 25)
    if at is None:
        return False
    there = [place.index for place in bench.places].count(bench.places[at].index)
    bench.rows[at:at] = [list(bench.rows[at]) for _ in range(max((bench.places[at].max or 1) + 1 - there, 1))]
    return True


def loop_too_many(bench: Bench) -> bool:
    """A loop repeated until it stands once too often."""
    at = bench.pick(
        at for at in bench.inner()
        if bench.places[at].trigger and bench.places[at].loop.path and (bench.places[at].loop.repeat or 99) <= 12
    )
    if at is None:
        return False
    loop = bench.rows[at:bench.end_of_loop(at)]
    bench.rows[at:at] = [list(row) for _ in range(bench.places[at].loop.repeat or 1) for row in loop]
    return True


def segment_unknown(bench: Bench) -> bool:
    """A segment that no standard has."""
    bench.rows.insert(bench.random.randint(1, len(bench.rows) - 1), ["ZZY", "1"])
    return True


def segment_of_another_set(bench: Bench) -> bool:
    """A segment of the standard that this set has not."""
    bench.rows.insert(bench.random.randint(1, len(bench.rows) - 1), [bench.random.choice(bench.foreign), "1"])
    return True


def segment_moved_to_the_end(bench: Bench) -> bool:
    """A segment of the heading or of a loop, before SE."""
    at = bench.pick(at for at in bench.inner() if at < len(bench.rows) - 2)
    if at is not None:
        bench.rows.insert(len(bench.rows) - 2, bench.rows.pop(at))
    return at is not None


def segment_moved_to_the_front(bench: Bench) -> bool:
    """A segment behind ST."""
    at = bench.pick(at for at in bench.inner() if at > 2)
    if at is not None:
        bench.rows.insert(1, bench.rows.pop(at))
    return at is not None


def segments_swapped(bench: Bench) -> bool:
    """Two neighbours."""
    at = bench.pick(
        at for at in bench.inner()[:-1] if bench.rows[at][0] != bench.rows[at + 1][0] and not bench.places[at].trigger
    )
    if at is not None:
        bench.rows[at:at + 2] = [bench.rows[at + 1], bench.rows[at]]
    return at is not None


def segment_without_elements(bench: Bench) -> bool:
    """A segment with nothing but its id."""
    at = bench.pick(iter(bench.inner()))
    if at is not None:
        bench.rows[at] = bench.rows[at][:1]
    return at is not None


def bounded_loop_not_closed(bench: Bench) -> bool:
    """LS without LE."""
    at = bench.pick(at for at in bench.inner() if bench.rows[at][0] == "LE")
    if at is not None:
        del bench.rows[at]
    return at is not None


# Elements


def element_missing(bench: Bench) -> bool:
    """A mandatory element."""
    return _change(bench, lambda element, _: element.need == "M", lambda element, value: "")


def too_long(bench: Bench) -> bool:
    """A value longer than its element."""
    return _change(
        bench, lambda element, _: not element.components and element.type[0] in "AIRNB" and element.max < 200,
        lambda element, value: value.replace(".", "") + value[-1] * (element.max + 1 - len(value.replace(".", ""))),
    )


def too_short(bench: Bench) -> bool:
    """A value shorter than its element."""
    return _change(
        bench, lambda element, _: element.min > 1 and element.type[0] in "AIRN",
        lambda element, value: value.replace(".", "")[:element.min - 1],
    )


def code_unknown(bench: Bench) -> bool:
    """A code outside its list, as long as one of the list."""
    def other(element: Element, value: str) -> str:
        assert element.codes is not None
        made = ("".join(pair) for pair in zip("QJ79Z" * 9, "XYQ04" * 9, strict=True))
        fitting = (f"{one}ZZZZZZ"[:len(value)] for one in made)
        return next((one for one in fitting if one not in element.codes), "")

    return _change(bench, lambda element, value: element.codes is not None and bool(other(element, value)), other)


def date_invalid(bench: Bench) -> bool:
    """A date that does not exist, or is none."""
    wrong = bench.random.choice(("20250230", "20251301", "20250100", "2025AB01", "20230229", "00000000"))
    return _change(bench, lambda element, _: element.type == "DT", lambda element, _: wrong[8 - element.max:])


def time_invalid(bench: Bench) -> bool:
    """A time that does not exist, or is none."""
    wrong = bench.random.choice(("2400", "1260", "12A0", "99", "123", "120060", "12005"))
    return _change(bench, lambda element, _: element.type == "TM", lambda element, _: wrong)


def not_a_number(bench: Bench) -> bool:
    """A number with what no number has."""
    wrong = bench.random.choice(("1X", "1,5", "+1", "1E1", "1-", "--1", " 1", ".", "-"))
    return _change(bench, lambda element, _: element.type[0] in "RN" and element.max > 2, lambda element, _: wrong)


def decimal_point_in_a_whole_number(bench: Bench) -> bool:
    """A point where it is implied."""
    return _change(bench, lambda element, _: element.type[0] == "N" and element.max > 1, lambda element, _: "1.5")


def control_character(bench: Bench) -> bool:
    """A character that may not stand in any value."""
    return _change(
        bench, lambda element, _: element.type == "AN" and element.max > element.min,
        lambda element, value: value[:element.max - 1] + "\x07",
    )


def component_separator_in_a_value(bench: Bench) -> bool:
    """What parts components, in an element that has none."""
    return _change(
        bench, lambda element, value: element.type == "AN" and 2 <= len(value) < element.max,
        lambda element, value: f"{value[:1]}:{value[1:]}",
    )


def blanks_at_the_end(bench: Bench) -> bool:
    """A value with blanks behind it."""
    return _change(
        bench, lambda element, value: element.type == "AN" and len(value) + 2 <= element.max,
        lambda element, value: f"{value}  ",
    )


def elements_too_many(bench: Bench) -> bool:
    """An element that the segment has not."""
    at = bench.pick(iter(bench.inner()))
    if at is None:
        return False
    longest = len(bench.places[at].segment.elements) + 1
    bench.rows[at] = [*bench.rows[at], *[""] * (longest - len(bench.rows[at])), "X"]
    return True


def separators_at_the_end(bench: Bench) -> bool:
    """Empty elements at a segment's end, which a writer should leave out."""
    at = bench.pick(at for at in bench.inner() if len(bench.rows[at]) <= len(bench.places[at].segment.elements))
    if at is not None:
        bench.rows[at].append("")
    return at is not None


def relation_broken(bench: Bench) -> bool:
    """A confirmed relation between elements."""
    for at in bench.random.sample(bench.inner(), len(bench.inner())):
        segment = bench.places[at].segment
        row = bench.rows[at] + [""] * (len(segment.elements) + 1 - len(bench.rows[at]))
        notes = [note for note in segment.notes if note.confidence in ENFORCED]
        for note in bench.random.sample(notes, len(notes)):
            changed = list(row)
            if _break(note, changed, bench, segment.elements):
                bench.rows[at] = list(trimmed(changed))
                return True
    return False


def component_missing(bench: Bench) -> bool:
    """A mandatory component, others standing."""
    return _change_composite(
        bench, lambda element, parts: element.components[0].need == "M" and len(parts) > 1,
        lambda element, parts: ["", *parts[1:]],
    )


def components_too_many(bench: Bench) -> bool:
    """A component that the composite has not."""
    return _change_composite(
        bench, lambda element, parts: True,
        lambda element, parts: [*parts, *[""] * (len(element.components) - len(parts)), "X"],
    )


def component_wrong(bench: Bench) -> bool:
    """A code outside its list, in a component."""
    return _change_composite(
        bench, lambda element, parts: element.components[0].codes is not None,
        lambda element, parts: ["QX"[:element.components[0].max].ljust(element.components[0].min, "Q"), *parts[1:]],
    )


def component_relation_broken(bench: Bench) -> bool:
    """A relation between components."""
    def rule(element: Element) -> SyntaxNote | None:
        return next((note for note in element.notes if note.rule[0] == "P" and note.confidence in ENFORCED), None)

    def half(element: Element, parts: list[str]) -> list[str]:
        note = rule(element)
        assert note is not None
        parts = [*parts, *[""] * (len(element.components) - len(parts))]
        kept, dropped = note.positions[:2]
        parts[kept - 1] = parts[kept - 1] or value(element.components[kept - 1], bench.random)
        parts[dropped - 1] = ""
        return list(trimmed(["", *parts]))[1:]

    return _change_composite(bench, lambda element, parts: rule(element) is not None, half)


# The set


def count_differs(bench: Bench) -> bool:
    """SE01."""
    bench.rows[-1][1] = _WRONG_COUNT
    return True


def number_differs(bench: Bench) -> bool:
    """SE02."""
    bench.rows[-1][2] = "99999"
    return True


def number_repeated(bench: Bench) -> bool:
    """ST02, as the first set has it."""
    bench.rows[0][2] = bench.rows[-1][2] = "0001"
    return True


def number_too_short(bench: Bench) -> bool:
    """ST02."""
    bench.rows[0][2] = bench.rows[-1][2] = "".join(bench.random.choices(_SHORT, k=3))
    return True


def number_too_long(bench: Bench) -> bool:
    """ST02."""
    bench.rows[0][2] = bench.rows[-1][2] = str(bench.random.randint(10 ** 9, 10 ** 10))
    return True


def number_missing(bench: Bench) -> bool:
    """ST02 and SE02."""
    bench.rows[0] = bench.rows[0][:2]
    bench.rows[-1] = bench.rows[-1][:2]
    return True


def set_id_unknown(bench: Bench) -> bool:
    """ST01."""
    bench.rows[0][1] = bench.random.choice(("999", "85", "ABC"))
    return True


def trailer_missing(bench: Bench) -> bool:
    """No SE."""
    del bench.rows[-1]
    return True


# Trees


def parent_unknown(bench: Bench) -> bool:
    """A parent that is not there."""
    return _relate(bench, lambda ids, at: "99")


def parent_later(bench: Bench) -> bool:
    """A parent that comes behind its child."""
    return _relate(bench, lambda ids, at: ids[-1] if at < len(ids) - 1 else "")


def parent_is_itself(bench: Bench) -> bool:
    """A level below itself."""
    return _relate(bench, lambda ids, at: ids[at])


def level_repeated(bench: Bench) -> bool:
    """Two levels of one id."""
    return _relate(bench, lambda ids, at: ids[0] if at else "", own=True)


def levels_not_counted(bench: Bench) -> bool:
    """Ids that do not count from one."""
    return _relate(bench, lambda ids, at: "500" if at == len(ids) - 1 else "", own=True)


def _relate(bench: Bench, other: Callable[[list[str], int], str], own: bool = False) -> bool:
    tree = bench.definition.hierarchy
    if tree is None:
        return False
    levels = [bench.rows[at] for at in bench.inner() if bench.rows[at][0] == tree.segment]
    at = bench.random.randrange(len(levels))
    changed = other([row[tree.id] for row in levels], at)
    if changed:
        levels[at][tree.id if own else tree.parent] = changed
    return bool(changed)


def _change(bench: Bench, wanted: Callable[[Element, str], bool], new: Callable[[Element, str], str]) -> bool:
    found = bench.spot(lambda element, value: not element.components and wanted(element, value))
    if found is None:
        return False
    row, element = found
    changed = new(element, row[element.position])
    same = changed == row[element.position]
    row[element.position] = changed
    row[:] = trimmed(row)
    return not same


def _change_composite(
    bench: Bench, wanted: Callable[[Element, list[str]], bool], new: Callable[[Element, list[str]], list[str]]
) -> bool:
    found = bench.spot(lambda element, value: bool(element.components) and wanted(element, value.split(":")))
    if found is None:
        return False
    row, element = found
    row[element.position] = ":".join(new(element, row[element.position].split(":")))
    return True


def _break(note: SyntaxNote, row: list[str], bench: Bench, elements: Sequence[Element]) -> bool:
    """Breaks a relation by taking away what may be away, or by adding what excludes."""
    letter, (first, *rest) = note.rule[0], note.positions
    if letter == "E":
        for position in note.positions[:2]:
            row[position] = row[position] or value(elements[position - 1], bench.random)
        return True
    if letter in "CL":
        row[first] = row[first] or value(elements[first - 1], bench.random)
    else:
        rest = [first, *rest] if letter == "R" else rest
    if letter == "P":
        row[first] = row[first] or value(elements[first - 1], bench.random)
        rest = rest[:1]
    if any(elements[position - 1].need == "M" for position in rest):
        return False
    for position in rest:
        row[position] = ""
    return True


CATALOGUE: tuple[Fault, ...] = (
    segment_missing, loop_opener_missing, segment_too_many, loop_too_many, segment_unknown, segment_of_another_set,
    segment_moved_to_the_end, segment_moved_to_the_front, segments_swapped, segment_without_elements,
    bounded_loop_not_closed, element_missing, too_long, too_short, code_unknown, date_invalid, time_invalid,
    not_a_number, decimal_point_in_a_whole_number, control_character, component_separator_in_a_value,
    blanks_at_the_end, elements_too_many, separators_at_the_end, relation_broken, component_missing,
    components_too_many, component_wrong, component_relation_broken, count_differs, number_differs, number_repeated,
    number_too_short, number_too_long, number_missing, set_id_unknown, trailer_missing, parent_unknown, parent_later,
    parent_is_itself, level_repeated, levels_not_counted,
)
