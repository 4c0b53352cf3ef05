"""However a clean file is dressed up, its segments are the same, and one repair of each kind tells how it was."""

import itertools
from dataclasses import dataclass

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from edi_gateway.issues import Finding
from edi_gateway.x12 import envelope
from tests.x12.workshop import GOOD, isa, text, wrap

LONG = ("BGN*00*A1*20240229", *(f"N3*{number} Main Street, behind the old mill" for number in range(40)))


def interchange(control: str = "000000001", sets: tuple[tuple[str, ...], ...] = (GOOD, LONG)) -> list[str]:
    """The segments of a clean interchange of that number."""
    return [*wrap(*sets, header=isa(control))[:-1], f"IEA*1*{control}"]


@dataclass(frozen=True)
class Read:
    """What was read of one interchange."""

    segments: list[list[str]]
    findings: list[Finding]
    accepted: bool
    offsets: list[int]

    @property
    def repairs(self) -> dict[str, Finding]:
        return {finding.kind.removeprefix("envelope."): finding for finding in self.findings}


def read(*chunks: bytes) -> tuple[list[Read], list[Finding]]:
    """Each interchange, and what was found outside of them."""
    reading = envelope.read(chunks)
    found = []
    for one in reading:
        segments: list[list[str]] = []
        offsets = [one.offset]
        findings: list[Finding] = []
        for group in one.groups:
            segments.append(group.gs)
            offsets.append(group.offset)
            for each in group.transactions:
                segments += each.segments
                offsets += [each.offset(at + 1) for at in range(len(each.segments))]
                findings += each.findings
            findings += group.findings
        found.append(Read(segments, findings + one.findings, one.accepted, offsets))
    return found, reading.findings


CLEAN = text(interchange())
SEGMENTS = read(CLEAN)[0][0].segments


def broken(content: bytes, width: int, end: bytes = b"\n") -> bytes:
    """Lines of that width."""
    return end.join(content[at:at + width] for at in range(0, len(content), width))


def lines(content: bytes, end: str) -> bytes:
    return content.replace(b"~", b"~" + end.encode())


DRESSES = {
    "byte-order-mark": [b"\xef\xbb\xbf" + CLEAN],
    "blanks": [b"\r\n\r\n" + CLEAN, b"   " + CLEAN, b"\n \t\n" + CLEAN],
    "indentation": [lines(CLEAN, end).rstrip(b" \t") for end in ("\n    ", "  ", "\r\n\t")],
    "trailing-blanks": [
        CLEAN.replace(b"~", b"   ~").replace(b">   ~", b">~"), lines(CLEAN, "   \r\n"), CLEAN + b"  ", CLEAN + b"\n \n",
        lines(CLEAN, "\n").replace(b"~\n", b"\n~").replace(b">\n~", b">~\n"),
        CLEAN.replace(b"~", b"\n").replace(b"Main", b"Main").replace(b"\nREF", b"  \r\nREF"),
    ],
    "wrapped": [broken(CLEAN, 80), broken(CLEAN, 80, b"\r\n"), broken(CLEAN, 80) + b"\n", broken(CLEAN, 132)],
    "segment-empty": [CLEAN.replace(b"~REF", b"~~REF"), CLEAN.replace(b"~REF", b"~\n~REF")],
    "terminator-missing": [CLEAN[:-1], CLEAN[:-1] + b"\r\n", CLEAN.replace(b"~", b"\n")[:-1]],
    "header-width": [CLEAN.replace(b"*ACME           *", b"*ACME*", 1)],
    "padding": [CLEAN + b"\x1a", CLEAN + b"\r\n\x1a\x1a", CLEAN + b"\x00" * 40_000, b"\x00" + CLEAN],
}
CASES = [(kind, content) for kind, contents in DRESSES.items() for content in contents]


@pytest.mark.parametrize(("kind", "content"), CASES)
def test_an_odd_layout_is_read_and_told_in_one_repair(kind: str, content: bytes) -> None:
    (one,), outside = read(content)
    assert one.segments == SEGMENTS
    assert list(one.repairs) == [kind]
    assert (len(one.findings), one.findings[0].severity, one.findings[0].verdict) == (1, "repair", "")
    assert one.findings[0].ack.interchange in {"004", "022"}
    assert one.accepted
    assert outside == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "~", "~\n", "~\r\n", "~\r", "~\n\n", "\x85\r\n", "\xd8\n"])
