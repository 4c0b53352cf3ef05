"""What leaves is written as the partner's rows say, and is read back with them before it goes."""

import pytest

from edi_gateway.flows.partner_file import PartnerFile, parse
from edi_gateway.issues import GatewayError
from edi_gateway.x12 import envelope as codec
from tests.flows.stage import Stage, envelope, order
from tests.flows.test_texts import taught

EVERYTHING = r"""
[separators]
element = "\u00a7"
component = "\u001f"
segment = "!"
repetition = "\u001d"
newline = "crlf"
[envelope]
version = "005010"
group_control_digits = 9
set_control_digits = 9
implementation = { 855 = "ACME855" }
[files]
name = "A{set}-{icn}_{company}.edi"
number_digits = 10
[numbers]
places = { 212 = 2 }
"""


def test_an_answer_is_written_as_every_row_of_the_partner_says(stage: Stage) -> None:
    taught(stage, EVERYTHING)
    stage.known(partner_file="acme", reference="V1")
    stage.drop("order.edi", envelope(order(reference="V1")))
    stage.turn()
    assert stage.issues() == []
    (file,) = (stage.directory / "mailbox/in").glob("A855-*")
    assert file.name == "A855-0000000002_acme.edi"
    content = file.read_bytes()
    lines = content.decode("latin-1").split("!\r\n")
    assert lines[0].startswith("ISA\xa700\xa7          \xa700\xa7          \xa7ZZ\xa7SELLER         \xa7ZZ\xa7ACME   ")
    assert lines[0].endswith("\xa7\x1d\xa700501\xa7000000002\xa70\xa7P\xa7\x1f")
    assert lines[1].split("\xa7")[6:] == ["000000001", "X", "005010"]
    assert lines[2] == "ST\xa7855\xa7000000001\xa7ACME855"
    assert "PO1\xa71\xa73\xa7EA\xa74.50\xa7\xa7UP\xa7700000000001" in lines
    (interchange,) = codec.read([content])
    assert interchange.findings == []


def test_an_order_in_005010_is_taken_and_answered_in_the_version_the_partner_gets(stage: Stage) -> None:
    taught(stage, '[envelope]\nversion = "005010"\n')
    stage.known(partner_file="acme", reference="V1")
    said = order(reference="V1").replace("~PO1*1", "~N9*L1*NOTES~MTX**Ring twice~PO1*1", 1).replace("SE*7", "SE*9")
    stage.drop("order.edi", envelope(said, version="005010").replace("*U*00401*", "*^*00501*"))
    stage.turn()
    assert (stage.orders(), stage.issues()) == ([("PO-1", "accepted")], [])
    assert "*^*00501*" in stage.received("855")[0]
    (body,) = stage.ask("SELECT body FROM documents WHERE \"set\" = '850'")
    assert "Ring twice" in body[0]


@pytest.mark.parametrize(("rows", "note"), [
    ({"separators": {"newline": "lf\n"}}, "separators.newline"),
    ({"separators": {"element": "☃"}}, "separators.element: a separator is one character of one byte"),
    ({"separators": {"element": "\0"}}, "separators.element: "),
    ({"separators": {"component": "\n"}}, "separators: line breaks only end segments"),
    ({"separators": {"segment": "\n", "newline": "lf"}}, "separators: line breaks only end segments"),
    ({"separators": {"component": "^"}, "envelope": {"version": "005010"}}, ": separators.repetition is another"),
    ({"envelope": {"implementation": {"850": ""}}}, "envelope.implementation.850: "),
    ({"files": {"number_digits": 0}}, "files.number_digits: "),
    ({"numbers": {"places": {"price": 2}}}, "numbers.places.price"),
    ({"numbers": {"places": {"212": -1}}}, "numbers.places.212: "),
    ({"times": {"form": "HH"}}, "times.form: "),
], ids=str)
def test_a_row_that_cannot_be_right_is_refused(rows: dict[str, object], note: str) -> None:
    with pytest.raises(GatewayError) as raised:
        parse("mappings/partners/acme/partner.toml", rows)
    assert raised.value.note.startswith(f"mappings/partners/acme/partner.toml: {note}")


@pytest.mark.parametrize(("newline", "end"), [
    (False, ""), (True, "\n"), ("", ""), ("lf", "\n"), ("crlf", "\r\n"),
])
def test_a_line_end_is_a_yes_or_a_name(newline: bool | str, end: str) -> None:
    assert parse("partner.toml", {"separators": {"newline": newline}}).line_end == end


def test_a_document_in_another_version_finds_a_repetition_separator_that_is_free() -> None:
    partner = parse("partner.toml", {"separators": {"component": "^"}})
    assert partner.marks.repetition is None
    assert partner.marks_in("005010").repetition == "!"
    assert PartnerFile().marks_in("005010").repetition == "^"
    assert PartnerFile().marks_in("004020").repetition == "^"


@pytest.mark.parametrize(("digits", "name"), [
    (1, "7_850_PurchaseOrder_acme.x12"), (12, "000000000007_850_PurchaseOrder_acme.x12"),
])
def test_the_number_in_a_file_name_has_the_partners_digits(digits: int, name: str) -> None:
    partner = parse("partner.toml", {"files": {"number_digits": digits}})
    assert partner.file_name(7, "850", "Purchase Order", "acme") == name
