"""Interchanges and groups: separators, what is repaired, what is refused, and that nothing swallows the next one."""

import pytest

from edi_gateway.issues import Finding
from edi_gateway.x12 import envelope
from edi_gateway.x12.envelope import TA1, Interchange
from edi_gateway.x12.limits import Limits
from edi_gateway.x12.standard import Standard
from edi_gateway.x12.tokens import BLOCK_BYTES, Separators
from tests.x12.workshop import GOOD, codes, isa, rows, text, wrap

FILE = text(wrap(GOOD))


def told(content: bytes) -> tuple[list[str], list[int]]:
    """All kinds found around the sets, in the order of the levels, and how many sets each interchange has."""
    kinds: list[str] = []
    counts = []
    reading = envelope.read([content])
    for interchange in reading:
        counts.append(0)
        for group in interchange.groups:
            for one in group.transactions:
                counts[-1] += 1
                kinds += [finding.kind for finding in one.findings]
            kinds += [finding.kind for finding in group.findings]
        kinds += [finding.kind for finding in interchange.findings]
    return [*kinds, *(finding.kind for finding in reading.findings)], counts


def whole(content: bytes) -> Interchange:
    """The first interchange, read to its end."""
    interchange = next(iter(envelope.read([content])))
    for group in interchange.groups:
        for _ in group.transactions:
            pass
    return interchange


def swapped(content: bytes, old: str, new: str) -> bytes:
    assert old.encode() in content
    return content.replace(old.encode(), new.encode("latin-1"), 1)


def test_a_header_says_who_sends_what_to_whom() -> None:
    one = whole(FILE)
    assert (one.ordinal, one.offset, one.separators) == (1, 0, Separators("*", ">", "~", None))
    assert (one.sender, one.receiver, one.control) == ("ZZ:ACME", "ZZ:US", "000000001")
    assert (one.date, one.time) == ("240229", "1200")
    assert (one.usage, one.test, one.version, one.accepted) == ("P", False, "00401", True)
    assert whole(text(wrap(GOOD, header=isa(usage="T")))).test


@pytest.mark.parametrize("end", ["~", "~\n", "~\r\n", "\n", "\r\n", "\r", "\x1c", "\x85", "'", "~\n\n"])
def test_line_ends_behind_a_terminator_are_no_fault_and_may_be_the_terminator(end: str) -> None:
    assert told(text(wrap(GOOD, GOOD), end)) == ([], [2])


def test_each_interchange_has_its_own_separators() -> None:
    other = text(wrap(GOOD), "\n").replace(b"*", b"|").replace(b">", b"^")
    third = text(wrap(GOOD, header=isa(version="00402", eleventh="^")), "!\r\n")
    reading = envelope.read([FILE + other + third + FILE])
    assert [one.separators.all for one in reading] == ["~*>", "\n|^", "!*>^", "~*>"]
    assert told(FILE + other + third + FILE) == ([], [1, 1, 1, 1])


REPAIRS = [
    ("byte-order-mark", b"\xef\xbb\xbf" + FILE),
    ("blanks", b" \r\n\n" + FILE),
    ("indentation", "\n  ".join(text(wrap(GOOD), "~").decode().split("\n")).replace("~REF", "~\n  REF").encode()),
    ("trailing-blanks", text(wrap(GOOD), "~  \n")),
    ("trailing-blanks", swapped(FILE, "Acme~", "Acme ~")),
    ("trailing-blanks", FILE + b"\n   \n"),
    ("terminator-missing", FILE[:-1]),
    ("terminator-missing", text(wrap(GOOD), "~\n")[:-2] + b"\n"),
    ("segment-empty", swapped(FILE, "~REF", "~~REF")),
    ("padding", FILE + b"\x1a\x00\x00"),
    ("header-width", swapped(FILE, "*ACME           *", "*ACME*")),
    ("header-width", swapped(FILE, "*US             *", "*US              *")),
]


@pytest.mark.parametrize(("kind", "content"), REPAIRS)
def test_an_odd_layout_is_repaired_and_told(kind: str, content: bytes) -> None:
    assert told(content) == ([f"envelope.{kind}"], [1])
    reading = envelope.read([content])
    (one,) = [(each.accepted, [group.counted for group in each.groups]) for each in reading]
    assert one[0]
    assert reading.accepted


