"""From trees to nouns: what each part of a document says, and what stands in the way."""

import datetime as dt
from decimal import Decimal

import pytest

from edi_gateway.issues import Finding, GatewayError
from edi_gateway.mapping import reference, to_canonical
from edi_gateway.model._parts import ProductId
from edi_gateway.model.acknowledgment import Acknowledgment
from edi_gateway.model.order import Order
from edi_gateway.model.order_response import OrderResponse
from edi_gateway.x12.tokens import Separators
from tests.mapping.trees import definition, mapped, tree

ORDER, RESPONSE, ACKNOWLEDGMENT = definition("850"), definition("855"), definition("997")
HEADING = "BEG*00*NE*PO-77**20260302~"
LINE = "PO1*1*2*EA*9.50**UP*000000000017~"


def order(body: str) -> Order:
    noun, _ = to_canonical(tree(ORDER, body), mapped("850"))
    assert isinstance(noun, Order)
    return noun


def findings(body: str, set_id: str = "850") -> tuple[Finding, ...]:
    return to_canonical(tree(definition(set_id), body), mapped(set_id))[1]


def test_a_dropship_order_says_who_wants_what_and_where_it_goes() -> None:
    noun = order(
        "BEG*00*NE*PO-77*R1*20260302*C9~CUR*BY*USD~TD5*****Ground~"
        "N1*ST*Pat Example~N3*1 Sample Street*Unit 2~N4*Springfield*IL*62701*US~"
        "N1*BT*Hollow Tree Books*92*0042~N4*Shelbyville~"
        "PO1*0001*2*EA*9.50*PE*UP*000000000017*VN*MUG-1~PID*F****Red mug~PO1*0002*1.0*CA~CTT*2~"
    )
    assert (noun.purpose, noun.type, noun.number, noun.release) == ("original", "new_order", "PO-77", "R1")
    assert (noun.date, noun.contract, noun.currency) == (dt.date(2026, 3, 2), "C9", "USD")
    assert noun.shipping_method == "Ground"
    to, bill = noun.parties
    assert (to.role, to.name, to.address) == ("ship_to", "Pat Example", ("1 Sample Street", "Unit 2"))
    assert to.city == "Springfield"
    assert (to.state, to.postal_code, to.country, to.id) == ("IL", "62701", "US", None)
    assert (bill.role, bill.id_kind, bill.id, bill.address) == ("bill_to", "buyer_assigned", "0042", ())
    assert bill.city == "Shelbyville"
    mug, other = noun.lines
    assert (mug.number, mug.quantity, mug.price) == ("0001", Decimal(2), Decimal("9.5"))
    assert (mug.unit, mug.price_basis) == ("EA", "PE")
    assert [(one.kind, one.value) for one in mug.product_ids] == [("upc", "000000000017"), ("vendor_item", "MUG-1")]
    assert (mug.title, other.title, other.product_ids, other.price) == ("Red mug", None, (), None)


def test_the_same_segment_means_what_its_place_says() -> None:
    noun = order(
        f"{HEADING}REF*IA*V-7~REF*DP**Toys~PER*BD*Jo*TE*5550100*EM*jo@example.com~DTM*038*20260310*1430~"
        f"N1*ST~REF*ZZ*at the party~PER*RE*Dock~{LINE}REF*CO*at the line~DTM*002*20260311~"
    )
    assert [(one.kind, one.value, one.description) for one in noun.references] == [
        ("vendor_number", "V-7", None), ("department", None, "Toys"),
    ]
    assert [one.value for one in noun.parties[0].references] == ["at the party"]
    assert [one.value for one in noun.lines[0].references] == ["at the line"]
    assert [(one.role, one.name) for one in noun.parties[0].contacts] == [("receiving", "Dock")]
    assert [(way.kind, way.value) for way in noun.contacts[0].ways] == [
        ("phone", "5550100"), ("email", "jo@example.com"),
    ]
    assert [(one.kind, one.date, one.time) for one in noun.dates] == [
        ("ship_by", dt.date(2026, 3, 10), dt.time(14, 30)),
    ]
    assert [(one.kind, one.time) for one in noun.lines[0].dates] == [("delivery_requested", None)]


def test_notes_are_taken_from_each_place_where_people_put_them() -> None:
    noun = order(f"{HEADING}N9*L1*NOTE*Gift~MSG*Leave at the door~{LINE}MSG*Red, please~N9*ZZ*1~MSG*Or blue~")
    assert noun.notes == ("Gift", "Leave at the door")
    assert noun.lines[0].notes == ("Red, please", "Or blue")


