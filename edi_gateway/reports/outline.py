"""What a document's reading finds, as the lines of a `.findings` file (see fixtures/x12/README.md)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from edi_gateway.flows.guides import Direction, Guides
from edi_gateway.flows.reading import GroupReading, readings
from edi_gateway.issues import Finding
from edi_gateway.x12 import envelope
from edi_gateway.x12.envelope import Group, Interchange
from edi_gateway.x12.read import Verdict
from edi_gateway.x12.verdicts import GroupVerdict

CODES = {"segment": "AK304", "element": "AK403", "set": "AK502", "group": "AK905", "interchange": "TA105"}


@dataclass
class Outline:
    """A file as read: its lines, every finding, and the verdicts on its groups with those on their sets."""

    lines: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    groups: list[tuple[Group, GroupVerdict, list[Verdict]]] = field(default_factory=list)
    accepted: bool = False

    @property
    def verdicts(self) -> list[Verdict]:
        """Those on the sets."""
        return [verdict for _, _, verdicts in self.groups for verdict in verdicts]

    def add(self, indent: str, line: str, findings: Iterable[Finding]) -> None:
        """One line, and below it what was found there."""
        found = list(findings)
        self.lines += [indent + line, *(f"{indent}  {row}" for row in _rows(found))]
        self.findings += found


def outline(content: bytes, guides: Guides, partner: str = "", direction: Direction = "") -> Outline:
    """Reads the bytes with the partner's guide, the plain standard for the partner with the empty name."""
    reading = envelope.read([content])
    read = readings(reading, guides, lambda _interchange, _group: partner, lambda _interchange, _group: direction)
    judged = [(one.interchange, [_judged(group) for group in one]) for one in read]
    found = Outline()
    if reading.findings:
        found.add("", "file", reading.findings)
    for interchange, groups in judged:
        _add(found, interchange, groups)
    found.accepted = bool(judged) and reading.accepted and all(interchange.accepted for interchange, _ in judged)
    found.accepted = found.accepted and all(verdict.code == "A" for _, verdict, _ in found.groups)
    return found


def golden(text: str) -> list[str]:
    """The lines of a `.findings` file, without its comments and with single blanks between the columns."""
    return [_tight(line) for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def _judged(read: GroupReading) -> tuple[Group, GroupVerdict, list[Verdict]]:
    verdicts = [verdict for _, verdict in read]
    return read.group, read.verdict, [] if read.verdict.unread else verdicts


def _add(
    found: Outline, interchange: Interchange, groups: list[tuple[Group, GroupVerdict, list[Verdict]]]
) -> None:
    word = "accepted" if interchange.accepted else "rejected"
    found.add("", f"interchange {interchange.control} {word}", interchange.findings)
    for group, verdict, sets in groups:
        found.add("  ", f"group {group.control} {verdict.code}", verdict.findings)
        for one in sets:
            found.add("    ", f"set {one.set or '-'} {one.control or '-'} {one.outcome}", one.findings)
    found.groups += groups


def _rows(findings: Iterable[Finding]) -> Iterator[str]:
    for found in findings:
        codes = [f"{name}={code}" for level, name in CODES.items() if (code := getattr(found.ack, level))]
        element = f"{found.element:02}" if found.element else "-"
        if found.component:
            element += f"-{found.component:02}"
        cells = (found.verdict or "-", ",".join(codes) or "-", found.segment or "-", found.position or "-", element)
        yield " ".join(str(cell) for cell in (*cells, found.kind))


def _tight(line: str) -> str:
    text = line.lstrip()
    return " " * (len(line) - len(text)) + " ".join(text.split())
