"""The rows of the standard for other tools: which sets, where to, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from edi_gateway.issues import command
from tests.cli.program import run


def test_one_set_is_written_with_all_that_its_map_needs(tmp_path: Path) -> None:
    said = run("spec", "export", "--to", "pyx12", tmp_path / "maps", "--set", "997", "--version", "004010", "--json")
    assert said.code == 0
    assert said.rows == [{
        "to": "pyx12", "sets": ["997 004010"],
        "files": ["maps.xml", "dataele.xml", "codes.xml", "x12.control.00401.xml", "x12.control.00501.xml",
                  "997.004010.xml"],
    }]
    assert {file.name for file in (tmp_path / "maps").iterdir()} == set(said.rows[0]["files"])


def test_without_a_choice_every_set_is_written(tmp_path: Path) -> None:
    said = run("spec", "export", "--to", "pyx12", tmp_path, "--version", "004010")
    assert said.code == 0
    assert all(f"  {set_id}.004010.xml\n" in said.out for set_id in ("810", "846", "850", "855", "856", "997"))


def test_an_export_is_never_written_over_another(tmp_path: Path) -> None:
    assert run("spec", "export", "--to", "pyx12", tmp_path, "--set", "997").code == 0
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    said = run("spec", "export", "--to", "pyx12", tmp_path, "--set", "850")
    assert said.code == 2
    assert command.FILE_UNWRITABLE.title in said.err
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = run("spec", "export", "--to", "pyx12", tmp_path / "file" / "maps", "--set", "997")
    assert said.code == 2
    assert command.FILE_UNWRITABLE.title in said.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--to", "fax"), "'fax' is none of json-schema, pyx12"),
        (("--to", "pyx12", "--set", "111"), "there is no such set"),
        (("--to", "pyx12", "--set", "850", "--version", "003010"), "there is no such set"),
    ],
)
def test_what_is_not_there_is_refused_and_nothing_written(
    arguments: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    said = run("spec", "export", tmp_path / "maps", *arguments)
    assert said.code == 2
    assert says in said.err
    assert not (tmp_path / "maps").exists()


def test_the_rows_of_a_folder_are_exported_too(house: Path, tmp_path: Path) -> None:
    (house / "specs" / "000").mkdir(parents=True)
    (house / "specs" / "000" / "004010.toml").write_text(
        'set = "000"\nname = "Trial"\ngroup = "ZT"\nversion = "004010"\nstructure = """\nST M 1\nSE M 1\n"""\n'
    )
    said = run("spec", "export", "--to", "pyx12", tmp_path / "maps", "--set", "000", "--dir", house)
    assert said.code == 0
    assert b"ZT" in (tmp_path / "maps" / "maps.xml").read_bytes()


def test_the_schemas_of_a_partner_s_guides_are_exported(house: Path, tmp_path: Path) -> None:
    folder = house / "mappings/partners/narrow"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text("", "utf-8")
    (folder / "850.guide.toml").write_text('[elements]\nBEG02 = { codes = ["SA"] }\n', "utf-8")
    for to, name in (("json-schema", "850.004010.schema.json"), ("pyx12", "codes.xml")):
        said = run("spec", "export", "--to", to, tmp_path / to, "--set", "850", "--version", "004010",
                   "--partner", "narrow", "--dir", house)
        assert said.code == 0
        assert name in said.out
    schema = json.loads((tmp_path / "json-schema" / "850.004010.schema.json").read_bytes())
    assert schema["properties"]["BEG"]["properties"]["BEG02"]["enum"] == ["SA"]


def test_a_set_is_shown_as_an_outline_with_need_and_maximum() -> None:
    said = run("spec", "show", "850")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("850 Purchase Order, version 004010, in groups PO\n")
    assert "\n  BEG  M 1      Beginning of purchase order\n" in said.out
    assert "\n  loop PO1  M " in said.out
    assert "!" not in said.out
    assert "version 005010" in run("spec", "show", "850", "--version", "005010").out


def test_a_segment_is_shown_with_its_elements_codes_and_relations() -> None:
    said = run("spec", "show", "850", "N1").out
    assert "  02 X AN 1/60      Name (93)\n" in said
    assert "codes: see N101" in said
    assert "  P0304: if one of 03 and 04 is there, all are\n" in said
    assert said.count("02 X AN 1/60") == 1
    assert "PO1/N1  Party" in said
    assert run("spec", "show", "850", "PO1/N1").out.startswith("PO1/N1  Party")


def test_an_element_is_shown_with_every_code_and_its_name() -> None:
    said = run("spec", "show", "850", "BEG01").out
    assert "00   original" in said
    assert len(said.splitlines()) > 60
    composite = run("spec", "show", "850", "REF04", "--json").rows[0]
    assert composite["of"] == "REF04"
    assert any("-01 M ID 2/3" in line for line in composite["lines"])


def test_what_a_guide_has_narrowed_is_marked(house: Path) -> None:
    folder = house / "mappings/partners/narrow"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text("", "utf-8")
    (folder / "850.guide.toml").write_text(
        '[segments]\n"REF[IA]" = { use = "must", page = "p. 2" }\nTAX = { use = "unused" }\n'
        '[elements]\nBEG02 = { codes = ["SA", "NE"] }\nBEG03 = { length = [1, 10] }\nBEG07 = { use = "unused" }\n',
        "utf-8",
    )
    said = run("spec", "show", "850", "--partner", "narrow", "--dir", house).out
    assert "as the guide of narrow has it" in said
    assert "! BEG02 is one of NE, SA; in the standard 69 codes\n" in said
    assert "! BEG03 is M AN 1/10; in the standard M AN 1/22\n" in said
    assert "! BEG07 is not sent\n" in said
    assert "! REF[IA]: at least 1 (guide, p. 2)\n" in said
    assert "! not used\n" in said
    shown = run("spec", "show", "850", "BEG02", "--partner", "narrow", "--dir", house).out
    assert "NE   new order\n" in shown
    assert "original" not in shown


def test_the_python_that_judges_a_segment_is_shown_and_runs() -> None:
    said = run("spec", "show", "850", "CTT", "--source").out
    scope: dict[str, Any] = {"memo1": {"2": True}}
    exec(said, scope)
    assert said.startswith("# CTT, ")
    assert "def check(row):" in said
    whole = run("spec", "show", "850", "--source").out
    assert whole.count("def check(row):") > 40
    compile(whole, "<shown>", "exec")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["999"], "there is no set 999"), (["850", "--version", "001000"], "in version 001000"),
        (["850", "ZZZ"], "has no ZZZ"), (["850", "BEG77"], "has no BEG77"), (["850", "../x"], "has no ../x"),
        (["850", "--partner", "nobody"], "nobody"),
    ],
)
def test_what_is_not_there_cannot_be_shown(arguments: list[str], says: str) -> None:
    said = run("spec", "show", *arguments)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert says in said.err
