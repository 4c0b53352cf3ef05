"""From nouns to trees: what is written, and what cannot be said."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from edi_gateway.issues import Finding
from edi_gateway.mapping import from_canonical
from edi_gateway.model import Noun
from edi_gateway.model._parts import Contact, ContactWay, DatedEvent, Party, ProductId, Reference
from edi_gateway.model.acknowledgment import Acknowledgment, ElementFault, SegmentFault, SetAnswer
from edi_gateway.model.order import Order, OrderLine
from edi_gateway.model.order_response import LineAnswer, OrderResponse, ResponseLine
from edi_gateway.x12 import spec
from edi_gateway.x12.guide import parse
from edi_gateway.x12.narrowing import narrow
from edi_gateway.x12.tokens import Separators
from tests.mapping.trees import SEPARATORS, SHELF, definition, mapped, text

DEFINITIONS = {set_id: definition(set_id) for set_id in ("850", "855", "997")}
MAPS = {set_id: mapped(set_id) for set_id in DEFINITIONS}
MUG = OrderLine(number="1", quantity=Decimal(2), unit="EA", product_ids=(ProductId(kind="upc", value="000000000017"),))


def order(**changes: Any) -> Order:
    first = Order(purpose="original", type="new_order", number="PO-77", date=dt.date(2026, 3, 2), lines=(MUG,))
    return first.model_copy(update=changes)


def written(noun: Noun, set_id: str) -> list[str]:
    tree, findings = from_canonical(noun, MAPS[set_id], DEFINITIONS[set_id], SEPARATORS)
    assert findings == ()
    assert tree
    return text(tree).splitlines()


def refused(noun: Noun, set_id: str = "850", separators: Separators = SEPARATORS) -> tuple[Finding, ...]:
    tree, findings = from_canonical(noun, MAPS[set_id], DEFINITIONS[set_id], separators)
    assert tree is None
    assert all(found.severity == "error" for found in findings)
    return findings


def test_an_order_is_written_in_the_order_of_the_grammar() -> None:
    noun = order(
        currency="USD", shipping_method="Ground", notes=("Gift", "Ring twice"),
        references=(Reference(kind="vendor_number", value="V-7"),),
        dates=(DatedEvent(kind="ship_by", date=dt.date(2026, 3, 10), time=dt.time(14, 30)),),
        contacts=(Contact(role="buyer", ways=(ContactWay(kind="phone", value="5550100"),)),),
        parties=(
            Party(role="ship_to", name="Pat Example", address=("1 Sample Street", "Unit 2", "Yard"), city="Oslo"),
            Party(role="bill_to", id_kind="buyer_assigned", id="0042", references=(Reference(kind="ZA", value="x"),)),
        ),
        lines=(MUG.model_copy(update={"price": Decimal("9.50"), "title": "Red mug", "notes": ("Red",)}), MUG),
    )
    assert written(noun, "850") == [
        "BEG*00*NE*PO-77**20260302", "CUR*BY*USD", "REF*IA*V-7", "PER*BD**TE*5550100", "DTM*038*20260310*1430",
        "TD5*****Ground", "N9*L1*NOTES", "MSG*Gift", "MSG*Ring twice",
        "N1*ST*Pat Example", "N3*1 Sample Street*Unit 2", "N3*Yard", "N4*Oslo",
        "N1*BT**92*0042", "REF*ZA*x",
        "PO1*1*2*EA*9.50**UP*000000000017", "PID*F****Red mug", "MSG*Red",
        "PO1*1*2*EA***UP*000000000017", "CTT*2",
    ]


def test_a_response_repeats_the_line_and_answers_it() -> None:
    line = ResponseLine(
        number="0001", quantity=Decimal(2), unit="EA", price=Decimal("9.50"), price_basis="PE",
        product_ids=MUG.product_ids,
        answers=(
            LineAnswer(decision="accepted", quantity=Decimal(1), unit="EA"),
            LineAnswer(
                decision="backordered", quantity=Decimal(1), unit="EA",
                date_kind="ship_promised", date=dt.date(2026, 4, 1),
            ),
        ),
    )
    noun = OrderResponse(
        purpose="original", decision="accepted_with_changes", number="PO-77", date=dt.date(2026, 3, 2), release="R1",
        answered=dt.date(2026, 3, 3), references=(Reference(kind="vendor_number", value="V-7"),), lines=(line,),
    )
    assert written(noun, "855") == [
        "BAK*00*AC*PO-77*20260302*R1****20260303", "REF*IA*V-7", "PO1*0001*2*EA*9.50*PE*UP*000000000017",
        "ACK*IA*1*EA", "ACK*IB*1*EA*079*20260401", "CTT*1",
    ]


def test_an_acknowledgment_is_written_with_its_composite() -> None:
    fault = SegmentFault(segment="REF", position=4, code="8", elements=(
        ElementFault(position=4, component=2, code="7", value="X"), ElementFault(position=2, code="1"),
    ))
    noun = Acknowledgment(
        group_code="PR", group_control="12", verdict="rejected", included=1, received=1, accepted=0,
        sets=(SetAnswer(set="855", control="0001", verdict="rejected", codes=("5",), faults=(fault,)),),
    )
    assert written(noun, "997") == [
        "AK1*PR*12", "AK2*855*0001", "AK3*REF*4**8", "AK4*4>2**7*X", "AK4*2**1", "AK5*R*5", "AK9*R*1*1*0",
    ]


def test_the_tree_is_whole_with_its_first_and_last_segment() -> None:
    tree, _ = from_canonical(order(), MAPS["850"], DEFINITIONS["850"], SEPARATORS)
    assert tree
    assert (tree.segments[0], tree.segments[-1]) == (["ST", "850", "0001"], ["SE", "5", "0001"])
    assert [tree.definition.places[place].segment.id for place in tree.places] == [row[0] for row in tree.segments]


@pytest.mark.parametrize(("number", "said"), [
    ("1.50", "1.50"), ("1E+3", "1000"), ("5E-3", "0.005"), ("-0", "0"), ("-1.0", "-1.0"), ("0.50", "0.50"),
    ("123456789012345", "123456789012345"), ("1.00000000000000000000", "1"), ("0.123456789012345", ".123456789012345"),
    ("-12345678901234.5", "-12345678901234.5"),
])
def test_a_number_is_written_without_exponent_in_the_digits_it_has(number: str, said: str) -> None:
    line = MUG.model_copy(update={"quantity": Decimal(number)})
    assert written(order(lines=(line,)), "850")[1].split("*")[2] == said


@pytest.mark.parametrize("number", [
    "1234567890123456", "0.1234567890123456", "1E+16", "1E-16", "1E+30", "NaN", "Infinity",
])
def test_a_number_that_its_element_cannot_hold_is_refused(number: str) -> None:
    line = MUG.model_copy(update={"quantity": Decimal(number)})
    (found,) = refused(order(lines=(line,)))
    assert (found.kind, found.segment, found.element) == ("mapping.does-not-fit", "PO1", 2)
    assert "lines[0].quantity" in found.note


@pytest.mark.parametrize(("changes", "kind", "segment", "element"), [
    ({"number": "x" * 23}, "mapping.does-not-fit", "BEG", 3),
    ({"currency": "US"}, "mapping.does-not-fit", "CUR", 2),
    ({"number": " "}, "mapping.does-not-fit", "BEG", 3),
    ({"purpose": "forgotten"}, "mapping.word-unknown", "BEG", 1),
    ({"purpose": "Original"}, "mapping.word-unknown", "BEG", 1),
    ({"purpose": "00"}, "mapping.code-has-word", "BEG", 1),
    ({"number": "PO*77"}, "mapping.holds-separator", "BEG", 3),
    ({"number": "PO~77"}, "mapping.holds-separator", "BEG", 3),
    ({"number": "PO>77"}, "mapping.holds-separator", "BEG", 3),
    ({"number": "PO\n77"}, "mapping.holds-separator", "BEG", 3),
    ({"parties": (Party(role="somebody"),)}, "mapping.word-unknown", "N1", 1),
    ({"parties": (Party(role="ship_to", state="Illinois"),)}, "mapping.does-not-fit", "N4", 2),
    ({"dates": (DatedEvent(kind="ship_by", date=dt.date(2026, 3, 2), time=dt.time(1, tzinfo=dt.UTC)),)},
     "mapping.does-not-fit", "DTM", 3),
    ({"dates": (DatedEvent(kind="ship_by", date=dt.date(2026, 3, 2), time=dt.time(1, microsecond=1)),)},
     "mapping.does-not-fit", "DTM", 3),
    ({"lines": (MUG.model_copy(update={"product_ids": MUG.product_ids * 11}),)}, "mapping.too-many", "PO1", 6),
    ({"lines": (MUG.model_copy(update={"product_ids": (ProductId(kind="barcode", value="1"),)}),)},
     "mapping.word-unknown", "PO1", 6),
    ({"contacts": (Contact(role="buyer"),) * 4}, "mapping.too-many", "PER", None),
    ({"parties": (Party(role="ship_to", address=("a",) * 5),)}, "mapping.too-many", "N3", None),
    ({"parties": (Party(role="ship_to"),) * 201}, "mapping.too-many", "N1", None),
    ({"lines": (OrderLine(),)}, "mapping.element-missing", "PO1", None),
    ({"lines": ()}, "mapping.not-said", None, None),
])
def test_what_cannot_be_said_is_a_finding_and_nothing_is_written(
    changes: dict[str, Any], kind: str, segment: str | None, element: int | None
) -> None:
    (found,) = refused(order(**changes))
    assert (found.kind, found.segment, found.element) == (kind, segment, element)


def test_a_code_outside_the_list_of_the_standard_can_be_repeated_to_who_uses_it() -> None:
    line = MUG.model_copy(update={"unit": "Q9"})
    assert written(order(lines=(line,)), "850")[1] == "PO1*1*2*Q9***UP*000000000017"


def test_a_code_outside_the_list_of_the_partner_is_refused() -> None:
    standard = spec.load(SHELF.rows, "850", "004010")
    assert standard
    narrowed = narrow(SHELF.rows, standard, parse("850.guide.toml", {"elements": {"PO103": {"codes": ["EA"]}}}))
    line = MUG.model_copy(update={"unit": "CA"})
    _, (found,) = from_canonical(order(lines=(line,)), MAPS["850"], narrowed, SEPARATORS)
    assert (found.kind, found.segment, found.element, found.value) == ("mapping.does-not-fit", "PO1", 3, "CA")
    assert "takes EA" in found.note


def test_a_noun_that_the_set_does_not_say_is_refused() -> None:
    tree, (found,) = from_canonical(order(), MAPS["855"], DEFINITIONS["855"], SEPARATORS)
    assert tree is None
    assert (found.kind, found.note) == ("mapping.no-row", "set 855 says OrderResponse, and not Order")


def test_every_fault_is_told_at_once() -> None:
    found = refused(order(number="x" * 23, purpose="forgotten", currency="US"))
    assert sorted(one.element or 0 for one in found) == [1, 2, 3]


def test_other_separators_leave_other_texts_to_be_said() -> None:
    noun = order(number="PO*77")
    tree, findings = from_canonical(noun, MAPS["850"], DEFINITIONS["850"], Separators("|", "^", "!"))
    assert tree
    assert findings == ()
    (found,) = refused(order(number="PO|77"), "850", Separators("|", "^", "!"))
    assert found.kind == "mapping.holds-separator"


def test_a_long_list_of_notes_is_split_over_segments_and_not_over_loops() -> None:
    assert written(order(notes=("a", "b", "c")), "850")[1:5] == ["N9*L1*NOTES", "MSG*a", "MSG*b", "MSG*c"]