def test_a_line_end_as_the_terminator_or_behind_it_is_no_repair(end: str) -> None:
    (one,), outside = read(text(interchange(), end))
    assert (one.segments, one.findings, outside) == (SEGMENTS, [], [])


@pytest.mark.parametrize("first", ["\n", "\r\n", "~\n", "~\r\n", "~"])
@pytest.mark.parametrize("second", ["\n", "\r\n"])
def test_line_ends_of_two_kinds_may_stand_in_one_interchange(first: str, second: str) -> None:
    segments = interchange()
    terminator = "~" if "~" in first else ""
    content = text(segments[:20], first) + text(segments[20:], terminator + second)
    (one,), outside = read(content)
    assert (one.segments, one.findings, outside) == (SEGMENTS, [], [])


ODD = [
    "\x07^~", "*@~", "|*\x15", "*@\x85", "~}\x1c", "*+$", "*<!", "*:}", "*:\\", "*:.", "\xd8>~",
    "^\xd8\xb6", "\t:\n", "@>\r",
]


@pytest.mark.parametrize("marks", ODD)
def test_any_byte_but_letters_digits_and_blanks_may_separate(marks: str) -> None:
    table = str.maketrans({"*": marks[0], ">": marks[1], "~": marks[2]})
    plain = ("BGN*00*A1*20240229", "REF*IA*V7")
    content = CLEAN + text(interchange("000000002", (plain,))).decode().translate(table).encode("latin-1") + CLEAN
    found, outside = read(content)
    assert [one.findings for one in found] == [[], [], []]
    assert found[1].segments == read(text(interchange("000000002", (plain,))))[0][0].segments
    assert outside == []


def test_a_repair_counts_and_says_where_the_first_is() -> None:
    (one,), _ = read(CLEAN.replace(b"~N3", b"~\n  N3"))
    (finding,) = one.findings
    assert finding.note == "blanks stand before a segment: 41 times"
    assert finding.offset == CLEAN.index(b"~N3") + 4
    (one,), _ = read(broken(CLEAN, 80, b"\r\n"))
    (finding,) = one.findings
    assert finding.note == f"lines are broken at 80 characters: {len(CLEAN) // 80} times"
    assert finding.offset == 80
    (one,), _ = read(CLEAN[:-1])
    assert one.findings[0].note == "no terminator behind 'IEA*1*000000001': once"


def test_each_interchange_has_its_own_repairs() -> None:
    second = text(interchange("000000002"))
    found, outside = read(
        b"\xef\xbb\xbf" + CLEAN + b"  \n\x1a" + b"\xef\xbb\xbf\n" + lines(second, "\n ").rstrip() + b"\n  "
        + broken(CLEAN, 72) + b"\n" + CLEAN
    )
    assert [sorted(one.repairs) for one in found] == [
        ["byte-order-mark", "padding", "trailing-blanks"], ["blanks", "byte-order-mark", "indentation"],
        ["blanks", "wrapped"], [],
    ]
    assert outside == []


@pytest.mark.parametrize("width", [80, 100, 104, 105, 106, 107, 132, 255])
def test_a_file_of_several_interchanges_may_be_wrapped_as_one(width: int) -> None:
    whole = CLEAN + text(interchange("000000002")) + CLEAN.replace(b"~", b"!")
    found, outside = read(broken(whole, width))
    assert [one.segments for one in found] == [SEGMENTS] * 3
    assert [list(one.repairs) for one in found] == [["wrapped"]] * 3
    assert outside == []
    sent = broken(whole, width)
    for one in found:
        for segment, offset in zip(one.segments, one.offsets[1:], strict=True):
            assert sent[offset:].replace(b"\n", b"").startswith(segment[0].encode())


