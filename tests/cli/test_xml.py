"""X12 files to XML, and back."""

from pathlib import Path

import pytest
from lxml import etree

from edi_gateway.issues import command
from tests.cli.program import add_acme, run
from tests.flows.stage import envelope, order

FIXTURES = Path(__file__).parents[2] / "fixtures" / "x12"
GOOD = envelope(order("PO-1"))


def test_xml_and_back_gives_the_same_bytes(tmp_path: Path) -> None:
    file = FIXTURES / "856" / "pass" / "many-lines-005010.edi"
    there = run("translate", "--to", "xml", file)
    assert (there.code, there.err) == (0, "")
    (tmp_path / "view.xml").write_text(there.out, "utf-8")
    again = run("translate", "--to", "x12", tmp_path / "view.xml")
    assert (again.code, again.err, again.out.encode()) == (0, "", file.read_bytes())


def test_several_files_are_one_document(tmp_path: Path) -> None:
    (tmp_path / "o.edi").write_text(GOOD, "utf-8")
    said = run("translate", "--to", "xml", tmp_path / "o.edi", tmp_path / "none", "-", given=GOOD.encode())
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert len(etree.fromstring(said.out.encode()).findall("interchange")) == 2
    assert run("translate", "--to", "x12", "-", given=said.out.encode()).out == GOOD + GOOD


def test_a_file_without_an_interchange_is_an_empty_document_and_told() -> None:
    said = run("translate", "--to", "xml", "-")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert len(etree.fromstring(said.out.encode())) == 0


def test_a_rejected_set_is_told_and_stands_there_without_loops() -> None:
    broken = GOOD.replace("*EA*", "*EA*x")
    said = run("translate", "--to", "xml", "-", given=broken.encode())
    assert (said.code, "<loop" in said.out) == (1, False)
    assert "- : " not in said.err
    assert "set 850 0001 of group 1: rejected, written without loops" in said.err
    assert run("translate", "--to", "x12", "-", given=said.out.encode()).out == broken


def test_repairs_are_told_and_no_fault() -> None:
    said = run("translate", "--to", "xml", FIXTURES / "envelope" / "pass" / "repaired-lines-of-80-columns.edi")
    assert (said.code, said.err.count("\n")) == (0, 1)
    assert "lines are broken at 80 characters" in said.err


def test_loops_are_those_of_the_partner_s_guide(house: Path) -> None:
    folder = house / "mappings/partners/strict"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text("", "utf-8")
    (folder / "850.guide.toml").write_text('[segments]\n"REF[IA]" = { use = "must" }\n', "utf-8")
    assert "<loop" in run("translate", "--to", "xml", "-", "--dir", house, given=GOOD.encode()).out
    add_acme(house, "--guide", "strict")
    said = run("translate", "--to", "xml", "-", "--dir", house, given=GOOD.encode())
    assert (said.code, "<loop" in said.out) == (1, False)


@pytest.mark.parametrize(
    "given", [b"<x12><interchange", b"<html/>", b"\n<!DOCTYPE x12 [<!ENTITY a 'b'>]><x12/>", b"\xff\xfe<\0"]
)
def test_what_is_no_such_xml_is_told_in_one_line(given: bytes) -> None:
    said = run("translate", "--to", "x12", "-", given=given)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert said.err.startswith(f"{command.XML_FAULTY.title}: ")


def test_options_that_do_not_go_with_xml_are_refused(house: Path) -> None:
    add_acme(house)
    for given, arguments in [(b"", ["--to", "xml", "--json"]), (b"", ["--to", "xml", "--partner", "acme"]),
                             (b"<x12/>", ["--to", "x12", "--partner", "acme"])]:
        said = run("translate", *arguments, "-", "--dir", house, given=given)
        assert (said.code, said.out.count("interchange"), said.err.count("\n")) == (2, 0, 1)
        assert "does not go with" in said.err or "goes with" in said.err
