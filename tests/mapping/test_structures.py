"""Levels that stand flat in a set and form a tree, shown on a set of our own: plots, their sacks, what is in them."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from edi_gateway import mapping
from edi_gateway.issues import Finding, GatewayError
from edi_gateway.mapping import Map, from_canonical, reference, to_canonical
from edi_gateway.mapping.compile import laid
from edi_gateway.model._parts import Noun, Number, Text, Value
from edi_gateway.x12 import spec
from tests.mapping.trees import SEPARATORS, text, tree


class Plot(Value):
    name: Text


class Sack(Value):
    label: Text | None = None
    color: Text | None = None
    seals: tuple[Text, ...] = ()


class Grain(Value):
    name: Text
    amount: Number | None = None
    unit: Text | None = None
    plot: int
    sack: int | None = None


class Harvest(Noun):
    number: Text
    farmer: Text | None = None
    dates: tuple[Plot, ...] = ()
    plots: tuple[Plot, ...] = ()
    sacks: tuple[Sack, ...] = ()
    grains: tuple[Grain, ...] = ()


SPECS: Mapping[str, Mapping[str, Any]] = {
    "specs/998/000001.toml": {
        "set": "998", "name": "Harvest", "group": "HA", "version": "000001",
        "structure": "ST M 1\nBH M 1\nDY O 5\nloop HL M >1\n  HL M 1\n  NA O 1\n  AM O 1\n  DY O 5\n  LB O >1\n"
                     "CTT O 1\nSE M 1",
        "tree": {"id": "HL01", "parent": "HL02", "level": "HL03"},
    },
    **{
        f"specs/x12/000001/{segment}.toml": {"name": segment, "elements": rows} for segment, rows in {
            "ST": "01 M 143 ID 3/3 Set\n02 M 329 AN 4/9 Control",
            "SE": "01 M 96 N0 1/10 Count\n02 M 329 AN 4/9 Control",
            "BH": "01 M 1 AN 1/9 Number\n02 O 2 ID 4/4 Structure",
            "HL": "01 M 628 AN 1/12 Id\n02 O 734 AN 1/12 Parent\n03 M 735 ID 1/2 Level",
            "NA": "01 M 93 AN 1/20 Name\n02 O 94 AN 1/20 Color",
            "AM": "01 M 380 R 1/10 Amount\n02 O 355 ID 2/2 Unit",
            "DY": "01 M 374 ID 3/3 Kind\n02 O 373 AN 1/8 Day",
            "LB": "01 M 88 ID 1/2 Kind\n02 O 87 AN 1/20 Label",
            "CTT": "01 M 354 N0 1/6 Levels",
        }.items()
    },
}
FIELDS: Mapping[str, Any] = {
    "number": "BH01",
    "farmer": "HL[H]/NA01",
    "dates": {"each": "HL[H]/DY", "also": "DY", "needs": "DY02", "name": "DY02", "always": {"DY01": "001"}},
    "plots": {"each": "HL[F]", "same": "name", "name": "NA01"},
    "sacks": {
        "each": "HL[S]", "same": ["label"], "label": "LB[NO]02", "color": "NA02", "always": {"NA01": "sack"},
        "seals": {"at": "LB[SE]02"},
    },
    "grains": {
        "each": "HL[G]", "plot": {"tree": "plots"}, "sack": {"tree": "sacks"}, "split": ["amount", "unit"],
        "name": "NA01", "amount": "AM01", "unit": "AM02",
    },
}
LAYER: Mapping[str, Any] = {
    "set": "998", "noun": "harvest", "fields": FIELDS, "always": {"CTT01": {"count": "HL"}},
    "structures": {
        "HFSG": {"BH02": "0001"}, "HFGS": {"BH02": "0002"}, "HSFG": {"BH02": "0003"}, "HFG": {"BH02": "0004"},
    },
}


def harvest_map(layer: Mapping[str, Any] | None = None) -> Map:
    made = laid([("mappings/998.toml", LAYER), ("mappings/more.toml", layer or {})], Harvest)
    made.plan(DEFINITION)
    return made


def definition() -> spec.Definition:
    found = spec.load(SPECS.get, "998", "000001")
    assert found
    return found


DEFINITION = definition()
MAP = harvest_map()


def structured(name: str, of: Map = MAP) -> Map:
    return replace(of, structure=name, _plans={})


def read(body: str, by: Map = MAP) -> Harvest:
    noun, findings = to_canonical(tree(DEFINITION, body), by)
    assert findings == ()
    assert isinstance(noun, Harvest)
    return noun


def faults(body: str) -> list[str]:
    _, findings = to_canonical(tree(DEFINITION, body), MAP)
    return [f"{one.kind} {one.position}" for one in findings]


def written(noun: Harvest, structure: str, by: Map = MAP) -> str:
    found, findings = from_canonical(noun, structured(structure, by), DEFINITION, SEPARATORS)
    assert findings == ()
    assert found
    return text(found).replace("\n", "~")


def refused(noun: Harvest, structure: str, by: Map = MAP) -> tuple[Finding, ...]:
    found, findings = from_canonical(noun, structured(structure, by), DEFINITION, SEPARATORS)
    assert found is None
    return findings


def grain(name: str, amount: int | None, plot: int, sack: int | None = None, unit: str | None = "KG") -> Grain:
    said = None if amount is None else Decimal(amount)
    return Grain(name=name, amount=said, unit=None if amount is None else unit, plot=plot, sack=sack)


SHARED = Harvest(
    number="H1", plots=(Plot(name="North"), Plot(name="South")), sacks=(Sack(label="1"), Sack(label="2")),
    grains=(grain("rye", 3, 1, 1), grain("rye", 2, 1, 2), grain("oats", 4, 2, 2)),
)
BODIES = {
    "HFSG": "BH*H1*0001~HL*1**H~HL*2*1*F~NA*North~HL*3*2*S~NA*sack~LB*NO*1~HL*4*3*G~NA*rye~AM*3*KG~HL*5*2*S~NA*sack~"
            "LB*NO*2~HL*6*5*G~NA*rye~AM*2*KG~HL*7*1*F~NA*South~HL*8*7*S~NA*sack~LB*NO*2~HL*9*8*G~NA*oats~AM*4*KG~CTT*9",
    "HFGS": "BH*H1*0002~HL*1**H~HL*2*1*F~NA*North~HL*3*2*G~NA*rye~AM*5*KG~HL*4*3*S~NA*sack~AM*3*KG~LB*NO*1~HL*5*3*S~"
            "NA*sack~AM*2*KG~LB*NO*2~HL*6*1*F~NA*South~HL*7*6*G~NA*oats~AM*4*KG~HL*8*7*S~NA*sack~AM*4*KG~LB*NO*2~CTT*8",
    "HSFG": "BH*H1*0003~HL*1**H~HL*2*1*S~NA*sack~LB*NO*1~HL*3*2*F~NA*North~HL*4*3*G~NA*rye~AM*3*KG~HL*5*1*S~NA*sack~"
            "LB*NO*2~HL*6*5*F~NA*North~HL*7*6*G~NA*rye~AM*2*KG~HL*8*5*F~NA*South~HL*9*8*G~NA*oats~AM*4*KG~CTT*9",
}


@pytest.mark.parametrize("name", BODIES)
def test_one_noun_is_written_in_every_structure_and_read_from_each(name: str) -> None:
    assert written(SHARED, name) == BODIES[name]
    assert read(BODIES[name]) == SHARED
    assert read(BODIES[name], structured("HFG")) == SHARED, "reading takes any structure"


def test_levels_that_nothing_stands_under_are_left_out_and_empty_ones_are_told() -> None:
    plots = (Plot(name="North"), Plot(name="South"))
    noun = Harvest(number="H1", plots=plots, sacks=(Sack(label="1"),), grains=(grain("rye", 3, 1),))
    body = written(noun, "HFSG")
    assert body.startswith("BH*H1*0001~HL*1**H~HL*2*1*F~NA*North~HL*3*2*G~NA*rye~AM*3*KG~HL*4*1*F~NA*South~HL*5*1*S")
    assert read(body) == noun


def test_without_a_word_from_the_partner_the_first_structure_is_written() -> None:
    assert MAP.structure == "HFSG"
    assert written(Harvest(number="H1", farmer="Ada"), MAP.structure) == "BH*H1*0001~HL*1**H~NA*Ada~CTT*1"


def test_lists_come_back_in_the_order_of_the_tree_and_nothing_is_lost() -> None:
    noun = SHARED.model_copy(update={"grains": SHARED.grains[::-1]})
    back = read(written(noun, "HFSG"))
    assert [plot.name for plot in back.plots] == ["South", "North"]
    told = [(one.name, back.plots[one.plot - 1].name, back.sacks[(one.sack or 0) - 1].label) for one in back.grains]
    assert told == [("oats", "South", "2"), ("rye", "North", "2"), ("rye", "North", "1")]
    assert read(written(back, "HFSG")) == back


def test_a_level_without_an_id_of_its_own_stands_at_one_place_only() -> None:
    noun = SHARED.model_copy(update={"sacks": (Sack(label="1"), Sack(color="red"))})
    (found,) = refused(noun, "HFSG")
    assert found.kind == "mapping.structure-unfit"
    assert found.note.startswith("sacks[1] stands at several places in the structure HFSG, and says none of label")
    assert read(written(noun, "HSFG")) == noun


def test_two_levels_of_one_id_under_different_parents_are_one() -> None:
    noun = SHARED.model_copy(update={"sacks": (Sack(label="1"), Sack(label="1"))})
    assert {one.kind for one in refused(noun, "HFSG")} == {"mapping.not-said"}


def test_two_levels_of_one_id_under_one_parent_are_two() -> None:
    body = "BH*H1~HL*1**H~HL*2*1*F~NA*North~HL*3*2*S~LB*NO*1~HL*4*2*S~LB*NO*1~HL*5*4*G~NA*rye"
    assert (len(read(body).sacks), read(body).grains[0].sack) == (2, 2)


def test_what_is_said_otherwise_of_the_same_level_is_a_remark() -> None:
    body = BODIES["HFSG"]
    for level, color in (("HL*5*2*S~NA*sack", "blue"), ("HL*8*7*S~NA*sack", "red")):
        body = body.replace(level, f"{level}*{color}")
    noun, findings = to_canonical(tree(DEFINITION, body), MAP)
    assert isinstance(noun, Harvest)
    assert noun.sacks[1].color == "blue"
    assert [(one.kind, one.severity, one.position) for one in findings] == [("mapping.said-twice", "warning", 20)]


def test_a_structure_says_only_the_levels_it_has() -> None:
    (found,) = refused(SHARED, "HFG")
    assert (found.kind, found.note) == ("mapping.structure-unfit", "the structure HFG has no level for sacks")
    told = harvest_map({"fields": {"leave_out": ["sacks"], "grains": {"leave_out": ["sack"]}}})
    assert written(SHARED, "HFG", told).endswith("HL*6*5*G~NA*oats~AM*4*KG~CTT*6")


def test_an_ordinal_of_nothing_is_a_fault() -> None:
    for sack in (0, 3, -1):
        noun = SHARED.model_copy(update={"grains": (grain("rye", 3, 1, sack),)})
        (found,) = refused(noun, "HFSG")
        assert found.note == f"grains[0].sack is {sack}, of 2 sacks"


ABOVE = "BH*H1~HL*1**H~HL*2*1*F~NA*North~HL*3*2*G~NA*rye"


@pytest.mark.parametrize(("body", "amounts"), [
    (f"{ABOVE}~AM*5*KG~HL*4*3*S~AM*3*KG~HL*5*3*S~AM*2*KG", [(3, 1), (2, 2)]),
    (f"{ABOVE}~AM*5*KG~HL*4*3*S", [(5, 1)]),
    (f"{ABOVE}~HL*4*3*S~AM*3*KG~HL*5*3*S~AM*2*KG", [(3, 1), (2, 2)]),
    (f"{ABOVE}~AM*5*KG~HL*4*3*X~HL*5*4*S~AM*3*KG~HL*6*4*S~AM*2", [(3, 1), (2, 2)]),
    (f"{ABOVE}~AM*5*KG~HL*4*3*S~AM*5*KG~HL*5*4*S~AM*3*KG~HL*6*4*S~AM*2*KG", [(3, 2), (2, 3)]),
])
def test_an_item_is_split_over_the_levels_below_it(body: str, amounts: list[tuple[int, int]]) -> None:
    assert [(int(one.amount or 0), one.sack) for one in read(body).grains] == amounts
    assert {(one.name, one.unit, one.plot) for one in read(body).grains} == {("rye", "KG", 1)}


@pytest.mark.parametrize(("below", "found"), [
    ("HL*4*3*S~AM*3*KG~HL*5*3*S~AM*3*KG", "mapping.parts-differ 6"),
    ("HL*4*3*S~AM*3*KG~HL*5*3*S", "mapping.parts-differ 6"),
    ("HL*4*3*S~AM*4*KG", "mapping.parts-differ 6"),
    ("HL*4*3*S~AM*3*KG~HL*5*3*S~AM*2*LB", "mapping.parts-differ 6"),
    ("HL*4*3*S~HL*5*3*S", "mapping.not-taken 6"),
])
def test_parts_that_do_not_make_up_their_item_are_told(below: str, found: str) -> None:
    assert faults(f"{ABOVE}~AM*5*KG~{below}") == [found]


def test_an_item_whose_parts_are_not_told_stays_whole() -> None:
    noun, _ = to_canonical(tree(DEFINITION, f"{ABOVE}~AM*5*KG~HL*4*3*S~HL*5*3*S"), MAP)
    assert isinstance(noun, Harvest)
    assert (noun.grains, len(noun.sacks)) == ((grain("rye", 5, 1),), 2)


def test_items_that_cannot_be_divided_or_are_twice_in_one_place_are_not_put_together() -> None:
    twice = (grain("rye", 3, 1, 1), grain("rye", 2, 1, 1), grain("oats", None, 1, 1), grain("oats", None, 1, 2))
    noun = SHARED.model_copy(update={"plots": SHARED.plots[:1], "grains": twice})
    assert written(noun, "HFGS").count("*G~") == 4
    assert read(written(noun, "HFGS")) == noun


def test_an_item_that_stands_under_nothing_it_needs_is_incomplete() -> None:
    for level in ("HL*2*1*G", "HL*2**G", "HL*2*7*G"):
        assert faults(f"BH*H1~HL*1**H~{level}~NA*rye") == ["mapping.noun-incomplete 4"]


def test_a_parent_that_comes_later_or_is_the_level_itself_is_none() -> None:
    assert faults("BH*H1~HL*1*2*G~NA*rye~HL*2**F~NA*North") == ["mapping.noun-incomplete 3"]
    assert faults("BH*H1~HL*1*1*G~NA*rye") == ["mapping.noun-incomplete 3"]


def test_a_list_is_read_at_several_places_and_written_at_the_first() -> None:
    noun = read("BH*H1~DY*001*mon~HL*1**H~DY*002*tue")
    assert noun.dates == (Plot(name="mon"), Plot(name="tue"))
    assert written(noun, "HFSG") == "BH*H1*0001~HL*1**H~DY*001*mon~DY*001*tue~CTT*1"


def test_a_reference_may_stand_in_a_level() -> None:
    of = tree(DEFINITION, "BH*H1~HL*1**H~LB*IA*7~HL*2*1*F~LB*IA*8")
    assert [reference(of, f"HL[{level}]/LB[IA]02") for level in "HFS"] == ["7", "8", None]


def test_codes_that_are_other_rows_matter_are_passed_over() -> None:
    class Label(Value):
        kind: Text
        value: Text

    class Bag(Value):
        number: Text | None = None
        labels: tuple[Label, ...] = ()

    class Shed(Noun):
        number: Text
        bags: tuple[Bag, ...] = ()

    labels = {"each": "LB", "unless": "NO", "kind": "LB01", "value": "LB02"}
    rows = {"number": "BH01", "bags": {"each": "HL[S]", "number": "LB[NO]02", "labels": labels}}
    by = laid([("m", {"set": "998", "noun": "shed", "fields": rows, "structures": {"HS": {}}})], Shed)
    noun, _ = to_canonical(tree(DEFINITION, "BH*H1~HL*1**H~HL*2*1*S~LB*NO*7~LB*SE*8"), by)
    assert noun == Shed(number="H1", bags=(Bag(number="7", labels=(Label(kind="SE", value="8"),)),))
    found, findings = from_canonical(noun, by, DEFINITION, SEPARATORS)
    assert (findings, found and text(found).splitlines()[-2:]) == ((), ["LB*NO*7", "LB*SE*8"])
    said = Shed(number="H1", bags=(Bag(labels=(Label(kind="NO", value="8"),)),))
    assert from_canonical(said, by, DEFINITION, SEPARATORS)[1][0].kind == "mapping.not-said"


@pytest.mark.parametrize(("layer", "row", "note"), [
    ({"structures": {"HXG": {}}}, "structures.HXG", "each of F, G, S"),
    ({"structures": {"HFF": {}}}, "structures.HFF", "once or never"),
    ({"structures": {"FSG": {}}}, "structures.FSG", "document's own level"),
    ({"structures": {"HFS": {}}}, "structures.HFS", "and only one"),
    ({"structures": {"HGFS": {}}}, "structures.HGFS", "one level at most"),
    ({"structures": {"HFSG": {"BX01": "1"}}}, "structures.HFSG", "BX"),
    ({"structures": {"HFSG": "0001"}}, "structures.HFSG", "table of constants"),
    ({"structures": dict.fromkeys(LAYER["structures"], False)}, "structures", "a map has structures"),
    ({"fields": {"grains": {"plot": {"tree": "dates"}}}}, "fields.grains.plot", "'dates' is no other list"),
    ({"fields": {"grains": {"plot": {"tree": "grains"}}}}, "fields.grains.plot", "'grains' is no other list"),
    ({"fields": {"grains": {"plot": {"tree": "plots", "at": "NA01"}}}}, "fields.grains.plot", "stands alone"),
    ({"fields": {"grains": {"name": {"tree": "plots"}}}}, "fields.grains.name", "one whole number"),
    ({"fields": {"grains": {"split": ["name"]}}}, "fields.grains.split", "no number"),
    ({"fields": {"grains": {"split": ["weight"]}}}, "fields.grains.split", "no field with a row"),
    ({"fields": {"grains": {"amount": {"at": "AM01", "when": {"AM02": "KG"}}}}}, "fields.grains.split", "one plain"),
    ({"fields": {"dates": {"same": ["name"]}}}, "fields.dates", "for levels of a tree"),
    ({"always": {"CTT01": {"count": "NA"}}}, "always.CTT01", "only the segment of the set's tree"),
])
def test_rows_of_a_tree_that_cannot_be_right_are_refused_with_their_name(
    layer: Mapping[str, Any], row: str, note: str
) -> None:
    with pytest.raises(GatewayError, match=note) as raised:
        harvest_map(layer)
    assert raised.value.context["row"] == row


def loaded(partner: Mapping[str, Any]) -> Map:
    rows = {
        **dict.fromkeys(("group_code", "group_control", "verdict", "included", "received", "accepted"), "BH01"),
        "sets": {"each": "HL[G]", "set": "NA01", "control": "NA01", "verdict": "NA01"},
    }
    layer = {"set": "998", "noun": "acknowledgment", "fields": rows, "structures": {"HG": {}, "XG": {}}}
    files = {**SPECS, "mappings/998.toml": layer, "mappings/partners/acme/partner.toml": partner}
    found = mapping.load(files.get, "998", "000001", "acme")
    assert found
    return found


def test_the_partner_says_the_structure() -> None:
    assert loaded({}).structure == "HG"
    assert loaded({"structure": {"998": "XG", "999": "Q"}}).structure == "XG"


@pytest.mark.parametrize("said", ["GX", "", 7, ["HG"]])
def test_a_structure_that_the_map_does_not_have_is_refused_with_its_file(said: object) -> None:
    with pytest.raises(GatewayError, match=r"partner\.toml: structure\.998: .* none of those mapped: HG, XG") as raised:
        loaded({"structure": {"998": said}})
    assert raised.value.kind.code == "mapping.partner-wrong"