def test_a_code_without_a_word_stands_as_sent_in_upper_case() -> None:
    noun = order(f"BEG*zz*Q9*PO-77**20260302~REF*2u*1~N1*31*Somebody~{LINE}")
    assert (noun.purpose, noun.type) == ("ZZ", "Q9")
    assert (noun.references[0].kind, noun.parties[0].role) == ("2U", "31")


def test_what_is_not_sent_is_none_and_never_an_empty_text() -> None:
    noun = order(f"BEG*00*NE*PO-77**20260302~CUR*BY*   ~{LINE}")
    assert (noun.release, noun.contract, noun.currency, noun.shipping_method) == (None, None, None, None)


def test_a_number_keeps_the_digits_it_was_sent_with() -> None:
    assert [str(line.quantity) for line in order(f"{HEADING}PO1**1.50~PO1**.5~PO1**-03~PO1**7.~").lines] == [
        "1.50", "0.5", "-3", "7",
    ]


def test_segments_that_no_row_names_are_no_fault() -> None:
    body = f"{HEADING}FOB*PP~ITD*01*3~{LINE}PO4*4*4*EA~CTT*1*2~AMT*TT*19~"
    noun, found = to_canonical(tree(ORDER, body), mapped("850"))
    assert noun
    assert found == ()


def test_a_response_answers_a_line_in_parts() -> None:
    noun, found = to_canonical(tree(
        RESPONSE,
        "BAK*00*AC*PO-77*20260302*R1***S-5*20260303~REF*IA*V-7~PO1*0001*5*EA*2.5*PE*UP*000000000017~"
        "ACK*IQ*3*EA*067*20260401~ACK*IS*2*EA****UP*000000000024~PO1*0002~ACK*R2~CTT*2~",
    ), mapped("855"))
    assert isinstance(noun, OrderResponse)
    assert (noun.number, noun.release, noun.seller_number) == ("PO-77", "R1", "S-5")
    assert noun.decision == "accepted_with_changes"
    assert (noun.date, noun.answered) == (dt.date(2026, 3, 2), dt.date(2026, 3, 3))
    first, second = noun.lines[0].answers
    assert (first.decision, first.quantity) == ("quantity_changed", Decimal(3))
    assert (first.date_kind, first.date) == ("delivery_scheduled", dt.date(2026, 4, 1))
    assert (second.decision, second.product_ids) == ("substituted", (ProductId(kind="upc", value="000000000024"),))
    assert [one.decision for one in noun.lines[1].answers] == ["rejected_unknown_product"]
    assert found == ()


@pytest.mark.parametrize(("code", "word"), [
    ("AD", "accepted"), ("AK", "accepted"), ("AT", "accepted"), ("AC", "accepted_with_changes"),
    ("RD", "rejected"), ("RJ", "rejected"), ("ZZ", "ZZ"),
])
def test_each_way_to_accept_or_reject_is_read_as_one_word(code: str, word: str) -> None:
    noun, _ = to_canonical(tree(RESPONSE, f"BAK*00*{code}*PO-77*20260302~"), mapped("855"))
    assert isinstance(noun, OrderResponse)
    assert noun.decision == word


def test_an_acknowledgment_tells_what_could_not_be_read_and_where() -> None:
    noun, _ = to_canonical(tree(
        ACKNOWLEDGMENT,
        "AK1*PR*0012~AK2*855*0001~AK3*REF*4**8~AK4*4>2*128*7*X Y~AK4*2**1~AK3*PO1*6*PO1*3~AK5*R*5*4~"
        "AK2*855*0002~AK5*A~AK9*P*2*2*1*5~",
    ), mapped("997"))
    assert isinstance(noun, Acknowledgment)
    assert (noun.group_code, noun.group_control, noun.verdict) == ("PR", "0012", "partly_accepted")
    assert (noun.included, noun.received, noun.accepted, noun.codes) == (2, 2, 1, ("5",))
    rejected, accepted = noun.sets
    assert (rejected.set, rejected.control, rejected.verdict, rejected.codes) == ("855", "0001", "rejected", ("5", "4"))
    assert (accepted.verdict, accepted.codes, accepted.faults) == ("accepted", (), ())
    elements, missing = rejected.faults
    assert [(one.position, one.component, one.reference, one.code, one.value) for one in elements.elements] == [
        (4, 2, "128", "7", "X Y"), (2, None, None, "1", None),
    ]
    assert (missing.segment, missing.position, missing.loop, missing.code) == ("PO1", 6, "PO1", "3")


def test_components_are_parted_by_the_separator_of_the_document() -> None:
    other = Separators("|", "^", "!")
    noun, _ = to_canonical(
        tree(ACKNOWLEDGMENT, "AK1|PR|1!AK2|855|0001!AK3|REF|4!AK4|4^2||7!AK5|R!AK9|R|1|1|0!", other), mapped("997"),
    )
    assert isinstance(noun, Acknowledgment)
    assert noun.sets[0].faults[0].elements[0].component == 2


