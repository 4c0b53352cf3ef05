"""Real files that others published: every one gives a verdict, and the clean ones of our sets are accepted."""

import csv
from pathlib import Path

import pytest

from edi_gateway.issues import Finding
from edi_gateway.store.shelf import DataShelf
from edi_gateway.x12 import envelope
from edi_gateway.x12.read import read
from edi_gateway.x12.standard import Standard
from edi_gateway.x12.tokens import CONTROL

SETS = ("850", "855", "997")

# The sample, what we say of it, and why we are right.
NOT_CLEAN = {
    "850/vscode-edi-support__docs_850-loop.edi": "x12.total-differs",  # CTT01 is 1, there are two lines.
}


@pytest.fixture(scope="module")
def standard() -> Standard:
    """The rows that come with the gateway."""
    shelf = DataShelf()
    return Standard(shelf.rows, shelf.names("specs"))


def findings(file: Path, standard: Standard) -> list[Finding]:
    """Everything found in a file."""
    content = file.read_bytes()
    found: list[Finding] = []
    reading = envelope.read([content[at:at + 100] for at in range(0, len(content), 100)])
    for interchange in reading:
        for group in interchange.groups:
            refusal = standard.refusal(group)
            found += [refusal] if refusal else []
            for one in group.transactions:
                found += read(one, standard.table(one.set, group.version)).findings
                for position, segment in enumerate(one.segments, start=1):
                    if segment[0].isascii() and not CONTROL.search(segment[0]):
                        assert content[one.offset(position):].startswith(segment[0].encode())
            found += group.findings
        found += interchange.findings
    return [*found, *reading.findings]


def test_every_sample_has_a_verdict_whose_findings_stand_in_the_file(samples: Path, standard: Standard) -> None:
    files = sorted(samples.glob("*/*.edi"))
    assert len(files) > 200
    for file in files:
        for finding in findings(file, standard):
            assert finding.offset is None or 0 <= finding.offset <= file.stat().st_size, (file, finding)


def test_the_clean_samples_of_our_sets_are_accepted(samples: Path, standard: Standard) -> None:
    with (samples / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        rows = list(csv.DictReader(index, delimiter="\t"))
    judged = 0
    for row in rows:
        ours = row["file"].startswith(SETS) and row["gs08"].startswith("004010") and row["status"] == "clean"
        if ours:
            judged += 1
            faults = {each.kind for each in findings(samples / row["file"], standard) if each.severity == "error"}
            expected = NOT_CLEAN.get(row["file"])
            assert faults == ({expected} if expected else set()), row["file"]
    assert judged > 12
