"""The faults of a set's segments as findings, which tell where in the set and in the file they are."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from edi_gateway.issues import Finding, clipped
from edi_gateway.issues import x12 as kinds
from edi_gateway.x12 import diagnose, elements, pattern
from edi_gateway.x12.compile import Steps
from edi_gateway.x12.diagnose import NOWHERE
from edi_gateway.x12.pages import Rows
from edi_gateway.x12.pattern import Unsound
from edi_gateway.x12.spec import Definition, Place, Segment


def faulty(rows: Rows, steps: Steps, places: Sequence[int], odd: frozenset[int]) -> Iterator[Unsound]:
    """The segments whose elements are worth a closer look; those that stand nowhere have one fault already."""
    for index, row in enumerate(rows.segments):
        if places[index] == NOWHERE:
            continue
        judge = steps.checks(places[index])
        if index in odd:
            yield index, None, tuple(elements.faults(judge.segment, row, rows.separators))
        elif not judge[len(row)](row):
            yield index, None, judge.closely[len(row)](row)


def closely(
    rows: Rows, steps: Steps, places: Sequence[int], found: Iterable[Unsound], odd: frozenset[int]
) -> Iterator[Unsound]:
    """What was found, but that segments whose text is odd are judged anew: the checks do not hold for these."""
    others = {index: (index, start, faults) for index, start, faults in found}
    for index in sorted(odd.union(others)):
        if index in odd:
            faults = elements.faults(steps.checks(places[index]).segment, rows.segments[index], rows.separators)
            yield index, None, tuple(faults)
        else:
            yield others[index]


def unsound(segments: Sequence[list[str]], steps: Steps, places: Sequence[int]) -> Iterable[Unsound]:
    """The same of plain segments that all have a place."""
    known = {place: steps.checks(place) for place in set(places)}
    return pattern.unsound(segments, [known[place] for place in places])


def of_segments(
    rows: Rows, definition: Definition, places: Sequence[int], faulty: Iterable[Unsound], origin: int | None = None
) -> Iterator[Finding]:
    """The element faults of some segments as findings; `places` are those of all in `rows`.

    `origin` is the byte offset of the text in which they were found; None where places in it are no offsets.
    """
    for index, start, faults in faulty:
        place, position = definition.places[places[index]], rows.first + index + 1
        for fault in faults:
            offset = rows.offset(position) if start is None or origin is None else origin + start
            yield fault.kind.at(position, offset, fault.value, _told, (place, fault))


def _told(place: Place, fault: elements.Fault) -> dict[str, Any]:
    """What is seldom asked of a finding."""
    note, remedy = fault.told
    return {
        "note": note, "remedy": remedy, "segment": place.segment.id, "element": fault.element,
        "component": fault.component, "repetition": fault.repetition, "loop": place.loop.path or None,
        "reference": _reference(place.segment, fault),
    }


def _reference(segment: Segment, fault: elements.Fault) -> str | None:
    """The number of the element in the standard; composites have none of their own."""
    if fault.element is None or fault.element > len(segment.elements):
        return None
    element = segment.elements[fault.element - 1]
    if fault.component is not None and fault.component <= len(element.components):
        element = element.components[fault.component - 1]
    return element.id if element.id.isdecimal() else None


def of_structure(rows: Rows, fault: diagnose.Fault) -> Finding:
    """A fault of the structure; its index counts from the ST."""
    position = fault.index + 1
    return fault.kind.finding(
        fault.note, remedy=fault.remedy, segment=fault.segment, position=position, loop=fault.loop or None,
        offset=rows.offset(position),
    )


def not_ascii(rows: Rows, odd: frozenset[int]) -> Iterator[Finding]:
    """One remark: a value is read as UTF-8 where it is valid UTF-8, else as Latin-1."""
    for index in sorted(odd):
        for element, value in enumerate(rows.segments[index]):
            if not value.isascii():
                position = rows.first + index + 1
                yield kinds.NOT_ASCII.finding(
                    f"{clipped(value, 80)!r} is read as UTF-8 if it can be, else as Latin-1; there may be more",
                    segment=rows.segments[index][0], position=position, element=element or None,
                    value=value, offset=rows.offset(position),
                )
                return
