"""The XML view: X12 to XML and back is the identity, byte by byte, and nothing harmful is read."""

import io
import random
import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from edi_gateway.flows.guides import Guides
from edi_gateway.issues import GatewayError, command
from edi_gateway.reports.rules import Rules
from edi_gateway.reports.translation import Remark
from edi_gateway.reports.xml_reading import from_xml, is_xml
from edi_gateway.reports.xml_texts import fitted, hidden, told, unescaped, untold
from edi_gateway.reports.xml_view import HEAD, TAIL, to_xml
from edi_gateway.x12 import envelope
from edi_gateway.x12.tokens import Separators
from edi_gateway.x12.write import Heading, write
from tests.x12 import generator

FIXTURES = Path(__file__).parents[2] / "fixtures" / "x12"
FILES = sorted(FIXTURES.rglob("*.edi"))
RULES = Rules(Guides(generator.shelf()))
HEADING = Heading("ZZ:US", "01:ACME", "US", "ACME", "PO", "005010", 7, "0007", datetime(2024, 2, 29, 12, 0))  # noqa: DTZ001
GOOD = (FIXTURES / "850" / "pass" / "many-lines-004010.edi").read_bytes()
LOSING = {
    "envelope.garbage", "envelope.header-unreadable", "envelope.header-cut-short", "envelope.element-separator",
    "envelope.segment-terminator", "envelope.wrapped", "envelope.segment-endless", "x12.set-too-large",
}
"""What says that something is left out, or came back unbroken."""

DRESSES = [
    (Separators(repetition="^"), ""), (Separators(repetition="^"), "\n"), (Separators("|", ":", "\n", "\\"), ""),
    (Separators("\x1d", "\x1f", "\x1c", "\x1e"), "\r\n"), (Separators("^", "@", "\x85", "&"), ""),
    (Separators("<", "&", "\r", ">"), "\n"), (Separators("\t", ";", "'", '"'), "\r"),
]


def xml(content: bytes, cut: int = 1 << 16) -> bytes:
    chunks = (content[at:at + cut] for at in range(0, len(content), cut))
    return HEAD + b"".join(part for part in to_xml(chunks, RULES) if isinstance(part, bytes)) + TAIL


def back(content: bytes) -> bytes:
    return b"".join(from_xml([content], io.BytesIO()))


def kinds(content: bytes) -> set[str]:
    """Every kind of finding there is outside of sets, and in them before they are judged."""
    reading, found = envelope.read([content]), set()
    for interchange in reading:
        for group in interchange.groups:
            found |= {finding.kind for one in group.transactions for finding in one.findings}
        found |= {finding.kind for finding in interchange.findings}
    return found | {finding.kind for finding in reading.findings}


def rows(content: bytes) -> list[list[list[str]]]:
    return [
        transaction.segments
        for interchange in envelope.read([content]) for group in interchange.groups
        for transaction in group.transactions
    ]


def inside(content: str) -> bytes:
    """An interchange with these elements in it."""
    return HEAD + f'<interchange element="*" component="&gt;" segment="~">{content}</interchange>'.encode() + TAIL


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-3:]))
def test_every_fixture_comes_back_byte_by_byte_unless_a_finding_says_what_is_lost(file: Path) -> None:
    content = file.read_bytes()
    again = back(xml(content))
    assert again == content or kinds(content) & LOSING
    assert rows(again) == rows(content)
    assert back(xml(again)) == again


def test_every_sample_comes_back_byte_by_byte_unless_a_finding_says_what_is_lost(samples: Path) -> None:
    files = [file for file in samples.rglob("*") if file.is_file() and file.suffix not in (".md", ".tsv")]
    for file in files:
        content = file.read_bytes()
        again = back(xml(content))
        assert again == content or kinds(content) & LOSING, file
        assert rows(again) == rows(content), file
    assert files


@given(
    st.sampled_from(generator.defined()), st.integers(0, 2**32), st.sampled_from([0.1, 0.4, 0.9]), st.integers(0, 2),
    st.sampled_from(DRESSES), st.integers(1, 3),
)
def test_xml_and_back_is_the_identity_for_every_tree(
    which: tuple[str, str], seed: int, fill: float, faults: int, dress: tuple[Separators, str], count: int
) -> None:
    by, dice, (separators, newline) = generator.table(*which), random.Random(seed), dress
    sets = []
    for number in range(count):
        body = generator.damaged(generator.body(by, dice, fill, separators), dice, faults)
        sets.append((which[0], f"{number:04}", [row for row in body if row[0] not in ("ST", "SE")]))
    try:
        content = write(HEADING, sets, separators, newline)
    except GatewayError:
        return
    view = xml(content, dice.choice((7, 1000, 1 << 20)))
    assert back(view) == content
    assert xml(back(view)) == view