HEADERS = [
    (isa().replace("*00*", "*09*", 1), "authorization", "010", True),
    (isa().replace("*00*          *ZZ", "*02*          *ZZ"), "security", "012", True),
    (isa().replace("ISA*00*    ", "ISA*00*ABCD"), "authorization-value", "011", True),
    (isa().replace("*00*          *ZZ", "*01*          *ZZ"), "security-value", "013", True),
    (isa().replace("*ZZ*ACME", "*XX*ACME"), "sender-qualifier", "005", True),
    (isa().replace("*ACME  ", "*      "), "sender-missing", "006", False),
    (isa().replace("*ZZ*US", "*99*US"), "receiver-qualifier", "007", True),
    (isa().replace("*US", "*  "), "receiver-missing", "008", False),
    (isa().replace("240229", "240230"), "date", "014", True),
    (isa().replace("*1200*", "*2400*"), "time", "015", True),
    (isa(eleventh="X"), "standards-id", "016", True),
    (isa(version="00399"), "version", "017", True),
    (isa("00000001A"), "control-invalid", "018", False),
    (isa().replace("*0*P", "*O*P"), "ack-requested", "019", True),
    (isa(usage="X"), "usage", "020", False),
]


@pytest.mark.parametrize(("header", "kind", "code", "accepted"), HEADERS, ids=[case[1] for case in HEADERS])
def test_a_faulty_field_of_the_header_has_its_code(header: str, kind: str, code: str, accepted: bool) -> None:
    one = whole(text(wrap(GOOD, header=header)))
    finding = one.findings[0]
    assert (finding.kind, codes(finding)) == (f"envelope.{kind}", (None, None, None, None, code))
    assert (finding.segment, finding.position, finding.offset) == ("ISA", None, 0)
    assert one.accepted is (accepted and kind != "control-invalid")


def test_a_repetition_separator_that_is_none_is_a_remark() -> None:
    assert told(text(wrap(GOOD, header=isa(version="00501")))) == (["envelope.repetition-separator"], [1])


TRAILERS = [
    ("IEA*1*", "IEA*2*", "group-count", "021", "IEA", 1),
    ("IEA*1*000000001", "IEA*1*000000002", "control-differs", "001", "IEA", 2),
    ("IEA*1*000000001~", "", "trailer-missing", "023", "IEA", None),
]


@pytest.mark.parametrize(("old", "new", "kind", "code", "segment", "element"), TRAILERS)
def test_an_interchange_trailer_that_does_not_agree_refuses_it(
    old: str, new: str, kind: str, code: str, segment: str, element: int | None
) -> None:
    one = whole(swapped(FILE, old, new))
    (finding,) = one.findings
    assert (finding.kind, codes(finding)[4]) == (f"envelope.{kind}", code)
    assert (finding.segment, finding.element, finding.position) == (segment, element, None)
    assert finding.offset == FILE.index(b"IEA")
    assert not one.accepted


GROUPS = [
    ("GE*1*1", "GE*2*1", "set-count", "5", "R"),
    ("GE*1*1", "GE*1*2", "group-control-differs", "4", "R"),
    ("GE*1*1~", "", "group-trailer-missing", "3", "R"),
    ("*1200*1*X*", "*1200*A*X*", "group-control-invalid", "6", "R"),
    ("US*20240229*1200", "US*240229*1200", "group-date", None, ""),
    ("GS*TR*ACME*US", "GS*TR**US", "group-elements", None, "E"),
    ("*X*004010", "*X*004010*Z", "group-elements", None, "E"),
    ("*X*004010", "*Q*004010", "group-agency", None, ""),
    ("GE*1*1", "GE*1*1*1", "trailer-elements", None, ""),
    ("~GE*", "~N3*Lost~GE*", "group-content", None, "R"),
]


@pytest.mark.parametrize(("old", "new", "kind", "code", "effect"), GROUPS)
def test_a_faulty_group_has_its_code(old: str, new: str, kind: str, code: str | None, effect: str) -> None:
    content = swapped(FILE, old, new)
    groups = [group for one in envelope.read([content]) for group in one.groups]
    finding = groups[0].findings[0]
    assert (finding.kind, codes(finding)[3], finding.verdict) == (f"envelope.{kind}", code, effect)
    assert finding.position is None
    assert finding.offset is not None