def test_segments_on_lines_of_their_own_may_be_wrapped_as_well() -> None:
    content = b"".join(broken(segment.encode() + b"~", 40) + b"\n" for segment in interchange())
    (one,), outside = read(content)
    assert (one.segments, list(one.repairs), outside) == (SEGMENTS, ["wrapped"], [])


def test_a_line_end_inside_one_value_is_no_wrapping() -> None:
    (one,), _ = read(CLEAN.replace(b"Acme", b"Ac\nme"))
    assert one.findings == []
    assert ["N1", "ST", "Ac\nme"] in one.segments


def test_repairs_of_a_file_without_interchange_are_not_told() -> None:
    found, outside = read(b"\xef\xbb\xbf \r\n\x1a")
    assert found == []
    assert [finding.kind for finding in outside] == ["envelope.no-interchange"]


def test_bytes_between_interchanges_stay_with_the_file() -> None:
    found, outside = read(CLEAN + b"\n  // a remark\n" + CLEAN)
    assert [list(one.repairs) for one in found] == [[], ["blanks"]]
    (finding,) = outside
    assert (finding.kind, finding.offset) == ("envelope.garbage", len(CLEAN) + 3)


HEADS = st.sampled_from([
    (b"", set()), (b"\xef\xbb\xbf", {"byte-order-mark"}), (b"\n\n", {"blanks"}), (b"\x00", {"padding"}),
    (b"\xef\xbb\xbf  ", {"byte-order-mark", "blanks"}),
])
TAILS = st.sampled_from([
    (b"", set()), (b"\r\n", set()), (b"  \n", {"trailing-blanks"}), (b"\n\x1a", {"padding"}),
    (b"\x00\0\n", {"padding"}),
])
ENDS = [
    ("", set()), ("\n", set()), ("\r\n", set()), ("\n   ", {"indentation"}), ("   ", {"indentation"}),
    (" \r\n\t", {"indentation", "trailing-blanks"}), ("  \n", {"trailing-blanks"}), ("~", {"segment-empty"}),
]
LAID_OUT = st.sampled_from([(lines(CLEAN, end)[:len(lines(CLEAN, end)) - len(end)], kinds) for end, kinds in ENDS])
BROKEN = st.builds(broken, st.just(CLEAN), st.integers(16, len(CLEAN) // 3), st.sampled_from([b"\n", b"\r\n"]))
BODIES = st.one_of(LAID_OUT, BROKEN.map(lambda content: (content, {"wrapped"})))
Part = tuple[bytes, set[str]]


@given(st.lists(st.tuples(HEADS, BODIES, st.booleans(), TAILS), min_size=1, max_size=3), st.lists(st.integers(0, 9999)))
def test_however_it_is_dressed_the_segments_are_those_of_the_clean_file(
    dresses: list[tuple[Part, Part, bool, Part]], places: list[int]
) -> None:
    # Behind an interchange without its last terminator, a mark hides a header that is broken in its midst.
    assume(not any(
        not whole and "byte-order-mark" in after[0][1] and "wrapped" in after[1][1]
        for (_, _, whole, _), after in itertools.pairwise(dresses)
    ))
    content, expected = b"", []
    for (head, before), (body, inside), whole, (tail, behind) in dresses:
        # A mark or filling that begins the next line is told with what it stands before or behind.
        content += (b"\n" if content else b"") + head + (body if whole else body[:-1]) + tail
        expected.append(before | inside | behind | (set() if whole else {"terminator-missing"}))
    for number, ((head, _), _, _, _) in enumerate(dresses):
        if number and head in (b"\n\n", b"\x00"):
            expected[number] -= {"blanks", "padding"} - dresses[number][3][1]
            expected[number - 1] |= {"padding"} if head == b"\x00" else set()
    found, outside = read(content)
    assert [one.segments == SEGMENTS for one in found] == [True] * len(dresses)
    assert outside == []
    assert [sorted(one.repairs) for one in found] == [sorted(kinds) for kinds in expected]
    assert all(len(one.repairs) == len(one.findings) for one in found)
    marks = sorted({0, len(content), *(place % (len(content) + 1) for place in places)})
    assert read(*(content[start:end] for start, end in itertools.pairwise(marks))) == (found, outside)
