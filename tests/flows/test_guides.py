"""Which of a partner's guide files hold: by version, by direction, the most particular last."""

from pathlib import Path

import pytest

from edi_gateway.flows.guides import Direction, Guides
from edi_gateway.issues import GatewayError
from edi_gateway.reports.rules import Rules
from edi_gateway.store.shelf import DataShelf
from edi_gateway.x12 import envelope
from edi_gateway.x12.spec import Definition
from tests.x12.workshop import isa, text

FILES = {
    "850.guide.toml": '[segments]\nCUR = { use = "must" }\n[elements]\nBEG02 = { codes = ["SA"] }\n',
    "850.005010.guide.toml": '[segments]\nCUR = false\n[elements]\nBEG02 = { codes = ["NE"] }\n',
    "850.in.guide.toml": '[elements]\nBEG02 = { codes = ["DS"] }\n',
    "850.005010.in.guide.toml": '[elements]\nBEG02 = { codes = ["RO"] }\n',
    "855.out.guide.toml": '[elements]\nBAK02 = { codes = ["AC"] }\n',
}


def guides(tmp_path: Path, files: dict[str, str]) -> Guides:
    folder = tmp_path / "mappings/partners/acme"
    folder.mkdir(parents=True)
    for name, content in {"partner.toml": "", **files}.items():
        (folder / name).write_text(content, "utf-8")
    return Guides(DataShelf(tmp_path))


def codes(of: Definition | None, id: str = "BEG") -> set[str]:
    assert of
    return set(next(place.segment.elements[1].codes or () for place in of.places if place.segment.id == id))


@pytest.mark.parametrize(("version", "direction", "code", "must"), [
    ("004010", "out", "SA", True), ("005010", "out", "NE", False), ("004010VICS", "in", "DS", True),
    ("005010", "in", "RO", False), ("004010", "", "DS", True),
])
def test_files_are_laid_over_each_other_by_version_then_direction(
    tmp_path: Path, version: str, direction: Direction, code: str, must: bool
) -> None:
    of = guides(tmp_path, FILES).definition("850", version, "acme", direction)
    assert codes(of) == {code}
    assert of
    needs = {place.segment.id: place.need for place in of.places if not place.loop.path}
    assert needs["CUR"] == ("M" if must else "O")


def test_a_guide_of_one_direction_leaves_the_other_to_the_standard(tmp_path: Path) -> None:
    found = guides(tmp_path, FILES)
    assert codes(found.definition("855", "004010", "acme", "out"), "BAK") == {"AC"}
    assert codes(found.definition("855", "004010", "acme", ""), "BAK") == {"AC"}
    assert codes(found.definition("855", "004010", "acme", "in"), "BAK") != {"AC"}
    assert (found.guided("acme"), found.ways("850", "acme")) == (("850", "855"), ("in", "out"))
    assert found.releases("850", "acme") == ("004010", "005010")


def test_every_file_is_checked_in_each_version_that_it_may_hold_for(tmp_path: Path) -> None:
    files = {"850.guide.toml": '[segments]\n"LX" = { use = "must" }\n', "850.005010.in.guide.toml": ""}
    with pytest.raises(GatewayError, match=r"partner-wrong|850\.guide\.toml: LX: set 850 has no LX"):
        guides(tmp_path, files).check("acme")


@pytest.mark.parametrize("name", ["850.up.guide.toml", "850.5010.guide.toml", "999.guide.toml", "850.guide.in.toml"])
def test_a_guide_that_never_would_be_read_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(GatewayError, match="no such file"):
        guides(tmp_path, {name: '[elements]\nBEG02 = { codes = ["SA"] }\n'}).check("acme")


def test_whose_ids_stand_first_tells_the_direction(tmp_path: Path) -> None:
    ids = ("ZZ:ACME", "ZZ:US", "ACME", "US")
    told: list[tuple[str, list[str]]] = []
    for agreed in ({ids: {"both": "acme"}}, {(*ids[1::-1], *ids[:1:-1]): {"both": "acme"}}, {}):
        rules = Rules(guides(tmp_path / str(len(told)), FILES), agreed)
        body = [isa(), "GS*PO*ACME*US*20260302*1200*1*X*004010", "ST*850*0001", "BEG*00*SA*1**20260302", "CUR*BY*USD",
                "PO1*1", "CTT*1", "SE*6*0001", "GE*1*1", "IEA*1*000000001"]
        for interchange in rules.read(envelope.read([text(body)])):
            for group in interchange:
                told.append((group.direction, [verdict.outcome for _, verdict in group]))
    assert told == [("in", ["rejected"]), ("out", ["accepted"]), ("", ["accepted"])]


def test_a_set_may_go_out_in_a_version_of_its_own(tmp_path: Path) -> None:
    found = guides(tmp_path, {"partner.toml": '[versions]\n856 = "005010VICS"\n'}).partner("acme")
    assert (found.version_of("856"), found.version_of("855")) == ("005010VICS", "004010")
    assert (found.marks_in("005010").repetition, found.marks_in("004010").repetition) == ("^", None)


def test_a_map_may_have_rows_for_one_version(tmp_path: Path) -> None:
    files = {"855.005010.map.toml": '[fields.lines]\nleave_out = ["price", "price_basis"]\n'}
    found = guides(tmp_path, files)
    found.check("acme")
    plain, newer = (found.map("855", version, "acme") for version in ("004010", "005010"))
    assert plain
    assert newer
    assert plain.record != newer.record