def test_a_group_number_repeated_in_its_interchange_is_noted() -> None:
    first = wrap(GOOD)
    segments = [*first[:-1], *first[1:-1], "IEA*2*000000001"]
    assert told(text(segments)) == (["envelope.group-repeated"], [2])


def test_leading_zeros_and_padding_do_not_make_numbers_differ() -> None:
    content = swapped(swapped(FILE, "GE*1*1", "GE*01*0001 "), "IEA*1*000000001", "IEA*00001*1")
    assert told(content) == (["envelope.trailing-blanks"], [1])


def test_segments_outside_of_groups_refuse_the_interchange_with_one_finding() -> None:
    segments = wrap(GOOD)
    one = whole(text([segments[0], *segments[2:-2], segments[-1].replace("*1*", "*0*")]))
    (finding,) = one.findings
    assert (finding.kind, codes(finding)[4], finding.segment) == ("envelope.content", "024", "ST")


def test_interchange_acknowledgments_are_kept() -> None:
    one = whole(text([isa(), "TA1*000000007*240229*1200*A*000", "IEA*0*000000001"]))
    assert one.ta1s == [TA1(["TA1", "000000007", "240229", "1200", "A", "000"], 106, 1)]
    assert one.accepted


# Nothing swallows the next interchange

CUT = [
    ("behind the ISA", FILE[:106]), ("within the GS", FILE[:120]), ("within a segment", FILE[:170]),
    ("before the IEA", FILE[:FILE.index(b"IEA")]), ("within the IEA", FILE[:-5]),
    ("before its last terminator", FILE[:-1]),
    ("with another terminator than it says", swapped(FILE, ">~", ">!")),
    ("with text that looks like a header", swapped(FILE, "Acme", "VISA*OR ISA")),
    ("with a header that is too short", FILE[:50]), ("with an ISA that names no separator", b"ISA"),
]


@pytest.mark.parametrize("first", [case[1] for case in CUT], ids=[case[0] for case in CUT])
@pytest.mark.parametrize("between", [b"", b"\r\n"])
def test_a_broken_interchange_does_not_swallow_the_next(first: bytes, between: bytes) -> None:
    following = text([*wrap(GOOD, header=isa("000000002"))[:-1], "IEA*1*000000002"]).replace(b"*", b"|")
    reading = envelope.read([first + between + following])
    *_, last = [(one.control, [len(list(group.transactions)) for group in one.groups], one.accepted) for one in reading]
    assert last == ("000000002", [1], True)


def test_a_header_without_padding_is_known_behind_a_terminator_only() -> None:
    collapsed = isa("000000002").replace(" ", "").replace("*", "|") + "~GS|TR|A|B~"
    content = FILE[:FILE.index(b"GE*")] + collapsed.encode()
    assert [one.control for one in envelope.read([content])] == ["000000001", "000000002"]


UNUSABLE = [
    (FILE.replace(b"~", b"E"), "segment-terminator", "004"), (swapped(FILE, ">~", ">>"), "segment-terminator", "004"),
    (swapped(FILE, ">~", "> "), "segment-terminator", "004"), (FILE.replace(b"*", b"X"), "element-separator", "026"),
]


@pytest.mark.parametrize(("content", "kind", "code"), UNUSABLE)
def test_separators_that_can_part_nothing_refuse_that_interchange_alone(content: bytes, kind: str, code: str) -> None:
    first, second = [(one, list(one.groups)) for one in envelope.read([content + FILE])]
    (finding,) = first[0].findings
    assert (finding.kind, codes(finding)[4], finding.offset) == (f"envelope.{kind}", code, 0)
    assert (first[0].sender, first[0].control, first[1], first[0].accepted) == ("ZZ:ACME", "000000001", [], False)
    assert (len(second[1]), second[0].findings) == (1, [])


def test_an_interchange_acknowledgment_is_checked_and_rejects_nothing() -> None:
    one = whole(text([isa(), "TA1*7*241332*1200*B*000*X", "IEA*0*000000001"]))
    assert [(each.kind, each.element, each.verdict, each.offset) for each in one.findings] == [
        ("envelope.ta1-invalid", position, "", 106) for position in (2, 4, 6)
    ]
    assert one.accepted


