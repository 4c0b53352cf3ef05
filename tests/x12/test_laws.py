"""The laws of the codec.

Any bytes give findings; chunks do not matter; quick and slow agree; what is written reads back.
"""

import itertools
from datetime import datetime

from hypothesis import example, given
from hypothesis import strategies as st

from edi_gateway.issues import GatewayError, x12
from edi_gateway.x12 import elements, envelope
from edi_gateway.x12.checks import Checks
from edi_gateway.x12.diagnose import Walk
from edi_gateway.x12.read import read
from edi_gateway.x12.tokens import Separators
from edi_gateway.x12.walk import walk
from edi_gateway.x12.write import Heading, write
from tests.x12.workshop import GOOD, TABLE, isa, outline, text, transactions, wrap

FILE = text(wrap(GOOD, GOOD), "~\n") + text(wrap(GOOD), "~")
WHOLE = outline([FILE])
PIECES = [
    isa().encode() + b"~", isa().encode() + b"\n", isa().encode()[:70], isa().replace("*", "|").encode() + b"!",
    b"ISA*", b"ISA", b"GS*TR*A*B*20240101*1200*1*X*004010~", b"ST*123*0001~", b"BGN*00*A1*20240101~", b"SE*3*0001~",
    b"GE*1*1~", b"IEA*1*000000001~", b"IEA*1*000000001", b"TA1*000000001*240101*1200*A*000~", b"~", b"\r\n", b"\n",
    b" ", b"*", b">", b"\x00", b"\xff", b"\xef\xbb\xbf", "Ä".encode(), b"VISA*X", b"LIN*1*2*EA~", b"|", b"!",
]
mosaics = st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=4)), max_size=30).map(b"".join)


def cut(content: bytes, places: list[int]) -> list[bytes]:
    marks = sorted({0, len(content), *(place % (len(content) + 1) for place in places)})
    return [content[start:end] for start, end in itertools.pairwise(marks)]


@given(st.binary())
def test_any_bytes_are_read(content: bytes) -> None:
    outline([content])


@given(mosaics)
def test_any_mosaic_of_envelope_pieces_is_read(content: bytes) -> None:
    *_, findings = outline([content])
    assert findings or b"ISA" in content


@given(mosaics, st.lists(st.integers(0, 5000), max_size=20))
@example(FILE, list(range(len(FILE))))
def test_it_does_not_matter_how_bytes_are_cut_into_chunks(content: bytes, places: list[int]) -> None:
    assert outline(cut(content, places)) == outline([content])


@given(st.integers(0, len(FILE) - 1), st.integers(0, 255))
def test_one_damaged_byte_leaves_a_verdict(place: int, byte: int) -> None:
    damaged = FILE[:place] + bytes([byte]) + FILE[place + 1:]
    told = outline([damaged])
    assert told == outline(cut(damaged, [place, place + 1]))
    # A line end of another kind is no damage.
    assert damaged.translate(None, b"\r\n") == FILE.translate(None, b"\r\n") or told != WHOLE


ONE = text(wrap(GOOD, GOOD), "~\n")


@given(st.integers(1, len(ONE) - len("~\n") - 1))
def test_an_interchange_cut_short_is_never_accepted(length: int) -> None:
    reading = envelope.read([ONE[:length]])
    interchanges = list(reading)
    assert not (reading.accepted and all(one.accepted for one in interchanges))


VALUES = st.sampled_from(
    ["", "", "00", "IA", "ZZ", "ST", "EA", "9", "1", "12", "-1.5", "123456", "20240229", "20230229", "240229", "1200",
     "2460", "A", "ABC", "ABCDE", "X" * 81, "IA>V", "IA>V>DP>W", "IA>V>DP", ">", "A^B", "^", "1^2^3", "IA>V^DP>W",
     "é", "\x01"]
)
BODY = st.lists(
    st.tuples(
        st.sampled_from(["BGN", "REF", "REP", "TWO", "N1", "N3", "LIN", "SUB", "CTT", "OFF", "QQ"]),
        st.lists(VALUES, max_size=6),
    ).map(lambda row: [row[0], *row[1]]),
    max_size=12,
)
MARKS = st.sampled_from([Separators("*", ">", "~"), Separators("*", ">", "~", "^"), Separators("*", ".", "~", "-")])


