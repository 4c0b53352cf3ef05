"""Texts as a partner can take them: only free text is changed, and never without a remark."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.issues import Finding
from edi_gateway.mapping import TextRules, from_canonical, to_canonical
from edi_gateway.model._parts import Party, ProductId, Reference
from edi_gateway.model.order import Order, OrderLine
from edi_gateway.x12.read import Tree
from edi_gateway.x12.spec import Element
from edi_gateway.x12.tokens import Separators
from tests.mapping.trees import SEPARATORS, SHELF, definition, mapped, text

DEFINITION, MAP = definition("850"), mapped("850")
ROWS = SHELF.rows("mappings/texts.toml") or {}
FREE, LETTERS = frozenset(ROWS["free"]), ROWS["letters"]
MARKS = SEPARATORS.all


def rules(**changes: Any) -> TextRules:
    return TextRules(**{"characters": "extended", "free": FREE, "letters": LETTERS, **changes})


def order(title: str | None = None, **changes: Any) -> Order:
    line = OrderLine(
        number="1", quantity=Decimal(2), unit="EA", price=Decimal("4.50"), title=title,
        product_ids=(ProductId(kind="upc", value="000000000017"),),
    )
    first = Order(purpose="original", type="new_order", number="PO-77", date=dt.date(2026, 3, 2), lines=(line,))
    return first.model_copy(update=changes)


def written(noun: Order, by: TextRules) -> tuple[str, tuple[Finding, ...]]:
    tree, findings = from_canonical(noun, MAP, DEFINITION, SEPARATORS, by)
    assert tree, findings
    return text(tree), findings


def refused(noun: Order, by: TextRules) -> Finding:
    tree, (found,) = from_canonical(noun, MAP, DEFINITION, SEPARATORS, by)
    assert tree is None
    return found


@pytest.mark.parametrize(("changes", "said", "becomes"), [
    ({"unfit": "replace"}, "Café crème", "Cafe creme"),
    ({"unfit": "replace"}, "Cafe\u0301", "Cafe"),
    ({"unfit": "replace"}, "Smørebrød “Ærø” – ½ l…", 'Smorebrod "AEro" - 1/2 l...'),
    ({"unfit": "replace"}, "Frame 5*7", "Frame 5 7"),
    ({"unfit": "replace"}, "Red\tmug\nlarge", "Red mug large"),
    ({"unfit": "replace"}, "東京 mug", "mug"),
    ({"unfit": "replace", "replacement": "?"}, "東京 mug", "?? mug"),
    ({"unfit": "replace", "replacement": ""}, "mug東 red", "mug red"),
    ({"unfit": "replace", "characters": "basic"}, "Mug #7 è", "MUG  7 E"),
    ({"unfit": "replace", "characters": "ascii"}, "Mug ^ é", "Mug ^ e"),
    ({"unfit": "replace", "characters": "utf-8"}, "Café 5*7", "Café 5 7"),
    ({"unfit": "cut"}, "x" * 81, "x" * 80),
    ({"unfit": "cut"}, "x" * 79 + " y", "x" * 79),
    ({"unfit": "cut", "upper_case": True}, "ß" * 60, "S" * 80),
    ({"upper_case": True}, "Red mug", "RED MUG"),
], ids=str)
def test_a_free_text_is_changed_by_the_rules_and_the_remark_tells_both(
    changes: dict[str, Any], said: str, becomes: str
) -> None:
    body, (remark,) = written(order(said), rules(**changes))
    assert f"PID*F****{becomes}" in body.splitlines()
    assert (remark.kind, remark.severity, remark.value) == ("mapping.text-changed", "warning", said)
    assert remark.note == f"lines[0].title was {said!r} and is sent as {becomes!r}"
    assert (remark.segment, remark.element, remark.loop) == ("PID", 5, "PO1/PID")


@pytest.mark.parametrize(("changes", "said", "kind", "why"), [
    ({}, "Café", "mapping.does-not-fit", "it holds 'é', which is none of the partner's characters (extended)"),
    ({}, "x" * 81, "mapping.does-not-fit", "it has 81 characters"),
    ({}, "Frame 5*7", "mapping.holds-separator", "separator"),
    ({}, "a^b", "mapping.does-not-fit", "it holds '^'"),
    ({"characters": "basic"}, "Mug", "mapping.does-not-fit", "it holds 'u'"),
    ({"characters": "ascii"}, "Café", "mapping.does-not-fit", "it holds 'é'"),
    ({"unfit": "replace"}, "x" * 81, "mapping.does-not-fit", "it has 81 characters"),
    ({"unfit": "replace"}, "東京", "mapping.does-not-fit", "it holds '東'"),
    ({"unfit": "cut", "free": frozenset()}, "Café", "mapping.does-not-fit", "it holds 'é'"),
], ids=str)
def test_without_a_rule_to_change_it_a_text_is_refused(
    changes: dict[str, Any], said: str, kind: str, why: str
) -> None:
    found = refused(order(said), rules(**changes))
    assert found.kind == kind
    assert why in found.note


@pytest.mark.parametrize("changes", [
    {"number": "PÖ-77"}, {"number": "x" * 23}, {"contract": "C*1"},
    {"references": (Reference(kind="vendor_number", value="Ä1"),)},
    {"parties": (Party(role="ship_to", name="A", id_kind="buyer_assigned", id="№ 7"),)},
    {"parties": (Party(role="ship_to", name="A", postal_code="1é0"),)},
    {"lines": (OrderLine(number="1", product_ids=(ProductId(kind="upc", value="é1"),)),)},
], ids=str)
def test_an_id_that_does_not_fit_is_refused_by_every_rule(changes: dict[str, Any]) -> None:
    for unfit in ("refuse", "replace", "cut"):
        found = refused(order(**changes), rules(unfit=unfit, upper_case=True))
        assert found.kind in ("mapping.does-not-fit", "mapping.holds-separator")


def test_ids_codes_and_numbers_are_not_put_in_upper_case() -> None:
    body, remarks = written(order("mug", number="po-77"), rules(upper_case=True))
    assert "BEG*00*NE*po-77**20260302" in body
    assert [remark.value for remark in remarks] == ["mug"]


def test_every_text_of_a_list_has_its_own_element_and_its_own_remark() -> None:
    party = Party(role="ship_to", name="Zoë", address=("1 Rue Été", "x" * 60, "Plain"), city="Orléans")
    body, remarks = written(order(parties=(party,), notes=("Fragile", "Très")), rules(unfit="cut"))
    assert body.splitlines()[1:7] == [
        "N9*L1*NOTES", "MSG*Fragile", "MSG*Tres", "N1*ST*Zoe", f"N3*1 Rue Ete*{'x' * 55}", "N3*Plain",
    ]
    assert [remark.note.partition(" was ")[0] for remark in remarks] == [
        "notes[1]", "parties[0].name", "parties[0].address[0]", "parties[0].address[1]", "parties[0].city",
    ]


def test_a_text_that_fits_is_left_alone_to_the_last_blank() -> None:
    body, remarks = written(order(" Red  mug "), rules(unfit="cut"))
    assert "PID*F**** Red  mug " in body
    assert remarks == ()


def test_separators_of_the_partner_are_none_of_their_characters() -> None:
    tree, (remark,) = from_canonical(
        order("a|b*c"), MAP, DEFINITION, Separators("|", "^", "!"), rules(unfit="replace")
    )
    assert tree
    assert remark.note.endswith("is sent as 'a b*c'")


def test_a_document_of_very_many_changes_says_how_many_more_there_are() -> None:
    body, remarks = written(order(lines=order("é").lines * 1005), rules(unfit="replace"))
    assert body.count("PID*F****e") == 1005
    assert (len(remarks), remarks[-1].note) == (1001, "5 more texts were changed")


def test_the_letters_of_the_house_can_be_said_in_ascii() -> None:
    assert [letter for letter, way in LETTERS.items() if len(letter) != 1 or not way.isascii()] == []


@given(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=120),
    st.sampled_from(["basic", "extended", "ascii", "utf-8"]), st.sampled_from(["refuse", "replace", "cut"]),
    st.booleans(),
)
def test_what_is_written_is_what_the_remark_tells_and_holds_only_what_the_partner_takes(
    title: str, characters: Any, unfit: Any, upper_case: bool
) -> None:
    by = rules(characters=characters, unfit=unfit, upper_case=upper_case)
    noun = order(title, number="77", lines=(OrderLine(number="1", title=title),))
    tree, findings = from_canonical(noun, MAP, DEFINITION, SEPARATORS, by)
    if tree is None:
        assert all(found.severity == "error" for found in findings)
        return
    said = _title(tree)
    assert by.fault(said) is None
    assert not set(MARKS) & set(said)
    assert [found.note for found in findings] == (
        [f"lines[0].title was {title!r} and is sent as {said!r}"] if said != title else []
    )
    assert said == title or upper_case or unfit != "refuse"


@given(st.text(max_size=100), st.sampled_from(["replace", "cut"]))
def test_fitting_twice_changes_nothing_more(said: str, unfit: Any) -> None:
    element, by = Element(5, "352", "", "O", "AN", 1, 80), rules(unfit=unfit, upper_case=True)
    once = by.fitted(said, element, MARKS)
    assert by.fitted(once, element, MARKS) == once


def _title(tree: Tree) -> str:
    noun, _ = to_canonical(tree, MAP)
    assert isinstance(noun, Order)
    return noun.lines[0].title or ""