@given(st.one_of(
    st.binary(max_size=300),
    st.tuples(st.binary(max_size=30), st.binary(max_size=60), st.integers(0, len(GOOD)), st.integers(0, 40)).map(
        lambda junk: junk[0] + GOOD[:junk[2]] + junk[1] + GOOD[junk[2] + junk[3]:]
    ),
))
@example(GOOD.replace(b"\n", b""))
@example(GOOD.replace(b"ISA*", b"ISA*~"))
@example(GOOD.replace(b"\n", b"") + b"\n\r\n\n" + GOOD)
@example(GOOD.replace(b"BEG*", b"BEG*\xff\xfe\x00\\\xc3\xa9*"))
@example(GOOD.replace(b"BEG*", b"\xe9 &*A>>*>*<"))
@example(GOOD.replace(b"SE*", b"SE**" + b"*" * 250 + b"x*"))
def test_any_bytes_come_back_unless_a_finding_says_what_is_lost(content: bytes) -> None:
    again = back(xml(content))
    assert again == content or kinds(content) & LOSING or not rows(content)


@given(st.text(alphabet=st.characters(max_codepoint=255)))
@example("\\x41\r\n")
@example("￾￿\\".encode().decode("latin-1"))
def test_a_value_that_xml_cannot_hold_is_escaped_and_comes_back(raw: str) -> None:
    text, attributes = told(raw)
    node = etree.Element("value")
    node.text = text
    assert (etree.fromstring(etree.tostring(node)).text or "") == text
    assert untold(text, attributes) == raw
    assert unescaped(hidden(raw)) == raw
    assert hidden(raw).isascii()


def test_what_xml_holds_is_told_as_it_is() -> None:
    assert fitted("C:\\Zoë\n") is None
    assert told("Zo\xeb") == ("Zoë", {"charset": "latin-1"})
    assert told("Zo\xc3\xab\x07") == ("Zoë\\x07", {"escaped": "true"})


def test_loops_segments_elements_components_and_repetitions_have_elements_of_their_own() -> None:
    sets = [("850", "0001", [
        ["BEG", "00", "SA", "PO-1", "", "20240301"], ["REF", "IA", "V1", "", "IA>X"], ["PO1", "1", "2", "EA"],
        ["PID", "F", "", "", "", "Lamp"], ["CTT", "1"],
    ])]
    root = etree.fromstring(xml(write(HEADING, sets, Separators(repetition="^"))))
    (one,) = root.findall("interchange/group/set")
    assert {name: one.get(name) for name in ("id", "control", "name", "outcome")} == {
        "id": "850", "control": "0001", "name": "Purchase Order", "outcome": "accepted",
    }
    (line,) = one.findall("loop[@path='PO1']")
    assert line.findtext("PO1/PO103") == "EA"
    assert one.findtext("REF/REF04/REF04-2") == "X"
    assert one.find("REF/REF03") is None
    assert line.find("loop").get("path") == "PO1/PID"  # type: ignore[union-attr]


def test_a_repetition_is_an_element_of_the_same_name() -> None:
    content = write(HEADING, [("850", "0001", [["MSG", "a^^b>c"]])], Separators(repetition="^"))
    first, second, third = etree.fromstring(xml(content)).iter("MSG01")
    assert (first.text, second.text, third.findtext("MSG01-2")) == ("a", None, "c")


def test_a_rejected_set_stands_there_without_loops_and_is_told() -> None:
    sets = [("850", "0001", [["PO1", "1", "2", "EA"], ["CTT", "1"]])]
    content = write(HEADING, sets, Separators(repetition="^"))
    told = list(to_xml([content], RULES))
    assert any(isinstance(one, Remark) and "rejected, written without loops" in one.note for one in told)
    assert b"<loop" not in xml(content)
    assert back(xml(content)) == content


def test_what_a_repair_changed_is_told_in_the_view_and_beside_it() -> None:
    content = (FIXTURES / "envelope" / "pass" / "repaired-lines-of-80-columns.edi").read_bytes()
    (repair,) = etree.fromstring(xml(content)).findall("interchange/repair")
    assert repair.get("kind") == "envelope.wrapped"
    assert "broken at 80 characters" in (repair.text or "")
    remarks = [one for one in to_xml([content], RULES) if isinstance(one, Remark)]
    assert [one.weight for one in remarks] == ["none"]
    assert back(xml(content)) == content.replace(b"\n", b"")


def test_a_view_that_another_tool_laid_out_again_says_the_same() -> None:
    root = etree.fromstring(xml(GOOD))
    for node in root.iter():
        if len(node):
            node.text = "\r\n\t"
        node.tail = "\n\n"
    laid_out = etree.tostring(root, encoding="UTF-16", xml_declaration=True)
    assert isinstance(laid_out, bytes)
    assert is_xml(laid_out)
    assert back(laid_out) == GOOD


