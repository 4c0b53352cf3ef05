"""The ship notice: flat in our words, a tree of levels on the wire, in whatever structure the partner wants."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from edi_gateway.flows.guides import Guides
from edi_gateway.ledger import sscc
from edi_gateway.mapping import Map, from_canonical, load, reference, to_canonical
from edi_gateway.model._parts import DatedEvent, Party, ProductId, Reference
from edi_gateway.model.shipment import Carton, Mark, Pallet, Shipment, ShippedItem, ShippedOrder
from edi_gateway.reports.outline import outline
from edi_gateway.x12 import hierarchy
from edi_gateway.x12.read import Tree
from tests.mapping.test_round_trip import dates, kinds, many, maybe, numbers, spoilt, texts, times
from tests.mapping.trees import SEPARATORS, SHELF, definition, mapped, text, tree

DEFINITION = definition("856")
MAP = mapped("856")
FIXTURES = Path(__file__).parents[2] / "fixtures" / "x12" / "856"


def structured(name: str) -> Map:
    """The map as a partner uses it who wants that structure."""
    return replace(MAP, structure=name, _plans={})


MAPS = {name: structured(name) for name in MAP.structures}
# The normal form: texts fit their elements, and a package that has to stand at several places has an id of its own.

REFERENCES = many(st.builds(Reference, kind=kinds("reference", "ZA"), value=texts(30)))
EVENTS = many(st.builds(DatedEvent, kind=kinds("date", "050"), date=dates, time=maybe(times)))
PARTIES = many(st.builds(Party, role=kinds("party_role", "31"), name=maybe(texts(60)), references=REFERENCES))
WEIGHT = {"weight": maybe(numbers(10)), "weight_unit": maybe(st.just("LB"))}
MARKS = many(st.builds(
    Mark, kind=st.sampled_from(["shipper_assigned", "pallet_number", "UP"]), value=texts(48), until=maybe(texts(48)),
))
HEAD: Mapping[str, st.SearchStrategy[Any]] = {
    "purpose": kinds("purpose", "18"), "number": texts(30, 2), "date": dates, "time": times,
    "carrier_code": maybe(texts(80, 2)), "carrier": maybe(texts(35)), "method": maybe(st.sampled_from(["motor", "O"])),
    "packages": maybe(st.integers(0, 9_999_999)), "packaging": maybe(st.just("CTN25")), **WEIGHT,
    "references": REFERENCES, "dates": EVENTS, "parties": PARTIES,
}
ORDERS = st.builds(
    ShippedOrder, number=texts(22), release=maybe(texts(30)), date=maybe(dates), references=REFERENCES, parties=PARTIES,
)
PALLETS = st.builds(Pallet, marks=MARKS, **WEIGHT)
CARTONS = st.builds(
    Carton, sscc=st.sampled_from([None, "1", "2"]), tracking=st.sampled_from([None, "QL1", "QL2"]), marks=MARKS,
    **WEIGHT, dates=EVENTS, references=REFERENCES, pallet=st.none(),
)
PRODUCTS = st.sampled_from(["4000000000011", "4000000000028"]).map(lambda code: (ProductId(kind="ean", value=code),))
ITEMS = st.builds(
    ShippedItem, number=st.sampled_from([None, "1", "2"]), product_ids=PRODUCTS, quantity=numbers(8),
    unit=st.sampled_from(["EA", "CA"]), title=st.sampled_from([None, "Mug"]), references=st.just(()) | REFERENCES,
    dates=st.just(()) | EVENTS, order=st.just(1), carton=st.none(),
)


@st.composite
def shipments(draw: st.DrawFn, levels: str, known: bool = True) -> Shipment:
    """A shipment with those levels; `known` says that every package has an id of its own."""
    orders = draw(st.lists(ORDERS, min_size=1, max_size=3, unique_by=lambda order: (order.number, order.release)))
    pallets = draw(st.lists(PALLETS, max_size=2)) if "T" in levels else []
    cartons = draw(st.lists(CARTONS, max_size=4)) if "P" in levels else []
    if known:
        numbered = tuple((Mark(kind="container_code", value=f"T{at}"),) for at in range(len(pallets)))
        pallets = [one.model_copy(update={"marks": numbered[at]}) for at, one in enumerate(pallets)]
        cartons = [one.model_copy(update={"sscc": sscc.make("0400000", at)}) for at, one in enumerate(cartons)]
    places = maybe(st.integers(1, len(pallets))) if pallets else st.none()
    cartons = [one.model_copy(update={"pallet": draw(places)}) for one in cartons]
    items = []
    for item in draw(st.lists(ITEMS, max_size=5)):
        carton = draw(maybe(st.integers(1, len(cartons)))) if cartons else None
        pallet = cartons[carton - 1].pallet if carton else draw(places)
        where = {"order": draw(st.integers(1, len(orders))), "carton": carton, "pallet": pallet}
        items.append(item.model_copy(update=where))
    said = {key: draw(values) for key, values in HEAD.items()}
    return Shipment(**said, orders=tuple(orders), pallets=tuple(pallets), cartons=tuple(cartons), items=tuple(items))


def content(shipment: Shipment) -> tuple[object, ...]:
    """What a shipment says, whatever the order of its lists: each item with its order, carton and pallet."""
    orders, pallets, cartons = shipment.orders, shipment.pallets, shipment.cartons
    packed = [
        (one.model_copy(update={"pallet": None}), pallets[one.pallet - 1] if one.pallet else None) for one in cartons
    ]
    items = [
        (one.model_copy(update={"order": 0, "carton": None, "pallet": None}), orders[one.order - 1],
         packed[one.carton - 1] if one.carton else None, pallets[one.pallet - 1] if one.pallet else None)
        for one in shipment.items
    ]
    head = shipment.model_copy(update={"orders": (), "pallets": (), "cartons": (), "items": ()})
    return head, Counter(orders), Counter(pallets), Counter(packed), Counter(items)


def said(shipment: Shipment, name: str) -> Tree:
    found, findings = from_canonical(shipment, MAPS[name], DEFINITION, SEPARATORS)
    assert findings == ()
    assert found is not None
    return found


def read_back(of: Tree) -> Shipment:
    noun, findings = to_canonical(of, MAP)
    assert findings == ()
    assert isinstance(noun, Shipment)
    return noun


@pytest.mark.parametrize("name", MAPS)
@settings(max_examples=40)
@given(data=st.data())
def test_a_shipment_in_normal_form_is_read_as_it_was_written_in_every_structure(
    name: str, data: st.DataObject
) -> None:
    """But for the order of what is packed; and what has been read is read again exactly as it is."""
    shipment = data.draw(shipments(name))
    back = read_back(said(shipment, name))
    assert content(back) == content(shipment)
    assert read_back(said(back, name)) == back


@pytest.mark.parametrize("name", MAPS)
@settings(max_examples=60)
@given(data=st.data())
def test_any_shipment_is_read_as_it_was_written_or_a_finding_says_why_not(name: str, data: st.DataObject) -> None:
    shipment = data.draw(shipments("SOTPI", known=False))
    if data.draw(st.booleans()):
        changed = spoilt(shipment, data)
        assert isinstance(changed, Shipment)
        shipment = changed
    found, findings = from_canonical(shipment, MAPS[name], DEFINITION, SEPARATORS)
    if found is None:
        assert [one for one in findings if one.severity == "error" and one.kind.startswith("mapping.")]
    else:
        back, _ = to_canonical(found, MAP)
        assert isinstance(back, Shipment)
        assert content(back) == content(shipment)


@pytest.mark.parametrize("name", MAPS)
@settings(max_examples=25)
@given(data=st.data())
def test_what_is_written_is_a_tree_that_the_codec_finds_no_fault_with(name: str, data: st.DataObject) -> None:
    found = said(data.draw(shipments(name)), name)
    by = DEFINITION.hierarchy
    assert by is not None
    assert list(hierarchy.faults(by, found.segments)) == []
    levels = {row[1]: row for row in found.segments if row[0] == "HL"}
    assert list(levels) == [str(ordinal) for ordinal in range(1, len(levels) + 1)]
    assert found.segments[-2] == ["CTT", str(len(levels))]
    for row in levels.values():
        above = levels[row[2]][3] if row[2] else ""
        assert above in ("", *name[: name.index(row[3])])


STRUCTURE_OF = {"0001": "SOTPI", "0002": "SOIP", "0003": "SPOI", "0004": "SOI", "": "SOTPI"}


NOT_UNDERSTOOD = {"cartons-that-do-not-make-up-their-item", "item-of-no-order"}
"""Good X12 that says something no shipment can be."""


def fixtures() -> Iterator[tuple[str, Tree]]:
    guides = Guides(SHELF)
    for file in sorted((FIXTURES / "pass").glob("*.edi")):
        for verdict in outline(file.read_bytes(), guides).verdicts:
            assert verdict.tree is not None
            if file.stem not in NOT_UNDERSTOOD:
                yield file.stem, verdict.tree


def test_fixtures_that_pass_are_said_again_as_they_were() -> None:
    for name, of in fixtures():
        noun = read_back(of)
        again, faults = from_canonical(noun, MAPS[STRUCTURE_OF["".join(of.segments[1][5:6])]], DEFINITION, SEPARATORS)
        assert again is not None, (name, faults)
        assert to_canonical(again, MAP)[0] == noun


@pytest.mark.parametrize("name", ["SOPI", "SOIP", "SPOI", "SOTPI"])
def test_the_same_shipment_can_be_told_in_every_structure_that_has_its_levels(name: str) -> None:
    of = next(tree for stem, tree in fixtures() if stem == "two-orders-of-two-cartons-each")
    noun, _ = to_canonical(of, MAP)
    assert isinstance(noun, Shipment)
    assert content(read_back(said(noun, name))) == content(noun)


def small(**changes: Any) -> Shipment:
    """One carton of one order, and what a platform for dropshipping wants to know of it."""
    item = ShippedItem(
        number="1", product_ids=(ProductId(kind="upc", value="400000000176"),), quantity=Decimal(2), unit="EA", order=1,
        carton=1,
    )
    shipped = DatedEvent(kind="shipped", date=dt.date(2025, 9, 1))
    found = Shipment(
        purpose="original", number="FH-20417", date=dt.date(2025, 9, 1), time=dt.time(8, 15), carrier_code="QLCR",
        orders=(ShippedOrder(number="BB-10041"),), cartons=(Carton(sscc=sscc.make("0400000", 1), dates=(shipped,)),),
        items=(item,),
    )
    return found.model_copy(update=changes)


def at_partner(files: Mapping[str, Mapping[str, Any]]) -> Map:
    """The map with a partner's files laid over it."""
    own = {f"mappings/partners/acme/{name}": rows for name, rows in files.items()}
    found = load(lambda path: own[path] if path in own else SHELF.rows(path), "856", "004010", "acme")
    assert found is not None
    return found


