"""A partner's rows laid over ours; which map is found; and the files that come with the gateway."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from edi_gateway import mapping
from edi_gateway.issues import GatewayError
from edi_gateway.mapping import Map
from edi_gateway.model.order import Order
from edi_gateway.store.shelf import DataShelf
from edi_gateway.x12 import spec
from edi_gateway.x12.guide import parse
from edi_gateway.x12.narrowing import narrow
from tests.mapping.trees import GUIDES, SEPARATORS, SHELF, definition, text, tree

ORDER = definition("850")
BODY = "BEG*00*NE*PO-77**20260302~CUR*BY*USD~REF*CO*C-9~PO1*1*2*EA***SK*MUG-1~"
VERSIONS = ("004010", "005010")
TEMPLATE = "mappings/partners/_template"


@dataclass
class Laid:
    """The shelf with a few files laid over it."""

    files: Mapping[str, Mapping[str, Any]]

    def rows(self, path: str) -> Mapping[str, Any] | None:
        return self.files[path] if path in self.files else SHELF.rows(path)

    def names(self, folder: str) -> tuple[str, ...]:
        own = [path.removeprefix(f"{folder}/") for path in self.files if path.startswith(f"{folder}/")]
        return tuple(sorted({*SHELF.names(folder), *(name for name in own if "/" not in name)}))


def acme(rows: Mapping[str, Any], name: str = "850.map.toml") -> Map:
    found = mapping.load(Laid({f"mappings/partners/acme/{name}": rows}).rows, "850", "004010", "acme")
    assert found
    return found


def read(by: Map) -> Order:
    noun, _ = mapping.to_canonical(tree(ORDER, BODY), by)
    assert isinstance(noun, Order)
    return noun


def written(by: Map) -> list[str]:
    tree_, findings = mapping.from_canonical(read(by), by, ORDER, SEPARATORS)
    assert findings == ()
    assert tree_
    return text(tree_).splitlines()


def test_a_path_alone_moves_a_field_and_keeps_the_rest_of_its_row() -> None:
    by = acme({"fields": {"purpose": "BEG07", "type": "REF[CO]02", "contract": "REF[CO]02"}})
    noun, _ = mapping.to_canonical(tree(ORDER, "BEG*00*NE*PO-77**20260302**01~REF*CO*SA~PO1*1~"), by)
    assert isinstance(noun, Order)
    assert (noun.purpose, noun.type, noun.contract) == ("cancel", "stand_alone", "SA")


def test_a_code_gets_another_word_for_one_partner_in_one_set_or_in_all() -> None:
    assert read(acme({})).lines[0].product_ids[0].kind == "sku"
    assert read(acme({"codes": {"product_id": {"SK": "shelf"}}})).lines[0].product_ids[0].kind == "shelf"
    assert read(acme({"product_id": {"SK": "shelf"}}, "codes.toml")).lines[0].product_ids[0].kind == "shelf"


def test_a_constant_gets_another_text_and_others_are_added() -> None:
    rows = {"fields": {"currency": {"with": {"CUR01": "SE"}}}, "always": {"REF[ZZ]02": "EDI"}}
    assert written(acme(rows)) == [
        "BEG*00*NE*PO-77**20260302", "CUR*SE*USD", "REF*CO*C-9", "REF*ZZ*EDI", "PO1*1*2*EA***SK*MUG-1", "CTT*1",
    ]


def test_a_row_is_taken_away_by_false() -> None:
    assert read(acme({"fields": {"currency": False}})).currency is None


def test_a_word_of_a_row_and_a_constant_are_taken_away_by_false() -> None:
    fields = {"currency": {"at": "BEG06", "with": False}, "contract": False}
    by = acme({"fields": fields, "always": {"CTT01": False}})
    tree_, _ = mapping.from_canonical(read(acme({})), by, ORDER, SEPARATORS)
    assert tree_
    assert text(tree_).splitlines() == ["BEG*00*NE*PO-77**20260302*USD", "REF*CO*C-9", "PO1*1*2*EA***SK*MUG-1"]


def test_what_is_left_out_is_read_and_not_told() -> None:
    by = acme({"fields": {"leave_out": ["currency"]}})
    assert read(by).currency == "USD"
    assert written(by)[1] == "REF*CO*C-9"


def test_other_partners_do_not_notice() -> None:
    rows = Laid({"mappings/partners/acme/850.map.toml": {"fields": {"currency": False}}}).rows
    other = mapping.load(rows, "850", "004010", "other")
    plain = mapping.load(rows, "850", "004010", "")
    assert other
    assert plain
    assert read(other).currency == read(plain).currency == "USD"


def test_a_row_at_fault_is_told_by_the_file_it_stands_in() -> None:
    with pytest.raises(GatewayError, match=r"mappings/partners/acme/850.map.toml, row fields.number: 'BEG99'"):
        acme({"fields": {"number": "BEG99"}})
    with pytest.raises(GatewayError, match=r"mappings/partners/acme/codes.toml, row codes.purpose"):
        acme({"purpose": {"00": "Original"}}, "codes.toml")


@pytest.mark.parametrize("set_id", ["999", "codes", "../850", "", "partners/_template/850.map"])
def test_a_set_without_a_map_has_none(set_id: str) -> None:
    assert mapping.load(SHELF.rows, set_id, "004010", "") is None


def test_a_set_of_a_partners_own_needs_no_map_of_ours() -> None:
    rows = {**(SHELF.rows("mappings/850.toml") or {}), "set": "875"}
    found = mapping.load(Laid({"mappings/partners/acme/875.map.toml": rows}).rows, "875", "004010", "acme")
    assert found
    assert found.set == "875"


@pytest.mark.parametrize(("noun", "set_id"), [("order", "850"), ("order_response", "855"), ("acknowledgment", "997")])
def test_a_noun_goes_out_in_the_set_whose_map_names_it(noun: str, set_id: str) -> None:
    assert mapping.sets_for(SHELF, noun, "") == mapping.sets_for(SHELF, noun, "acme") == set_id


def test_where_several_sets_say_a_noun_the_partner_file_chooses() -> None:
    files: dict[str, Mapping[str, Any]] = {"mappings/875.toml": {"set": "875", "noun": "order"}}
    with pytest.raises(GatewayError, match=r"order is in the maps of several sets \(850, 875\)"):
        mapping.sets_for(Laid(files), "order", "acme")
    files["mappings/partners/acme/partner.toml"] = {"sets": {"order": "875"}}
    assert mapping.sets_for(Laid(files), "order", "acme") == "875"


def test_a_noun_that_no_set_says_is_refused() -> None:
    with pytest.raises(GatewayError, match="nonsense is in no map"):
        mapping.sets_for(SHELF, "nonsense", "")


def test_every_map_and_partner_file_that_comes_with_the_gateway_can_be_used() -> None:
    for partner in ("", *SHELF.names("mappings/partners")):
        for name in SHELF.names("mappings"):
            set_id = name.removesuffix(".toml")
            for version in VERSIONS if set_id.isdigit() else ():
                assert GUIDES.map(set_id, version, partner)


def test_the_template_as_it_stands_changes_nothing() -> None:
    plain, template = mapping.load(SHELF.rows, "850", "004010"), mapping.load(SHELF.rows, "850", "004010", "_template")
    assert plain
    assert template
    assert template.record == plain.record
    assert _narrowed(SHELF.rows(f"{TEMPLATE}/850.guide.toml") or {}) == spec.load(SHELF.rows, "850", "004010")


def test_every_example_of_the_template_works(root: Path) -> None:
    names = [name for name in SHELF.names(TEMPLATE) if name.endswith(".toml")]
    files = {f"{TEMPLATE}/{name}": _with_examples(root / TEMPLATE / name) for name in names}
    found = mapping.load(Laid(files).rows, "850", "004010", "_template")
    assert found
    assert (found.record.leave_out, found.tables["product_id"].write("vendor_item")) == (("shipping_method",), "SK")
    narrowed = _narrowed(files[f"{TEMPLATE}/850.guide.toml"])
    assert (len(narrowed.counted), len(narrowed.rules)) == (3, 1)
    assert files[f"{TEMPLATE}/partner.toml"]["reference"]["850"] == "REF[IA]02"


def test_the_map_in_the_readme_works(root: Path) -> None:
    block = re.search(r"```toml\n(.*?)```", (root / "mappings/README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert block
    found = mapping.load(Laid({"mappings/850.toml": tomllib.loads(block[1])}).rows, "850", "004010")
    assert found
    noun, findings = mapping.to_canonical(
        tree(ORDER, "BEG*00*NE*PO-77**20260302~REF*RE*R1~REF*CT***ZZ>C-9~TD5**2*ABCD~N9*L1*x*y~MSG*z~PO1*1*2~"), found
    )
    assert isinstance(noun, Order)
    assert (noun.release, noun.contract, noun.shipping_method, noun.notes) == ("R1", "C-9", "ABCD", ("y", "z"))
    assert findings == ()


def test_a_shelf_of_files_serves_as_it_is() -> None:
    assert mapping.sets_for(DataShelf(), "order", "") == "850"


def _narrowed(rows: Mapping[str, Any]) -> spec.Definition:
    standard = spec.load(SHELF.rows, "850", "004010")
    assert standard
    return narrow(SHELF.rows, standard, parse("850.guide.toml", rows))


def _with_examples(file: Path) -> Mapping[str, Any]:
    lines = file.read_text(encoding="utf-8").splitlines()
    examples = {line.removeprefix("# ").split(" =")[0] for line in lines if _example(line)}
    kept = [line for line in lines if line.split(" =")[0] not in examples]
    return tomllib.loads("\n".join(line.removeprefix("# ") if _example(line) else line for line in kept))


def _example(line: str) -> bool:
    return re.match(r'# ("[^"]+"|\w+) = ', line) is not None
