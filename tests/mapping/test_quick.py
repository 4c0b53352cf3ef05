"""The law of the quick way: it gives what the careful walk and `model_validate` give, or leaves the set to them."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel, Field, ValidationError, field_validator

from benchmarks import inputs
from edi_gateway import discover, model
from edi_gateway.mapping import Map, from_canonical, to_canonical
from edi_gateway.mapping import units as module
from edi_gateway.mapping.memo import Unusual
from edi_gateway.mapping.reading import Walk, carefully
from edi_gateway.mapping.units import Units
from edi_gateway.model import Noun
from edi_gateway.model._making import maker
from edi_gateway.model._parts import Number, ProductId, Text, Value
from edi_gateway.x12.pieces import Places
from edi_gateway.x12.read import Tree, read
from tests.mapping.test_round_trip import acknowledgments, orders, responses
from tests.mapping.trees import SEPARATORS, definition, mapped, tree
from tests.sets.test_810 import invoices
from tests.sets.test_846 import reports
from tests.sets.test_856 import MAPS as STRUCTURES
from tests.sets.test_856 import shipments
from tests.x12 import generator
from tests.x12.workshop import transactions

SETS = ("810", "846", "850", "855", "997")
NOUNS = {
    **dict(zip(SETS, (invoices, reports, orders, responses, acknowledgments), strict=True)),
    **{f"856 {name}": shipments(name) for name in STRUCTURES},
}
MAPS = {set_id: mapped(set_id) for set_id in SETS} | {f"856 {name}": by for name, by in STRUCTURES.items()}

# What may be put into any element of a tree, and what may happen to a segment of it.
TEXTS = st.sampled_from(["", " ", "  ", "\x85", "\u2003x", "é", "x" * 40, "ST", "st", "0", "-1.50", "1e3", "12345678"])
ORDER = "BEG*00*SA*4711**20260302~PO1*1*2*EA*9.50**UP*012345678905~PID*F****CHAIR~CTT*1~"


def both(of: Tree, by: Map) -> bool:
    """Holds the law for one tree, read place by place; whether it went the quick way."""
    quick = by.plan(of.definition).quick
    assert quick is not None
    noun, findings = carefully(of, by)
    try:
        made = quick.read(of._replace(tidy=lambda: False))
    except (Unusual, ValidationError):
        return False
    assert findings == ()
    assert made == noun
    assert same(made, noun)
    return True


def by_unit(of: Tree, by: Map, learned: Tree) -> bool:
    """Holds the law for a tree, read unit by unit by who knows those of another; whether it went that way."""
    plan = by.plan(of.definition)
    assert plan.quick is not None
    units = Units(plan.sheet, plan.steps, of.definition, plan.quick.whole)
    units.learn(learned)
    units.by_unit(learned)
    made = units.by_unit(of)
    if made is None:
        return False
    noun, findings = carefully(of, by)
    assert findings == ()
    assert made == noun
    assert same(made, noun)
    return True


def tidied(of: Tree) -> Tree:
    """The tree with other texts in place of all that are not tidy."""
    return of._replace(segments=[[tidy(text) for text in row] for row in of.segments], tidy=lambda: True)


def tidy(text: str) -> str:
    return text if is_tidy(text) else "".join(letter if "!" <= letter <= "~" else "?" for letter in text)


def is_tidy(text: str) -> bool:
    return text.isascii() and text.isprintable() and text[:1] != " "


def same(one: Any, other: Any) -> bool:
    """Whether two values are alike to the last digit and the type of every field."""
    if isinstance(one, BaseModel):
        named = [*vars(one)] == [*vars(other)] == [*type(one).model_fields]
        return type(one) is type(other) and named and all(map(same, vars(one).values(), vars(other).values()))
    if isinstance(one, tuple):
        return type(other) is tuple and len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and repr(one) == repr(other)


def written(noun: Noun, by: Map) -> Tree:
    of, findings = from_canonical(noun, by, definition(by.set), SEPARATORS)
    assert of is not None, findings
    return of


@pytest.mark.parametrize("set_id", NOUNS)
@settings(max_examples=40)
@given(data=st.data())
def test_a_set_in_normal_form_goes_the_quick_way_and_says_what_it_says_with_care(
    set_id: str, data: st.DataObject
) -> None:
    of = written(data.draw(NOUNS[set_id]), MAPS[set_id])
    both(of, MAPS[set_id])
    by_unit(tidied(of), MAPS[set_id], learned=tidied(of))
    assert to_canonical(of, MAPS[set_id]) == carefully(of, MAPS[set_id])


@pytest.mark.parametrize("set_id", NOUNS)
@settings(max_examples=80)
@given(data=st.data())
def test_whatever_stands_in_a_set_both_ways_say_the_same_or_the_quick_one_says_nothing(
    set_id: str, data: st.DataObject
) -> None:
    of = written(data.draw(NOUNS[set_id]), MAPS[set_id])
    segments, places = [list(row) for row in of.segments], list(of.places)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(1, len(segments) - 1))
        what = data.draw(st.sampled_from(["text", "text", "twice", "gone", "short", "long"]))
        if what == "text" and len(segments[at]) > 1:
            segments[at][data.draw(st.integers(1, len(segments[at]) - 1))] = data.draw(TEXTS)
        elif what == "twice":
            segments.insert(at, list(segments[at]))
            places.insert(at, places[at])
        elif what == "gone" and len(segments) > 2:
            del segments[at], places[at]
        elif what == "short":
            segments[at] = segments[at][:max(1, len(segments[at]) - 1)]
        else:
            segments[at] += [data.draw(TEXTS) for _ in range(data.draw(st.integers(1, 30)))]
    changed = Tree(of.definition, segments, of.places if places == of.places else places, of.separators)
    both(changed, MAPS[set_id])
    by_unit(tidied(changed), MAPS[set_id], learned=tidied(data.draw(st.sampled_from([of, changed]))))
    assert to_canonical(changed, MAPS[set_id]) == carefully(changed, MAPS[set_id])


def test_an_ordinary_set_goes_the_quick_way() -> None:
    assert both(tree(definition("850"), ORDER), MAPS["850"])


@pytest.mark.parametrize(("was", "now"), [
    ("9.50", "1e3"), ("9.50", "9" * 31), ("9.50", "9" * 39), ("9.50", "NaN"), ("9.50", "1_0"), ("9.50", "9,50"),
    ("9.50", "9.50\n"), ("9.50", " 9.50"), ("9.50", "\u0669"), ("9.50", "-"), ("9.50", "Infinity"),
    ("20260302", "20260230"), ("*4711", "*"), ("*SA*", "* *"),
    ("PID*F****CHAIR~", "PID*F****CHAIR~PID*F****TABLE~"), ("*012345678905", ""), ("PO1*", "LIN*"),
])
def test_what_calls_for_a_word_goes_the_careful_way(was: str, now: str) -> None:
    of = tree(definition("850"), ORDER.replace(was, now).replace("LIN*", "REF*"))
    assert not both(of, MAPS["850"])
    assert to_canonical(of, MAPS["850"]) == carefully(of, MAPS["850"])


@pytest.mark.parametrize(("was", "now"), [
    ("~PO1*1*2*EA*9.50**UP*012345678905~", "~PO1*1*2*EA*9.50~"), ("*012345678905~", "*012345678905*VN*47~"),
    ("PID*F****CHAIR~", ""), ("PID*F****CHAIR~", "PID*F~"), ("PID*F****CHAIR~", "PID*F****CHAIR~REF*VR*1~REF*VR*2~"),
    ("PID*F****CHAIR~", "PID*F****CHAIR~PID*F****CHAIR~"), ("PO1*", "CUR*BY*USD~PO1*"), ("UP*0", "UP**VN*0"),
    ("*4711*", "*4711*7*"), ("PO1*", "N1*ST*A STORE~N3*1 LONG ROAD*GATE 2~N3*BACK DOOR~PER*BD**TE*1*EM*a@b~PO1*"),
])
def test_a_set_that_differs_from_all_known_is_read_for_what_it_says_and_known_from_then_on(was: str, now: str) -> None:
    first, other = tidied(tree(definition("850"), ORDER)), tidied(tree(definition("850"), ORDER.replace(was, now, 1)))
    assert not by_unit(other, MAPS["850"], learned=first)
    if both(other, MAPS["850"]):
        assert by_unit(other, MAPS["850"], learned=other)


def test_a_level_that_says_another_code_is_no_known_unit() -> None:
    told = "BSN*00*1*20260302*0930~HL*1**S~HL*2*1*O~PRF*4711~HL*3*2*P~MAN*GM*004000000000000015~"
    told += "HL*4*3*I~LIN**UP*1~SN1**2*EA~"
    of = [tidied(tree(definition("856"), told.replace("MAN*GM", f"MAN*{code}"))) for code in ("GM", "CP", "UC", "SM")]
    by = MAPS["856 SOPI"]
    assert all(by_unit(one, by, learned=one) for one in of)
    assert [by_unit(one, by, learned=of[2]) for one in of] == [False, False, True, True]


@pytest.mark.parametrize("segment", ["DTM*001*20260302~", "REF*BM*1~", "MAN*SM*1~"])
def test_a_level_that_stands_again_with_more_segments_is_told_from_what_it_was(segment: str) -> None:
    carton = "MAN*GM*004000000000000015~"
    once = segment + carton if segment.startswith("REF") else carton + segment
    again = once.replace(segment, 2 * segment)
    told = "BSN*00*1*20260302*0930~HL*1**S~HL*2*1*O~PRF*4711~HL*3*2*P~{}HL*4*3*I~LIN**UP*1~SN1**2*EA~"
    told += "HL*5*1*O~PRF*4712~HL*6*5*P~{}HL*7*6*I~LIN**UP*1~SN1**2*EA~"
    by = MAPS["856 SOPI"]
    same, other = (tidied(tree(definition("856"), told.format(once, second))) for second in (once, again))
    assert by_unit(same, by, learned=same)
    assert by_unit(other, by, learned=other) == both(other, by)


def test_units_are_learned_from_what_comes_and_a_tidy_set_is_then_read_by_them() -> None:
    by = MAPS["850"]
    plan, of = by.plan(definition("850")), tidied(tree(definition("850"), ORDER))
    assert plan.quick is not None
    units = Units(plan.sheet, plan.steps, of.definition, plan.quick.whole)
    read = [units.by_unit(of) is not None for _ in range(3)]
    assert read == [False, False, True]
    assert units.read(of) == carefully(of, by)[0]
    assert "def read(tree, units):" in units.source


@pytest.mark.parametrize(("set_id", "content"), [("850", inputs.varied_orders(0.1)), ("856", inputs.shipments(0.1))])
@pytest.mark.parametrize("remembered", [0, 1, 1_000])
def test_sets_of_any_shape_are_read_by_the_units_of_the_pieces_they_are_put_together_of(
    set_id: str, content: bytes, remembered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PIECES_MAX", remembered)
    by, table = mapped(set_id), generator.table(set_id, "004010")
    quick = by.plan(table.definition).quick
    assert quick is not None
    read_by_unit = 0
    for transaction in transactions(content):
        of = read(transaction, table).tree
        assert of is not None
        assert isinstance(of.places, Places)
        assert len(of.places.pieces) > 1
        made = quick.by_unit(of)
        read_by_unit += made is not None
        assert to_canonical(of, by) == carefully(of, by)
        assert made is None or same(made, carefully(of, by)[0])
    assert read_by_unit > 20


def test_what_is_made_the_quick_way_is_a_noun_like_any_other() -> None:
    of = tree(definition("850"), ORDER)
    made, _ = to_canonical(of, MAPS["850"])
    checked = MAPS["850"].noun.model_validate(Walk(of).read(MAPS["850"].plan(of.definition).steps))
    assert made is not None
    assert hash(made.model_dump_json()) == hash(checked.model_dump_json())
    assert (repr(made), made.as_json()) == (repr(checked), checked.as_json())
    assert made == checked == type(made).from_json(made.as_json())
    assert made.model_copy(update={"number": "12"}) == checked.model_copy(update={"number": "12"})
    with pytest.raises(ValidationError, match="frozen"):
        made.number = "12"  # type: ignore[attr-defined]


def test_the_code_that_runs_can_be_read_and_names_every_field_of_the_noun() -> None:
    quick = MAPS["850"].plan(definition("850")).quick
    assert quick is not None
    assert quick.source.startswith("def read(tree):\n")
    assert all(repr(name) in quick.source for name in MAPS["850"].noun.model_fields)


def test_every_noun_of_the_gateway_can_be_made_the_quick_way() -> None:
    assert [name for name in discover.names(model.__name__) if maker(model.noun(name)) is None] == []


class Short(Value):
    text: Annotated[str, Field(min_length=1, max_length=3)]


class Odd(Value):
    text: Annotated[Text, AfterValidator(str.upper)]


class Checked(Value):
    ids: tuple[ProductId, ...] = ()

    @field_validator("ids")
    @classmethod
    def _few(cls, ids: tuple[ProductId, ...]) -> tuple[ProductId, ...]:
        return ids[:1]


class Precise(Value):
    price: Annotated[Decimal, Field(max_digits=5)]


class Filled(Value):
    days: tuple[dt.date, ...] = Field(default_factory=tuple)


@pytest.mark.parametrize("cls", [Short, Odd, Checked, Precise, Filled])
def test_a_class_that_asks_for_more_than_is_promised_is_made_with_care(cls: type[Value]) -> None:
    assert maker(cls) is None


def test_the_validators_of_a_class_run_whoever_makes_its_values() -> None:
    made = maker(model.noun("shipment"))
    assert made is not None
    fields = dict.fromkeys(made.names, ()) | {"orders": (None,), "items": (Carried(carton=7),)}
    with pytest.raises(ValidationError, match="carton is 7"):
        made.one((fields, None, made.names))


class Carried(Value):
    order: int = 1
    carton: int | None = None
    pallet: int | None = None
    weight: Number | None = None
