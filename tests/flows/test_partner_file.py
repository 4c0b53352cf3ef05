"""How a partner speaks."""

import re
import tomllib
from pathlib import Path

import pytest

from edi_gateway.flows.guides import Guides
from edi_gateway.flows.partner_file import parse
from edi_gateway.issues import GatewayError
from edi_gateway.ledger.wanted import INVOICE, SHIPMENT
from edi_gateway.mapping.reading import reference_spot
from edi_gateway.store.shelf import DataShelf


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ({"separator": {}}, "separator: "),
        ({"separators": {"element": "**"}}, "separators.element: "),
        ({"separators": {"element": "A"}}, "separators.element: "),
        ({"envelope": {"group_control_digits": "9"}}, "envelope.group_control_digits: "),
        ({"envelope": {"set_control_digits": 10}}, "envelope.set_control_digits: "),
        ({"envelope": {"version": "4010"}}, "envelope.version: "),
        ({"verdicts": {"x12.code-unknow": "R"}}, "verdicts.x12.code-unknow"),
        ({"verdicts": {"x12.code-unknown": "A"}}, "verdicts.x12.code-unknown"),
        ({"text": {"characters": "latin"}}, "text.characters: "),
        ({"text": {"unfit": "drop"}}, "text.unfit: "),
        ({"text": {"replacement": "~"}}, "text.replacement: "),
        ({"text": {"replacement": "??"}}, "text.replacement: "),
        ({"text": {"upper_case": "yes"}}, "text.upper_case: "),
        ({"text": {"free": ["name"]}}, "text.free"),
        ({"text": {"letters": {"ae": "ä"}}}, "text.letters.ae"),
        ({"text": {"letter": {}}}, "text.letter: "),
        ({"structure": {"856": "sopi"}}, "structure.856: "),
        ({"structure": {"856": ["SOPI"]}}, "structure.856: "),
        ({"shipment": {"terms": True}}, "shipment.terms: "),
        ({"shipment": {"packaging": "carton"}}, "shipment.packaging: "),
        ({"invoice": {"references": "department"}}, "invoice.references: "),
        ({"invoice": {"shipped": "yes"}}, "invoice.shipped: "),
        ({"invoice": {"ours": {"remit_to": {"role": "payer"}}}}, "invoice.ours.remit_to.role: "),
        ({"files": {"name": "{sets}.x12"}}, "files.name: sets is none of icn, set, SetName, company"),
        ({"files": {"name": "{icn"}}, "files.name: "),
        ({"files": {"name": "../{icn}.x12"}}, "files.name: "),
        ({"files": {"name": "out.x12"}}, "files.name: without {icn} two files would have one name"),
    ],
    ids=str,
)
def test_a_row_that_cannot_be_right_is_refused_with_its_name(rows: dict[str, object], row: str) -> None:
    with pytest.raises(GatewayError) as raised:
        parse("mappings/partners/acme/partner.toml", rows)
    assert raised.value.kind.code == "mapping.partner-wrong"
    assert raised.value.note.startswith(f"mappings/partners/acme/partner.toml: {row}")


def test_every_partner_that_comes_with_the_gateway_can_be_used(shelf: DataShelf) -> None:
    guides = Guides(shelf)
    for partner in ("", *shelf.names("mappings/partners")):
        guides.check(partner)


def test_rows_of_text_are_laid_over_those_that_hold_for_every_partner(tmp_path: Path) -> None:
    folder = tmp_path / "mappings/partners/acme"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text('[text]\nunfit = "cut"\n[text.letters]\n"ä" = "ae"\n', encoding="utf-8")
    guides = Guides(DataShelf(tmp_path))
    plain, acme = guides.partner("").texts, guides.partner("acme").texts
    assert (plain.characters, plain.unfit, acme.characters, acme.unfit) == ("extended", "refuse", "extended", "cut")
    assert plain.free == acme.free > {"93", "352"}
    assert acme.letters == {**plain.letters, "ä": "ae"}


