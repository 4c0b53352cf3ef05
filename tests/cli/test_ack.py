"""The answers a file would get: those of the gateway, but for their numbers and times."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.program import add_acme, run, turn
from tests.flows.stage import envelope, order

FIXTURES = Path(__file__).parents[2] / "fixtures" / "x12"
BROKEN = envelope(order("PO-1"), order("PO-2", control="0002").replace("*EA*", "*EA*x"))
CUT_SHORT = BROKEN[:BROKEN.index("IEA*")]


def acknowledged(content: str, *more: object) -> list[list[str]]:
    """The segments of the answers, each as its elements."""
    out = run("ack", "-", *more, given=content.encode()).out
    return [segment.strip().split("*") for segment in out.split("~") if segment.strip()]


def ids(segments: list[list[str]]) -> str:
    return " ".join(segment[0] for segment in segments)


def numberless(text: str) -> list[list[str]]:
    """The segments without what differs each time: ISA09, 10, 13; GS04, 05, 06; GE02; IEA02."""
    segments = [segment.strip().split("*") for segment in text.split("~") if segment.strip()]
    varying = {"ISA": (9, 10, 13), "GS": (4, 5, 6), "GE": (2,), "IEA": (2,)}
    return [
        ["" if at in varying.get(segment[0], ()) else value for at, value in enumerate(segment)]
        for segment in segments
    ]


def settings(house: Path, rows: str) -> None:
    """A partner file for acme, who becomes known."""
    folder = house / "mappings/partners/acme"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text(f'name = "Acme"\n{rows}', "utf-8")
    assert add_acme(house, "--guide", "acme").code == 0


@pytest.mark.parametrize("rows", ["", "[acknowledgments]\naccepted_sets = false\n[separators]\nsegment = '|'\n"])
def test_in_a_house_they_are_what_the_gateway_sends(house: Path, rows: str) -> None:
    settings(house, rows)
    turn(house, ("o.edi", BROKEN))
    (sent,) = (house / "mailbox/in").glob("*_997_*")
    said = run("ack", "-", "--dir", house, given=BROKEN.encode()).out
    assert "AK9*P*2*2*1" in said
    assert numberless(said.replace("|", "~")) == numberless(sent.read_text("utf-8").replace("|", "~"))
    assert said.count("AK2") == (1 if rows else 2)
    assert ("|" in said) == bool(rows)


def test_no_number_is_taken_and_that_is_said(house: Path) -> None:
    add_acme(house)
    before = run("control", "show", "--dir", house).out
    said = run("ack", "-", "--dir", house, given=BROKEN.encode())
    assert run("control", "show", "--dir", house).out == before
    assert "*000000001*" in said.out
    assert "none was taken from a ledger" in said.err
    assert (said.code, said.err.count("\n")) == (1, 1)


def test_numbers_go_on_from_one_answer_to_the_next(tmp_path: Path) -> None:
    (tmp_path / "o.edi").write_text(BROKEN, "utf-8")
    out = run("ack", tmp_path / "o.edi", tmp_path / "o.edi").out
    assert re.findall(r"IEA\*1\*(\d+)", out) == ["000000001", "000000002"]


def test_ids_are_swapped_and_no_answer_is_asked_for() -> None:
    isa, gs, *_ = acknowledged(BROKEN)
    assert ([part.strip() for part in isa[5:9]], isa[14]) == (["ZZ", "SELLER", "ZZ", "ACME"], "0")
    assert gs[1:4] == ["FA", "SELLER", "ACME"]


def test_it_is_written_in_the_release_the_group_was_read_by() -> None:
    newer = BROKEN.replace("*U*00401*", "*^*00501*").replace("004010", "005010")
    assert [row[8] for row in acknowledged(newer) if row[0] == "GS"] == ["005010"]
    assert [row[8] for row in acknowledged(BROKEN.replace("004010", "004010VICS")) if row[0] == "GS"] == ["004010"]


def test_a_ta1_goes_where_it_is_asked_for() -> None:
    requested = BROKEN.replace("*000000001*0*", "*000000001*1*", 1)
    assert "TA1" not in ids(acknowledged(BROKEN))
    assert ids(acknowledged(requested)).startswith("ISA TA1 IEA ISA GS ST AK1")
    assert ids(acknowledged(BROKEN, "--ta1")).startswith("ISA TA1 IEA ISA GS ST AK1")


def test_the_partners_policy_decides_about_the_ta1(house: Path) -> None:
    settings(house, '[acknowledgments]\nta1 = "on_error"\n')
    assert "TA1" not in ids(acknowledged(BROKEN, "--dir", house))
    assert ids(acknowledged(CUT_SHORT, "--dir", house)) == "ISA TA1 IEA"


def test_of_a_refused_interchange_no_group_is_answered() -> None:
    (_, ta1, _) = acknowledged(CUT_SHORT, "--ta1")
    assert ta1[4:] == ["R", "023"]
    said = run("ack", "-", given=CUT_SHORT.encode())
    assert (said.code, said.out) == (1, "")
    assert "is refused, and no TA1 is agreed" in said.err


def test_acknowledgments_are_never_acknowledged() -> None:
    answer = run("ack", "-", "--ta1", given=BROKEN.encode()).out
    said = run("ack", "-", "--ta1", given=answer.encode())
    assert (said.code, said.out) == (0, "")
    assert said.err.count("nothing but acknowledgments") == 2


def test_an_answer_that_nobody_can_be_sent_to_is_a_clear_line() -> None:
    nobody = BROKEN.replace("*ZZ*ACME           *", "*ZZ*               *", 1)
    said = run("ack", "-", "--ta1", given=nobody.encode())
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "an answer cannot be written" in said.err


def test_what_belongs_to_no_interchange_has_nobody_to_be_told() -> None:
    said = run("ack", "-", given=b"hello")
    assert (said.code, said.out) == (1, "")
    assert "nobody can be told" in said.err


@pytest.mark.parametrize("folder", ["850", "856", "810"])
def test_every_answer_is_a_whole_interchange_that_reads_without_a_structural_fault(folder: str) -> None:
    files = sorted((FIXTURES / folder / "fail").glob("*.edi"))
    said = run("ack", *files)
    (row,) = run("validate", "--json", "-", given=said.out.encode()).rows
    sets = [one for interchange in row["interchanges"] for group in interchange["groups"]
            for one in group["transactions"]]
    echoes = {"x12.code-unknown", "x12.not-a-number"}
    faults = {finding["kind"] for one in sets for finding in one["findings"]}
    assert (row["findings"], len(sets) > len(files) // 2) == ([], True)
    assert {kind for kind in faults if "-too-" not in kind} <= echoes


@given(st.one_of(st.binary(max_size=300), st.binary(max_size=60).map(lambda junk: BROKEN.encode()[:190] + junk)))
def test_any_bytes_are_answered_or_told_why_not(content: bytes) -> None:
    said = run("ack", "-", given=content)
    assert said.code in (0, 1, 2)
    assert "fault of its own" not in said.err
    assert bool(said.out) or bool(said.err)


def test_json_has_an_object_for_each_answer() -> None:
    file = FIXTURES / "850/fail/segment-missing-beg.edi"
    (row,) = (json.loads(line) for line in run("ack", "--json", str(file)).out.splitlines())
    assert row["file"] == str(file)
    assert "AK9*R*" in row["answer"]
