"""The maps we write for pyx12: by its own schemas, complete in themselves, and right about sound documents."""

import io
from dataclasses import replace
from importlib.resources import files as resources
from pathlib import Path
from random import Random

import pytest
from lxml import etree
from pyx12.params import ParamsBase
from pyx12.x12n_document import x12n_document

from edi_gateway.exports import pyx12
from edi_gateway.store.shelf import DataShelf
from edi_gateway.x12 import narrowing
from edi_gateway.x12.compile import compile
from edi_gateway.x12.guide import parse
from edi_gateway.x12.spec import Definition, Element, load
from tests.pyx12.documents import invented, text

_SHELF = DataShelf()
_KNOWN = [
    (set_id, name.removesuffix(".toml"))
    for set_id in _SHELF.names("specs") for name in _SHELF.names(f"specs/{set_id}") if name.endswith(".toml")
]
_SCHEMAS = {"maps.xml": "maps.xsd", "dataele.xml": "dataele.xsd", "codes.xml": "codes.xsd"}


def definition(set_id: str, version: str) -> Definition:
    found = load(_SHELF.rows, set_id, version)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every set in every version, in one folder."""
    made = tmp_path_factory.mktemp("maps")
    for name, content in pyx12.files(definition(*known) for known in _KNOWN).items():
        (made / name).write_bytes(content)
    return made


def judged(content: str, folder: Path) -> bool:
    """What pyx12 itself says of an interchange."""
    return bool(x12n_document(ParamsBase(), io.StringIO(content), None, None, map_path=str(folder)))


def test_every_file_is_valid_by_the_schemas_of_pyx12(folder: Path) -> None:
    for file in folder.iterdir():
        schema = etree.XMLSchema(etree.fromstring(
            (resources("pyx12") / "map" / _SCHEMAS.get(file.name, "map.xsd")).read_bytes()
        ))
        schema.assertValid(etree.fromstring(file.read_bytes()))


@pytest.mark.parametrize(("set_id", "version"), _KNOWN)
def test_pyx12_takes_sound_documents_of_every_set_and_version(set_id: str, version: str, folder: Path) -> None:
    known = definition(set_id, version)
    sound = list(invented(compile(known, _SHELF.rows), Random(f"{set_id} {version}"), 3))
    assert len(sound) == 3
    assert judged(text([one.rows for one in sound], known), folder)


@pytest.mark.parametrize(
    ("sent", "changed", "accepted"),
    [
        ("", "", True), ("X*004010~", "X*004010VICS~", True), ("AK9*A*1*1*1", "AK9*A*1*1", False),
        ("*00401*", "*00501*", True),
    ],
)
def test_pyx12_finds_the_map_by_version_and_judges_by_it(
    sent: str, changed: str, accepted: bool, folder: Path
) -> None:
    rows = [["ST", "997", "@"], ["AK1", "PO", "1"], ["AK9", "A", "1", "1", "1"], ["SE", "4", "@"]]
    content = text([rows], definition("997", "004010"))
    assert judged(content.replace(sent, changed), folder) == accepted


def test_a_list_that_a_guide_narrows_is_a_list_of_its_own(tmp_path: Path) -> None:
    wide = definition("850", "004010")
    guide = parse("850.guide.toml", {"elements": {"BEG02": {"codes": ["SA"]}}})
    narrow = narrowing.narrow(_SHELF.rows, wide, guide)
    for name, one in (("wide", wide), ("narrow", narrow)):
        (tmp_path / name).mkdir()
        for file, content in pyx12.files([one]).items():
            (tmp_path / name / file).write_bytes(content)
    order = [["ST", "850", "@"], ["BEG", "00", "NE", "PO-1", "", "20250901"], ["PO1"], ["SE", "4", "@"]]
    order[2] += ["1", "2", "EA", "3"]
    assert judged(text([order], wide), tmp_path / "wide")
    assert not judged(text([order], wide), tmp_path / "narrow")


def test_an_element_that_differs_between_versions_has_two_rows() -> None:
    old = definition("997", "004010")
    first = replace(old.places[1].segment, elements=(Element(1, "143", "Set", "M", "ID", 3, 9),))
    new = replace(old, version="009990", places=(old.places[0], replace(old.places[1], segment=first)))
    rows = etree.fromstring(pyx12.files([old, new])["dataele.xml"])
    assert {row.get("ele_num"): row.get("max_len") for row in rows if str(row.get("ele_num")).startswith("143")} == {
        "143": "3", "143.ID.3.9": "9",
    }


def test_relations_that_are_only_recalled_are_not_exported() -> None:
    known = definition("850", "004010")
    notes = {note.rule: note.confidence for place in known.places if place.segment.id == "SAC"
             for note in place.segment.notes}
    told = etree.fromstring(pyx12.files([known])["850.004010.xml"]).find(".//segment[@xid='SAC']")
    assert told is not None
    assert [node.text for node in told.findall("syntax")] == [rule for rule, sure in notes.items() if sure in "VP"]