@given(st.sampled_from(TABLE.definition.places), st.lists(VALUES, max_size=9), MARKS)
def test_a_check_holds_if_and_only_if_no_fault_is_named(place: object, values: list[str], marks: Separators) -> None:
    segment = place.segment  # type: ignore[attr-defined]
    row = [segment.id, *(value for value in values if value.isascii() and value.isprintable())]
    here = "".join(row[1:])
    compound = marks.component in here or (marks.repetition or marks.component) in here
    inner = (marks.component, marks.repetition) if compound else (None, None)
    clean = bool(Checks(segment.elements, segment.notes, *inner)[len(row)](row))
    assert clean == (not list(elements.faults(segment, row, marks)))


@given(BODY)
def test_the_quick_walk_gives_up_if_and_only_if_the_slow_one_names_a_fault(body: list[list[str]]) -> None:
    rows = [["ST", "123", "0001"], *body, ["SE", "1", "0001"]]
    slowly = Walk(TABLE, rows)
    faults = list(slowly.faults())
    quick = walk(rows, TABLE.steps(Separators(), True))
    assert (quick is None) == bool(faults)
    assert quick is None or quick[0] == slowly.places
    assert len(slowly.places) == len(rows)


@given(BODY)
def test_a_verdict_is_the_worst_of_its_findings(body: list[list[str]]) -> None:
    (transaction,) = transactions(write_body([("123", "0001", [row for row in body if row[0] != "ST"])]))
    verdict = read(transaction, TABLE)
    effects = {finding.verdict for finding in verdict.findings}
    expected = "rejected" if "R" in effects else "accepted_with_errors" if "E" in effects else "accepted"
    assert verdict.outcome == expected
    assert (verdict.tree is None) == (verdict.outcome == "rejected")


HEADING = Heading("ZZ:US", "01:ACME", "US", "ACME", "TR", "004010", 7, "0007", datetime(2024, 2, 29, 12, 0))  # noqa: DTZ001
SEGMENTS = st.lists(
    st.tuples(st.sampled_from(["BGN", "REF", "N1", "A1", "ZZZ"]), st.lists(st.text(max_size=6), max_size=4)).map(
        lambda row: [row[0], *row[1]]
    ),
    max_size=5,
)
DRESSES = st.sampled_from([
    (Separators(), ""), (Separators(), "\n"), (Separators("|", ":", "\n"), ""),
    (Separators("\x1d", "\x1f", "\x1c"), "\r\n"),
    (Separators("^", "@", "\x85"), ""), (Separators("*", "\xd8", "\r"), "\n"),
])


def write_body(sets: list[tuple[str, str, list[list[str]]]]) -> bytes:
    printable = [
        (id, control, [[value.replace("\x01", "").replace("é", "e") for value in row] for row in body])
        for id, control, body in sets
    ]
    return write(HEADING, printable)


@given(st.lists(SEGMENTS, min_size=1, max_size=3), DRESSES)
@example([[["REF", "IA", "Zoë ☃"]]], (Separators(), ""))
@example([[["REF", "é", "\x85"]]], (Separators("^", "@", "\x85"), ""))
def test_what_is_written_reads_back_as_it_was(bodies: list[list[list[str]]], dress: tuple[Separators, str]) -> None:
    separators, newline = dress
    sets = [("123", f"{number:04}", body) for number, body in enumerate(bodies, start=1)]
    try:
        content = write(HEADING, sets, separators, newline)
    except GatewayError as refused:
        if refused.kind != x12.VALUE_HOLDS_SEPARATOR:
            raise
        return
    reading = envelope.read([content])
    interchange = next(iter(reading))
    group = next(interchange.groups)
    assert [(one.set, one.control, one.segments[1:-1]) for one in group.transactions] == sets
    assert not list(interchange.groups)
    assert not list(reading)
    assert (interchange.sender, interchange.receiver, interchange.control) == ("ZZ:US", "01:ACME", "000000007")
    assert not (interchange.findings + group.findings + reading.findings)
    assert interchange.separators == separators
