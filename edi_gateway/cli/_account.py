"""The account of a file for people: each finding with its place and its remedy, and a closing line."""

from collections import Counter
from collections.abc import Iterable

from edi_gateway.cli._output import counted, printable, styled
from edi_gateway.flows.reading import InterchangeReading
from edi_gateway.issues import Finding
from edi_gateway.reports.rules import Rules
from edi_gateway.x12 import envelope
from edi_gateway.x12.limits import STREAMED

_COLOURS = {"error": "red", "warning": "yellow", "repair": "cyan"}
_ENDINGS = {"accepted": "green", "accepted with errors": "yellow", "rejected": "red"}


class Account:
    """One file's account, printed as the file is read."""

    def __init__(self, name: str, chunks: Iterable[bytes], rules: Rules) -> None:
        self._name = name
        self._chunks = chunks
        self._rules = rules
        self._severities: Counter[str] = Counter()
        self._outcomes: Counter[str] = Counter()
        self._interchanges = 0
        self._rejected = False

    def print(self) -> bool:
        """Prints all of it; returns whether there is no error in the file."""
        reading = envelope.read(self._chunks, STREAMED)
        for interchange in self._rules.read(reading):
            self._interchanges += 1
            self._read(interchange)
        self._tell("", reading.findings)
        self._close()
        return not self._severities["error"]

    def _read(self, read: InterchangeReading) -> None:
        for group in read:
            for _, verdict in group:
                self._outcomes[verdict.outcome] += 1
                self._rejected |= verdict.outcome == "rejected"
                self._tell(f"{verdict.set} {verdict.control}, ", verdict.findings)
                # The next set is gathered without this one.
                del _, verdict
            self._tell(f"group {group.group.control}, ", group.group.findings)
        self._tell(f"interchange {read.interchange.control}, ", read.interchange.findings)

    def _tell(self, name: str, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self._rejected |= finding.verdict == "R"
            self._severities[finding.severity] += 1
            mark = styled(f"{finding.severity:<8}", _COLOURS[finding.severity], "bold")
            print(f"{mark} {printable(f'{name}{_where(finding)}: {finding.note}')}")
            if finding.severity == "error":
                print(styled(printable(f"{'':<8} → {finding.remedy}"), "dim"))

    def _close(self) -> None:
        errors = self._severities["error"]
        ending = "rejected" if self._rejected else "accepted with errors" if errors else "accepted"
        sets = [f"{count} {outcome.replace('_', ' ')}" for outcome, count in sorted(self._outcomes.items())]
        facts = [counted(self._interchanges, "interchange"), counted(self._outcomes.total(), "set")]
        mixed = f" ({', '.join(sets)})" if len(sets) > 1 else ""
        said = styled(ending, _ENDINGS[ending], "bold")
        print(f"{printable(self._name)}: {said}, {', '.join(facts)}{mixed}")


def _where(finding: Finding) -> str:
    """Such as `segment 12 PO1-02 in loop PO1, byte 804`, as much of it as is known."""
    parts = ["" if finding.position is None else f"segment {finding.position} "]
    if finding.segment:
        numbers = [f"{number:02}" for number in (finding.element, finding.component) if number is not None]
        parts.append("-".join([finding.segment, *numbers]))
    place = "".join(parts).strip()
    place += f" in loop {finding.loop}" if finding.loop else ""
    return ", ".join(part for part in (place, None if finding.offset is None else f"byte {finding.offset}") if part)
