"""What a set allows, as lines for people: its outline, one segment or one element, and what a guide makes narrower."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from edi_gateway.x12.checks import Checks
from edi_gateway.x12.elements import DOUBTFUL, ENFORCED
from edi_gateway.x12.guided import cited
from edi_gateway.x12.spec import Definition, Element, Place, Segment, SyntaxNote

CodeName = Callable[[str, str], str | None]
"""The name of a code, by the element's number and the code."""

_CODES_SHOWN_MAX = 12
_WHAT = re.compile(r"(?:(?P<loop>[A-Z0-9/]+)/)?(?P<segment>[A-Z][A-Z0-9]{1,2}?)(?P<element>[0-9]{2})?")
_NOTES = {
    "P": "if one of {all} is there, all are", "R": "at least one of {all} is there",
    "E": "no more than one of {all} is there", "C": "if {first} is there, so is {rest}",
    "L": "if {first} is there, so is at least one of {rest}",
}


@dataclass(frozen=True, slots=True)
class Specification:
    """A set as it is read: `definition` as a guide narrows it, `standard` as it is without one."""

    definition: Definition
    standard: Definition
    code_name: CodeName
    partner: str = ""

    def find(self, what: str) -> tuple[list[Place], int | None]:
        """The places of a path such as `BEG`, `BEG02` or `PO1/PID`, and the element. Raises `LookupError`.

        Where a segment stands in several places, they are all meant unless the path tells the loop.
        """
        match = _WHAT.fullmatch(what)
        found = [
            place for place in self.definition.places
            if match and place.segment.id == match["segment"] and _inside(place, match["loop"])
        ]
        position = int(match["element"]) if match and match["element"] else None
        if not found or not (position is None or 1 <= position <= len(found[0].segment.elements)):
            raise LookupError(f"set {self.definition.set} in version {self.definition.version} has no {what}")
        return found, position

    def outline(self) -> Iterator[str]:
        """Every loop and segment in its order, with need, maximum and name."""
        yield self._title()
        for place in self.definition.places:
            depth = place.loop.path.count("/") + 1 if place.loop.path else 0
            if place.trigger and place.loop.path:
                name = place.loop.path.rpartition("/")[2]
                yield f"{'  ' * depth}loop {name}  {place.loop.need} {_max(place.loop.repeat)}"
            line = f"{'  ' * (depth + 1)}{place.segment.id:<3}  {place.need} {_max(place.max):<6} {place.segment.name}"
            yield line.rstrip()
            for change in self._changes(place):
                yield f"{'  ' * (depth + 3)}! {change}"
        yield from (f"! {rule.words}{cited(rule.page)}" for rule in self.definition.rules)

    def segments(self, places: Iterable[Place], position: int | None) -> Iterator[str]:
        """Those segments, or that element of them; what is the same in several places is told once."""
        same: dict[Segment, list[Place]] = {}
        for place in places:
            same.setdefault(place.segment, []).append(place)
        for segment, stands in same.items():
            for place in stands:
                yield f"{_where(place)}  {segment.name}, {place.need} {_max(place.max)}"
            if position is None:
                yield from (f"  {line}" for line in self._elements(segment))
            else:
                yield from (f"  {line}" for line in self._element(segment.elements[position - 1]))
            yield from (f"  ! {change}" for place in stands for change in self._changes(place))

    def _elements(self, segment: Segment) -> Iterator[str]:
        """The elements with the codes of short lists, and how they hang together."""
        for element in segment.elements:
            yield _element(element)
            codes = element.codes or ()
            if len(codes) > _CODES_SHOWN_MAX:
                yield f"     {len(codes)} codes: see {segment.id}{element.position:02}"
            else:
                yield from (f"     {line}" for line in self._codes(element))
            yield from (f"     -{_element(component)}" for component in element.components)
            yield from (f"     {_note(note)}" for note in element.notes)
        yield from map(_note, segment.notes)

    def _element(self, element: Element) -> Iterator[str]:
        """One element, or composite, with all its codes."""
        yield _element(element)
        yield from (f"     {line}" for line in self._codes(element))
        for component in element.components:
            yield f"     -{_element(component)}"
            yield from (f"         {line}" for line in self._codes(component))

    def source(self, places: Iterable[Place]) -> Iterator[str]:
        """The functions that are generated for those segments with all their elements, as Python."""
        for segment in dict.fromkeys(place.segment for place in places):
            yield f"# {segment.id}, {segment.name}, with all its {len(segment.elements)} elements"
            yield from Checks(segment.elements, segment.notes).source(len(segment.elements) + 1).splitlines()
            yield ""

    def _title(self) -> str:
        one = self.definition
        by = f", as the guide of {self.partner} has it" if self.partner else ""
        return f"{one.set} {one.name}, version {one.version}, in groups {one.group}{by}"

    def _codes(self, element: Element) -> Iterator[str]:
        for code in sorted(element.codes or ()):
            yield f"{code:<4} {self.code_name(element.id, code) or ''}".rstrip()

    def _changes(self, place: Place) -> Iterator[str]:
        """What a guide has changed of a place."""
        stands = (place.loop.path, place.segment.id)
        before = next((one for one in self.standard.places if (one.loop.path, one.segment.id) == stands), None)
        if place.segment.unused:
            yield f"not used{place.guided.cited}"
        elif before is None:
            yield f"not of the standard{place.guided.cited}"
        else:
            if place.trigger and (place.loop.need, place.loop.repeat) != (before.loop.need, before.loop.repeat):
                loop, old = place.loop, before.loop
                yield f"loop {_often(loop.need, loop.repeat)}; in the standard {_often(old.need, old.repeat)}"
            if (place.need, place.max) != (before.need, before.max):
                said = f"{_often(place.need, place.max)}{place.guided.cited}"
                yield f"{said}; in the standard {_often(before.need, before.max)}"
            for element, old_one in zip(place.segment.elements, before.segment.elements, strict=False):
                yield from _narrowing(f"{place.segment.id}{element.position:02}", element, old_one)
        for counted in self.definition.counted:
            if place.index in counted.spot.places:
                most = "" if counted.most is None else f", at most {counted.most}"
                yield f"{counted.spot.path}: at least {counted.least}{most}{cited(counted.page)}"
                for element in counted.elements:
                    name = f"{counted.spot.path}/{place.segment.id}{element.position:02}"
                    yield from _narrowing(name, element, place.segment.elements[element.position - 1])


