"""Advices and text messages of partners: written and read in both versions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway import ledger
from edi_gateway.ledger.facts import SentDocument
from edi_gateway.mapping import from_canonical, to_canonical
from edi_gateway.model.application_advice import Advice, AdviceFault, ApplicationAdvice
from edi_gateway.model.text_message import Message, TextMessage
from tests.mapping.test_round_trip import dates, kinds, many, maybe, texts
from tests.mapping.trees import SEPARATORS, definition, mapped

VERSIONS = ("004010", "005010")
MAPS = {(set_id, version): mapped(set_id, version=version) for set_id in ("824", "864") for version in VERSIONS}
RULES = {key: definition(*key) for key in MAPS}
TABLES = MAPS["824", "004010"].tables

faults = st.builds(
    AdviceFault, code=st.sampled_from([*TABLES["fault"].codes, "ZZZ"]), text=maybe(texts(60)),
    segment=maybe(st.sampled_from(["PO1", "N1"])), position=maybe(st.integers(1, 999_999)),
    element=maybe(st.integers(1, 99)), value=maybe(texts(99)), should_be=maybe(texts(99)), notes=many(texts(80)),
)
controls = st.tuples(
    st.integers(1, 999_999_999).map(str), st.integers(1, 9_999).map("{:04}".format), st.sampled_from(["855", "810"]),
)
advices = st.builds(
    lambda said, numbers: said.model_copy(
        update=dict(zip(("group_control", "set_control", "set"), numbers, strict=True)) if numbers else {}
    ),
    st.builds(
        Advice, verdict=st.sampled_from([*TABLES["advice"].codes]),
        kind=st.sampled_from([*TABLES["advised"].codes, "VN"]), number=texts(30), faults=many(faults),
    ),
    maybe(controls),
)
applications = st.builds(
    ApplicationAdvice, purpose=kinds("purpose"), number=texts(30), date=dates, advices=many(advices, least=1)
)
messages = st.builds(Message, number=texts(30), title=maybe(texts(80)), lines=many(texts(264), least=1))
text_messages = st.builds(
    TextMessage, purpose=kinds("purpose"), title=maybe(texts(80)),
    messages=many(messages, least=1),
)


@pytest.mark.parametrize("version", VERSIONS)
@given(said=applications)
def test_an_advice_is_read_as_it_was_written(version: str, said: ApplicationAdvice) -> None:
    plan, rules = MAPS["824", version], RULES["824", version]
    tree, findings = from_canonical(said, plan, rules, SEPARATORS)
    assert tree is not None, findings
    assert to_canonical(tree, plan) == (said, ())


@pytest.mark.parametrize("version", VERSIONS)
@given(said=text_messages)
def test_a_text_is_read_as_it_was_written(version: str, said: TextMessage) -> None:
    plan, rules = MAPS["864", version], RULES["864", version]
    tree, findings = from_canonical(said, plan, rules, SEPARATORS)
    assert tree is not None, findings
    assert to_canonical(tree, plan) == (said, ())


@given(applications, st.booleans())
def test_whatever_an_advice_says_its_troubles_are_bounded_and_one_a_document(
    said: ApplicationAdvice, known: bool
) -> None:
    ours = (SentDocument(5, "855", "0001", "delivered", None),) if known else ()
    posted = ledger.post(said, None, dict.fromkeys(ledger.needs(said), ours))
    assert len(posted.entries) == (len(said.advices) if known else 0)
    assert all(len(trouble.note) <= 2_000 for trouble in posted.troubles)
    if known:
        assert len(posted.troubles) == any(fact.document_state == "reopened" for fact in posted.entries)
    else:
        assert {trouble.kind.code for trouble in posted.troubles} == {"trade.advice-unmatched"}
