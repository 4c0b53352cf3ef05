"""What is written: texts by hand, and what is refused instead of written through."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from edi_gateway.issues import GatewayError
from edi_gateway.x12.tokens import Separators
from edi_gateway.x12.write import Heading, write

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
    (Separators(), "x"),
])
def test_separators_that_cannot_be_told_apart_are_refused(separators: Separators, newline: str) -> None:
    with pytest.raises(GatewayError) as refused:
        write(HEADING, [], separators, newline)
    assert refused.value.kind.code == "x12.envelope-unwritable"


@pytest.mark.parametrize("id", ["SE", "GE", "ref", "", "TOOLONG"])
def test_a_body_holds_segments_of_a_body_only(id: str) -> None:
    with pytest.raises(GatewayError):
        write(HEADING, [("123", "0001", [[id, "1"]])])