def test_a_faulty_row_for_every_partner_is_refused_with_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings/texts.toml").write_text("free = [93]\n", encoding="utf-8")
    with pytest.raises(GatewayError, match=r"mappings/texts\.toml: text\.free"):
        Guides(DataShelf(tmp_path)).partner("")


def with_partner(folder: Path, rows: str) -> Guides:
    """The guides of a folder in which acme has a partner file with those rows."""
    place = folder / "mappings/partners/acme"
    place.mkdir(parents=True)
    (place / "partner.toml").write_text(rows, encoding="utf-8")
    return Guides(DataShelf(folder))


def test_a_structure_that_no_map_knows_is_found_when_the_partner_is_checked(tmp_path: Path) -> None:
    guides = with_partner(tmp_path, '[structure]\n850 = "HOI"\n')
    with pytest.raises(GatewayError, match=r"partner\.toml: structure\.850: 'HOI' is none of those mapped: none"):
        guides.check("acme")


@pytest.mark.parametrize("version", ["004010", "005010"])
def test_every_place_that_the_template_names_for_our_number_is_one(root: Path, shelf: DataShelf, version: str) -> None:
    text = (root / "mappings/partners/_template/partner.toml").read_text(encoding="utf-8")
    told = re.search(r"^\[reference\]\n((?:# .*\n)+)", text, re.MULTILINE)
    assert told
    for set_id, path in tomllib.loads(told[1].replace("# ", "")).items():
        definition = Guides(shelf).definition(set_id, version, "")
        assert definition
        reference_spot(definition, path)


def test_a_place_of_our_number_that_a_set_has_not_is_refused_with_file_and_row(tmp_path: Path) -> None:
    guides = with_partner(tmp_path, '[reference]\n856 = "N1[VN]04"\n')
    with pytest.raises(GatewayError, match=r"acme/partner\.toml: reference\.856: .* names the segment N1, which"):
        guides.check("acme")


def test_the_template_shows_what_documents_tell_beside_as_it_is_without_it(shelf: DataShelf) -> None:
    shown, plain = (Guides(shelf).partner(name) for name in ("_template", ""))
    assert (shown.shipment, shown.invoice) == (plain.shipment, plain.invoice)
    assert (plain.shipment.wanted, plain.invoice.wanted) == (SHIPMENT, INVOICE)


def test_the_template_shows_the_rows_of_text_as_they_are_without_it(shelf: DataShelf) -> None:
    guides = Guides(shelf)
    assert guides.partner("_template").texts == guides.partner("").texts


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("850.guide.toml", '[elements]\nBEG02 = { codes = "NE" }\n', "BEG02: codes is a list"),
        ("850.guide.toml", '[elements]\nBEG99 = { use = "must" }\n', "BEG99: BEG has the elements 01 to 12, not 99"),
        ("850.guide.toml", 'segments = ["REF[IA]"]\n', "segments: it is a table"),
        ("850.guide.toml", 'must = ["REF[IA]"]\n', "must: it is none of page, rules, segments, elements"),
        ("partner.toml", '[reference]\n850 = "REF-IA"\n', "REF-IA"),
        ("partner.toml", '[invoice]\nreferences = ["departement"]\n', "invoice.references: 'departement' has no code"),
        ("partner.toml", '[shipment.ours.shipper]\nname = "A"\n', "shipment.ours.shipper: 'shipper' has no code"),
        ("partner.toml", '[separators]\nelement = "~"\n', "three different characters"),
    ],
)
def test_a_partner_folder_that_cannot_be_used_is_refused_before_an_order_comes(
    tmp_path: Path, name: str, content: str, says: str
) -> None:
    folder = tmp_path / "mappings/partners/acme"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text("", "utf-8")
    (folder / name).write_text(content, "utf-8")
    with pytest.raises(GatewayError) as raised:
        Guides(DataShelf(tmp_path)).check("acme")
    assert says in str(raised.value)
