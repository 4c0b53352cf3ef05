"""Real files that others published: every one gives a verdict, and each verdict is written down.

`samples.tsv` beside this file has a row for each: our verdict; for those that the samples' own index calls clean, the
kinds of the errors we find; and why, where we judge otherwise than the index. The samples are not ours to publish:
`EDI_SAMPLES` names their folder.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from edi_gateway.store.shelf import DataShelf
from edi_gateway.x12 import envelope
from edi_gateway.x12.tokens import CONTROL
from tests.cli.program import run

TABLE = Path(__file__).with_name("samples.tsv")
VERSIONS = ("004010", "005010")

# Clean by the index, of a set and version of ours, and yet wrong: `samples.tsv` says why.
OURS_IS_RIGHT = (
    "850/vscode-edi-support__docs_850-loop.edi",
    "997/pyx12__834_lui_id_5010_resAck.edi",
)
ACKNOWLEDGMENT = "997"
FAULT_OF_OURS = ("internal.bug", "Traceback", "fault of its own")


def rows(file: Path) -> dict[str, dict[str, str]]:
    """The rows of a table, by file."""
    with file.open(encoding="utf-8", newline="") as lines:
        return {row["file"]: row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}


JUDGED = rows(TABLE)


@pytest.fixture(scope="module")
def files(samples: Path) -> list[Path]:
    """All samples."""
    return sorted(samples.glob("*/*.edi"))


@pytest.fixture(scope="module")
def told(files: list[Path]) -> Mapping[str, Any]:
    """What `edi-gateway validate --json` says of all of them in one process, by file."""
    said = run("validate", "--json", *files)
    assert said.code == 1, said.err
    assert not any(word in said.out + said.err for word in FAULT_OF_OURS), said.err
    return {"/".join(Path(row["file"]).parts[-2:]): row for row in said.rows}


def transactions(row: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The sets of a file."""
    for interchange in row["interchanges"]:
        for group in interchange["groups"]:
            yield from group["transactions"]


def findings(row: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Everything found in a file."""
    yield from row["findings"]
    for interchange in row["interchanges"]:
        yield from interchange["findings"]
        for group in interchange["groups"]:
            yield from group["findings"]
    for one in transactions(row):
        yield from one["findings"]


def verdict(row: Mapping[str, Any]) -> str:
    """`accepted`, `errors` where it is accepted in spite of errors, or `rejected` where any part of it is."""
    if not row["accepted"]:
        return "rejected"
    return "errors" if faults(row) else "accepted"


def faults(row: Mapping[str, Any]) -> str:
    """The kinds of the errors in a file."""
    return " ".join(sorted({found["kind"] for found in findings(row) if found["severity"] == "error"}))


def test_every_sample_has_its_verdict(told: Mapping[str, Any]) -> None:
    assert len(told) > 200
    assert {name: verdict(row) for name, row in told.items()} == {
        name: row["verdict"] for name, row in JUDGED.items()
    }


def test_where_we_judge_otherwise_than_the_index_the_reason_is_told(samples: Path) -> None:
    """The index calls clean what is laid out strictly and counts right; it asks no dictionary."""
    for name, row in rows(samples / "INDEX.tsv").items():
        agreed = (row["status"] == "clean") == (JUDGED[name]["verdict"] == "accepted")
        assert agreed or JUDGED[name]["reason"].endswith("."), name


def test_what_the_index_calls_clean_has_the_errors_we_say_and_no_others(samples: Path, told: Mapping[str, Any]) -> None:
    for name, row in rows(samples / "INDEX.tsv").items():
        if row["status"] == "clean":
            assert faults(told[name]) == JUDGED[name]["errors"], name


def test_of_the_clean_samples_of_our_sets_and_versions_nearly_all_are_accepted(
    samples: Path, told: Mapping[str, Any],
) -> None:
    ours = set(DataShelf().names("specs"))
    clean = [
        name for name, row in rows(samples / "INDEX.tsv").items()
        if row["status"] == "clean" and row["gs08"].startswith(VERSIONS)
        and {one["set"] for one in transactions(told[name])} <= ours
    ]
    assert len(clean) > 40
    assert tuple(name for name in clean if verdict(told[name]) != "accepted") == OURS_IS_RIGHT


def test_a_finding_stands_in_the_file(files: list[Path], told: Mapping[str, Any]) -> None:
    for file in files:
        for found in findings(told[f"{file.parent.name}/{file.name}"]):
            assert found["offset"] is None or 0 <= found["offset"] <= file.stat().st_size, (file, found)


def test_each_segment_is_found_again_by_its_offset(files: list[Path]) -> None:
    for file in files:
        content = file.read_bytes()
        for interchange in envelope.read([content[at:at + 100] for at in range(0, len(content), 100)]):
            for one in (one for group in interchange.groups for one in group.transactions):
                for position, segment in enumerate(one.segments, start=1):
                    if segment[0].isascii() and not CONTROL.search(segment[0]):
                        assert content[one.offset(position):].startswith(segment[0].encode()), (file, position)


def test_every_accepted_sample_of_a_set_with_a_mapping_is_translated(
    files: list[Path], told: Mapping[str, Any],
) -> None:
    """An acknowledgment is no document, and is left out. Exit code 2 says that some sets have no mapping."""
    said = run("translate", *files)
    assert not any(word in said.out + said.err for word in FAULT_OF_OURS), said.err
    mapped = {name.removesuffix(".toml") for name in DataShelf().names("mappings")} - {ACKNOWLEDGMENT}
    assert said.code == 2
    assert Counter(row["set"] for row in said.rows) == Counter(
        one["set"] for row in told.values() for interchange in row["interchanges"] if interchange["accepted"]
        for group in interchange["groups"] if group["accepted"]
        for one in group["transactions"] if one["verdict"] != "rejected" and one["set"] in mapped
    )