def test_what_the_noun_needs_and_does_not_get_is_a_finding_where_it_should_stand() -> None:
    body = f"BEG*00*NE***20260302~REF*IA*1~{LINE}PO1*2~REF**no kind~"
    noun, found = to_canonical(tree(ORDER, body), mapped("850"))
    assert noun is None
    assert [(one.kind, one.segment, one.position, one.element, one.loop) for one in found] == [
        ("mapping.noun-incomplete", "BEG", 2, 3, None),
        ("mapping.noun-incomplete", "REF", 6, 1, "PO1"),
    ]


def test_a_document_without_the_segment_at_all_is_told_by_its_name() -> None:
    noun, found = to_canonical(tree(ORDER, HEADING), mapped("850"))
    assert noun is None
    assert [(one.kind, one.segment, one.position, one.loop) for one in found] == [
        ("mapping.noun-incomplete", "PO1", None, "PO1"),
    ]


@pytest.mark.parametrize(("body", "segment", "position", "element"), [
    (f"BEG*00*NE*PO-77**20260230~{LINE}", "BEG", 2, 5),
    (f"{HEADING}PO1*1*two~", "PO1", 3, 2),
    (f"{HEADING}PO1*1*1E5~", "PO1", 3, 2),
    (f"{HEADING}DTM*002*20260302*2560~{LINE}", "DTM", 3, 3),
])
def test_a_value_of_the_wrong_form_is_one_finding_and_never_an_exception(
    body: str, segment: str, position: int, element: int
) -> None:
    noun, found = to_canonical(tree(ORDER, body), mapped("850"))
    assert noun is None
    assert [(one.kind, one.segment, one.position, one.element) for one in found] == [
        ("mapping.value-unreadable", segment, position, element),
    ]


def test_of_what_is_said_twice_the_first_is_kept_and_told_once() -> None:
    body = HEADING + f"{LINE}PID*F****Red~PID*F****Large~" * 3
    assert [line.title for line in order(body).lines] == ["Red", "Red", "Red"]
    (found,) = findings(body)
    assert (found.kind, found.severity, found.segment, found.position) == ("mapping.said-twice", "warning", "PID", 5)
    assert "2 more" in found.note


def test_the_same_value_twice_is_nothing_to_tell() -> None:
    assert findings(f"{HEADING}{LINE}PID*F****Red~PID*F****Red~") == ()


def test_a_form_that_is_not_taken_is_a_warning_and_the_rest_is_read() -> None:
    body = f"{HEADING}DTM*002****RD8*20260302-20260309~DTM*038*20260310~PO1*1*2*EA*9.50**UP**VN*MUG-1~"
    noun = order(body)
    assert [one.kind for one in noun.dates] == ["ship_by"]
    assert [one.value for one in noun.lines[0].product_ids] == ["MUG-1"]
    assert [(one.kind, one.severity, one.segment) for one in findings(body)] == [
        ("mapping.not-taken", "warning", "DTM"), ("mapping.not-taken", "warning", "PO1"),
    ]


@pytest.mark.parametrize(("path", "found"), [
    ("REF[IA]02", "V-7"), ("REF[IA]/02", "V-7"), ("REF02", "12"), ("REF[VR]02", None), ("BEG03", "PO-77"),
    ("N1[VN]04", "0042"), ("N1[VN]/N402", "IL"), ("N1[VN]/REF[IA]02", "inner"), ("N1[BT]/N402", None),
    ("REF[XX]04-2", "deep"), ("PO1/PO107", "000000000017"),
])
def test_a_reference_is_found_by_its_path(path: str, found: str | None) -> None:
    of = tree(
        ORDER,
        f"{HEADING}REF*DP*12~REF*IA*V-7~REF*IA*second~REF*XX***ZZ>deep~N1*ST**92*0041~N4**CA~"
        f"N1*VN**92*0042~N4**IL~REF*IA*inner~{LINE}",
    )
    assert reference(of, path) == found


@pytest.mark.parametrize("path", [
    "", "REF", "REF[IA]", "XYZ01", "N1[ST]/XYZ01", "BEG99", "REF04", "BEG03-1", "beg03", "QQ/N101",
])
def test_a_reference_path_the_set_cannot_have_is_refused_in_words(path: str) -> None:
    with pytest.raises(GatewayError) as refused:
        reference(tree(ORDER, HEADING + LINE), path)
    assert refused.value.kind.code == "mapping.map-wrong"
    assert repr(path) in refused.value.note
