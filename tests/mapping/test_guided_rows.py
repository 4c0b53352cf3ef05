"""Rows of a partner's map at places that only their guide adds: read from there, and written there."""

import json
from pathlib import Path
from typing import Any

import pytest

from edi_gateway import mapping
from edi_gateway.flows.guides import Direction, Guides
from edi_gateway.issues import GatewayError
from edi_gateway.mapping import Map
from edi_gateway.model import Noun
from edi_gateway.store.shelf import DataShelf
from edi_gateway.x12.spec import Definition
from tests.cli import program
from tests.cli.program import run
from tests.mapping.trees import SEPARATORS, text, tree

ADDED = "deviates = true, page = 'p. 1'"
FILES = {
    "partner.toml": "",
    "855.out.guide.toml": f"""
        [segments]
        ZSP = {{ after = "BAK", repeat = 3, elements = "01 M 9901 AN 1/20 Plan\\n02 O 9902 DT 8/8 Day", {ADDED} }}
        ZRF = {{ after = "ZSP", repeat = ">1", elements = "01 M 9903 ID 2/3 Kind\\n02 M 9904 AN 1/30 Value", {ADDED} }}
        "PO1/ZLN" = {{ after = "PO1/PO1", elements = "01 M 9905 AN 1/30 Words", {ADDED} }}
        FOB = {{ after = "PO1", {ADDED} }}
    """,
    "855.map.toml": """
        [fields]
        seller_number = "ZSP01"
        answered = "ZSP02"
        [fields.references]
        each = "ZRF"
        kind = { at = "ZRF01", codes = "reference" }
        value = "ZRF02"
        description = false
        [fields.lines]
        title = { at = "ZLN01", with = false }
        [always]
        FOB01 = "PP"
    """,
}
BODY = (
    "BAK*00*AD*PO-1*20260302~ZSP*P-114*20260320~ZRF*IA*70012~ZRF*DP*044~PO1*1*2*EA*4.50**UP*400000100012~"
    "ZLN*A lantern~ACK*IA*2*EA~FOB*PP~CTT*1"
)


def guides(tmp_path: Path, files: dict[str, str] = FILES) -> Guides:
    folder = tmp_path / "mappings/partners/acme"
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_text(content, "utf-8")
    return Guides(DataShelf(tmp_path))


def known(found: Guides, way: Direction = "", partner: str = "acme") -> tuple[Definition, Map]:
    definition, by = found.definition("855", "004010", partner, way), found.map("855", "004010", partner)
    assert definition
    assert by
    return definition, by


def read(found: Guides, body: str, way: Direction = "", partner: str = "acme") -> Noun:
    definition, by = known(found, way, partner)
    noun, findings = mapping.to_canonical(tree(definition, body), by)
    assert findings == ()
    assert noun
    return noun


def written(found: Guides, noun: Noun, way: Direction = "", partner: str = "acme") -> list[str]:
    definition, by = known(found, way, partner)
    made, findings = mapping.from_canonical(noun, by, definition, SEPARATORS)
    assert findings == ()
    assert made
    return text(made).splitlines()


def said(noun: Noun) -> dict[str, Any]:
    return noun.as_json()


def test_what_only_a_guide_adds_is_read_into_fields_and_written_from_them(tmp_path: Path) -> None:
    found = guides(tmp_path)
    noun = read(found, BODY)
    told = said(noun)
    assert (told["seller_number"], told["answered"], told["lines"][0]["title"]) == ("P-114", "2026-03-20", "A lantern")
    assert told["references"] == [
        {"kind": "vendor_number", "value": "70012"}, {"kind": "department", "value": "044"},
    ]
    assert written(found, noun) == BODY.split("~")


def test_in_the_other_direction_such_a_row_is_as_if_it_had_not_been_written(tmp_path: Path) -> None:
    found = guides(tmp_path)
    body = (
        "BAK*00*AD*PO-1*20260302****S-7*20260303~REF*IA*70012~FOB*PP~PO1*1*2*EA*4.50**UP*400000100012~ACK*IA*2*EA~CTT*1"
    )
    noun = read(found, body, "in")
    told = said(noun)
    assert (told["seller_number"], told["answered"], told["references"][0]["value"]) == ("S-7", "2026-03-03", "70012")
    assert written(found, noun, "in") == body.split("~")


