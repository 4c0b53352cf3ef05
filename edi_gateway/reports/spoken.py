"""A segment's elements as people read them: dates as dates, codes with their names, composites in their parts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from edi_gateway.flows.guides import Guides
from edi_gateway.issues import Finding
from edi_gateway.x12 import values
from edi_gateway.x12.spec import Element, Segment
from edi_gateway.x12.tokens import Separators

LENGTH_MAX = 400
"""More of a value is not shown."""

_WEIGHT = {"repair": 1, "warning": 2, "error": 3}


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a segment. `at` is such as `SLN05-1`, with `(2)` behind it for a repetition.

    `text` is the value in a form for people, `meaning` the name of a code. `severity` is that of the worst
    finding about it; a value that is missing is empty.
    """

    at: str
    name: str
    text: str
    meaning: str = ""
    severity: str = ""


Faults = Mapping[tuple[int, int | None, int | None], str]
"""The worst severity by element, component and repetition."""


def faults(findings: Iterable[Finding]) -> Faults:
    """Which elements of a segment findings speak of."""
    found: dict[tuple[int, int | None, int | None], str] = {}
    for finding in findings:
        if finding.element is not None:
            place = (finding.element, finding.component, finding.repetition)
            found[place] = max(found.get(place, "repair"), finding.severity, key=_WEIGHT.__getitem__)
    return found


class Speaker:
    """Says the values of the segments of one version, in files with these separators."""

    def __init__(self, guides: Guides, version: str, separators: Separators) -> None:
        self._guides = guides
        self._version = version
        self._separators = separators
        self._names: dict[tuple[str, str], str] = {}

    def values(self, segment: Segment | None, row: Sequence[str], faulty: Faults) -> Iterator[Value]:
        """Every value that is there, and those that are missing. `segment` is None where nobody knows it."""
        elements = segment.elements if segment else ()
        blamed = {position for position, _, _ in faulty}
        for position in range(1, max([len(row), *(position + 1 for position in blamed)])):
            sent = row[position] if position < len(row) else ""
            if sent or position in blamed:
                element = elements[position - 1] if position <= len(elements) else None
                yield from self._element(f"{row[0]}{position:02}", position, element, sent, faulty)

    def _element(
        self, at: str, position: int, element: Element | None, sent: str, faulty: Faults
    ) -> Iterator[Value]:
        mark = self._separators.repetition
        parts = sent.split(mark) if mark else [sent]
        for number, part in enumerate(parts, start=1):
            name = f"{at}({number})" if len(parts) > 1 else at
            about = {
                component: severity for (place, component, repetition), severity in faulty.items()
                if place == position and repetition in (None, number)
            } if faulty else {}
            if element is not None and element.components:
                yield from self._composite(name, element, part, about)
            else:
                yield self._value(name, element, part, about.get(None, ""))

    def _composite(
        self, at: str, element: Element, sent: str, about: Mapping[int | None, str]
    ) -> Iterator[Value]:
        components = {component.position: component for component in element.components}
        if not sent and set(about) <= {None}:
            yield self._value(at, element, "", about.get(None, ""))
            return
        parts = sent.split(self._separators.component)
        for position in range(1, max([len(parts), *(each or 0 for each in about)]) + 1):
            part = parts[position - 1] if position <= len(parts) else ""
            if part or position in about:
                severity = about.get(position, about.get(None, ""))
                yield self._value(f"{at}-{position}", components.get(position), part, severity)

    def _value(self, at: str, element: Element | None, sent: str, severity: str) -> Value:
        if element is None:
            return Value(at, "", clipped(sent), "", severity)
        return Value(at, element.name, clipped(readable(element, sent)), self._meaning(element, sent), severity)

    def _meaning(self, element: Element, code: str) -> str:
        if element.type != "ID" or not code or len(code) > LENGTH_MAX:
            return ""
        place = (element.id, code)
        if place not in self._names:
            self._names[place] = self._guides.code_name(self._version, *place) or ""
        return self._names[place]


def readable(element: Element, sent: str) -> str:
    """A date, a time or a number with implied decimals as people write it; anything else as sent."""
    if element.type == "DT":
        return day(sent)
    if element.type == "TM":
        return clock(sent)
    decimals = int(element.type[1:]) if element.type[0] == "N" else 0
    if decimals and values.is_integer(sent):
        digits = sent.lstrip("-").rjust(decimals + 1, "0")
        return f"{sent[:sent.startswith('-')]}{digits[:-decimals]}.{digits[-decimals:]}"
    return sent


def day(sent: str) -> str:
    """Such as `2025-09-30`; what is no date as sent."""
    if not values.is_date(sent, 6, 8):
        return sent
    year = sent[:-4] if len(sent) == 8 else f"20{sent[:2]}"
    return f"{year}-{sent[-4:-2]}-{sent[-2:]}"


def clock(sent: str) -> str:
    """Such as `08:15`; what is no time as sent."""
    if not values.is_time(sent, 4, 8):
        return sent
    seconds = f":{sent[4:6]}" if len(sent) > 4 else ""
    return f"{sent[:2]}:{sent[2:4]}{seconds}{'.' + sent[6:] if len(sent) > 6 else ''}"


def clipped(text: str) -> str:
    """The beginning of a long text, and how much more there is."""
    return text if len(text) <= LENGTH_MAX else f"{text[:LENGTH_MAX]}… ({len(text) - LENGTH_MAX} characters more)"
