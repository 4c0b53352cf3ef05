"""What depends on a code, and rules: looked at quickly, page by page, and told as if each row were asked by itself."""

import itertools
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from benchmarks import inputs
from edi_gateway.issues import Finding
from edi_gateway.store.shelf import DataShelf
from edi_gateway.x12.agreed import Agreed, Look
from edi_gateway.x12.compile import Table, compile
from edi_gateway.x12.diagnose import Walk
from edi_gateway.x12.envelope import Transaction
from edi_gateway.x12.guide import RowError, parse
from edi_gateway.x12.narrowing import narrow
from edi_gateway.x12.spec import load
from tests.x12.plainly import Plainly, told
from tests.x12.workshop import rows, text, transactions, wrap

TRIAL = load(rows, "123", "004010")
ELEMENTS = [
    "BGN01", "BGN02", "REF01", "REF02", "REF[IA]02", "REF04-1", "REF[DP]04-2", "N1[ST]/N102", "N1/N104", "LIN01",
    "LIN/LIN02", "LIN/LIN03", "LIN/REF02", "LIN/REF[IA]02", "LIN/SUB/SUB01", "LIN/SUB/N301", "CTT01", "REP01",
]
QUALIFIED = ["REF[IA]", "REF[DP]", "N1[ST]", "N1[BT]", "N1[ST]/N3", "LIN/REF[IA]"]
SEGMENTS = [*QUALIFIED, "REF", "N1", "N1/N3", "LIN", "LIN/REF", "LIN/SUB", "LIN/SUB/N3", "CTT", "REP"]
CODES = st.lists(st.sampled_from(["1", "2", "00", "IA", "A", "EA", "V7"]), min_size=1, max_size=2, unique=True)