def test_the_standard_and_other_partners_do_not_notice(tmp_path: Path) -> None:
    found = guides(tmp_path)
    noun = read(found, BODY)
    plain = written(found, noun, partner="")
    assert plain == written(found, noun, partner="northbarn")
    assert not any(row.startswith("Z") for row in plain)
    assert read(found, "~".join(plain), partner="") == noun


@pytest.mark.parametrize(("name", "rows", "says"), [
    ("855.map.toml", '[fields]\nseller_number = "ZSQ01"\n', "row fields.seller_number: .* names the segment ZSQ"),
    ("855.map.toml", '[fields]\nseller_number = "ZSP03"\n', "row fields.seller_number: 'ZSP03' names element 3, but"),
    ("855.map.toml", '[always]\nZSQ01 = "x"\n', "row always.ZSQ01: "),
    ("855.map.toml", '[fields.lines]\ntitle = "ZSP01"\n', "row fields.lines.title: "),
    ("856.map.toml", '[fields]\nnumber = "ZSP01"\n', "row fields.number: 'ZSP01' names the segment ZSP, which"),
])
def test_a_row_that_no_guide_has_a_place_for_is_refused(tmp_path: Path, name: str, rows: str, says: str) -> None:
    found = guides(tmp_path, {**FILES, name: rows})
    with pytest.raises(GatewayError, match=f"mappings/partners/acme/{name}, {says}"):
        found.check("acme")


def test_what_one_version_adds_is_named_in_the_map_of_that_version(tmp_path: Path) -> None:
    files = {"partner.toml": "", "855.005010.out.guide.toml": FILES["855.out.guide.toml"]}
    guides(tmp_path / "right", {**files, "855.005010.map.toml": FILES["855.map.toml"]}).check("acme")
    with pytest.raises(GatewayError, match=r"855\.map\.toml, row fields.seller_number: 'ZSP01' names the segment ZSP"):
        guides(tmp_path / "wrong", {**files, "855.map.toml": FILES["855.map.toml"]}).check("acme")


def test_a_guide_that_cannot_be_used_is_told_before_the_rows_that_hang_on_it(tmp_path: Path) -> None:
    files = {**FILES, "855.out.guide.toml": FILES["855.out.guide.toml"].replace('after = "BAK"', 'after = "BUK"')}
    with pytest.raises(GatewayError, match=r"855\.out\.guide\.toml: ZSP: "):
        guides(tmp_path, files).check("acme")


def test_translation_the_check_and_the_outline_agree_on_them(tmp_path: Path) -> None:
    house = program.house(tmp_path / "house")
    guides(house)
    interchange = (
        "ISA*00*          *00*          *ZZ*US             *ZZ*ACME           *260301*0905*U*00401*000000042*0*P*>~"
        f"GS*PR*US*ACME*20260301*0905*7*X*004010~ST*855*0001~{BODY}~SE*11*0001~GE*1*7~IEA*1*000000042~"
    )
    fixture = house / "fixtures/x12/partners/acme/855/pass/answer.edi"
    fixture.parent.mkdir(parents=True)
    fixture.write_text(interchange, "utf-8")
    document = said(read(Guides(DataShelf(house)), BODY))
    row = {"type": "order_response", "control": "0001", "document": document}
    fixture.with_suffix(".expected.json").write_text(json.dumps([row]), "utf-8")
    checked = run("partner", "check", "acme", "--dir", house)
    assert (checked.code, checked.err) == (0, "")
    ids = {
        "sender": "ZZ:US", "receiver": "ZZ:ACME", "group_sender": "US", "group_receiver": "ACME",
        "interchange_control": "000000042", "group_control": "7", "set_control": "0001", "test": False,
    }
    line = json.dumps({"type": "order_response", "version": "004010", "envelope": ids, "document": document})
    back = run("translate", "--to", "x12", "--partner", "acme", "--dir", house, "-", given=line.encode())
    assert (back.code, back.err) == (0, "")
    assert f"~{BODY}~" in back.out
    assert back.out.partition("~ST*")[2] == interchange.partition("~ST*")[2]
    shown = run("spec", "show", "855", "--partner", "acme", "--dir", house)
    assert "ZSP  O 3      ZSP" in shown.out