def test_values_are_clipped_in_findings() -> None:
    reading = envelope.read([swapped(FILE, "*1200*1*X", f"*1200*{'9' * 500}*X")])
    findings = [finding for one in reading for group in one.groups for finding in group.findings]
    assert findings[0].value == "9" * 80
    assert len(findings[0].note) < 120


def test_isa_in_a_name_is_a_name() -> None:
    content = swapped(FILE, "Acme", "ISA")
    content = swapped(content, "1 Main St", "VISA ISA-00 ISA")
    assert told(content) == ([], [1])


NOTHING = [
    (b"", "no-interchange"), (b" \r\n", "no-interchange"), (b"hello", "garbage"), (b"ISA", "header-unreadable"),
    (FILE[:104], "header-cut-short"), (FILE[107:], "garbage"), (FILE[:20] + b"X" + FILE[20:80], "header-unreadable"),
    (swapped(FILE, "ISA*", "ISAX"), "header-unreadable"), (b"\xff\xfe" + FILE.decode().encode("utf-16-le"), "garbage"),
]


@pytest.mark.parametrize(("content", "kind"), NOTHING)
def test_a_file_that_holds_no_interchange_says_so(content: bytes, kind: str) -> None:
    reading = envelope.read([content])
    assert list(reading) == []
    assert f"envelope.{kind}" in {finding.kind for finding in reading.findings}
    assert not reading.accepted


def test_bytes_between_interchanges_are_told_and_the_interchanges_read() -> None:
    kinds, counts = told(FILE + b"// a remark\n" + FILE + b"the end")
    assert (kinds, counts) == (["envelope.garbage", "envelope.garbage"], [1, 1])


MISSING = [
    swapped(FILE, "*P*>~", "*P~"), swapped(FILE, "*P*>~", "*P*~"),
    swapped(text(wrap(GOOD), "~\n"), "*P*>~", "*P*~"), swapped(text(wrap(GOOD), "~\n"), "*P*>~", "*P~"),
]


@pytest.mark.parametrize("content", MISSING)
def test_a_missing_component_separator_is_refused_but_the_sets_are_read(content: bytes) -> None:
    kinds, counts = told(content)
    assert (kinds, counts) == (["envelope.component-separator"], [1])
    one = whole(content)
    assert (one.separators.segment, codes(one.findings[0])[4]) == ("~", "027")


def test_a_segment_without_end_is_given_up_and_the_next_interchange_read() -> None:
    endless = FILE[:150] + b"X" * (BLOCK_BYTES * 3)
    kinds, counts = told(endless + FILE)
    assert "envelope.segment-endless" in kinds
    assert counts[-1] == 1
    finding = next(each for each in whole(endless).findings if each.kind == "envelope.segment-endless")
    assert codes(finding)[4] == "022"


def test_memory_stays_bounded_while_sets_stream() -> None:
    """Chunks are asked for only as the sets are: nothing reads ahead more than a little."""
    asked = 0

    def chunks() -> object:
        nonlocal asked
        segments = wrap(*[GOOD] * 4000)
        content = text(segments)
        for start in range(0, len(content), 4096):
            asked += 1
            yield content[start:start + 4096]

    reading = envelope.read(chunks(), Limits())  # type: ignore[arg-type]
    group = next(next(iter(reading)).groups)
    next(group.transactions)
    assert asked * 4096 < 200_000


# What a group needs before its sets can be read


def refusal(version: str, code: str = "TR", sets: tuple[str, ...] = ("123",)) -> Finding | None:
    group = next(next(iter(envelope.read([text(wrap(GOOD, version=version, code=code))]))).groups)
    return Standard(rows, sets).refusal(group)


def test_a_group_of_unknown_version_or_kind_is_refused() -> None:
    for version in ("005010", "", "../x12", "4010"):
        finding = refusal(version)
        assert finding
        assert (finding.kind, codes(finding)[3]) == ("envelope.group-version-unknown", "2")
    finding = refusal("004010", "QQ")
    assert finding
    assert (finding.kind, codes(finding)[3]) == ("envelope.group-unknown", "1")


def test_a_version_with_a_suffix_is_its_base() -> None:
    assert refusal("004010VICS") is None
    standard = Standard(rows)
    assert standard.table("123", "004010VICS") is standard.table("123", "004010")
    assert standard.table("999", "004010") is None
