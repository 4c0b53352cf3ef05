"""The law of the quick way to write: it gives the segments that the careful way gives, or leaves the noun to it."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi_gateway.mapping import Forms, Map, TextRules, body, from_canonical, to_canonical
from edi_gateway.mapping.memo import Unusual
from edi_gateway.mapping.quick_writing import Written, quick_writing
from edi_gateway.mapping.writing import carefully
from edi_gateway.model import Noun
from edi_gateway.model._parts import ProductId
from edi_gateway.model.shipment import Carton, Mark, Pallet, Shipment, ShippedItem, ShippedOrder
from edi_gateway.x12.tokens import Separators
from edi_gateway.x12.write import Heading, Ready, Segments, write
from tests.mapping.test_quick import MAPS, NOUNS, ORDER
from tests.mapping.trees import SEPARATORS, definition, mapped, tree

NUMBERED = definition("850")
PRICES = Forms(places={"212": 2}, leading_zero=False, trailing_zeros=False, time="HHMM")
FREE = TextRules("basic", upper_case=True, unfit="replace", free=frozenset({"93", "352", "166"}))
WAYS = [
    (SEPARATORS, TextRules(), Forms()), (SEPARATORS, TextRules(), PRICES), (SEPARATORS, FREE, Forms()),
    (SEPARATORS, TextRules("ascii", unfit="cut", free=frozenset({"93", "352"})), replace(PRICES, time="HHMMSS")),
    (Separators("|", "\x1f", "\n", "^"), TextRules("extended"), Forms()),
    (Separators("{", "}", '"', "\\"), TextRules(), Forms()), (Separators("\\", "'", "{"), TextRules(), Forms()),
]
HEADING = Heading("ZZ:US", "ZZ:THEM", "US", "THEM", "PO", "004010", 1, 1, dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
VALUES: dict[type, Any] = {
    str: st.sampled_from(["é", "a*b", "a~b", "a>b", "\x07", " x", "x ", " ", "x" * 90, "abc", "CHAIR", "UP", "L1"]),
    Decimal: st.sampled_from([Decimal(text) for text in ("0", "-0.0", "1E+3", "1e-9", "9.500", "-1.50", "0.5", "NaN")]),
    dt.date: st.dates(), dt.time: st.times(), int: st.integers(-5, 10**12),
}


def quick(by: Map, ways: tuple[Separators, TextRules, Forms] = WAYS[0]) -> Written | None:
    return quick_writing(by.plan(definition(by.set)), *ways)


def sent(segments: Segments | Ready, separators: Separators) -> bytes:
    return write(HEADING, [("850", "0001", segments)], separators)


def both(noun: Noun, by: Map, ways: tuple[Separators, TextRules, Forms], writer: Written | None) -> bool:
    """Holds the law for one noun; whether it went the quick way."""
    said, findings = carefully(noun, by, definition(by.set), *ways)
    assert from_canonical(noun, by, definition(by.set), *ways) == (said, findings)
    ready, remarks = body(noun, by, definition(by.set), *ways)
    assert remarks == findings
    assert (ready and sent(ready, ways[0])) == (said and sent(said.segments[1:-1], ways[0]))
    if writer is None:
        return False
    try:
        text, places = writer.lay(noun)
    except (Unusual, TypeError, ValueError):
        return False
    assert said is not None, findings
    assert findings == ()
    assert text == ways[0].segment.join(map(ways[0].element.join, said.segments[1:-1]))
    assert places == said.places[1:-1]
    return True


def changed(value: Any, data: st.DataObject) -> Any:
    """The value with something else somewhere in it, unchecked."""
    if isinstance(value, tuple):
        if not value:
            return value
        at = data.draw(st.integers(0, len(value) - 1))
        what = data.draw(st.sampled_from(["other", "other", "twice", "gone"]))
        new = {"other": (changed(value[at], data),), "twice": (value[at],) * 2, "gone": ()}[what]
        return (*value[:at], *new, *value[at + 1:])
    if hasattr(value, "model_copy"):
        said = [key for key, one in vars(value).items() if one is not None and one != ()]
        key = data.draw(st.sampled_from(said)) if said else None
        return value.model_copy(update={key: changed(getattr(value, key), data)}) if key else value
    return data.draw(VALUES[type(value)]) if type(value) in VALUES else value


@pytest.mark.parametrize("set_id", NOUNS)
@settings(max_examples=40)
@given(data=st.data())
def test_both_ways_write_the_same_or_the_quick_one_nothing(set_id: str, data: st.DataObject) -> None:
    by, ways = MAPS[set_id], data.draw(st.sampled_from(WAYS))
    noun = data.draw(NOUNS[set_id])
    for _ in range(data.draw(st.integers(0, 2))):
        noun = changed(noun, data)
    both(noun, by, ways, quick(by, ways))


def order() -> Noun:
    noun, _ = to_canonical(tree(NUMBERED, ORDER), MAPS["850"])
    assert noun is not None
    return noun


@pytest.mark.parametrize("ways", WAYS)
def test_an_ordinary_order_goes_the_quick_way(ways: tuple[Separators, TextRules, Forms]) -> None:
    assert both(order(), MAPS["850"], ways, quick(MAPS["850"], ways))


@pytest.mark.parametrize("set_id", sorted({*NOUNS} - {"997"}))
def test_the_documents_of_the_trade_have_a_quick_way(set_id: str) -> None:
    writer = quick(MAPS[set_id])
    assert writer is not None
    assert writer.source.startswith("def lay(document):\n")


SHIPPED = Shipment(
    purpose="original", number="S1", date=dt.date(2026, 3, 2), time=dt.time(9, 30),
    orders=(ShippedOrder(number="A"), ShippedOrder(number="B")),
    cartons=(Carton(sscc="1" * 18), Carton(sscc="2" * 18, weight=Decimal(2), weight_unit="LB")),
    items=tuple(
        ShippedItem(product_ids=(ProductId(kind="upc", value=str(at)),), quantity=Decimal(at), unit="EA", order=order)
        for at, order in ((1, 2), (2, 1), (3, 2))
    ),
)


def packed(*cartons: int | None, **changes: Any) -> Shipment:
    """The shipment with its items in those cartons."""
    items = tuple(
        item.model_copy(update={"carton": carton}) for item, carton in zip(SHIPPED.items, cartons, strict=True)
    )
    return SHIPPED.model_copy(update={"items": items, **changes})


@pytest.mark.parametrize(("structure", "noun"), [
    ("SOPI", packed(1, 2, 1)), ("SOPI", packed(2, 1, 2)), ("SOPI", packed(1, 2, None)), ("SOTPI", packed(1, 2, None)),
    ("SOPI", packed(1, 1, 2)), ("SPOI", packed(1, 1, 2)), ("SPOI", packed(1, 2, 2)), ("SPOI", packed(None, 1, 2)),
    ("SOI", packed(None, None, None, cartons=())), ("SOIP", packed(None, None, None, cartons=())),
])
def test_an_ordinary_notice_goes_the_quick_way_in_every_structure(structure: str, noun: Shipment) -> None:
    by = MAPS[f"856 {structure}"]
    assert both(noun, by, WAYS[0], quick(by))


def full(noun: Shipment, structure: str) -> Shipment:
    """The shipment with an item of its own for everything that would hold none, and no carton below an item."""
    (one, *_), cartons = SHIPPED.items, noun.cartons if structure != "SOIP" else ()
    items = [item if cartons else item.model_copy(update={"carton": None}) for item in noun.items]
    where: list[dict[str, Any]] = [
        *({"order": at} for at in range(1, len(noun.orders) + 1)),
        *({"carton": at, "pallet": box.pallet} for at, box in enumerate(cartons, 1)),
        *({"pallet": at} for at in range(1, len(noun.pallets) + 1)),
    ]
    for place in where:
        if not any(all(getattr(item, key) == at for key, at in place.items()) for item in items):
            items.append(one.model_copy(update={"order": 1, **place}))
    return noun.model_copy(update={"items": tuple(items), "cartons": cartons})


@pytest.mark.parametrize("structure", ["SOPI", "SPOI", "SOTPI", "SOIP", "SOI"])
@settings(max_examples=12)
@given(data=st.data())
def test_a_notice_in_which_nothing_is_empty_is_written_the_same_in_both_ways(
    structure: str, data: st.DataObject
) -> None:
    by, ways = MAPS[f"856 {structure}"], data.draw(st.sampled_from(WAYS))
    drawn = data.draw(NOUNS[f"856 {structure}"])
    assert isinstance(drawn, Shipment)
    noun: Noun = full(drawn, structure)
    if data.draw(st.booleans()):
        noun = changed(noun, data)
    both(noun, by, ways, quick(by, ways))


BOXES = SHIPPED.cartons


@pytest.mark.parametrize(("structure", "noun"), [
    ("SOPI", packed(1, 1, 1)),
    ("SOPI", packed(1, 2, 1, cartons=(BOXES[0], BOXES[0]))),
    ("SOPI", packed(1, 1, 2, cartons=(Carton(), BOXES[1]))),
    ("SOPI", packed(1, 2, 3)),
    ("SOPI", packed(0, 2, 1)),
    ("SOPI", packed(1, 2, 1, orders=(SHIPPED.orders[0],) * 2)),
    ("SOPI", packed(1, 2, 1, pallets=(Pallet(),))),
    ("SOPI", packed(1, 2, 1, cartons=(BOXES[0], BOXES[1].model_copy(update={"pallet": 1})))),
    ("SOTPI", packed(1, 2, 1, cartons=(BOXES[0], BOXES[1].model_copy(update={"pallet": 1})), pallets=(Pallet(),))),
    ("SOI", packed(1, 2, 1)),
    ("SOIP", packed(1, 2, 1)),
])
def test_a_tree_that_calls_for_a_word_or_a_thought_is_written_the_careful_way(structure: str, noun: Shipment) -> None:
    by = MAPS[f"856 {structure}"]
    assert not both(noun, by, WAYS[0], quick(by))


@pytest.mark.parametrize("marks", [("a", "b"), ("b", "a")])
def test_packages_whose_marks_differ_only_in_their_order_are_not_written_the_quick_way(marks: tuple[str, str]) -> None:
    by = MAPS["856 SOPI"]
    told = [tuple(Mark(kind="shipper_assigned", value=one) for one in ones) for ones in (("a", "b"), marks)]
    noun = packed(1, 2, 1, cartons=tuple(Carton(marks=one) for one in told))
    assert not both(noun, by, WAYS[0], quick(by))


@pytest.mark.parametrize(("key", "value"), [
    ("number", "47*11"), ("number", ""), ("number", " 1"), ("number", "4" * 23), ("contract", "\x07"),
    ("purpose", "unheard of"), ("number", 4711), ("date", None), ("lines", ()),
])
def test_what_calls_for_a_word_is_written_the_careful_way(key: str, value: Any) -> None:
    assert not both(order().model_copy(update={key: value}), MAPS["850"], WAYS[0], quick(MAPS["850"]))


def test_a_text_that_the_rules_change_is_written_the_careful_way() -> None:
    ways = (SEPARATORS, FREE, Forms())
    (line,) = order().model_dump()["lines"]
    noun = type(order()).model_validate({**order().model_dump(), "lines": [{**line, "title": "Chair"}]})
    assert not both(noun, MAPS["850"], ways, quick(MAPS["850"], ways))
    said, findings = from_canonical(noun, MAPS["850"], NUMBERED, *ways)
    assert said is not None
    assert [finding.kind for finding in findings] == ["mapping.text-changed"]


def test_numbers_stand_in_the_partners_form() -> None:
    ways = (SEPARATORS, TextRules(), PRICES)
    (line,) = order().model_dump()["lines"]
    for price, text in ((Decimal("9.5"), "9.50"), (Decimal("0.5"), ".50"), (Decimal(7), "7.00")):
        noun = type(order()).model_validate({**order().model_dump(), "lines": [{**line, "price": price}]})
        assert both(noun, MAPS["850"], ways, quick(MAPS["850"], ways))
        said, _ = from_canonical(noun, MAPS["850"], NUMBERED, *ways)
        assert said is not None
        assert text in next(row for row in said.segments if row[0] == "PO1")


@pytest.mark.parametrize("partner", ["harrowmill", "saltmarsh"])
@settings(max_examples=40)
@given(data=st.data())
def test_a_partners_order_of_qualifiers_is_kept(partner: str, data: st.DataObject) -> None:
    by = mapped("850", partner)
    both(data.draw(NOUNS["850"]), by, WAYS[0], quick(by))


def test_codes_stand_in_the_order_of_the_partner() -> None:
    by = mapped("850", "harrowmill")
    (line,) = order().model_dump()["lines"]
    ids = [{"kind": "ean", "value": "4012345678901"}, *line["product_ids"]]
    noun = type(order()).model_validate({**order().model_dump(), "lines": [{**line, "product_ids": ids}]})
    assert both(noun, by, WAYS[0], quick(by))
    said, _ = from_canonical(noun, by, NUMBERED, *WAYS[0])
    assert said is not None
    assert next(row for row in said.segments if row[0] == "PO1")[6:9:2] == ["UP", "EN"]


@pytest.mark.parametrize("value", ["é", "Größe 12", "日本"])
def test_a_text_beyond_ascii_goes_the_quick_way_to_the_same_bytes(value: str) -> None:
    (line,) = order().model_dump()["lines"]
    noun = type(order()).model_validate({**order().model_dump(), "lines": [{**line, "title": value}]})
    assert both(noun, MAPS["850"], WAYS[0], quick(MAPS["850"]))
    ready, _ = body(noun, MAPS["850"], NUMBERED, *WAYS[0])
    assert isinstance(ready, Ready)
    assert value.encode() in sent(ready, SEPARATORS)


def test_separators_beyond_ascii_are_left_to_the_careful_way() -> None:
    ways = (Separators("\xa7"), TextRules(), Forms())
    assert quick(MAPS["850"], ways) is None
    assert not both(order(), MAPS["850"], ways, None)