@pytest.mark.parametrize("beginning", [b"<x12", b"\n <", b"\xef\xbb\xbf<?xml", b"\xff\xfe<\x00"])
def test_xml_is_told_by_its_first_character(beginning: bytes) -> None:
    assert is_xml(beginning)
    assert not is_xml(b'{"type"')


BOMB = b"""<!DOCTYPE x12 [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>
<x12><interchange element="&c;" segment="~"/></x12>"""


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (BOMB, "a document type is not read"),
        (b'<!DOCTYPE x12 SYSTEM "http://localhost/x.dtd"><x12/>', "a document type is not read"),
        (b"<x12>", "Premature end"),
        (b"<x12>&nbsp;</x12>", "Entity 'nbsp' not defined"),
        (b"<orders/>", "the view begins with orders"),
        (b"<x12><BEG/></x12>", "BEG stands outside of any interchange"),
        (b"<x12><set/></x12>", "set stands in x12"),
        (b"<x12><interchange/></x12>", "does not tell its separators"),
        (b'<x12><interchange element="**" segment="~"/></x12>', "is not one character"),
        (b'<x12><interchange element="*" segment="*"/></x12>', "two of the separators are the same"),
        (b'<x12><interchange element="*" segment="\\q"/></x12>', "is no escape"),
        (b'<x12><interchange element="*" segment="~" line-end="x"/></x12>', "is no line end"),
        (inside("text"), "the text 'text' stands outside"),
        (inside("<beg/>"), "beg is no id"),
        (inside("<BEG><BEG01>A*B</BEG01></BEG>"), "the value 'A*B' holds a separator"),
        (inside("<BEG><BEG01>A&gt;B</BEG01></BEG>"), "the value 'A>B' holds a separator"),
        (inside("<BEG><BEG02/><BEG01/></BEG>"), "BEG01 stands behind a later one"),
        (inside("<BEG><BEG01/><BEG01/></BEG>"), "no separator of repetitions"),
        (inside("<BEG><BEG101/></BEG>"), "BEG101 is far behind"),
        (inside("<BEG><BEG1/></BEG>"), "BEG1 stands in BEG"),
        (inside("<BEG><REF01/></BEG>"), "REF01 stands in BEG"),
        (inside("<BEG>A<BEG01/></BEG>"), "the text 'A' stands beside elements"),
        (inside("<BEG><BEG01>A<BEG01-1/></BEG01></BEG>"), "the text 'A' stands beside elements"),
        (inside("<BEG><BEG01><BEG01-1><BEG/></BEG01-1></BEG01></BEG>"), "BEG stands inside of a component"),
        (inside('<BEG><BEG01 charset="latin-1">☃</BEG01></BEG>'), "does not fit its charset"),
        (inside('<BEG><BEG01 charset="ebcdic"/></BEG>'), "neither utf-8 nor latin-1"),
        (inside('<BEG end="☃"/>'), "more than one byte"),
        (inside(f"<BEG>{'<BEG01/>' * 2}</BEG>"), "segment 1 (BEG)"),
        (inside(f"<BEG><BEG01>{'A' * 140_000}</BEG01></BEG>"), "more than 131072 characters"),
    ],
)
def test_what_is_no_such_view_is_refused_with_its_place_and_nothing_is_written(content: bytes, says: str) -> None:
    with pytest.raises(GatewayError, match=re.escape(says)) as refused:
        back(content)
    assert refused.value.kind is command.XML_FAULTY


def test_interchanges_before_a_faulty_one_are_written() -> None:
    content = xml(GOOD).removesuffix(TAIL) + b"<interchange/></x12>"
    written = from_xml([content], io.BytesIO())
    assert next(written) + b"".join(_until_refused(written)) == GOOD


def _until_refused(written: object) -> list[bytes]:
    found: list[bytes] = []
    with pytest.raises(GatewayError):
        found.extend(written)  # type: ignore[arg-type]
    return found


@given(st.binary(max_size=200) | st.text(max_size=80).map(lambda text: inside(f"<BEG><BEG01>{text}</BEG01></BEG>")))
def test_any_xml_is_written_or_refused(content: bytes) -> None:
    with suppress(GatewayError):
        back(content)


def test_no_more_than_a_set_is_held(tmp_path: Path) -> None:
    head, rest = GOOD.split(b"ST*", 1)
    body, tail = rest.split(b"GE*", 1)
    pieces = iter([head, *[b"ST*" + body] * 400, b"GE*" + tail])
    taken = 0

    def counting() -> object:
        nonlocal taken
        for piece in pieces:
            taken += 1
            yield piece

    view = to_xml(counting(), RULES)  # type: ignore[arg-type]
    while next(view):
        if taken > 1:
            break
    assert taken < 40