def test_a_shipment_is_written_as_its_guide_says() -> None:
    assert text(said(small(), "SOPI")).splitlines() == [
        "BSN*00*FH-20417*20250901*0815*0001", "HL*1**S", "TD5**2*QLCR", "HL*2*1*O", "PRF*BB-10041", "HL*3*2*P",
        "MAN*GM*004000000000000015", "DTM*011*20250901", "HL*4*3*I", "LIN*1*UP*400000000176", "SN1**2*EA", "CTT*4",
    ]


def test_a_partner_may_want_the_00_before_the_carton_number() -> None:
    by = at_partner({"856.map.toml": {"fields": {"cartons": {"sscc": {"verb": "sscc_with_00"}}}}})
    found, findings = from_canonical(small(), by, DEFINITION, SEPARATORS)
    assert findings == ()
    assert found is not None
    assert "MAN*GM*00004000000000000015" in text(found)
    assert to_canonical(found, MAP)[0] == small()
    _, (fault,) = from_canonical(small(cartons=(Carton(sscc="17"),)), by, DEFINITION, SEPARATORS)
    assert (fault.kind, fault.note) == (
        "mapping.does-not-fit", "cartons[0].sscc cannot be said: it is no code of 18 digits"
    )


def test_cartons_are_refused_where_the_partner_wants_items_only_unless_they_are_left_out() -> None:
    _, (fault,) = from_canonical(small(), MAPS["SOI"], DEFINITION, SEPARATORS)
    assert (fault.kind, fault.note) == ("mapping.structure-unfit", "the structure SOI has no level for cartons")
    left_out = {"leave_out": ["cartons"], "items": {"leave_out": ["carton"]}}
    by = at_partner({"partner.toml": {"structure": {"856": "SOI"}}, "856.map.toml": {"fields": left_out}})
    found, findings = from_canonical(small(), by, DEFINITION, SEPARATORS)
    assert findings == ()
    assert found is not None
    assert found.segments[1][5:] == ["0004"]
    assert [row[3] for row in found.segments if row[0] == "HL"] == ["S", "O", "I"]


