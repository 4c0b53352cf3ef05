"""What is read the quick way is what the careful way reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import inputs
from edi_gateway.x12 import envelope, trailers
from edi_gateway.x12.envelope import Transaction
from edi_gateway.x12.tokens import BLOCK_BYTES, Separators
from tests.x12.workshop import transactions

ORDERS = inputs.varied_orders(0.1)


@pytest.mark.parametrize("end", [b"~", b"~\n", b"~\r\n"])
def test_sets_that_are_evenly_laid_out_are_those_that_are_taken_apart_with_care(end: bytes) -> None:
    assert len(ORDERS) > 3 * BLOCK_BYTES
    evenly, blanks = ORDERS.replace(b"~", end), ORDERS.replace(b"~", b" ~\n\n")
    quick, careful = transactions(evenly), transactions(blanks)
    assert [one.segments for one in quick] == [one.segments for one in careful]
    assert [list(one.ids) for one in quick] == [[row[0] for row in one.segments] for one in careful]
    assert not any(one.findings for one in quick)
    for one in quick:
        for position, row in enumerate(one.segments, start=1):
            assert evenly[one.offset(position):].startswith("*".join(row).encode())


@pytest.mark.parametrize("damage", [b"GS*PO~", b"GE*1*1~", b"ST*850*0009~", b"IEA*1*1~", b" PID*F~", b"~"])
def test_what_ends_a_set_too_early_is_seen_the_quick_way_too(damage: bytes) -> None:
    at = ORDERS.index(b"~PO1*1*", BLOCK_BYTES) + 1
    broken = ORDERS[:at] + damage + ORDERS[at:]
    told = []
    for content in (broken, broken.replace(b"~GS*PO*BUYER", b" ~GS*PO*BUYER", 1)):
        reading = envelope.read([content])
        told.append([
            (one.segments, [finding.kind for finding in one.findings])
            for each in reading for group in each.groups for one in group.transactions
        ])
    assert told[0] == told[1]


VALUES = st.sampled_from([
    "", "850", " ", "0001", "1", "000000000", "1234567890", "00\x011", "é001", "0001 ", "2", "02",
])


@given(st.lists(VALUES, max_size=4), st.lists(VALUES, max_size=4), st.booleans())
def test_a_trailer_that_agrees_is_one_about_which_there_is_nothing_to_say(
    header: list[str], trailer: list[str], repeated: bool
) -> None:
    one = Transaction(1, "PO", Separators(), [["ST", *header], ["SE", *trailer]], counted=2)
    seen = {one.control} if repeated else set()
    if trailers.agrees(one, one.segments[-1], seen):
        assert not list(trailers.judge_se(one, one.segments[-1], seen))


@pytest.mark.parametrize(("was", "now"), [
    (b"*1 LONG ROAD", b"* 1 LONG ROAD"), (b"*1 LONG ROAD", b"*1 L\xc3\x96NG ROAD"), (b"*1 LONG ROAD", b"*  "),
    (b"~", b" ~\n"), (b"~N3*", b"~\tN3*"), (b"*1 LONG ROAD", b"*1 LONG  ROAD"),
])
def test_what_is_called_tidy_is_printable_ascii_and_does_not_begin_with_a_blank(was: bytes, now: bytes) -> None:
    assert all(one.tidy() for one in transactions(ORDERS))
    found = transactions(ORDERS.replace(was, now))
    assert len(found) == len(transactions(ORDERS))
    for one in found:
        values = [value for row in one.segments for value in row]
        tidy = all(value.isprintable() and value.isascii() and value[:1] != " " for value in values)
        assert tidy or not one.tidy()
    assert all(one.tidy() for one in found) == (now == b"*1 LONG  ROAD")
