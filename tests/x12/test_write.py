"""What is written: texts by hand, and what is refused instead of written through."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.issues import GatewayError
from edi_gateway.x12 import envelope
from edi_gateway.x12.tokens import Separators
from edi_gateway.x12.write import Heading, Ready, can_be_told_apart, write, write_groups, write_ta1

AT = datetime(2024, 2, 29, 9, 5, tzinfo=UTC)
HEADING = Heading("ZZ:US", "01:123", "USG", "ACMEG", "TR", "004010", 42, "0007", AT)
BODY = [["BGN", "00", "A1"], ["REF", "IA", "", "IA>V"]]


def test_an_interchange_is_written_as_by_hand() -> None:
    assert write(HEADING, [("123", "0001", BODY), ("123", "0002", [])]) == (
        b"ISA*00*          *00*          *ZZ*US             *01*123            *240229*0905*U*00401*000000042*0*P*>~"
        b"GS*TR*USG*ACMEG*20240229*0905*0007*X*004010~"
        b"ST*123*0001~BGN*00*A1~REF*IA**IA>V~SE*4*0001~"
        b"ST*123*0002~SE*2*0002~"
        b"GE*2*0007~IEA*1*000000042~"
    )


def test_a_partner_has_its_own_separators_line_ends_and_flags() -> None:
    heading = replace(HEADING, test=True, ack_requested=True, version="005010", group_control=9)
    content = write(heading, [("123", "0001", [["BGN", "00"]])], Separators("|", ":", "\x1c", "^"), "\r\n")
    assert content.split(b"\x1c\r\n")[:2] == [
        b"ISA|00|          |00|          |ZZ|US             |01|123            |240229|0905|^|00501|000000042|1|T|:",
        b"GS|TR|USG|ACMEG|20240229|0905|9|X|005010",
    ]
    assert b"|00400|" in write(replace(HEADING, isa_version="00400"), [], Separators("|"))


def test_from_00402_on_isa11_separates_repetitions_and_sets_may_name_their_convention() -> None:
    heading = replace(HEADING, version="005010", implementation="005010ACME")
    assert write(heading, [("123", "0001", [["REF", "IA", "A^B"]])], Separators(repetition="^")) == (
        b"ISA*00*          *00*          *ZZ*US             *01*123            *240229*0905*^*00501*000000042*0*P*>~"
        b"GS*TR*USG*ACMEG*20240229*0905*0007*X*005010~"
        b"ST*123*0001*005010ACME~REF*IA*A^B~SE*3*0001~GE*1*0007~IEA*1*000000042~"
    )
    with pytest.raises(GatewayError, match="00501 needs a repetition separator"):
        write(heading, [])


def test_a_set_of_a_version_before_005010_has_no_place_for_its_convention() -> None:
    content = write(replace(HEADING, implementation="005010ACME"), [("123", "0001", BODY)])
    assert b"~ST*123*0001~" in content


def test_before_00402_nothing_repeats_and_its_mark_is_no_separator() -> None:
    content = write(HEADING, [("123", "0001", [["REF", "IA", "A^B"]])], Separators(component="^", repetition="^"))
    assert b"*U*00401*" in content
    assert b"REF*IA*A^B~" in content


def test_a_group_of_an_older_version_in_a_newer_interchange_holds_no_repetition_separator() -> None:
    newer, separators = replace(HEADING, version="005010"), Separators(repetition="^")
    older = replace(HEADING, group_control=8)
    assert b"*8*X*004010~" in write_groups([(newer, []), (older, [("123", "0001", BODY)])], separators)
    with pytest.raises(GatewayError) as refused:
        write_groups([(newer, []), (older, [("123", "0001", [["REF", "IA", "A^B"]])])], separators)
    assert refused.value.kind.code == "x12.value-holds-separator"


def ready(text: str, separators: Separators) -> Ready:
    return Ready(text, text.count(separators.segment) + 1, separators)


@pytest.mark.parametrize("version", ["004010", "005010"])
@pytest.mark.parametrize("newline", ["", "\n"])
@pytest.mark.parametrize("text", ["BGN*00*A1~REF*IA**V", "REF*IA*A\xe9\u65e5"])
def test_a_body_that_is_ready_is_written_as_its_segments_are(version: str, newline: str, text: str) -> None:
    heading, separators = replace(HEADING, version=version), Separators(repetition="^")
    body = ready(text, separators)
    for marks in (separators, replace(separators, repetition="|"), Separators("|", ":", "\x1c", "^")):
        expected = write(heading, [("123", "0001", [*map(list, body.segments())])], marks, newline)
        assert write(heading, [("123", "0001", body)], marks, newline) == expected


def test_a_body_that_is_ready_for_other_separators_is_looked_at() -> None:
    body = ready("REF*IA*A|B^C", Separators())
    assert b"REF*IA*A|B^C~SE*3*0001~" in write(HEADING, [("123", "0001", body)])
    for other in (Separators("|"), Separators(segment="|"), Separators(component="|", segment="^")):
        with pytest.raises(GatewayError) as refused:
            write(HEADING, [("123", "0001", body)], other)
        assert refused.value.kind.code == "x12.value-holds-separator"
    newer, older = replace(HEADING, version="005010"), replace(HEADING, group_control=8)
    with pytest.raises(GatewayError, match="nothing repeats in version 004010"):
        write_groups([(newer, []), (older, [("123", "0001", body)])], Separators(repetition="^"))


MARKS = st.integers(0, 255).map(chr)


@given(st.builds(Separators, MARKS, MARKS, MARKS, MARKS), st.sampled_from(["", "\n", "\r\n", "\r"]))
def test_whatever_separators_can_be_told_apart_are_read_back(separators: Separators, newline: str) -> None:
    heading, body = replace(HEADING, version="005010"), [["REF", "IA", "X"], ["N1", "ST", "", "Y"]]
    if not can_be_told_apart(separators, newline):
        with pytest.raises(GatewayError):
            write(heading, [("123", "0001", body)], separators, newline)
        return
    reading = envelope.read([write(heading, [("123", "0001", body)], separators, newline)])
    for interchange in reading:
        for group in interchange.groups:
            for transaction in group.transactions:
                assert [list(row) for row in transaction.segments[1:-1]] == body
            assert group.findings == []
        assert (interchange.separators, interchange.findings) == (separators, [])
    assert reading.findings == []


@pytest.mark.parametrize("mark", ["\x15", "\x1c", "\x85", "\xa7", "\xff", "!", "-", "_", "\x7f"])
def test_any_byte_but_letters_digits_and_blanks_separates(mark: str) -> None:
    for separators in (Separators(element=mark), Separators(component=mark), Separators(segment=mark)):
        assert can_be_told_apart(separators)
        assert mark.encode("latin-1") in write(HEADING, [], separators)


@pytest.mark.parametrize("value", ["A*B", "A~B", "A\nB", "\x00", "\x7f", "\ud800"])
def test_a_value_with_a_separator_or_control_character_is_never_written_through(value: str) -> None:
    with pytest.raises(GatewayError) as refused:
        write(HEADING, [("123", "0001", [["REF", "IA", value]])])
    assert refused.value.kind.code == "x12.value-holds-separator"


def test_the_bytes_of_a_value_are_looked_at_and_not_its_characters() -> None:
    """`é` is C3 A9 in UTF-8, and A9 is a separator here."""
    for separators in (Separators("\xa9"), Separators(segment="\xa9"), Separators(component="\xa9")):
        with pytest.raises(GatewayError):
            write(HEADING, [("123", "0001", [["REF", "IA", "é"]])], separators)


@pytest.mark.parametrize("change", [
    {"sender": "US"}, {"sender": "ZZ:"}, {"sender": "ZZ:A234567890123456"}, {"receiver": "ZZ:A*B"},
    {"receiver": "ZZ:É"}, {"receiver": "Z:A"}, {"interchange_control": 0}, {"interchange_control": 10**9},
    {"group_control": "A"}, {"group_control": 10**9},
    {"version": "X"}, {"group_sender": "U"}, {"group_receiver": "A23456789012345 6"},
])
def test_an_envelope_that_does_not_fit_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(GatewayError) as refused:
        write(replace(HEADING, **change), [])
    assert refused.value.kind.code == "x12.envelope-unwritable"


@pytest.mark.parametrize(("separators", "newline"), [
    (Separators("*", "*"), ""), (Separators("A"), ""), (Separators(" "), ""), (Separators("☃"), ""),
    (Separators(), "x"), (Separators(), "\n\r"), (Separators(segment="\n"), "\n"), (Separators(segment="\r"), "\r\n"),
    (Separators(component="\n"), ""), (Separators(component="\t"), ""), (Separators("\r"), ""), (Separators("\0"), ""),
])
def test_separators_that_cannot_be_told_apart_are_refused(separators: Separators, newline: str) -> None:
    with pytest.raises(GatewayError) as refused:
        write(HEADING, [], separators, newline)
    assert refused.value.kind.code == "x12.envelope-unwritable"


@pytest.mark.parametrize("id", ["SE", "GE", "ref", "", "TOOLONG"])
def test_a_body_holds_segments_of_a_body_only(id: str) -> None:
    with pytest.raises(GatewayError):
        write(HEADING, [("123", "0001", [[id, "1"]])])


def test_ta1_segments_stand_in_an_interchange_without_groups() -> None:
    heading = Heading("ZZ:US", "01:123", "", "", "", "004010", 42, 0, AT, ack_requested=True)
    first = ["TA1", "000000007", "240229", "0900", "R", "022"]
    assert write_ta1(heading, [first, ["TA1", "000000008", "240229", "0901", "A", "000"]], newline="\r\n") == (
        b"ISA*00*          *00*          *ZZ*US             *01*123            *240229*0905"
        b"*U*00401*000000042*0*P*>~\r\n"
        b"TA1*000000007*240229*0900*R*022~\r\n"
        b"TA1*000000008*240229*0901*A*000~\r\n"
        b"IEA*0*000000042~\r\n"
    )


@pytest.mark.parametrize("segment", [["TA1", "7*8"], ["ST", "997"]])
def test_nothing_but_clean_ta1_segments_is_written_so(segment: list[str]) -> None:
    with pytest.raises(GatewayError):
        write_ta1(HEADING, [segment])