@pytest.mark.parametrize("path", ["HL[S]/REF[IA]02", "HL[O]/REF[IA]02"])
def test_our_number_at_the_partner_may_stand_in_a_level(path: str) -> None:
    level = "S" if "[S]" in path else "O"
    body = "BSN*00*FH*20250901*0815~HL*1**S~REF*IA*of-S~HL*2*1*O~PRF*BB~REF*IA*of-O"
    assert reference(tree(DEFINITION, body), path) == f"of-{level}"
    assert reference(tree(DEFINITION, body.replace(f"REF*IA*of-{level}", "REF*ZZ*x")), path) is None


@pytest.mark.parametrize("change", [
    {"items": [{"quantity": "1", "order": 2}]}, {"items": [{"quantity": "1", "order": 0}]},
    {"items": [{"quantity": "1", "order": 1, "carton": 3}]}, {"items": [{"quantity": "1", "order": 1, "pallet": 2}]},
    {"items": [{"quantity": "1", "order": 1, "carton": 1}]}, {"cartons": [{"pallet": 7}]},
    {"items": [{"quantity": "1", "order": 1, "carton": 2, "pallet": 1}]}, {"items": [{"quantity": "1"}]},
])
def test_a_shipment_is_packed_into_what_is_there(change: dict[str, Any]) -> None:
    """Carton 1 is on pallet 1, carton 2 on none."""
    good = {
        "purpose": "original", "number": "1", "date": "2025-09-01", "orders": [{"number": "1"}], "pallets": [{}],
        "cartons": [{"pallet": 1}, {}],
        "items": [{"quantity": "1", "order": 1, "carton": 1, "pallet": 1}, {"quantity": "1", "order": 1, "pallet": 1}],
    }
    assert len(Shipment.from_json(good).items) == 2
    with pytest.raises(ValidationError):
        Shipment.from_json({**good, **change})


def test_real_notices_that_are_accepted_become_shipments_that_can_be_said_again(samples: Path) -> None:
    guides, found = Guides(SHELF), 0
    for file in sorted((samples / "856").glob("*.edi")):
        for verdict in outline(file.read_bytes(), guides).verdicts:
            noun, findings = to_canonical(verdict.tree, MAP) if verdict.tree else (None, ())
            assert noun or not verdict.tree or findings
            if isinstance(noun, Shipment):
                again, faults = from_canonical(noun, MAPS["SOTPI"], DEFINITION, SEPARATORS)
                assert again, (file.name, faults)
                found += 1
    assert found
