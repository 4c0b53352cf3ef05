"""One map for every version of a set, both ways; what a version says otherwise is a file of its own."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi_gateway import mapping
from edi_gateway.issues import GatewayError
from edi_gateway.mapping import from_canonical, to_canonical
from edi_gateway.model import Noun
from edi_gateway.model.acknowledgment import Acknowledgment, ElementFault, SegmentFault, SetAnswer
from edi_gateway.model.order import Order, OrderLine
from edi_gateway.x12.tokens import Separators
from tests.mapping.test_overlays import Laid
from tests.mapping.test_round_trip import acknowledgments, orders, responses
from tests.mapping.trees import SHELF, definition, mapped, text, tree
from tests.sets.test_810 import invoices
from tests.sets.test_846 import reports
from tests.sets.test_856 import shipments

VERSIONS = ("004010", "005010")
SETS: dict[str, st.SearchStrategy[Noun]] = {
    "850": orders, "855": responses, "997": acknowledgments, "810": invoices, "846": reports,
    "856": shipments("SOPI"),
}
MAPS = {(set_id, version): mapped(set_id, version=version) for set_id in SETS for version in VERSIONS}
DEFINITIONS = {(set_id, version): definition(set_id, version) for set_id, version in MAPS}
SEPARATORS = Separators(repetition="\x1d")


def read(set_id: str, version: str, body: str) -> Noun:
    noun, findings = to_canonical(tree(DEFINITIONS[set_id, version], body), MAPS[set_id, version])
    assert findings == ()
    assert noun
    return noun


def written(noun: Noun, set_id: str, version: str) -> list[str]:
    found, findings = from_canonical(noun, MAPS[set_id, version], DEFINITIONS[set_id, version], SEPARATORS)
    assert findings == ()
    assert found
    assert found.definition.version == version
    assert to_canonical(found, MAPS[set_id, version])[0] == noun
    return text(found).splitlines()


@pytest.mark.parametrize("set_id", SETS)
@settings(max_examples=40)
@given(data=st.data())
def test_a_noun_is_read_as_it_was_written_whatever_the_version(set_id: str, data: st.DataObject) -> None:
    noun = data.draw(SETS[set_id])
    back = []
    for version in VERSIONS:
        by, found = MAPS[set_id, version], DEFINITIONS[set_id, version]
        told, findings = from_canonical(noun, by, found, SEPARATORS)
        assert told is not None, findings
        back.append(to_canonical(told, by)[0])
    assert back[0] == back[1]
    assert back[0] == noun or set_id == "856"


NOTED = Order(
    purpose="original", type="new_order", number="PO-77", date=dt.date(2026, 3, 2), notes=("Gift", "Ring twice"),
    lines=(OrderLine(number="1", quantity=Decimal(2), notes=("Red",)),),
)


def test_the_notes_of_an_order_stand_in_mtx_from_005010_on() -> None:
    head, tail = ["BEG*00*NE*PO-77**20260302", "N9*L1*NOTES"], ["PO1*1*2"]
    assert written(NOTED, "850", "004010") == [*head, "MSG*Gift", "MSG*Ring twice", *tail, "MSG*Red", "CTT*1"]
    assert written(NOTED, "850", "005010") == [*head, "MTX**Gift", "MTX**Ring twice", *tail, "MTX**Red", "CTT*1"]


def test_both_texts_of_an_mtx_are_read() -> None:
    body = "BEG*00*NE*PO-77**20260302~N9*ZZ*1*a~MTX**b*c~PO1*1*2~MTX*GEN*d~N9*ZZ*2~MTX**e~"
    noun = read("850", "005010", body)
    assert isinstance(noun, Order)
    assert (noun.notes, noun.lines[0].notes) == (("a", "b", "c"), ("d", "e"))


def test_an_acknowledgment_says_more_from_005010_on() -> None:
    fault = SegmentFault(segment="DMG", position=4, code="8", elements=(
        ElementFault(position=5, component=1, repetition=2, reference="1109", code="7", value="X"),
    ))
    noun = Acknowledgment(
        group_code="PR", group_control="12", group_version="005010", verdict="rejected",
        included=1, received=1, accepted=0, sets=(
            SetAnswer(set="855", control="0001", implementation="ACME855", verdict="rejected", faults=(fault,)),
        ),
    )
    body = [
        "AK1*PR*12*005010", "AK2*855*0001*ACME855", "AK3*DMG*4**8", "AK4*5>1>2*1109*7*X", "AK5*R", "AK9*R*1*1*0",
    ]
    assert written(noun, "997", "005010") == body
    assert read("997", "005010", "~".join(body)) == noun
    told, findings = from_canonical(noun, MAPS["997", "004010"], DEFINITIONS["997", "004010"], SEPARATORS)
    assert told is None
    assert {found.kind for found in findings} == {"mapping.no-row"}


def test_the_rows_of_a_version_hold_in_this_version_only_and_below_those_of_a_partner() -> None:
    newer = SHELF.rows("mappings/850.005010.toml")
    assert newer
    rows = Laid({
        "mappings/850.005010.toml": {"fields": {**newer["fields"], "contract": "BEG07"}},
        "mappings/partners/acme/850.map.toml": {"fields": {"contract": "BEG08"}},
    }).rows

    def contract(version: str, partner: str) -> tuple[str, ...]:
        found = mapping.load(rows, "850", version, partner)
        assert found
        return next(row.at for row in found.record.rows if row.key == "contract")  # type: ignore[union-attr]

    assert contract("004010", "") == ("BEG06",)
    assert contract("005010", "") == contract("005010VICS", "") == ("BEG07",)
    assert contract("005010", "acme") == ("BEG08",)


def test_a_row_of_a_version_at_fault_is_told_by_its_file() -> None:
    rows = Laid({"mappings/850.005010.toml": {"fields": {"notes": "N9/MSG01"}}}).rows
    with pytest.raises(GatewayError, match=r"mappings/850\.005010\.toml, row fields\.notes: 'N9/MSG01'"):
        mapping.load(rows, "850", "005010")


@pytest.mark.parametrize("version", ["", "../850", "004010/x"])
def test_a_version_that_is_no_number_names_no_file(version: str) -> None:
    assert mapping.load(SHELF.rows, "850", version)
