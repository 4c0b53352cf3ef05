"""The law of the mapping: what is written is read back as it was, or a finding says why it cannot be."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from edi_gateway.mapping import from_canonical, to_canonical
from edi_gateway.model import Noun
from edi_gateway.model._parts import Contact, ContactWay, DatedEvent, Party, ProductId, Reference, Terms
from edi_gateway.model.acknowledgment import Acknowledgment, ElementFault, SegmentFault, SetAnswer
from edi_gateway.model.order import Order, OrderLine
from edi_gateway.model.order_response import LineAnswer, OrderResponse, ResponseLine
from tests.mapping.trees import SEPARATORS, definition, mapped

DEFINITIONS = {set_id: definition(set_id) for set_id in ("850", "855", "997")}
MAPS = {set_id: mapped(set_id) for set_id in DEFINITIONS}

# The normal form: what a document can say. Texts hold no separator and no control character, are not
# blank and fit their elements; kinds are words of the tables, or codes of the standard without a word;
# numbers have no more digits than their element; times are exact to hundredths of a second.

LETTERS = st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp"), exclude_characters="*~>")


def texts(longest: int, shortest: int = 1) -> st.SearchStrategy[str]:
    return st.text(LETTERS, min_size=shortest, max_size=longest).filter(lambda text: not text.isspace())


def kinds(table: str, *codes: str) -> st.SearchStrategy[str]:
    return st.sampled_from([*MAPS["850"].tables[table].codes, *codes])


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def many(values: st.SearchStrategy[Any], most: int = 2, least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, min_size=least, max_size=most).map(tuple)


def numbers(digits: int) -> st.SearchStrategy[Decimal]:
    high = 10 ** (digits - 4)
    return st.decimals(-high + 1, high - 1, places=3) | st.integers(-high, high).map(Decimal)


def cents(digits: int) -> st.SearchStrategy[Decimal]:
    return st.integers(-(10**digits) + 1, 10**digits - 1).map(lambda amount: Decimal(amount).scaleb(-2))


dates = st.dates(dt.date(1900, 1, 1))
times = st.times().map(lambda time: time.replace(microsecond=time.microsecond // 10_000 * 10_000))
percents = st.decimals(0, 999, places=2)
# A segment says at least something, so the kind of the terms is always there here.
terms = many(st.builds(
    Terms, type=kinds("terms_type", "10"), basis=maybe(kinds("terms_basis", "6")), percent=maybe(percents),
    discount_amount=maybe(cents(10)), discount_days=maybe(st.integers(0, 999)), discount_date=maybe(dates),
    net_days=maybe(st.integers(0, 999)), due_date=maybe(dates), description=maybe(texts(80)),
))
references = many(st.builds(
    Reference, kind=kinds("reference", "ZA", "1V"), value=texts(30), description=maybe(texts(80)),
))
contacts = many(st.builds(
    Contact, role=kinds("contact_role", "AC"), name=maybe(texts(60)),
    ways=many(st.builds(ContactWay, kind=kinds("contact_way", "TL"), value=texts(80))),
))
events = many(st.builds(DatedEvent, kind=kinds("date", "050"), date=dates, time=maybe(times)))
products = many(st.builds(ProductId, kind=kinds("product_id", "ZZ"), value=texts(48)), 10)
parties = many(st.builds(
    Party, role=kinds("party_role", "31"), name=maybe(texts(60)), id_kind=maybe(kinds("party_id", "93")),
    id=maybe(texts(80, 2)), more_names=many(texts(60), 4), address=many(texts(55), 4), city=maybe(texts(30, 2)),
    state=maybe(texts(2, 2)), postal_code=maybe(texts(15, 3)), country=maybe(texts(3, 2)),
    references=references, contacts=contacts,
))
lines = {
    "number": texts(20), "quantity": maybe(numbers(15)), "unit": maybe(st.sampled_from(["EA", "CA"])),
    "price": maybe(numbers(17)), "price_basis": maybe(st.just("PE")), "product_ids": products,
    "title": maybe(texts(80)),
}
orders = st.builds(
    Order, purpose=kinds("purpose", "18"), type=kinds("order_type", "ZZ"), number=texts(22), release=maybe(texts(30)),
    date=dates, contract=maybe(texts(30)), currency=maybe(texts(3, 3)), shipping_method=maybe(texts(35)),
    references=references, contacts=contacts, terms=terms, dates=events, notes=many(texts(264)), parties=parties,
    lines=many(st.builds(OrderLine, **lines, references=references, dates=events, notes=many(texts(264))), least=1),
)
answers = many(st.builds(
    LineAnswer, decision=kinds("line_decision", "AA"), quantity=maybe(numbers(15)), unit=maybe(st.just("EA")),
    date_kind=maybe(kinds("date", "050")), date=maybe(dates), product_ids=products,
))
responses = st.builds(
    OrderResponse, purpose=kinds("purpose", "18"), decision=kinds("decision", "ZZ"), number=texts(22), date=dates,
    release=maybe(texts(30)), seller_number=maybe(texts(30)), answered=maybe(dates), currency=maybe(texts(3, 3)),
    references=references, dates=events, parties=parties, lines=many(st.builds(ResponseLine, **lines, answers=answers)),
)
counts = st.integers(0, 999_999)
element_faults = st.builds(
    ElementFault, position=st.integers(1, 99), component=maybe(st.integers(1, 99)),
    reference=maybe(st.integers(1, 9999).map(str)), code=st.sampled_from("1234567"), value=maybe(texts(99)),
)
segment_faults = st.builds(
    SegmentFault, segment=texts(3, 2), position=st.integers(1, 999_999), loop=maybe(texts(4)),
    code=maybe(st.sampled_from("12345678")), elements=many(element_faults),
)
set_answers = st.builds(
    SetAnswer, set=st.just("855"), control=texts(9, 4), verdict=st.sampled_from(["accepted", "rejected", "M"]),
    codes=many(st.sampled_from(["1", "5", "23"]), 5), faults=many(segment_faults),
)
acknowledgments = st.builds(
    Acknowledgment, group_code=st.just("PR"), group_control=st.integers(1, 999_999_999).map(str),
    verdict=st.sampled_from(["accepted", "partly_accepted", "X"]),
    included=counts, received=counts, accepted=counts, codes=many(st.sampled_from(["2", "5"]), 5),
    sets=many(set_answers),
)


def there_and_back(noun: Noun, set_id: str) -> None:
    tree, findings = from_canonical(noun, MAPS[set_id], DEFINITIONS[set_id], SEPARATORS)
    assert findings == ()
    assert tree is not None
    assert to_canonical(tree, MAPS[set_id])[0] == noun


@given(orders)
def test_an_order_in_normal_form_is_read_as_it_was_written(noun: Order) -> None:
    there_and_back(noun, "850")


@given(responses)
def test_a_response_in_normal_form_is_read_as_it_was_written(noun: OrderResponse) -> None:
    there_and_back(noun, "855")


@given(acknowledgments)
def test_an_acknowledgment_in_normal_form_is_read_as_it_was_written(noun: Acknowledgment) -> None:
    there_and_back(noun, "997")


@settings(max_examples=25)
@given(orders)
def test_a_noun_survives_its_json(noun: Order) -> None:
    assert Order.from_json(noun.as_json()) == noun


@pytest.mark.parametrize(("nouns", "set_id"), [(orders, "850"), (responses, "855"), (acknowledgments, "997")])
@given(data=st.data())
def test_any_noun_is_read_as_it_was_written_or_a_finding_says_why_not(
    nouns: st.SearchStrategy[Noun], set_id: str, data: st.DataObject
) -> None:
    said = spoilt(data.draw(nouns), data)
    tree, findings = from_canonical(said, MAPS[set_id], DEFINITIONS[set_id], SEPARATORS)
    if tree is None:
        assert [found for found in findings if found.severity == "error" and found.kind.startswith("mapping.")]
    else:
        assert to_canonical(tree, MAPS[set_id])[0] == said


WILD: dict[type, st.SearchStrategy[Any]] = {
    str: st.text(min_size=1, max_size=30)
    | st.sampled_from(["ST", "st", "IA", "ship_to", "a*b", "a>b", "a~b", " ", " x ", "00", "x" * 99, "1.5", "-0", "ß"]),
    int: st.integers(),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False).filter(lambda number: abs(number.adjusted()) < 30),
    dt.date: st.dates(),
    dt.time: st.times(timezones=st.none() | st.just(dt.UTC)),
}


def spoilt(noun: Noun, data: st.DataObject) -> Noun:
    """The noun with a value or two anywhere in it replaced by any other of its type."""
    row = noun.model_dump()
    leaves = list(_leaves(row))
    for holder, key in data.draw(st.lists(st.sampled_from(leaves), min_size=1, max_size=2)):
        holder[key] = data.draw(WILD[type(holder[key])])
    try:
        return type(noun).model_validate(row)
    except ValidationError:
        reject()


def _leaves(value: Any) -> Iterator[tuple[dict[str, Any], str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if type(inner) in WILD:
                yield value, key
            yield from _leaves(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _leaves(inner)