def clauses(loop: str, there: str, missing: str, *more: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Clauses of a rule for a loop, whose paths may leave it out."""
    inner = [path.removeprefix(f"{loop}/") for path in (*SEGMENTS, *ELEMENTS) if loop and path.startswith(f"{loop}/")]
    valued = st.sampled_from([*ELEMENTS, *(path for path in inner if path[-2:].isdigit())])
    return st.one_of(
        st.tuples(st.sampled_from([*SEGMENTS, *ELEMENTS, *inner]), st.sampled_from([there, missing])).map(" ".join),
        st.tuples(valued, st.sampled_from(["is", "is not"]), CODES.map(", ".join)).map(" ".join),
        *(st.tuples(valued, other, valued).map(" ".join) for other in more),
    )


@st.composite
def guides(draw: st.DrawFn) -> dict[str, Any]:
    rules = []
    for loop in draw(st.lists(st.sampled_from(["", "N1", "N1[ST]", "LIN", "LIN/SUB"]), max_size=3)):
        path = loop.partition("[")[0]
        when = draw(st.lists(clauses(path, "is there", "is missing"), max_size=2))
        then = draw(clauses(path, "must be there", "must not be there", st.just("equals")))
        rules.append({"then": then, **({"in": loop} if loop else {}), **({"when": " and ".join(when)} if when else {})})
    segments = st.sampled_from([{"use": "must"}, {"use": "unused"}, {"repeat": 1}])
    elements = st.sampled_from([{"use": "must"}, {"use": "unused"}, {"length": [2, 2]}])
    return {
        "segments": draw(st.dictionaries(st.sampled_from(QUALIFIED), segments, max_size=3)),
        "elements": draw(st.dictionaries(st.sampled_from(["REF[IA]02", "N1[ST]/N104"]), elements, max_size=2)),
        "rules": rules,
    }


def some(*bodies: str, most: int) -> st.SearchStrategy[list[str]]:
    found = st.lists(st.sampled_from(bodies), max_size=most)
    return found.map(lambda bodies: [row for body in bodies for row in body.split("~")])


SETS = st.tuples(
    st.sampled_from([["BGN*00*A*20240229"], ["BGN*05*V7*20240229"]]),
    some("REF*IA*V7", "REF*DP*1", "REF*IA*A**IA>1", "REF*DP*B**DP>A", "REF*VR", most=2), some("REP*A", "REP*1", most=1),
    some("N1*ST*A", "N1*BT*B~N3*A", "N1*ST*A*92*V7~N3*1", "N1*BT*1*9*00", most=3),
    some(
        "LIN*1*2*EA", "LIN*2*1*CS~REF*IA*1", "LIN**1*EA~REF*IA*A~SUB*1~N3*A", "LIN*1*1*EA~SUB*A~N3*B~SUB*1~N3*A",
        most=4,
    ),
    some("CTT*1", "CTT*2", most=1),
).map(lambda parts: [row for part in parts for row in part])


def laid(guide: Mapping[str, Any]) -> Table:
    """The small set as a guide has it; one that cannot be is passed over."""
    assert TRIAL is not None
    try:
        return compile(narrow(rows, TRIAL, parse("123.guide.toml", guide)), rows)
    except RowError:
        assume(False)
        raise


def walked(body: list[str], table: Table) -> tuple[Transaction, list[int]]:
    (transaction,) = transactions(text(wrap(body)))
    walk = Walk(table, transaction.segments)
    list(walk.faults())
    return transaction, walk.places


@given(guides(), SETS)
def test_a_set_is_as_agreed_if_and_only_if_no_row_by_itself_is_broken(guide: dict[str, Any], body: list[str]) -> None:
    table = laid(guide)
    transaction, places = walked(body, table)
    assume(-1 not in places)
    plainly = Plainly(table.definition, transaction.segments, places, transaction.separators).told()
    assert told(list(table.agreed.findings(transaction, places))) == plainly
    assert not table.agreed.keeps(transaction, places) or not plainly


class Page:
    """A source that knows of no segment but those of the page in hand."""

    def __init__(self, transaction: Transaction) -> None:
        self.separators = transaction.separators
        self._transaction = transaction
        self.first = self.end = 0

    def offset(self, position: int) -> int:
        assert self.first <= position - 1 <= self.end
        return self._transaction.offset(position)


@given(guides(), SETS, st.lists(st.integers(0, 40), max_size=6))
def test_it_does_not_matter_how_a_set_is_cut_into_pages(
    guide: dict[str, Any], body: list[str], cuts: list[int]
) -> None:
    table = laid(guide)
    transaction, places = walked(body, table)
    page = Page(transaction)
    look, found = Look(table.agreed, page), list[Finding]()
    for first, end in itertools.pairwise(sorted({0, len(places), *(cut % len(places) for cut in cuts)})):
        page.first, page.end = first, end
        found += look.take(transaction.segments[first:end], places[first:end], first)
    found += look.close()
    assert sorted(found, key=repr) == sorted(table.agreed.findings(transaction, places), key=repr)


@pytest.mark.parametrize("rule", [
    {"in": "LIN", "when": "LIN01 is 1", "then": "LIN03 is EA"}, {"then": "REF[IA] must be there"},
    {"when": "LIN/REF is missing", "then": "CTT must be there"}, {"in": "N1[ST]", "then": "N3 must not be there"},
])
def test_of_a_long_set_only_open_loops_are_held(rule: dict[str, str]) -> None:
    lines = 500
    guide = {"segments": {"LIN": {"repeat": ">1", "deviates": True, "page": "p. 1"}, "LIN/REF[IA]": {"repeat": 1}}}
    table = laid({**guide, "rules": [rule]})
    body = ["BGN*00*A1*20240229", "N1*ST*A", *["LIN*1*2*EA"] * lines, "CTT*1"]
    transaction, places = walked(body, table)
    look, held = Look(table.agreed, transaction), []
    for first in range(0, len(places), 50):
        assert not list(look.take(transaction.segments[first:first + 50], places[first:first + 50], first))
        held.append(look.held)
    assert max(held) <= 5
    assert len(list(look.close())) == (rule["then"] == "REF[IA] must be there")


def test_sets_of_every_partner_with_a_guide_are_told_as_each_row_by_itself_tells_them() -> None:
    shelf = DataShelf()
    definition = load(shelf.rows, "850", "004010")
    assert definition is not None
    sets = [*transactions(inputs.varied_orders(0.02)), *transactions(inputs.spoiled_orders(0.02))]
    judged = 0
    for partner in shelf.names("mappings/partners"):
        raw = shelf.rows(f"mappings/partners/{partner}/850.in.guide.toml")
        raw = raw or shelf.rows(f"mappings/partners/{partner}/850.guide.toml")
        if not raw:
            continue
        table = compile(narrow(shelf.rows, definition, parse("850.guide.toml", raw)), shelf.rows)
        for one in sets:
            walk = Walk(table, one.segments)
            list(walk.faults())
            if -1 not in walk.places:
                plainly = Plainly(table.definition, one.segments, walk.places, one.separators).told()
                assert told(list(table.agreed.findings(one, walk.places))) == plainly
                judged += bool(plainly)
    assert judged


def test_what_is_generated_can_be_read() -> None:
    table = laid({"rules": [{"in": "LIN", "when": "LIN01 is 1", "then": "LIN03 is EA"}]})
    source = Agreed(table.definition).glance(transactions(text(wrap(["BGN*00*A1*20240229"])))[0].separators).source
    assert "if e1 == '1':" in source
    assert "if e3 == 'EA':" in source