def _narrowing(name: str, element: Element, old: Element) -> Iterator[str]:
    page = element.guided.cited
    if element.unused:
        yield f"{name} is not sent{page}"
        return
    if element.codes is not None and element.codes != old.codes:
        shown = ", ".join(sorted(element.codes)[:_CODES_SHOWN_MAX])
        more = ", …" if len(element.codes) > _CODES_SHOWN_MAX else ""
        then = f"{len(old.codes)} codes" if old.codes is not None else "anything"
        yield f"{name} is one of {shown}{more}{page}; in the standard {then}"
    limits, before = ((one.need, one.min, one.max, one.repeat) for one in (element, old))
    if limits != before:
        yield f"{name} is {_limits(element)}{page}; in the standard {_limits(old)}"


def _often(need: str, limit: int | None) -> str:
    return f"{need} {_max(limit)}"


def _inside(place: Place, loop: str | None) -> bool:
    """Whether a place is in that loop, or opens one there."""
    return loop is None or place.loop.path in (loop, f"{loop}/{place.segment.id}")


def _where(place: Place) -> str:
    loop = place.loop.path.rpartition("/")[0] if place.trigger else place.loop.path
    return f"{loop}/{place.segment.id}".lstrip("/")


def _element(element: Element) -> str:
    return f"{element.position:02} {_limits(element):<14} {element.name} ({element.id})"


def _limits(element: Element) -> str:
    length = "" if element.components else f" {element.min}/{element.max}"
    return f"{element.need} {element.type}{length}{f' x{element.repeat}' if element.repeat > 1 else ''}"


def _note(note: SyntaxNote) -> str:
    first, *rest = (f"{position:02}" for position in note.positions)
    said = _NOTES[note.rule[0]].format(first=first, rest=_and(rest), all=_and([first, *rest]))
    doubt = " (not confirmed: a warning)" if note.confidence in DOUBTFUL else " (not looked at)"
    return f"{note.rule}: {said}{'' if note.confidence in ENFORCED else doubt}"


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _max(limit: int | None) -> str:
    return ">1" if limit is None else str(limit)
