"""What a row may say, shown on a set of our own: every kind of row, both ways."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from edi_gateway.issues import GatewayError
from edi_gateway.mapping import Forms, Map, from_canonical, to_canonical
from edi_gateway.mapping.compile import laid
from edi_gateway.mapping.forms import TimeForm
from edi_gateway.model._parts import Noun, Number, Reference, Text, Value
from edi_gateway.x12 import spec
from edi_gateway.x12.spec import Definition
from tests.mapping.trees import SEPARATORS, text, tree


class Place(Value):
    name: Text
    city: Text | None = None


class Stop(Value):
    number: int
    weights: tuple[Number, ...] = ()
    seals: tuple[Text, ...] = ()


class Tour(Noun):
    number: Text
    vendor: Text | None = None
    further: Text | None = None
    total: Number | None = None
    urgent: bool | None = None
    leaves: dt.datetime | None = None
    ends: dt.date | None = None
    scac: Text | None = None
    depot: Place | None = None
    hub_city: Text | None = None
    colors: tuple[Text, ...] = ()
    references: tuple[Reference, ...] = ()
    stops: tuple[Stop, ...] = ()


SPECS: Mapping[str, Mapping[str, Any]] = {
    "specs/999/000001.toml": {
        "set": "999", "name": "Tour", "group": "TO", "version": "000001",
        "structure": "ST M 1\nBT M 1\nREF O >1\nTD O 5\nloop N1 O 9\n  N1 M 1\n  N4 O 1\n"
                     "loop S5 O 3\n  S5 M 1\n  M7 O 2\n  loop PD O >1\n    PD M 1\nCTT O 1\nSE M 1",
    },
    **{
        f"specs/x12/000001/{segment}.toml": {"name": segment, "elements": rows} for segment, rows in {
            "ST": "01 M 143 ID 3/3 Set\n02 M 329 AN 4/9 Control",
            "SE": "01 M 96 N0 1/10 Count\n02 M 329 AN 4/9 Control",
            "BT": "01 M 1 AN 1/9 Number\n02 O 2 N2 1/6 Total\n03 O 3 ID 1/1 Urgent\n"
                  "04 O 4 DT 8/8 Date\n05 O 5 TM 4/8 Time\n06 O 6 DT 6/6 Last day",
            "REF": "01 M 128 ID 2/3 Kind\n02 O 127 AN 1/30 Value\n03 O 352 AN 1/80 Text\n04 O C1 COMP More",
            "C1": "01 M 128 ID 2/3 Kind\n02 M 127 AN 1/30 Value",
            "TD": "01 O 66 ID 1/2 Kind\n02 O 67 AN 2/4 Code",
            "N1": "01 M 98 ID 2/3 Role\n02 O 93 AN 1/60 Name",
            "N4": "01 O 19 AN 1/30 City",
            "S5": "01 M 165 N0 1/3 Number\n02 O 81 R 1/10 Weight\n03 O 81 R 1/10 Weight",
            "M7": "01 O 225 AN 1/15 Seal\n02 O 225 AN 1/15 Seal",
            "PD": "01 O 1 AN 1/10 Kind\n02 O 2 AN 1/10 Color",
            "CTT": "01 M 354 N0 1/6 Stops",
        }.items()
    },
}
FIELDS: Mapping[str, Any] = {
    "number": "BT01",
    "total": "BT02",
    "urgent": {"at": "BT03", "verb": "yes_no"},
    "leaves": {"at": ["BT04", "BT05"], "verb": "moment"},
    "ends": "BT06",
    "vendor": "REF[IA]02",
    "further": {"at": "REF[XX]04-2", "with": {"REF[XX]04-1": "ZZ"}},
    "scac": {"at": "TD02", "when": {"TD01": "2"}},
    "depot": {"each": "N1[SF]", "name": "N102", "city": "N401"},
    "hub_city": {"at": "N1[HB]/N401", "with": {"N1[HB]02": "Hub"}},
    "colors": {"at": "S5/PD/PD02", "with": {"S5/S501": "1", "S5/PD/PD01": "C"}},
    "stops": {"each": "S5", "number": "S501", "weights": ["S502", "S503"], "seals": ["M701", "M702"]},
}
LAYER: Mapping[str, Any] = {"set": "999", "noun": "tour", "fields": FIELDS, "always": {"CTT01": {"count": "stops"}}}


def definition() -> Definition:
    found = spec.load(SPECS.get, "999", "000001")
    assert found
    return found


DEFINITION = definition()


def tour_map(*layers: Mapping[str, Any]) -> Map:
    named = [(f"mappings/{number}.toml", layer) for number, layer in enumerate([LAYER, *layers])]
    made = laid(named, Tour)
    made.plan(DEFINITION)
    return made


def fields(**rows: Any) -> Map:
    return tour_map({"fields": rows})


def written(noun: Tour, by: Map) -> list[str]:
    tree_, findings = from_canonical(noun, by, DEFINITION, SEPARATORS)
    assert findings == ()
    assert tree_
    assert to_canonical(tree_, by)[0] == noun
    return text(tree_).splitlines()


@pytest.mark.parametrize(("said", "lines"), [
    ({}, []),
    ({"total": Decimal("12.50")}, ["BT*T1*1250"]),
    ({"urgent": True}, ["BT*T1**Y"]),
    ({"leaves": dt.datetime.fromisoformat("2026-03-02T14:30")}, ["BT*T1***20260302*1430"]),
    ({"ends": dt.date(2026, 3, 4)}, ["BT*T1*****260304"]),
    ({"vendor": "V-7"}, ["REF*IA*V-7"]),
    ({"further": "more"}, ["REF*XX***ZZ>more"]),
    ({"vendor": "V-7", "further": "more"}, ["REF*IA*V-7", "REF*XX***ZZ>more"]),
    ({"scac": "ABCD"}, ["TD*2*ABCD"]),
    ({"depot": Place(name="North", city="Oslo")}, ["N1*SF*North", "N4*Oslo"]),
    ({"hub_city": "Bergen", "depot": Place(name="North")}, ["N1*SF*North", "N1*HB*Hub", "N4*Bergen"]),
    ({"stops": (Stop(number=1, weights=(Decimal("1.5"), Decimal(2))), Stop(number=2, seals=("a", "b", "c")))},
     ["S5*1*1.5*2", "S5*2", "M7*a*b", "M7*c"]),
])
def test_each_kind_of_row_says_its_field_both_ways(said: dict[str, Any], lines: list[str]) -> None:
    heading = [line for line in lines if line.startswith("BT")] or ["BT*T1"]
    rest = [line for line in lines if not line.startswith("BT")]
    stops = sum(line.startswith("S5") for line in lines)
    assert written(Tour(number="T1", **said), tour_map()) == [*heading, *rest, f"CTT*{stops}"]


@pytest.mark.parametrize(("form", "said", "remarks"), [
    ("exact", "1430075", 0), ("HHMM", "1430", 1), ("HHMMSS", "143007", 1),
])
def test_a_moment_is_cut_to_the_partners_form_of_times(form: TimeForm, said: str, remarks: int) -> None:
    noun = Tour(number="T1", leaves=dt.datetime.fromisoformat("2026-03-02T14:30:07.500"))
    told, findings = from_canonical(noun, tour_map(), DEFINITION, SEPARATORS, forms=Forms(time=form))
    assert told
    assert text(told).splitlines()[0] == f"BT*T1***20260302*{said}"
    assert [found.kind for found in findings] == ["mapping.text-changed"] * remarks


def test_a_moment_to_the_minute_has_seconds_where_the_form_has_them() -> None:
    noun = Tour(number="T1", leaves=dt.datetime.fromisoformat("2026-03-02T14:30"))
    told, findings = from_canonical(noun, tour_map(), DEFINITION, SEPARATORS, forms=Forms(time="HHMMSS"))
    assert told
    assert findings == ()
    assert text(told).splitlines()[0] == "BT*T1***20260302*143000"


def test_implied_decimals_and_whole_numbers_have_no_form_but_their_own() -> None:
    forms = Forms({"2": 3, "165": 2}, trailing_zeros=False, leading_zero=False)
    noun = Tour(number="T1", total=Decimal("0.50"), stops=(Stop(number=10, weights=(Decimal("0.50"),)),))
    told, findings = from_canonical(noun, tour_map(), DEFINITION, SEPARATORS, forms=forms)
    assert told
    assert findings == ()
    assert text(told).splitlines() == ["BT*T1*50", "S5*10*.5", "CTT*1"]


def test_a_list_that_opens_a_loop_opens_one_for_each_of_its_items() -> None:
    by = tour_map({"fields": {"stops": False}, "always": {"CTT01": "1"}})
    assert written(Tour(number="T1", colors=("red", "blue")), by) == ["BT*T1", "S5*1", "PD*C*red", "PD*C*blue", "CTT*1"]


def test_a_qualified_row_leaves_other_codes_alone() -> None:
    body = "BT*T1~REF*ZZ*other~REF*IA*V-7~TD*1*WXYZ~TD*2*ABCD~N1*HB~N4*Bergen~N1*QQ*Q~N4*Elsewhere~CTT*0~"
    noun, findings = to_canonical(tree(DEFINITION, body), tour_map())
    assert noun == Tour(number="T1", vendor="V-7", scac="ABCD", hub_city="Bergen")
    assert findings == ()


def test_one_record_said_twice_is_told_and_the_first_is_kept() -> None:
    noun, findings = to_canonical(tree(DEFINITION, "BT*T1~N1*SF*North~N1*SF*South~N4*Rome~"), tour_map())
    assert noun == Tour(number="T1", depot=Place(name="North"))
    assert [found.kind for found in findings] == ["mapping.said-twice"]


@pytest.mark.parametrize("body", ["BT*T1**X~", "BT*T1****1430~", "BT*T1*1.5~"])
def test_what_a_verb_or_a_type_cannot_take_is_a_finding(body: str) -> None:
    noun, findings = to_canonical(tree(DEFINITION, body), tour_map())
    assert noun is None
    assert [found.kind for found in findings] == ["mapping.value-unreadable"]


def test_what_a_verb_cannot_say_is_a_finding() -> None:
    noun = Tour(number="T1", leaves=dt.datetime(2026, 3, 2, 14, 30, tzinfo=dt.UTC), total=Decimal("1.005"))
    tree_, findings = from_canonical(noun, tour_map(), DEFINITION, SEPARATORS)
    assert tree_ is None
    assert [found.kind for found in findings] == ["mapping.does-not-fit"] * 2


def test_a_value_without_a_row_is_a_finding() -> None:
    tree_, findings = from_canonical(
        Tour(number="T1", references=(Reference(kind="x", value="1"),)), tour_map(), DEFINITION, SEPARATORS
    )
    assert tree_ is None
    assert [(found.kind, found.note) for found in findings] == [("mapping.no-row", "references has no row in the map")]


def test_what_the_map_leaves_out_on_purpose_is_not_told_and_no_fault() -> None:
    by = fields(leave_out=["references", "vendor"])
    noun = Tour(number="T1", vendor="V-7", references=(Reference(kind="x", value="1"),))
    tree_, findings = from_canonical(noun, by, DEFINITION, SEPARATORS)
    assert tree_
    assert findings == ()
    assert text(tree_).splitlines() == ["BT*T1", "CTT*0"]


def test_two_rows_that_would_write_the_same_place_are_found_when_read_back() -> None:
    by = fields(vendor="BT01")
    tree_, findings = from_canonical(Tour(number="T1", vendor="V-7"), by, DEFINITION, SEPARATORS)
    assert tree_ is None
    assert {found.kind for found in findings} == {"mapping.not-said"}


def test_a_word_of_several_codes_needs_to_know_which_is_written() -> None:
    codes = {"color": {"R1": "red", "R2": "red", "B1": "blue"}}
    row = {"vendor": {"codes": "color"}}
    noun = Tour(number="T1", vendor="red")
    tree_, findings = from_canonical(noun, tour_map({"fields": row, "codes": codes}), DEFINITION, SEPARATORS)
    assert tree_ is None
    assert [found.kind for found in findings] == ["mapping.code-ambiguous"]
    chosen = {"color": {**codes["color"], "write": {"red": "R2"}}}
    assert written(noun, tour_map({"fields": row, "codes": chosen})) == ["BT*T1", "REF*IA*R2", "CTT*0"]


def test_a_constant_of_ours_is_written_always_and_says_nothing_when_read() -> None:
    references = {"each": "REF", "kind": "REF01", "value": "REF02"}
    rows = {"vendor": False, "further": False, "references": references}
    by = tour_map({"fields": rows, "always": {"REF[QQ]02": "42"}})
    noun = Tour(number="T1", references=(Reference(kind="ZA", value="1"),))
    assert written(noun, by) == ["BT*T1", "REF*ZA*1", "REF*QQ*42", "CTT*0"]
    same = Tour(number="T1", references=(Reference(kind="QQ", value="42"),))
    assert from_canonical(same, by, DEFINITION, SEPARATORS)[1][0].kind == "mapping.not-said"


@pytest.mark.parametrize(("rows", "row", "says"), [
    ({"number": "BT09"}, "fields.number", "BT has 6"),
    ({"number": "XX01"}, "fields.number", "names the segment XX"),
    ({"number": "Q1/BT01"}, "fields.number", "names the loop Q1"),
    ({"number": "nowhere"}, "fields.number", "does not read like"),
    ({"number": ""}, "fields.number", "no text"),
    ({"number": 7}, "fields.number", "a row is a path"),
    ({"number": "REF04"}, "fields.number", "composite"),
    ({"number": "REF04-3"}, "fields.number", "has 2"),
    ({"number": "BT01-1"}, "fields.number", "has 0"),
    ({"number": False}, "fields", "Tour.number must be said"),
    ({"weight": "BT01"}, "fields.weight", "no field 'weight'"),
    ({"number": {"at": "BT01", "code": "x"}}, "fields.number", "'code' is no word of a row"),
    ({"number": {"at": "BT01", "codes": "x"}}, "fields.number", "no table codes.x"),
    ({"number": {"at": "BT01", "verb": "x"}}, "fields.number", "no member 'x'"),
    ({"number": {"at": "BT01", "verb": "yes_no", "codes": "x"}}, "fields.number", "a verb stands alone"),
    ({"number": ["BT01", "BT02"]}, "fields.number", "one value"),
    ({"number": {"at": "BT01", "when": {"REF01": "IA"}}}, "fields.number", "same segment"),
    ({"number": {"at": "BT01", "with": {"BT03": 1}}}, "fields.number", "tables of an element's path"),
    ({"total": {"at": "BT02", "codes": "x"}}, "fields.total", "`codes` are for texts"),
    ({"urgent": {"at": "BT03", "verb": False}}, "fields.urgent", "needs a verb"),
    ({"colors": ["BT01", "REF02"]}, "fields.colors", "one segment"),
    ({"colors": {"pairs": "REF01"}}, "fields.colors", "fill a list of records"),
    ({"references": {"pairs": "REF01", "also": "TD01"}}, "fields.references", "no `also`"),
    ({"depot": {"name": "REF02"}}, "fields.depot.name", "which the loop N1 does not have"),
    ({"depot": {"each": "XX", "name": "N102"}}, "fields.depot.each", "names the segment XX"),
    ({"references": {"at": "REF02"}}, "fields.references", "say what each item stands for"),
    ({"references": {"each": "REF", "kind": "BT01"}}, "fields.references", "its rows stand in it"),
    ({"references": {"each": "REF", "kind": "REF01", "needs": "BT01"}}, "fields.references.needs", "be an element"),
    ({"references": {"each": "REF", "value": "REF02"}}, "fields.references", "Reference.kind must be said"),
    ({"vendor": {"each": "REF"}}, "fields.vendor", "is no record"),
    ({"leave_out": ["number"]}, "fields.leave_out", "can be left out"),
])
def test_a_row_that_cannot_be_used_is_refused_with_its_file_and_its_name(
    rows: dict[str, Any], row: str, says: str
) -> None:
    with pytest.raises(GatewayError) as refused:
        fields(**rows)
    assert refused.value.kind.code == "mapping.map-wrong"
    assert refused.value.note.startswith(f"mappings/1.toml, row {row}: ")
    assert says in refused.value.note


@pytest.mark.parametrize(("layer", "row"), [
    ({"colour": 1}, "colour"), ({"set": 999}, "set"), ({"fields": 1}, "fields"),
    ({"always": {"CTT01": 1}}, "always.CTT01"),
    ({"always": {"CTT01": {"count": "x"}}}, "always.CTT01"), ({"always": {"CTT09": "1"}}, "always"),
    ({"codes": {"x": {"aa": "b"}}}, "codes.x"), ({"codes": {"x": {"AA": "B"}}}, "codes.x"),
    ({"codes": {"x": {"AA": "b", "write": {"b": "BB"}}}}, "codes.x"),
])
def test_a_file_that_cannot_be_used_is_refused_with_the_row_at_fault(layer: dict[str, Any], row: str) -> None:
    with pytest.raises(GatewayError) as refused:
        tour_map(layer)
    assert refused.value.note.startswith(f"mappings/1.toml, row {row}")
